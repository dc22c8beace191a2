"""The guide of the search: the LP, its bands made whole, and the LP again around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

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
FINE = 3e-4
"""The same of the last ones, where there are several weeks."""
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
        are to be planned, of several weeks those of each week.
    """
    clock.tick("guide")
    tolerance = GUIDE_TOLERANCE * (WIDER if len(matrix.cost) > WIDE else 1)
    part = take_slice(matrix, np.ones(len(matrix.cost), dtype=bool), np.zeros(len(matrix.cost)))
    first = clock.together([lambda: relax(part, tolerance, clock.left / 2, clock.running)])[0]
    if first is None:
        return None
    if prove is not None:
        prove(part, first)
    decided = _decided(matrix, first.values, clock, max(ROUGH, tolerance)) if exact else None
    if decided is None:
        guide = round_bands(matrix, first.values)
    else:
        (matrix, guide), tolerance = decided, ROUGH if len(matrix.cost) <= WIDE else FINE
    open_columns = ~matrix.of_kind("n") & ~empty_bands(matrix, guide)
    guide[~open_columns & ~matrix.of_kind("n")] = 0
    second = _relaxed(matrix, open_columns, guide, clock, tolerance, by_week=decided is not None)
    if second is None:
        return Guide(matrix, guide, np.zeros(len(matrix.row_low)))
    return Guide(matrix, *second)


def _decided(
    rough: Matrix, values: np.ndarray, clock: Clock, tolerance: float
) -> tuple[Matrix, np.ndarray] | None:
    """The matrix of people who are alike in everything, and their bands; None without an answer."""
    matrix = make_matrix(rough.layout.problem, exact_layout(rough.layout))
    tolerance = ROUGH if matrix.layout.problem.weeks > 1 else tolerance
    close_bands(matrix, rough, values)
    start = np.zeros(len(matrix.cost))
    if matrix.layout.problem.weeks > 1:  # classes apart, both have the same columns
        start[~matrix.of_kind("n", "m")] = values[~rough.of_kind("n", "m")]
    began = clock.seconds
    nothing = _around(matrix, start, clock, tolerance, np.full(len(matrix.cost), np.nan))
    if nothing is None:
        return None
    rounds = min(int(DECIDE * clock.left / max(clock.seconds - began, SOON_S)), ROUNDS)
    return matrix, decide_bands(
        matrix, nothing, lambda known: _around(matrix, start, clock, tolerance, known), rounds
    )


def _around(
    matrix: Matrix, start: np.ndarray, clock: Clock, tolerance: float, decided: np.ndarray
) -> np.ndarray | None:
    """The LP around the columns that are not NaN in `decided`, week by week from `start`."""
    known = ~np.isnan(decided)
    empty = empty_bands(matrix, np.where(known, decided, matrix.high))
    values = np.where(known, decided, np.where(empty, 0.0, start))
    free = ~known & ~empty & (matrix.high > 0)
    found = _relaxed(matrix, free, values, clock, tolerance, by_week=True)
    return None if found is None else found[0]


def _relaxed(
    matrix: Matrix,
    free: np.ndarray,
    values: np.ndarray,
    clock: Clock,
    tolerance: float,
    *,
    by_week: bool,
) -> tuple[np.ndarray, np.ndarray] | None:
    """Values and duals of the LP, of all weeks at once or of those that are no neighbours."""
    values, duals = values.copy(), np.zeros(len(matrix.row_low))
    weeks = range(matrix.layout.problem.weeks)
    if by_week and len(weeks) > 1:
        masks = [week_columns(matrix, week) for week in weeks]
        turns = [masks[0::2], masks[1::2]]
    else:
        turns = [[np.ones(len(matrix.cost), dtype=bool)]]
    for turn in turns:
        parts = [_kept(matrix, take_slice(matrix, free & mask, values), values) for mask in turn]
        threads = max(WORKERS // len(parts), 1)
        tasks = [
            partial(relax, part, tolerance, clock.left / 2, clock.running, threads=threads)
            for part in parts
        ]
        for part, found in zip(parts, clock.together(tasks), strict=True):
            if found is None:
                return None
            values[part.free] = found.values
            duals[part.touched] = found.duals
    return values, duals


def _kept(matrix: Matrix, part: Slice, values: np.ndarray) -> Slice:
    """A slice whose rows that it shares with others' work hold for the nearly feasible values."""
    all_rows = matrix.rows.tocsr()[part.touched]
    people = all_rows[:, np.flatnonzero(matrix.of_kind("n", "m"))]
    shared = np.diff(all_rows.indptr) > np.diff(part.rows.indptr)
    known = (np.diff(people.indptr) == 0) & shared
    done = part.rows @ values[part.free]
    low = np.where(known, np.minimum(part.row_low, done), part.row_low)
    high = np.where(known, np.maximum(part.row_high, done), part.row_high)
    return replace(part, row_low=low, row_high=high)


def week_columns(matrix: Matrix, week: int) -> np.ndarray:
    """Mask of what a week's shifts decide: bands, days, starts, and all work until their end."""
    layout, problem = matrix.layout, matrix.layout.problem
    days = problem.days_of(week)
    first, last = problem.first_interval[[days[0], days[-1] + 1]]
    longest = max(group.length for group in layout.groups)
    window = (matrix.at >= first) & (matrix.at < last + longest)
    mask = matrix.of_kind("m", "x", "y") & np.isin(matrix.day, np.array(days))
    mask |= matrix.of_kind("k", "w", "f", "o", "slack") & window
    for h, one in enumerate(layout.classes):
        if one.week == week:
            mask[matrix.columns.n[h]] = True
    return np.asarray(mask)


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
