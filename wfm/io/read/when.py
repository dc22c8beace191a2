"""When each row of a file was: one or two columns of dates and times, with or without a zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.io.read.cells import Cells, Raw
from wfm.io.read.findings import Findings
from wfm.io.read.layout import Meaning, listed
from wfm.io.read.stamps import Stamps, Where, parse_clocks, parse_stamps
from wfm.io.read.zones import UTC_NAMES, Instants, choose_zone


@dataclass(frozen=True)
class When:
    """Stamps of a file.

    `cells` are the different stamps, `of_row` which of them each row holds, `readable` the rows
    that hold one; `stamps` says start or end; `column` is the heading for messages.
    """

    cells: Stamps
    of_row: np.ndarray
    readable: np.ndarray
    stamps: str
    column: str
    time_zone: str
    source_zone: str

    @property
    def local(self) -> bool:
        """Whether the stamps are wall-clock times of a zone that changes its clock."""
        return self.source_zone not in ("", *UTC_NAMES)

    def rows(self, rows: np.ndarray) -> Stamps:
        """The stamps of some rows."""
        of = self.of_row[rows]
        return Stamps(self.cells.naive[of], self.cells.offset_s[of], self.cells.has_time[of])

    def spread(self, found: Instants, rows: slice | np.ndarray) -> Instants:
        """Instants of the different stamps as those of some rows."""
        return found.take(self.of_row[rows])

    def shown(self, rows: np.ndarray) -> list[str]:
        """The stamps of some rows as text."""
        return [str(s).replace("T", " ")[:19] for s in self.cells.naive[self.of_row[rows]]]


def read_when(
    raw: Raw,
    mapping: dict[str, Meaning],
    stamps: str,
    time_zone: str | None,
    source_zone: str | None,
    dates: str,
    findings: Findings,
) -> When:
    """Stamps of every row, and the zones they are in and go to.

    Raises
    ------
    DataError
        There is no column of stamps, or no zone, or the order of day and month is open.
    """
    stamps = _one_column(raw, mapping, stamps)
    named = _named_zone(raw, mapping) if time_zone is None else None
    if "start" in mapping:
        column = mapping["start"].column
        cells = raw.column(column)
        parsed = parse_stamps(cells.values, raw.source, dates=dates, where=_lines_of(raw, cells))
        of_row = cells.codes if cells.full else np.maximum(cells.codes, 0)
        readable = ~cells.empty
    else:
        column = mapping["date"].column
        cells = raw.column(column)
        parsed, of_row, readable = _two_columns(raw, mapping, dates)
    unread = np.isnat(parsed.naive)
    if unread.any():
        readable &= ~unread[of_row]
    wrong = np.flatnonzero(~readable)
    findings.add(
        raw.lines[wrong],
        column,
        cells.shown(wrong),
        "not a date and time",
        "row not taken",
        bad=True,
    )
    if "start" in mapping and not parsed.has_time.any():
        _no_time_of_day(raw, mapping, column)
    if "start" in mapping and parsed.has_time.any() and not parsed.has_time.all():
        bare = np.flatnonzero(readable & ~parsed.has_time[of_row])
        shown = cells.shown(bare)
        findings.add(raw.lines[bare], column, shown, "without a time of day", "taken as midnight")
    if len(raw.lines) == 0:
        message = f"{raw.source}: it has headings and no rows. Export it again."
        raise DataError(message)
    in_heading = "UTC" in column.replace("_", " ").upper().split()
    if source_zone is None and in_heading:
        source_zone = "UTC"
    if source_zone is not None and time_zone is None and named is None and not in_heading:
        time_zone = source_zone if source_zone in UTC_NAMES else None
    use = np.zeros(len(parsed.naive), dtype=bool)
    use[of_row if readable.all() else of_row[readable]] = True
    used = Stamps(parsed.naive[use], parsed.offset_s[use], parsed.has_time[use])
    carried = ~np.isnan(used.offset_s)
    if carried.any() and not carried.all():
        odd = np.isnan(parsed.offset_s) != (carried.mean() < 0.5)
        line = raw.lines[int(np.argmax(readable & odd[of_row]))]
        message = (
            f"{raw.source}: column {column!r} has stamps with and without an offset from UTC, line "
            f"{line} unlike most. Write all of them one way."
        )
        raise DataError(message)
    to, of = choose_zone(raw.source, column, used, time_zone or named, source_zone)
    return When(parsed, of_row, readable, stamps, column, to, of)


def _one_column(raw: Raw, mapping: dict[str, Meaning], stamps: str) -> str:
    """Settle which columns hold the stamps; start or end."""
    _take_slot(raw, mapping)
    if (
        "start" in mapping
        and "date" in mapping
        and _clocks_only(raw.column(mapping["start"].column))
    ):
        mapping["time"] = mapping.pop("start")
    if {"start", "time"} <= set(mapping) and _days_only(raw.column(mapping["start"].column)):
        mapping["date"] = mapping.pop("start")
    if "end" in mapping and "date" in mapping and "start" not in mapping and "time" not in mapping:
        if _clocks_only(raw.column(mapping["end"].column)):
            mapping["time"], stamps = mapping.pop("end"), "end"
        else:
            mapping["start"], stamps = mapping.pop("end"), "end"
    if "start" not in mapping and "end" in mapping and "date" not in mapping:
        mapping["start"], stamps = mapping.pop("end"), "end"
    if "start" not in mapping and "date" in mapping and "time" not in mapping:
        mapping["start"] = mapping.pop("date")
    missing = [] if "start" in mapping or {"date", "time"} <= set(mapping) else ["start"]
    missing += (
        [] if "offered" in mapping or {"answered", "abandoned"} <= set(mapping) else ["offered"]
    )
    if missing:
        found = listed(raw.names)
        taken = {m.column for m in mapping.values()}
        free = next((name for name in raw.names if name not in taken), "...")
        message = (
            f"{raw.source}: missing columns {', '.join(missing)}; found {found}. Rename them, or "
            f"say which they are, for example columns={{{missing[0]!r}: {listed([free])!r}}}."
        )
        raise DataError(message)
    if "start" in mapping:
        for name in ("date", "time", "end"):
            mapping.pop(name, None)
    mapping.pop("end", None)
    return stamps


def _take_slot(raw: Raw, mapping: dict[str, Meaning]) -> None:
    """A column named interval is the time of day, or the stamp, where its cells are that."""
    slot = mapping.pop("slot", None)
    if slot is None or "start" in mapping or "time" in mapping:
        return
    cells = raw.column(slot.column)
    if _clocks_only(cells):
        mapping["time"] = slot
    elif "date" not in mapping and not _days_only(cells):
        mapping["start"] = slot


def _no_time_of_day(raw: Raw, mapping: Mapping[str, Meaning], column: str) -> None:
    """Refuse dates without a time of day where another column holds times of day."""
    used = {meaning.column for meaning in mapping.values()}
    for name in raw.names:
        if name not in used and _clocks_only(raw.column(name)):
            message = (
                f"{raw.source}: column {column!r} holds dates without a time of day. Say "
                f"columns={{'time': {name!r}}} if that is it."
            )
            raise DataError(message)


def _clocks_only(cells: Cells) -> bool:
    """Whether a column holds times of day without a date."""
    head = cells.values.iloc[:50]
    return len(head) > 0 and bool((~np.isnan(parse_clocks(head))).mean() > 0.5)


def _days_only(cells: Cells) -> bool:
    """Whether a column holds dates without a time of day."""
    head = cells.values.dropna().iloc[:50]
    return len(head) > 0 and not head.astype("str").str.contains(r":[0-5]\d").any()


def _two_columns(
    raw: Raw, mapping: Mapping[str, Meaning], dates: str
) -> tuple[Stamps, np.ndarray, np.ndarray]:
    """Stamps from a column of dates and one of times of day."""
    days, clocks = raw.column(mapping["date"].column), raw.column(mapping["time"].column)
    date = parse_stamps(days.values, raw.source, dates=dates, where=_lines_of(raw, days))
    seconds = parse_clocks(clocks.values)
    readable = ~days.empty & ~clocks.empty
    if not len(date.naive) or not len(seconds):
        return date, np.zeros(len(raw.lines), dtype=int), np.zeros(len(raw.lines), dtype=bool)
    day = date.naive.astype("datetime64[D]").astype("datetime64[us]")[np.maximum(days.codes, 0)]
    second = seconds[np.maximum(clocks.codes, 0)]
    whole = day + np.where(np.isnan(second), 0, second).astype("timedelta64[s]")
    whole = np.where(np.isnan(second), np.datetime64("NaT", "us"), whole)
    codes, naive = pd.factorize(whole)
    offset = np.full(len(naive), np.nan)
    parsed = Stamps(np.asarray(naive), offset, np.ones(len(naive), dtype=bool))
    return parsed, np.maximum(codes, 0), readable & (codes >= 0)


def _lines_of(raw: Raw, cells: Cells) -> Where:
    """Says on which line a value of a column stands first."""
    return lambda value: f"line {raw.lines[int(np.argmax(cells.codes == value))]}: "


def _named_zone(raw: Raw, mapping: Mapping[str, Meaning]) -> str | None:
    """The zone that a column of the file names, when it is one."""
    if "time_zone" not in mapping:
        return None
    cells = raw.column(mapping["time_zone"].column)
    names = sorted({str(v).strip() for v in cells.values})
    if len(names) > 1:
        message = (
            f"{raw.source}: column {mapping['time_zone'].column!r} names the zones "
            f"{', '.join(names[:3])}. Say which is meant with time_zone=."
        )
        raise DataError(message)
    return names[0] if names else None
