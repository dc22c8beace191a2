"""The default: day-total candidates and the simple mean, weighted by how they did on this queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid
from wfm.forecast.models.day_total import (
    FAST_STEP,
    FASTEST_STEP,
    LEVEL_STEP,
    SLOW_STEP,
    DayTotal,
)
from wfm.forecast.models.seasonal_mean import SeasonalMean
from wfm.forecast.rerun import LEADS, Past, actual_after, ladder

POWER = 8.0
PRIOR_ORIGINS = 2.0
"""Past origins that the prior weights are worth."""
YEAR_ORIGINS = 4
"""Past origins with a year behind them before last year's course is a candidate."""


@dataclass(frozen=True)
class Candidate:
    """A day-total forecast: step of its level, power of the year-over-year factor, prior weight."""

    step: float
    year_power: float
    prior: float


CANDIDATES = (
    Candidate(LEVEL_STEP, 0.0, 1.0),
    Candidate(SLOW_STEP, 0.0, 1.0),
    Candidate(FAST_STEP, 0.0, 1.0),
    Candidate(FASTEST_STEP, 0.0, 0.5),
    Candidate(LEVEL_STEP, 0.5, 1.0),
    Candidate(LEVEL_STEP, 0.8, 1.0),
)
MEAN_PRIOR = 0.3
"""Prior weight of the mean of the last 8 same weekdays."""


class Combination:
    """Weighted mean of candidates, by 1 / error^8 of their day totals over past origins.

    The candidates are the day-total model with slower and faster levels, the same with last year's
    course (raised to 0.5 and 0.8, once the history is long enough) and, as a hedge, the mean of
    the last 8 same weekdays after cleaning. Weights are shrunk to prior ones, the more the fewer
    origins there are; soft weights beat picking one.

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
        years = 0
        for origin in origins:
            day_total, mean = _candidates(grid.until(origin), facts.between(0, origin))
            years += day_total.has_year
            ahead = facts.between(origin, min(origin + self.leads, len(facts)))
            pasts.append(_predictions(day_total, mean, ahead, self.leads))
        self.keep = [
            i for i, c in enumerate(CANDIDATES) if years >= YEAR_ORIGINS or not c.year_power
        ]
        prior = np.array([*(CANDIDATES[i].prior for i in self.keep), MEAN_PRIOR])
        self.weights = prior / prior.sum()
        forecasts = np.zeros((0, *actual.shape[1:]))
        if pasts:
            every = np.stack(pasts)[:, [*self.keep, len(CANDIDATES)]]
            self.weights = weights(every, actual, self.weights)
            forecasts = np.einsum("c,ochk->ohk", self.weights, every)
        self.past = Past(forecasts, actual)
        return self

    def predict(self, facts: DayFacts) -> np.ndarray:
        """The weighted mean."""
        total = sum(
            weight * self.day_total.totals_for(facts, CANDIDATES[i].year_power, CANDIDATES[i].step)
            for weight, i in zip(self.weights[:-1], self.keep, strict=True)
        )
        by_profile = np.asarray(total)[:, None] * self.day_total.shares(facts)
        return np.asarray(by_profile + self.weights[-1] * self.mean.predict(facts))


def _candidates(grid: DayGrid, facts: DayFacts) -> tuple[DayTotal, SeasonalMean]:
    day_total = DayTotal().fit(grid, facts)
    return day_total, SeasonalMean().fit(day_total.cleaned, facts)


def _predictions(
    day_total: DayTotal, mean: SeasonalMean, facts: DayFacts, leads: int
) -> np.ndarray:
    """Every candidate's forecast; shape (candidates, leads, slots), 0 past the known days."""
    shares = day_total.shares(facts)
    made = [day_total.totals_for(facts, c.year_power, c.step)[:, None] * shares for c in CANDIDATES]
    made.append(mean.predict(facts))
    full = np.zeros((len(made), leads, shares.shape[1]))
    full[:, : len(facts)] = made
    return full


def weights(every: np.ndarray, actual: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Weights of candidates from the errors of their day totals.

    Every origin counts alike, however large or small the queue was then.

    Parameters
    ----------
    every
        Past forecasts; shape (origins, candidates, leads, slots).
    actual
        What came, NaN where unknown; shape (origins, leads, slots).
    prior
        Weights before any error is seen; shape (candidates,).

    Returns
    -------
    numpy.ndarray
        shape (candidates,), sums to 1.

    Examples
    --------
    Errors of 1 and 2 with a power of 8 and one origin, shrunk two thirds of the way to the prior:

    >>> past = np.array([[[[11.0]], [[12.0]]]])
    >>> weights(past, np.array([[[10.0]]]), np.array([0.5, 0.5])).round(3)
    array([0.665, 0.335])
    """
    known = np.isfinite(actual)[:, None]
    error = np.where(known, every - np.nan_to_num(actual)[:, None], 0.0)
    came = np.where(known[:, 0], actual, 0.0).sum(axis=(1, 2))
    some = came > 0
    by_day = (np.abs(error.sum(axis=3)).sum(axis=2)[some] / came[some, None]).sum(axis=0)
    if not (by_day > 0).all():
        return prior
    soft = prior * (by_day / by_day.min()) ** -POWER
    trust = len(every) / (len(every) + PRIOR_ORIGINS)
    return np.asarray(trust * soft / soft.sum() + (1 - trust) * prior)
