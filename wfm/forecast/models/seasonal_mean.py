"""Mean of the last recorded same weekdays: what most planners use today, and the baseline."""

from __future__ import annotations

from typing import Self

import numpy as np

from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid

WEEKS = 8


class SeasonalMean:
    """Mean of each slot over the last `weeks` recorded same weekdays.

    It knows no holidays and takes the history as it is, outliers included. A weekday that the
    history does not hold takes the mean of the last `weeks` recorded days of any kind.

    Parameters
    ----------
    weeks
        How many same weekdays to average.
    """

    def __init__(self, weeks: int = WEEKS) -> None:
        self.weeks = weeks

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Average the slots of each weekday."""
        self.mean = np.zeros((7, grid.volume.shape[1]))
        seen = grid.seen & ~facts.closed
        for weekday in range(7):
            mine = np.flatnonzero(seen & (facts.weekday == weekday))
            last = mine if len(mine) else np.flatnonzero(seen)
            recent = grid.volume[last[-self.weeks :]]
            count = np.isfinite(recent).sum(axis=0)
            total = np.nan_to_num(recent).sum(axis=0)
            self.mean[weekday] = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
        return self

    def predict(self, facts: DayFacts) -> np.ndarray:
        """The mean of each day's weekday."""
        return np.asarray(self.mean[facts.weekday])
