"""Exponential smoothing of day totals (statsmodels), times weekday profiles."""

from __future__ import annotations

import warnings
from typing import Self

import numpy as np
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from wfm.forecast.clean import by_weekday, clean, running_median
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid
from wfm.forecast.profiles import day_kind, profiles

LONGEST = 364
"""Days it learns from, the last ones."""
SEASONS = 4
"""Weeks below which the weekdays are averages and only the level is smoothed."""


class Ets:
    """Level and additive weekday season of the square root of the day total.

    Closed weekdays are taken out, so the season is as long as the queue's week. Unknown days and
    holidays take the running median of their weekday, for statsmodels knows no gaps; the model
    knows no holidays.
    """

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Smooth the totals of the open weekdays."""
        done = clean(grid, facts)
        self.profile = profiles(done.grid, done.totals, facts)
        self.last_day = grid.days[-1]
        self.open = np.array([(grid.seen & (facts.weekday == d)).any() for d in range(7)])
        used = self.open[facts.weekday]
        weekday = facts.weekday[used]
        series = _without_gaps(np.sqrt(done.totals + 0.25), facts)[used]
        season = int(self.open.sum())
        self.usual = np.zeros(7)
        if len(series) < SEASONS * season or season == 1:
            for day in np.unique(weekday):
                self.usual[day] = series[weekday == day].mean()
            series, season = series - self.usual[weekday], 1
        model = ExponentialSmoothing(
            series[-LONGEST:],
            seasonal="add" if season > 1 else None,
            seasonal_periods=season if season > 1 else None,
            initialization_method="heuristic" if len(series) >= 20 else "estimated",
        )
        with warnings.catch_warnings():
            # An optimiser that stops early, or a series without any error, still gives a fit.
            warnings.simplefilter("ignore")
            self.fitted = model.fit()
        return self

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Smoothed day total times share of the slot."""
        first = int((facts.days[0] - self.last_day).days)
        gap = (facts.weekday[0] - np.arange(first - 1, 0, -1)) % 7
        ahead = np.concatenate([gap, facts.weekday])
        steps = self.open[ahead]
        forecast = np.zeros(len(ahead))
        if steps.any():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it computes the fit's AIC again on the way
                smoothed = self.fitted.forecast(int(steps.sum()))
            forecast[steps] = smoothed + self.usual[ahead[steps]]
        error = float(np.mean(self.fitted.resid**2))
        root = np.maximum(forecast[len(gap) :], 0.0)
        total = np.where(root > 0.5, np.maximum(root**2 - 0.25 + error, 0.0), 0.0)
        return np.asarray(total[:, None] * self.profile[day_kind(facts)])


def _without_gaps(root: np.ndarray, facts: DayFacts) -> np.ndarray:
    """Unknown days and holidays as usual on their weekday."""
    plain = np.where(facts.holiday, np.nan, root)
    usual = by_weekday(running_median, plain, facts.weekday)
    for day in range(7):
        mine = (facts.weekday == day) & ~np.isfinite(usual)
        like = root[(facts.weekday == day) & np.isfinite(root)]
        usual[mine] = np.median(like if len(like) else root[np.isfinite(root)])
    return np.where(np.isfinite(plain), plain, usual)
