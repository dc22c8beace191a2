"""From a mean to a distribution, calibrated by the model's own past errors.

The variance of an interval's volume f is taken as f + phi f^2: counting noise plus a share that
grows with the volume. phi is found for each week ahead by running the model again at past origins
of the last five months; the shape comes from the standardised errors of those runs, and from the
negative binomial below four contacts. Quiet and busy intervals err differently, so both are found
for classes of volume apart where there are errors enough. A day's total has a phi and errors of
its own, for errors within a day go together: quantiles of intervals do not add up to those of the
day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

import numpy as np
from scipy.special import ndtri

from wfm.forecast.rerun import Past

LEVELS = (
    0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5,
    0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995,
)  # fmt: skip
FEW = 4.0
"""Volumes below which counts are negative binomial."""
FAR = 3.0
"""Actual volumes above so many times the forecast count as that much: a level that shifted."""
ASSUMED_PHI = 0.04
"""Used where there is no past to learn from: a spread of 20 % beside counting noise."""
SIZES = (FEW, 9.0, 25.0, 70.0, 200.0, 600.0, np.inf)
"""Edges of the classes of volumes whose errors are learned apart [contacts]."""
OWN = 0.6
"""Weight of a class's own quantiles beside those of all volumes."""
WHOLE = 0.5
"""Contacts by which the furthest quantiles move inwards: counts are whole, and whoever reads a band
rounds its limits outwards."""
LEAST_ERRORS = 600
"""Past errors that a class needs."""
PRIOR_ERRORS = 20.0
"""Past errors that the assumed phi is worth."""


@dataclass(frozen=True, eq=False)
class Spread:
    """How far actual volumes stray from a forecast.

    Parameters
    ----------
    phi
        Extra variance as a share of the squared forecast, by week ahead.
    steps
        Quantiles of the standardised error, one for each of `LEVELS`.
    """

    phi: np.ndarray
    steps: np.ndarray

    @classmethod
    def learn(cls, forecast: np.ndarray, actual: np.ndarray) -> Self:
        """Learn from past forecasts and what came; both of shape (origins, leads, ...)."""
        leads = forecast.shape[1] if forecast.size else 7
        weeks = max(1, -(-leads // 7))
        phi = np.full(weeks, ASSUMED_PHI)
        errors = []
        for week in range(weeks):
            f, y = forecast[:, 7 * week : 7 * week + 7], actual[:, 7 * week : 7 * week + 7]
            known = np.isfinite(y) & np.isfinite(f) & (f > 0)
            f, y = f[known], np.minimum(y[known], FAR * f[known] + FEW)
            if f.sum() > 0:
                excess = (((y - f) ** 2 - f) / np.maximum(f, FEW)).sum()
                size = (f**2 / np.maximum(f, FEW)).sum()
                own = min(max(float(excess / size), 0.0), (FAR - 1) ** 2)
                trust = len(f) / (len(f) + PRIOR_ERRORS)
                phi[week] = trust * own + (1 - trust) * ASSUMED_PHI
            elif week:
                phi[week] = phi[week - 1]
            large = f >= FEW
            errors.append((y - f)[large] / np.sqrt(f + phi[week] * f**2)[large])
        return cls(phi, _steps(np.concatenate(errors)))

    def wider(self, doubt: float) -> Self:
        """The same with more extra variance."""
        return replace(self, phi=self.phi + doubt)

    def phi_at(self, lead: np.ndarray) -> np.ndarray:
        """Phi of each lead [days, 0 the first]; past the last week it grows as it did before."""
        week = np.asarray(lead, dtype=float) // 7
        last = len(self.phi) - 1
        slope = max((self.phi[-1] - self.phi[0]) / last, 0.0) if last else 0.0
        inside = self.phi[np.minimum(week, last).astype(int)]
        return np.asarray(inside + slope * np.maximum(week - last, 0.0))

    def quantiles(self, mean: np.ndarray, lead: np.ndarray) -> np.ndarray:
        """Quantiles at `LEVELS` of volumes of the given means; shape (n, levels)."""
        phi = self.phi_at(lead)
        wide = np.sqrt(mean + phi * mean**2)
        quantiles = np.maximum(mean[:, None] + wide[:, None] * self.steps, 0.0)
        few = mean < FEW
        if few.any():
            quantiles[few] = negative_binomial(mean[few], phi[few], np.array(LEVELS))
        return np.maximum.accumulate(quantiles, axis=1)


@dataclass(frozen=True, eq=False)
class SpreadBySize:
    """Spread of intervals: one for all, and one for each class of volumes that has errors enough.

    Parameters
    ----------
    overall
        For volumes of any size.
    classes
        Least and most volume [contacts], and the spread in between.
    """

    overall: Spread
    classes: tuple[tuple[float, float, Spread], ...]

    @classmethod
    def learn(cls, forecast: np.ndarray, actual: np.ndarray) -> Self:
        """Learn from past forecasts and what came; both of shape (origins, leads, slots).

        A class also learns from volumes a quarter beyond its edges.
        """
        classes = []
        for low, high in pairwise(SIZES):
            mine = (forecast >= low / 1.25) & (forecast < high * 1.25)
            own = np.where(mine, actual, np.nan)
            if np.isfinite(own).sum() >= LEAST_ERRORS:
                classes.append((low, high, Spread.learn(forecast, own)))
        return cls(Spread.learn(forecast, actual), tuple(classes))

    def quantiles(self, mean: np.ndarray, lead: np.ndarray) -> np.ndarray:
        """Quantiles at `LEVELS` of volumes of the given means; shape (n, levels).

        A class's own quantiles are averaged with those of all volumes.
        """
        quantiles = self.overall.quantiles(mean, lead)
        for low, high, spread in self.classes:
            mine = (mean >= low) & (mean < high)
            if mine.any():
                own = spread.quantiles(mean[mine], lead[mine])
                quantiles[mine] = OWN * own + (1 - OWN) * quantiles[mine]
        quantiles[mean >= FEW] -= WHOLE * (np.array(LEVELS) - 0.5)
        return np.maximum.accumulate(np.maximum(quantiles, 0.0), axis=1)


def learn_spreads(past: Past, doubt: float = 0.0) -> tuple[SpreadBySize, Spread]:
    """Spread of intervals and of day totals; `doubt` adds to both shares of variance."""
    by_size = SpreadBySize.learn(past.forecast, past.actual)
    by_day = Spread.learn(*past.days())
    if not doubt:
        return by_size, by_day
    classes = tuple((low, high, spread.wider(doubt)) for low, high, spread in by_size.classes)
    return SpreadBySize(by_size.overall.wider(doubt), classes), by_day.wider(doubt)


def _steps(errors: np.ndarray) -> np.ndarray:
    """Quantiles of standardised errors at `LEVELS`; beyond the reach of the sample, normal tails.

    The errors are centred first, and widened to the same mean square: that forecasts ran high or
    low of late is uncertainty about the next one, not a reason to expect the same again. A level
    counts as reached when ten errors lie beyond it.
    """
    levels = np.array(LEVELS)
    normal = ndtri(levels)
    if len(errors) > 1 and errors.std() > 0:
        widen = np.sqrt((errors**2).mean()) / errors.std()
        errors = (errors - errors.mean()) * widen
    reach = 10 / max(len(errors), 1)
    inside = (levels >= reach) & (levels <= 1 - reach)
    if inside.sum() < 5:
        return np.asarray(normal)
    steps = np.empty(len(levels))
    steps[inside] = np.quantile(errors, levels[inside])
    low, high = int(np.argmax(inside)), len(levels) - 1 - int(np.argmax(inside[::-1]))
    steps[:low] = steps[low] + normal[:low] - normal[low]
    steps[high + 1 :] = steps[high] + normal[high + 1 :] - normal[high]
    return steps


def negative_binomial(mean: np.ndarray, phi: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Quantiles of counts with variance mean + phi mean^2; shape (n, levels).

    With phi 0 they are those of the Poisson distribution:

    >>> negative_binomial(np.array([2.0]), np.array([0.0]), np.array([0.1, 0.5, 0.9]))
    array([[0., 2., 4.]])
    """
    phi = np.maximum(phi, 1e-9)
    size = 1 / phi
    most = int(np.ceil(np.max(mean + 12 * np.sqrt(mean + phi * mean**2) + 20, initial=20.0)))
    chance = np.exp(-size * np.log1p(phi * mean))
    below = np.zeros((len(mean), len(levels)))
    total = chance.copy()
    ratio = mean / (size + mean)
    for count in range(most):
        below += total[:, None] < levels
        chance = chance * (size + count) / (count + 1) * ratio
        total = total + chance
    return below
