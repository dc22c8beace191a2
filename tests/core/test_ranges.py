"""A value that cannot be meant is refused where it is made, in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

import wfm
from wfm.core import tables
from wfm.core.calendars import Opening
from wfm.core.people import CarryIn

DAY = date(2027, 1, 4)
INF, NAN = float("inf"), float("nan")
FULL = wfm.Contract("full", 480, 480, 4, 5)
ADA = wfm.Agent("a1", "Ada", "full", frozenset({"voice"}))
LIST = wfm.Campaign("winter", "voice", Opening.parse("10:00-18:00"), 5.0)
LATE = datetime.fromisoformat("2027-01-03T23:00")


def calls(**changed: Any) -> Callable[[], wfm.Campaign]:
    return lambda: replace(LIST, **changed)


def ada(**changed: Any) -> Callable[[], wfm.Agent]:
    return lambda: replace(ADA, **changed)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a contract's hours": (
        lambda: replace(FULL, min_hours_week=NAN),
        "contract 'full': min_hours_week is nan. Write a finite number.",
    ),
    "a break of half minutes": (
        lambda: wfm.Break("tea", 7.5, 60, 120, paid=True),  # type: ignore[arg-type]
        "break 'tea': length_min is 7.5. Write a whole number.",
    ),
    "an agent without an id": (
        ada(agent=""),
        "agent 'Ada': it has no id. Give each agent one of its own.",
    ),
    "an agent's time zone": (
        ada(time_zone="Mars/X"),
        "agent 'a1': time zone: 'Mars/X' is not known. Use an IANA name such as 'Europe/Istanbul'.",
    ),
    "a campaign's time zone": (
        lambda: replace(LIST, time_zone="Mars/X"),
        "campaign 'winter': time zone: 'Mars/X' is not known. "
        "Use an IANA name such as 'Europe/Istanbul'.",
    ),
    "an agent's hours": (
        ada(hours="Mon-Fri"),
        "agent 'a1': opening hours: 'Mon-Fri' is not known. "
        "Write 24/7 or for example Mon-Fri 08:00-18:00; Sat 09:00-13:00.",
    ),
    "a negative cost": (
        ada(cost_per_h=-5.0),
        "agent 'a1': cost_per_h is -5. Write 0 or more.",
    ),
    "an unknown cost": (
        ada(cost_per_h=NAN),
        "agent 'a1': cost_per_h is nan. Write a finite number.",
    ),
    "an end before the start": (
        ada(start_date=date(2027, 1, 7), end_date=DAY),
        "agent 'a1': end_date 2027-01-04 is before start_date 2027-01-07. Swap the two.",
    ),
    "a wish that is no time": (
        ada(preferred_start_min=9999),
        "agent 'a1': preferred_start_min is 9999. Write 0 to 1440.",
    ),
    "an end of a shift without a zone": (
        lambda: CarryIn(last_end=LATE),
        "carry-in: last_end 2027-01-03 23:00:00 has no time zone. Add one.",
    ),
    "shifts without a zone": (
        lambda: CarryIn(shifts=((LATE, LATE),)),
        "carry-in: shifts 2027-01-03 23:00:00 has no time zone. Add one.",
    ),
    "endless hours of a campaign": (
        calls(target_h=INF),
        "campaign 'winter': target_h is inf. Write a finite number.",
    ),
    "talk below nothing": (
        calls(talk_s=-50),
        "campaign 'winter': talk_s is -50. Write 0 or more.",
    ),
    "an unknown set-up": (
        calls(set_up_s=NAN),
        "campaign 'winter': set_up_s is nan. Write a finite number.",
    ),
    "an hour after midnight": (
        calls(by_hour=((25, 0.3, 0.4),)),
        "campaign 'winter': hour of by_hour is 25. Write 0 to 23.",
    ),
    "calling hours that end when they begin": (
        calls(permitted=Opening.parse("Mon 09:00-12:00; Tue 10:00-10:00")),
        "campaign 'winter': its permitted hours 10:00-10:00 end when they begin. "
        "Write 00:00-24:00 for the whole day, or another end.",
    ),
    "calling hours that later end when they begin": (
        calls(permitted="10:00-18:00 from 2027-03-01: 20:00-20:00"),
        "campaign 'winter': its permitted hours 20:00-20:00 end when they begin. "
        "Write 00:00-24:00 for the whole day, or another end.",
    ),
    "no calling hours": (
        calls(permitted=""),
        "campaign 'winter': it has no permitted hours. Write 10:00-20:00, for example.",
    ),
    "calling hours in the rows of a table": (
        lambda: tables.campaigns_from(
            tables.campaigns_table([LIST]).assign(weekdays="", hours="10:00-10:00")
        ),
        "campaigns: row 1, column 'campaign': campaign 'winter': its permitted hours 10:00-10:00 "
        "end when they begin. Write 00:00-24:00 for the whole day, or another end.",
    ),
    "a limit": (
        lambda: wfm.StaffLimit("seats", least=NAN),  # type: ignore[arg-type]
        "limit 'seats': least is nan. Write a finite number.",
    ),
    "a meeting": (
        lambda: wfm.Meeting("team", ("a1",), NAN),  # type: ignore[arg-type]
        "meeting 'team': minutes is nan. Write a finite number.",
    ),
    "a lock before midnight": (
        lambda: wfm.Lock("a1", DAY, -30),
        "lock of 'a1' on 2027-01-04: it starts -30 min after midnight. "
        "Write a time from 00:00 to 23:59.",
    ),
    "a lock after the day": (
        lambda: wfm.Lock("a1", DAY, 2000),
        "lock of 'a1' on 2027-01-04: it starts 2000 min after midnight. "
        "Write a time from 00:00 to 23:59.",
    ),
    "a rest": (
        lambda: wfm.schedule_rules(rest_min=NAN),  # type: ignore[arg-type]
        "rules: rest_min is nan. Write a finite number.",
    ),
    "the average hours": (
        lambda: wfm.schedule_rules(max_hours_average_week=NAN),
        "rules: max_hours_average_week is nan. Write a finite number.",
    ),
    **{
        f"{name} of {cost}": (
            lambda name=name, cost=cost: wfm.schedule_weights(**{name: cost}),
            f"weights: {name} is {cost:g}. Write a finite number.",
        )
        for name in ("missing", "over", "labour", "outbound", "wish", "switch")
        for cost in (NAN, INF)
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused(name: str) -> None:
    make, told = REFUSED[name]
    with pytest.raises(wfm.DataError, match=f"^{re.escape(told)}$"):
        make()


def test_hours_may_be_given_as_text() -> None:
    week, day = Opening.parse("Mon-Fri 08:00-16:00"), Opening.parse("10:00-18:00")
    assert replace(ADA, hours="Mon-Fri 08:00-16:00").hours == week
    assert replace(ADA, hours="").hours is None
    assert replace(LIST, permitted="10:00-18:00").permitted == day
    assert wfm.StaffLimit("lead", 1, hours="10:00-18:00").hours == day  # type: ignore[arg-type]
    assert wfm.Meeting("team", ("a1",), 30, hours="10:00-18:00").hours == day  # type: ignore[arg-type]


@pytest.mark.parametrize("hours", ["00:00-24:00", "24/7", "22:00-02:00"])
def test_whole_days_and_nights_may_be_called(hours: str) -> None:
    assert replace(LIST, permitted=Opening.parse(hours)).permitted == Opening.parse(hours)


def test_numbers_of_arrays_and_unknown_hours_of_a_list_are_fine() -> None:
    assert replace(LIST, target_h=np.float64(2.5)).target_h == 2.5
    assert replace(LIST, target_h=NAN, records=10.0, talk_s=60.0).records == 10.0
    assert replace(FULL, paid_min=480.0).paid_min == 480
