"""Counts to people: days and starts in turn, breaks first in first out, outbound to who fits."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.build import Matrix
from wfm.scheduling.crew import CAMPAIGN, OFF, QUEUE, Crew
from wfm.scheduling.weeks import name_week


def name_counts(matrix: Matrix, values: np.ndarray) -> Crew:
    """Give whole counts to named agents.

    Parameters
    ----------
    matrix
        Of the whole problem.
    values
        Whole values of all columns.

    Returns
    -------
    Crew
        Every count on somebody. Weeks in which rest or days a week break are left for repair.
    """
    layout = matrix.layout
    crew = Crew(layout)
    for week in range(layout.problem.weeks):
        for number in range(len(layout.groups)):
            name_week(matrix, values, crew, number, week)
    starts: list[list[tuple[int, int]]] = []
    for group in layout.groups:
        shifts = [(s, int(a)) for a in group.agents for s in crew.starts[int(a)].values()]
        starts.append(sorted(shifts))
    doing = crew.plan
    for number, group in enumerate(layout.groups):
        for start, agent in starts[number]:
            doing[agent, start : start + group.length] = QUEUE
        _take_breaks(matrix, values, number, starts[number], doing)
    for number in range(len(layout.skill_sets)):
        _share_work(matrix, values, number, doing)
    return _counted(crew, starts)


def _counted(crew: Crew, starts: list[list[tuple[int, int]]]) -> Crew:
    """A crew whose staff and cost follow its plan."""
    fresh = Crew(crew.layout)
    for group, shifts in zip(crew.layout.groups, starts, strict=True):
        for start, agent in shifts:
            fresh.put(agent, start, crew.plan[agent, start : start + group.length].copy())
    return fresh


def _take_breaks(
    matrix: Matrix,
    values: np.ndarray,
    number: int,
    shifts: list[tuple[int, int]],
    doing: np.ndarray,
) -> None:
    """The r-th shift to start takes the r-th break of each kind."""
    for i, (length, earliest, _) in enumerate(matrix.layout.groups[number].pauses):
        k = matrix.columns.k[number][i]
        at = np.flatnonzero(k >= 0)
        begun = np.repeat(at, np.round(values[k[at]]).astype(int)).tolist()
        if len(begun) != len(shifts):
            begun = [start + earliest for start, _ in shifts]
        for (_, agent), begin in zip(shifts, begun, strict=True):
            doing[agent, begin : begin + length] = i


def _share_work(matrix: Matrix, values: np.ndarray, number: int, doing: np.ndarray) -> None:
    """Outbound blocks and queues of a skill set to its agents, interval by interval."""
    layout, columns = matrix.layout, matrix.columns
    skill_set, problem = layout.skill_sets[number], layout.problem
    members = np.concatenate([g.agents for g in layout.groups if g.skill_set == number])
    plan = doing[members]
    working = plan >= QUEUE
    run = np.zeros(plan.shape, dtype=int)
    for t in range(plan.shape[1] - 1, -1, -1):
        after = run[:, t + 1] if t + 1 < plan.shape[1] else 0
        run[:, t] = np.where(working[:, t], after + 1, 0)
    until = np.zeros(len(members), dtype=int)
    last = np.full(len(members), OFF)
    queue_codes = [QUEUE + q for q in skill_set.queues]
    for t in range(plan.shape[1]):
        here = working[:, t]
        if not here.any():
            continue
        idle = here & (until <= t)
        if t < problem.intervals:
            for campaign, length in _blocks_at(matrix, values, number, t):
                fits = np.flatnonzero(idle & (run[:, t] >= length))
                if not len(fits):
                    continue
                code = CAMPAIGN + campaign
                chosen = fits[np.lexsort((run[fits, t], last[fits] != code))[0]]
                plan[chosen, t : t + length] = code
                until[chosen], idle[chosen] = t + length, False
            quota = np.round(values[columns.f[number][:, t]]).astype(int)
        else:
            quota = np.zeros(len(queue_codes), dtype=int)
        left = np.flatnonzero(idle)
        plan[left, t] = _split(last[left], queue_codes, quota)
        last[here] = plan[here, t]
        last[~here] = OFF
    doing[members] = plan


def _blocks_at(matrix: Matrix, values: np.ndarray, number: int, t: int) -> list[tuple[int, int]]:
    """Outbound blocks (campaign, length) that begin at an interval, the longest first."""
    least = matrix.layout.problem.block
    found: list[tuple[int, int]] = []
    for campaign, o in matrix.columns.o[number].items():
        for row in range(len(o) - 1, -1, -1):
            if o[row, t] >= 0:
                found += [(campaign, least + row)] * round(values[o[row, t]])
    return sorted(found, key=lambda block: -block[1])


def _split(before: np.ndarray, codes: list[int], quota: np.ndarray) -> np.ndarray:
    """Queue codes for idle agents: who was on a queue stays while it needs anybody."""
    result = np.full(len(before), OFF)
    left = quota.copy()
    for i, code in enumerate(codes):
        stay = np.flatnonzero((before == code) & (result == OFF))[: left[i]]
        result[stay] = code
        left[i] -= len(stay)
    rest = np.flatnonzero(result == OFF)
    wanted = np.repeat(codes, np.maximum(left, 0))
    given = min(len(rest), len(wanted))
    result[rest[:given]] = wanted[:given]
    for i in rest[given:]:
        result[i] = before[i] if before[i] in codes else codes[0]
    return result
