"""A queue's day totals as one evenly spaced series: closed weekdays are taken out.

The models of statsmodels want a series without holes in its season. Its season is as long as the
queue's week has open days.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

import numpy as np

from wfm.forecast.clean import by_weekday, clean, running_median
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid
from wfm.forecast.profiles import day_kind, profiles

LONGEST = 728
"""Days they learn from, the last ones."""
SEASONS = 4
"""Weeks below which the forecast is the mean of each weekday."""


class OpenDays(ABC):
    """Square roots of day totals forecast as a series, times weekday profiles.

    A model says how to `learn` the series, how to go on (`ahead`), and, where it can, how to learn
    a shorter history with the parameters it has found (`again`), so that its past is soon told.
    """

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Learn from the totals of the open weekdays."""
        done = clean(grid, facts)
        self.profile = profiles(done.grid, done.totals, facts)
        self.last_day = grid.days[-1]
        self.open = np.array([(grid.seen & (facts.weekday == d)).any() for d in range(7)])
        used = np.flatnonzero(self.open[facts.weekday])[-LONGEST:]
        root = np.sqrt(done.totals + 0.25)
        self.season = int(self.open.sum())
        self.usual = np.zeros(7)
        weekday = facts.weekday
        for day in np.flatnonzero(self.open):
            mine = root[(weekday == day) & np.isfinite(root)]
            self.usual[day] = (mine if len(mine) else root[np.isfinite(root)]).mean()
        self.simple = bool(len(used) < SEASONS * self.season or self.season == 1)
        self.error = float(np.nanmean((root - self.usual[weekday])[used] ** 2))
        if not self.simple and np.nanstd(root[used] - self.usual[weekday[used]]) < 1e-6:
            self.simple = True  # nothing varies: there is nothing to learn
        if not self.simple:
            self.learn(root[used], special(facts)[used], _without_gaps(root, facts)[used])
        return self

    @abstractmethod
    def learn(self, root: np.ndarray, calendar: np.ndarray, filled: np.ndarray) -> None:
        """Fit to the series and set `error`, its squared error one day ahead.

        Parameters
        ----------
        root
            Square roots of the totals, NaN where unknown; shape (n,).
        calendar
            Holidays and the days beside them; shape (n, 3).
        filled
            The same with unknown days and holidays as usual on their weekday; shape (n,).
        """

    @abstractmethod
    def ahead(self, steps: int, calendar: np.ndarray) -> np.ndarray:
        """Square roots of the next `steps` open days; `calendar` as in `learn`."""

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Day total times share of the slot."""
        first = int((facts.days[0] - self.last_day).days)
        gap = (facts.weekday[0] - np.arange(first - 1, 0, -1)) % 7
        weekday = np.concatenate([gap, facts.weekday])
        calendar = np.concatenate([np.zeros((len(gap), 3)), special(facts)])
        steps = self.open[weekday]
        forecast = np.zeros(len(weekday))
        if self.simple:
            forecast[steps] = self.usual[weekday[steps]]
        elif steps.any():
            forecast[steps] = self.ahead(int(steps.sum()), calendar[steps])
        root = np.maximum(forecast[len(gap) :], 0.0)
        total = np.where(root > 0.5, np.maximum(root**2 - 0.25 + self.error, 0.0), 0.0)
        return np.asarray(total[:, None] * self.profile[day_kind(facts)])


def special(facts: DayFacts) -> np.ndarray:
    """Holidays, days before and days after one; shape (n, 3)."""
    return np.column_stack([facts.holiday, facts.before, facts.after]).astype(float)


def _without_gaps(root: np.ndarray, facts: DayFacts) -> np.ndarray:
    """Unknown days and holidays as usual on their weekday."""
    plain = np.where(facts.holiday, np.nan, root)
    usual = by_weekday(running_median, plain, facts.weekday)
    for day in range(7):
        mine = (facts.weekday == day) & ~np.isfinite(usual)
        like = root[(facts.weekday == day) & np.isfinite(root)]
        usual[mine] = np.median(like if len(like) else root[np.isfinite(root)])
    return np.where(np.isfinite(plain), plain, usual)
