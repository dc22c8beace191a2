"""A search counted in moves instead of seconds: the same seed and moves give the same schedule."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.clock import Clock
from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.days import day_columns
from wfm.scheduling.counts.derived import broken_rows, set_slacks
from wfm.scheduling.counts.linear import take_slice
from wfm.scheduling.counts.rounding import round_slice

ENDLESS_S = 1e9


def improve_by_moves(
    matrix: Matrix, values: np.ndarray, clock: Clock, seed: int, moves: int
) -> np.ndarray:
    """Round some days again and again, one after the other, and keep what is cheaper.

    Parameters
    ----------
    matrix
        Of the whole problem.
    values
        Whole counts that break no row.
    clock
        May cancel; its seconds decide nothing.
    seed
        Of the choices.
    moves
        How many days or pairs of days to round.

    Returns
    -------
    numpy.ndarray
        Whole counts, not dearer than those given.
    """
    problem = matrix.layout.problem
    random = np.random.default_rng(seed)
    slack = matrix.of_kind("slack")
    dearest = [
        float(matrix.cost @ (values * (slack & (matrix.day == day)))) for day in range(problem.days)
    ]
    first = np.argsort(dearest, kind="stable")[::-1].tolist()
    cost = float(matrix.cost @ values)
    for move in range(moves):
        clock.tick("improve")
        if clock.cancelled:
            break
        days = {first[move]} if move < len(first) else _some_days(random, problem.days)
        free = np.zeros(len(matrix.cost), dtype=bool)
        for day in days:
            free |= day_columns(matrix, day)
        part = take_slice(matrix, free & (matrix.high > matrix.low), values)
        cutoff = float(part.cost @ values[part.free])
        own = int(random.integers(2**31))
        found = round_slice(part, ENDLESS_S, clock.running, cutoff=cutoff, seed=own)
        if found is None:
            continue
        merged = values.copy()
        merged[part.free] = found
        set_slacks(matrix, merged)
        new = float(matrix.cost @ merged)
        if new < cost and not len(broken_rows(matrix, merged)):
            values, cost = merged, new
            clock.better(cost * problem.scale)
    return values


def _some_days(random: np.random.Generator, days: int) -> set[int]:
    """One day or two."""
    count = min(int(random.integers(1, 3)), days)
    return {int(day) for day in random.choice(days, size=count, replace=False)}
