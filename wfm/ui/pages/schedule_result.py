"""What a schedule looks like and how good it is."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from wfm.core.terms import term_name
from wfm.core.types import Requirement, Schedule
from wfm.core.wording import parse_skills
from wfm.planning.levels import served_levels
from wfm.planning.service import predict_service
from wfm.store import VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.pages import schedule_change, schedule_fair, schedule_scenarios, schedule_why
from wfm.ui.parts import charts_roster, charts_staff, publish
from wfm.ui.said import st

STATUS = {
    "optimal": ("Proven best", "No schedule is cheaper under these rules."),
    "feasible": ("Legal", "Every rule is kept; the gap says how much might still be saved."),
    "nearest": ("Rules gave way", "No schedule keeps every rule; see what gave way below."),
}
STOPS = {
    "time": "the time limit",
    "gap": "the gap asked for was reached",
    "stall": "no better one was found for a while",
    "cancel": "cancelled; the best so far was kept",
}
MOST_ROWS = 45
TOLD = {
    "draft": "A draft: nobody has been told.",
    "published": "Published: people have been told.",
    "withdrawn": "Withdrawn: it counts no longer.",
}
SERVICE = {
    "day": st.column_config.DateColumn("Day", format="ddd D MMM"),
    "queue": st.column_config.TextColumn("Queue"),
    "volume": st.column_config.NumberColumn("Contacts", format="%.0f"),
    "required": st.column_config.NumberColumn("Required, mean", format="%.1f"),
    "scheduled": st.column_config.NumberColumn("Scheduled, mean", format="%.1f"),
    "agents": st.column_config.NumberColumn("On contacts, mean", format="%.1f"),
    "service_level": st.column_config.NumberColumn("Service level", format="percent"),
    "abandoned": st.column_config.NumberColumn("Abandoned", format="percent"),
    "occupancy": st.column_config.NumberColumn("Occupancy", format="percent"),
    "asa_s": st.column_config.NumberColumn("ASA [s]", format="%.0f"),
}
LEVELS = {
    "queue": st.column_config.TextColumn("Queue"),
    "priority": st.column_config.NumberColumn("Priority", format="%d"),
    "level": st.column_config.NumberColumn("Skill level", format="%d"),
    "agents": st.column_config.NumberColumn("Agents", format="%d"),
    "hours": st.column_config.NumberColumn("Hours", format="%.1f"),
    "share": st.column_config.NumberColumn("Share of its hours", format="percent"),
}
TOTALS = {
    "agent": st.column_config.TextColumn("Agent"),
    "name": st.column_config.TextColumn("Name"),
    "team": st.column_config.TextColumn("Team"),
    "contract": st.column_config.TextColumn("Contract"),
    "days": st.column_config.NumberColumn("Days", format="%d"),
    "paid_h": st.column_config.NumberColumn("Paid hours", format="%.1f"),
    "outbound_h": st.column_config.NumberColumn("Outbound hours", format="%.1f"),
    "cost": st.column_config.NumberColumn("Cost", format="%.2f"),
}


def show(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    """Figures, what gave way, coverage, people's days, service, hours."""
    _numbers(schedule, version, covered)
    _state(version)
    _violations(schedule)
    names = (
        "Coverage",
        "Day plan",
        "Change",
        "Why",
        "Fairness",
        "Scenarios",
        "Service",
        "Agents",
        "How it was found",
    )
    coverage, days, change, why, fair, many, service, agents, found = st.tabs(list(names))
    with coverage:
        _coverage(schedule)
    with days:
        _gantt(schedule, version)
    with change:
        schedule_change.show(schedule, version, covered)
    with why:
        schedule_why.show(schedule, version, covered)
    with fair:
        schedule_fair.show(schedule, version, covered)
    with many:
        schedule_scenarios.show()
    with service:
        _service(schedule, version, covered)
    with agents:
        st.dataframe(schedule.totals, hide_index=True, height=560, column_config=TOTALS)
    with found:
        _found(schedule, version)


def _state(version: VersionInfo) -> None:
    """Whether people have been told this schedule, and the button that tells them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        publish.button(
            version,
            "People are told a published schedule: calendars that they subscribe to show it, and "
            "planning again keeps to it.",
        )
        st.badge(TOLD[version.state], color="green" if version.state == "published" else "gray")


def _numbers(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    word, help_ = STATUS[schedule.status]
    cover = schedule.coverage
    grid_h = _grid_hours(schedule, covered)
    short = cover["under"].sum() * grid_h
    need = cover["required"].sum() * grid_h
    target, placed = schedule.outbound["target_h"].sum(), schedule.outbound["placed_h"].sum()
    currency = state.settings().plan.currency
    parts.metrics(
        {
            "Status": (word, help_),
            "Gap": (f"{schedule.gap:.2%}", "Share of the whole cost that might still be saved."),
            "Gap above least labour": (
                f"{schedule.gap_above_min_labour:.1%}",
                "The same on the part that planning can change.",
            ),
            "Covered": (
                f"{1 - short / need:.1%}" if need else "-",
                f"{short:,.1f} of {need:,.0f} required agent hours are short.",
            ),
        }
    )
    service = _week_level(schedule, version, covered)
    parts.metrics(
        {
            "Service level": (
                f"{service:.1%}" if service is not None else "-",
                "Predicted with the heads really rostered, weighted by contacts.",
            ),
            "Outbound": (
                f"{placed:,.0f} of {target:,.0f} h" if target else "no campaign",
                "Agent hours placed of those wanted.",
            ),
            "Paid hours": f"{schedule.hours:,.0f}",
            "Cost": f"{schedule.cost:,.0f} {currency}",
        }
    )


def _week_level(
    schedule: Schedule, version: VersionInfo, covered: Requirement | None
) -> float | None:
    """Service level of all queues over the days of the schedule, where it is known."""
    if covered is None or not covered.model:
        return None
    table = predicted(schedule, version, covered)
    volume = table["volume"].sum()
    return float((table["service_level"] * table["volume"]).sum() / volume) if volume else None


def _grid_hours(schedule: Schedule, covered: Requirement | None) -> float:
    """Length of a row of the coverage table [h]."""
    starts = schedule.coverage["start"].drop_duplicates().sort_values()
    steps_ = starts.diff().min()
    length = steps_ if pd.notna(steps_) else pd.Timedelta(schedule.interval)
    if covered is not None:
        length = min(length, pd.Timedelta(covered.interval))
    return float(length / pd.Timedelta(hours=1))


def _violations(schedule: Schedule) -> None:
    if not schedule.violations:
        return
    with st.container(border=True):
        st.markdown(f"##### What gave way ({len(schedule.violations)})")
        rows = [(v.rule, v.agent, v.when, v.text) for v in schedule.violations]
        st.dataframe(pd.DataFrame(rows, columns=["Rule", "agent", "When", "What"]), hide_index=True)


def _days(schedule: Schedule) -> list[pd.Timestamp]:
    first = pd.Timestamp(schedule.first_day)
    return [first + pd.Timedelta(days=i) for i in range(schedule.days)]


def _coverage(schedule: Schedule) -> None:
    queues = sorted(schedule.coverage["queue"].unique())
    row = st.columns([3, 2], vertical_alignment="bottom")
    queue = row[0].segmented_control(
        "Queue", ["All", *queues], default="All", key=f"cover.queue.{state.project_id()}"
    )
    day = row[1].selectbox(
        "Days", [None, *_days(schedule)], format_func=lambda d: f"{d:%a %d %b}" if d else "all days"
    )
    cover = schedule.coverage
    if queue not in (None, "All"):
        cover = cover[cover["queue"] == queue]
    gaps = charts_staff.coverage_gaps(cover)
    parts.card(
        "Over and short",
        charts_staff.coverage_heat(gaps),
        "Red: agents are missing. Blue: more than required. Pale: as required.",
    )
    if day is not None:
        cover = cover[cover["start"].dt.tz_localize(None).dt.normalize() == day]
    parts.card(
        "Required and scheduled",
        charts_staff.need_and_roster(cover),
        "Line: required on the roster. Area: scheduled on contacts.",
    )
    _levels(schedule)


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


def _gantt(schedule: Schedule, version: VersionInfo) -> None:
    row = st.columns(4)
    day = row[0].selectbox(
        "Day",
        _days(schedule),
        format_func=lambda d: f"{d:%a %d %b %Y}",
        key=f"gantt.day.{version.id}",
    )
    teams = sorted(t for t in schedule.totals["team"].unique() if t)
    everybody = len(schedule.totals) <= MOST_ROWS
    team = row[1].selectbox("Team", ["All teams", *teams], index=0 if everybody or not teams else 1)
    tasks = charts_roster.colours(schedule.frame)
    task = row[2].selectbox("Works on", ["Anything", *tasks])
    held = state.table("agents")
    cells = held.dropna(subset=["agent", "skills"]) if len(held) else held
    known = {a: parse_skills(s)[0] for a, s in zip(cells["agent"], cells["skills"], strict=True)}
    skills = sorted(set[str]().union(*known.values()))
    skill = row[3].selectbox("Has the skill", ["Any", *skills])
    blocks = schedule.frame[charts_roster.shift_days(schedule.frame) == day]
    totals = schedule.totals.set_index("agent")
    if team != "All teams":
        blocks = blocks[blocks["agent"].isin(totals.index[totals["team"] == team])]
    if task != "Anything":
        doing = blocks.loc[charts_roster.task(blocks) == task, "agent"]
        blocks = blocks[blocks["agent"].isin(doing)]
    if skill != "Any":
        able = [a for a, own in known.items() if skill in own]
        blocks = blocks[blocks["agent"].isin(able)]
    if blocks.empty:
        parts.empty("Nobody works then.", "Choose another day, team, task or skill.")
        return
    labels = charts_roster.labels(schedule.totals)
    with st.container(border=True):
        st.markdown(f"##### {day:%A %d %B}: {blocks['agent'].nunique()} agents")
        st.altair_chart(charts_roster.gantt(blocks, labels, tasks), width="stretch", alt="Day plan")


@st.cache_resource(show_spinner="Predicting the service of the roster", max_entries=8)
def _predicted(
    version_id: int, data_hash: str, by: str, _schedule: Schedule, _covered: Requirement
) -> pd.DataFrame:
    return predict_service(_schedule, _covered, by=by)


def predicted(
    schedule: Schedule, version: VersionInfo, covered: Requirement, by: str = "day"
) -> pd.DataFrame:
    """Service with the heads really rostered, worked out once for each schedule."""
    return _predicted(version.id, version.data_hash, by, schedule, covered)


def _service(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    if covered is None or not covered.model:
        st.info("The service is predicted for requirements made here.", icon=":material/info:")
        return
    with parts.beside():
        table = predicted(schedule, version, covered)
        st.caption(
            "What callers will meet with the heads really rostered, less shrinkage, by "
            f"{covered.model.replace('_', ' ').title()}."
        )
        parts.assumed(covered)
        st.dataframe(
            table[[c for c in SERVICE if c in table]],
            hide_index=True,
            height=560,
            column_config=SERVICE,
        )


def _found(schedule: Schedule, version: VersionInfo) -> None:
    left, right = st.columns(2)
    facts = {
        "Status": STATUS[schedule.status][0],
        "Search ended by": STOPS[schedule.stopped_by],
        "Seconds": f"{schedule.seconds:.1f}",
        "Seed": str(schedule.seed),
        "Cost of this schedule": f"{schedule.objective:,.1f}",
        "Proven least cost": f"{schedule.bound:,.1f}",
        "Least labour": f"{schedule.min_labour:,.1f}",
        "Version": f"{version.number}, {parts.when(version.created_at)}",
        "Days": f"{schedule.first_day:%d %b} to "
        f"{schedule.first_day + timedelta(days=schedule.days - 1):%d %b %Y}",
    }
    left.dataframe(pd.DataFrame(facts.items(), columns=["Search", "Result"]), hide_index=True)
    named = {term_name(name): value for name, value in schedule.terms.items()}
    terms = pd.DataFrame(named.items(), columns=["Cost of", "units"])
    right.dataframe(
        terms,
        hide_index=True,
        column_config={"units": st.column_config.NumberColumn("Cost units", format="%.1f")},
    )
    right.caption("Parts of the cost that the search makes as small as it can, in cost units.")
