"""A campaign that is all but done is brought to 98 %, for the first missing agents and no more."""

import dataclasses

import numpy as np
import pytest

from wfm.core.calendars import Opening
from wfm.core.work import Campaign
from wfm.scheduling.crew import CAMPAIGN, QUEUE, Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.people.reach import end_at_targets, reach_targets
from wfm.scheduling.problem import Begin

LENGTH, TEN = 8 * 4, 10 * 4
SURVEYS, VOICE, PAUSE = CAMPAIGN, QUEUE, 0
HUNDRED = Campaign("surveys", "surveys", Opening.parse("Mon-Sat 10:00-20:00"), target_h=25)


@pytest.fixture
def crew(make, parts):
    """Four people from ten to six, so many quarters of an hour of each on the campaign first.

    The four alone serve the queue that asks for `heads`; one more has no skill for the campaign.
    """

    def build(outbound, heads=4, then=VOICE):
        one = parts["people"](1)[0]
        people = [dataclasses.replace(one, agent=f"a{i}") for i in range(4)]
        people.append(dataclasses.replace(one, agent="b", skills=frozenset({"voice"})))
        problem = make(people, days=1, heads={"voice": heads}, campaigns=(HUNDRED,), minutes=15)
        made = Crew(make_layout(problem))
        for agent in range(4):
            codes = np.full(LENGTH, VOICE, dtype=np.int16)
            codes[:outbound], codes[outbound] = SURVEYS, then
            made.put(agent, Begin(TEN), codes)
        made.put(4, Begin(8 * 4), np.full(LENGTH, VOICE, dtype=np.int16))
        return made

    return build


def test_two_quarters_more_beside_the_same_work(crew):
    """Of 100, 96 are done: 98 are asked; each costs 10 for an agent missing and saves 3."""
    made = crew(24, heads=4)
    before, plan = made.cost(), made.plan.copy()
    assert reach_targets(made)
    assert made.placed.tolist() == [98]
    assert made.cost() - before == pytest.approx(2 * (10 - 3))
    agent, at = np.nonzero(made.plan != plan)
    assert (made.plan[agent, at] == SURVEYS).all()
    assert (made.plan[agent, at - 1] == SURVEYS).all()
    assert 4 not in agent


def test_a_block_where_nothing_stands_beside(crew):
    """A break follows the campaign's work, so that two quarters together are the least."""
    made = crew(24, heads=4, then=PAUSE)
    plan = made.plan.copy()
    assert reach_targets(made)
    agent, at = np.nonzero(made.plan != plan)
    assert made.placed.tolist() == [98]
    assert len(set(agent)) == 1
    assert at[1] == at[0] + 1
    assert (plan[agent, at] == VOICE).all()


def test_people_too_many_go_first(crew):
    """From four o'clock on one is above the requirement: there it saves."""
    made = crew(24, heads=4)
    late = np.arange(LENGTH - 8, LENGTH) + TEN
    made.problem.required[0, late] = made.staff[0, late] - 1
    made = _again(made)
    before = made.cost()
    assert reach_targets(made)
    assert made.cost() == pytest.approx(before - 2 * (1 + 3))


@pytest.mark.parametrize(("outbound", "placed"), [(26, 100), (25, 100), (24, 96)])
def test_what_is_beyond_the_target_goes_back_on_the_queue(crew, outbound, placed):
    """Of 104 quarters four go: each saves 1 beyond the target and 10 or 1 on the queue."""
    made = crew(outbound, heads=4)
    before = made.cost()
    assert end_at_targets(made) == (outbound == 26)
    assert made.placed.tolist() == [placed]
    assert made.cost() <= before
    assert (made.plan[4, 32:64] == VOICE).all()


@pytest.mark.parametrize(
    ("outbound", "heads", "why"),
    [(23, 4, "too far away"), (24, 40, "a queue would miss more than the first agents")],
)
def test_it_stays_as_it_was(crew, outbound, heads, why):
    made = crew(outbound, heads)
    plan, placed = made.plan.copy(), made.placed.copy()
    assert not reach_targets(made), why
    assert (made.plan == plan).all()
    assert (made.placed == placed).all()


def test_half_of_the_way_is_taken_back(crew):
    """One quarter is to be had at the first price and the second is not."""
    made = crew(24, heads=40)
    made.problem.required[0, TEN + 24] = made.staff[0, TEN + 24]
    made = _again(made)
    plan, cost = made.plan.copy(), made.cost()
    assert not reach_targets(made)
    assert (made.plan == plan).all()
    assert made.cost() == pytest.approx(cost)


def _again(made):
    """The same people at the same work, for a requirement that has changed."""
    problem = dataclasses.replace(made.problem)
    other = Crew(make_layout(problem))
    for agent, days in enumerate(made.starts):
        for begin in days.values():
            other.put(agent, begin, made.plan[agent, made.span(agent, begin)])
    return other
