"""What a day's forecast is made of, and what holidays and events have done in the past."""

from __future__ import annotations

import pandas as pd

from wfm.core.calendars import Calendar
from wfm.core.types import Forecast, History
from wfm.planning import steps
from wfm.ui import parts, project, state
from wfm.ui.cells import lean
from wfm.ui.palette import Chart
from wfm.ui.parts import charts_why
from wfm.ui.said import say, st

PARTS = {
    "level": "Level",
    "trend": "Trend",
    "weekday": "Weekday",
    "season": "Season",
    "calendar": "Holidays and events",
    "edit": "Edited by hand",
    "update": "Arrived during the day",
}
KINDS = {
    "holiday": "Public holiday",
    "before": "Day before a holiday",
    "before2": "Two days before a holiday",
    "after": "Day after a holiday",
    "after2": "Two days after a holiday",
    "holiday on a busy day": "Public holiday, further change on busy weekdays",
    "bridge day": "Bridge day",
    "days 1-3": "Days 1 to 3 of a month",
    "days 4-8": "Days 4 to 8 of a month",
    "days 28+": "From day 28 of a month",
    "late December": "Late December",
}
EFFECTS = {
    "queue": st.column_config.TextColumn("Queue"),
    "effect": st.column_config.TextColumn("Kind of day"),
    "days": st.column_config.NumberColumn("Days seen", format="%d"),
    "change": st.column_config.NumberColumn("Change", format="percent"),
    "standard_error": st.column_config.NumberColumn(
        "Standard error", format="percent", help="A change within two of these may be chance."
    ),
}
TREATED = {
    "outlier": "Outlier, drawn back",
    "zero_day": "Zero day, taken as lost",
    "outage": "Outage, taken as lost",
    "part_known": "Partly known, rest added",
    "event": "Event, not learned from",
    "level_shift": "New level from here on",
}
TREATED_COLUMNS = {
    "queue": st.column_config.TextColumn("Queue"),
    "day": st.column_config.DateColumn("Day", format="ddd D MMM YYYY"),
    "what": st.column_config.TextColumn("What"),
    "slots": st.column_config.NumberColumn("Intervals", format="%d"),
    "before": st.column_config.NumberColumn("Before", format="%.1f"),
    "after": st.column_config.NumberColumn(
        "After", format="%.1f", help="Contacts of the day; of a new level, the old one as 1."
    ),
}


def show(forecast: Forecast, chosen: list[str]) -> None:
    """A day of one queue step by step, and the effects that were learned."""
    if forecast.parts is None:
        st.info("A forecast of your own does not say what it is made of.", icon=":material/info:")
        return
    with parts.beside(), st.container(border=True):
        table = steps.explain_forecast(forecast)
        queue = chosen[0]
        table = table[table["queue"] == queue]
        left, right = st.columns([3, 2], vertical_alignment="center")
        day = right.selectbox(
            "Day of the forecast",
            list(table["day"]),
            format_func=lambda d: f"{d:%a %d %b %Y}",
            label_visibility="collapsed",
        )
        row = table[table["day"] == day].iloc[0]
        left.markdown(f"##### Why {row['volume']:,.0f} contacts for {queue}?")
        chart, told = day_chart(row)
        st.altair_chart(chart, alt=told)
    _effects(chosen)
    _treated(chosen)


def day_chart(row: pd.Series) -> tuple[Chart, str]:
    """What a day's contacts are made of, as steps and in words; a row of `explain_forecast`."""
    made = {name: float(row[name]) for name in PARTS if name in row}
    told = ", ".join(f"{say(PARTS[n])} {v:+,.0f}" for n, v in made.items() if abs(v) >= 0.5)
    return charts_why.waterfall(made, "Contacts", PARTS, "Forecast", form=",.0f"), told


def _treated(chosen: list[str]) -> None:
    """Days of the history that the models did not take as they are."""
    history = project.history()
    if history is None:
        return
    with st.container(border=True), parts.beside():
        st.markdown("##### Days that were corrected")
        version, calendar = state.latest("history"), project.calendar()
        mark = "" if version is None else version.data_hash
        found = _treated_days(mark, str(calendar), history, calendar)
        found = found[found["queue"].isin(chosen)]
        if found.empty:
            st.caption("Every day of the history was taken as it is.")
            return
        st.caption(
            "The history itself stays as it is. Outlying days are drawn back to the edge of what "
            "is usual, lost data counts as unknown, and a new level is followed."
        )
        st.dataframe(
            found.assign(what=found["what"].map(lambda w: TREATED.get(w, w))).sort_values(
                "day", ascending=False
            ),
            hide_index=True,
            column_config=TREATED_COLUMNS,
        )


@st.cache_resource(show_spinner="Looking for outliers and lost days", max_entries=16)
def _treated_days(
    data_hash: str, days: str, _history: History, _calendar: Calendar
) -> pd.DataFrame:
    """Treated days; the first two arguments are the cache's key."""
    return steps.treated_days(_history, _calendar)


def _effects(chosen: list[str]) -> None:
    """What each kind of holiday, event and part of the month has changed."""
    history = project.history()
    if history is None:
        return
    with st.container(border=True):
        st.markdown("##### What special days have changed")
        with parts.beside():
            version, calendar = state.latest("history"), project.calendar()
            mark = "" if version is None else version.data_hash
            found = _learned(mark, str(calendar), chosen[0], history, calendar)
            if found.empty:
                st.caption("No holiday and no event lies in the history.")
                return
            st.caption("Against an ordinary day of the same weekday, learned from your own past.")
            shown = found.assign(effect=[KINDS.get(e, e) for e in found["effect"]])
            st.dataframe(lean(shown), hide_index=True, column_config=EFFECTS)


@st.cache_resource(show_spinner="Learning from special days", max_entries=16)
def _learned(
    data_hash: str, days: str, queue: str, _history: History, _calendar: Calendar
) -> pd.DataFrame:
    """Effects of a history and a calendar; the first three arguments are the cache's key."""
    return steps.calendar_effects(_history, _calendar, queue)
