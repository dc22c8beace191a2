"""Compare: two versions side by side - what changed, and what it costs."""

from __future__ import annotations

import pandas as pd
from streamlit.delta_generator import DeltaGenerator

from wfm.core.types import Schedule
from wfm.planning.compare import changed_shifts, compare, compare_days
from wfm.store import VersionInfo
from wfm.ui import parts, project, state
from wfm.ui.parts import charts_compare, figures, undo
from wfm.ui.parts.figures import written
from wfm.ui.said import st

KINDS = {"forecast": "Forecasts", "requirement": "Requirements", "schedule": "Schedules"}
ABOUT = {
    "forecast": ("Contacts a day", "Contacts"),
    "requirement": ("Agent hours to roster a day", "Agent hours"),
    "schedule": ("Hours rostered on queues a day", "Hours"),
}
SHIFTS = {
    "agent": st.column_config.TextColumn("Agent"),
    "name": st.column_config.TextColumn("Name"),
    "day": st.column_config.DatetimeColumn("Day", format="ddd D MMM"),
    "first": st.column_config.TextColumn("First"),
    "second": st.column_config.TextColumn("Second"),
}


def page() -> None:
    """The page Compare: what is different between two versions."""
    if not parts.head("Compare", "What is different, and what does it cost?"):
        return
    row = st.columns([4, 3, 3], vertical_alignment="bottom")
    kind = row[0].segmented_control(
        "What", list(KINDS), default="schedule", format_func=KINDS.__getitem__
    )
    kind = kind or "schedule"
    with parts.beside():
        _versions(kind, row)
    with st.expander("Every change: who, when, before and after", icon=":material/history:"):
        undo.log()


def _versions(kind: str, row: list[DeltaGenerator]) -> None:
    """Two versions of a kind, chosen and shown."""
    versions = state.store().versions(state.project_id(), kind)
    if len(versions) < 2:
        parts.empty(
            "Nothing to compare yet.",
            "Two versions are needed; every run is kept as one.",
            kind,
        )
        return
    first = row[1].selectbox(
        "First", versions, index=1, format_func=parts.version_name, key=f"first.{kind}"
    )
    second = row[2].selectbox(
        "Second", versions, index=0, format_func=parts.version_name, key=f"second.{kind}"
    )
    _show(kind, first, second)


def _show(kind: str, first: VersionInfo, second: VersionInfo) -> None:
    one, two = state.content(first), state.content(second)
    made_for = [project.covered(v) if kind == "schedule" else None for v in (first, second)]
    table = compare(one, two, needs=(made_for[0], made_for[1]))
    currency = state.settings().plan.currency
    with st.container(border=True):
        st.markdown("##### Figures")
        st.dataframe(
            _written(table, currency),
            hide_index=True,
            height="content",
            column_config=figures.right("First", "Second", "Difference"),
        )
    title, unit = ABOUT[kind]
    parts.card(
        title,
        charts_compare.days(compare_days(one, two), unit),
        "The first is the line, the second the bars.",
    )
    if kind == "schedule":
        _shifts(one, two)


def _shifts(one: Schedule, two: Schedule) -> None:
    """Whose shifts are not the same."""
    changed = changed_shifts(one, two)
    with st.container(border=True):
        people = changed["agent"].nunique()
        st.markdown(f"##### {len(changed):,} shifts of {people:,} people differ")
        if len(changed):
            known = pd.concat([two.totals, one.totals]).drop_duplicates("agent")
            names = changed["agent"].map(known.set_index("agent")["name"])
            changed.insert(1, "name", names.fillna(""))
            hours = ["first", "second"]
            changed[hours] = changed[hours].replace("", "no shift")
            st.dataframe(changed, hide_index=True, column_config=SHIFTS)


def _written(table: pd.DataFrame, currency: str) -> pd.DataFrame:
    """The figures as they are read: shares as percentages, the difference with its sign."""
    units = table["unit"]
    return pd.DataFrame(
        {
            "Measure": table["measure"],
            "First": [written(v, u, currency) for v, u in zip(table["first"], units, strict=True)],
            "Second": [
                written(v, u, currency) for v, u in zip(table["second"], units, strict=True)
            ],
            "Difference": [
                written(v, u, currency, sign=True)
                for v, u in zip(table["change"], units, strict=True)
            ],
        }
    )
