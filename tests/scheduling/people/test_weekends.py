"""Free weekends planned ahead."""

import dataclasses
from datetime import date, timedelta

import pytest

from wfm.core.edits import Lock
from wfm.core.people import Absence, CarryIn
from wfm.scheduling.check import check, hard
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.weekends import plan_weekends
from wfm.scheduling.settings import Rules

MONDAY = date(2027, 1, 4)


def weekends_off(problem, agent):
    """Numbers of the weekends that a plan leaves free."""
    days = plan_weekends(problem).planned_off.get(agent, frozenset())
    return [n for n, weekend in enumerate(problem.weekends) if set(weekend) <= days]


@pytest.fixture
def month(make, parts):
    """Four agents of four days a week over four weeks, every other weekend free."""

    def build(absences=(), carried=None, locks=(), **rules):
        contract = dataclasses.replace(parts["FULL"], min_days_week=4)
        people = [
            dataclasses.replace(agent, contract="full", absences=tuple(absences))
            for agent in parts["people"](4)
        ]
        asked = Rules(prorate_days=False, weekends_off_in=2, **rules)
        problem = make(people, days=28, contracts=(contract,), rules=asked)
        return dataclasses.replace(problem, carried=carried or {}, locks=tuple(locks))

    return build


def test_half_of_all_are_off_each_weekend(month):
    problem = month()
    off = [weekends_off(problem, f"a{i}") for i in range(1, 5)]
    assert off == [[1, 3], [0, 2], [1, 3], [0, 2]]


def test_the_others_make_up_for_those_who_are_owed_the_first_weekend(month):
    problem = month(carried={name: CarryIn(None, 0, (True,)) for name in ("a3", "a4")})
    off = [weekends_off(problem, f"a{i}") for i in range(1, 5)]
    assert off == [[1, 3], [1, 3], [0, 2], [0, 2]]


def test_a_week_with_little_room_keeps_its_weekend(month):
    """Thursday and Friday away leave Monday to Wednesday: the fourth day is on the weekend."""
    absences = [Absence(MONDAY + timedelta(days=3), MONDAY + timedelta(days=4))]
    problem = month(absences)
    assert 0 not in weekends_off(problem, "a1")
    assert hard(check(problem, first_crew(plan_weekends(problem)).frame())) == []


def test_days_worked_before_count_as_room(month):
    """Four days before and at most five in a row leave one day before the day off of Tuesday.

    Away from Thursday to Saturday as well, three days are all there is, Sunday among them.
    """
    absences = [Absence(MONDAY + timedelta(days=3), MONDAY + timedelta(days=5))]
    problem = month(absences, {"a1": CarryIn(None, 4, (False,))}, max_days_in_row=5)
    assert problem.limits(0, 0)[0] == 3
    assert 0 not in weekends_off(problem, "a1")
    assert hard(check(problem, first_crew(plan_weekends(problem)).frame())) == []


def test_a_locked_shift_keeps_its_weekend(month):
    for day, weekend in ((19, 2), (26, 3)):
        problem = month(locks=[Lock("a1", MONDAY + timedelta(days=day), 600)])
        assert weekend not in weekends_off(problem, "a1")


def test_a_worked_weekend_before_leaves_the_first_free(month):
    problem = month(carried={"a2": CarryIn(None, 0, (True,))})
    assert 0 in weekends_off(problem, "a2")
    assert len(weekends_off(problem, "a2")) == 2
