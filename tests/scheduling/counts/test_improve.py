"""Neighbourhoods never make a schedule worse or break a row."""

import pytest

from wfm.scheduling.clock import Clock
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.improve import Improve
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.people.construct import first_crew


@pytest.fixture(scope="module")
def start(make):
    problem = make(8, days=7, heads={"voice": 3})
    matrix = make_matrix(problem)
    return matrix, count_crew(matrix, first_crew(problem))


def test_a_search_saves_something_and_breaks_nothing(start):
    matrix, values = start
    before = float(matrix.cost @ values)
    runs: list[Improve] = []
    clock = Clock(30, stop=lambda: bool(runs) and runs[0].cost < before)  # on a busy machine too
    improve = Improve(matrix, values.copy(), clock, 0, 0.2)
    runs.append(improve)
    improve.run()
    assert improve.cost < before
    assert improve.cost == pytest.approx(float(matrix.cost @ improve.values))
    assert not len(broken_rows(matrix, improve.values))


@pytest.mark.parametrize("kind", ["day", "days", "groups"])
def test_each_kind_frees_some_columns_and_not_all(start, kind):
    matrix, values = start
    improve = Improve(matrix, values.copy(), Clock(1), 0, 0.2)
    improve._worth = {kind: 1.0}
    improve._first = []
    chosen = improve._choose([])
    assert chosen.kind == kind
    assert 0 < chosen.free.sum() < len(matrix.cost)


def test_without_time_nothing_changes(start):
    matrix, values = start
    improve = Improve(matrix, values.copy(), Clock(0.1), 0, 0.2)
    improve.run()
    assert (improve.values == values).all()
