"""Weeks that begin on another day than Monday."""

import dataclasses
from datetime import date, timedelta

import pytest

from wfm.core.edits import Lock
from wfm.core.errors import DataError
from wfm.scheduling.assemble import build_problem
from wfm.scheduling.check import check, hard
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.weekends import plan_weekends
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

MONDAY = date(2027, 1, 4)


def spans(problem):
    return [list(problem.days_of(week)) for week in range(problem.weeks)]


@pytest.mark.parametrize(
    ("week_start", "weeks"),
    [
        ("Mon", [[0, 1, 2, 3, 4, 5, 6], [7, 8]]),
        ("Sun", [[0, 1, 2, 3, 4, 5], [6, 7, 8]]),
        ("Sat", [[0, 1, 2, 3, 4], [5, 6, 7, 8]]),
    ],
)
def test_weeks_are_cut_before_their_first_day(make, week_start, weeks):
    problem = make(days=9, rules=Rules(prorate_days=False, week_start=week_start))
    assert spans(problem) == weeks
    assert [problem.week_of(day) for days in weeks for day in days] == [
        number for number, days in enumerate(weeks) for _ in days
    ]


def test_a_weekend_is_saturday_and_sunday_in_any_week(make):
    for week_start in ("Mon", "Sun", "Sat"):
        problem = make(days=14, rules=Rules(prorate_days=False, week_start=week_start))
        assert problem.weekends == [(5, 6), (12, 13)]


def test_days_a_week_are_counted_in_the_weeks_asked_for(make, parts):
    """Shifts on Saturday and Sunday: one week from Monday, two weeks from Sunday."""
    contract = dataclasses.replace(parts["FULL"], min_days_week=0, max_days_week=1)
    agent = dataclasses.replace(parts["people"](1)[0], contract="full")
    locks = tuple(Lock("a1", MONDAY + timedelta(days=day), 600) for day in (5, 6))

    def problem(week_start):
        rules = Rules(prorate_days=False, week_start=week_start)
        asked = make([agent], days=14, contracts=(contract,), rules=rules)
        return dataclasses.replace(asked, locks=locks)

    sunday = problem("Sun")
    frame = first_crew(sunday).frame()
    assert hard(check(sunday, frame)) == []
    assert "days_per_week" in {v.rule for v in hard(check(problem("Mon"), frame))}


@pytest.mark.parametrize("week_start", ["Sun", "Sat"])
def test_a_solved_month_with_free_weekends_keeps_every_rule(make, parts, week_start):
    contract = dataclasses.replace(parts["FULL"], min_days_week=4)
    people = [dataclasses.replace(a, contract="full") for a in parts["people"](4)]
    rules = Rules(weekends_off_in=2, max_days_in_row=6, week_start=week_start)
    problem = make(people, days=14, contracts=(contract,), rules=rules, first=date(2027, 1, 2))
    assert plan_weekends(problem).planned_off
    schedule = solve(problem, seconds=20, seed=0, moves=40)
    assert schedule.status != "nearest"
    assert hard(check(problem, schedule.frame)) == []


def test_the_first_day_is_the_first_that_begins_a_week(parts):
    needs = parts["requirement"](MONDAY, 14, {"voice": 1})
    assert needs.first_day() == MONDAY
    assert needs.first_day("Sun") == date(2027, 1, 10)
    assert needs.first_day("Sat") == date(2027, 1, 9)


@pytest.mark.parametrize(
    ("first", "held", "week_start", "days", "begins"),
    [
        (MONDAY, 7, "Sun", 7, "2027-01-04"),  # the Sunday in it has one day left
        (MONDAY, 7, "Sun", 1, "2027-01-10"),
        (MONDAY, 14, "Sun", 14, "2027-01-04"),
        (date(2027, 1, 6), 20, "Mon", 7, "2027-01-11"),
        (date(2027, 1, 6), 20, "Mon", 28, "2027-01-06"),  # more days than there are
        (date(2027, 1, 6), 3, "Mon", 7, "2027-01-06"),
    ],
)
def test_a_schedule_begins_with_a_whole_week(parts, first, held, week_start, days, begins):
    needs = parts["requirement"](first, held, {"voice": 1})
    assert str(needs.first_day(week_start, days)) == begins


def test_a_closed_day_may_begin_the_first_week(parts):
    needs = parts["requirement"](MONDAY, 12, {"voice": 1})
    open_days = needs.frame[needs.frame["start"].dt.day_of_week < 5]
    weekdays = dataclasses.replace(needs, frame=open_days.reset_index(drop=True))
    assert str(weekdays.first_day("Sun")) == "2027-01-03"
    assert str(weekdays.first_day("Mon")) == "2027-01-04"
    assert str(weekdays.first_day("Sun", since=date(2027, 1, 4))) == "2027-01-10"


def test_a_sunday_at_the_end_of_a_requirement_is_no_week_of_its_own(parts):
    needs = parts["requirement"](MONDAY, 7, {"voice": 2})
    contracts = (parts["FULL"], parts["PART"])
    rules = Rules(week_start="Sun")
    people = parts["people"](3, skills="voice")
    problem = build_problem(needs, people, contracts, rules=rules)
    assert (problem.first_day, problem.days) == (MONDAY, 7)


def test_a_day_that_begins_no_week_is_refused():
    with pytest.raises(DataError, match="week_start"):
        Rules(week_start="Wed")
