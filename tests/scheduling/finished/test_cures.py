"""The true cause of a gap, and the smallest change that mends it."""

import dataclasses

import numpy as np
import pytest

from wfm.core.people import Agent, Break, Contract
from wfm.scheduling.crew import CAMPAIGN, QUEUE, Crew
from wfm.scheduling.finished.cures import diagnose
from wfm.scheduling.finished.explain import explain
from wfm.scheduling.groups import make_layout
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.problem import Begin

FULL = Contract("full", 480, 480, 1, 5, start_from_min=480, start_to_min=720)
LUNCH = dataclasses.replace(FULL, paid_min=450, breaks=(Break("lunch", 30, 120, 300, False),))


def one_shift(make, *, heads, skills=("voice",), contract=FULL):
    """One agent a, on a Monday from 08:00 to 16:00, on the first queue all the time."""
    agent = Agent("a", "A", "full", frozenset(skills))
    work = {} if "surveys" in skills else {"campaigns": ()}
    problem = make([agent], days=1, heads=heads, contracts=(contract,), **work)
    crew = Crew(make_layout(problem))
    length = crew.group(0).lengths[0]
    crew.put(0, Begin(at(problem, 8)), np.full(length, QUEUE, dtype=np.int16))
    return crew


def at(problem, hour):
    return problem.interval_at(0, round(hour * 60))


def told(crew, hour, queue=0):
    """Cause, cure and what it saves [units of an interval]."""
    return diagnose(Tours(crew), queue, at(crew.problem, hour))


def test_who_was_sent_to_outbound_work_is_put_back(make):
    crew = one_shift(make, heads={"voice": 1}, skills=("voice", "surveys"))
    crew.placed[0] = crew.problem.targets[0]
    before, first = crew.cost(), at(crew.problem, 10)
    crew.recode(0, first, np.full(2, CAMPAIGN, dtype=np.int16))
    loss = crew.cost() - before
    assert loss == 2 * (10 + 1)
    for hour in (10, 10.5):
        cause, cure, saves = told(crew, hour)
        assert (cause, saves) == ("outbound", loss)
        assert cure == "put a back on voice from Mon 2027-01-04 10:00 to 11:00"


def test_outbound_work_that_is_needed_more_stays(make):
    crew = one_shift(make, heads={"voice": 1}, skills=("voice", "surveys"))
    needed = dataclasses.replace(
        crew.problem, weights=dataclasses.replace(crew.problem.weights, outbound_short=500)
    )
    needed.required[0, : at(needed, 10)] = needed.required[0, at(needed, 11) :] = 0
    crew.problem = needed
    crew.recode(0, at(needed, 10), np.full(2, CAMPAIGN, dtype=np.int16))
    assert told(crew, 10) == ("outbound", "none: each cure costs more than the gap", 0.0)


def test_what_is_left_of_a_block_is_long_enough(make):
    """A block of 2 h is taken back from 11:00, where voice is short, but not to its last 30 min."""
    crew = one_shift(make, heads={"voice": 1}, skills=("voice", "surveys"))
    problem = dataclasses.replace(
        crew.problem, rules=dataclasses.replace(crew.problem.rules, outbound_block_min=60)
    )
    problem.required[0, : at(problem, 11)] = 0
    problem.required[0, at(problem, 11.5) :] = 0
    crew.problem = problem
    crew.recode(0, at(problem, 10), np.full(4, CAMPAIGN, dtype=np.int16))
    assert told(crew, 11)[1] == "put a back on voice from Mon 2027-01-04 11:00 to 12:00"


def test_who_was_moved_to_another_queue_is_put_back(make):
    crew = one_shift(make, heads={"mail": 1, "voice": 1}, skills=("mail", "voice"))
    problem, first = crew.problem, at(crew.problem, 9)
    problem.required[0, first : first + 3] = 0
    problem.required[1, :first] = problem.required[1, first + 4 :] = 0
    cause, cure, saves = told(crew, 9, queue=1)
    assert (cause, saves) == ("queue", 3 * (10 + 1))
    assert cure == "put a back on voice from Mon 2027-01-04 09:00 to 10:30"


def test_a_queue_that_needs_its_people_as_much_is_no_cause(make):
    crew = one_shift(make, heads={"mail": 1, "voice": 1}, skills=("mail", "voice"))
    cause, cure, _ = told(crew, 9, queue=1)
    assert cause == "absent"
    assert cure.startswith("one more agent of contract full")


def test_a_break_at_a_bad_time_is_moved(make):
    crew = one_shift(make, heads={"voice": 1}, contract=LUNCH)
    problem, lunch = crew.problem, at(crew.problem, 11)
    crew.recode(0, lunch, np.zeros(1, dtype=np.int16))
    problem.required[0, at(problem, 12) :] = 0
    assert told(crew, 11)[:2] == ("break", "move the break of a to Mon 2027-01-04 12:00")


def test_a_shift_that_is_too_early_is_moved(make):
    crew = one_shift(make, heads={"voice": 1})
    problem = crew.problem
    problem.required[0, : at(problem, 10)] = 0
    problem.required[0, at(problem, 18) :] = 0
    cause, cure, saves = told(crew, 17)
    assert (cause, saves) == ("shift", 4 * (10 + 1))
    assert cure == "move the shift of a to Mon 2027-01-04 10:00"
    locked = dataclasses.replace(problem)
    locked.__dict__["locked"] = ({0: Begin(at(problem, 8))},)
    crew.problem = locked
    assert told(crew, 17)[0] == "absent"


def test_who_is_off_and_may_come_is_asked_where_the_gap_costs_more(make):
    crew = one_shift(make, heads={"voice": 1})
    codes = crew.drop(0, 0)[1]
    before = crew.cost()
    crew.put(0, Begin(at(crew.problem, 8)), codes)
    saved = before - crew.cost()
    crew.drop(0, 0)
    cause, cure, saves = told(crew, 9)
    assert (cause, saves) == ("off", saved)
    assert cure.startswith("one more shift of a from")


def test_no_cure_is_named_where_each_costs_more_than_the_gap(make):
    crew = one_shift(make, heads={"voice": 1})
    crew.drop(0, 0)
    crew.problem.required[0, at(crew.problem, 9) + 1 :] = 0
    crew.problem.required[0, : at(crew.problem, 9)] = 0
    found = explain(crew.problem, crew.frame()).frame
    assert found[["cause", "cure", "saves"]].to_numpy().tolist() == [
        ["price", "none: each cure costs more than the gap", pytest.approx(0.0)]
    ]
