"""What a schedule is worth in figures, whether people know it, and the tabs that tell the rest."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pandas as pd

from wfm.core.errors import WfmError
from wfm.core.terms import term_name
from wfm.core.types import Requirement, Schedule
from wfm.planning.people import assumed_costs
from wfm.store import VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.pages import (
    schedule_change,
    schedule_coverage,
    schedule_day,
    schedule_fair,
    schedule_scenarios,
    schedule_service,
    schedule_why,
)
from wfm.ui.parts import publish
from wfm.ui.parts.tabs import tabs
from wfm.ui.said import st

STATUS = {
    "optimal": ("Proven best", "No schedule is cheaper under these rules."),
    "feasible": ("Legal", "Every rule is kept; the gap says how much might still be saved."),
    "nearest": ("Rules gave way", "No schedule keeps every rule; see what gave way below."),
}
STOPS = {
    "time": "the time limit",
    "first": "the first legal schedule took the time; more seconds improve it",
    "gap": "the gap asked for was reached",
    "stall": "no better one was found for a while",
    "cancel": "cancelled; the best so far was kept",
}
TOLD = {
    "draft": "A draft: nobody has been told.",
    "published": "Published: people have been told.",
    "withdrawn": "Withdrawn: it counts no longer.",
}
TOTALS = {
    "agent": st.column_config.TextColumn("Agent"),
    "name": st.column_config.TextColumn("Name"),
    "team": st.column_config.TextColumn("Team"),
    "contract": st.column_config.TextColumn("Contract"),
    "days": st.column_config.NumberColumn("Days", format="%d"),
    "paid_h": st.column_config.NumberColumn("Paid hours", format="%.1f"),
    "outbound_h": st.column_config.NumberColumn("Outbound hours", format="%.1f"),
}


def show(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    """Figures, what gave way, and the tabs."""
    last = schedule.first_day + timedelta(schedule.days - 1)
    st.markdown(f"##### {schedule.first_day:%a %d %b} to {last:%a %d %b %Y}")
    _numbers(schedule, version, covered)
    _state(version)
    _violations(schedule)
    tabs(
        "schedule",
        {
            "Coverage": lambda: schedule_coverage.show(schedule),
            "Day plan": lambda: schedule_day.show(schedule, version),
            "Change": lambda: schedule_change.show(schedule, version, covered),
            "Why": lambda: schedule_why.show(schedule, version, covered),
            "Fairness": lambda: schedule_fair.show(schedule, version, covered),
            "Scenarios": schedule_scenarios.show,
            "Service": lambda: schedule_service.show(schedule, version, covered),
            "Agents": lambda: _agents(schedule),
            "How it was found": lambda: _found(schedule, version),
        },
    )


def _state(version: VersionInfo) -> None:
    """Whether people have been told this schedule, and the button that tells them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        publish.button(
            version,
            "People are told a published schedule: calendars that they subscribe to show it, and "
            "planning again keeps to it.",
        )
        st.badge(TOLD[version.state], color="green" if version.state == "published" else "gray")
        with suppress(WfmError):  # a wrong table is told on the page People
            parts.badge_assumed(assumed_costs(project.people()[0]))


def _numbers(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    cover = schedule.coverage
    grid_h = _grid_hours(schedule, covered)
    short = cover["under"].sum() * grid_h
    need = cover["required"].sum() * grid_h
    target, placed = schedule.outbound["target_h"].sum(), schedule.outbound["placed_h"].sum()
    service = schedule_service.week_level(schedule, version, covered)
    parts.metrics(
        {
            "Status": STATUS[schedule.status],
            **_gaps(schedule),
            "Covered": (
                f"{1 - short / need:.1%}" if need else "-",
                f"{short:,.1f} of {need:,.0f} required agent hours are short.",
            ),
            "Service level": (
                f"{service:.1%}" if service is not None else "-",
                "Predicted with the heads really rostered, weighted by the contacts of queues that "
                "customers wait in.",
            ),
            "Outbound": (
                f"{placed:,.0f} of {target:,.0f} h" if target else "no campaign",
                "Agent hours placed of those wanted: campaigns, and e-mail and post that wait for "
                "quiet periods.",
            ),
            "Paid hours": f"{schedule.hours:,.0f}",
            "Cost": f"{schedule.cost:,.0f} {state.settings().plan.currency}",
        },
        across=4,
    )


def _gaps(schedule: Schedule) -> dict[str, tuple[str, str]]:
    """The gap, and the gap on what planning can change; neither where no bound was searched."""
    if not schedule.bounded:
        unknown = (
            "not proven",
            "No bound was proven in the time that it took. Build again, or longer, to have one.",
        )
        return {"Gap": unknown, "Gap above least labour": unknown}
    return {
        "Gap": (f"{schedule.gap:.2%}", "Share of the whole cost that might still be saved."),
        "Gap above least labour": (
            f"{schedule.gap_above_min_labour:.1%}",
            "The same on the part that planning can change.",
        ),
    }


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


def _agents(schedule: Schedule) -> None:
    cost = f"Cost [{state.settings().plan.currency}]"
    config = TOTALS | {"cost": st.column_config.NumberColumn(cost, format="%.2f")}
    st.dataframe(schedule.totals, hide_index=True, height=560, column_config=config)


def _found(schedule: Schedule, version: VersionInfo) -> None:
    left, right = st.columns(2)
    facts = {
        "Status": STATUS[schedule.status][0],
        "Search ended by": STOPS[schedule.stopped_by],
        "Search time": f"{schedule.seconds:.1f} s",
        "Seed": str(schedule.seed),
        "Cost of this schedule": f"{schedule.objective:,.1f} cost units",
        "Proven least cost": (
            f"{schedule.bound:,.1f} cost units" if schedule.bounded else "not proven"
        ),
        "Least labour": f"{schedule.min_labour:,.1f} cost units",
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
        column_config={"units": st.column_config.NumberColumn("Cost units", format="localized")},
    )
    right.caption("Parts of the cost that the search makes as small as it can, in cost units.")
