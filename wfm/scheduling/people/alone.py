"""All weeks of one agent at once, exactly: legal weeks, or the proof that there are none.

What the rules state of bands, days and starts in counts holds for a single agent in whole numbers.
Two choices are added that counts of many people leave out: which weekends are free, and where the
rest of each week lies.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.linear import Running, Slice, first_whole, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.patterns import own_patterns
from wfm.scheduling.people.chains import JoinedRules
from wfm.scheduling.people.weekends import weekend_plans
from wfm.scheduling.problem import Begin, Problem
from wfm.scheduling.rules.weekly_rest import Span, owed_before, rest_intervals, week_bounds

EFFORT = 5.0
"""Most work of the solver for one choice of weekends [its deterministic seconds]."""


@dataclass(frozen=True)
class Alone:
    """What one agent can work: shifts of all weeks, or whether there are proven to be none."""

    begins: tuple[Begin, ...] | None
    proven: bool


def work_alone(problem: Problem, agent: int) -> Alone:
    """Weeks of an agent that keep every rule, whatever others do.

    Parameters
    ----------
    problem
        From `problem.build_problem`, with free weekends as they are planned; its meetings and staff
        limits play no part.
    agent
        By number.

    Returns
    -------
    Alone
        Neither shifts nor a proof where the solver did not get far enough, or where a rule on days
        one after the other is not stated in counts, as days begin at another time by the agent's
        clock.
    """
    alone = replace(problem, agents=(problem.agents[agent],), meetings=(), staff_limits=())
    if not all(len(own_patterns(alone, 0, week)) for week in range(alone.weeks)):
        return Alone(None, proven=True)
    matrix = make_matrix(alone)
    part = _with_rests(alone, matrix, _days_and_starts(matrix))
    values, none = first_whole(part, EFFORT, Running())
    if values is None:
        return Alone(None, proven=none)
    chosen = np.flatnonzero(values[np.searchsorted(part.free, matrix.columns.y[0])] > 0)
    group = matrix.layout.groups[0]
    begins = tuple(group.options[i] for i in chosen)
    broken = JoinedRules(alone).broken(0, begins, group.lengths)
    return Alone(None if broken else begins, proven=False)


def what_decides(problem: Problem, agent: int) -> Hashable:
    """What decides whether an agent has legal weeks: the same for two of whom both or none have."""
    who = problem.agents[agent]
    eased = (problem.eased.get((who.agent, week)) for week in range(problem.weeks))
    return (
        (who.contract, who.hours, who.time_zone),
        (problem.absent[agent], problem.before(agent), tuple(problem.locked[agent].items())),
        (problem.planned_off.get(who.agent), *eased),
    )


def other_weekends(problem: Problem, agent: int) -> tuple[Problem | None, bool]:
    """A problem with other free weekends of an agent that leave it legal weeks.

    Parameters
    ----------
    problem
        With `planned_off` where a rule asks for free weekends.
    agent
        By number; the weekends planned for it leave none.

    Returns
    -------
    tuple
        None without such weekends, and whether it is proven that there are none.
    """
    name, every = problem.agents[agent].agent, problem.rules.weekends_off_in
    if every is None or name not in problem.planned_off:
        return None, True
    proven = True
    for off in _fewest_off(problem, agent, every):
        changed = replace(problem, planned_off={**problem.planned_off, name: off})
        found = work_alone(changed, agent)
        if found.begins is not None:
            return changed, False
        proven &= found.proven
    return None, proven


def _fewest_off(problem: Problem, agent: int, every: int) -> Iterator[frozenset[int]]:
    """Days of the free weekends of each way to keep the rule that has none to spare."""
    plans = [
        frozenset(
            day for days, free in zip(problem.weekends, plan, strict=True) if free for day in days
        )
        for plan in weekend_plans(problem, agent, every)
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


def _with_rests(problem: Problem, matrix: Matrix, part: Slice) -> Slice:
    """The same with the begin of each week's rest as columns, none of them in a shift."""
    need = rest_intervals(problem)
    if need is None:
        return part
    group, past = matrix.layout.groups[0], [spell[:2] for spell in problem.past[0]]
    weeks = [week_bounds(problem, week) for week in range(-1, problem.weeks)]
    if not owed_before(problem, 0, weeks[0], need):
        weeks = weeks[1:]
    y = np.searchsorted(part.free, matrix.columns.y[0])
    rows: list[tuple[np.ndarray, float, float]] = []
    begins: list[np.ndarray] = []
    at, size = [], len(part.free)
    for week in weeks:
        begins.append(_begins(week, begins[-1] if begins else None, need, past, group.ends))
        at.append(size + np.arange(len(begins[-1])))
        size += len(begins[-1])
        rows.append((at[-1], 1.0, 1.0))
    for found, columns in zip(begins, at, strict=True):
        for begin, column in zip(found.tolist(), columns.tolist(), strict=True):
            hit = (group.starts < begin + need) & (group.ends > begin)
            for day in np.unique(group.start_day[hit]):
                today = y[hit & (group.start_day == day)]
                rows.append((np.append(today, column), -np.inf, 1.0))
    for i in range(len(weeks) - 1):
        for number, begin in enumerate(begins[i].tolist()):
            soon = at[i + 1][begins[i + 1] < begin + need]
            if len(soon):
                rows.append((np.concatenate([at[i][number:], soon]), -np.inf, 1.0))
    return _extended(part, rows, size - len(part.free))


def _begins(
    week: Span, before: np.ndarray | None, need: int, past: list[Span], ends: np.ndarray
) -> np.ndarray:
    """Begins of a week's rest that are enough: as early as the week, a shift or the rest before."""
    first, last = -((need - week[0]) // 2), (week[1] - need) // 2
    after = np.zeros(0, dtype=int) if before is None else before + need
    found = np.unique(np.concatenate([[first], ends, [end for _, end in past], after])).astype(int)
    found = found[(found >= first) & (found <= last)]
    for start, end in past:
        found = found[(found + need <= start) | (found >= end)]
    return found


def _extended(part: Slice, rows: list[tuple[np.ndarray, float, float]], more: int) -> Slice:
    """A slice with more columns that are 0 or 1, and rows that add up columns."""
    columns = np.concatenate([row[0] for row in rows])
    number = np.repeat(np.arange(len(rows)), [len(row[0]) for row in rows])
    shape = len(rows), len(part.free) + more
    added = sparse.coo_array((np.ones(len(columns)), (number, columns)), shape=shape)
    wide = sparse.hstack([part.rows, sparse.csr_array((part.rows.shape[0], more))])
    limits = np.array([row[1:] for row in rows])
    return replace(
        part,
        kind=np.append(part.kind, np.full(more, -1)),
        rows=sparse.csr_array(sparse.vstack([wide, added])),
        row_low=np.append(part.row_low, limits[:, 0]),
        row_high=np.append(part.row_high, limits[:, 1]),
        low=np.append(part.low, np.zeros(more)),
        high=np.append(part.high, np.ones(more)),
        cost=np.append(part.cost, np.zeros(more)),
    )
