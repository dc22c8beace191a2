"""Workbooks: a look at the zip before it is opened, then the cells of one sheet."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.io.read.cells import Cells, Raw, no_ragged
from wfm.io.read.layout import MOST_TITLES, heading_row, tells_contacts
from wfm.io.read.text_head import no_headings
from wfm.io.read.unpacked import check_unpacked

_MARK = re.compile(r"#\s*(fields\s*:?)?", re.IGNORECASE)


def check_zip(data: bytes, source: str) -> None:
    """Refuse what is no workbook, or would unpack to more than a machine can hold.

    Raises
    ------
    DataError
        It is broken, or its parts, its unpacked size, its ratio or its sheets are too big.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            entries = parts.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        message = f"{source}: the workbook is broken. Save it again as xlsx, or as csv."
        raise DataError(message) from error
    names = {entry.filename for entry in entries}
    if "xl/workbook.bin" in names:
        message = f"{source}: it is a binary workbook (.xlsb). Save it as xlsx, or as csv."
        raise DataError(message)
    if "xl/workbook.xml" not in names:
        message = f"{source}: it is a zip file, not a workbook. Unpack it and read what is inside."
        raise DataError(message)
    check_unpacked(data, entries, source)


def sheet_frame(
    data: bytes,
    source: str,
    sheet: str | None,
    *,
    headings_for: Callable[[list[str]], tuple[str, ...]] = no_headings,
) -> tuple[pd.DataFrame, str, list[str]]:
    """Cells of a sheet without headings, its name, and the names of all sheets.

    Without `sheet` it is the first one that holds two rows or more. Where `headings_for` is given,
    the first one with a history goes before it: a cover may stand before the table.
    """
    history = headings_for is not no_headings
    check_zip(data, source)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = list(book.sheet_names)
        if sheet is not None and sheet not in names:
            message = (
                f"{source}: there is no sheet {sheet!r}; it has {', '.join(names)}. "
                "Name one of them."
            )
            raise DataError(message)
        first: tuple[Sequence[Sequence[object]], str] = ([], names[0] if names else "")
        for name in [sheet] if sheet is not None else names:
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            top = [[_text(v) for v in row] for row in cells[:MOST_TITLES] if history]
            if sheet is not None or any(tells_contacts(row) or headings_for(row) for row in top):
                return pd.DataFrame(cells, dtype=object), name, names
            if len(cells) > 1 and not first[0]:
                first = cells, name
                if not history:
                    break
    except CalamineError as error:
        message = f"{source}: the workbook cannot be opened. Save it again as xlsx, or as csv."
        raise DataError(message) from error
    return pd.DataFrame(first[0], dtype=object), first[1], names


def sheet_names(data: bytes) -> list[str]:
    """Names of the sheets of a workbook; none for any other file."""
    if not data.startswith(b"PK\x03\x04"):
        return []
    return sheet_frame(data, "workbook", None)[2]


def read_workbook(
    data: bytes,
    source: str,
    *,
    sheet: str | None = None,
    headings_for: Callable[[list[str]], tuple[str, ...]] = no_headings,
) -> Raw:
    """Cells of one sheet of a workbook; its headings are in the first row, or below titles.

    `headings_for` gives a sheet without headings its own, by the cells of its first row.

    Raises
    ------
    DataError
        The workbook is broken, too big or empty, or has no such sheet.
    """
    frame, name, _ = sheet_frame(data, source, sheet, headings_for=headings_for)
    blank = frame.map(_blank).to_numpy(dtype=bool) if len(frame) else np.ones((0, 0), dtype=bool)
    full = np.flatnonzero(~blank.all(axis=1)) if blank.size else np.array([], dtype=int)
    if len(full) == 0:
        message = f"{source}: sheet {name!r} is empty. Fill it in or name another sheet."
        raise DataError(message)
    rows = [[_text(v) for v in frame.iloc[at]] for at in full[:MOST_TITLES]]
    given = headings_for(rows[0])
    at = 0 if given else heading_row(rows)
    top = int(full[at]) - bool(given)
    body = frame.iloc[top + 1 :]
    wide = np.arange(len(given)) if given else np.flatnonzero(~blank[top])
    names = given or tuple(rows[at][int(c)] for c in wide)
    if _MARK.fullmatch(names[0]) and blank[top + 1 :, wide[-1]].all():
        names, wide = names[1:], wide[:-1]  # a mark before the headings, none before the rows
    cells = tuple(_sheet_cells(body[c]) for c in wide)
    raw = Raw(source, names, cells, np.arange(len(body)) + top + 2, no_ragged(), sheet=name)
    return raw.without_empty_rows()


def _text(value: object) -> str:
    """A cell as a text file would hold it."""
    whole = isinstance(value, float) and value.is_integer()
    return "" if _blank(value) else str(int(value) if whole else value).strip()  # type: ignore[call-overload]


def _blank(value: object) -> bool:
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def _sheet_cells(column: pd.Series) -> Cells:
    """Cells of a sheet's column; 1 and 1.0 and True stay apart from the text '1'."""
    found: dict[tuple[type, object], int] = {}
    codes = np.empty(len(column), dtype=np.int64)
    for i, value in enumerate(column):
        codes[i] = -1 if _blank(value) else found.setdefault((type(value), value), len(found))
    values = np.empty(len(found), dtype=object)
    values[:] = [value for _, value in found]
    return Cells(codes, pd.Series(values, dtype=object))
