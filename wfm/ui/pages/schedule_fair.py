"""How fairly weekends, nights, late starts and wishes are spread, and what more fairness costs."""

from __future__ import annotations

import pandas as pd

from wfm.core.types import Requirement, Schedule
from wfm.planning.fairer import fairer_schedule, price_of_fairness
from wfm.planning.fairness import MEASURES, fairness
from wfm.store import VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.pages import schedule_change
from wfm.ui.parts import charts_price
from wfm.ui.parts.numbers import number
from wfm.ui.said import st

WEEKS = 12
EVEN = {
    "measure": st.column_config.TextColumn("Measure"),
    "total": st.column_config.NumberColumn("In all", format="%.0f"),
    "least": st.column_config.NumberColumn("Furthest below", format="%.2f"),
    "most": st.column_config.NumberColumn("Furthest above", format="%.2f"),
    "spread": st.column_config.NumberColumn("Spread", format="%.2f"),
    "deviation": st.column_config.NumberColumn("Standard deviation", format="%.2f"),
    "gini": st.column_config.NumberColumn("Gini", format="%.2f"),
}
FAIR = "What would be fair, in proportion to the shifts."
PEOPLE = {
    "agent": st.column_config.TextColumn("Agent"),
    "name": st.column_config.TextColumn("Name"),
    "team": st.column_config.TextColumn("Team"),
    "shifts": st.column_config.NumberColumn("Shifts", format="%.0f"),
    "weekends": st.column_config.NumberColumn("Weekend days", format="%.0f"),
    "weekends_fair": st.column_config.NumberColumn("Fair weekend days", format="%.1f", help=FAIR),
    "nights": st.column_config.NumberColumn("Night shifts", format="%.0f"),
    "nights_fair": st.column_config.NumberColumn("Fair nights", format="%.1f", help=FAIR),
    "late": st.column_config.NumberColumn("Late starts", format="%.0f"),
    "late_fair": st.column_config.NumberColumn("Fair late starts", format="%.1f", help=FAIR),
    "wishes": st.column_config.NumberColumn("Wishes granted", format="%.0f"),
    "wished": st.column_config.NumberColumn("Shifts with a wish", format="%.0f"),
    "statement": st.column_config.TextColumn("In words", width="large"),
}


def show(schedule: Schedule, version: VersionInfo, covered: Requirement | None) -> None:
    """The tab Fairness."""
    with parts.beside():
        centre, history = project.centre(schedule), project.earlier(schedule)
        typed = number(
            "Weeks that count",
            WEEKS,
            least=1,
            most=52,
            whole=True,
            help="The window ends with this week.",
            place=st.columns([1, 3])[0],
        )
        weeks = int(typed or WEEKS)
        found = fairness(
            schedule, centre["agents"], history, weeks=weeks, rules=centre.get("rules")
        )
        st.caption(
            f"{found.first_day:%d %b} to {found.last_day:%d %b %Y}. Weekends, nights and late "
            "starts are counted above or below each agent's fair share, in proportion to the "
            "shifts; wishes as the share granted. Gini: 0 is even."
        )
        shown = found.measures.assign(measure=found.measures["measure"].map(MEASURES))
        st.dataframe(shown, hide_index=True, column_config=EVEN)
        st.dataframe(found.people[list(PEOPLE)], hide_index=True, column_config=PEOPLE, height=360)
        if covered is None:
            return
        more = {**centre, "requirement": covered, "history": history, "weeks": weeks}
        row = st.columns([3, 3, 2])
        if row[0].button(
            "Share more evenly at no cost", icon=":material/balance:", width="stretch"
        ):
            made = fairer_schedule(schedule, **more)
            if not made.frame.equals(schedule.frame):
                schedule_change.keep(made, version, "weekends, nights and late starts shared")
                st.rerun()
            st.info("No exchange of weeks makes it more even.", icon=":material/balance:")
        key = f"fair.{version.id}.{weeks}"
        if row[1].button("Price of fairness", icon=":material/show_chart:", width="stretch"):
            with st.spinner("Making the schedule fairer and fairer"):
                st.session_state[key] = price_of_fairness(schedule, **more, seconds=5.0)
        if key in st.session_state:
            _curve(st.session_state[key])


def _curve(curve: pd.DataFrame) -> None:
    """Cost against deviation by measure."""
    currency = state.settings().plan.currency
    parts.card(
        "What more fairness costs",
        charts_price.fairness_curve(curve),
        f"Each point is a schedule; cost units, not {currency}. The first costs nothing.",
        alt_text=charts_price.fairness_text(curve),
    )
