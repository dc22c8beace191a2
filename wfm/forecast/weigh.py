"""Weights of candidate forecasts from their errors at past origins, by lead and kind of day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from wfm.forecast.facts import DayFacts

POWER = 14.0
PRIOR_ORIGINS = 2.0
"""Past origins that the prior weights are worth."""
PRIOR_DAYS = 100.0
"""Days of all leads and kinds that stand beside those of one lead and kind."""
LEADS_FROM = (0, 3, 14)
"""First day ahead of each range of leads [days, 0 the first]."""
KINDS = 3
"""Ordinary days, quiet weekdays, and holidays with the days beside them."""
QUIET = 0.6


def kind_of_day(facts: DayFacts, usual: np.ndarray) -> np.ndarray:
    """0 for an ordinary day, 1 for a quiet weekday, 2 for a holiday and the days beside it.

    Parameters
    ----------
    facts
        The days.
    usual
        Usual total of each weekday; shape (7,).
    """
    quiet = usual < QUIET * usual.max(initial=0.0)
    special = facts.holiday | facts.before | facts.after | facts.learned
    return np.where(special, 2, quiet[facts.weekday].astype(int))


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights by range of leads and kind of day.

    Parameters
    ----------
    table
        Each cell's weights sum to 1; shape (ranges of leads, kinds, candidates).
    """

    table: np.ndarray

    @classmethod
    def learn(
        cls, forecast: np.ndarray, actual: np.ndarray, kind: np.ndarray, prior: np.ndarray
    ) -> Self:
        """Weigh candidates by the inverse power of their day errors.

        Every origin counts alike, however large or small the queue was then. The error in a cell
        is averaged with that over all leads and kinds, which counts as 100 days; the weights are
        averaged with the prior ones, which count as two origins.

        Parameters
        ----------
        forecast
            Day totals of past origins; shape (candidates, origins, leads).
        actual
            What came, NaN where unknown; shape (origins, leads).
        kind
            Kind of each of these days; shape (origins, leads).
        prior
            Weights before any error is seen; shape (candidates,).

        Examples
        --------
        Errors of 1 and 2 with a power of 14 and one origin, two thirds of the way to the prior:

        >>> past = np.array([[[11.0]], [[12.0]]])
        >>> of_one = np.zeros((1, 1), dtype=int)
        >>> Weights.learn(past, np.array([[10.0]]), of_one, np.ones(2)).table[0, 0].round(3)
        array([0.667, 0.333])
        """
        prior = prior / prior.sum()
        table = np.tile(prior, (len(LEADS_FROM), KINDS, 1))
        known = np.isfinite(actual)
        came = np.where(known, actual, 0.0)
        some = came.sum(axis=1) > 0
        if not some.any():
            return cls(table)
        forecast, known, came, kind = forecast[:, some], known[some], came[some], kind[some]
        size = came.sum(axis=1) / known.sum(axis=1)
        error = np.abs(forecast - came) * known / size[None, :, None]
        overall = _relative(error.sum(axis=(1, 2)))
        trust = len(came) / (len(came) + PRIOR_ORIGINS)
        span = np.searchsorted(LEADS_FROM, np.arange(actual.shape[1]), side="right") - 1
        for i in range(len(LEADS_FROM)):
            for j in range(KINDS):
                mine = known & (span == i) & (kind == j)
                days = mine.sum()
                own = _relative((error * mine).sum(axis=(1, 2)))
                mixed = (days * own + PRIOR_DAYS * overall) / (days + PRIOR_DAYS)
                soft = prior * (mixed / mixed.min()) ** -POWER
                table[i, j] = trust * soft / soft.sum() + (1 - trust) * prior
        return cls(table)

    def at(self, lead: np.ndarray, kind: np.ndarray) -> np.ndarray:
        """Weights of days by lead [days, 0 the first] and kind; shape (days, candidates)."""
        span = np.searchsorted(LEADS_FROM, lead, side="right") - 1
        return np.asarray(self.table[span, kind])

    def mix(self, forecast: np.ndarray, kind: np.ndarray) -> np.ndarray:
        """The weighted mean of past forecasts.

        Parameters
        ----------
        forecast
            Day totals; shape (candidates, origins, leads).
        kind
            Kind of each day; shape (origins, leads).

        Returns
        -------
        numpy.ndarray
            shape (origins, leads).
        """
        lead = np.tile(np.arange(kind.shape[1]), (len(kind), 1))
        return np.asarray(np.einsum("coh,ohc->oh", forecast, self.at(lead, kind)))


def _relative(error: np.ndarray) -> np.ndarray:
    """Errors as shares of their mean, none below a ten-thousandth; 1 where there is no error."""
    mean = error.mean()
    return np.maximum(error / mean, 1e-4) if mean > 0 else np.ones_like(error)
