"""The guide of the search: the LP, its bands made whole, and the LP again around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from wfm.scheduling.clock import WORKERS, Clock
from wfm.scheduling.counts.bands import empty_bands, round_bands
from wfm.scheduling.counts.best_weeks import Answered, best_bands, best_days, may_choose
from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.fit import close_bands, fit_bands
from wfm.scheduling.counts.linear import Relaxed, Slice, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.counts.presence import meet_presence
from wfm.scheduling.kinds import exact_layout

TOLERANCE = 1e-4
WIDE, WIDER = 30000, 10
"""Columns above which the guide is content with a wider tolerance, and how much wider."""
ROUGH, NEARER = 1e-3, 1e-4
"""Tolerances where people differ: of the first linear programme, and of that around the bands."""
FIRST = 1e-2
"""Of the first linear programme where it is the bound: what it may miss of the cost."""
ENOUGH = 25
"""As often the time of the first linear programme must be left to round days of people who are
alike in one; with less, the search does more for them."""
FIRST_PATIENCE, PATIENCE = 4, 3
"""Of the time left, the part that the first linear programme and each of the others may take: what
they have then is their answer, as a guide need not be exact and any duals prove a bound."""


@dataclass(frozen=True, eq=False)
class Guide:
    """Values of all columns of a matrix, those of bands whole."""

    matrix: Matrix
    values: np.ndarray


def make_guide(
    matrix: Matrix,
    clock: Clock,
    answered: Answered,
    *,
    exact: bool,
    proving: bool,
    seed: int,
) -> Guide | None:
    """Values to follow; None if time or the solver gives none.

    Parameters
    ----------
    matrix
        Of the whole problem.
    clock
        Its time left is shared out.
    answered
        Is given what proves a bound: the answers of linear programmes of the whole problem.
    exact
        Whether agents of a class differ, so that classes of agents who are alike in everything
        are to be planned, of several weeks those of each week.
    proving
        Whether the first LP's duals are the bound: it then takes every core.
    seed
        Of the order in which bands and days are rounded.
    """
    clock.tick("guide")
    began = clock.seconds
    tolerance = TOLERANCE * (WIDER if len(matrix.cost) > WIDE else 1)
    part = take_slice(matrix, np.ones(len(matrix.cost), dtype=bool), np.zeros(len(matrix.cost)))
    first = clock.together(
        [
            lambda: relax(
                part,
                FIRST if proving else ROUGH if exact else tolerance,
                clock.left / FIRST_PATIENCE,
                clock.running,
                threads=WORKERS if proving else 1,
                proving=proving,
                cut_short=True,
            )
        ]
    )[0]
    answered(matrix, part, first)
    if first is None:
        return None
    enough = clock.left > ENOUGH * (clock.seconds - began)
    rough = whole = matrix
    if exact:
        tolerance = NEARER
        whole, matrix, guide = _fitted(matrix, first.values)
    else:
        guide = round_bands(matrix, first.values)
    duals = _like_duals(rough, matrix, part, first)
    small, bands = may_choose(matrix, guide), None
    if exact and matrix.layout.problem.weeks == 1:  # over several it moved the guide by 0.01 %
        if small:
            bands = best_bands(matrix, whole, (guide, duals), clock, answered, seed)
        if bands is None:
            meet_presence(matrix, rough, first.values, guide, clock)
        else:
            guide = bands
    if small and (exact or enough):
        days = best_days(matrix, guide, clock, seed, answered=bands is not None)
        if days is not None:
            return Guide(matrix, days)
    open_columns = ~matrix.of_kind("n") & ~empty_bands(matrix, guide)
    guide[~open_columns & ~matrix.of_kind("n")] = 0
    start = np.where(open_columns & matrix.of_kind("m"), 0.0, guide)
    second = _relaxed(matrix, open_columns, start, (guide, duals), clock, tolerance, by_week=exact)
    return Guide(matrix, guide if second is None else second)


def _fitted(rough: Matrix, values: np.ndarray) -> tuple[Matrix, Matrix, np.ndarray]:
    """The matrix of people who are alike in everything, with the bands to use, and who is on them.

    The first one has all bands, the second one those in use.
    """
    whole = make_matrix(rough.layout.problem, exact_layout(rough.layout))
    matrix = replace(whole, high=whole.high.copy())
    close_bands(matrix, rough, values)
    return whole, matrix, fit_bands(matrix, rough, values)


def _like_duals(rough: Matrix, matrix: Matrix, part: Slice, found: Relaxed) -> np.ndarray:
    """Duals of a matrix from those of another of the same problem, by rules stated as often."""
    known, duals = np.zeros(len(rough.row_low)), np.zeros(len(matrix.row_low))
    known[part.touched] = found.duals
    for rule in np.unique(rough.row_rule):
        one, other = np.flatnonzero(rough.row_rule == rule), np.flatnonzero(matrix.row_rule == rule)
        if len(one) == len(other):
            duals[other] = known[one]
    return duals


def _relaxed(
    matrix: Matrix,
    free: np.ndarray,
    values: np.ndarray,
    near: tuple[np.ndarray, np.ndarray],
    clock: Clock,
    tolerance: float,
    *,
    by_week: bool,
) -> np.ndarray | None:
    """Values of the LP, of all weeks at once or of those that are no neighbours.

    Columns that are not free keep their values. It begins from values and duals that are `near`.
    """
    values = values.copy()
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
            partial(
                relax,
                part,
                tolerance,
                clock.left / PATIENCE,
                clock.running,
                threads=threads,
                cut_short=True,
                start=(near[0][part.free], near[1][part.touched]),
            )
            for part in parts
        ]
        for part, found in zip(parts, clock.together(tasks), strict=True):
            if found is None:
                return None
            values[part.free] = found.values
    return values


def _kept(matrix: Matrix, part: Slice, values: np.ndarray) -> Slice:
    """A slice whose rows that it shares with work that stays hold for the nearly feasible values.

    Starts of bands that were left are no such work: who was on them has others now.
    """
    all_rows = matrix.rows.tocsr()[part.touched]
    people = all_rows[:, np.flatnonzero(matrix.of_kind("n", "m"))]
    others = all_rows[:, np.setdiff1d(np.flatnonzero(values), part.free)]
    shared = np.diff(others.indptr) > 0
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
    longest = layout.longest
    window = (matrix.at >= first) & (matrix.at < last + longest)
    mask = matrix.of_kind("m", "x", "y") & np.isin(matrix.day, np.array(days))
    mask |= matrix.of_kind("k", "w", "f", "o", "slack") & window
    for h, one in enumerate(layout.classes):
        if one.week == week:
            mask[matrix.columns.n[h]] = True
    return np.asarray(mask)
