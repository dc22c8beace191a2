"""Change a schedule: by hand with its effect, swaps, sick calls, locks, and planning again."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pandas as pd

from wfm.core import tables
from wfm.core.edits import EDITS, ShiftEdit
from wfm.core.people import Absence
from wfm.core.types import Requirement, Schedule
from wfm.planning.changes import (
    Edited,
    absences_with,
    compare_figures,
    edit_schedule,
    locks_of,
    shift_days,
    sick_call,
    swap_partners,
)
from wfm.planning.project_people import published_of
from wfm.store import VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.pages import schedule_effect, schedule_meetings
from wfm.ui.parts import fields, work
from wfm.ui.parts.charts_roster import labels
from wfm.ui.parts.numbers import number
from wfm.ui.said import st
from wfm.ui.whole import at_once

ACTIONS = {
    "move": "Move the shift",
    "off": "Give the day off",
    "add": "Add a shift",
    "swap": "Swap the day with somebody",
    "activity": "Set an activity",
}
SHOWN = 5
"""Rules that a repair leaves broken, told one by one."""
CHANGE_COST = fields.Field(
    fields.number,
    "change_cost",
    "Price of a change",
    {
        "least": 0,
        "step": 5.0,
        "help": "Cost units for each agent and day that differs; an hour of labour is 8.",
    },
)
LOCKS = {"agent": "text", "day": "day", "shift": "text"}
LOCKS_CONFIG = {
    "agent": st.column_config.TextColumn("Agent", help="An id of the table Agents."),
    "day": st.column_config.DateColumn("Day", help="2026-03-02"),
    "shift": st.column_config.TextColumn("Shift", help="Its start, such as 08:30, or off."),
}
PARTNERS = {
    "agent": st.column_config.TextColumn("Agent"),
    "name": st.column_config.TextColumn("Name"),
    "team": st.column_config.TextColumn("Team"),
    "now": st.column_config.TextColumn("That day"),
    "legal": st.column_config.CheckboxColumn("Legal"),
    "why": st.column_config.TextColumn("Rule it breaks", width="large"),
    "cost": st.column_config.NumberColumn("Cost units", format="%+.1f"),
    "under_h": st.column_config.NumberColumn("Hours short", format="%+.1f"),
}


def show(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    """The tab Change."""
    if covered is None:
        st.info("Only a schedule with its requirement can be changed.", icon=":material/info:")
        return
    told = published_of(state.store(), state.project_id(), version, load=state.content)
    if told is not None:
        st.info(
            f"People were told version {told.number}. What is changed here counts from version "
            f"{version.number}, which is shown and is not published.",
            icon=":material/info:",
        )
    how = st.segmented_control(
        "What to do",
        ["By hand", "Swap partners", "Sick call", "Locks and planning again", "Meetings"],
        default="By hand",
        key=f"change.how.{state.project_id()}",
    )
    with parts.beside():
        if how == "Meetings":
            schedule_meetings.show(schedule, version, covered)
        elif how == "Locks and planning again":
            _locks(schedule)
        elif how is not None:
            centre = {**project.centre(schedule), "requirement": covered}
            if how == "By hand":
                _by_hand(schedule, version, centre)
            elif how == "Swap partners":
                _swaps(schedule, centre)
            else:
                _sick(schedule, version, centre)


def _by_hand(schedule: Schedule, version: VersionInfo, centre: dict[str, Any]) -> None:
    """One edit after another, their effect, and Keep."""
    key = f"edits.{version.id}"
    typed: list[ShiftEdit] = st.session_state.setdefault(key, [])
    row = st.columns([2, 2, 2, 2], vertical_alignment="bottom")
    kind = row[0].selectbox(
        "Change",
        list(EDITS),
        format_func=ACTIONS.__getitem__,
        help="Nothing is changed before you press Keep.",
    )
    agent, day = _who_and_when(schedule, row[1], row[2], "hand")
    with row[3]:
        edit = _details(schedule, kind, agent, day)
    buttons = st.columns([2, 2, 2, 2])
    if buttons[0].button("Show the effect", icon=":material/preview:", width="stretch"):
        with st.spinner("Working out the effect"):
            edit_schedule(schedule, [*typed, edit], **centre)
        typed.append(edit)
    if typed and buttons[1].button("Take the last one back", width="stretch"):
        typed.pop()
    if not typed:
        st.caption("An edit shows what it does to coverage, cost and rules before it is kept.")
        return
    now = edit_schedule(schedule, typed, **centre)
    _effect(now, typed)
    if buttons[2].button("Keep", type="primary", icon=":material/save:", width="stretch"):
        keep(now.schedule, version, "; ".join(str(e) for e in typed))
        st.session_state.pop(key)
        st.rerun()


def _who_and_when(schedule: Schedule, first: Any, second: Any, key: str) -> tuple[str, date]:
    names = schedule.totals.set_index("agent")["name"]
    agent = first.selectbox(
        "Agent",
        names.index.tolist(),
        format_func=lambda a: f"{names[a]} ({a})",
        help="Type a part of a name to find it.",
        key=f"{key}.agent.{state.project_id()}",
    )
    days = [schedule.first_day + timedelta(days=i) for i in range(schedule.days)]
    day = second.selectbox(
        "Day",
        days,
        index=days.index(parts.today_or_first(days)),
        format_func=lambda d: f"{d:%a %d %b %Y}",
        key=f"{key}.day.{state.project_id()}",
    )
    return str(agent), day


def _details(schedule: Schedule, kind: str, agent: str, day: date) -> ShiftEdit:
    """The rest of an edit, by its kind."""
    if kind == "off":
        return ShiftEdit(kind, agent, day)
    if kind == "swap":
        others = [a for a in schedule.totals["agent"] if a != agent]
        return ShiftEdit(kind, agent, day, other=st.selectbox("With", others) or "")
    if kind == "activity":
        left, right = st.columns(2)
        first = _minutes(left.time_input("From", time(10), step=900))
        last = _minutes(right.time_input("To", time(10, 30), step=900))
        doing = schedule.frame[["activity", "queue"]].drop_duplicates()
        what = [(str(a), str(q)) for a, q in doing.to_numpy().tolist()]
        activity, queue = st.selectbox(
            "Activity", sorted(what), format_func=lambda p: f"{p[0]} {p[1]}".strip()
        )
        return ShiftEdit(kind, agent, day, first, last, activity=activity, queue=queue)
    label = "New start" if kind == "move" else "Start"
    key = f"hand.start.{kind}.{agent}.{day}"
    start = st.time_input(
        label, _start_of(schedule, agent, day), step=900, key=key, help="By the centre's clock."
    )
    return ShiftEdit(kind, agent, day, _minutes(start))


def _start_of(schedule: Schedule, agent: str, day: date) -> time:
    """Start of an agent's shift of a day, else of the agent's first one, else nine o'clock."""
    table = shift_days(schedule)
    own = table[table["agent"] == agent]
    found = own[own["day"] == day] if (own["day"] == day).any() else own
    return time(9) if found.empty else found["start"].iloc[0].time()


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _effect(now: Edited, typed: list[ShiftEdit]) -> None:
    """What edits do."""
    st.caption("Edits: " + "; ".join(str(e) for e in typed))
    for broken in now.broken:
        st.warning(f"Breaks a rule - {broken}", icon=":material/gavel:")
    for mended in now.mended:
        st.success(f"Mended - {mended}", icon=":material/check:")
    note = "Agents on contacts in every interval that changes."
    schedule_effect.figures(now.effect, now.coverage, schedule_effect.HEADS, note)


def keep(schedule: Schedule, version: VersionInfo, note: str, **read: int) -> None:
    """Save a changed schedule as a new version, made with what it was and tables `read` since."""
    made_with = dict(version.settings)
    if read:
        made_with["tables"] = {**made_with.get("tables", {}), **read}
    at_once(
        lambda: state.store().save(
            state.project_id(),
            "schedule",
            schedule,
            settings=made_with,
            parents=tuple(version.parents),
            note=note[:200],
        )
    )
    st.toast("Kept as a new version, a draft. Publish it to tell people.", icon=":material/save:")


def _swaps(schedule: Schedule, centre: dict[str, Any]) -> None:
    """Everybody who could take an agent's day."""
    row = st.columns([2, 2, 2], vertical_alignment="bottom")
    agent, day = _who_and_when(schedule, row[0], row[1], "swap")
    if row[2].button("List the partners", icon=":material/swap_horiz:", width="stretch"):
        with st.spinner("Trying a swap with everybody"):
            table = swap_partners(schedule, agent, day, **centre)
        legal = int(table["legal"].sum())
        st.caption(
            f"{legal} of {len(table)} may swap by every rule; the cheapest first. Make the swap "
            "by hand: Swap the day with somebody."
        )
        st.dataframe(table, hide_index=True, column_config=PARTNERS, height=420)


def _sick(schedule: Schedule, version: VersionInfo, centre: dict[str, Any]) -> None:
    """Repair the schedule for somebody who is away."""
    row = st.columns([2, 2, 1, 1, 2], vertical_alignment="bottom")
    agent, first = _who_and_when(schedule, row[0], row[1], "sick")
    with parts.below():
        days = number("Days away", 1, least=1, most=35, whole=True, place=row[2]) or 1
        most = number(
            "Others changed", 3, least=0, most=50, whole=True, help="At most so many.", place=row[3]
        )
    key = f"sick.{version.id}"
    last = first + timedelta(days=int(days) - 1)
    if row[4].button("Repair", icon=":material/healing:", width="stretch"):
        with st.spinner("Repairing the schedule"):
            made = sick_call(schedule, agent, first, last, most_changed=int(most or 0), **centre)
        st.session_state[key] = (agent, first, last, made)
    if key not in st.session_state:
        st.caption("Nothing that lies before the absence changes, and few others do.")
        return
    agent, first, last, made = st.session_state[key]
    changed = schedule_effect.moved(schedule, made)
    others = changed.loc[changed["agent"] != agent, "agent"].nunique()
    st.caption(f"Found in {made.seconds:.1f} s. Other agents with another shift: {others}.")
    before = {str(v) for v in schedule.violations}
    for broken in [v for v in made.violations if str(v) not in before][:SHOWN]:
        st.warning(str(broken), icon=":material/rule:")
    schedule_effect.figures(
        compare_figures(schedule, made),
        changed,
        schedule_effect.MOVED,
        "Every shift that changes.",
    )
    if st.button("Keep and enter the absence", type="primary", icon=":material/save:"):
        known = next(a.absences for a in centre["agents"] if a.agent == agent)
        own = absences_with(known, Absence(first, last, "sick"))
        rows = [
            {"agent": agent, "from": str(a.first), "to": str(a.last), "reason": a.reason}
            for a in own
        ]
        away = state.table("absences")
        others = away[away["agent"] != agent] if len(away) else away
        state.save_table("absences", pd.concat([others, pd.DataFrame(rows)], ignore_index=True))
        read = state.table("absences").attrs["revision"]
        keep(made, version, f"{agent} away {first} to {last}, repaired", absences=read)
        st.session_state.pop(key)
        st.rerun()


def _locks(schedule: Schedule) -> None:
    """What stays, and planning again around it."""
    st.caption(
        "Locked shifts and days off stay in every new schedule of these days. Planning again "
        "starts from this schedule: each agent and day that differs has its price."
    )
    row = st.columns([2, 2, 2], vertical_alignment="bottom")
    named = labels(schedule.totals)
    agents = row[0].multiselect("Lock agents", list(named), format_func=named.__getitem__)
    every = [schedule.first_day + timedelta(days=i) for i in range(schedule.days)]
    days = row[1].multiselect("Lock days", every, format_func=lambda d: f"{d:%a %d %b}")
    if row[2].button("Lock as planned", icon=":material/lock:", width="stretch"):
        every_lock = locks_of(schedule, contracts=project.contracts())
        new = [lock for lock in every_lock if lock.agent in agents or lock.day in set(days)]
        own = {(k.agent, k.day) for k in new}
        old = tables.locks_from(state.table("locks")) if len(state.table("locks")) else ()
        kept = [k for k in old if (k.agent, k.day) not in own]
        frame = tables.locks_table([*kept, *new])
        state.save_table("locks", frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d")))
        st.rerun()
    typed = parts.editor("locks", LOCKS, config=LOCKS_CONFIG)
    with parts.beside():
        tables.locks_from(typed)
    row = fields.row("schedule", (CHANGE_COST,), [2, 2, 4])
    if row[1].button("Plan again", type="primary", icon=":material/replay:", width="stretch"):
        work.start("replan")
