"""Grids, sizes, clocks and lengths from one end to the other: each solved for real, and legal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

import wfm
from wfm.core.calendars import Opening
from wfm.core.intervals import day_grid

MONDAY = date(2027, 1, 4)
HERE = "Europe/Istanbul"
DAY, NIGHT = (8, 20), (0, 24)
TEA = wfm.Break("tea", 15, 60, 120, paid=True)
LUNCH = wfm.Break("lunch", 30, 180, 300, paid=False)
FULL = wfm.Contract("full", 480, 450, 1, 5, 0, 1410, breaks=(TEA, LUNCH))
COARSE = wfm.Contract(
    "full", 480, 420, 1, 5, 0, 1380, 60, breaks=(wfm.Break("lunch", 60, 180, 300, paid=False),)
)
FINE = replace(FULL, start_grid_min=15, breaks=(replace(TEA, length_min=10), LUNCH))
LATE = replace(FULL, start_from_min=1200, start_to_min=1380)
SPRING, AUTUMN = date(2027, 3, 22), date(2027, 10, 25)


def needs(
    minutes: int,
    heads: int,
    first: date = MONDAY,
    days: int = 7,
    zone: str = HERE,
    hours: Any = DAY,
) -> wfm.Requirement:
    grid = day_grid(first, days, timedelta(minutes=minutes), zone)
    grid = grid[(grid.hour >= hours[0]) & (grid.hour < hours[1])]
    shape = np.maximum(1, heads * (0.7 + 0.5 * np.sin(grid.hour / 24 * 2 * np.pi))).astype(int)
    frame = pd.DataFrame({"start": grid, "queue": "voice", "agents": shape, "scheduled": shape})
    return wfm.Requirement(frame, timedelta(minutes=minutes))


def people(count: int, zone: str = "") -> list[wfm.Agent]:
    voice = frozenset({"voice"})
    return [
        wfm.Agent(f"a{i}", f"A{i}", "full", voice, time_zone=zone if i % 2 else "")
        for i in range(count)
    ]


CASES: dict[str, tuple[wfm.Requirement, list[wfm.Agent], wfm.Contract, int, dict[str, Any]]] = {
    "5 minutes": (needs(5, 8), people(20), FINE, 7, {}),
    "10 minutes": (needs(10, 8), people(20), FINE, 7, {}),
    "15 minutes": (needs(15, 8), people(20), FULL, 7, {}),
    "30 minutes": (needs(30, 8), people(20), FULL, 7, {}),
    "60 minutes": (needs(60, 8), people(20), COARSE, 7, {}),
    "60 minutes, breaks of 15": (needs(60, 8), people(20), FULL, 7, {}),
    "5 agents": (needs(30, 2), people(5), FULL, 7, {}),
    "1 agent": (needs(30, 1), people(1), FULL, 7, {}),
    "two zones": (needs(30, 6), people(16, "Europe/London"), FULL, 7, {}),
    "over midnight": (needs(30, 4, hours=NIGHT), people(30), LATE, 7, {}),
    "23 hours": (needs(30, 8, SPRING, zone="Europe/Berlin", hours=NIGHT), people(40), FULL, 7, {}),
    "25 hours": (needs(30, 8, AUTUMN, zone="Europe/Berlin", hours=NIGHT), people(40), FULL, 7, {}),
    "half an hour less": (
        needs(30, 6, date(2027, 9, 27), zone="Australia/Lord_Howe", hours=NIGHT),
        people(30),
        FULL,
        7,
        {},
    ),
    "5 weeks": (needs(30, 8, days=35), people(20), FULL, 35, {}),
    "5 weeks of rules": (
        needs(30, 8, days=35),
        people(20),
        FULL,
        35,
        {"rules": wfm.schedule_rules(max_days_in_row=5, weekends_off_in=2)},
    ),
    "1 day": (needs(30, 8, days=1), people(20), FULL, 1, {}),
    "from a Thursday": (needs(30, 8, date(2027, 1, 7), days=10), people(20), FULL, 10, {}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_every_range_gives_a_legal_schedule(name: str) -> None:
    requirement, agents, contract, days, settings = CASES[name]
    first = requirement.frame["start"].min().date()
    made = wfm.make_schedule(
        requirement, agents, [contract], first_day=first, days=days, seconds=4, **settings
    )
    assert not made.violations
    assert not wfm.check_schedule(made, requirement, agents, [contract], **settings)
    assert made.bound <= made.objective
    assert len(made.frame)


def test_a_contract_is_read_by_the_clock_where_the_agent_is() -> None:
    early = replace(FULL, start_from_min=480, start_to_min=600)
    agents = people(6, "Europe/London")
    made = wfm.make_schedule(needs(30, 4), agents, [early], first_day=MONDAY, moves=1)
    assert not made.violations
    begins = made.frame.groupby(["agent", made.frame["start"].dt.date])["start"].min()
    hours = begins.dt.hour + begins.dt.minute / 60
    london = hours.index.get_level_values(0).isin(["a1", "a3", "a5"])
    assert hours[~london].between(8, 10).all()
    assert hours[london].between(11, 13).all()
    moved = [replace(a, time_zone="") for a in agents]
    broken = wfm.check_schedule(made, needs(30, 4), moved, [early])
    assert {v.rule for v in broken} == {"starts"}
    locked = wfm.Lock("a1", MONDAY, 13 * 60)
    kept = wfm.make_schedule(
        needs(30, 4), agents, [early], first_day=MONDAY, moves=1, locks=[locked]
    )
    assert not kept.violations


def test_own_hours_are_read_by_the_clock_where_the_agent_is() -> None:
    from wfm.core.calendars import Opening

    hours = Opening.parse("08:00-17:00")
    agents = [replace(a, hours=hours) for a in people(4, "Europe/London")]
    made = wfm.make_schedule(needs(30, 2), agents, [FULL], first_day=MONDAY, moves=1)
    assert not made.violations
    own = made.frame[made.frame["agent"] == "a1"]
    assert own["start"].dt.hour.min() >= 11
    assert own["end"].dt.hour.max() <= 20


def test_a_start_that_the_grid_never_meets_where_the_agent_is_is_refused() -> None:
    early = replace(COARSE, start_from_min=480, start_to_min=600)
    agents = [replace(people(1)[0], time_zone="Asia/Kathmandu")]  # 5 h 45 min ahead of London
    with pytest.raises(wfm.DataError, match="no start of contract 'full' falls on the schedule's"):
        wfm.make_schedule(needs(60, 1, zone="Europe/London"), agents, [early], moves=1)


def test_who_has_no_hours_in_the_days_planned_and_owes_none_stays_off() -> None:
    weekend = replace(FULL, contract="weekend", min_days_week=0)
    helper = wfm.Agent(
        "w", "W", "weekend", frozenset({"voice"}), hours=Opening.parse("Sat-Sun 06:00-22:00")
    )
    made = wfm.make_schedule(
        needs(30, 2, days=5),
        [*people(5), helper],
        [FULL, weekend],
        first_day=MONDAY,
        days=5,
        moves=1,
    )
    assert not made.violations
    assert made.totals.set_index("agent")["days"]["w"] == 0


def test_hours_that_hold_no_shift_for_anybody_are_refused() -> None:
    away = [replace(a, hours=Opening.parse("Sat-Sun 06:00-22:00")) for a in people(3)]
    free = replace(FULL, min_days_week=0)
    with pytest.raises(wfm.DataError, match="nobody's hours hold a shift"):
        wfm.make_schedule(needs(30, 1, days=5), away, [free], first_day=MONDAY, days=5, moves=1)
