"""A workbook in the making: formats, and tables in which no cell is ever a live formula."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from wfm.core.language import told

FONT = "Calibri"
HEAD = {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "valign": "vcenter"}
_KINDS: dict[str, dict[str, Any]] = {
    "text": {},
    "title": {"bold": True, "font_size": 16, "font_color": "#1F3864"},
    "note": {"italic": True, "font_color": "#595959"},
    "label": {"bold": True, "font_color": "#1F3864"},
    "head": HEAD | {"text_wrap": True, "border": 1, "border_color": "#FFFFFF"},
    "stamp": {"num_format": "ddd yyyy-mm-dd hh:mm", "align": "left"},
    "day": {"num_format": "ddd yyyy-mm-dd", "align": "left"},
    "whole": {"num_format": "#,##0"},
    "one": {"num_format": "#,##0.0"},
    "two": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "short": {"num_format": "#,##0", "font_color": "#C00000", "bold": True},
    "wrap": {"text_wrap": True, "valign": "top"},
}


NAMES = ("agent", "name", "team", "site", "contract", "queue", "campaign", "skill", "who")
LINE = 13.5  # points of a line of text in a cell
MOST_NAME, MOST_TEXT = 31, 32767  # of a sheet, of a cell: Excel's own limits
_NUMBERS = ("whole", "one", "two", "share")


@dataclass(frozen=True)
class Field:
    """A column on paper: where it comes from, its heading, how it looks and how wide it is."""

    column: str
    heading: str
    kind: str = "text"
    width: float = 12


class Book:
    """A workbook that is filled and then given as bytes; the same content gives the same bytes.

    Whatever it says in English is written in `language`; names of people and queues stay.
    """

    def __init__(self, made: date, language: str = "en") -> None:
        self.language = language
        self._file = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self._file,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
            },
        )
        self.book.set_properties({"created": datetime(made.year, made.month, made.day)})  # noqa: DTZ001
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, kind: str = "text", **more: Any) -> Any:
        """A cell format by kind, with changes."""
        wanted = {"font_name": FONT, "font_size": 10} | _KINDS[kind] | more
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(wanted)
        return self._formats[key]

    def sheet(self, name: str, *, portrait: bool = False) -> Any:
        """A new sheet, set up for A4 paper with page numbers."""
        sheet = self.book.add_worksheet(told(name, self.language)[:MOST_NAME])
        sheet.set_paper(9)
        if not portrait:
            sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L&F  &A&R{told('Page &P of &N', self.language)}")
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    def put(
        self, sheet: Any, row: int, col: int, value: object, form: Any, *, tell: bool = True
    ) -> None:
        """One cell: text stays text, numbers numbers, unknown stays blank."""
        unknown = isinstance(value, float) and math.isnan(value)
        if value is None or value is pd.NaT or unknown or value == "":
            sheet.write_blank(row, col, None, form)
        elif isinstance(value, bool | np.bool_):
            sheet.write_string(row, col, told("yes" if value else "no", self.language), form)
        elif isinstance(value, int | float | np.number):
            if math.isfinite(float(value)):
                sheet.write_number(row, col, float(value), form)
            else:
                sheet.write_string(row, col, str(value), form)
        elif isinstance(value, pd.Timestamp | datetime):
            sheet.write_datetime(row, col, value.replace(tzinfo=None), form)
        elif isinstance(value, date):
            sheet.write_datetime(row, col, datetime(value.year, value.month, value.day), form)  # noqa: DTZ001
        else:
            text = told(str(value), self.language) if tell else str(value)
            sheet.write_string(row, col, text[:MOST_TEXT], form)

    def table(
        self,
        sheet: Any,
        frame: pd.DataFrame,
        fields: Sequence[Field],
        *,
        row: int = 0,
        freeze: tuple[int, int] | None = (1, 1),
        filters: bool = True,
        widths: bool = True,
    ) -> int:
        """A table with frozen headings, filters, widths and number formats; the row below it."""
        shown = [f for f in fields if f.column in frame.columns]
        tall = [f for f in shown if f.kind == "wrap"]
        for c, field in enumerate(shown):
            side = "right" if field.kind in _NUMBERS else "left"
            after = c > 0 and shown[c - 1].kind in _NUMBERS and side == "left"
            apart = {"indent": 1, "align": "left"} if after else {}
            self.put(sheet, row, c, field.heading, self.format("head", **{"align": side, **apart}))
            apart |= {"valign": "top"} if tall else {}
            if widths:
                sheet.set_column(c, c, field.width)
            form = self.format(field.kind, **apart)
            for r, value in enumerate(frame[field.column], start=row + 1):
                self.put(sheet, r, c, value, form, tell=field.column not in NAMES)
        wrapped = frame[[f.column for f in tall]].itertuples(index=False) if tall else ()
        for r, cells in enumerate(wrapped, start=row + 1):
            texts = [told(str(cell), self.language) for cell in cells]
            lines = max(math.ceil(len(t) / f.width) for t, f in zip(texts, tall, strict=True))
            if lines > 1:  # paper does not find the height of a row by itself
                sheet.set_row(r, LINE * lines)
        if frame.empty:
            self.put(sheet, row + 1, 0, "None.", self.format("note"))
        sheet.set_row(row, 30)
        if freeze:
            sheet.freeze_panes(row + freeze[0], freeze[1])
            sheet.repeat_rows(row)
        if filters and len(frame) and shown:
            sheet.autofilter(row, 0, row + len(frame), len(shown) - 1)
        return row + len(frame) + 1

    def pairs(self, sheet: Any, row: int, values: Mapping[str, tuple[object, str]]) -> int:
        """Labels with a value of a kind each, one below the other; the row below them."""
        for label, (value, kind) in values.items():
            self.put(sheet, row, 0, label, self.format("label"))
            self.put(sheet, row, 1, value, self.format(kind, align="left"))
            row += 1
        return row

    def bytes(self) -> bytes:
        """The finished workbook."""
        self.book.close()
        return self._file.getvalue()
