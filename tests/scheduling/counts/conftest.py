"""People of whom everybody has a past of its own, and the bands fitted to their guide."""

import dataclasses
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from wfm.core.people import CarryIn
from wfm.scheduling.counts.fit import close_bands, fit_bands
from wfm.scheduling.counts.linear import Running, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.kinds import exact_layout
from wfm.scheduling.problem import Problem
from wfm.scheduling.settings import Rules

MONDAY = datetime(2027, 1, 4, tzinfo=ZoneInfo("Europe/Istanbul"))
FOUR_IN_ROW = Rules(prorate_days=False, max_days_in_row=4)


def with_a_past(problem: Problem, seed: int) -> Problem:
    """The problem with an end and a row of days of last week for everybody, drawn by a seed."""
    random = np.random.default_rng(seed)
    carried = {}
    for agent in problem.agents:
        row = int(random.integers(0, 5))
        end = MONDAY + timedelta(minutes=30 * int(random.integers(-20, 10)))
        carried[agent.agent] = CarryIn(end if row else None, row)
    return dataclasses.replace(problem, carried=carried)


@pytest.fixture(scope="session")
def fitted(make, parts):
    """Matrix of people who differ, the rough one, its guide, and the bands fitted to that."""

    def fit(seed: int, people: int):
        problem = make(parts["people"](people), days=7, rules=FOUR_IN_ROW, hours=(0, 24))
        rough = make_matrix(with_a_past(problem, seed))
        free = np.ones(len(rough.cost), dtype=bool)
        first = relax(take_slice(rough, free, np.zeros(len(rough.cost))), 1e-4, 120, Running())
        matrix = make_matrix(rough.layout.problem, exact_layout(rough.layout))
        close_bands(matrix, rough, first.values)
        return matrix, rough, first.values, fit_bands(matrix, rough, first.values)

    return fit
