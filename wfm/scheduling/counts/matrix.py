"""The matrix of a problem: every rule states itself, in the order of the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy import sparse

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
    return fixed_at(matrix, count_crew(matrix, crew))


def fixed_at(matrix: Matrix, values: np.ndarray) -> Matrix:
    """A matrix in which bands and days of work are as in some whole values."""
    low, high = matrix.low.copy(), matrix.high.copy()
    fixed = matrix.of_kind("n", "m")
    low[fixed] = high[fixed] = values[fixed]
    return replace(matrix, low=low, high=high)


def own_matrix(matrix: Matrix, crew: Crew) -> Matrix:
    """A matrix in which everybody is a class and keeps the bands of a crew, but not the days.

    Days of work may change hands inside a week. What joins the days of somebody is stated for
    everybody alone, across weeks too, so that names can keep whatever is found.

    Parameters
    ----------
    matrix
        Of the problem, with an exact layout.
    crew
        Legal.
    """
    layout = matrix.layout
    classes = [
        replace(one, agents=one.agents[[i]]) for one in layout.classes for i in range(one.size)
    ]
    own = make_matrix(layout.problem, replace(layout, classes=tuple(classes), personal=True))
    values = count_crew(own, crew)
    low, high, bands = own.low.copy(), own.high.copy(), own.of_kind("n")
    low[bands] = high[bands] = values[bands]
    for n, m in zip(own.columns.n, own.columns.m, strict=True):
        high[m[values[n] == 0].ravel()] = 0
    cells, most, rules = [], [], []
    for columns, limit, rule in _across_weeks(own, values):
        cells.append(columns)
        most.append(max(limit, float(values[columns].sum())))
        rules.append(rule)
    lengths = [len(columns) for columns in cells]
    index = np.concatenate(cells) if cells else np.zeros(0, dtype=int)
    at = np.repeat(np.arange(len(cells)), lengths)
    more = sparse.csc_array((np.ones(len(index)), (at, index)), shape=(len(cells), len(low)))
    return replace(
        own,
        rows=sparse.csc_array(sparse.vstack([own.rows, more])),
        row_low=np.concatenate([own.row_low, np.full(len(cells), -np.inf)]),
        row_high=np.concatenate([own.row_high, most]),
        row_rule=np.concatenate([own.row_rule, np.array(rules, dtype=str)]),
        low=low,
        high=high,
    )


def _across_weeks(own: Matrix, values: np.ndarray) -> Iterator[tuple[np.ndarray, float, str]]:
    """Columns of days of somebody in weeks that touch, how many may be worked, and by which rule.

    Of the last day of a week and the first of the next one may be, where some starts of the two
    bands leave too little rest.
    """
    layout, problem = own.layout, own.layout.problem
    row = problem.rules.max_days_in_row
    held = {
        (int(one.agents[0]), one.week): (h, int(np.argmax(values[own.columns.n[h]])))
        for h, one in enumerate(layout.classes)
    }
    for (agent, week), (h, band) in held.items():
        if (agent, week + 1) not in held:
            continue
        h_next, band_next = held[agent, week + 1]
        days = np.concatenate([own.columns.m[h][band], own.columns.m[h_next][band_next]])
        edge = own.columns.m[h].shape[1]
        if row is not None:
            for first in range(max(edge - row, 0), min(edge, len(days) - row)):
                yield days[first : first + row + 1], float(row), "days_in_row"
        group, first_day = layout.groups[layout.classes[h].group], problem.days_of(week + 1)[0]
        last = group.in_band[band] & (group.start_day == first_day - 1)
        then = group.in_band[band_next] & (group.start_day == first_day)
        if last.any() and then.any():
            rested = int(group.ends[last].max()) + problem.rest
            if rested > int(group.starts[then].min()):
                yield days[edge - 1 : edge + 1], 1.0, "rest"
