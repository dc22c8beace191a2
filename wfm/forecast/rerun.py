"""The same model run again at past origins: what it would have said, beside what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wfm.forecast.base import ForecastModel
from wfm.forecast.clean import clean
from wfm.forecast.facts import DayFacts
from wfm.forecast.grid import DayGrid

LADDER = 13
WEEKLY = 4
"""Past origins a week apart, the last ones; those before are two weeks apart."""
LEAST_TRAIN = 14
LEADS = 28


@dataclass(frozen=True, eq=False)
class Past:
    """Forecasts of past origins and what came.

    Parameters
    ----------
    forecast
        Contacts per slot; shape (origins, leads, slots).
    actual
        The same, NaN where unknown, closed, kept out by an event or lost.
    """

    forecast: np.ndarray
    actual: np.ndarray

    def days(self) -> tuple[np.ndarray, np.ndarray]:
        """Day totals, forecast and actual, over the slots that are known; NaN where none is."""
        known = np.isfinite(self.actual)
        forecast = np.where(known, self.forecast, 0.0).sum(axis=2)
        actual = np.where(known, self.actual, 0.0).sum(axis=2)
        none = ~known.any(axis=2)
        return np.where(none, np.nan, forecast), np.where(none, np.nan, actual)


def ladder(days: int, rungs: int = LADDER) -> list[int]:
    """Past origins, the oldest first: how many days each had to learn from.

    Four a week apart and the rest every other week, about five months in all: forecasts that
    overlap tell little more than one.

    >>> ladder(60)
    [18, 32, 39, 46, 53]
    """
    weeks = [*range(1, WEEKLY + 1), *range(WEEKLY + 2, 2 * rungs - WEEKLY + 1, 2)]
    found = [days - 7 * back for back in weeks]
    return [origin for origin in reversed(found) if origin >= LEAST_TRAIN]


def actual_after(grid: DayGrid, facts: DayFacts, origins: list[int], leads: int) -> np.ndarray:
    """What came in the `leads` days from each origin on; shape (origins, leads, slots)."""
    done = clean(grid, facts)
    lost = np.isfinite(grid.volume) & ~np.isfinite(done.grid.volume)
    volume = np.where(lost, np.nan, grid.volume)
    padded = np.concatenate([volume, np.full((leads, volume.shape[1]), np.nan)])
    shape = (len(origins), leads, volume.shape[1])
    return np.stack([padded[o : o + leads] for o in origins]) if origins else np.empty(shape)


def rerun(
    make: Callable[[], ForecastModel], grid: DayGrid, facts: DayFacts, leads: int = LEADS
) -> Past:
    """Fit and predict at each past origin.

    Parameters
    ----------
    make
        Gives a fresh model.
    grid
        All known days.
    facts
        Of the same days.
    leads
        Days ahead.
    """
    origins = ladder(len(grid))
    actual = actual_after(grid, facts, origins, leads)
    forecast = np.zeros(actual.shape)
    for i, origin in enumerate(origins):
        if not grid.seen[:origin].any():
            continue
        model = make().fit(grid.until(origin), facts.between(0, origin))
        ahead = facts.between(origin, min(origin + leads, len(facts)))
        forecast[i, : len(ahead)] = model.predict(ahead)
    return Past(forecast, actual)
