"""The proof that nothing keeps what is asked of several people together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wfm.scheduling.clock import WORKERS
from wfm.scheduling.counts.linear import Running, dual_value, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
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
