"""Counts: rounded bands, the sketch, and the way from names to counts and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.people import Break, Contract
from wfm.scheduling.check import check
from wfm.scheduling.counts.bands import round_bands
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.linear import Running, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.counts.sketch import share_out, sketch
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.names import name_counts


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 5), min_size=1, max_size=8), st.integers(0, 20))
def test_shared_out_is_whole_and_sums_up(wish, total):
    parts = share_out(np.array(wish), total)
    assert parts.sum() == total
    assert (parts >= 0).all()
    assert (parts == np.round(parts)).all()


@pytest.fixture(scope="module", params=["plain", "overlapping"])
def centre(request, make):
    breaks = (
        Break("break", 15, 60, 240, paid=True),
        Break("lunch", 30, 120, 300, paid=False),
    )
    full = Contract("full", 480, 450, 1, 5, breaks=breaks)
    part = Contract("part", 240, 240, 1, 3, 360, 960)
    more = {"contracts": (full, part)} if request.param == "overlapping" else {}
    problem = make(7, days=9, **more)
    return problem, make_matrix(problem)


@pytest.fixture(scope="module")
def guide(centre):
    _, matrix = centre
    part = take_slice(matrix, np.ones(len(matrix.cost), bool), np.zeros(len(matrix.cost)))
    rounded = round_bands(matrix, relax(part, 1e-4, 10, Running()).values)
    again = take_slice(matrix, ~matrix.of_kind("n"), rounded)
    rounded[again.free] = relax(again, 1e-4, 10, Running()).values
    return rounded


def test_bands_are_whole_and_hold_everybody(centre, guide):
    _, matrix = centre
    for one, n in zip(matrix.layout.classes, matrix.columns.n, strict=True):
        assert (guide[n] == np.round(guide[n])).all()
        assert guide[n].sum() == one.size


def test_a_sketch_is_whole_and_keeps_its_weeks(centre, guide):
    _, matrix = centre
    values = sketch(matrix, guide)
    assert (values == np.round(values)).all()
    assert (values >= 0).all()
    assert (values <= matrix.high).all()
    broken = broken_rows(matrix, values)
    assert set(matrix.row_rule[broken]) <= {"rest", "breaks"}


def test_a_sketch_has_as_many_at_work_as_the_guide(centre, guide):
    """What is rounded away in one band comes back in the next, as far as weeks allow."""
    _, matrix = centre
    values = sketch(matrix, guide)
    for skill_set in range(len(matrix.layout.skill_sets)):
        own = matrix.of_kind("m") & (matrix.skill_set == skill_set)
        for day in range(matrix.layout.problem.days):
            today = own & (matrix.day == day)
            assert abs(values[today].sum() - guide[today].sum()) <= 1


@pytest.mark.parametrize("seed", range(5))
def test_a_sketch_near_whole_counts_is_these_counts(centre, seed):
    """Who works when and takes which break; who is on which queue is decided anew."""
    problem, matrix = centre
    values = count_crew(matrix, first_crew(problem))
    near = values + np.random.default_rng(seed).uniform(-0.015, 0.015, len(values))
    found = sketch(matrix, np.where(matrix.of_kind("n"), values, near))
    same = matrix.of_kind("n", "m", "x", "y", "k", "w")
    assert (found[same] == values[same]).all()


def test_a_sketch_can_be_named_and_costs_the_same(centre, guide):
    problem, matrix = centre
    values = sketch(matrix, guide)
    crew = name_counts(matrix, values)
    rules = {v.rule for v in check(problem, crew.frame())}
    assert rules <= {"rest"}
    assert crew.cost() == pytest.approx(float(matrix.cost @ values))


def test_names_to_counts_and_back_keep_the_cost(centre):
    problem, matrix = centre
    crew = first_crew(problem)
    values = count_crew(matrix, crew)
    assert not len(broken_rows(matrix, values))
    assert float(matrix.cost @ values) == pytest.approx(crew.cost())
    again = name_counts(matrix, values)
    assert again.cost() <= crew.cost() + 1e-9
    assert {v.rule for v in check(problem, again.frame())} <= {"rest"}
