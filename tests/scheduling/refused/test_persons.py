"""Hours, locks, wishes and what last week left, of single people."""

import dataclasses
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from wfm.core.calendars import Opening
from wfm.core.edits import Lock
from wfm.core.errors import DataError
from wfm.core.people import Absence, CarryIn
from wfm.scheduling.carry import carry_in
from wfm.scheduling.check import check, price
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.weekends import plan_weekends
from wfm.scheduling.refused.persons import check_persons
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

MONDAY = date(2027, 1, 4)
ZONE = ZoneInfo("Europe/Istanbul")
RULES = Rules(prorate_days=False, max_days_in_row=4, weekends_off_in=2)


@pytest.fixture(scope="module")
def week(make, parts):
    """Seven agents over nine days, everybody with something of their own."""
    people = parts["people"](7)
    people[0] = dataclasses.replace(people[0], hours=Opening.parse("Mon-Sat 08:00-18:00"))
    people[1] = dataclasses.replace(people[1], preferred_start_min=9 * 60)
    locks = (Lock("a4", date(2027, 1, 5), 10 * 60), Lock("a5", date(2027, 1, 6), None))
    carried = {
        "a2": CarryIn(datetime(2027, 1, 3, 23, tzinfo=ZONE), 3, (True,)),
        "a4": CarryIn(datetime(2027, 1, 4, 2, tzinfo=ZONE), 1, (False,)),
    }
    problem = make(people, days=9, rules=RULES)
    problem = dataclasses.replace(problem, locks=locks, carried=carried)
    check_persons(problem)
    return problem


def starts(problem, crew, agent):
    number = [a.agent for a in problem.agents].index(agent)
    return crew.starts[number]


def test_a_first_schedule_keeps_every_rule_of_everybody(week):
    crew = first_crew(plan_weekends(week))
    assert check(week, crew.frame()) == []
    assert starts(week, crew, "a4")[1].start == week.interval_at(1, 600)
    assert 2 not in starts(week, crew, "a5")
    assert not {5, 6} & set(starts(week, crew, "a2"))


def test_a_solved_schedule_keeps_them_too_and_its_bound_is_below(week):
    schedule = solve(week, seconds=6)
    assert schedule.violations == ()
    assert schedule.bound <= schedule.objective
    assert "preference" in schedule.terms


def test_the_matrix_agrees_with_the_checker(week):
    problem = dataclasses.replace(plan_weekends(week))
    matrix, crew = make_matrix(problem), first_crew(problem)
    values = count_crew(matrix, crew)
    assert not len(broken_rows(matrix, values))
    assert (values <= matrix.high).all()


def test_a_missed_wish_is_priced(week):
    crew = first_crew(week)
    agent = next(i for i, a in enumerate(week.agents) if a.preferred_start_min is not None)
    missed = sum(week.misses(agent, s.start) for s in crew.starts[agent].values())
    terms = price(week, crew.frame()).terms
    assert terms["preference"] == missed * week.weights.preference


def test_alike_agents_swap_weeks_so_that_wishes_are_granted(make, parts):
    people = [dataclasses.replace(a, contract="full") for a in parts["people"](4)]
    plain = make(people, days=2, heads={"voice": 2})
    found = solve(plain, seconds=5).frame
    first = found.groupby("agent")["start"].min()
    wishes = [s.hour * 60 + s.minute for s in first]
    turned = [*wishes[1:], wishes[0]]
    wanting = [
        dataclasses.replace(a, preferred_start_min=m) for a, m in zip(people, turned, strict=True)
    ]
    schedule = solve(make(wanting, days=2, heads={"voice": 2}), seconds=5)
    plain_cost = solve(plain, seconds=5).objective
    assert schedule.objective - schedule.terms["preference"] <= plain_cost * 1.05
    assert schedule.terms["preference"] <= 8


def test_carry_in_reads_a_schedule_back(week):
    schedule = solve(week, seconds=4)
    after = week.first_day + timedelta(days=9)
    carried = carry_in(schedule, after)
    for agent, own in carried.items():
        mine = schedule.frame[schedule.frame["agent"] == agent]
        assert own.last_end == mine["end"].max()
        days = set(mine["start"].dt.date)
        run = 0
        while after - timedelta(days=run + 1) in days:
            run += 1
        assert own.days_in_row <= run
        assert len(own.weekends) == 1


def test_five_weeks_with_free_weekends_and_rows(make, parts):
    problem = make(parts["people"](6), days=35, rules=RULES)
    crew = first_crew(plan_weekends(problem))
    assert check(problem, crew.frame()) == []


@pytest.mark.parametrize(
    ("lock", "word"),
    [
        (Lock("nobody", MONDAY, 480), "no agent"),
        (Lock("a1", date(2027, 2, 4), 480), "outside the schedule"),
        (Lock("a1", MONDAY, 495), "starts"),
        (Lock("a1", date(2027, 1, 5), 480), "absence"),
        (Lock("a1", MONDAY, 21 * 60), "hours"),
        (Lock("a2", MONDAY, 480), "rest"),
        (Lock("a2", date(2027, 1, 9), 600), "free_weekends"),
    ],
)
def test_a_lock_that_breaks_a_rule_is_refused_by_its_name(make, parts, lock, word):
    people = parts["people"](3)
    away = (Absence(date(2027, 1, 5), date(2027, 1, 5)),)
    people[0] = dataclasses.replace(people[0], absences=away, hours=Opening.parse("07:00-20:00"))
    carried = {"a2": CarryIn(datetime(2027, 1, 4, 2, tzinfo=ZONE), 2, (True,))}
    problem = make(people, days=7, rules=RULES)
    problem = dataclasses.replace(problem, locks=(lock,), carried=carried)
    with pytest.raises(DataError, match=word):
        check_persons(problem)


def test_two_locks_of_one_week_must_share_a_band_and_leave_rest(make, parts):
    problem = make(parts["people"](3), days=7, rules=RULES)
    apart = (Lock("a1", MONDAY, 480), Lock("a1", date(2027, 1, 6), 900))
    with pytest.raises(DataError, match="band"):
        check_persons(dataclasses.replace(problem, locks=apart))
    close = (Lock("a1", MONDAY, 1200), Lock("a1", date(2027, 1, 5), 480))
    with pytest.raises(DataError, match="rest"):
        check_persons(dataclasses.replace(problem, locks=close))


def test_a_contract_that_hours_cannot_meet_says_how_many_hours_are_missing(make, parts):
    people = parts["people"](1)
    people[0] = dataclasses.replace(people[0], hours=Opening.parse("Mon-Fri 08:00-12:00"))
    problem = make(parts["people"](1), days=7, rules=RULES)
    with pytest.raises(DataError, match=r"7\.5 paid hours"):
        check_persons(dataclasses.replace(problem, agents=tuple(people)))


def test_overlapping_absences_are_refused(make, parts):
    away = (Absence(MONDAY, date(2027, 1, 6)), Absence(date(2027, 1, 6), date(2027, 1, 7)))
    with pytest.raises(DataError, match="overlap"):
        make(parts["people"](1, absences=away), days=7)


def test_locked_days_beside_a_full_row_are_refused(make, parts):
    problem = make(parts["people"](1), days=7, rules=RULES)
    locks = tuple(Lock("a1", MONDAY + timedelta(days=i), 480) for i in range(5))
    with pytest.raises(DataError, match="days_in_row"):
        check_persons(dataclasses.replace(problem, locks=locks))
