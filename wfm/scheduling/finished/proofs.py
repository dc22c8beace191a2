"""Proofs that nothing keeps what is asked: limits on several people, or the weeks of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from wfm.scheduling.clock import WORKERS
from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.linear import Running, Slice, dual_value, none_whole, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.patterns import own_patterns
from wfm.scheduling.people.weekends import weekend_plans
from wfm.scheduling.problem import Problem

TOLERANCE = 1e-4
NOTHING = 1e-3
"""Heads outside the limits in all that a sum in floating point may be off by; far above it."""


def no_schedule_keeps_limits(problem: Problem, seconds: float) -> bool:
    """Whether staff limits and limits on breaks are proven to be out of reach together.

    The least that has to be outside them is bounded from below, by duals of the linear programme:
    any that give more than nothing prove that something always is, whole or in fractions. False
    proves nothing.

    Parameters
    ----------
    problem
        From `problem.build_problem`; what work costs and its meetings play no part.
    seconds
        Wall limit [s].
    """
    matrix = make_matrix(replace(problem, meetings=()))
    outside = np.zeros(len(matrix.cost))
    for _, slack, _ in matrix.columns.limits:
        outside[slack[slack >= 0]] = 1.0
    if not outside.any():
        return False
    matrix = replace(matrix, cost=outside)
    part = take_slice(matrix, np.ones(len(outside), dtype=bool), np.zeros(len(outside)))
    found = relax(part, TOLERANCE, seconds, Running(), threads=WORKERS, cut_short=True)
    if found is None:
        return False
    duals = np.zeros(len(matrix.row_low))
    duals[part.touched] = found.duals
    return dual_value(matrix, duals) > NOTHING


def no_weeks_of(problem: Problem, seconds: float) -> bool:
    """Whether the only agent of a problem is proven to have no legal weeks.

    What the rules state of bands, days and starts in counts holds for a single agent in whole
    numbers; with every choice of free weekends CP-SAT shows that nothing keeps it. False proves
    nothing: rules that join several shifts state in counts only what is needed of them.

    Parameters
    ----------
    problem
        From `problem.build_problem`, with one agent.
    seconds
        Wall limit for each choice of weekends [s].
    """
    alone = replace(problem, meetings=(), staff_limits=())
    for plan in _fewest_off(alone):
        planned = replace(alone, planned_off={alone.agents[0].agent: plan})
        weeks = range(planned.weeks)
        if all(len(own_patterns(planned, 0, week)) for week in weeks) and not none_whole(
            _days_and_starts(make_matrix(planned)), seconds, Running()
        ):
            return False
    return True


def _fewest_off(problem: Problem) -> Iterator[frozenset[int]]:
    """Days of the free weekends of each way to keep the rule that has none to spare."""
    every = problem.rules.weekends_off_in
    if every is None:
        yield frozenset()
        return
    plans = [
        frozenset(
            day for days, free in zip(problem.weekends, plan, strict=True) if free for day in days
        )
        for plan in weekend_plans(problem, 0, every)
    ]
    yield from (plan for plan in plans if not any(other < plan for other in plans))


def _days_and_starts(matrix: Matrix) -> Slice:
    """Bands, days and starts alone, with the rows that speak of nothing else."""
    free = matrix.of_kind("n", "m", "x", "y")
    part = take_slice(matrix, free, np.zeros(len(free)))
    others = matrix.rows[:, np.flatnonzero(~free)].tocsr()
    own = np.flatnonzero(np.diff(others.indptr)[part.touched] == 0)
    return replace(
        part,
        rows=part.rows[own],
        row_low=part.row_low[own],
        row_high=part.row_high[own],
        touched=part.touched[own],
        cost=np.zeros(len(part.cost)),
    )
