"""Counted in moves, a search gives the same schedule twice."""

import dataclasses

import pytest

from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve


@pytest.fixture(scope="module")
def centre(make, parts):
    people = parts["people"](9)
    people[3] = dataclasses.replace(people[3], preferred_start_min=600)
    rules = Rules(prorate_days=False, max_days_in_row=5)
    return make(people, days=4, heads={"voice": 3}, rules=rules)


def test_same_seed_and_moves_give_the_same_schedule(centre):
    one, other = solve(centre, seed=3, moves=6), solve(centre, seed=3, moves=6)
    assert one.frame.equals(other.frame)
    assert (one.objective, one.bound) == (other.objective, other.bound)
    assert one.violations == ()
    assert one.stopped_by == "stall"


def test_more_moves_are_never_dearer_before_names_are_given(centre):
    few, many = solve(centre, seed=3, moves=0), solve(centre, seed=3, moves=10)
    assert many.objective <= few.objective
    assert many.bound <= many.objective
