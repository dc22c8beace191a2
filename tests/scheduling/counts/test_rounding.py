"""Rounding by the LP, and the exact search among what it leaves open."""

from dataclasses import replace

import numpy as np
import pytest

from wfm.scheduling.counts.build import KINDS
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.days import day_columns
from wfm.scheduling.counts.linear import Running, holds, narrowed, simplex, take_slice, whole
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.counts.rounding import exact_slice, round_slice
from wfm.scheduling.people.construct import first_crew


@pytest.fixture(scope="module")
def day(make):
    problem = make(7, days=7)
    matrix = make_matrix(problem)
    values = count_crew(matrix, first_crew(problem))
    part = take_slice(matrix, day_columns(matrix, 2) & (matrix.high > matrix.low), values)
    return part, values[part.free]


@pytest.fixture(scope="module")
def best(day):
    part, hint = day
    found = whole(part, hint, 20, Running())
    assert found.proven
    return part.cost @ found.values


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_rounding_is_whole_legal_and_not_below_the_lp(day, best, seed):
    part, _ = day
    found = round_slice(part, 10, Running(), seed=seed)
    assert (found == np.round(found)).all()
    assert holds(part, found)
    assert best <= part.cost @ found <= best * 1.1


def test_nothing_is_cheaper_than_the_best(day, best):
    assert round_slice(day[0], 10, Running(), cutoff=best) is None


def test_a_stopped_rounding_has_no_answer(day):
    running = Running()
    running.stop()
    assert round_slice(day[0], 10, running) is None


def test_the_exact_search_finds_the_same_best(day, best):
    part, hint = day
    found = exact_slice(part, hint, 20, Running(), seed=0, small_gap=0.0)
    assert holds(part, found.values)
    assert part.cost @ found.values == best


def test_what_the_lp_rules_out_holds_no_better_answer(day, best):
    part = day[0]
    vertex = simplex(part, 10, Running())
    assert vertex.objective <= best + 1e-6
    narrow = narrowed(part, vertex, best)
    assert (narrow.low == narrow.high).sum() > (part.low == part.high).sum()
    found = whole(narrow, None, 20, Running())
    assert part.cost @ found.values == best


def test_the_simplex_takes_fixed_columns_as_they_are(day):
    part, hint = replace(day[0], low=day[0].low.copy(), high=day[0].high.copy()), day[1]
    some = np.isin(part.kind, [KINDS.index(kind) for kind in "mxy"])
    part.low[some] = part.high[some] = hint[some]
    vertex = simplex(part, 10, Running())
    assert (vertex.values[some] == hint[some]).all()
    assert vertex.objective <= part.cost @ hint + 1e-6
