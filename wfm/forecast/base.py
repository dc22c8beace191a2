"""What a forecasting model is, and the table of those there are."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, Self, cast

import numpy as np

from wfm.core.errors import ForecastError
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid

MIN_DAYS = 7
"""Recorded days that every model asks for."""


class ForecastModel(Protocol):
    """A model of one queue: fitted to its days, it predicts days to come.

    A model never sees opening hours, closures or clock changes of the days to come: it gives the
    contacts of each slot of an ordinary day, and `wfm.forecast.run` lays them on the real rows.
    """

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Learn from the days of `grid`; `facts` are the calendar's facts of the same days."""
        ...

    def predict(self, facts: DayFacts) -> np.ndarray:
        """Mean contacts per slot of the days of `facts`; shape (days, slots), none below 0."""
        ...


MODELS: dict[str, str] = {
    "auto": "wfm.forecast.models.combination:Combination",
    "day_process": "wfm.forecast.models.day_process:DayProcess",
    "day_total": "wfm.forecast.models.day_total:DayTotal",
    "double_seasonal": "wfm.forecast.models.double_seasonal:DoubleSeasonal",
    "ets": "wfm.forecast.models.ets:Ets",
    "harmonic": "wfm.forecast.models.harmonic:Harmonic",
    "mstl_ets": "wfm.forecast.models.mstl_ets:MstlEts",
    "poisson_glm": "wfm.forecast.models.poisson_glm:PoissonGlm",
    "sarimax": "wfm.forecast.models.sarimax:Sarimax",
    "seasonal_mean": "wfm.forecast.models.seasonal_mean:SeasonalMean",
    "seasonal_median": "wfm.forecast.models.seasonal_median:SeasonalMedian",
    "seasonal_naive": "wfm.forecast.models.seasonal_naive:SeasonalNaive",
    "svd": "wfm.forecast.models.svd:SvdFactors",
    "unobserved_components": "wfm.forecast.models.unobserved_components:Components",
}
"""Name of each model and where it lives; a model's module is imported when it is first used."""


HAS_BOOSTING = find_spec("lightgbm") is not None
"""Whether the extra `boost` is installed."""
if HAS_BOOSTING:
    MODELS["boosting"] = "wfm.forecast.models.boosting:Boosting"


def new_model(name: str) -> ForecastModel:
    """A fresh model by name.

    Raises
    ------
    ForecastError
        If there is none of that name.

    Examples
    --------
    >>> new_model("prophecy")
    Traceback (most recent call last):
    ...
    wfm.core.errors.ForecastError: model 'prophecy' is not known. Use one of auto, day_process, ...
    """
    if name == "boosting" and name not in MODELS:
        message = (
            "model 'boosting' needs the extra boost. Install it with pip install 'wfm[boost]', "
            "or use auto."
        )
        raise ForecastError(message)
    if name not in MODELS:
        message = f"model {name!r} is not known. Use one of {', '.join(MODELS)}."
        raise ForecastError(message)
    module, cls = MODELS[name].split(":")
    return cast(ForecastModel, getattr(import_module(module), cls)())
