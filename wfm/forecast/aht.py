"""Handle time: a weekday x slot table shrunk by contacts, times a level that moves and a trend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from wfm.core.intervals import local_day, slot
from wfm.core.types import History
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid

HALF_LIFE_DAYS = 91.0
PRIOR_CALLS = 50.0
"""Contacts that a wider mean is worth beside an interval's own."""
LEVEL_HALF_LIFE_DAYS = 14.0
LEVEL_PRIOR_DAYS = 5.0
"""Ordinary days that an unchanged level is worth beside those seen."""
TREND_DAYS = 182
TREND_LEAST_DAYS = 56
DAMPING = 0.98
"""Share of the trend that is left a day further ahead."""
MOST = 2.0
"""Level and trend together change the table by no more than this factor."""


@dataclass(frozen=True, eq=False)
class HandleTime:
    """Mean handle time of one queue.

    Parameters
    ----------
    table
        Mean handle time of each weekday and slot [s]; shape (7, slots); NaN everywhere when the
        history holds none.
    level
        Of the last days, over the table's.
    trend
        Change of its logarithm from one day to the next, where it stands out from chance.
    last_day
        Last day of the history.
    """

    table: np.ndarray
    level: float
    trend: float
    last_day: pd.Timestamp

    @classmethod
    def learn(cls, history: History, grid: DayGrid, facts: DayFacts) -> Self:
        """Learn from a queue's handle times.

        An interval's mean counts by its contacts (answered where known, else offered), halved
        every 91 days. A slot of a weekday is shrunk to that slot of all weekdays, a slot to the
        whole, each wider mean worth 50 contacts. The level is that of the last weeks beside the
        table's; the trend is kept by as much as it exceeds its standard error.

        Parameters
        ----------
        history
            Holds `aht_s`, by interval.
        grid
            The queue's days.
        facts
            Of the same days; those kept out of learning are left out.
        """
        number, time = _laid(history, grid)
        last = grid.days[-1]
        if not number.sum() > 0:
            return cls(np.full((7, grid.volume.shape[1]), np.nan), 1.0, 0.0, last)
        age = np.arange(len(grid) - 1, -1, -1)
        weight = np.where(facts.excluded, 0.0, 0.5 ** (age / HALF_LIFE_DAYS))
        if not (number * weight[:, None]).sum() > 0:
            weight = np.ones(len(grid))
        member = (facts.weekday == np.arange(7)[:, None]) * weight
        n, t = member @ number, member @ time
        whole = t.sum() / n.sum()
        by_slot = (t.sum(axis=0) + PRIOR_CALLS * whole) / (n.sum(axis=0) + PRIOR_CALLS)
        table = (t + PRIOR_CALLS * by_slot) / (n + PRIOR_CALLS)
        use = np.where(facts.excluded, 0.0, 1.0)
        calls = number.sum(axis=1) * use
        expected = (number * table[facts.weekday]).sum(axis=1)
        ratio = np.divide(time.sum(axis=1), expected, out=np.ones(len(calls)), where=expected > 0)
        return cls(table, _level(ratio, calls, age), _trend(ratio, calls, age), last)

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Mean handle time of each slot of some days [s]; shape (days, slots)."""
        lead = np.maximum(np.asarray((facts.days - self.last_day).days, dtype=float), 0.0)
        grown = self.trend * DAMPING * (1 - DAMPING**lead) / (1 - DAMPING)
        factor = np.clip(self.level * np.exp(grown), 1 / MOST, MOST)
        return np.asarray(self.table[facts.weekday] * factor[:, None])


def _level(ratio: np.ndarray, calls: np.ndarray, age: np.ndarray) -> float:
    """Recent handle time over the table's, drawn to 1 where there are few contacts."""
    weight = calls * 0.5 ** (age / LEVEL_HALF_LIFE_DAYS)
    prior = LEVEL_PRIOR_DAYS * float(np.median(calls[calls > 0])) if (calls > 0).any() else 1.0
    return float((weight @ ratio + prior) / (weight.sum() + prior))


def _trend(ratio: np.ndarray, calls: np.ndarray, age: np.ndarray) -> float:
    """Slope of the logarithm of the day's ratio, shrunk by its standard error."""
    use = (age < TREND_DAYS) & (calls > 0) & (ratio > 0)
    if use.sum() < TREND_LEAST_DAYS:
        return 0.0
    x, y, w = -age[use].astype(float), np.log(ratio[use]), calls[use]
    x = x - np.average(x, weights=w)
    y = y - np.average(y, weights=w)
    square = float((w * x**2).sum())
    if square <= 0:
        return 0.0
    slope = float((w * x * y).sum()) / square
    error = float((w * w * x**2 * (y - slope * x) ** 2).sum()) / square**2
    return slope * max(0.0, 1 - 4 * error / slope**2) if slope else 0.0


def _laid(history: History, grid: DayGrid) -> tuple[np.ndarray, np.ndarray]:
    """Contacts with a known handle time, and seconds spent on them, by day and slot."""
    frame = history.frame[history.frame["queue"] == grid.queue]
    calls = frame["answered"].fillna(frame["offered"]).to_numpy(dtype=float)
    aht = frame["aht_s"].to_numpy(dtype=float)
    index = pd.DatetimeIndex(frame["start"])
    day = local_day(index)
    inside = np.isfinite(aht) & (calls > 0) & (day >= grid.days[0]) & (day <= grid.days[-1])
    row = np.asarray((day - grid.days[0]).days)[inside]
    column = slot(index, history.interval)[inside]
    number, time = np.zeros(grid.volume.shape), np.zeros(grid.volume.shape)
    np.add.at(number, (row, column), calls[inside])
    np.add.at(time, (row, column), (calls * aht)[inside])
    return number, time
