"""Small tables from csv, a sheet, parquet or a frame, with texts as they were before guarding."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.intervals import zone
from wfm.io.formula import unguard
from wfm.io.read.cells import Raw
from wfm.io.read.layouts import headings_for
from wfm.io.read.numbers import find_decimal, parse_numbers
from wfm.io.read.source import Source, read_cells, read_head, source_name
from wfm.io.read.stamps import parse_stamps
from wfm.io.read.text import read_text
from wfm.io.read.zones import choose_zone, instants

_HEAD = 2**18  # bytes in which the headings of a text stand


def raw_frame(raw: Raw) -> pd.DataFrame:
    """The cells of a table as a frame of texts, numbers and dates; None where empty.

    The index counts the lines of the file.
    """
    columns = {}
    for name, cells in zip(raw.names, raw.cells, strict=True):
        if cells.values.dtype != object:
            values = cells.values.iloc[np.maximum(cells.codes, 0)].reset_index(drop=True)
            columns[name] = values.mask(cells.empty)
        else:
            texts = [unguard(v) if isinstance(v, str) else v for v in cells.values]
            picked = [None if c < 0 else texts[c] for c in cells.codes]
            columns[name] = pd.Series(picked, dtype=object)
    frame = pd.DataFrame(columns)
    frame.index = pd.Index(raw.lines, dtype="int64")
    return frame


def read_headings(path: Source, *, sheet: str | None = None) -> tuple[str, ...]:
    """The headings of a table, also of a layout whose files have none.

    Raises
    ------
    DataError
        The file cannot be read.
    """
    if not isinstance(path, pd.DataFrame):
        head = read_head(path, _HEAD)
        packed = head.startswith((b"PK\x03\x04", b"PAR1"))
        if not packed and b"\0" not in head:  # a text, and none of wide letters
            whole = head if len(head) < _HEAD else head[: head.rfind(b"\n") + 1]
            with suppress(DataError):
                return read_text(whole, source_name(path), headings_for=headings_for).names
    return read_cells(path, sheet=sheet, headings_for=headings_for).names


def read_frame(path: Source, *, sheet: str | None = None) -> pd.DataFrame:
    """A table as it stands in a file, its index the line of each row.

    Raises
    ------
    DataError
        The file cannot be read, or a line has too many or too few cells.
    """
    raw = read_cells(path, sheet=sheet)
    if len(raw.ragged):
        message = (
            f"{raw.source}: line {raw.ragged['row'].iloc[0]} has too many or too few cells. "
            "Give it as many as there are headings."
        )
        raise DataError(message)
    return raw_frame(raw)


def numbered(frame: pd.DataFrame, columns: list[str], source: str) -> pd.DataFrame:
    """A copy with some columns as numbers, NaN where empty.

    Raises
    ------
    DataError
        A cell is not a number.
    """
    out = frame.copy()
    held = [c for c in columns if c in frame.columns]
    decimal = find_decimal([frame[c].dropna() for c in held], source)
    for column in held:
        present = frame[column].notna().to_numpy()
        numbers, wrong = parse_numbers(frame[column][present].reset_index(drop=True), decimal)
        if wrong.any():
            at = np.flatnonzero(present)[np.flatnonzero(wrong)[0]]
            message = (
                f"{source}: line {frame.index[at]}, column {column!r}: "
                f"{frame[column].iloc[at]!r} is not a number. Write a number or leave it empty."
            )
            raise DataError(message)
        values = np.full(len(frame), np.nan)
        values[present] = numbers
        out[column] = values
    return out


def stamped(frame: pd.DataFrame, column: str, source: str, time_zone: str | None) -> pd.Series:
    """A column as stamps in a zone: the one given, else that of a column `time_zone`.

    A stamp without an offset is a local time; of a doubled hour it is the first pass unless the
    same time stands there twice for a queue.

    Raises
    ------
    DataError
        A cell is not a time, no zone is known, or the clock skipped the time.
    """
    values = frame[column]
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        given = pd.DatetimeIndex(values)
        given = given.tz_convert(zone(time_zone)) if time_zone else given
        return pd.Series(given.as_unit("us"), index=frame.index)
    if time_zone is None and "time_zone" in frame.columns:
        names = frame["time_zone"].dropna().unique()
        time_zone = str(names[0]) if len(names) == 1 else None
    parsed = parse_stamps(values.reset_index(drop=True), source)
    unread = np.isnat(parsed.naive)
    if unread.any():
        at = int(np.flatnonzero(unread)[0])
        message = (
            f"{source}: line {frame.index[at]}, column {column!r}: {values.iloc[at]!r} is not a "
            "date and time. Write it like 2026-03-02 08:30."
        )
        raise DataError(message)
    to, of = choose_zone(source, column, parsed, time_zone, None)
    found = instants(parsed, of)
    if found.lost.any():
        at = int(np.flatnonzero(found.lost)[0])
        message = (
            f"{source}: line {frame.index[at]}, column {column!r}: {values.iloc[at]!r} does not "
            f"exist in {to}, the clock skips it. Correct the time or the zone."
        )
        raise DataError(message)
    keys = [k for k in ("queue", "agent") if k in frame.columns]
    seen = frame[keys].astype("str").assign(_at=found.first)
    again = seen.groupby([*keys, "_at"]).cumcount().to_numpy() % 2 == 1
    at_utc = np.where(again, found.second, found.first)
    index = pd.DatetimeIndex(at_utc).tz_localize("UTC").tz_convert(zone(to)).as_unit("us")
    return pd.Series(index, index=frame.index)
