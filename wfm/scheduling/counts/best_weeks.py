"""Few people: bands, then days of work, as the best of several roundings.

Where few people differ, a band or a day that is off costs more than a search of days finds later.
There, the LP of the whole week around whole bands is solved in a second or two and can choose among
several of them; days of work are then rounded in it for the whole week at once, also several times.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from wfm.scheduling.clock import WORKERS, Clock
from wfm.scheduling.counts.bands import around_bands
from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.linear import Relaxed, Slice, relax, take_slice
from wfm.scheduling.counts.presence import Presence, presences
from wfm.scheduling.counts.rounding import round_kinds

Found = TypeVar("Found")

MOST = 16000
"""Columns of the LP around whole bands up to which it chooses."""
SIMPLEX = 4000
"""Columns up to which the first LP is exact; above, it is within `TOLERANCE`."""
TOLERANCE = 5e-4
PATIENCE, BANDS_PATIENCE = 6, 3
"""Of the time left, the part that the first LP may take, and one rounding of bands."""
BANDS, DAYS = 0.05, 0.1
"""Of the time left, the share after which no other bands, or days of work, are tried."""
ROUNDING = 0.6
"""Of the time left, the share that a rounding of days may take."""


def best_weeks(
    matrix: Matrix, guide: np.ndarray, duals: np.ndarray, clock: Clock, seed: int
) -> np.ndarray | None:
    """Values of all columns, whole in bands and, where there is time, in days.

    Parameters
    ----------
    matrix
        Of an exact layout.
    guide
        Value of each column, whole in bands and legal: where the search for better ones begins.
    duals
        Of an LP that is much like that of the matrix, one a row.
    clock
        A share of its time left is used.
    seed
        Of the first order of rounding; the next ones follow.

    Returns
    -------
    numpy.ndarray or None
        None where the LP is too large to be solved again and again, where there is more than one
        week or skill set, or without an answer in time.
    """
    layout = matrix.layout
    one = layout.problem.weeks == 1 and len(layout.skill_sets) == 1
    if not one or len(around_bands(matrix, guide).free) > MOST:
        return None
    part = take_slice(matrix, matrix.high > matrix.low, guide)
    start = guide[part.free], duals[part.touched]
    seconds = clock.left / PATIENCE
    first: Relaxed | None = clock.together(
        [
            lambda: relax(
                part,
                TOLERANCE,
                seconds,
                clock.running,
                small=SIMPLEX,
                cut_short=True,
                start=start,
            )
        ]
    )[0]
    if first is None:
        return None
    target = guide.copy()
    target[part.free] = first.values
    (presence,) = presences(matrix, matrix, target)
    found = _best_bands(matrix, presence, guide, clock, seed)
    if found is None:
        return None
    values, around, answer = found
    clock.tick("days")
    days = _best_days(around, answer, clock, seed)
    values[around.free] = answer.values if days is None else days
    if days is not None:
        whole = matrix.of_kind("n", "m")
        values[whole] = np.round(values[whole])
    return values


def _best_bands(
    matrix: Matrix, presence: Presence, guide: np.ndarray, clock: Clock, seed: int
) -> tuple[np.ndarray, Slice, Relaxed] | None:
    """Bands with the cheapest LP around them, what they leave open, and the LP's answer."""
    seconds = clock.left / BANDS_PATIENCE

    def ask(order: int) -> tuple[float, tuple[np.ndarray, Slice, Relaxed]] | None:
        bands = presence.bands(guide, seconds, clock.running, order)
        if bands is None:
            return None
        values = np.zeros(len(guide))
        values[presence.numbers[presence.is_band]] = bands
        around = around_bands(matrix, values)
        answer = relax(around, TOLERANCE, clock.left, clock.running, small=MOST)
        return None if answer is None else (answer.objective, (values, around, answer))

    return _cheapest(ask, BANDS, clock, seed)


def _best_days(around: Slice, answer: Relaxed, clock: Clock, seed: int) -> np.ndarray | None:
    """Values of all that bands leave open near the LP's answer, whole in days of work."""
    seconds = ROUNDING * clock.left

    def ask(order: int) -> tuple[float, np.ndarray] | None:
        known = answer.values
        values = round_kinds(around, ("m",), seconds, clock.running, seed=order + 1, known=known)
        return None if values is None else (float(around.cost @ values), values)

    return _cheapest(ask, DAYS, clock, seed)


def _cheapest(
    ask: Callable[[int], tuple[float, Found] | None], share: float, clock: Clock, seed: int
) -> Found | None:
    """The cheapest answer to the seeds from one on, asked on every core in a share of the time."""
    until, seeds = clock.seconds + share * clock.left, itertools.count(seed)
    found: list[tuple[float, Found]] = []

    def work() -> None:
        while not clock.running.stopped:
            answer = ask(next(seeds))
            if answer is not None:
                found.append(answer)
            if clock.seconds >= until:
                return

    clock.together([work] * WORKERS)
    return min(found, key=lambda one: one[0])[1] if found else None
