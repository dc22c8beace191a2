"""The proven least cost of a problem, to price what is changed in it."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.linear import Running, lower_bound, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.parts import split_problem
from wfm.scheduling.problem import Problem

TOLERANCE = 1e-5


def least_cost(problem: Problem, seconds: float) -> float:
    """A bound from the linear programme, part by part [cost units].

    Parameters
    ----------
    problem
        What is scheduled.
    seconds
        Wall limit; NaN without an answer.
    """
    total = 0.0
    for part in split_problem(problem):
        matrix = make_matrix(part.problem)
        whole = take_slice(matrix, np.ones(len(matrix.cost), bool), np.zeros(len(matrix.cost)))
        answer = relax(whole, TOLERANCE, seconds, Running()) if seconds > 0 else None
        if answer is None:
            return float("nan")
        duals = np.zeros(len(matrix.row_low))
        duals[whole.touched] = answer.duals
        total += max(lower_bound(matrix, duals), part.problem.min_labour)
    return total
