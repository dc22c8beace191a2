"""Seasons taken out by MSTL, the rest smoothed by ETS (statsmodels), times weekday profiles."""

from __future__ import annotations

import warnings

import numpy as np
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.seasonal import MSTL

from wfm.forecast.open_days import OpenDays

DAMPED = 0.98


class MstlEts(OpenDays):
    """Weekly season, and a yearly one from two years on, by MSTL; a damped trend for the rest.

    It knows no holidays: they take the running median of their weekday before it learns.
    """

    def learn(self, root: np.ndarray, calendar: np.ndarray, filled: np.ndarray) -> None:
        """Take the seasons out and smooth what is left."""
        year = 52 * self.season
        periods = [self.season, year] if len(filled) >= 2 * year else [self.season]
        with warnings.catch_warnings():
            # An optimiser that stops early, or a series without any error, still gives a fit.
            warnings.simplefilter("ignore")
            parts = MSTL(filled, periods=periods).fit()
            seasonal = np.asarray(parts.seasonal).reshape(len(filled), -1)
            self.waves = [
                (period, seasonal[-period:, i]) for i, period in enumerate(sorted(periods))
            ]
            rest = filled - seasonal.sum(axis=1)
            model = ExponentialSmoothing(
                rest, trend="add", damped_trend=True, initialization_method="estimated"
            )
            self.fitted = model.fit(damping_trend=DAMPED)
        self.error = float(np.mean(self.fitted.resid**2))

    def ahead(self, steps: int, calendar: np.ndarray) -> np.ndarray:
        """The smoothed rest and the last turn of each season."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rest = np.asarray(self.fitted.forecast(steps))
        return np.asarray(
            rest + sum(wave[np.arange(steps) % period] for period, wave in self.waves)
        )
