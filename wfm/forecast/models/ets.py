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
        z = np.sqrt(done.totals + 0.25)
        plain = np.where(facts.holiday, np.nan, z)
        usual = by_weekday(running_median, plain, facts.weekday)
        middle = np.nanmedian(z)
        by_day = [np.nanmedian(np.append(z[facts.weekday == d], middle)) for d in range(7)]
        usual = np.where(np.isfinite(usual), usual, np.array(by_day)[facts.weekday])
        filled = np.where(np.isfinite(plain), plain, usual)
        used = self.open[facts.weekday]
        self.series = filled[used][-LONGEST:]
        self.season = int(self.open.sum())
        return self

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Smoothed day total times share of the slot."""
        first = int((facts.days[0] - self.last_day).days)
        gap = (facts.weekday[0] - np.arange(first - 1, 0, -1)) % 7
        ahead = np.concatenate([gap, facts.weekday])
        steps = self.open[ahead]
        season = self.season if self.season > 1 and len(self.series) >= 2 * self.season else None
        model = ExponentialSmoothing(
            self.series,
            seasonal="add" if season else None,
            seasonal_periods=season,
            initialization_method="heuristic" if len(self.series) >= 10 else "estimated",
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an optimiser that stops early still gives a fit
            fitted = model.fit()
        forecast = np.zeros(len(ahead))
        forecast[steps] = fitted.forecast(int(steps.sum())) if steps.any() else 0.0
        error = float(np.mean(fitted.resid**2))
        root = np.maximum(forecast[len(gap) :], 0.0)
        total = np.where(root > 0.5, np.maximum(root**2 - 0.25 + error, 0.0), 0.0)
        return np.asarray(total[:, None] * self.profile[day_kind(facts)])
