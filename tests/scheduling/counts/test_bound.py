"""The bound from prices: below every schedule, and as good as the exact LP at its duals."""

import numpy as np
import pytest

from wfm.scheduling.counts.bound import agent_bound
from wfm.scheduling.counts.linear import Running, lower_bound, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.people.construct import first_crew


@pytest.fixture(scope="module")
def centre(make):
    problem = make(7, days=4, heads={"voice": 3})
    return make_matrix(problem), first_crew(problem)


def test_any_prices_give_a_bound(centre):
    matrix, crew = centre
    random = np.random.default_rng(0)
    for _ in range(40):
        duals = random.normal(0, 6, len(matrix.row_low))
        assert agent_bound(matrix, duals) <= crew.cost() * matrix.layout.problem.scale


def test_at_the_duals_of_the_lp_it_is_as_good_as_the_lp(centre):
    matrix, crew = centre
    part = take_slice(matrix, np.ones(len(matrix.cost), dtype=bool), np.zeros(len(matrix.cost)))
    found = relax(part, 1e-6, 30, Running())
    duals = np.zeros(len(matrix.row_low))
    duals[part.touched] = found.duals
    exact, priced = lower_bound(matrix, duals), agent_bound(matrix, duals)
    assert priced <= crew.cost()
    assert priced >= 0.985 * exact


def test_the_bound_of_a_solved_problem_is_below_its_optimum(make):
    from wfm.scheduling.solve import solve

    problem = make(2, days=2, heads={"voice": 1})
    schedule = solve(problem, seconds=10)
    matrix = make_matrix(problem)
    random = np.random.default_rng(1)
    duals = random.normal(0, 6, len(matrix.row_low))
    assert agent_bound(matrix, duals) <= schedule.objective
