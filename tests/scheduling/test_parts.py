"""Pools, parts and who serves which queue."""

import dataclasses

import numpy as np
import pytest

from wfm.scheduling.check import check, price
from wfm.scheduling.parts import join_parts, split_problem
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.settle import settle_queues, switches
from wfm.scheduling.pool import pool_queues
from wfm.scheduling.solve import solve


@pytest.fixture(scope="module")
def centre(make, parts):
    """Callers of two skills, and a written team of two queues that share nothing with them."""
    callers = parts["people"](6, "voice|surveys")
    callers[1] = dataclasses.replace(callers[1], skills=frozenset({"voice", "orders"}))
    written = [
        dataclasses.replace(a, agent=f"w{i}", skills=frozenset({"written"}))
        for i, a in enumerate(parts["people"](3))
    ]
    heads = {"voice": 2, "orders": 1, "chat": 1, "mail": 1}
    return make(
        [*callers, *written],
        days=3,
        heads=heads,
        skills={"chat": "written", "mail": "written"},
    )


def test_queues_of_the_same_people_become_one_and_their_steps_add_up(centre):
    pooled, pools = pool_queues(centre)
    names = [[centre.queues[q] for q in pool] for pool in pools]
    assert sorted(map(sorted, names)) == [["chat", "mail"], ["orders"], ["voice"]]
    one = next(i for i, pool in enumerate(pools) if len(pool) == 2)
    assert (pooled.required[one] == centre.required[pools[one]].sum(axis=0)).all()
    assert (pooled.widths[:, one].sum(axis=0) == pooled.required[one]).all()


def test_parts_share_nobody_and_nothing(centre):
    found = split_problem(centre)
    assert [len(p.agents) for p in found] == [3, 6]
    assert sorted(np.concatenate([p.agents for p in found])) == list(range(9))
    assert found[0].problem.campaigns == ()
    assert len(found[1].problem.campaigns) == 1


def test_costs_of_the_parts_add_up_after_queues_are_settled(centre):
    found = split_problem(centre)
    crews = [first_crew(p.problem) for p in found]
    crew = join_parts(centre, found, crews)
    settle_queues(crew)
    frame = crew.frame()
    assert check(centre, frame) == []
    total = sum(c.cost() for c in crews) * centre.scale
    assert price(centre, frame).objective <= total + 1e-6


def test_settling_again_changes_nothing_and_never_adds_cost(centre):
    found = split_problem(centre)
    crew = join_parts(centre, found, [first_crew(p.problem) for p in found])
    settle_queues(crew)
    before, changes = crew.cost(), switches(crew)
    settle_queues(crew)
    assert crew.cost() == pytest.approx(before)
    assert switches(crew) <= changes


def test_a_dear_change_of_queue_is_made_less_often(centre):
    dear = dataclasses.replace(
        centre, weights=dataclasses.replace(centre.weights, switching=1000.0)
    )
    counts = []
    for problem in (centre, dear):
        found = split_problem(problem)
        crew = join_parts(problem, found, [first_crew(p.problem) for p in found])
        settle_queues(crew)
        counts.append(switches(crew))
        terms = price(problem, crew.frame()).terms
        assert terms.get("switching", 0.0) == problem.weights.switching * counts[-1]
    assert counts[1] <= counts[0]
    assert counts[1] == 0


def test_bounds_of_the_parts_add_up_to_a_bound(centre):
    schedule = solve(centre, seconds=6)
    assert schedule.violations == ()
    assert schedule.min_labour <= schedule.bound <= schedule.objective
