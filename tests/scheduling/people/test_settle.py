"""Best people first and spare people to the highest priority, never at the cost of coverage."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfm.scheduling.check import check, price
from wfm.scheduling.crew import QUEUE, Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.people.settle import settle_queues
from wfm.scheduling.problem import Begin
from wfm.scheduling.solve import solve

BOTH = frozenset({"mail", "voice"})
MAIL, VOICE = QUEUE, QUEUE + 1
AT = 8 * 4 + 4
"""Half an hour past nine: everybody is on duty, nobody on a break."""


@pytest.fixture
def crew(make, parts):
    """Full shifts from eight for some people on both queues; everybody on mail at first."""

    def build(levels, heads, priorities=None, skills=BOTH):
        people = [
            dataclasses.replace(
                parts["people"](1)[0], agent=f"a{i}", skills=skills, levels=tuple(own.items())
            )
            for i, own in enumerate(levels)
        ]
        problem = make(people, days=1, heads=heads, campaigns=(), minutes=15)
        problem = dataclasses.replace(problem, queue_priorities=priorities or {})
        made = Crew(make_layout(problem))
        for agent in range(len(people)):
            made.put(agent, Begin(8 * 4), np.full(32, MAIL, dtype=np.int16))
        return made

    return build


def test_a_queue_gets_who_serves_it_best(crew):
    """Two people for one head on each queue: each does what it does best."""
    made = crew([{"mail": 2}, {"voice": 2}], {"mail": 1, "voice": 1})
    settle_queues(made)
    assert made.plan[:, AT].tolist() == [VOICE, MAIL]


def test_the_least_sum_of_levels_wins(crew):
    """a0 is 1 and 3, a1 is 1 and 2, a2 is 4 and 1: 1 + 2 + 1 is less than any other."""
    levels = [{"voice": 3}, {"voice": 2}, {"mail": 4}]
    made = crew(levels, {"mail": 1, "voice": 2})
    settle_queues(made)
    assert made.plan[:, AT].tolist() == [MAIL, VOICE, VOICE]


def test_spare_people_go_to_the_highest_priority(crew):
    for first, queue in (("mail", MAIL), ("voice", VOICE)):
        made = crew([{}] * 5, {"mail": 1, "voice": 1}, {first: 1})
        settle_queues(made)
        assert (made.plan[:, AT] == queue).sum() == 4


def test_who_is_short_is_the_lowest_priority(crew):
    made = crew([{}] * 3, {"mail": 2, "voice": 2}, {"voice": 1, "mail": 2})
    settle_queues(made)
    assert (made.plan[:, AT] == VOICE).sum() == 2


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=9),
    st.tuples(st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_levels_and_priorities_never_cost_coverage(crew, levels, heads, ranks):
    needs = {"mail": heads[0], "voice": heads[1]}
    plain = crew([{}] * len(levels), needs)
    settle_queues(plain)
    own = [{"mail": mail, "voice": voice} for mail, voice in levels]
    made = crew(own, needs, dict(zip(("mail", "voice"), ranks, strict=True)))
    settle_queues(made)
    assert made.cost() == pytest.approx(plain.cost())


def test_a_solved_schedule_has_the_same_coverage_and_better_levels(make, parts):
    people = [
        dataclasses.replace(a, skills=BOTH, levels=(("mail" if i % 2 else "voice", 2),))
        for i, a in enumerate(parts["people"](8))
    ]
    plain = make(
        [dataclasses.replace(a, levels=()) for a in people],
        days=3,
        heads={"mail": 2, "voice": 2},
        campaigns=(),
    )
    rich = dataclasses.replace(plain, agents=tuple(people))
    one, other = (solve(problem, moves=2) for problem in (plain, rich))
    assert not check(rich, other.frame)
    assert price(plain, one.frame).objective == price(rich, other.frame).objective

    def best(frame):
        level = {a.agent: dict(a.levels) for a in people}
        own = frame[frame["activity"] == "inbound"]
        hours = (own["end"] - own["start"]).dt.total_seconds()
        first = [level[a].get(q, 1) == 1 for a, q in zip(own["agent"], own["queue"], strict=True)]
        return hours[first].sum() / hours.sum()

    assert best(other.frame) > best(one.frame)
