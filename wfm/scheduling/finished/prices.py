"""The proven least cost of a problem, to price what is changed in it."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.bound import agent_bound
from wfm.scheduling.counts.linear import Running, lower_bound, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.parts import split_problem
from wfm.scheduling.problem import Problem

TOLERANCE = 1e-3
"""What a bound of a wide problem may miss of the cost; small ones are solved exactly."""


def least_cost(problem: Problem, seconds: float) -> float:
    """A bound from the linear programme, part by part [cost units].

    Parameters
    ----------
    problem
        What is scheduled.
    seconds
        Wall limit of each part; NaN without an answer.
    """
    total = 0.0
    for part in split_problem(problem):
        matrix = make_matrix(part.problem)
        whole = take_slice(matrix, np.ones(len(matrix.cost), bool), np.zeros(len(matrix.cost)))
        answer = None
        if seconds > 0:
            answer = relax(whole, TOLERANCE, seconds, Running(), proving=True)
        if answer is None:
            return float("nan")
        duals = np.zeros(len(matrix.row_low))
        duals[whole.touched] = answer.duals
        bounds = (lower_bound(matrix, duals), agent_bound(matrix, duals))
        total += max(*bounds, part.problem.min_labour)
    return total
