"""How errors of one day and of days side by side go together, learned from past forecasts.

The relative error of an interval is a part that its whole day shares, a part that lasts for some
intervals, and a part of its own; counting noise comes on top. Products of the errors of two
different intervals hold no counting noise, so their averages by distance tell the parts: what is
left far apart is the day's, what is more nearby is the lasting part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from wfm.forecast.distribution import FAR, FEW
from wfm.forecast.rerun import Past

PRIOR_DAYS = 20.0
"""Days that the assumed parts are worth beside those seen."""
DAY, PART, OWN = 0.01, 0.004, 0.004
"""Assumed variances, as shares of the squared forecast."""
RHO = 0.8
"""Assumed correlation of the lasting part from one half hour to the next."""
LONG = 0.35
"""Share of the day's used slots beyond which two intervals share the day's part only."""
NEAR = 4
"""Intervals apart up to which the lasting part is read off."""
PERSISTENT, NEXT_DAY = 0.4, 0.4
PRIOR_PAIRS = 60.0


@dataclass(frozen=True, eq=False)
class Dependence:
    """Parts of the variance of relative errors, by week ahead, and how they last.

    Parameters
    ----------
    day, part, own
        Variance of the day's part, the lasting part and the interval's own, as a share of the
        squared forecast; shape (weeks,).
    rho
        Correlation of the lasting part from one interval to the next.
    persistent
        Share of the day's part that stays the same over the horizon.
    next_day
        Correlation of the rest of the day's part from one day to the next.
    """

    day: np.ndarray
    part: np.ndarray
    own: np.ndarray
    rho: float
    persistent: float
    next_day: float

    @classmethod
    def learn(cls, past: Past) -> Self:
        """Learn from past forecasts and what came."""
        leads = past.forecast.shape[1] if past.forecast.size else 7
        weeks = max(1, -(-leads // 7))
        day, part, own = np.full(weeks, DAY), np.full(weeks, PART), np.full(weeks, OWN)
        if past.forecast.size:
            error, size = _errors(past)
            rho = _rho(error, size)
            for week in range(weeks):
                cut = slice(7 * week, 7 * week + 7)
                day[week], part[week], own[week] = _parts(error[:, cut], size[:, cut], rho)
            persistent, next_day = _between_days(past)
            return cls(day, part, own, rho, persistent, next_day)
        return cls(day, part, own, RHO, PERSISTENT, NEXT_DAY)

    def at(self, lead: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Variances of day, lasting and own part at some leads [days, 0 the first]."""
        week = np.minimum(np.asarray(lead) // 7, len(self.day) - 1).astype(int)
        return self.day[week], self.part[week], self.own[week]


def _errors(past: Past) -> tuple[np.ndarray, np.ndarray]:
    """Errors and forecasts where both are known, else 0; shape (origins, leads, slots)."""
    known = np.isfinite(past.actual) & (past.forecast > 0)
    most = FAR * past.forecast + FEW
    error = np.where(known, np.minimum(np.nan_to_num(past.actual), most) - past.forecast, 0.0)
    return error, np.where(known, past.forecast, 0.0)


def _shared(error: np.ndarray, size: np.ndarray, apart: list[int]) -> float:
    """Mean product of relative errors of intervals so many slots apart."""
    above = below = 0.0
    for gap in apart:
        above += float((error[..., gap:] * error[..., :-gap]).sum())
        below += float((size[..., gap:] * size[..., :-gap]).sum())
    return above / below if below > 0 else 0.0


def _far(size: np.ndarray) -> list[int]:
    used = int((size > 0).any(axis=(0, 1)).sum())
    first = max(int(LONG * used), NEAR + 1)
    return list(range(first, max(used, first + 1)))


def _rho(error: np.ndarray, size: np.ndarray) -> float:
    day = max(_shared(error, size, _far(size)), 0.0)
    one = _shared(error, size, [1]) - day
    four = _shared(error, size, [NEAR]) - day
    if one <= 0 or four <= 0 or four >= one:
        return RHO
    return float(np.clip((four / one) ** (1 / (NEAR - 1)), 0.5, 0.97))


def _parts(error: np.ndarray, size: np.ndarray, rho: float) -> tuple[float, float, float]:
    """Variances of the three parts, averaged with the assumed ones."""
    days = int((size.sum(axis=2) > 0).sum())
    trust = days / (days + PRIOR_DAYS)
    day = max(_shared(error, size, _far(size)), 0.0)
    near = range(1, NEAR + 1)
    lasting = np.mean([(_shared(error, size, [gap]) - day) / rho**gap for gap in near])
    part = max(float(lasting), 0.0)
    square = float((size**2).sum())
    whole = float((error**2 - size).sum()) / square if square > 0 else 0.0
    own = max(whole - day - part, 0.0)
    seen = np.array([day, part, own])
    mixed = trust * seen + (1 - trust) * np.array([DAY, PART, OWN])
    return float(mixed[0]), float(mixed[1]), float(mixed[2])


def _between_days(past: Past) -> tuple[float, float]:
    """Share of the day's part that stays, and how the rest goes on to the next day."""
    forecast, actual = past.days()
    known = np.isfinite(forecast) & np.isfinite(actual) & (forecast > 0)
    size = np.where(known, forecast, 1.0)
    error = np.where(known, np.minimum(np.nan_to_num(actual) / size, FAR) - 1, 0.0)
    noise = np.where(known, 1 / size, 0.0).sum() / max(known.sum(), 1)
    variance = (error**2).sum() / max(known.sum(), 1) - noise

    def together(gaps: range) -> float:
        pairs = sum(float((known[:, g:] & known[:, :-g]).sum()) for g in gaps)
        above = sum(float((error[:, g:] * error[:, :-g]).sum()) for g in gaps)
        prior = PERSISTENT if gaps[0] > 1 else PERSISTENT + (1 - PERSISTENT) * NEXT_DAY
        if pairs == 0 or variance <= 0:
            return prior
        seen = above / pairs / variance
        return float((pairs * seen + PRIOR_PAIRS * prior) / (pairs + PRIOR_PAIRS))

    leads = known.shape[1]
    far = range(min(7, leads - 1), min(21, leads - 1) + 1) if leads > 2 else range(1, 1)
    if not len(far):
        return PERSISTENT, NEXT_DAY
    persistent = float(np.clip(together(far), 0.0, 0.95))
    next_day = (together(range(1, 2)) - persistent) / (1 - persistent)
    return persistent, float(np.clip(next_day, 0.0, 0.95))
