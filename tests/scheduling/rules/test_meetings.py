"""Meetings: kept by the solver, found when broken, told when there is no place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs, people
from wfm.core import tables
from wfm.core.calendars import Opening

CROWD = [a for a in people() if a.contract == "full"]
HOURS = Opening.parse("Mon-Fri 08:00-19:00")
TEAM = wfm.Meeting("team", ("a0", "a1", "a2"), 30, hours=HOURS, room="blue")
COACH = wfm.Meeting("coaching", ("a3", "a4"), 60, first=MONDAY, last=MONDAY + timedelta(days=3))
OTHER = wfm.Meeting("quality", ("a5", "a6", "a8"), 30, room="blue", least=2)
CENTRE = {
    "requirement": needs(3),
    "agents": CROWD,
    "contracts": [CONTRACT],
    "meetings": [TEAM, COACH, OTHER],
}


@pytest.fixture(scope="module")
def made() -> wfm.Schedule:
    return wfm.make_schedule(**CENTRE, first_day=MONDAY, moves=2)


def held(schedule: wfm.Schedule, name: str) -> pd.DataFrame:
    frame = schedule.frame
    return frame[(frame["activity"] == "meeting") & (frame["queue"] == name)]


def made_without(schedule: wfm.Schedule) -> wfm.Schedule:
    frame = schedule.frame.copy()
    frame.loc[frame["activity"] == "meeting", ["activity", "queue"]] = ["inbound", "voice"]
    return replace(schedule, frame=frame)


def test_the_schedule_holds_every_meeting_once_together_and_whole(made: wfm.Schedule) -> None:
    assert not made.violations
    assert not wfm.check_schedule(made, **CENTRE)
    for meeting in (TEAM, COACH, OTHER):
        rows = held(made, meeting.meeting)
        assert len(rows) >= meeting.needed
        assert rows["start"].nunique() == 1
        assert set(rows["end"] - rows["start"]) == {pd.Timedelta(minutes=meeting.minutes)}
        assert set(rows["agent"]) <= set(meeting.agents)
    blue = [held(made, name).iloc[0] for name in ("team", "quality")]
    assert blue[0]["end"] <= blue[1]["start"] or blue[1]["end"] <= blue[0]["start"]
    assert held(made, "coaching")["start"].iloc[0].date() <= MONDAY + timedelta(days=3)


def test_meetings_are_paid_and_lie_where_people_are_missed_least(made: wfm.Schedule) -> None:
    bare = wfm.make_schedule(**{**CENTRE, "meetings": ()}, first_day=MONDAY, moves=2)
    assert made.hours == bare.hours
    placed = wfm.place_meetings(bare, **CENTRE)
    assert not placed.violations
    lost = placed.coverage["under"].sum() - bare.coverage["under"].sum()
    assert lost <= 4
    assert wfm.place_meetings(placed, **CENTRE).frame.equals(placed.frame)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("drop", "has no place"),
        ("shift", "at 2 times"),
        ("short", ""),
        ("stranger", "is not invited"),
        ("few", "has 2 of 3"),
    ],
)
def test_a_broken_meeting_is_found(made: wfm.Schedule, change: str, told: str) -> None:
    frame = made.frame.copy()
    rows = held(made, "team").index
    step = pd.Timedelta(minutes=30)
    if change == "drop":
        frame.loc[rows, ["activity", "queue"]] = ["inbound", "voice"]
    if change == "shift":
        agent, start = frame.loc[rows[0], "agent"], frame.loc[rows[0], "start"]
        frame.loc[rows[0], ["activity", "queue"]] = ["inbound", "voice"]
        day = (frame["agent"] == agent) & (frame["activity"] == "inbound")
        other = frame[day & (frame["start"].dt.date == start.date())].index.difference([rows[0]])[0]
        frame = frame.loc[[*frame.index, other]].reset_index(drop=True)
        frame.loc[other, "end"] = frame.loc[other, "start"] + step
        frame.loc[other, ["activity", "queue"]] = ["meeting", "team"]
        frame.loc[len(frame) - 1, "start"] = frame.loc[other, "end"]
        frame = frame[frame["start"] < frame["end"]]
    if change == "short":
        longer = replace(TEAM, minutes=60)
        broken = wfm.check_schedule(made, **{**CENTRE, "meetings": [longer, COACH, OTHER]})
        assert any("does not last 60 min" in v.text for v in broken)
        return
    if change == "stranger":
        inbound = frame[(frame["activity"] == "inbound") & (frame["agent"] == "a9")].index[0]
        frame.loc[inbound, ["activity", "queue"]] = ["meeting", "team"]
    if change == "few":
        frame.loc[rows[0], ["activity", "queue"]] = ["inbound", "voice"]
    broken = wfm.check_schedule(replace(made, frame=frame), **CENTRE)
    assert any(v.rule == "meetings" and told in v.text for v in broken), broken


def test_a_room_taken_twice_and_a_wrong_day_are_found(made: wfm.Schedule) -> None:
    later = replace(TEAM, first=MONDAY + timedelta(days=6), hours=None)
    broken = wfm.check_schedule(made, **{**CENTRE, "meetings": [later, COACH, OTHER]})
    assert any("outside its days or hours" in v.text for v in broken)
    bare = made_without(made).frame
    hour = pd.Timestamp(f"{MONDAY + timedelta(days=1)} 13:00", tz="Europe/Istanbul")
    busy = bare[(bare["activity"] == "inbound") & (bare["start"] <= hour)]
    busy = busy[busy["end"] >= hour + pd.Timedelta(minutes=30)]["agent"].tolist()
    tight = Opening.parse("Tue 13:00-13:30")
    apart = [
        wfm.Meeting(room, (agent,), 30, hours=tight, room=room)
        for room, agent in zip(("red", "blue"), busy, strict=False)
    ]
    placed = wfm.place_meetings(made_without(made), **{**CENTRE, "meetings": apart})
    assert not [v for v in placed.violations if v.rule == "meetings"]
    one = [replace(m, room="blue") for m in apart]
    broken = wfm.check_schedule(placed, **{**CENTRE, "meetings": one})
    assert any("are both in blue" in v.text for v in broken)


def test_a_meeting_without_a_time_is_told_and_one_that_cannot_be_is_refused() -> None:
    night = replace(TEAM, hours=Opening.parse("Mon-Sun 01:00-02:00"))
    made = wfm.make_schedule(**{**CENTRE, "meetings": [night]}, first_day=MONDAY, moves=1)
    assert made.status == "nearest"
    assert [str(v) for v in made.violations] == ["meetings: 'team' has no place."]
    for wrong, why in (
        (replace(TEAM, agents=("a0", "nobody")), "no agent 'nobody'"),
        (replace(TEAM, first=MONDAY + timedelta(days=60)), "never open within the schedule"),
        (replace(TEAM, minutes=33), "no multiple of 5"),
    ):
        with pytest.raises(wfm.DataError, match=why):
            wfm.make_schedule(**{**CENTRE, "meetings": [wrong]}, first_day=MONDAY, moves=1)
    with pytest.raises(wfm.DataError, match="impossible"):
        replace(TEAM, least=4)


def test_planning_again_and_sick_calls_keep_meetings(made: wfm.Schedule) -> None:
    new = wfm.replan_schedule(made, change_cost=0, seconds=5, **{**CENTRE, "requirement": needs(4)})
    assert not new.violations
    day = held(made, "coaching")["start"].iloc[0].date()
    sick = wfm.sick_call(made, "a9", day, None, **CENTRE)
    assert not sick.violations


@given(
    minutes=st.sampled_from([15, 30, 45, 60, 90]),
    size=st.integers(1, 5),
    least=st.integers(1, 5),
    seed=st.integers(0, 100),
)
@settings(max_examples=25, deadline=None)
def test_whatever_is_placed_keeps_the_rule(
    made: wfm.Schedule, minutes: int, size: int, least: int, seed: int
) -> None:
    names = [a.agent for a in CROWD]
    asked = tuple(names[(seed + k) % len(names)] for k in range(size))
    one = wfm.Meeting("one", asked, minutes, room="blue", least=min(least, size))
    centre = {**CENTRE, "meetings": [one]}
    found = wfm.place_meetings(made_without(made), **centre)
    texts = {v.text for v in found.violations if v.rule == "meetings"}
    assert texts <= {"'one' has no place."}


def test_the_table_of_meetings_is_read_back() -> None:
    every = [TEAM, COACH, OTHER]
    assert list(tables.meetings_from(tables.meetings_table(every))) == every
