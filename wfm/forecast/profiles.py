"""Weekday profiles: how a day's total is shared over its slots."""

from __future__ import annotations

import numpy as np

from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid

HALF_LIFE_WEEKS = 12.0
KINDS = 8
"""The seven weekdays and, last, the holidays pooled into one kind of their own."""


def day_kind(facts: DayFacts) -> np.ndarray:
    """Kind of each day: its weekday, or 7 for a holiday."""
    return np.where(facts.holiday, 7, facts.weekday)


def profiles(
    grid: DayGrid,
    totals: np.ndarray,
    facts: DayFacts,
    half_life_weeks: float = HALF_LIFE_WEEKS,
) -> np.ndarray:
    """Shares of the slots for each kind of day.

    Weeks weigh the less the older they are. The raw shares of each kind are then averaged with
    those of the other kinds in inverse proportion to their variance: counting noise, plus, for
    another kind, how much its shape truly differs. Days of like shape so borrow from each other,
    and no weekday is treated as a weekend.

    Parameters
    ----------
    grid
        Cleaned days.
    totals
        Their totals; days with NaN are left out.
    facts
        Of the same days.
    half_life_weeks
        Age at which a day counts half [weeks].

    Returns
    -------
    numpy.ndarray
        shape (8, slots); each row sums to 1, or to 0 when there is nothing to learn from.
    """
    kind = day_kind(facts)
    age = np.arange(len(totals) - 1, -1, -1) / 7
    use = np.isfinite(totals) & (totals > 0)
    weight = np.where(use, 0.5 ** (age / half_life_weeks), 0.0)
    y = np.nan_to_num(grid.volume) * np.maximum(grid.rows, 1)
    settled = np.isfinite(grid.volume) | (grid.rows == 0)
    total = np.where(use, totals, 0.0)
    member = (kind[:, None] == np.arange(KINDS)) * weight[:, None]
    above = member.T @ np.where(use[:, None], y, 0.0)
    below = member.T @ (settled * total[:, None])
    raw = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    raw = _to_one(raw)
    noise = _noise(raw, np.where(settled, y, np.nan), total, member)
    pooled = _pool(raw, noise)
    pooled[:7] *= grid.open_slots()
    return _to_one(pooled)


def _noise(raw: np.ndarray, y: np.ndarray, total: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Variance of each kind's shares, as a chi-square distance: from how single days stray.

    Measured, not derived from counts, so it holds for over-dispersed queues too and does not
    depend on the size of the queue. Infinite for a kind without days; shape (8,).
    """
    weight = member * total[:, None]
    size = weight.sum(axis=0)
    part = np.divide(weight, size, out=np.zeros_like(weight), where=size > 0)
    square = (part**2).sum(axis=0)
    own = np.flatnonzero(weight.any(axis=1))
    expected = (raw.T @ (member[own] > 0).T).T
    share = y[own] / total[own, None]
    apart = np.divide(
        (share - expected) ** 2, expected, out=np.zeros_like(share), where=expected > 0
    )
    stray = np.nan_to_num(apart).sum(axis=1) * total[own]
    free = 1 - square[(member[own] > 0).argmax(axis=1)]
    known = free > 0.05
    if not known.any():
        return np.where(size > 0, 1.0, np.inf)
    heavy = weight[own].sum(axis=1)[known]
    by_contact = float((heavy * stray[known] / free[known]).sum() / heavy.sum())
    counted = ((member * part).sum(axis=0) / np.maximum(size, 1e-12)) * by_contact
    return np.where(size > 0, np.maximum(counted, 1e-12), np.inf)


def _pool(raw: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Average each kind's shares with the others', by inverse variance."""
    known = np.flatnonzero(np.isfinite(noise))
    if not len(known):
        return raw
    middle = _to_one((raw[known] / noise[known, None]).sum(axis=0, keepdims=True))[0]
    pooled = np.zeros_like(raw)
    for kind in range(len(raw)):
        if not np.isfinite(noise[kind]):
            pooled[kind] = middle
            continue
        mean = (raw[known] + raw[kind]) / 2
        apart = np.divide(
            (raw[known] - raw[kind]) ** 2, mean, out=np.zeros_like(mean), where=mean > 0
        )
        differs = np.maximum(apart.sum(axis=1) - noise[known] - noise[kind], 0.0)
        differs[known == kind] = 0.0
        weight = 1 / (noise[known] + differs)
        pooled[kind] = (raw[known] * weight[:, None]).sum(axis=0) / weight.sum()
    return _to_one(pooled)


def _to_one(shares: np.ndarray) -> np.ndarray:
    """Each row scaled to sum to 1."""
    total = shares.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(shares, total, out=np.zeros_like(shares), where=total > 0))
