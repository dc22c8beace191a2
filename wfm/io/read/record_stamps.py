"""How the stamps of call records are written, as an expression of microseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.io.read.record_source import HEAD_ROWS, Records
from wfm.io.read.stamps import parse_stamps

_FRACTION = re.compile(r"(:\d\d)[.,]\d+")
_ORDERS = {"DMY": "%d{m}%m{m}%Y", "MDY": "%m{m}%d{m}%Y", "YMD": "%Y{m}%m{m}%d"}
_TIMES = (
    "%H:%M:%S",
    "%H:%M",
    "%H:%M:%S.%f",
    "%I:%M:%S %p",
    "%I:%M %p",
)
_ZONED = (
    "(right({c}, 1) IN ('Z', 'z') OR contains(substr({c}, 12), '+') "
    "OR contains(substr({c}, 12), '-'))"
)
_OFFSET = (
    "(right({c}, 1) IN ('Z', 'z') OR "
    "regexp_matches(substr({c}, 12), '[+-](0\\d|1[0-4])(:?[0-5]\\d)?$'))"
)
_MILLISECONDS = 1e11  # seconds since 1970 reach this in the year 5138


@dataclass(frozen=True)
class Stamp:
    """Microseconds since 1970 of a column of stamps.

    Parameters
    ----------
    text
        SQL of the cell as found.
    micros
        SQL of the microseconds, NULL where unreadable; of the clock on the wall unless `utc`.
    utc
        Whether the stamps are instants: in UTC, with an offset, or counted since 1970.
    """

    text: str
    micros: str
    utc: bool


def stamp(records: Records, headings: list[str], dates: str) -> Stamp:
    """How one column of stamps, or one of dates and one of times, is written.

    Raises
    ------
    DataError
        Nothing in the first rows is a date and time, or day and month can be taken two ways.
    """
    columns = [records.column(h) for h in headings]
    kind = records.type_of(headings[0])
    if len(columns) > 1:
        parts = ", ".join(f"trim({c}::VARCHAR)" for c in columns)
        return _written(records, headings[0], f"concat_ws(' ', {parts})", dates)
    column = columns[0]
    if kind == "TIMESTAMP WITH TIME ZONE":
        return Stamp(column, f"epoch_us({column})", utc=True)
    if kind.startswith("TIMESTAMP"):
        return Stamp(column, f"epoch_us({column}::TIMESTAMP)", utc=False)
    if kind in ("DOUBLE", "FLOAT") or "INT" in kind:
        micros = f"CASE WHEN {column} > {_MILLISECONDS:.0f} THEN 1e3 ELSE 1e6 END * {column}"
        return Stamp(column, f"({micros})::BIGINT", utc=True)
    return _written(records, headings[0], column, dates)


def _written(records: Records, heading: str, text: str, dates: str) -> Stamp:
    """The first way of reading that agrees with the reader of interval files on the first rows."""
    seen = _first_cells(records, heading, text)
    source = records.head.source
    if not seen:
        message = (
            f"{source}: column {heading!r} is empty in the first {HEAD_ROWS:,} rows. "
            "Say which column holds the time of arrival, for example columns={'start': 'Arrival'}."
        )
        raise DataError(message)
    whole = pd.Series([_FRACTION.sub(r"\1", s) for s in seen], dtype=object)
    wanted = parse_stamps(whole, source, dates=dates)
    known = ~np.isnat(wanted.naive) & wanted.has_time
    if not known.any():
        raise _no_stamp(heading, seen[0], source)
    zoned = ~np.isnan(wanted.offset_s[known])
    if zoned.any() and not zoned.all():
        message = (
            f"{source}: column {heading!r} has stamps with and without an offset from UTC. "
            "Write all of them one way."
        )
        raise DataError(message)
    utc = bool(zoned.any())
    shift = np.nan_to_num(wanted.offset_s[known]).astype("timedelta64[s]")
    goal = (wanted.naive[known] - shift).astype("datetime64[s]").astype(np.int64)
    cells = [s for s, k in zip(seen, known, strict=True) if k]
    best, most = "", -1
    for way in _ways(utc):
        found = records.connection.execute(
            f"SELECT {way.format(c='cell')} FROM (SELECT unnest(?::VARCHAR[]) AS cell)", [cells]
        ).fetchall()
        hits = sum(
            f[0] is not None and f[0] // 1_000_000 == g for f, g in zip(found, goal, strict=True)
        )
        if hits > most:
            best, most = way, hits
        if hits == len(cells):
            break
    if most == 0:  # a form that the reader of interval files knows and DuckDB does not
        raise _no_stamp(heading, cells[0], source)
    return Stamp(text, best.format(c=text), utc=utc)


def _no_stamp(heading: str, cell: str, source: str) -> DataError:
    message = (
        f"{source}: column {heading!r} holds {cell!r}, which is not a date and time. "
        "Write it like 2026-03-02 08:30:15, or name another column."
    )
    return DataError(message)


def _first_cells(records: Records, heading: str, text: str) -> list[str]:
    """The different cells of the first rows."""
    if records.text and text == records.column(heading):
        return [str(v) for v in records.head.column(heading).values]
    rows = records.connection.execute(
        f"SELECT {text} FROM {records.relation} WHERE {text} IS NOT NULL LIMIT {HEAD_ROWS}"
    ).fetchall()
    return list(dict.fromkeys(str(r[0]) for r in rows if r[0]))


def _ways(utc: bool) -> list[str]:
    """Expressions of {c}, the commonest first."""
    if utc:
        joined = "regexp_replace({c}, '\\s*(UTC|GMT)$', 'Z')"
        joined = f"regexp_replace({joined}, '\\s+([+-])', '\\1')"
        return [
            "epoch_us(CASE WHEN ends_with({c}, 'Z') THEN try_cast({c} AS TIMESTAMP) END)",
            f"epoch_us(CASE WHEN {_OFFSET} THEN try_cast({{c}} AS TIMESTAMPTZ) END)",
            f"epoch_us(CASE WHEN {_OFFSET.replace('{c}', joined)} "
            f"THEN try_cast({joined} AS TIMESTAMPTZ) END)",
        ]
    ways = [f"epoch_us(CASE WHEN NOT {_ZONED} AND length({{c}}) > 10 "
            "THEN try_cast({c} AS TIMESTAMP) END)"]  # fmt: skip
    for order in ("DMY", "MDY", "YMD"):
        for mark in "./-":
            day = _ORDERS[order].format(m=mark)
            for year in (day, day.replace("%Y", "%y")):
                forms = ", ".join(f"'{year}{gap}{time}'" for gap in " T" for time in _TIMES)
                ways.append(f"epoch_us(try_strptime({{c}}, [{forms}]))")
    compact = ", ".join(f"'%Y%m%d{gap}{time}'" for gap in (" ", "T", "") for time in
                        (*_TIMES, "%H%M%S", "%H%M"))  # fmt: skip
    ways.append(f"epoch_us(try_strptime({{c}}, [{compact}]))")
    return ways
