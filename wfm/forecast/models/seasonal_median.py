"""Median of the last recorded same weekdays: the simple forecast that one wild day cannot move."""

from __future__ import annotations

from typing import Self

import numpy as np

from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid

WEEKS = 8


class SeasonalMedian:
    """Median of the last `weeks` day totals of each weekday, shared over slots as their sum is.

    Medians of slots do not add up to a day; so the day's total is the median, and the slots have
    the shares they have in these days together. It knows no holidays.

    Parameters
    ----------
    weeks
        How many same weekdays to look at.
    """

    def __init__(self, weeks: int = WEEKS) -> None:
        self.weeks = weeks

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Median total and shape of each weekday."""
        self.mean = np.zeros((7, grid.volume.shape[1]))
        seen = grid.seen & ~facts.closed
        totals = grid.totals()
        for weekday in range(7):
            mine = np.flatnonzero(seen & (facts.weekday == weekday))
            last = (mine if len(mine) else np.flatnonzero(seen))[-self.weeks :]
            shape = np.nan_to_num(grid.volume[last]).sum(axis=0)
            if shape.sum() > 0:
                self.mean[weekday] = np.median(totals[last]) * shape / shape.sum()
        return self

    def predict(self, facts: DayFacts) -> np.ndarray:
        """The median day of each day's weekday."""
        return np.asarray(self.mean[facts.weekday])
