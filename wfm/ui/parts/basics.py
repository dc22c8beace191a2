"""Heads of pages, empty states, links, errors and metrics: what every page looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import altair as alt

from wfm.core.asked import asked
from wfm.core.assumptions import assumed_text
from wfm.core.errors import WfmError
from wfm.core.intervals import parse_interval
from wfm.core.types import Requirement
from wfm.store import DamagedError, VersionInfo
from wfm.ui import planner, reader, state
from wfm.ui.parts import headings
from wfm.ui.said import say, st

Day = TypeVar("Day", bound=date)
_PLACE = re.compile(r"^settings, \[(\w+)\] ([\w.]+)(?:: | = (?:None: )?)")
"""How a message of the settings begins: section and key, where a field has a label."""
_below: ContextVar[Any] = ContextVar("below", default=None)
"""Where errors stand instead of in the place of their field."""
_MARKS = re.compile(r"[*$~]")
"""Letters of what was typed that a page would read as marks."""
EDGE, ICON, LARGER, LEAST = 5.0, 3.5, 1.6, 26.0
"""Room of a metric in letters of its label: edges, help, a letter of its value, and at least."""
ROW, GAP, WIDE = 125.0, 2.3, 1.25
"""Letters of a row at 1280 pixels, of the gap between two metrics, and of a Georgian letter."""


@contextmanager
def below() -> Iterator[None]:
    """Errors of the fields drawn inside stand in this place, below the whole row of them.

    Below one of them an error is narrow and long, and moves it out of its row.
    """
    before = _below.set(st.container())
    try:
        yield
    finally:
        _below.reset(before)


@contextmanager
def beside(label: str | None = None) -> Iterator[None]:
    """Show what a user can mend as text in this place; anything else is a bug and shows as one.

    Parameters
    ----------
    label
        Of the field that is meant, with which the text begins.
    """
    try:
        yield
    except DamagedError as error:
        if state.damage() is None:  # it is told above the page otherwise, with its backup
            st.error(str(error), icon=":material/database_off:")
        else:
            st.info("What this page shows can no longer be read from the damaged file.")
    except WfmError as error:
        refused(label, str(error))
        if error.rows is not None and len(error.rows):
            with (_below.get() or st).expander(
                f"{len(error.rows):,} rows", icon=":material/table_rows:"
            ):
                st.dataframe(error.rows.head(200), hide_index=True)


def refused(label: str | None, message: str, place: Any = st) -> None:
    """Say below a field what is wrong with it, by the name that stands above it."""
    typed = _MARKS.sub(r"\\\g<0>", message)
    place_of = _PLACE.match(typed)
    if place_of is not None:
        label = label or headings.label_of(place_of[1], place_of[2])
    text = in_page_words(_PLACE.sub("", typed) if label else typed)
    place = _below.get() or place
    place.error(f"**{say(label)}**: {text}" if label else text, icon=":material/error:")


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

    return headings.in_headings(asked(say(message), words))


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


def onward(page: str) -> None:
    """The way to the next page of a planner's work, at the foot of this one."""
    target = st.session_state["pages"][page]
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.page_link(
            target,
            label=f"Next: {target.title}",
            icon=":material/arrow_forward:",
            icon_position="right",
            query_params=_query(),
        )


def go(page: str) -> None:
    """Leave this page for another."""
    st.switch_page(st.session_state["pages"][page], query_params=_query())


def metrics(values: Mapping[str, str | tuple[str, str]], *, across: int | None = None) -> None:
    """Bordered metrics: label, and value or value with help; long ones get room.

    Parameters
    ----------
    values
        Value, or value and help, by label.
    across
        How many stand in a row at most, those below each other equally wide; None puts as many in a
        row as can be read at 1280 pixels.
    """
    pairs = [(k, v if isinstance(v, tuple) else (v, None)) for k, v in values.items()]
    room = [
        EDGE + max(_letters(say(label)) + ICON * (help_ is not None), LARGER * _letters(say(text)))
        for label, (text, help_) in pairs
    ]
    wide, widths = _rows(room) if across is None else _columns(room, across)
    for first in range(0, len(pairs), wide):
        row = pairs[first : first + wide]
        for column, (label, (text, help_)) in zip(st.columns(widths), row, strict=False):
            column.metric(label, text, border=True, help=help_)


def _columns(room: Sequence[float], across: int) -> tuple[int, list[float]]:
    """So many columns, or fewer where they could not be read, and the room of each.

    >>> _columns([20.0] * 8, 4)[0], _columns([40.0] * 8, 4)[0]
    (4, 3)
    """
    for wide in range(across, 0, -1):
        widths = [max(*room[column::wide], LEAST) for column in range(wide)]
        if sum(widths) + GAP * (wide - 1) <= ROW:
            break
    return wide, widths


def _letters(text: str) -> float:
    """Width of a text in Latin letters."""
    return len(text) + (WIDE - 1) * sum("\u10a0" <= letter <= "\u10ff" for letter in text)


def _rows(room: Sequence[float]) -> tuple[int, list[float]]:
    """How many metrics stand in a row, and the room of each column: as few rows as can be read.

    >>> _rows([40.0] * 3)[0], _rows([40.0] * 4)[0], _rows([200.0])[0]
    (3, 2, 1)
    """
    for rows in range(1, len(room) + 1):
        wide = -(-len(room) // rows)
        widths = [max(room[column::wide]) for column in range(wide)]
        if sum(widths) + GAP * (wide - 1) <= ROW:
            break
    return wide, widths


def assumed(requirement: Requirement) -> None:
    """A badge with every number behind a requirement that was not measured."""
    badge_assumed(assumed_text(requirement))


def badge_assumed(told: str) -> None:
    """A badge with what was assumed, none where that is nothing."""
    if told:
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


def today_or_first(days: Sequence[Day]) -> Day:
    """The day that is today in the centre, where it is among the days, else the first of them."""
    now = today().timetuple()[:3]
    return next((d for d in days if (d.year, d.month, d.day) == now), days[0])


def today() -> date:
    """The day that it is in the centre."""
    return datetime.now(ZoneInfo(state.settings().plan.time_zone)).date()


def when(moment: datetime) -> str:
    """A stored moment in the project's or the reader's zone, in short."""
    zone = ZoneInfo(st.context.timezone or "UTC")
    return f"{moment.astimezone(zone):%d %b %H:%M}"


def version_name(version: VersionInfo) -> str:
    """A version as one chooses it: its number, when it was made, and its note, in short."""
    note = f", {version.note}" if version.note else ""
    return f"{version.number}, {when(version.created_at)}{note}"[:60]


def minutes(interval: str) -> str:
    """A setting such as `30min` as it is read.

    >>> minutes("30min")
    '30 min'
    """
    return f"{parse_interval(interval).seconds // 60} min"
