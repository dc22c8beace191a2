"""One skill set for a week: bands, then days of work, as the best of several roundings.

There, the LP of the whole week around whole bands is solved in a second or two, so a rounding in it
sees all that a band or a day means; where people differ, one that is off costs more than a search
of days finds later.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np

from wfm.scheduling.clock import WORKERS, Clock
from wfm.scheduling.counts.bands import around_bands
from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.fit import open_bands
from wfm.scheduling.counts.linear import Relaxed, Slice, relax, take_slice
from wfm.scheduling.counts.presence import Presence, presences
from wfm.scheduling.counts.rounding import round_kinds

Found = TypeVar("Found")
Answered = Callable[[Matrix, Slice, Relaxed | None], None]
"""Is told what LP of a whole problem has which answer."""

MOST = 16000
"""Columns of the LP around whole bands up to which it chooses."""
SIMPLEX = 4000
"""Columns up to which the first LP is exact; above, it is within `TOLERANCE`."""
TOLERANCE = 1e-4
PATIENCE, BANDS_PATIENCE = 6, 3
"""Of the time left, the part that the first LP may take, and one rounding of bands."""
BANDS, DAYS = 0.15, 0.1
"""Of the time left, the share after which no other bands, or days of work, are tried."""
AROUND, ROUNDING = 0.3, 0.5
"""Of the time left, the share that the LP around bands may take, and a rounding of days."""


def may_choose(matrix: Matrix, guide: np.ndarray) -> bool:
    """Whether a problem is one week and one skill set, and its LP around bands small enough."""
    layout = matrix.layout
    one = layout.problem.weeks == 1 and len(layout.skill_sets) == 1
    return one and len(around_bands(matrix, guide).free) <= MOST


def best_bands(
    matrix: Matrix,
    whole: Matrix,
    near: tuple[np.ndarray, np.ndarray],
    clock: Clock,
    answered: Answered,
    seed: int,
) -> np.ndarray | None:
    """Values of all columns whose bands meet the presence of everybody's own LP.

    Parameters
    ----------
    matrix
        Of an exact layout, see `may_choose`. Of its closed bands those open, in place, that the LP
        with every band has somebody on.
    whole
        The same with every band.
    near
        Value of each column, whole in bands and legal, where the search for better ones begins; and
        duals of an LP that is much like that of the matrix, one a row.
    clock
        A share of its time left is used.
    answered
        Is told the answer of the LP with every band.
    seed
        Of the first order of rounding; the next ones follow.

    Returns
    -------
    numpy.ndarray or None
        Whole in bands, an answer of the LP around these in the rest; None without one in time.
    """
    guide, duals = near
    part = take_slice(whole, np.ones(len(whole.cost), dtype=bool), guide)
    start = guide, duals[part.touched]
    first = _answer(part, clock, clock.left / PATIENCE, small=SIMPLEX, start=start)
    answered(whole, part, first)
    if first is None:
        return None
    open_bands(matrix, whole, first.values)
    (presence,) = presences(matrix, whole, first.values)
    return _best_bands(matrix, presence, guide, clock, seed)


def best_days(
    matrix: Matrix, guide: np.ndarray, clock: Clock, seed: int, *, answered: bool
) -> np.ndarray | None:
    """Values of all columns, whole in bands and, where there is time, in days of work.

    Parameters
    ----------
    matrix
        See `may_choose`.
    guide
        Value of each column, whole in bands.
    clock
        A share of its time left is used.
    seed
        Of the first order of rounding; the next ones follow.
    answered
        Whether the guide is an exact answer of the LP around its bands.

    Returns
    -------
    numpy.ndarray or None
        Around whole bands and days an answer of the LP; None where not even that around bands has
        one in time.
    """
    around = around_bands(matrix, guide)
    known = guide[around.free]
    if not answered:
        answer = _answer(around, clock, AROUND * clock.left, small=MOST)
        if answer is None:
            return None
        known = answer.values
    clock.tick("days")
    seconds = ROUNDING * clock.left

    def ask(order: int) -> tuple[float, np.ndarray] | None:
        found = round_kinds(around, ("m",), seconds, clock.running, seed=order + 1, known=known)
        return None if found is None else (float(around.cost @ found), found)

    days = _cheapest(ask, DAYS, clock, seed)
    values = np.where(matrix.of_kind("n"), np.round(guide), 0.0)
    values[around.free] = known if days is None else days
    if days is not None:
        values[matrix.of_kind("m")] = np.round(values[matrix.of_kind("m")])
    return values


def _answer(
    part: Slice,
    clock: Clock,
    seconds: float,
    *,
    small: int,
    start: tuple[np.ndarray, np.ndarray] | None = None,
) -> Relaxed | None:
    """An answer of the LP, reporting meanwhile."""
    ask = partial(
        relax,
        part,
        TOLERANCE,
        seconds,
        clock.running,
        small=small,
        cut_short=True,
        start=start,
    )
    found: Relaxed | None = clock.together([ask])[0]
    return found


def _best_bands(
    matrix: Matrix, presence: Presence, guide: np.ndarray, clock: Clock, seed: int
) -> np.ndarray | None:
    """Bands with the cheapest LP around them, and its answer."""
    seconds = clock.left / BANDS_PATIENCE

    def ask(order: int) -> tuple[float, np.ndarray] | None:
        bands = presence.bands(guide, seconds, clock.running, order)
        if bands is None:
            return None
        values = np.zeros(len(guide))
        values[presence.numbers[presence.is_band]] = bands
        around = around_bands(matrix, values)
        answer = relax(around, TOLERANCE, clock.left, clock.running, small=MOST)
        if answer is None:
            return None
        values[around.free] = answer.values
        return answer.objective, values

    return _cheapest(ask, BANDS, clock, seed)


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
