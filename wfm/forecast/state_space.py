"""What the state-space models of statsmodels share: a quick fit, and unknown days left unknown."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from typing import Any

import numpy as np

from wfm.forecast.open_days import OpenDays

MOST_STEPS = 25
"""Steps of the optimiser: more change the forecast by less than the day's noise."""
LONGEST = 364


class StateSpace(OpenDays):
    """A state-space model of the square root of the day total, with holidays as regressors.

    Parameters
    ----------
    parameters
        Taken as they are where given, so that past origins need no search of their own.
    """

    def __init__(self, parameters: np.ndarray | None = None) -> None:
        self.parameters = parameters

    @abstractmethod
    def build(self, root: np.ndarray, calendar: np.ndarray) -> Any:
        """The statsmodels model of a series and its regressors."""

    def learn(self, root: np.ndarray, calendar: np.ndarray, filled: np.ndarray) -> None:
        """Fit by maximum likelihood, or filter with the parameters that are known."""
        root, calendar = root[-LONGEST:], calendar[-LONGEST:]
        self.used = calendar.any(axis=0)
        with warnings.catch_warnings():
            # An optimiser that stops early still gives a fit.
            warnings.simplefilter("ignore")
            model = self.build(root, calendar[:, self.used])
            if self.parameters is not None and len(self.parameters) == model.k_params:
                self.fitted = model.filter(self.parameters)
            else:
                self.fitted = model.fit(disp=False, maxiter=MOST_STEPS, low_memory=True)
            self.parameters = np.asarray(self.fitted.params)
        error = np.asarray(self.fitted.resid)[2 * self.season :]
        known = error[np.isfinite(error)]
        usual = np.median(np.abs(known)) * 1.4826 if len(known) else 0.0
        self.error = float(min(usual**2, np.nanmean(root) ** 2))

    def ahead(self, steps: int, calendar: np.ndarray) -> np.ndarray:
        """Go on from the last state."""
        exog = calendar[:, self.used] if self.used.any() else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(self.fitted.forecast(steps, exog=exog))

    def again(self) -> StateSpace:
        """A fresh model with the parameters found."""
        return type(self)(self.parameters)
