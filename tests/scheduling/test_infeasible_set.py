"""Problems that break one rule each: rule, agent and day are named, and a fix is proven."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, people
from wfm.core.calendars import Opening
from wfm.core.intervals import day_grid
from wfm.core.people import CarryIn

ZONE = ZoneInfo("Europe/Istanbul")
DAYS = [MONDAY + timedelta(days=i) for i in range(14)]
TERMS = [CONTRACT, replace(CONTRACT, contract="other")]
ANY_TIME = replace(CONTRACT, contract="any", start_from_min=0, start_to_min=1410)
LONG = replace(
    CONTRACT, contract="long", shift_min=900, paid_min=870, min_days_week=6, max_days_week=7
)
SET_BREAK = replace(CONTRACT, breaks=(wfm.Break("lunch", 30, 240, 240, paid=False),))
DAILY = wfm.Contract("daily", 720, 720, 7, 7, 480, 480)
SEVEN = replace(CONTRACT, contract="seven", max_days_week=7)
SIX = replace(CONTRACT, contract="six", min_days_week=6, max_days_week=6)
NIGHTS = replace(
    CONTRACT, contract="nights", start_from_min=1320, start_to_min=1320, min_days_week=5
)
ALL_DAYS = replace(CONTRACT, contract="all days", min_days_week=7, max_days_week=7)
LATE = replace(SIX, contract="late", start_from_min=900, start_to_min=900)
TWENTY_H = replace(CONTRACT, contract="twenty", min_days_week=1, max_hours_week=20)
THIRTY_H = replace(CONTRACT, contract="thirty", min_days_week=1, min_hours_week=30)
FIFTY_H = replace(CONTRACT, contract="fifty", min_hours_week=50, max_hours_week=60)
SPRING = date(2027, 3, 22)
WITHIN_S = 5.0


def needs(first: date = MONDAY, days: int = 7, zone: str = "Europe/Istanbul") -> wfm.Requirement:
    grid = day_grid(first, days, timedelta(minutes=30), zone)
    grid = grid[(grid.hour >= 8) & (grid.hour < 19)]
    frame = pd.DataFrame({"start": grid, "queue": "voice", "agents": 3, "scheduled": 3})
    return wfm.Requirement(frame, timedelta(minutes=30))


def crowd(**changed: Any) -> list[wfm.Agent]:
    return [replace(a, **changed) if a.agent == "a3" else a for a in people()]


def lock(day: int, start: int | None = None, agent: str = "a3") -> wfm.Lock:
    return wfm.Lock(agent, DAYS[day], start)


def away(*days: int) -> tuple[wfm.Absence, ...]:
    return tuple(wfm.Absence(DAYS[d], DAYS[d]) for d in days)


def rules(**changed: Any) -> Any:
    return wfm.schedule_rules(**changed)


def leads(**changed: Any) -> list[wfm.Agent]:
    return [
        replace(a, skills=a.skills | {"lead"}) if a.agent == "a3" else a for a in crowd(**changed)
    ]


def worked(*shifts: tuple[int, int, int], row: int = 1) -> dict[str, CarryIn]:
    """What a3 brings: day before the schedule, first and last hour of each shift."""
    midnight = datetime(2027, 1, 4, tzinfo=ZONE)
    known = tuple(
        (midnight + timedelta(days=-day, hours=a), midnight + timedelta(days=-day, hours=b))
        for day, a, b in shifts
    )
    return {"a3": CarryIn(known[-1][1], row, (), known, MONDAY - timedelta(days=7))}


LEAD = wfm.StaffLimit("lead", least=1, skill="lead", hours=Opening.parse("Wed 10:00-11:00"))
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a lock on a day of absence": (
        {"agents": crowd(absences=away(1)), "locks": [lock(1, 480)]},
        "absence",
        "2027-01-05",
    ),
    "a lock before the contract's hours": ({"locks": [lock(1, 390)]}, "starts", "2027-01-05"),
    "a lock off the raster": ({"locks": [lock(1, 430)]}, "starts", "2027-01-05"),
    "a lock outside the own hours": (
        {"agents": crowd(hours=Opening.parse("09:00-20:00")), "locks": [lock(2, 480)]},
        "hours",
        "2027-01-06",
    ),
    "own hours on too few days": (
        {"agents": crowd(hours=Opening.parse("Mon-Wed 08:00-18:00"))},
        "hours",
        "2027-01-04",
    ),
    "own hours shorter than a shift": (
        {"agents": crowd(hours=Opening.parse("08:00-13:00"))},
        "hours",
        "2027-01-04",
    ),
    "locks without rest": (
        {
            "agents": crowd(contract="any"),
            "contracts": [*TERMS, ANY_TIME],
            "locks": [lock(1, 1320), lock(2, 420)],
            "rules": rules(band_min=None),
        },
        "rest",
        "2027-01-06",
    ),
    "a lock too soon after last week": (
        {
            "carry_in": {"a3": CarryIn(datetime(2027, 1, 4, 2, tzinfo=ZONE), 1, ())},
            "locks": [lock(0, 480)],
        },
        "rest",
        "2027-01-04",
    ),
    "locked starts too far apart": (
        {"locks": [lock(1, 420), lock(2, 720)]},
        "band",
        "2027-01-05",
    ),
    "more locks than days": (
        {"locks": [lock(d, 480) for d in range(6)]},
        "days_per_week",
        "2027-01-04",
    ),
    "days off leave too few days": (
        {"locks": [lock(d) for d in range(4)]},
        "locks",
        "2027-01-04",
    ),
    "locks on too many days in a row": (
        {"rules": rules(max_days_in_row=2), "locks": [lock(d, 480) for d in (1, 2, 3)]},
        "days_in_row",
        "2027-01-07",
    ),
    "a lock after a long row of days": (
        {
            "rules": rules(max_days_in_row=3),
            "carry_in": {"a3": CarryIn(None, 3, ())},
            "locks": [lock(0, 480)],
        },
        "days_in_row",
        "2027-01-04",
    ),
    "a lock on a weekend that is owed": (
        {
            "rules": rules(weekends_off_in=2),
            "carry_in": {"a3": CarryIn(None, 0, (True,))},
            "locks": [lock(5, 480)],
        },
        "free_weekends",
        "2027-01-09",
    ),
    "locks on two weekends": (
        {
            "requirement": needs(days=14),
            "days": 14,
            "rules": rules(weekends_off_in=2),
            "locks": [lock(5, 480), lock(12, 480)],
        },
        "free_weekends",
        "2027-01-16",
    ),
    "locks on too many nights of a week": (
        {
            "agents": crowd(contract="any"),
            "contracts": [*TERMS, ANY_TIME],
            "locks": [lock(d, 1320) for d in (0, 2, 4)],
            "rules": rules(band_min=None, max_nights_week=2),
        },
        "nights_per_week",
        "2027-01-08",
    ),
    "locks on too many nights in a row": (
        {
            "agents": crowd(contract="any"),
            "contracts": [*TERMS, ANY_TIME],
            "locks": [lock(d, 1320) for d in (1, 2, 3)],
            "rules": rules(band_min=None, max_nights_in_row=2),
        },
        "nights_in_row",
        "2027-01-07",
    ),
    "a lock too soon after nights": (
        {
            "agents": crowd(contract="any"),
            "contracts": [*TERMS, ANY_TIME],
            "locks": [lock(1, 1320), lock(3, 480)],
            "rules": rules(band_min=None, rest_after_nights_min=2880),
        },
        "rest_after_nights",
        "2027-01-07",
    ),
    "a lock early after a late end": (
        {
            "agents": crowd(contract="any"),
            "contracts": [*TERMS, ANY_TIME],
            "locks": [lock(1, 900), lock(2, 660)],
            "rules": rules(band_min=None, late_end="22:00", start_after_late="12:00"),
        },
        "next_day",
        "2027-01-06",
    ),
    "locks that leave no weekly rest": (
        {
            "agents": crowd(contract="seven"),
            "contracts": [*TERMS, SEVEN],
            "locks": [lock(d, 480) for d in range(7)],
            "rules": rules(weekly_rest_min=2100),
        },
        "weekly_rest",
        "2027-01-04",
    ),
    "a contract beyond the average hours": (
        {
            "agents": crowd(contract="six"),
            "contracts": [*TERMS, SIX],
            "rules": rules(max_hours_average_week=40),
        },
        "hours_average",
        "2027-01-04",
    ),
    "a lock too soon after last week's nights": (
        {
            "agents": crowd(contract="any"),
            "contracts": [*TERMS, ANY_TIME],
            "carry_in": worked((1, 22, 30)),
            "locks": [lock(1, 480)],
            "rules": rules(band_min=None, rest_after_nights_min=2880),
        },
        "rest_after_nights",
        "2027-01-05",
    ),
    "a locked night after last week's nights": (
        {
            "agents": crowd(contract="any"),
            "contracts": [*TERMS, ANY_TIME],
            "carry_in": worked((2, 22, 30), (1, 22, 30), row=2),
            "locks": [lock(0, 1320)],
            "rules": rules(band_min=None, max_nights_in_row=2),
        },
        "nights_in_row",
        "2027-01-04",
    ),
    "a lock early after last week's late end": (
        {
            "agents": crowd(contract="any"),
            "contracts": [*TERMS, ANY_TIME],
            "carry_in": worked((1, 15, 23)),
            "locks": [lock(0, 660)],
            "rules": rules(band_min=None, late_end="22:00", start_after_late="12:00"),
        },
        "next_day",
        "2027-01-04",
    ),
    "an average that last week has used up": (
        {
            "carry_in": worked(*((day, 8, 17) for day in range(7, 0, -1)), row=7),
            "rules": rules(max_hours_average_week=40),
        },
        "hours_average",
        "2027-01-04",
    ),
    "locks beyond the average hours": (
        {
            "locks": [lock(d, 480) for d in range(5)],
            "rules": rules(max_hours_average_week=30),
        },
        "hours_average",
        "2027-01-08",
    ),
    "locks beyond the hours of a week": (
        {
            "agents": crowd(contract="twenty"),
            "contracts": [*TERMS, TWENTY_H],
            "locks": [lock(d, 480) for d in range(4)],
        },
        "hours_week",
        "2027-01-04",
    ),
    "own hours on too few days for the paid hours": (
        {
            "agents": crowd(contract="thirty", hours=Opening.parse("Mon-Tue 07:00-20:00")),
            "contracts": [*TERMS, THIRTY_H],
        },
        "hours_week",
        "2027-01-04",
    ),
    "paid hours that no days can meet": (
        {"agents": crowd(contract="fifty"), "contracts": [*TERMS, FIFTY_H]},
        "hours_week",
        "",
    ),
    "two locks of a day": (
        {"locks": [lock(2, 480), lock(2, 540)]},
        "one_shift_a_day",
        "2027-01-06",
    ),
    "a skill nobody asks for": ({"agents": crowd(skills=frozenset({"chess"}))}, "skill", ""),
    "a contract that cannot rest": (
        {"agents": crowd(contract="long"), "contracts": [*TERMS, LONG]},
        "rest",
        "",
    ),
}
"""What is asked, and the rule and day of agent a3 that a refusal names."""

TOLD: dict[str, tuple[dict[str, Any], str, str]] = {
    "the only lead is away": (
        {"agents": leads(absences=away(2)), "limits": [LEAD]},
        "staff_limits",
        "2027-01-06",
    ),
    "more locked than seats": (
        {
            "locks": [lock(2, 480), lock(2, 480, "a4")],
            "limits": [wfm.StaffLimit("seats", most=1, hours=Opening.parse("Wed 08:00-10:00"))],
        },
        "staff_limits",
        "2027-01-06",
    ),
    "more locked than may have their break at once": (
        {
            "contracts": [SET_BREAK, TERMS[1]],
            "locks": [lock(2, 480), lock(2, 480, "a4")],
            "rules": rules(break_heads_max=1),
        },
        "break_bunching",
        "2027-01-06",
    ),
    "a meeting on a day of absence": (
        {
            "agents": crowd(absences=away(1)),
            "meetings": [wfm.Meeting("team", ("a3", "a4"), 30, first=DAYS[1], last=DAYS[1])],
        },
        "meetings",
        "2027-01-05",
    ),
    "more nights than the rule allows": (
        {
            "agents": crowd(contract="nights"),
            "contracts": [*TERMS, NIGHTS],
            "rules": rules(max_nights_week=3),
        },
        "nights_per_week",
        "2027-01-04",
    ),
    "more nights in a row than the rule allows": (
        {
            "agents": crowd(contract="nights"),
            "contracts": [*TERMS, replace(NIGHTS, min_days_week=6, max_days_week=6)],
            "rules": rules(max_nights_in_row=2),
        },
        "nights_in_row",
        "2027-01-04",
    ),
    "no room for the rest after nights": (
        {
            "agents": crowd(contract="nights"),
            "contracts": [*TERMS, NIGHTS],
            "rules": rules(max_nights_in_row=2, rest_after_nights_min=4320),
        },
        "rest_after_nights",
        "2027-01-04",
    ),
    "late shifts on days one after the other": (
        {
            "agents": crowd(contract="late"),
            "contracts": [*TERMS, LATE],
            "rules": rules(late_end="22:00", start_after_late="16:00"),
        },
        "next_day",
        "2027-01-04",
    ),
    "all days of a week and a weekly rest": (
        {
            "agents": crowd(contract="all days"),
            "contracts": [*TERMS, ALL_DAYS],
            "rules": rules(weekly_rest_min=2100),
        },
        "weekly_rest",
        "2027-01-04",
    ),
    "a night too short by the change of the clock": (
        {
            "requirement": needs(SPRING, 7, "Europe/Berlin"),
            "first_day": SPRING,
            "agents": crowd(contract="daily"),
            "contracts": [*TERMS, DAILY],
            "rules": rules(rest_min=720),
        },
        "rest",
        "2027-03-22",
    ),
}
"""What gives way instead, and what is said about it."""


def asked(case: dict[str, Any]) -> dict[str, Any]:
    shared = {"requirement": needs(), "agents": people(), "contracts": TERMS, "first_day": MONDAY}
    return {**shared, **case}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_rule_agent_and_day(name: str) -> None:
    case, rule, day = REFUSED[name]
    began = time.perf_counter()
    with pytest.raises(wfm.InfeasibleError) as caught:
        wfm.make_schedule(**asked(case))
    seconds = time.perf_counter() - began
    print(f"{name}: {rule} named in {seconds:.2f} s: {caught.value}")
    assert seconds < WITHIN_S
    assert isinstance(caught.value, wfm.DataError)
    named = {(v.rule, v.agent, v.when[4:14]) for v in caught.value.violations}
    assert (rule, "a3", day) in named
    assert {v.agent for v in caught.value.violations} == {"a3"}
    if day:
        assert "'a3'" in str(caught.value)
        assert day in str(caught.value)
    assert wfm.find_clashes(**asked(case)) == list(caught.value.violations)


@pytest.mark.parametrize("name", TOLD)
def test_what_would_give_way_is_told_before_any_search(name: str) -> None:
    case, rule, day = TOLD[name]
    began = time.perf_counter()
    found = wfm.find_clashes(**asked(case))
    seconds = time.perf_counter() - began
    print(f"{name}: {rule} named in {seconds:.2f} s: {found[0]}")
    assert seconds < WITHIN_S
    assert (rule, "a3", day) in {(v.rule, v.agent, v.when[4:14]) for v in found}


def test_the_error_of_a_search_says_which_rule_would_free_a_week() -> None:
    case = asked(TOLD["a night too short by the change of the clock"][0])
    with pytest.raises(wfm.InfeasibleError, match="would do if it gave way: rest") as caught:
        wfm.make_schedule(**case, seconds=2)
    assert ("days_per_week", "a3") in {(v.rule, v.agent) for v in caught.value.violations}
    assert caught.value.nearest.status == "nearest"


FIXED = [name for name, (_, rule, _) in REFUSED.items() if rule != "skill"]


@pytest.mark.parametrize("name", [*FIXED, *TOLD])
def test_the_smallest_fix_is_proven_by_a_schedule(name: str) -> None:
    case, rule, _ = {**REFUSED, **TOLD}[name]
    fixed = wfm.smallest_fix(**asked(case), seconds=2, moves=1)
    assert not fixed.schedule.violations
    assert len(fixed.frame)
    told = " ".join([*fixed.frame["rule"], *fixed.frame["other"]])
    print(name, fixed.frame.to_dict("records"))
    if rule in ("staff_limits", "break_bunching", "meetings"):
        assert rule in told
    else:
        assert set(fixed.frame["agent"]) == {"a3"}


def test_nothing_is_found_where_nothing_clashes() -> None:
    assert wfm.find_clashes(**asked({})) == []
    seats = wfm.StaffLimit("seats", most=9)
    assert wfm.find_clashes(**asked({"limits": [seats], "locks": [lock(2, 480)]})) == []


def test_a_week_is_settled_before_the_one_it_leaves_no_room_for() -> None:
    six = replace(CONTRACT, contract="six", min_days_week=6, max_days_week=6)
    case = asked(
        {
            "requirement": needs(days=14),
            "days": 14,
            "agents": crowd(contract="six"),
            "contracts": [*TERMS, six],
            "rules": rules(max_days_in_row=6),
            "locks": [lock(7, 480)],
        }
    )
    made = wfm.make_schedule(**case, moves=1)
    assert not made.violations
