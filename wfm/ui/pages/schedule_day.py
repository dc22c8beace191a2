"""One day of people: who does what when, above it what the day needs, by team, task and skill."""

from __future__ import annotations

import pandas as pd

from wfm.core.types import Schedule
from wfm.core.wording import parse_skills
from wfm.store import VersionInfo
from wfm.ui import parts, state
from wfm.ui.pages.schedule_coverage import days_of
from wfm.ui.parts import charts_roster
from wfm.ui.parts.tabs import kept_key
from wfm.ui.said import Name, st

MOST_ROWS = 45  # agents of a schedule, above which one team is shown at first
EVERY = {"team": "All teams", "task": "Anything", "skill": "Any"}


def show(schedule: Schedule, version: VersionInfo) -> None:
    """The tab Day plan."""
    palette = charts_roster.colours(schedule.frame)
    day, agents, task = _asked(schedule, version, list(palette))
    everybody = schedule.frame[charts_roster.shift_days(schedule.frame) == day]
    blocks = everybody
    if task is not None:
        agents &= set(blocks.loc[charts_roster.task(blocks) == task, "agent"])
    blocks = blocks[blocks["agent"].isin(agents)]
    if blocks.empty:
        parts.empty("Nobody works then.", "Choose another day, team, task or skill.")
        return
    with st.container(border=True):
        st.markdown(f"##### {day:%A %d %B}: {blocks['agent'].nunique()} agents")
        span = charts_roster.span(everybody)
        st.caption("Above: required (line) and scheduled (area) of all teams. Below: their work.")
        cover = charts_roster.day_cover(_cover(schedule, task), span)
        st.altair_chart(cover, width="stretch", alt="Required and scheduled")
        chart = charts_roster.gantt(blocks, charts_roster.labels(schedule.totals), palette, span)
        st.altair_chart(chart, width="stretch", alt="Day plan")


def _cover(schedule: Schedule, task: str | None) -> pd.DataFrame:
    """Coverage of the queue that is asked for, else of all."""
    cover = schedule.coverage
    return cover[cover["queue"] == task] if task in set(cover["queue"]) else cover


def _asked(
    schedule: Schedule, version: VersionInfo, tasks: list[str]
) -> tuple[pd.Timestamp, set[str], str | None]:
    """The day, the agents of the chosen team and skill, and the task if one is chosen."""
    totals = schedule.totals
    teams = sorted(t for t in totals["team"].unique() if t)
    few = len(totals) <= MOST_ROWS or not teams
    known = _skills()
    days = days_of(schedule)
    choices = {
        "team": ("Team", teams, EVERY["team"] if few else teams[0]),
        "task": ("Works on", tasks, EVERY["task"]),
        "skill": ("Has the skill", sorted(set[str]().union(*known.values())), EVERY["skill"]),
    }
    row = st.columns(4)
    day = row[0].selectbox(
        "Day",
        days,
        format_func=lambda d: f"{d:%a %d %b %Y}",
        key=kept_key(f"gantt.day.{version.id}", parts.today_or_first(days)),
    )
    chosen: dict[str, str | None] = {}
    for place, (name, (label, options, first)) in zip(row[1:], choices.items(), strict=True):
        key = kept_key(f"gantt.{name}.{version.id}", first)
        asked = place.selectbox(
            label,
            [EVERY[name], *options],
            key=key,
            format_func=lambda option: option if option in EVERY.values() else Name(option),
        )
        chosen[name] = None if asked == EVERY[name] else asked
    agents = set(totals["agent"])
    if chosen["team"] is not None:
        agents &= set(totals.loc[totals["team"] == chosen["team"], "agent"])
    if chosen["skill"] is not None:
        agents &= {agent for agent, own in known.items() if chosen["skill"] in own}
    return day, agents, chosen["task"]


def _skills() -> dict[str, frozenset[str]]:
    """Skills of each agent in the table of people."""
    held = state.table("agents")
    cells = held.dropna(subset=["agent", "skills"]) if len(held) else held
    return {
        agent: parse_skills(text)[0]
        for agent, text in zip(cells["agent"], cells["skills"], strict=True)
    }
