"""What agents bring from one schedule into the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

import wfm
from tests.planning.test_changes import CENTRE, MONDAY, needs, people
from wfm.core.people import CarryIn, Contract
from wfm.planning.changes import shift_days
from wfm.planning.steps import schedule_problem
from wfm.scheduling.assemble import build_problem
from wfm.scheduling.carry import carry_in
from wfm.scheduling.check import check
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve


@pytest.fixture(scope="module")
def weeks() -> wfm.Schedule:
    """Five weeks in which a2 is on leave."""
    away = wfm.Absence(MONDAY, MONDAY + timedelta(days=34))
    crew = [replace(a, absences=(away,)) if a.agent == "a2" else a for a in people()]
    more = {**CENTRE, "agents": crew, "requirement": needs(4, 35)}
    return wfm.make_schedule(**more, first_day=MONDAY, days=35, moves=1)


def test_every_weekend_is_remembered_and_who_was_away_had_them_free(weeks: wfm.Schedule) -> None:
    carried = carry_in(weeks, MONDAY + timedelta(days=35))
    worked = weeks.frame.assign(day=weeks.frame["start"].dt.date)
    for name, own in carried.items():
        days = set(worked.loc[worked["agent"] == name, "day"])
        saturdays = [MONDAY + timedelta(days=5 + 7 * week) for week in range(5)]
        row = tuple(bool({s, s + timedelta(days=1)} & days) for s in saturdays)
        assert own.weekends == row
        assert own.since == MONDAY
    assert carried["a2"].weekends == (False,) * 5
    assert carried["a2"].shifts == ()
    assert set(carried) == {agent.agent for agent in people()}


def test_a_week_of_which_nothing_is_known_lies_between(weeks: wfm.Schedule) -> None:
    first = MONDAY + timedelta(days=42)
    near, far = (carry_in(weeks, day) for day in (first - timedelta(days=7), first))
    for name, own in near.items():
        assert far[name].weekends == (*own.weekends, False)


def test_a_schedule_from_a_sunday_on_knows_its_saturday(weeks: wfm.Schedule) -> None:
    sunday = MONDAY + timedelta(days=34)
    saturday = pd.Timestamp(sunday - timedelta(days=1)).date()
    on = set(weeks.frame.loc[weeks.frame["start"].dt.date == saturday, "agent"])
    for name, own in carry_in(weeks, sunday).items():
        assert len(own.weekends) == 5
        assert own.weekends[-1] == (name in on)


def test_leave_counts_as_days_without_work_on_the_average(weeks: wfm.Schedule) -> None:
    first = MONDAY + timedelta(days=35)
    asked = {**CENTRE, "requirement": needs(4, 42)}
    rules = wfm.schedule_rules(max_hours_average_week=40)
    problem = schedule_problem(
        **asked,
        rules=rules,
        carry_in=weeks,
        first_day=first,
        days=7,  # type: ignore[arg-type]
    )
    numbers = {agent.agent: i for i, agent in enumerate(problem.agents)}
    assert problem.paid_allowed(numbers["a2"]) == 6 * 40 * 60
    assert date(2027, 2, 8) == first


@pytest.mark.parametrize("prorate", [True, False])
@pytest.mark.parametrize("max_hours", [None, 40, 36])
def test_what_was_worked_of_a_week_before_the_schedule_counts_in_it(
    prorate: bool, max_hours: float | None
) -> None:
    """Monday and Tuesday are over: three days are left of five, or two and a half of 36 hours."""
    wednesday = MONDAY + timedelta(days=2)
    grid = pd.date_range(f"{MONDAY} 08:00", periods=2, freq="24h", tz="Europe/Istanbul")
    known = tuple((at.to_pydatetime(), (at + pd.Timedelta(hours=8)).to_pydatetime()) for at in grid)
    least = 4 if max_hours == 36 else 5
    terms = Contract("full", 480, 480, least, 5, 480, 480, max_hours_week=max_hours)
    crew = [replace(a, contract="full") for a in people(2)]
    problem = build_problem(
        needs(1, 14),
        crew,
        [terms],
        rules=Rules(prorate_days=prorate),
        first_day=wednesday,
        days=5,
        carried={"a0": CarryIn(known[-1][1], 2, (), known, MONDAY)},
    )
    left = 2 if max_hours == 36 else 3
    assert problem.limits(0, 0)[1] == left
    assert problem.limits(1, 0)[1] == (4 if prorate or max_hours == 36 else 5)
    made = solve(problem, seconds=1)
    days = shift_days(made).groupby("agent")["day"].nunique()
    assert made.violations == ()
    assert days["a0"] == left
    rows = made.frame[made.frame["agent"] == "a0"]
    taken = set(rows["start"].dt.date)
    free = next(d for d in (wednesday + timedelta(days=i) for i in range(5)) if d not in taken)
    one = rows[rows["start"].dt.date == min(taken)]
    shift = pd.Timedelta(days=(free - min(taken)).days)
    more = one.assign(start=one["start"] + shift, end=one["end"] + shift)
    broken = {v.rule for v in check(problem, pd.concat([made.frame, more])) if v.agent == "a0"}
    told = {None: {"days_per_week"}, 36: {"hours_week"}, 40: {"days_per_week", "hours_week"}}
    assert broken == told[max_hours]
