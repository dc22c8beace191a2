"""Sheets for managers: the schedule by agent, and charts that the spreadsheet draws itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from wfm.core.language import told
from wfm.core.types import Schedule
from wfm.io.write.book import Book, Field
from wfm.io.write.shifts import Shift

NEED, ROSTER, SERVICE, WANTED = "#E8710A", "#0B7285", "#5F3DC4", "#ADB5BD"
GRID = "#D9D9D9"
_TABLE_ROW = 40  # charts stand above, their numbers below
_LAST_COLUMN = 11  # of two charts beside each other, each as wide as six columns


def agent_sheet(
    book: Book, schedule: Schedule, days: Sequence[date], every: Sequence[Shift]
) -> None:
    """The schedule by agent: a row each, a column a day with the shift's hours."""
    by_agent: dict[tuple[str, date], list[str]] = {}
    for shift in every:
        by_agent.setdefault((shift.agent, shift.day), []).append(shift.hours())
    totals = schedule.totals.drop_duplicates("agent")
    frame = totals[[c for c in ("agent", "name", "team", "paid_h") if c in totals]].copy()
    fields = [Field("agent", "Agent"), Field("name", "Name", width=22), Field("team", "Team")]
    for day in days:
        frame[day.isoformat()] = [", ".join(by_agent.get((a, day), [])) for a in frame["agent"]]
        fields.append(Field(day.isoformat(), f"{day:%a %d %b}", width=12))
    fields.append(Field("paid_h", "Paid [h]", "two", 9))
    book.table(book.sheet("By agent"), frame, fields, freeze=(1, 2))


def charts_sheet(
    book: Book, schedule: Schedule, days: pd.DataFrame, coverage: pd.DataFrame
) -> None:
    """Charts of hours and service by day, of the mean day, and of the campaigns, above their data.

    Parameters
    ----------
    book
        The workbook.
    schedule
        Gives the campaigns.
    days
        `day required_h scheduled_h` and, where known, `service_level`.
    coverage
        `start queue required scheduled` by interval.
    """
    sheet = book.sheet("Charts")
    sheet.set_column(0, _LAST_COLUMN, 14)
    sheet.print_area(0, 0, _TABLE_ROW - 1, _LAST_COLUMN)  # the numbers below stay on the screen
    sheet.fit_to_pages(1, 1)
    clock = coverage["start"].dt.strftime("%H:%M").rename("time")
    sums = coverage.groupby(clock)[["required", "scheduled"]].sum() / max(len(days), 1)
    sums = sums[(sums > 0).any(axis=1)]  # the centre is closed at other times
    by_day = days.assign(day=[f"{d:%a %d %b}" for d in days["day"]])
    column = 0
    column = _chart(
        book, sheet, column, "Hours by day", by_day, "column",
        (Field("day", "Day"), Field("required_h", "Required [h]", "one"),
         Field("scheduled_h", "Rostered [h]", "one")), (NEED, ROSTER), (0, 0),
    )  # fmt: skip
    column = _chart(
        book, sheet, column, "Heads by time, mean of the days", sums.reset_index(), "line",
        (Field("time", "Interval"), Field("required", "Required [heads]", "one"),
         Field("scheduled", "Rostered [heads]", "one")), (NEED, ROSTER), (0, 1),
    )  # fmt: skip
    if "service_level" in by_day and by_day["service_level"].notna().any():
        column = _chart(
            book, sheet, column, "Service level by day", by_day, "column",
            (Field("day", "Day"), Field("service_level", "Service level", "share")),
            (SERVICE,), (1, 0),
        )  # fmt: skip
    if len(schedule.outbound):
        _chart(
            book, sheet, column, "Outbound work", schedule.outbound, "bar",
            (Field("campaign", "Campaign"), Field("target_h", "Target [h]", "one"),
             Field("placed_h", "Placed [h]", "one")), (WANTED, SERVICE), (1, 1),
        )  # fmt: skip


def _chart(
    book: Book,
    sheet: Any,
    column: int,
    title: str,
    frame: pd.DataFrame,
    kind: str,
    fields: Sequence[Field],
    colours: Sequence[str],
    place: tuple[int, int],
) -> int:
    """One chart and the table it draws; the first column that is free after it."""
    if frame.empty:
        return column
    name, last = sheet.get_name(), _TABLE_ROW + len(frame)
    for c, field in enumerate(fields, start=column):
        book.put(sheet, _TABLE_ROW, c, field.heading, book.format("head"))
        for r, value in enumerate(frame[field.column], start=_TABLE_ROW + 1):
            book.put(sheet, r, c, value, book.format(field.kind), tell=field.column == "day")
    chart = book.book.add_chart({"type": kind})
    for c, colour in enumerate(colours, start=column + 1):
        look = {"line": {"color": colour, "width": 2}} if kind == "line" else {}
        chart.add_series(
            {
                "name": [name, _TABLE_ROW, c],
                "categories": [name, _TABLE_ROW + 1, column, last, column],
                "values": [name, _TABLE_ROW + 1, c, last, c],
                **(look or {"fill": {"color": colour}}),
            }
        )
    shown = told(title, book.language)
    chart.set_title({"name": shown, "overlay": False, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"} if len(colours) > 1 else {"none": True})
    chart.set_size({"width": 610, "height": 370})
    form = {"share": "0%", "whole": "0", "one": "0"}[fields[1].kind]
    values = {"num_format": form, "major_gridlines": {"visible": True, "line": {"color": GRID}}}
    if kind == "bar":  # the axes of lying bars are the other way round
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis(values)
    else:
        chart.set_y_axis(values | {"min": 0} | ({"max": 1} if fields[1].kind == "share" else {}))
    down, right = place
    sheet.insert_chart(down * 20, right * 6, chart, {"description": shown})
    return column + len(fields) + 1
