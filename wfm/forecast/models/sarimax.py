"""Seasonal ARIMA of day totals with holidays (statsmodels), times weekday profiles."""

from __future__ import annotations

from typing import Any

import numpy as np
from statsmodels.tsa.statespace.sarimax import SARIMAX

from wfm.forecast.state_space import StateSpace


class Sarimax(StateSpace):
    """ARIMA(1,0,1) around a week that is differenced once, (0,1,1), with holiday regressors."""

    def build(self, root: np.ndarray, calendar: np.ndarray) -> Any:
        """The model of the open days."""
        return SARIMAX(
            root,
            exog=calendar if calendar.shape[1] else None,
            order=(1, 0, 1),
            seasonal_order=(0, 1, 1, self.season),
        )
