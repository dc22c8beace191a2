"""Tables that people fill in: to objects and back, and one sentence for each bad cell."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.calendars import EFFECTS, Effect, Event, Opening, Window
from wfm.core.edits import Lock
from wfm.core.errors import DataError
from wfm.core.people import Absence, Agent, Break, Contract, ShiftKind
from wfm.core.shrinkage import Shrinkage, ShrinkageComponent
from wfm.core.tables import (
    COLUMNS,
    ORDER,
    absences_table,
    agents_from,
    agents_table,
    campaigns_from,
    campaigns_table,
    check_people,
    contracts_from,
    contracts_table,
    events_from,
    events_table,
    locks_from,
    locks_table,
    queues_from,
    queues_table,
    shifts_table,
    shrinkage_from,
    shrinkage_table,
)
from wfm.core.tables_out import CAMPAIGN_LIST, CONTRACT_HOURS
from wfm.core.work import Campaign, Queue

NAMES = st.text("abcäöşğIıİ=+'- ./0", min_size=1, max_size=6).filter(lambda t: t == t.strip())
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
NUMBERS = st.floats(0, 1e6, allow_nan=False)


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date]:
    first = draw(DAYS)
    return first, first + timedelta(days=draw(st.integers(0, 30)))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = draw(st.integers(0, 1439))
    length = draw(st.integers(1, 1440))
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    end = start + length
    return Window(days, start, 1440 if end % 1440 == 0 and start == 0 else end)


OPENINGS = st.lists(windows(), min_size=1, max_size=3).map(lambda w: Opening(tuple(w)))
CALLING = OPENINGS.filter(
    lambda opening: all(w.to_min - w.from_min < 24 * 60 or not w.from_min for w in opening.windows)
)
"""Without hours that end when they begin, which no campaign may have."""


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_agents_come_back(data: st.DataObject) -> None:
    names = data.draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    agents = []
    for name in names:
        away = data.draw(st.lists(spans(), max_size=2))
        employed = data.draw(st.none() | spans())
        agents.append(
            Agent(
                name,
                data.draw(NAMES),
                data.draw(NAMES),
                data.draw(st.frozensets(NAMES, min_size=1, max_size=3)),
                team=data.draw(NAMES | st.just("")),
                time_zone=data.draw(st.sampled_from(["", "Europe/Istanbul"])),
                start_date=employed[0] if employed else None,
                end_date=employed[1] if employed else None,
                cost_per_h=data.draw(NUMBERS),
                absences=tuple(
                    sorted((Absence(*a, "leave") for a in away), key=lambda a: (a.first, a.last))
                ),
            )
        )
    assert agents_from(agents_table(agents), absences_table(agents)) == tuple(agents)


def test_shrinkage_comes_back_and_counts_once_what_the_schedule_places() -> None:
    shrinkage = Shrinkage(
        (
            ShrinkageComponent("sickness", 0.05),
            ShrinkageComponent("flu", 0.03, months=(1, 2, 12)),
            ShrinkageComponent("coaching", 0.02, weekdays=(0, 1, 4)),
            ShrinkageComponent("breaks", 0.08, placed=True),
        )
    )
    assert shrinkage_from(shrinkage_table(shrinkage)) == shrinkage
    days = pd.DatetimeIndex(["2026-01-05", "2026-01-07", "2026-06-01", "2026-06-03"])
    assert shrinkage.on(days).round(12).tolist() == [0.10, 0.08, 0.07, 0.05]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"component": "a", "share": "120 %"}, r"row 1, column 'share': .*below 0.95"),
        ({"component": "a", "share": 0.1, "months": "Foo"}, r"'months': month 'Foo'.*Jan to Dec"),
        ({"component": "a", "share": 0.1, "placed": "maybe"}, r"neither yes nor no"),
        ({"component": "a", "share": 0.1, "weekdays": "Xyz"}, r"row 1, column 'weekdays'"),
    ],
)
def test_shrinkage_that_cannot_be_is_refused(row: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        shrinkage_from(pd.DataFrame([row]))


def test_components_that_leave_no_time_are_refused() -> None:
    table = pd.DataFrame({"component": ["a", "b"], "share": [0.5, 0.5]})
    with pytest.raises(DataError, match="add up to 100% on some days"):
        shrinkage_from(table)


@settings(max_examples=40, deadline=None)
@given(NAMES, NAMES, CALLING, NUMBERS, st.floats(0.01, 1), st.none() | DAYS)
def test_campaigns_and_queues_come_back(
    name: str, skill: str, hours: Opening, number: float, share: float, day: date | None
) -> None:
    campaigns = (Campaign(name, skill, hours, number, number, 1.0, 2.0, share, day, number),)
    assert campaigns_from(campaigns_table(campaigns)) == campaigns
    queues = (
        Queue(name, skill, "chat", "80/20", number + 1, None, hours),
        Queue(f"{name}x", skill),
        Queue(f"{name}y", skill, "messenger", chats=2, chat_aht_s=(300.0, 300.0), deflection=0.2),
        Queue(f"{name}z", skill, "post", due_h=number + 1, backlog=number, deflected_aht_s=60.0),
        Queue(f"{name}w", skill, callback_at=3, callback_share=0.4, priority=2),
    )
    assert queues_from(queues_table(queues)) == queues


CHANGES = st.floats(-1, 5).filter(lambda change: change != 0)


@settings(max_examples=40, deadline=None)
@given(
    NAMES,
    spans(),
    st.sampled_from(EFFECTS),
    CHANGES,
    st.lists(NAMES, unique=True),
    st.integers(0, 14),
    OPENINGS,
)
def test_events_come_back(
    name: str,
    span: tuple[date, date],
    effect: Effect,
    change: float,
    queues: list[str],
    near: int,
    hours: Opening,
) -> None:
    given_hours = hours if effect == "hours" else None
    like = span[0] if effect == "like" else None
    events = (
        Event(name, *span, effect, change, tuple(queues), near, 14 - near, given_hours, like),
    )
    assert events_from(events_table(events)) == events


@given(st.integers(1, 7), st.integers(0, 22), st.sampled_from([5, 15, 30, 60]))
def test_contracts_come_back(days: int, hour: int, grid: int) -> None:
    breaks = (Break("tea", 15, 60, 120, True), Break("öğle", 30, 200, 260, False))
    contracts = (
        Contract("full", 480, 450, 0, days, hour * 60, hour * 60 + 30, grid, breaks),
        Contract("part", 240, 240, 1, days),
    )
    assert contracts_from(contracts_table(contracts)) == contracts


WHERE_USED = {
    "agents": ("hours", "preferred_start", "site"),
    "limits": ("site",),
    "contracts": CONTRACT_HOURS,
    "campaigns": CAMPAIGN_LIST,
}
"""Columns that are written only where somebody has a value."""


def test_the_columns_written_are_the_columns_known() -> None:
    for table, (required, optional) in COLUMNS.items():
        if table in ORDER:
            known = sorted(set(required) | set(optional) - set(WHERE_USED.get(table, ())))
            assert sorted(ORDER[table]) == known


def test_little_is_enough() -> None:
    frame = pd.DataFrame({"Agent": ["a1"], "Contract": ["full"], "Skills": [" calls | mail |"]})
    agent = agents_from(frame)[0]
    assert agent == Agent("a1", "a1", "full", frozenset({"calls", "mail"}))
    contract = contracts_from(
        pd.DataFrame(
            {
                "contract": ["full"],
                "shift_min": [510.0],
                "max_days_week": ["5"],
                "breaks": ["lunch:30:180:300:unpaid"],
            }
        )
    )[0]
    assert contract.paid_min == 480
    assert (contract.start_from_min, contract.start_to_min, contract.start_grid_min) == (
        0,
        1410,
        30,
    )
    assert queues_from(pd.DataFrame({"queue": ["support"]})) == (Queue("support", "support"),)


def test_empty_rows_and_other_columns_are_left_aside() -> None:
    frame = pd.DataFrame(
        {
            "agent": ["a1", None, " "],
            "contract": ["full", np.nan, ""],
            "skills": ["x", None, None],
            "shoe size": [1, None, None],
        }
    )
    assert len(agents_from(frame)) == 1


def agents(**changes: object) -> pd.DataFrame:
    base: dict[str, object] = {"agent": "a1", "contract": "full", "skills": "x"}
    return pd.DataFrame([base, base | {"agent": "a2"} | changes])


@pytest.mark.parametrize(
    ("frame", "pattern"),
    [
        (
            agents(cost_per_h="much"),
            r"agents: row 2, column 'cost_per_h': 'much' cannot be read\. Write a number",
        ),
        (agents(cost_per_h="1,234"), r"row 2, .*can be read two ways"),
        (agents(cost_per_h=-1.0), r"row 2, .*-1 is negative"),
        (agents(skills=""), r"row 2, column 'skills': it is empty\. Fill it in"),
        (agents(agent="a1"), r"row 2, column 'agent': 'a1' is there twice"),
        (
            agents(start_date="02/03/2026"),
            r"column 'start_date': '02/03/2026' cannot be read\. Write a date like",
        ),
        (agents(start_date="2026-03-02", end_date="2026-03-01"), r"before the start date"),
        (agents(time_zone="Istanbul"), r"column 'time_zone': time zone: 'Istanbul' is not known"),
        (agents(cost_per_hour=3), r"agents: column 'cost_per_hour' looks like 'cost_per_h'"),
        (
            agents().drop(columns="contract"),
            r"agents: missing columns contract; found agent, skills",
        ),
    ],
)
def test_a_bad_agent_is_named(frame: pd.DataFrame, pattern: str) -> None:
    with pytest.raises(DataError, match=pattern):
        agents_from(frame)


def one(make: object, **cells: object) -> object:
    return make(pd.DataFrame([cells]))  # type: ignore[operator]


CONTRACT = {"contract": "full", "shift_min": 480, "max_days_week": 5}
CAMPAIGN = {"campaign": "c", "skill": "s", "hours": "10:00-20:00", "target_h": 5}


@pytest.mark.parametrize(
    ("make", "cells", "pattern"),
    [
        (
            contracts_from,
            CONTRACT | {"shift_min": 480.5},
            r"contracts: row 1, column 'shift_min': 480\.5 cannot be read\. Write a whole",
        ),
        (
            contracts_from,
            CONTRACT | {"starts": "morning"},
            r"column 'starts': 'morning' is not known\. Write earliest-latest/grid",
        ),
        (
            contracts_from,
            CONTRACT | {"breaks": "lunch:30"},
            r"column 'breaks': break 'lunch:30' is not known\. Write name:length",
        ),
        (
            contracts_from,
            CONTRACT | {"breaks": "lunch:30:470:480:paid"},
            r"outside the shift of 480 min",
        ),
        (contracts_from, CONTRACT | {"paid_min": 400}, r"paid_min is 400, but"),
        (contracts_from, CONTRACT | {"min_days_week": 6}, r"6 to 5 days a week is impossible"),
        (
            campaigns_from,
            CAMPAIGN | {"hours": "all day"},
            r"campaigns: row 1, column 'hours': opening hours: 'all day'",
        ),
        (
            campaigns_from,
            CAMPAIGN | {"hours": "Mon 10:00-12:00", "weekdays": "Tue"},
            r"leave weekdays empty",
        ),
        (campaigns_from, CAMPAIGN | {"connect_rate": "0"}, r"Write a share above 0"),
        (campaigns_from, CAMPAIGN | {"talk_s": -1}, r"column 'talk_s': -1 is negative"),
        (
            queues_from,
            {"queue": "q", "target": "best"},
            r"queues: row 1, column 'target': target: 'best'",
        ),
        (queues_from, {"queue": "q", "target": "100/20"}, r"below 1"),
        (queues_from, {"queue": "q", "patience_s": 0}, r"not more than 0 seconds"),
        (
            events_from,
            {"event": "e", "from": "2026-03-02", "to": "2026-03-01"},
            r"events: row 1, .*Swap",
        ),
        (
            events_from,
            {"event": "e", "from": "2026-03-02", "effect": "boom"},
            r"'boom' is not one of",
        ),
    ],
)
def test_a_bad_cell_is_named(make: object, cells: dict[str, object], pattern: str) -> None:
    with pytest.raises(DataError, match=pattern):
        one(make, **cells)


def test_absences_of_nobody_are_refused() -> None:
    absences = pd.DataFrame({"agent": ["a9"], "from": ["2026-03-02"]})
    with pytest.raises(DataError, match=r"absences: row 1, column 'agent': there is no agent 'a9'"):
        agents_from(agents(), absences)
    mine = absences.assign(agent="a2", to=[pd.Timestamp("2026-03-04")])
    assert agents_from(agents(), mine)[1].absences == (Absence(date(2026, 3, 2), date(2026, 3, 4)),)


def test_names_that_a_cell_cannot_hold_are_refused() -> None:
    with pytest.raises(DataError, match="leave out"):
        agents_table([Agent("a", "a", "c", frozenset({"x|y"}))])


def test_unknown_contracts_and_skills_are_named() -> None:
    people = agents_from(agents())
    full = contracts_from(pd.DataFrame([CONTRACT]))
    check_people(people, full, queues=[Queue("q", "x")])
    check_people(people, full)
    with pytest.raises(DataError, match=r"agent 'a1': there is no contract 'full'; known are none"):
        check_people(people, [])
    with pytest.raises(DataError, match=r"agent 'a1': no queue or campaign needs the skill 'x'"):
        check_people(people, full, queues=[Queue("q", "y")])


def test_hours_and_wishes_of_agents_come_back_and_are_left_out_where_nobody_has_them():
    from wfm.core import tables

    plain = pd.DataFrame({"agent": ["a1"], "contract": ["full"], "skills": ["calls"]})
    assert "hours" not in tables.agents_table(tables.agents_from(plain))
    own = plain.assign(hours=["Mon-Fri 08:00-16:00"], preferred_start=["09:30"])
    agents = tables.agents_from(own)
    assert agents[0].preferred_start_min == 570
    assert tables.agents_from(tables.agents_table(agents)) == agents


def test_a_lock_that_cannot_be_read_names_its_cell():
    from wfm.core import tables

    frame = pd.DataFrame({"agent": ["a1"], "day": ["2027-01-04"], "shift": ["8 o'clock"]})
    with pytest.raises(DataError, match=r"locks: row .*'shift'"):
        tables.locks_from(frame)


def test_further_kinds_of_shift_come_back_as_they_were() -> None:
    gap = Break("gap", 180, 240, 240, paid=False)
    split = ShiftKind("split", 660, 480, 7 * 60, 9 * 60, 60, (gap,))
    short = ShiftKind("short", 240, 240)
    full = Contract(
        "full", 480, 480, 4, 6, more_shifts=(split, short), min_hours_week=30, max_hours_week=38.5
    )
    plain = Contract("plain", 360, 360, 3, 5)
    contracts = (full, plain)
    assert contracts_from(contracts_table(contracts), shifts_table(contracts)) == contracts
    assert "min_hours_week" not in contracts_table([plain])


def test_a_kind_of_shift_that_cannot_be_is_told_by_its_row() -> None:
    full = contracts_table([Contract("full", 480, 480, 4, 5)])
    kinds = pd.DataFrame(
        {"contract": ["full", "half"], "shift": ["a", "b"], "shift_min": [240, 60]}
    )
    with pytest.raises(DataError, match=r"'half' is none of the contracts. Use full"):
        contracts_from(full, kinds)
    with pytest.raises(DataError, match="shift 'full' has no name of its own"):
        contracts_from(full, kinds.assign(contract="full", shift="full"))


def test_a_lock_names_a_kind_of_shift_in_its_table() -> None:
    locks = (Lock("a1", date(2027, 1, 4), 510, "short"), Lock("a1", date(2027, 1, 5), None))
    assert locks_from(locks_table(locks)) == locks
