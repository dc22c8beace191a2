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
    first, second = member.T @ total, (member**2).T @ total
    count = np.divide(first**2, second, out=np.zeros(KINDS), where=second > 0)
    pooled = _pool(raw, count)
    pooled[:7] *= grid.open_slots()
    return _to_one(pooled)


def _pool(raw: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Average each kind's shares with the others', by inverse variance."""
    known = np.flatnonzero(count > 0)
    if not len(known):
        return raw
    middle = _to_one((raw[known] * count[known, None]).sum(axis=0, keepdims=True))[0]
    free = max(int((middle > 0).sum()) - 1, 1)
    noise = np.divide(free, count, out=np.full(len(count), np.inf), where=count > 0)
    pooled = np.zeros_like(raw)
    for kind in range(len(raw)):
        if count[kind] == 0:
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
