"""Meetings, coaching and training: typed, and placed where their people are missed least."""

from __future__ import annotations

from datetime import timedelta

from wfm.core import tables
from wfm.core.types import Requirement, Schedule
from wfm.planning.changes import compare_figures, place_meetings
from wfm.store import VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.pages import schedule_effect
from wfm.ui.said import st

MEETINGS = {
    "meeting": "text",
    "agents": "text",
    "minutes": "number",
    "from": "day",
    "to": "day",
    "hours": "text",
    "room": "text",
    "least": "number",
}
CONFIG = {
    "meeting": st.column_config.TextColumn("Meeting", help="A name of your own, unique."),
    "agents": st.column_config.TextColumn("Agents", help="a1|a2|a3", width="large"),
    "minutes": st.column_config.NumberColumn(
        "Minutes", format="%d", help="How long it takes: 15, 30, 45."
    ),
    "from": st.column_config.DateColumn(
        "From", format="YYYY-MM-DD", help="First day on which it may be: 2026-03-02. Empty: any."
    ),
    "to": st.column_config.DateColumn(
        "To", format="YYYY-MM-DD", help="Last day on which it may be. Empty: any."
    ),
    "hours": st.column_config.TextColumn("Hours", help="Mon-Fri 09:00-17:00"),
    "room": st.column_config.TextColumn(
        "Room", help="Two meetings are never in one room at a time."
    ),
    "least": st.column_config.NumberColumn("Fewest", format="%d", help="Empty: all."),
}


def show(schedule: Schedule, version: VersionInfo, covered: Requirement) -> None:
    """The table, and placing in the schedule that is shown."""
    st.caption(
        "Each meeting is placed once, where its people are missed least; every new schedule "
        "places them too."
    )
    typed = parts.editor("meetings", MEETINGS, config=CONFIG)
    if not tables.meetings_from(typed):
        return
    centre = {**project.centre(schedule), "requirement": covered}
    if st.button("Place in this schedule", icon=":material/groups:", type="primary"):
        last = schedule.first_day + timedelta(days=schedule.days - 1)
        since = parts.today() if parts.today() <= last else None
        made = place_meetings(schedule, **centre, since=since)
        effect = compare_figures(schedule, made)
        broken = [v for v in made.violations if v.rule == "meetings"]
        if broken:
            for one in broken:
                st.warning(str(one), icon=":material/event_busy:")
            st.dataframe(
                effect[effect["change"] != 0], hide_index=True, column_config=schedule_effect.EFFECT
            )
            return
        state.store().save(
            state.project_id(),
            "schedule",
            made,
            settings=dict(version.settings),
            parents=tuple(version.parents),
            note=f"{len(centre['meetings'])} meetings placed",
        )
        st.rerun()
