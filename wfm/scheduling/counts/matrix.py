"""The matrix of a problem: every rule states itself, in the order of the table."""

from __future__ import annotations

from dataclasses import replace

from wfm.scheduling.counts.build import Build, Matrix
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.crew import Crew
from wfm.scheduling.groups import Layout
from wfm.scheduling.problem import Problem
from wfm.scheduling.rules import RULES


def make_matrix(problem: Problem, layout: Layout | None = None) -> Matrix:
    """The matrix of a problem, with every rule in it."""
    build = Build(problem, layout)
    for rule in RULES:
        build.rule = rule.name
        rule.constrain(build)
    return build.matrix()


def settled_matrix(matrix: Matrix, crew: Crew) -> Matrix:
    """A matrix in which everybody's band and days of work are as in a crew."""
    values = count_crew(matrix, crew)
    low, high = matrix.low.copy(), matrix.high.copy()
    fixed = matrix.of_kind("n", "m")
    low[fixed] = high[fixed] = values[fixed]
    return replace(matrix, low=low, high=high)
