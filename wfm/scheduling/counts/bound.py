"""A true lower bound from rough duals: everybody answers the prices of staff in the best way.

Any prices of the rows that join agents (coverage, outbound, rest) give a bound when each agent's
own week is then chosen exactly: breaks, starts, days and band. So a guide that is far from
converged already proves nearly as much as the exact linear programme.
"""

from __future__ import annotations

import math

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.linear import WHOLE
from wfm.scheduling.rules.outbound_hours import block_lengths

OWN = ("band", "days_per_week", "one_shift_a_day", "starts", "breaks", "break_spacing")
"""Rules whose rows concern one agent's week; the agent's best answer keeps them by itself."""


def agent_bound(matrix: Matrix, duals: np.ndarray) -> float:
    """A bound of every legal schedule's cost from the prices of the joining rows [cost units].

    Parameters
    ----------
    matrix
        Of the whole problem.
    duals
        One a row, from any linear programme over it, however rough.
    """
    y = _signed(matrix, np.where(np.isin(matrix.row_rule, OWN), 0.0, duals))
    _price_staff(matrix, y)
    limits = np.where(y > 0, matrix.row_low, matrix.row_high)
    value = float((np.where(y == 0, 0.0, limits) * y).sum())
    reduced = matrix.cost - matrix.rows.T @ y
    joint = matrix.of_kind("f", "o", "slack")
    value += float((matrix.high * np.minimum(reduced, 0.0))[joint].sum())
    value += sum(_weeks(matrix, reduced, number) for number in range(len(matrix.layout.groups)))
    problem = matrix.layout.problem
    paid_whole = all(
        float(paid).is_integer() for group in matrix.layout.groups for paid in group.paid
    )
    if problem.whole and paid_whole:
        value = math.ceil(value - WHOLE)
    return value * problem.scale


def _signed(matrix: Matrix, duals: np.ndarray) -> np.ndarray:
    """Duals whose sign fits a limit that is there."""
    y = np.where((duals > 0) & ~np.isfinite(matrix.row_low), 0.0, duals)
    return np.asarray(np.where((y < 0) & ~np.isfinite(matrix.row_high), 0.0, y))


def _price_staff(matrix: Matrix, y: np.ndarray) -> None:
    """Prices of free staff just high enough that work on queues and campaigns pays, in place."""
    problem, columns, weights = matrix.layout.problem, matrix.columns, matrix.layout.problem.weights
    covers = np.flatnonzero(matrix.row_rule == "coverage")
    queues = len(problem.queues) * problem.intervals
    y[covers[:queues]] = np.clip(y[covers[:queues]], -weights.over, max(weights.under))
    targets = covers[queues:]
    y[targets] = np.clip(y[targets], -problem.outbound_excess, problem.outbound_short)
    lengths = np.array(block_lengths(problem))
    for number, f in enumerate(columns.f):
        rows = slice(number * problem.intervals, (number + 1) * problem.intervals)
        y[rows] = 0.0
        staff = (-(matrix.cost - matrix.rows.T @ y)[f]).max(axis=0)
        y[rows] = staff
        reduced = matrix.cost - matrix.rows.T @ y
        more = np.zeros(problem.intervals)
        for o in columns.o[number].values():
            for row, length in zip(o, lengths, strict=True):
                lost = np.where(row >= 0, -np.minimum(reduced[row], 0.0), 0.0) / length
                for offset in range(length):
                    part = lost[: len(lost) - offset]
                    more[offset:] = np.maximum(more[offset:], part)
        y[rows] += more


def _weeks(matrix: Matrix, reduced: np.ndarray, number: int) -> float:
    """Least cost of a group's weeks at these prices."""
    layout, columns = matrix.layout, matrix.columns
    group = layout.groups[number]
    shift = reduced[columns.y[number]].copy()
    for kind, (_, earliest, latest), k in zip(
        group.pause_kind, group.pauses, columns.k[number], strict=True
    ):
        own = group.of_kind(kind)
        at = group.starts[own, None] + np.arange(earliest, latest + 1)
        shift[own] += np.where(k[at] >= 0, reduced[k[at]], np.inf).min(axis=1)
    x = columns.x[number]
    starts = np.where(x >= 0, reduced[x] + shift, np.inf)
    days = np.full((len(x), layout.problem.days), np.inf)
    for day in range(layout.problem.days):
        today = group.start_day == day
        if today.any():
            days[:, day] = starts[:, today].min(axis=1)
    total = 0.0
    for one, n, m in zip(layout.classes, columns.n, columns.m, strict=True):
        if one.group != number:
            continue
        open_days = matrix.high[m] > 0
        costs = np.where(open_days, days[:, np.array(layout.problem.days_of(one.week))], np.inf)
        costs = np.sort(costs + np.where(open_days, reduced[m], 0.0), axis=1)
        best = costs[:, : one.fewest].sum(axis=1)
        best += np.minimum(costs[:, one.fewest : one.most], 0.0).sum(axis=1)
        best += reduced[n]
        total += one.size * float(best[matrix.high[n] > 0].min())
    return total
