"""Layouts of exports that are known; a new one is a module and a line of the table."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.io.read.cells import Raw
from wfm.io.read.layout import LEAST_KNOWN, known_headings, listed
from wfm.io.read.layouts import (
    amazon_connect,
    avaya_cms,
    calabrio,
    contact_records,
    eleveo,
    genesys_cloud,
    nice_iex,
)
from wfm.io.read.layouts.base import Layout
from wfm.io.read.stamps import parse_stamps

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        genesys_cloud.LAYOUT,
        amazon_connect.LAYOUT,
        calabrio.LAYOUT,
        avaya_cms.LAYOUT,
        nice_iex.LAYOUT,
        eleveo.LAYOUT,
        contact_records.LAYOUT,
    )
}
PLAIN = Layout("plain", "columns by their headings", (), {})
_NUMBER = re.compile(r"[+-]?\d{1,6}(?:[.,]\d+)?").fullmatch
CHOICES = ("auto", *LAYOUTS, PLAIN.name)


def check_choice(layout: str) -> None:
    """Refuse a layout that is not known.

    Raises
    ------
    DataError
        With the names of those that are.
    """
    if layout not in CHOICES:
        message = f"layout: {layout!r} is not known. Use one of {', '.join(CHOICES)}."
        raise DataError(message)


def headings_for(cells: list[str]) -> tuple[str, ...]:
    """Headings of a file that begins with a row and not with headings; none for any other file.

    They are those of a layout without headings, or the numbers of the columns. Empty cells behind
    the row, which spreadsheets leave, get empty headings.

    >>> headings_for(["start", "offered"])
    ()
    >>> headings_for(["2026-03-02 08:00", "12"])
    ('column 1', 'column 2')
    """
    for layout in LAYOUTS.values():
        wide = len(layout.headings)
        row, behind = cells[:wide], cells[wide:]
        if wide and len(row) == wide and not any(behind) and layout.is_row(row):
            return layout.headings + ("",) * len(behind)
    return tuple(f"column {n}" for n in range(1, len(cells) + 1)) if is_data(cells) else ()


def is_data(cells: list[str]) -> bool:
    """Whether cells are a row of contacts: a date, a number, and no word that is a heading.

    >>> is_data(["support", "02.03.2026", "08:00", "12"]), is_data(["Time", "02.03.2026", "12"])
    (True, False)
    """
    if len(cells) < LEAST_KNOWN or known_headings(cells):
        return False
    dates = ~np.isnat(parse_stamps(pd.Series(cells, dtype=object), "", dates="DMY").naive)
    dates |= ~np.isnat(parse_stamps(pd.Series(cells, dtype=object), "", dates="MDY").naive)
    numbers = [n for n, is_date in zip(cells, dates, strict=True) if not is_date and _NUMBER(n)]
    return bool(dates.any() and numbers)


def find_layout(raw: Raw, choice: str) -> Layout:
    """The layout chosen, or the one that the headings show; `PLAIN` where none does.

    Raises
    ------
    DataError
        The file does not have the headings of the layout chosen.
    """
    if choice == "auto":
        return next((layout for layout in LAYOUTS.values() if layout.fits(raw.names)), PLAIN)
    layout = LAYOUTS.get(choice, PLAIN)
    if not layout.fits(raw.names):
        message = (
            f"{raw.source}: it is not of the layout {layout.name} ({layout.title}), whose headings "
            f"are {', '.join(layout.marks)}; found {listed(raw.names)}. "
            "Use layout='auto'."
        )
        raise DataError(message)
    return layout
