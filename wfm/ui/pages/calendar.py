"""Calendar: days that are not like others."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import pandas as pd

from wfm.core import tables
from wfm.core.calendars import EFFECTS, Calendar
from wfm.core.language import catalogue
from wfm.ui import parts, project, state
from wfm.ui.parts import fields
from wfm.ui.said import language, st

EVENTS = {
    "event": "text",
    "from": "day",
    "to": "day",
    "queues": "text",
    "effect": "text",
    "change": "number",
    "lead_days": "number",
    "lag_days": "number",
    "hours": "text",
    "like": "day",
}
CONFIG = {
    "event": st.column_config.TextColumn("Event", help="Events of one name share one effect."),
    "from": st.column_config.DateColumn("From", format="YYYY-MM-DD", help="First day: 2026-03-02."),
    "to": st.column_config.DateColumn("To", format="YYYY-MM-DD", help="Last day, included."),
    "queues": st.column_config.TextColumn("Queues", help="Names separated by |; empty means all."),
    "effect": st.column_config.SelectboxColumn(
        "Effect",
        options=list(EFFECTS),
        help="exclude: keep it out of what models learn. learn: give it an effect of its own. "
        "close: nobody works. change: multiply the forecast. hours: open during Hours only. like: "
        "copy a day of the history.",
    ),
    "change": st.column_config.NumberColumn(
        "Change", format="percent", help="For change, hours and like: 0.2 is 20 % more."
    ),
    "lead_days": st.column_config.NumberColumn(
        "Days before", help="Days before it with effects of their own, to be learned."
    ),
    "lag_days": st.column_config.NumberColumn(
        "Days after", help="Days after it with effects of their own, to be learned."
    ),
    "hours": st.column_config.TextColumn("Hours", help="For effect hours: 08:00-13:00."),
    "like": st.column_config.DateColumn(
        "Like", format="YYYY-MM-DD", help="For effect like: the day of the history to copy."
    ),
}
AHEAD = timedelta(days=370)
MOST_HIGH = 250
"""Height of the list of holidays [px], above which it scrolls: own events stay in sight."""


@cache
def countries() -> list[str]:
    """ISO codes of the countries whose holidays are known."""
    import holidays

    return sorted(holidays.list_supported_countries())


def country_name(code: str | None) -> str:
    """A country as the reader calls it."""
    if code is None:
        return "No country"
    name = catalogue(language()).locale.territories.get(code)
    return f"{name} ({code})" if name else code


@cache
def regions(country: str) -> list[str]:
    """States or provinces with holidays of their own."""
    import holidays

    return sorted(holidays.list_supported_countries().get(country, []))


def page() -> None:
    """The page Calendar: days that are not like others."""
    if not parts.head("Calendar", "Which days are not like others?"):
        return
    _holidays()
    _events()


def _holidays() -> None:
    st.subheader("Public holidays")
    row = st.columns([2, 2, 3])
    with row[0]:
        fields.choice(
            "calendar",
            "country",
            "Country",
            [None, *countries()],
            names=country_name,
            help="The forecast learns what its holidays do to the contacts.",
        )
    section = state.settings().calendar
    with row[1]:
        if section.country and (known := regions(section.country)):
            fields.choice(
                "calendar",
                "subdiv",
                "Region",
                [None, *known],
                names=lambda c: c or "whole country",
                help="State or province with holidays of its own.",
            )
        elif section.subdiv:
            state.change("calendar", subdiv=None)
    if not section.country:
        parts.empty("No country is chosen.", "Choose one to have its holidays known.")
        return
    with parts.beside():
        first = _first_day()
        found = Calendar(section.country, state.settings().calendar.subdiv).holidays(
            first, first + AHEAD, language()
        )
        frame = pd.DataFrame(
            {
                "day": pd.to_datetime(list(found)),
                "Weekday": [f"{d:%a}" for d in found],
                "Holiday": list(found.values()),
            }
        )
        st.dataframe(
            frame,
            hide_index=True,
            height=min(MOST_HIGH, 40 + 35 * len(frame)),
            column_config={"day": st.column_config.DateColumn("Day", format="D MMM YYYY")},
        )
        st.caption(
            "Days of the Islamic and other moving calendars are estimates ahead of their "
            "announcement: enter the announced day below as an event."
        )


def _first_day() -> date:
    history = project.history()
    if history is None:
        return date.today()  # noqa: DTZ011 (the reader's own day is meant)
    last: date = history.frame["start"].max().date()
    return last


def _events() -> None:
    st.subheader("Own events")
    st.caption(
        "Sales, outages, closures, mailings. Type them, or choose a cell and paste from Excel."
    )
    frame = parts.editor("events", EVENTS, config=CONFIG)
    with parts.beside():
        events = tables.events_from(frame)
        if not events:
            parts.empty(
                "No event yet.",
                "Enter days on which contacts differ for a reason that a model cannot know: an "
                "outage to leave out, a sale to learn, a day on which the centre is closed.",
            )
            return
        history = project.history()
        if history is not None:
            unknown = {q for e in events for q in e.queues} - set(history.queues)
            if unknown:
                st.warning(
                    f"No queue is called {', '.join(sorted(unknown))}. The queues are "
                    f"{', '.join(history.queues)}.",
                    icon=":material/help:",
                )
        st.caption(f"{len(events)} events count from the next forecast on.")
