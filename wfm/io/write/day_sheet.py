"""One sheet a day for the wall: who is there when, on what, with breaks and outbound work."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.language import told
from wfm.core.types import Schedule
from wfm.core.wording import work_name
from wfm.io.write.book import Book
from wfm.io.write.shifts import Block, Shift

_INBOUND = ("#9DC3E6", "#8FD3C8", "#CDBBEA", "#B7DD9E", "#A7B8D9", "#E3E49A")
_OUTBOUND = ("#F4B183", "#FFD966", "#F8A5A5", "#E2B6E8", "#E6C229")
_PAUSE = "#D0CECE"
_FIELDS = (("Name", 19), ("Team", 10), ("Shift", 11), ("Breaks", 28), ("Outbound", 28))
_FIRST = len(_FIELDS)
_LABEL_MIN = 30  # the heads of the grid's columns stand every so many minutes
_LEGEND_ROW = 2
_WIDE = 32


def colours(schedule: Schedule) -> dict[tuple[str, str], str]:
    """A colour for each queue's inbound and each campaign's outbound work."""
    frame = schedule.frame[["activity", "queue"]].drop_duplicates().sort_values("queue")
    found: dict[tuple[str, str], str] = {}
    for activity, palette in (("inbound", _INBOUND), ("outbound", _OUTBOUND)):
        queues = frame.loc[frame["activity"] == activity, "queue"].astype(str)
        names = list(dict.fromkeys(map(work_name, queues)))
        for queue in queues:
            found[activity, queue] = palette[names.index(work_name(queue)) % len(palette)]
    return found


def day_sheet(
    book: Book,
    schedule: Schedule,
    day: date,
    today: Sequence[Shift],
    *,
    people: pd.DataFrame,
    project: str,
) -> None:
    """Write one day's sheet.

    Parameters
    ----------
    book
        The workbook.
    schedule
        Gives the grid, the zone and the heads needed.
    day, today
        The local day and the shifts that begin on it.
    people
        `name` and `team` by agent.
    project
        Name of the plan for the title; may be empty.
    """
    sheet = book.sheet(f"{day:%a} {day.isoformat()}")
    title = told(f"{day:%A} {day.day} {day:%B %Y}", book.language)
    title += f" - {project}" if project else ""
    book.put(sheet, 0, 0, title, book.format("title"), tell=False)
    palette = colours(schedule)
    if not today:
        book.put(sheet, 1, 0, "Nobody works on this day.", book.format("note"))
        return
    grid = _grid(schedule, today)
    step = _step(schedule, today)
    note = f"{len(today)} people, times in {schedule.time_zone}, one column is {step} min"
    book.put(sheet, 1, 0, note, book.format("note"))
    width = 2.9 if len(grid) <= _WIDE else 2.1
    right = _FIRST + len(grid) - 1
    top, right = _legend(book, sheet, today, palette, width, right)
    for c, (heading, wide) in enumerate(_FIELDS):
        book.put(sheet, top, c, heading, book.format("head"))
        sheet.set_column(c, c, wide)
    if not any(shift.outbound() for shift in today):
        sheet.set_column(_FIRST - 1, _FIRST - 1, None, None, {"hidden": True})
    sheet.set_column(_FIRST, right, width)
    head = book.format("head", rotation=90, font_size=8, align="center")
    for c, stamp in enumerate(grid, start=_FIRST):
        shown = f"{stamp:%H:%M}" if stamp.minute % _LABEL_MIN == 0 else ""
        book.put(sheet, top, c, shown, head)
    sheet.set_row(top, 34)
    row = top + 1
    for shift in today:
        _person(book, sheet, row, shift, grid, people, palette)
        row += 1
    row = _heads(book, sheet, row + 1, schedule, grid, today)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.print_area(0, 0, row, right)
    sheet.fit_to_pages(1, 0 if len(today) > 60 else 1)


def _step(schedule: Schedule, today: Sequence[Shift]) -> int:
    """The grid's minutes: the schedule's own, finer where a block needs it."""
    step = int(schedule.interval.total_seconds()) // 60
    for shift in today:
        for block in shift.blocks:
            for stamp in (block.start, block.end):
                step = math.gcd(step, stamp.hour * 60 + stamp.minute)
    return max(step, 5)


def _grid(schedule: Schedule, today: Sequence[Shift]) -> pd.DatetimeIndex:
    """Starts of all columns, from the first shift's start to the last one's end."""
    step = pd.Timedelta(minutes=_step(schedule, today))
    first, last = min(s.start for s in today), max(s.end for s in today)
    return pd.date_range(first, last, freq=step, inclusive="left")


def _legend(
    book: Book,
    sheet: Any,
    today: Sequence[Shift],
    palette: dict[tuple[str, str], str],
    width: float,
    right: int,
) -> tuple[int, int]:
    """What the colours and letters mean, in rows above the grid; the row below, the last column."""
    seen = {(b.activity, b.queue) for s in today for b in s.blocks}
    named = {
        f"{told(a, book.language)} {work_name(q)}".strip(): c
        for (a, q), c in palette.items()
        if (a, q) in seen
    }
    entries = list(named.items())
    pauses = sorted({b.activity for s in today for b in s.blocks if b.is_break})
    if pauses:
        entries.append((", ".join(f"{_letter(name)} = {name}" for name in pauses), _PAUSE))
    row, col, most = _LEGEND_ROW, _FIRST, right
    for text, colour in entries:
        wide = max(2, math.ceil((len(text) + 2) / width))
        if col + wide - 1 > right and col > _FIRST:
            row, col = row + 1, _FIRST
        last = col + wide - 1
        most = max(most, last)
        form = book.format(bg_color=colour, border=1, border_color="#FFFFFF", align="center")
        sheet.merge_range(row, col, row, last, "", form)
        book.put(sheet, row, col, text, form, tell=False)
        col = last + 1
    return row + 1, most


def _letter(name: str) -> str:
    return name[:1].upper()


def _person(
    book: Book,
    sheet: Any,
    row: int,
    shift: Shift,
    grid: pd.DatetimeIndex,
    people: pd.DataFrame,
    palette: dict[tuple[str, str], str],
) -> None:
    """One row: who, when, and the coloured cells."""
    known = shift.agent in people.index
    name = people.at[shift.agent, "name"] if known else shift.agent
    team = people.at[shift.agent, "team"] if known else ""
    texts = (name, team, shift.hours(), shift.breaks(), shift.outbound())
    for c, text in enumerate(texts):
        form = book.format(bottom=4, bottom_color="#BFBFBF", bold=c == 0, shrink=c > 2)
        book.put(sheet, row, c, str(text), form, tell=c > 1)
    starts = np.array([b.start.value for b in shift.blocks])
    for c, stamp in enumerate(grid, start=_FIRST):
        i = int(np.searchsorted(starts, stamp.value, side="right")) - 1
        block = shift.blocks[i] if i >= 0 and stamp < shift.blocks[i].end else None
        text, form = _cell(book, block, stamp, palette)
        book.put(sheet, row, c, text, form)


def _cell(
    book: Book, block: Block | None, stamp: pd.Timestamp, palette: dict[tuple[str, str], str]
) -> tuple[str, Any]:
    """Text and format of one cell of the grid; full hours have a line on their left."""
    hour: dict[str, Any] = {"left": 4, "left_color": "#7F7F7F"} if stamp.minute == 0 else {}
    base: dict[str, Any] = {
        "font_size": 8,
        "align": "center",
        "bottom": 4,
        "bottom_color": "#BFBFBF",
    } | hour
    if block is None:
        return "", book.format(**base)
    if block.is_break:
        return _letter(block.activity), book.format(bg_color=_PAUSE, bold=True, **base)
    colour = palette[block.activity, block.queue]
    return ("O" if block.activity == "outbound" else ""), book.format(bg_color=colour, **base)


def _heads(
    book: Book,
    sheet: Any,
    row: int,
    schedule: Schedule,
    grid: pd.DatetimeIndex,
    today: Sequence[Shift],
) -> int:
    """Heads needed and rostered below the names, by column; the row below."""
    total = schedule.coverage.groupby("start")[["required", "scheduled", "under"]].sum()
    step = total.index.to_series().diff().min()
    at = total.reindex(grid, method="ffill", tolerance=step - pd.Timedelta(seconds=1))
    for label, column, kind in (
        ("Needed", "required", "whole"),
        ("Rostered", "scheduled", "whole"),
        ("Short", "under", "short"),
    ):
        book.put(sheet, row, 0, label, book.format("label"))
        for c, value in enumerate(at[column], start=_FIRST):
            shown = None if column == "under" and value == 0 else value
            form = book.format(kind, font_size=7, align="center", num_format="0")
            book.put(sheet, row, c, shown, form)
        row += 1
    return row
