"""What cannot be is refused in one sentence, before any solver is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

import wfm
from tests.scheduling.test_infeasible_set import DAYS, REFUSED, TERMS, asked, crowd, rules
from wfm.core.calendars import Opening
from wfm.core.intervals import day_grid
from wfm.core.people import CarryIn
from wfm.core.work import OfTable

TWICE = (wfm.Absence(DAYS[0], DAYS[3]), wfm.Absence(DAYS[2], DAYS[4]))
SUNDAY_NIGHT = wfm.Campaign("late", "voice", Opening.parse("Sun 02:00-03:00"), 2, deadline=DAYS[3])
DAILY_CALLS = wfm.Campaign("day", "voice", Opening.parse("10:00-18:00"), 2)
TEAM = wfm.Meeting("team", ("a1", "a2", "a3"), 30, least=2)
NAN = float("nan")
NEVER = wfm.Campaign("short", "voice", Opening.parse("10:00-10:15"), 2)


def with_break(earliest: int, latest: int) -> Callable[[], dict[str, Any]]:
    def case() -> dict[str, Any]:
        tea = wfm.Break("tea", 15, earliest, latest, paid=True)
        return {"contracts": [wfm.Contract("full", 480, 480, 4, 5, breaks=(tea,))]}

    return case


def round_the_clock() -> wfm.Requirement:
    grid = day_grid(DAYS[0], 7, timedelta(minutes=30), "Europe/Istanbul")
    frame = pd.DataFrame({"start": grid, "queue": "voice", "agents": 1, "scheduled": 1})
    return wfm.Requirement(frame, timedelta(minutes=30))


CASES: dict[str, tuple[Callable[[], dict[str, Any]] | dict[str, Any], str]] = {
    "overlapping absences": (
        lambda: {"agents": crowd(absences=TWICE)},
        r"agent 'a3': absences from 2027-01-04 and from 2027-01-06 overlap. Join them.",
    ),
    "an absence that ends before it begins": (
        lambda: {"agents": crowd(absences=(wfm.Absence(DAYS[2], DAYS[1]),))},
        r"ends on 2027-01-05, before it starts on 2027-01-06. Swap them.",
    ),
    "an unknown skill": (
        lambda: {"agents": crowd(skills=frozenset({"voice", "chess"}))},
        r"agent 'a3': skill 'chess' names no queue and no campaign. Use one of voice.",
    ),
    "an unknown contract": (
        lambda: {"agents": crowd(contract="FT9")},
        r"agent 'a3': contract 'FT9' is not known. Use one of full, other.",
    ),
    "a contract that cannot be met, by how many hours": (
        lambda: {"agents": crowd(hours=Opening.parse("Mon-Wed 08:00-18:00"))},
        r"contract 'full' asks 4 shifts, but .* leave 3 days; 7.5 paid hours are missing.",
    ),
    "a campaign whose window never opens": (
        lambda: {"campaigns": [SUNDAY_NIGHT]},
        r"campaign 'late': its permitted hours never open before its deadline",
    ),
    "a campaign shorter than a block": (
        lambda: {"campaigns": [NEVER], "requirement": quarter_hours()},
        r"campaign 'short': its permitted hours are shorter than a block of 30 min.",
    ),
    "a break window outside the shift": (
        with_break(400, 470),
        r"contract 'full': break 'tea' lies outside the shift of 480 min. Move it.",
    ),
    "a break window that closes before it opens": (
        with_break(120, 60),
        r"contract 'full': break 'tea' has no room. Check its length and window.",
    ),
    "paid minutes that do not add up": (
        lambda: {"contracts": [wfm.Contract("full", 480, 400, 4, 5)]},
        r"contract 'full': paid_min is 400, but 480 min of shift less 0 min",
    ),
    "a lock of nobody": (
        lambda: {"locks": [wfm.Lock("zz", DAYS[1], 480)]},
        r"lock of 2027-01-05: there is no agent 'zz'. Correct the name.",
    ),
    "a limit without anybody": (
        lambda: {"limits": [wfm.StaffLimit("pilot", least=1, skill="pilot")]},
        r"limit 'pilot': at least 1 at work are asked, but it counts 0 agents.",
    ),
    "a requirement without rows": (
        lambda: {"requirement": nothing(), "first_day": None},
        r"^requirement: it has no rows. Staff a forecast first.$",
    ),
    "half a day": ({"days": 2.5}, r"^schedule: days is 2.5. Write a whole number.$"),
    "a day as text": (
        {"first_day": "2027-01-04"},
        r"^schedule: first_day is '2027-01-04', which is no date. Write date\(2027, 1, 4\), for ",
    ),
    "time below nothing": ({"seconds": -1}, r"^schedule: seconds is -1. Write 0 or more.$"),
    "no time": ({"seconds": NAN}, r"^schedule: seconds is nan. Write 0 or more.$"),
    "moves below nothing": ({"moves": -1}, r"^schedule: moves is -1. Write 0 or more.$"),
    "a past of nobody": (
        {"carry_in": {"zz": CarryIn(days_in_row=5)}},
        r"^carry-in: there is no agent 'zz'. Correct the name.$",
    ),
    "a priority that is none": (
        {"priorities": {"voice": 12}},
        r"^priorities: 'voice' is 12. Write 1 to 9.$",
    ),
    "a priority of no queue": (
        {"priorities": {"voise": 1}},
        r"^priorities: 'voise' is no queue of the requirement, which has voice. Correct the name.$",
    ),
    "a skill of no queue": (
        {"skills": {"voise": "voice"}},
        r"^skills: 'voise' is no queue of the requirement, which has voice. Correct the name.$",
    ),
    "a campaign called like a queue": (
        {"campaigns": [replace(DAILY_CALLS, campaign="voice")]},
        r"^campaign 'voice': a queue has this name. Give the campaign another one.$",
    ),
    "a campaign twice": (
        {"campaigns": [DAILY_CALLS, DAILY_CALLS]},
        r"^campaign 'day': it stands 2 times. Give each its own name.$",
    ),
    "a meeting twice": (
        {"meetings": [TEAM, TEAM]},
        r"^meeting 'team': it stands 2 times. Give each its own name.$",
    ),
    "a limit twice": (
        {"limits": [wfm.StaffLimit("l", least=1), wfm.StaffLimit("l", least=2)]},
        r"^limit 'l': it stands 2 times. Give each its own name.$",
    ),
    "a campaign that no shift reaches": (
        {"campaigns": [replace(DAILY_CALLS, permitted=Opening.parse("02:00-05:00"))]},
        r"^campaign 'day': no shift of those with the skill 'voice' holds a block within its "
        r"hours, 02:00-05:00: full starts 07:00-12:00 for 480 min, other starts "
        r"07:00-12:00 for 480 min. Change the hours or the starts.$",
    ),
    "a campaign whose customers sleep while people work": (
        {"campaigns": [replace(DAILY_CALLS, permitted="02:00-05:00", time_zone="Europe/Berlin")]},
        r"its hours, 02:00-05:00 in Europe/Berlin: full starts 07:00-12:00 for 480 min, ",
    ),
    "a campaign at the night of those who have the skill": (
        {
            "agents": [replace(a, time_zone="America/New_York") for a in crowd()],
            "requirement": round_the_clock(),
            "campaigns": [replace(DAILY_CALLS, permitted="07:30-13:00")],
        },
        r"full starts 07:00-12:00 in America/New_York for 480 min, ",
    ),
    "a campaign that shifts reach for less than a block": (
        {
            "campaigns": [replace(DAILY_CALLS, permitted=Opening.parse("05:00-07:30"))],
            "rules": rules(outbound_block_min=60),
        },
        r"^campaign 'day': no shift of those with the skill 'voice' holds a block within its ",
    ),
    "a meeting longer than the shifts": (
        {"meetings": [replace(TEAM, minutes=600)]},
        r"^meeting 'team': it lasts 600 min, but its people's shifts leave at most 300 min between "
        r"two breaks. Shorten it, or hold it in parts.$",
    ),
    "a meeting longer than the time between breaks": (
        {"meetings": [replace(TEAM, minutes=330)]},
        r"^meeting 'team': it lasts 330 min, but its people's shifts leave at most 300 min ",
    ),
    "rules that cannot be": (
        lambda: {"rules": rules(rest_min=-5)},
        r"rules: rest, band and outbound block must be 0 minutes or more.",
    ),
}


def nothing() -> wfm.Requirement:
    whole = asked({})["requirement"]
    return wfm.Requirement(whole.frame.iloc[:0], whole.interval)


def quarter_hours() -> wfm.Requirement:
    whole = asked({})["requirement"]
    frame = whole.frame.copy()
    frame["start"] = frame["start"].dt.floor("15min")
    return wfm.Requirement(frame, whole.interval / 2)


@pytest.fixture(autouse=True)
def no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        pytest.fail("the solver was asked")

    monkeypatch.setattr("wfm.scheduling.solve.solve", never)


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_in_one_sentence(name: str) -> None:
    case, told = CASES[name]
    with pytest.raises(wfm.DataError) as caught:
        wfm.make_schedule(**asked(case() if callable(case) else case))
    text = str(caught.value)
    print(f"{name}: {text}")
    assert re.search(told, text), text
    assert "\n" not in text
    assert text.endswith(".")
    assert len(text) < 250


LOCKED = [name for name in REFUSED if "lock" in name]


@pytest.mark.parametrize("name", LOCKED)
def test_a_lock_that_breaks_a_rule_is_refused_by_its_name(name: str) -> None:
    case, rule, _ = REFUSED[name]
    with pytest.raises(wfm.DataError) as caught:
        wfm.make_schedule(**asked(case))
    assert rule in str(caught.value) or name == "two locks of a day"
    assert "\n" not in str(caught.value)


def test_input_without_fault_reaches_the_solver() -> None:
    with pytest.raises(pytest.fail.Exception, match="the solver was asked"):
        wfm.make_schedule(**asked({"agents": [replace(a, name="X") for a in crowd()]}))


MEANT: dict[str, dict[str, Any]] = {
    "an absence after the schedule": {
        "agents": crowd(absences=(wfm.Absence(DAYS[13], DAYS[13]),)),
    },
    "queues of a table that are not planned": {
        "skills": OfTable({"mail": "mail"}),
        "priorities": OfTable({"mail": 2}),
    },
    "queues of other weeks": {"skills": {"chat": "mail"}, "priorities": {"chat": 2}},
    "a past that somebody left with": {
        "carry_in": {"a1": CarryIn(days_in_row=2), "left": CarryIn(days_in_row=5)}
    },
    "a campaign that begins when nobody works any more": {
        "campaigns": [
            replace(
                DAILY_CALLS,
                permitted="08:00-22:00",
                not_before=datetime.fromisoformat("2027-01-10T20:30+03:00"),
            )
        ]
    },
    "whole numbers as tables hold them": {
        "contracts": [replace(c, min_days_week=4.0, shift_min=480.0) for c in TERMS],
        "rules": rules(max_days_in_row=5.0, outbound_block_min=60.0, break_gap_min=30.0),
        "campaigns": [
            replace(DAILY_CALLS, records=200.0, attempts=3.0, gap_days=2.0, talk_s=300, target_h=30)
        ],
        "days": np.int64(7),
    },
    "more queues beside all of the requirement": {"skills": {"voice": "voice", "mail": "mail"}},
    "a campaign in the last minutes of a shift": {
        "campaigns": [replace(DAILY_CALLS, permitted=Opening.parse("19:30-22:00"))]
    },
    "a meeting between breaks": {"meetings": [replace(TEAM, minutes=300)]},
    "a night of calls": {"campaigns": [replace(DAILY_CALLS, permitted="22:00-10:00")]},
}


@pytest.mark.parametrize("name", MEANT)
def test_what_can_be_meant_reaches_the_solver(name: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="the solver was asked"):
        wfm.make_schedule(**asked(MEANT[name]))
