"""Heads of pages, empty states, links, errors and metrics: what every page looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import altair as alt

from wfm.core.asked import asked
from wfm.core.assumptions import assumed_text
from wfm.core.errors import WfmError
from wfm.core.intervals import parse_interval
from wfm.core.types import Requirement
from wfm.store import DamagedError
from wfm.ui import planner, reader, state
from wfm.ui.said import say, st

EDGE, ICON, LARGER = 5, 3, 1.6
"""Room of a metric in letters of its label: for its edges, its help, and a letter of its value."""


@contextmanager
def beside() -> Iterator[None]:
    """Show what a user can mend as text in this place; anything else is a bug and shows as one."""
    try:
        yield
    except DamagedError as error:
        if state.damage() is None:  # it is told above the page otherwise, with its backup
            st.error(str(error), icon=":material/database_off:")
        else:
            st.info("What this page shows can no longer be read from the damaged file.")
    except WfmError as error:
        st.error(in_page_words(str(error)), icon=":material/error:")
        if error.rows is not None and len(error.rows):
            with st.expander(f"{len(error.rows):,} rows", icon=":material/table_rows:"):
                st.dataframe(error.rows.head(200), hide_index=True)


FIELDS = {
    "time_zone": "Time zone",
    "source_zone": "Time zone of the file",
    "source_interval": "Intervals of the file",
    "interval": "Interval",
    "decimal": "Decimal mark",
    "dates": "Dates are written",
    "encoding": "Letters are written as",
    "handle_unit": "Handle times are in",
}
"""Labels of the fields in which a page is told what a message asks for."""
UNITS = {"s": "seconds", "min": "minutes", "ms": "milliseconds"}


def in_page_words(message: str) -> str:
    """A message as a page shows it: with fields of the page instead of a function's arguments."""

    def words(name: str, value: str) -> str:
        if name.startswith("columns."):
            return f"*{say('Columns')}*, {name.removeprefix('columns.')}: {value}"
        shown = say(UNITS.get(value, value)) if name == "handle_unit" else value
        return f"*{say(FIELDS.get(name, name))}*" + (f": {shown}" if shown else "")

    return asked(say(message), words)


def head(title: str, question: str) -> bool:
    """Title, the planner's question and the project's facts; false when no project is open."""
    st.title(title)
    if state.project() is None:
        st.caption(question)
        empty("No project is open.", "Open one, create one, or try the demo centre.", "start")
        return False
    plan = state.settings().plan
    st.caption(f"{question}  ·  {plan.name} · {plan.time_zone} · every {minutes(plan.interval)}")
    return True


def empty(what: str, next_step: str, page: str | None = None) -> None:
    """An empty state: what is not there yet, what to do, and the way to it."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f"#### {what}", text_alignment="center")
        st.markdown(next_step, text_alignment="center")
        if page is not None:
            link(page)


def _query() -> dict[str, str]:
    """What stays in the address from page to page."""
    return reader.query() | planner.query()


def link(page: str, label: str | None = None) -> None:
    """A button-like link to another page, with the project in its address."""
    target = st.session_state["pages"][page]
    st.page_link(target, label=label or f"Go to {target.title}", query_params=_query())


def go(page: str) -> None:
    """Leave this page for another."""
    st.switch_page(st.session_state["pages"][page], query_params=_query())


def metrics(values: Mapping[str, str | tuple[str, str]]) -> None:
    """One row of bordered metrics: label, and value or value with help; long ones get room."""
    pairs = {k: v if isinstance(v, tuple) else (v, None) for k, v in values.items()}
    widths = [
        EDGE + max(len(say(label)) + ICON * (help_ is not None), LARGER * len(say(text)))
        for label, (text, help_) in pairs.items()
    ]
    for column, (label, (text, help_)) in zip(st.columns(widths), pairs.items(), strict=True):
        column.metric(label, text, border=True, help=help_)


def assumed(requirement: Requirement) -> None:
    """A badge with every number behind a requirement that was not measured."""
    if told := assumed_text(requirement):
        st.badge(f"Assumed, not measured: {told}", icon=":material/help:", color="orange")


def card(
    title: str, chart: alt.Chart | alt.LayerChart, note: str = "", *, alt_text: str = ""
) -> None:
    """A chart in a bordered container under its title."""
    with st.container(border=True):
        st.markdown(f"##### {title}")
        if note:
            st.caption(note)
        st.altair_chart(chart, width="stretch", alt=alt_text or title)


def stale(what: str, since: str) -> None:
    """Say that a value was made before something it depends on changed."""
    st.warning(f"{what} was made before {since}. Run it again.", icon=":material/update:")


def when(moment: datetime) -> str:
    """A stored moment in the project's or the reader's zone, in short."""
    zone = ZoneInfo(st.context.timezone or "UTC")
    return f"{moment.astimezone(zone):%d %b %H:%M}"


def minutes(interval: str) -> str:
    """A setting such as `30min` as it is read.

    >>> minutes("30min")
    '30 min'
    """
    return f"{parse_interval(interval).seconds // 60} min"
