"""Exponential smoothing of day totals (statsmodels), times weekday profiles."""

from __future__ import annotations

import warnings

import numpy as np
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from wfm.forecast.open_days import OpenDays

LONGEST = 364
"""Days it learns from, the last ones."""


class Ets(OpenDays):
    """Level and additive weekday season of the square root of the day total.

    Unknown days and holidays take the running median of their weekday, for the method knows no
    gaps; the model knows no holidays.
    """

    def learn(self, root: np.ndarray, calendar: np.ndarray, filled: np.ndarray) -> None:
        """Smooth the totals of the open weekdays."""
        model = ExponentialSmoothing(
            filled[-LONGEST:],
            seasonal="add",
            seasonal_periods=self.season,
            initialization_method="heuristic" if len(filled) >= 20 else "estimated",
        )
        with warnings.catch_warnings():
            # An optimiser that stops early, or a series without any error, still gives a fit.
            warnings.simplefilter("ignore")
            self.fitted = model.fit()
        self.error = float(np.mean(self.fitted.resid**2))

    def ahead(self, steps: int, calendar: np.ndarray) -> np.ndarray:
        """Go on from the last level and season."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it computes the fit's AIC again on the way
            return np.asarray(self.fitted.forecast(steps))
