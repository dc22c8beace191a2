"""The guide of the search: the LP, its bands made whole, and the LP again around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wfm.scheduling.build import Matrix
from wfm.scheduling.clock import WORKERS, Clock
from wfm.scheduling.counts import round_bands
from wfm.scheduling.decide import close_bands, decide_bands
from wfm.scheduling.dive import GUIDE_TOLERANCE, WIDE, WIDER
from wfm.scheduling.kinds import exact_layout
from wfm.scheduling.linear import Relaxed, Slice, relax, take_slice
from wfm.scheduling.matrix import make_matrix

ROUGH = 1e-3
"""Tolerance of the linear programmes that decide bands one after the other."""
DECIDE, ROUNDS, SOON_S = 0.15, 12, 0.1
"""Share of the time left for them, how many there are at most, and least time of one [s]."""


@dataclass(frozen=True, eq=False)
class Guide:
    """Values of all columns, those of bands whole, and the duals, one a row of the matrix."""

    matrix: Matrix
    values: np.ndarray
    duals: np.ndarray


def make_guide(
    matrix: Matrix,
    clock: Clock,
    prove: Callable[[Slice, Relaxed], None] | None,
    *,
    exact: bool,
) -> Guide | None:
    """Values to follow; None if time or the solver gives none.

    Parameters
    ----------
    matrix
        Of the whole problem.
    clock
        Its time left is shared out.
    prove
        Is given the first LP's answer, for its bound.
    exact
        Whether agents of a class differ, so that classes of agents who are alike in everything
        are to be planned, where those are not too many (one week only).
    """
    clock.tick("guide")
    tolerance = GUIDE_TOLERANCE * (WIDER if len(matrix.cost) > WIDE else 1)
    part = take_slice(matrix, np.ones(len(matrix.cost), dtype=bool), np.zeros(len(matrix.cost)))
    first = clock.together([lambda: relax(part, tolerance, clock.left / 2, clock.running)])[0]
    if first is None:
        return None
    if prove is not None:
        prove(part, first)
    rough = max(ROUGH, tolerance)
    decided = _decided(matrix, first.values, clock, rough) if exact else None
    if decided is None:
        guide = round_bands(matrix, first.values)
    else:
        (matrix, guide), tolerance = decided, rough
    open_columns = ~matrix.of_kind("n") & ~empty_bands(matrix, guide)
    guide[~open_columns & ~matrix.of_kind("n")] = 0
    again = take_slice(matrix, open_columns, guide)
    second = clock.together([lambda: relax(again, tolerance, clock.left / 3, clock.running)])[0]
    duals = np.zeros(len(matrix.row_low))
    if second is not None:
        guide[again.free] = second.values
        duals[again.touched] = second.duals
    return Guide(matrix, guide, duals)


def _decided(
    rough: Matrix, values: np.ndarray, clock: Clock, tolerance: float
) -> tuple[Matrix, np.ndarray] | None:
    """The matrix of people who are alike in everything, and their bands; None without an answer."""
    matrix = make_matrix(rough.layout.problem, exact_layout(rough.layout))
    close_bands(matrix, rough, values)
    began = clock.seconds
    nothing = _around(matrix, clock, tolerance, np.full(len(matrix.cost), np.nan))
    if nothing is None:
        return None
    rounds = min(int(DECIDE * clock.left / max(clock.seconds - began, SOON_S)), ROUNDS)
    return matrix, decide_bands(
        matrix, nothing, lambda known: _around(matrix, clock, tolerance, known), rounds
    )


def _around(
    matrix: Matrix, clock: Clock, tolerance: float, decided: np.ndarray
) -> np.ndarray | None:
    """The LP around the columns that are not NaN in `decided`."""
    known = ~np.isnan(decided)
    values = np.where(known, decided, 0.0)
    free = ~known & ~empty_bands(matrix, np.where(known, decided, matrix.high))
    part = take_slice(matrix, free & (matrix.high > 0), values)
    found = clock.together(
        [lambda: relax(part, tolerance, clock.left / 2, clock.running, threads=WORKERS)]
    )[0]
    if found is None:
        return None
    values[part.free] = found.values
    return values


def empty_bands(matrix: Matrix, guide: np.ndarray) -> np.ndarray:
    """Mask of the days and starts of bands on which nobody is."""
    empty = np.zeros(len(matrix.cost), dtype=bool)
    for n, m in zip(matrix.columns.n, matrix.columns.m, strict=True):
        empty[m[guide[n] == 0].ravel()] = True
    layout = matrix.layout
    for number, x in enumerate(matrix.columns.x):
        for week in range(layout.problem.weeks):
            classes = layout.classes_of(number, week)
            used = sum((guide[matrix.columns.n[h]] for h in classes), np.zeros(len(x)))
            days = np.isin(layout.groups[number].start_day, np.array(layout.problem.days_of(week)))
            unused = x[used == 0][:, days]
            empty[unused[unused >= 0]] = True
    return empty
