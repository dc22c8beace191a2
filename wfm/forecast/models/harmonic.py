"""Harmonic regression with ARIMA errors (statsmodels) of day totals, times weekday profiles."""

from __future__ import annotations

from typing import Any

import numpy as np
from statsmodels.tsa.statespace.sarimax import SARIMAX

from wfm.forecast.state_space import StateSpace


class Harmonic(StateSpace):
    """Sines and cosines of the week and holiday regressors, with ARIMA(1,1,1) errors.

    The annual course is left out: below two years of history it does more harm than good.
    """

    def build(self, root: np.ndarray, calendar: np.ndarray) -> Any:
        """The model of the open days."""
        self.length = len(root)
        waves = _waves(np.arange(len(root)), self.season)
        return SARIMAX(root, exog=np.column_stack([waves, calendar]), order=(1, 1, 1))

    def ahead(self, steps: int, calendar: np.ndarray) -> np.ndarray:
        """Go on from the last state."""
        waves = _waves(self.length + np.arange(steps), self.season)
        exog = np.column_stack([waves, calendar[:, self.used]])
        return np.asarray(self.fitted.forecast(steps, exog=exog))


def _waves(at: np.ndarray, season: int) -> np.ndarray:
    """Sines and cosines that repeat every `season` days; shape (n, season - 1)."""
    columns = []
    for wave in range(1, season // 2 + 1):
        angle = 2 * np.pi * wave * at / season
        columns.append(np.cos(angle))
        if 2 * wave < season:
            columns.append(np.sin(angle))
    return np.column_stack(columns)
