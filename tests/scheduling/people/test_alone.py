"""All weeks of one agent at once: against every roster there is, and where week by week fails."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import wfm
from tests.scheduling.joining import broken
from tests.scheduling.people.test_chains import (
    MONDAY,
    THREE,
    ZONE,
    keeps_the_rest,
    past_drawn,
    problem_of,
    rules_drawn,
    spans,
    weeks_there_are,
)
from wfm.core.errors import DataError, InfeasibleError
from wfm.scheduling.check import check
from wfm.scheduling.people.alone import Alone, other_weekends, work_alone
from wfm.scheduling.people.construct import NoWeekError, first_crew, planned_crew
from wfm.scheduling.people.weekends import plan_weekends
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

DAYS = 9
TWO = dataclasses.replace(THREE, start_grid_min=960)
"""Shifts from 06:00 and 22:00."""


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_there_are_weeks_where_some_roster_keeps_every_rule_and_else_a_proof(data):
    """All 19,683 rosters of a week and two days, each looked at by rules said again elsewhere."""
    rules = rules_drawn(data.draw)
    before, past, since = past_drawn(data.draw)
    fewest, most = data.draw(st.sampled_from([(0, 7), (3, 5), (4, 5), (5, 5)]))
    terms = dataclasses.replace(TWO, min_days_week=fewest, max_days_week=most)
    own = data.draw(st.sampled_from(["", "", "Europe/Berlin"]))
    zone = ZoneInfo(own) if own else ZONE
    carried = {"a0": before} if before else None
    try:
        problem = problem_of(rules, days=DAYS, carried=carried, zone=own, terms=terms)
    except DataError:
        assume(False)
    locks = {}
    for day in data.draw(st.lists(st.integers(0, DAYS - 1), max_size=4, unique=True)):
        here = {int(problem.clock[s]) for s in problem.options_of(0)[0] if problem.day[s] == day}
        locks[day] = data.draw(st.sampled_from([None, *sorted(here)]))
    kept = tuple(wfm.Lock("a0", MONDAY + timedelta(days=d), at) for d, at in locks.items())
    problem = dataclasses.replace(problem, locks=kept)
    run = before.days_in_row if before else 0
    limits = [problem.limits(0, week) for week in (0, 1)]

    def legal(roster):
        at = {s // 24: s % 24 * 60 for s, _ in roster}
        counts = [sum(d // 7 == week for d in at) for week in (0, 1)]
        if any(not low <= n <= high for n, (low, high) in zip(counts, limits, strict=True)):
            return False
        if any(at.get(day) != clock for day, clock in locks.items()):
            return False
        if not keeps_the_rest(problem, roster, run, past, terms):
            return False
        stints = spans(problem, roster)
        return not broken(rules, past, stints, zone, MONDAY, DAYS, 480, ZONE, since)

    found = work_alone(problem, 0)
    if found.begins is not None:
        assert legal([(b.start, 8) for b in found.begins])
    elif not found.proven:
        assert own, "by the plan's clock there is always an answer"
    else:
        assert not any(legal(roster) for roster in weeks_there_are(problem))


NIGHTS = Rules(
    band_min=None,
    max_days_in_row=5,
    max_nights_week=2,
    max_nights_in_row=3,
    rest_after_nights_min=2880,
    late_end_min=780,
    start_after_late_min=900,
)
"""A late end at 13:00, so that 06:00 follows nothing but a day off, and two nights a week."""


def tired(locks, rules=NIGHTS, first=date(2027, 1, 6), **terms):
    shape = dataclasses.replace(THREE, min_days_week=4, max_days_week=5, **terms)
    problem = problem_of(rules, first=first, days=35, terms=shape)
    given_locks = [wfm.Lock("a0", first + timedelta(days=d), at) for d, at in locks]
    return dataclasses.replace(problem, locks=tuple(given_locks))


def test_weeks_that_one_after_the_other_does_not_find_are_planned_at_once(monkeypatch):
    problem = tired([(9, 1320), (12, 840), (30, None)])
    assert check(problem, first_crew(problem).frame()) == []
    made = solve(problem, seconds=3)
    assert made.status != "nearest"
    assert not made.violations
    nothing = Alone(None, proven=False)
    monkeypatch.setattr("wfm.scheduling.people.construct.work_alone", lambda *_: nothing)
    with pytest.raises(NoWeekError) as refused:
        first_crew(problem)
    assert not refused.value.proven


def test_other_weekends_are_free_where_those_planned_leave_no_weeks(monkeypatch):
    rules = Rules(band_min=480, max_days_in_row=5, weekends_off_in=3, max_nights_week=2)
    rules = dataclasses.replace(rules, max_hours_average_week=33)
    first = date(2027, 1, 7)
    locks = [(6, None), (11, 1320), (13, None), (15, 1320), (25, None)]
    shape = dataclasses.replace(THREE, min_days_week=4, max_days_week=5)
    problem = problem_of(rules, first=first, days=28, terms=shape)
    kept = tuple(wfm.Lock("a0", first + timedelta(days=d), at) for d, at in locks)
    problem = plan_weekends(dataclasses.replace(problem, locks=kept))
    with pytest.raises(NoWeekError):
        first_crew(problem)
    planned, crew = planned_crew(problem)
    assert planned.planned_off != problem.planned_off
    assert check(problem, crew.frame()) == []
    made = solve(dataclasses.replace(problem, planned_off={}), seconds=3)
    assert made.status != "nearest"
    nothing = Alone(None, proven=False)
    monkeypatch.setattr("wfm.scheduling.people.alone.work_alone", lambda *_: nothing)
    assert other_weekends(problem, 0) == (None, False)


def test_a_refusal_over_weeks_is_proven():
    """Nights on Friday, Sunday and Tuesday: four in a row, or too little rest after three."""
    problem = tired([(4, 1320), (6, 1320), (8, 1320)], first=MONDAY)
    assert work_alone(problem, 0) == Alone(None, proven=True)
    with pytest.raises(InfeasibleError, match=r"its locked shifts.*Drop a lock.*rest_after_nights"):
        solve(problem, seconds=3)
