"""Average paid hours by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import wfm
from wfm.core.people import CarryIn
from wfm.scheduling.check import check
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

ZONE = ZoneInfo("Europe/Istanbul")


def shifts_before(count):
    begun = [datetime(2027, 1, 3, 9, tzinfo=ZONE) - timedelta(days=d) for d in range(count)]
    return tuple((b, b + timedelta(hours=8)) for b in reversed(begun))


def test_forty_hours_of_seven_and_a_half_are_five_shifts(make):
    problem = make(1, days=7, rules=Rules(max_hours_average_week=40))
    assert problem.shifts_allowed(0) == 5
    assert problem.average_hours(0, 5) == 37.5
    longer = make(1, days=14, rules=Rules(max_hours_average_week=40))
    assert longer.shifts_allowed(0) == 10
    assert make(1, days=7, rules=Rules()).shifts_allowed(0) is None


def test_a_heavy_week_before_leaves_fewer_shifts(make):
    problem = make(1, days=7, rules=Rules(max_hours_average_week=30))
    known = shifts_before(6)
    carried = {"a1": CarryIn(known[-1][1], 6, (), known, date(2026, 12, 28))}
    heavy = replace(problem, carried=carried)
    assert problem.shifts_allowed(0) == 4
    assert heavy.shifts_allowed(0) == 2  # 60 h in two weeks are eight shifts, six are done
    assert heavy.limits(0, 0) == (1, 2)


def test_weeks_may_differ_while_the_average_holds(make, parts):
    rules = Rules(max_hours_average_week=24, prorate_days=False)
    terms = (replace(parts["FULL"], min_days_week=1, max_days_week=6), parts["PART"])
    problem = make(2, days=14, rules=rules, contracts=terms, heads={"voice": 3})
    made = solve(problem, moves=2)
    assert check(problem, made.frame) == []
    for agent in range(2):
        name = problem.agents[agent].agent
        days = made.frame.loc[made.frame["agent"] == name, "start"].dt.date.nunique()
        assert days <= problem.shifts_allowed(agent) == 6
    assert problem.limits(0, 0) == (1, 5)


def test_what_a_contract_can_never_keep_is_refused_before_any_search(make, parts):
    terms = (replace(parts["FULL"], min_days_week=5), parts["PART"])
    with pytest.raises(wfm.InfeasibleError, match=r"37\.5 paid hours .* allows 30") as caught:
        make(1, days=7, rules=Rules(max_hours_average_week=30), contracts=terms)
    assert caught.value.violations[0].rule == "hours_average"


def test_presets_fill_the_rules():
    rules = wfm.schedule_rules(**wfm.working_time_rules("Türkiye"))
    assert (rules.weekly_rest_min, rules.max_hours_average_week) == (1440, 45)
    assert wfm.working_time_rules("Georgia") == {"rest_min": 720, "max_hours_average_week": 40}
    assert wfm.working_time_rules("Azerbaijan") == {"max_hours_average_week": 40}
