"""A bound is below every legal schedule, made by hand where the search would not look for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.calendars import Opening
from wfm.core.intervals import day_grid
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Agent, CarryIn, Contract
from wfm.core.types import Requirement
from wfm.core.work import Campaign
from wfm.scheduling.assemble import build_problem
from wfm.scheduling.check import check, hard, price
from wfm.scheduling.counts.linear import Running, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.groups import make_layout
from wfm.scheduling.kinds import exact_layout
from wfm.scheduling.problem import Problem
from wfm.scheduling.settings import Rules, Weights
from wfm.scheduling.solve import solve

MONDAY = date(2027, 1, 4)
EIGHT = Contract("eight", 480, 480, 7, 7, 480, 480)
ZONE = "Europe/Istanbul"


def problem(
    agents: list[Agent],
    until: int,
    contracts: tuple[Contract, ...] = (EIGHT,),
    **more: object,
) -> Problem:
    """One head on voice from eight to an hour of the day, in quarters, for a week."""
    grid = day_grid(MONDAY, 7, timedelta(minutes=15), ZONE)
    grid = grid[(grid.hour * 60 + grid.minute >= 480) & (grid.hour * 60 + grid.minute < until)]
    frame = pd.DataFrame({"start": grid, "queue": "voice", "agents": 1, "scheduled": 1})
    needs = Requirement(frame, timedelta(minutes=15))
    return build_problem(needs, agents, contracts, first_day=MONDAY, **more)  # type: ignore[arg-type]


def agent(name: str, *skills: str, **more: object) -> Agent:
    return Agent(name, name, "eight", frozenset(skills), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", [{"moves": 1}, {"seconds": 3}])
def test_a_meeting_saves_what_somebody_too_many_costs(asked: dict[str, float]) -> None:
    """Two work all week where one is needed: labour is 896, too many cost 224 less an hour's 4."""
    talk = Meeting("talk", ("a",), 60)
    given = problem([agent("a", "voice"), agent("b", "voice")], 960, meetings=[talk])
    made = solve(given, **asked)  # type: ignore[arg-type]
    assert made.violations == ()
    assert made.objective == 896 + 224 - 4
    assert made.bound <= made.objective
    assert made.gap >= 0
    without = solve(replace(given, meetings=()), **asked)  # type: ignore[arg-type]
    assert without.bound == without.objective == 896 + 224


def test_work_beyond_a_target_may_be_cheaper_than_on_a_queue() -> None:
    """Idle time costs 1 on voice and nothing on a campaign that is done: all of it goes there."""
    calls = Campaign("calls", "out", Opening.parse("08:15-16:00"), 1)
    given = problem(
        [agent("a", "voice", "out")],
        495,
        campaigns=[calls],
        weights=Weights(over=1, outbound_over=0),
    )
    grid = given.grid[: given.intervals]
    frame = pd.concat(
        [
            pd.DataFrame(
                {
                    "agent": "a",
                    "start": grid[(grid.hour == hour) & (grid.minute == minute)],
                    "end": grid[(grid.hour == until) & (grid.minute == last)],
                    "activity": activity,
                    "queue": queue,
                }
            )
            for hour, minute, until, last, activity, queue in (
                (8, 0, 8, 15, "inbound", "voice"),
                (8, 15, 16, 0, "outbound", "calls"),
            )
        ]
    )
    assert check(given, frame) == []
    assert price(given, frame).objective == 7 * 32 * 2
    assert solve(given, seconds=2).bound <= 7 * 32 * 2


def test_a_limit_that_cannot_be_kept_forces_nobody_to_work() -> None:
    """Of the two who count one is never there: whether the other comes, the limit is missed."""
    terms = replace(EIGHT, min_days_week=0)
    crew = [agent("a", "voice"), agent("b", "voice", hours=Opening.parse("Mon 00:00-01:00"))]
    ten = Opening.parse("Mon 10:00-11:00")
    given = problem(
        crew,
        495,
        (terms,),
        limits=[StaffLimit("two", least=2, hours=ten)],
        weights=Weights(limit=1, under=(0, 0, 0)),
    )
    empty = pd.DataFrame(
        {"agent": [], "start": given.grid[:0], "end": given.grid[:0], "activity": [], "queue": []}
    )
    assert hard(check(given, empty)) == []
    assert price(given, empty).objective == 2 * 4
    assert solve(given, seconds=2).bound <= 2 * 4


def test_more_days_in_a_row_before_than_are_allowed_cost_one_day_off() -> None:
    """Who comes with ten is off on the first day, and the others' counts are as they were."""
    terms = replace(EIGHT, min_days_week=0, max_days_week=5, start_to_min=600)
    crew = [agent(f"a{i}", "voice") for i in range(6)]
    rules = Rules(max_days_in_row=5)
    made = [
        solve(
            problem(crew, 960, (terms,), rules=rules, carried={"a0": CarryIn(days_in_row=row)}),
            seconds=3,
        )
        for row in (5, 10)
    ]
    assert made[0].violations == made[1].violations == ()
    assert made[0].bound == pytest.approx(made[1].bound)
    assert made[1].objective <= 1.01 * made[0].objective
    first = made[1].frame["start"].dt.date == MONDAY
    assert "a0" not in set(made[1].frame.loc[first, "agent"])
    carried = {"a0": CarryIn(days_in_row=10)}
    given = problem(crew, 960, (terms,), rules=rules, carried=carried)
    alone = make_matrix(given, exact_layout(make_layout(given)))
    columns = np.ones(len(alone.cost), dtype=bool)
    part = take_slice(alone, columns, np.zeros(len(alone.cost)))
    assert relax(part, 1e-6, 30, Running()) is not None


def sundays(worked: tuple[bool, ...]) -> Problem:
    """Fifteen days from a Sunday on: 3 and 9 to 10 and 16 to 17 January."""
    first = date(2027, 1, 3)
    grid = day_grid(first, 15, timedelta(minutes=60), ZONE)
    grid = grid[(grid.hour >= 8) & (grid.hour < 16)]
    frame = pd.DataFrame({"start": grid, "queue": "voice", "agents": 1, "scheduled": 1})
    terms = replace(EIGHT, min_days_week=0)
    return build_problem(
        Requirement(frame, timedelta(minutes=60)),
        [agent("a", "voice")],
        [terms],
        rules=Rules(weekends_off_in=2, week_start="Sun"),
        first_day=first,
        days=15,
        carried={"a": CarryIn(weekends=worked)},
    )


def shifts(given: Problem, days: tuple[int, ...]) -> pd.DataFrame:
    grid = given.grid
    at = grid[(given.clock == 8 * 60) & np.isin(given.day, days)]
    return pd.DataFrame(
        {
            "agent": "a",
            "start": at,
            "end": at + pd.Timedelta(hours=8),
            "activity": "inbound",
            "queue": "voice",
        }
    )


@pytest.mark.parametrize(
    ("worked", "days", "broken"),
    [
        ((True,), (6, 7), ["free_weekends"]),  # Saturday 2, then the next weekend
        ((True,), (0, 13), []),  # the same weekend, one free, one worked
        ((True,), (0, 6), ["free_weekends"]),
        ((False,), (0,), []),
        ((False,), (0, 6), ["free_weekends"]),
        ((True, False), (0,), ["free_weekends"]),
        ((True, True), (6,), ["free_weekends"]),
        ((True, True), (0, 13), []),  # what was broken before is not broken here
        ((), (0, 13), []),
    ],
)
def test_a_schedule_from_a_sunday_on_begins_inside_a_weekend(
    worked: tuple[bool, ...], days: tuple[int, ...], broken: list[str]
) -> None:
    given = sundays(worked)
    assert [v.rule for v in check(given, shifts(given, days))] == broken
    made = solve(given, seconds=2)
    assert made.violations == ()
    if not broken:
        assert made.bound <= price(given, shifts(given, days)).objective
