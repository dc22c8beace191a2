"""The default: day-total candidates and the simple mean, weighted by how they did on this queue."""

from __future__ import annotations

from typing import Self

import numpy as np

from wfm.forecast.clean import clean
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid
from wfm.forecast.models.day_total import DayTotal
from wfm.forecast.models.seasonal_mean import SeasonalMean
from wfm.forecast.rerun import LEADS, Past, actual_after, ladder

POWER = 4.0
EQUAL = 2.0
"""Past origins that the equal weights are worth."""
YEAR_POWERS = (0.5, 0.8)


class Combination:
    """Weighted mean of candidates, by 1 / error^4 over past weekly origins.

    The candidates are the day-total model without and with last year's course (raised to 0.5 and
    0.8, once the history is long enough at every origin) and the mean of the last 8 same weekdays
    after cleaning. Weights are shrunk to equal ones, the more the fewer origins there are; soft
    weights beat picking one.

    Parameters
    ----------
    leads
        Days ahead on which the candidates are compared.
    """

    def __init__(self, leads: int = LEADS) -> None:
        self.leads = leads

    def fit(self, grid: DayGrid, facts: DayFacts) -> Self:
        """Fit the candidates, weigh them by their past errors, keep the past for the bands."""
        origins = [o for o in ladder(len(grid)) if grid.seen[:o].any()]
        actual = actual_after(grid, facts, origins, self.leads)
        self.day_total, self.mean = _candidates(grid, facts)
        pasts = []
        years = self.day_total.has_year and bool(origins)
        for origin in origins:
            day_total, mean = _candidates(grid.until(origin), facts.between(0, origin))
            years &= day_total.has_year
            ahead = facts.between(origin, min(origin + self.leads, len(facts)))
            pasts.append(_predictions(day_total, mean, ahead, self.leads))
        self.powers = (0.0, *YEAR_POWERS) if years else (0.0,)
        self.weights = np.full(len(self.powers) + 1, 1 / (len(self.powers) + 1))
        forecasts = np.zeros((0, *actual.shape[1:]))
        if pasts:
            keep = [*range(len(self.powers)), len(YEAR_POWERS) + 1]
            every = np.stack(pasts)[:, keep]
            self.weights = _weights(every, actual)
            forecasts = np.einsum("c,ochk->ohk", self.weights, every)
        self.past = Past(forecasts, actual)
        return self

    def predict(self, facts: DayFacts) -> np.ndarray:
        """The weighted mean."""
        total = sum(
            weight * self.day_total.totals_for(facts, power)
            for weight, power in zip(self.weights, self.powers, strict=False)
        )
        by_profile = np.asarray(total)[:, None] * self.day_total.shares(facts)
        return by_profile + self.weights[-1] * self.mean.predict(facts)


def _candidates(grid: DayGrid, facts: DayFacts) -> tuple[DayTotal, SeasonalMean]:
    cleaned = clean(grid, facts).grid
    return DayTotal().fit(grid, facts), SeasonalMean().fit(cleaned, facts)


def _predictions(
    day_total: DayTotal, mean: SeasonalMean, facts: DayFacts, leads: int
) -> np.ndarray:
    """Every candidate's forecast; shape (candidates, leads, slots), 0 past the known days."""
    shares = day_total.shares(facts)
    made = [day_total.totals_for(facts, p)[:, None] * shares for p in (0.0, *YEAR_POWERS)]
    made.append(mean.predict(facts))
    full = np.zeros((len(made), leads, shares.shape[1]))
    full[:, : len(facts)] = made
    return full


def _weights(every: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Weights from errors; `every` is (origins, candidates, leads, slots)."""
    known = np.isfinite(actual)[:, None]
    error = np.where(known, every - np.nan_to_num(actual)[:, None], 0.0)
    by_slot = np.abs(error).sum(axis=(0, 2, 3))
    by_day = np.abs(error.sum(axis=3)).sum(axis=(0, 2))
    equal = np.full(len(by_slot), 1 / len(by_slot))
    if not (by_slot > 0).all() or not (by_day > 0).all():
        return equal
    soft = (by_slot * by_day) ** (-POWER / 2)
    soft /= soft.sum()
    trust = len(every) / (len(every) + EQUAL)
    return np.asarray(trust * soft + (1 - trust) * equal)
