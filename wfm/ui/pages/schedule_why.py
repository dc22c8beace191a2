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
from wfm.ui.said import say, st

SHORT = {
    "start": st.column_config.DatetimeColumn("Interval", format="ddd D MMM HH:mm"),
    "queue": st.column_config.TextColumn("Queue"),
    "under": st.column_config.NumberColumn("Missing"),
    "cause": None,
    "why": st.column_config.TextColumn("Why"),
    "cure": st.column_config.TextColumn("Cheapest cure", width="large"),
    "saves": st.column_config.NumberColumn("Saves [cost units]", format="%.1f"),
}

CURES = {
    "cure": st.column_config.TextColumn("Change", width="large"),
    "saves": st.column_config.NumberColumn("Saves [cost units]", format="%.1f"),
    "intervals": st.column_config.NumberColumn("Short intervals", format="%d"),
    "first": st.column_config.DatetimeColumn("From", format="ddd D MMM HH:mm"),
    "last": st.column_config.DatetimeColumn("Last", format="ddd D MMM HH:mm"),
}
WORDS = {
    "rest": "Rest between shifts, at least",
    "band": "Starts of a week lie within",
    "days_in_row": "Most days worked in a row",
    "free_weekends": "One weekend is free in",
    "weekly_rest": "Unbroken free time in each week, at least",
    "nights_per_week": "Most nights in a week",
    "nights_in_row": "Most nights in a row",
    "rest_after_nights": "Rest after a row of nights",
    "hours_average": "Most paid hours a week, average",
    "break_spacing": "Work beside a break",
    "break_bunching": "Most on a break at once",
    "next_day": "Next start not before",
    "days_per_week": "Days worked in a week",
    "hours_week": "Paid hours a week",
    "starts": "A shift starts at",
    "hours": "Own hours of agents",
    "outbound_block": "Shortest block on one campaign",
    "outbound_tries": "Days between two tries",
    "staff_limits": "Staff limits",
    "locks": "Locks",
}
"""Rules that have a price, as the sheet *Rules* and the fields name them."""
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
    "proven": st.column_config.CheckboxColumn("Less is ruled out"),
}


def show(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    """The tab Why."""
    if covered is None:
        st.info("Only a schedule with its requirement is explained.", icon=":material/info:")
        return
    key = f"why.{version.id}"
    row = st.columns(2)
    explain = row[0].button(
        "Explain this schedule",
        icon=":material/help:",
        help="For every short interval the cause and the cheapest cure; a few seconds.",
        width="stretch",
    )
    price = row[1].button(
        "Price rules and locks",
        icon=":material/sell:",
        help="What the week would save without each rule and each lock.",
        width="stretch",
    )
    _smallest_fix(schedule, covered)
    _prices_of_rules(schedule, version, covered, price)
    if explain:
        with parts.beside(), st.spinner("Looking for causes, cures and prices"):
            centre = project.centre(schedule)
            st.session_state[key] = explain_schedule(schedule, covered, **centre)
    if key not in st.session_state:
        st.caption(
            "Explain: why each interval is short of agents, what mends that cheapest, and what one "
            "more agent would save. Price: what each rule and each lock costs this week."
        )
        return
    found = st.session_state[key]
    if found.frame.empty:
        st.success("No interval is short of staff.", icon=":material/check:")
    else:
        causes = found.frame.groupby("why")["under"].sum().sort_values(ascending=False)
        st.caption(" · ".join(f"{why}: {heads}" for why, heads in causes.items()))
        saves = found.frame["saves"].round(1) + 0.0  # no -0.0
        shown = found.frame.assign(saves=saves)
        if len(found.cures):
            st.markdown("##### What would help most")
            saved = found.cures.assign(saves=found.cures["saves"].round(1))
            st.dataframe(saved, hide_index=True, column_config=CURES)
            st.caption("Each change once, however many intervals it mends; savings do not add up.")
            st.markdown("##### Short intervals")
        st.dataframe(shown, hide_index=True, column_config=SHORT, height=420)
        st.caption("Where no cure is named, each costs more than the gap: short is cheaper there.")
    if len(found.prices):
        parts.card(
            "What one more agent would save",
            charts_price.price_heat(found.prices),
            "Cost units saved by one more agent on contacts in each interval.",
            alt_text=charts_price.price_text(found.prices),
        )


def _smallest_fix(schedule: Schedule, covered: Requirement) -> None:
    """Where rules gave way: the smallest change of the tables with which all are kept."""
    if schedule.status == "nearest" and st.button(
        "Find the smallest fix", icon=":material/build:", type="primary"
    ):
        with parts.beside(), st.spinner("Trying what may give way"):
            found = smallest_fix(covered, **project.centre(schedule), **_days(schedule))
            st.dataframe(found.frame, hide_index=True, column_config=FIXES)
            st.success(
                "With this every rule is kept, proven by a schedule at "
                f"{found.schedule.objective:,.0f} cost units. Change the tables and build again.",
                icon=":material/check:",
            )


def _prices_of_rules(
    schedule: Schedule, version: VersionInfo, covered: Requirement, asked: bool
) -> None:
    """What each rule and each lock costs."""
    key = f"rules.{version.id}"
    if asked:
        with parts.beside(), st.spinner("Planning without each rule"):
            centre = project.centre(schedule)
            st.session_state[key] = price_rules(covered, **centre, **_days(schedule))
    if key in st.session_state:
        table = st.session_state[key]
        shown = table.assign(rule=table["rule"].map(lambda name: say(str(WORDS.get(name, name)))))
        st.dataframe(shown, hide_index=True, column_config=RULES)
        st.caption(
            "What the proven least cost falls by without the rule or lock, in cost units; in large "
            "plans to about a thousandth of the cost."
        )
        if table["saves"].isna().any():
            st.caption("Empty: not worked out within a minute. Try again, or price fewer days.")


def _days(schedule: Schedule) -> dict[str, Any]:
    return {"first_day": schedule.first_day, "days": schedule.days}
