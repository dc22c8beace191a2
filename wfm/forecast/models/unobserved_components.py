"""Unobserved components of day totals (statsmodels), times weekday profiles."""

from __future__ import annotations

from typing import Any

import numpy as np
from statsmodels.tsa.statespace.structural import UnobservedComponents

from wfm.forecast.state_space import StateSpace


class Components(StateSpace):
    """A local level, a weekday season that may change, and holiday regressors."""

    def build(self, root: np.ndarray, calendar: np.ndarray) -> Any:
        """The model of the open days."""
        return UnobservedComponents(
            root,
            level="local level",
            seasonal=self.season,
            exog=calendar if calendar.shape[1] else None,
        )
