"""What follows from whole counts: heads missing and too many, breaks that wait, broken rows."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.build import Matrix

NEAR = 0.02
"""A value this close to a whole number is meant to be it."""


def free_rows(matrix: Matrix, skill_set: int) -> np.ndarray:
    """Rows that balance the free staff of a skill set, by interval."""
    intervals = matrix.layout.problem.intervals
    return np.arange(skill_set * intervals, (skill_set + 1) * intervals)


def set_slacks(matrix: Matrix, values: np.ndarray) -> None:
    """Set what is missing and above, of queues and campaigns, from the other columns, in place."""
    columns, problem = matrix.columns, matrix.layout.problem
    sets = matrix.layout.skill_sets
    for queue, required in enumerate(problem.required):
        staff = np.zeros(problem.intervals)
        for skill_set, f in zip(sets, columns.f, strict=True):
            if queue in skill_set.queues:
                staff += values[f[skill_set.queues.index(queue)]]
        left = np.maximum(required - staff, 0)
        for column in columns.under[queue]:
            most = np.where(column >= 0, matrix.high[column], 0)
            part = np.minimum(left, most)
            values[column[column >= 0]] = part[column >= 0]
            left = left - part
        over, column = np.maximum(staff - required, 0), columns.over[queue]
        values[column[column >= 0]] = over[column >= 0]
    for campaign, target in enumerate(problem.targets):
        placed = 0.0
        for blocks in columns.o:
            if campaign in blocks:
                o = blocks[campaign]
                lengths = problem.block + np.arange(len(o))[:, None]
                placed += float((np.where(o >= 0, values[o], 0) * lengths).sum())
        values[columns.short[campaign]] = max(target - placed, 0)
        values[columns.excess[campaign]] = max(placed - target, 0)
    _set_limits(matrix, values)


def _set_limits(matrix: Matrix, values: np.ndarray) -> None:
    """Heads outside staff limits and those too many on a break, in place."""
    for _, slack, _ in matrix.columns.limits:
        values[slack[slack >= 0]] = 0.0
    rows = matrix.rows.tocsr() if matrix.columns.limits else matrix.rows
    gaps = []
    for at, slack, value in matrix.columns.limits:
        used = at[at >= 0]
        heads = np.asarray(rows[used] @ values)
        gap = matrix.row_low[used] - heads if value > 0 else heads - matrix.row_high[used]
        gaps.append((slack[slack >= 0], np.ceil(gap / abs(value) - NEAR)))
    for slack, gap in gaps:
        values[slack] = np.maximum(values[slack], gap)


def broken_rows(matrix: Matrix, values: np.ndarray) -> np.ndarray:
    """Rows that some values break."""
    done = matrix.rows @ values
    return np.flatnonzero((done < matrix.row_low - NEAR) | (done > matrix.row_high + NEAR))


def count_ended(matrix: Matrix, values: np.ndarray) -> None:
    """Breaks ended whose successor has not begun, where their order is stated, in place."""
    for came, went, stock in matrix.columns.waiting:
        running = np.cumsum(
            np.where(came >= 0, values[came], 0) - np.where(went >= 0, values[went], 0)
        )
        values[stock[stock >= 0]] = running[stock >= 0]
