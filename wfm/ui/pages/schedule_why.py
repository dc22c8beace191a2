"""Why intervals are short of staff, what mends that, and what one more agent is worth when."""

from __future__ import annotations

from typing import Any

from wfm.core.types import Requirement, Schedule
from wfm.planning.fixes import smallest_fix
from wfm.planning.rule_prices import price_rules
from wfm.planning.steps import explain_schedule
from wfm.store import VersionInfo
from wfm.ui import parts, project
from wfm.ui.parts import charts_price
from wfm.ui.said import st

SHORT = {
    "start": st.column_config.DatetimeColumn("Interval", format="ddd D MMM HH:mm"),
    "queue": st.column_config.TextColumn("Queue"),
    "under": st.column_config.NumberColumn("Missing"),
    "cause": None,
    "why": st.column_config.TextColumn("Why"),
    "cure": st.column_config.TextColumn("Cheapest cure", width="large"),
    "saves": st.column_config.NumberColumn("Saves [cost units]", format="%.1f"),
}

RULES = {
    "rule": st.column_config.TextColumn("Rule"),
    "agent": st.column_config.TextColumn("Agent"),
    "now": st.column_config.TextColumn("Now"),
    "without": st.column_config.TextColumn("Instead"),
    "saves": st.column_config.NumberColumn("Saves [cost units]", format="%.1f"),
}
FIXES = {
    "agent": st.column_config.TextColumn("Agent"),
    "rule": st.column_config.TextColumn("Rule"),
    "fix": st.column_config.TextColumn("Smallest fix", width="large"),
    "other": st.column_config.TextColumn("Or", width="large"),
}


def show(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    """The tab Why."""
    if covered is None:
        st.info("Only a schedule with its requirement is explained.", icon=":material/info:")
        return
    _prices_of_rules(schedule, version, covered)
    key = f"why.{version.id}"
    if st.button("Explain this schedule", icon=":material/help:"):
        with parts.beside(), st.spinner("Looking for causes, cures and prices"):
            centre = project.centre(schedule)
            st.session_state[key] = explain_schedule(schedule, covered, **centre)
    if key not in st.session_state:
        st.caption("For every short interval the cause and the cheapest cure; a few seconds.")
        return
    found = st.session_state[key]
    if found.frame.empty:
        st.success("No interval is short of staff.", icon=":material/check:")
    else:
        causes = found.frame.groupby("why")["under"].sum().sort_values(ascending=False)
        st.caption(" · ".join(f"{why}: {heads}" for why, heads in causes.items()))
        st.dataframe(found.frame, hide_index=True, column_config=SHORT, height=420)
        st.caption("Below 0 a cure costs more than it brings: short is cheaper there.")
    if len(found.prices):
        parts.card(
            "What one more agent would save",
            charts_price.price_heat(found.prices),
            "Cost units saved by one more agent on contacts in each interval.",
            alt_text=charts_price.price_text(found.prices),
        )


def _prices_of_rules(schedule: Schedule, version: VersionInfo, covered: Requirement) -> None:
    """What each rule and each lock costs; the smallest fix where rules gave way."""
    days: dict[str, Any] = {"first_day": schedule.first_day, "days": schedule.days}
    if schedule.status == "nearest" and st.button(
        "Find the smallest fix", icon=":material/build:", type="primary"
    ):
        with parts.beside(), st.spinner("Trying what may give way"):
            found = smallest_fix(covered, **project.centre(schedule), **days)
            st.dataframe(found.frame, hide_index=True, column_config=FIXES)
            st.success(
                "With this every rule is kept, proven by a schedule at "
                f"{found.schedule.objective:,.0f} cost units. Change the tables and build again.",
                icon=":material/check:",
            )
    key = f"rules.{version.id}"
    if st.button("Price rules and locks", icon=":material/sell:"):
        with parts.beside(), st.spinner("Planning without each rule"):
            st.session_state[key] = price_rules(covered, **project.centre(schedule), **days)
    if key in st.session_state:
        st.dataframe(st.session_state[key], hide_index=True, column_config=RULES)
        st.caption("What the proven least cost falls by without the rule or lock, in cost units.")
