"""A crew of named agents back to counts, so that the solver can go on from it."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.derived import count_ended, set_slacks
from wfm.scheduling.crew import CAMPAIGN, QUEUE, Crew


def count_crew(matrix: Matrix, crew: Crew) -> np.ndarray:
    """Whole values of all columns for a legal crew.

    Parameters
    ----------
    matrix
        Of the whole problem.
    crew
        Legal, each shift with its breaks in order.
    """
    layout, columns = matrix.layout, matrix.columns
    values = np.zeros(len(matrix.cost))
    for h, one in enumerate(layout.classes):
        in_band = layout.groups[one.group].in_band
        index = layout.groups[one.group].number
        days = layout.problem.days_of(one.week)
        for agent in one.agents:
            starts = {d: s for d, s in crew.starts[int(agent)].items() if d in days}
            at = [index[s] for s in starts.values()]
            band = int(np.flatnonzero(in_band[:, at].all(axis=1))[-1])
            values[columns.n[h][band]] += 1
            for day, start in starts.items():
                values[columns.m[h][band, day - days[0]]] += 1
                values[columns.x[one.group][band, index[start]]] += 1
    for number, group in enumerate(layout.groups):
        x = columns.x[number]
        values[columns.y[number]] = np.where(x >= 0, values[x], 0).sum(axis=0)
        for agent in group.agents:
            for begin in crew.starts[int(agent)].values():
                codes = crew.plan[int(agent), crew.span(int(agent), begin)]
                for i, _ in group.breaks_of(begin.kind):
                    values[columns.k[number][i][begin.start + int(np.argmax(codes == i))]] += 1
    matrix.count_due(values)
    for number in range(len(layout.skill_sets)):
        _work(matrix, crew, number, values)
    set_slacks(matrix, values)
    count_ended(matrix, values)
    return values


def _work(matrix: Matrix, crew: Crew, number: int, values: np.ndarray) -> None:
    """Staff on queues, and outbound runs as chains of blocks."""
    layout, columns = matrix.layout, matrix.columns
    problem, skill_set = layout.problem, layout.skill_sets[number]
    members = np.concatenate([g.agents for g in layout.groups if g.skill_set == number])
    plan = crew.plan[members][:, : problem.intervals]
    for row, queue in enumerate(skill_set.queues):
        values[columns.f[number][row]] = (plan == QUEUE + queue).sum(axis=0)
    for campaign in skill_set.campaigns:
        busy = np.pad((plan == CAMPAIGN + campaign).astype(int), ((0, 0), (1, 1)))
        begins, ends = np.nonzero(np.diff(busy) == 1)[1], np.nonzero(np.diff(busy) == -1)[1]
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            while end - begin >= 2 * problem.block:
                values[columns.o[number][campaign][0, begin]] += 1
                begin += problem.block
            values[columns.o[number][campaign][end - begin - problem.block, begin]] += 1
