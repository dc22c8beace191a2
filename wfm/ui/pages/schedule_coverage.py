"""Where heads are missing or too many: by day and time, and by interval, for each queue."""

from __future__ import annotations

import pandas as pd

from wfm.core.types import Schedule
from wfm.planning.first_night import first_night
from wfm.planning.levels import served_levels
from wfm.planning.project_people import previous_schedule
from wfm.ui import parts, project, state
from wfm.ui.parts import charts_staff
from wfm.ui.parts.tabs import kept_key
from wfm.ui.said import st

LEVELS = {
    "queue": st.column_config.TextColumn("Queue"),
    "priority": st.column_config.NumberColumn("Priority", format="%d"),
    "level": st.column_config.NumberColumn("Skill level", format="%d"),
    "agents": st.column_config.NumberColumn("Agents", format="%d"),
    "hours": st.column_config.NumberColumn("Hours", format="%.1f"),
    "share": st.column_config.NumberColumn("Share of its hours", format="percent"),
}


def days_of(schedule: Schedule) -> list[pd.Timestamp]:
    """The local days of a schedule."""
    first = pd.Timestamp(schedule.first_day)
    return [first + pd.Timedelta(days=i) for i in range(schedule.days)]


def show(schedule: Schedule) -> None:
    """The tab Coverage."""
    queues = sorted(schedule.coverage["queue"].unique())
    row = st.columns([3, 2], vertical_alignment="bottom")
    queue = row[0].segmented_control(
        "Queue", ["All", *queues], key=kept_key(f"cover.queue.{state.project_id()}", "All")
    )
    day = row[1].selectbox(
        "Days",
        [None, *days_of(schedule)],
        format_func=lambda d: f"{d:%a %d %b}" if d else "all days",
    )
    cover = schedule.coverage
    if queue not in (None, "All"):
        cover = cover[cover["queue"] == queue]
    _night(schedule)
    parts.card(
        "Over and short",
        charts_staff.coverage_heat(charts_staff.coverage_gaps(cover)),
        "Red: agents are missing. Blue: more than required. Grey: as required. Blank: closed.",
    )
    if day is not None:
        cover = cover[cover["start"].dt.tz_localize(None).dt.normalize() == day]
    parts.card(
        "Required and scheduled",
        charts_staff.need_and_roster(cover),
        "Line: agents required, shrinkage included. Area: agents rostered, breaks left out.",
    )
    _levels(schedule)


def _night(schedule: Schedule) -> None:
    """Why the first night is short, where the days before are not known."""
    night = first_night(schedule)
    known = (state.store(), state.project_id(), schedule.first_day)
    if night is None or previous_schedule(*known, load=state.content) is not None:
        return
    st.info(
        f"Short until {night.until:%a %d %b %H:%M}, by {night.hours:,.1f} agent hours: whoever "
        "works then began the day before, and no schedule of the days before is here. Build "
        "them too, and this night is carried over.",
        icon=":material/bedtime:",
    )


def _levels(schedule: Schedule) -> None:
    """Who serves which queue at which level, where levels or priorities are set."""
    with parts.beside():
        agents, _ = project.people()
        queues = {queue.queue: queue for queue in project.queues()}
        skills = {name: queue.skill for name, queue in queues.items()}
        priorities = {name: queue.priority for name, queue in queues.items()}
        table = served_levels(schedule, agents, skills, priorities)
        if len(table):
            st.markdown("##### Who serves which queue")
            st.dataframe(table, hide_index=True, column_config=LEVELS)
