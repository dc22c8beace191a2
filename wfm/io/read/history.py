"""Interval history: a file of contacts per interval becomes a `History`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.core.intervals import MINUTES, parse_interval
from wfm.core.types import History
from wfm.io.formula import unguard
from wfm.io.read.cells import Raw
from wfm.io.read.fill import fill
from wfm.io.read.findings import LOST, Findings
from wfm.io.read.layout import Meaning, key, map_columns
from wfm.io.read.layouts import PLAIN, check_choice, find_layout, headings_for
from wfm.io.read.layouts.base import Layout
from wfm.io.read.measures import read_measures
from wfm.io.read.options import check_options, parse_hours
from wfm.io.read.records import read_records
from wfm.io.read.remarks import remarks
from wfm.io.read.report import ReadReport
from wfm.io.read.rows import check_grid, single_rows
from wfm.io.read.source import Source, read_cells, source_name
from wfm.io.read.spacing import Rows, find_spacing
from wfm.io.read.when import When, read_when
from wfm.io.read.zones import Pass, instants, settle_doubled, settle_ends

Choice = Literal["refuse", "report"]
Which = slice | np.ndarray


def read_history(
    path: Source,
    *,
    time_zone: str | None = None,
    interval: str | timedelta = "30min",
    layout: str = "auto",
    opening: Opening | str | Mapping[str, Opening | str] | None = None,
    columns: Mapping[str, str] | None = None,
    stamps: Literal["start", "end"] = "start",
    source_zone: str | None = None,
    source_interval: str | int | None = None,
    doubled: Pass = "first",
    lost: Choice = "report",
    bad_rows: Choice = "refuse",
    sheet: str | None = None,
    decimal: str = "auto",
    dates: str = "auto",
    handle_unit: Literal["s", "min", "ms"] = "s",
    encoding: str = "auto",
    separator: str = "auto",
) -> History:
    """History from a csv, tsv, xlsx or parquet file, an open binary file or a frame.

    Without `opening`, a day without any row is unknown, an absent slot inside a recorded day is 0,
    and slots that a queue never used on a weekday are closed. With `opening`, exactly its slots
    are open. An empty volume is unknown. A file without a column for the queue holds one queue,
    named like the file.

    Parameters
    ----------
    path
        The file; what it is shows in its bytes, not its suffix.
    time_zone
        IANA zone of the history, such as ``"Europe/Istanbul"``. May be left out when the stamps
        are in UTC, carry their zone, or the file has a column `time_zone`.
    interval
        Length of an interval of the history; finer files are added up to it.
    layout
        ``"auto"``: the layouts of `wfm.io.LAYOUTS` are detected, other columns found by their
        headings. Or a layout by name, or ``"plain"`` for headings alone. Contact records, one row
        a call, are handed to `read_records`.
    opening
        Hours for all queues or by queue, as `Opening` or text such as ``"Mon-Fri 08:00-18:00"``.
    columns
        Headings by meaning where the synonyms do not know them: ``{"offered": "Anrufe"}``.
    stamps
        Whether a stamp is the start or the end of its interval.
    source_zone
        Zone of the stamps in the file when they are not in `time_zone`, for example ``"UTC"``.
    source_interval
        Length of the file's own intervals when its rows do not show it, for example ``"15min"``.
    doubled
        The pass of a doubled clock-change hour to which rows go that the file holds once; the
        other pass is unknown.
    lost
        Whether a stamp inside a lost clock-change hour is reported or refused.
    bad_rows
        Whether unreadable, negative and doubled rows are refused or reported.
    sheet, decimal, dates, encoding, separator
        Sheet of a workbook; ``"."`` or ``","``; ``"DMY"`` or ``"MDY"``; and how a text file is
        written; all found where they are not given.
    handle_unit
        Unit of handle times whose heading does not say one.

    Returns
    -------
    History
        One row for each open interval and queue, first to last recorded day; `.report` is a
        `ReadReport`.

    Raises
    ------
    DataError
        One sentence: what is wrong, on which line, and what to do.

    Examples
    --------
    >>> calls = pd.DataFrame({"ds": ["2026-03-02 08:00", "2026-03-02 08:30"], "y": [12, 15]})
    >>> history = read_history(calls, time_zone="Europe/Istanbul")
    >>> history.frame["offered"].tolist()
    [12.0, 15.0]
    """
    check_choice(layout)
    check_options(
        stamps=stamps,
        doubled=doubled,
        lost=lost,
        bad_rows=bad_rows,
        handle_unit=handle_unit,
        decimal=decimal,
    )
    length = parse_interval(interval)
    given = _minutes(source_interval)
    raw = read_cells(
        path, sheet=sheet, encoding=encoding, separator=separator, headings_for=headings_for
    )
    kind = find_layout(raw, layout)
    if kind.one_a_call:
        if not isinstance(path, str | Path | pd.DataFrame):
            path.seek(0)
        return read_records(
            path, time_zone=time_zone, interval=interval, columns=columns, opening=opening,
            source_zone=source_zone, doubled=doubled, lost=lost, bad_rows=bad_rows,
            unit=handle_unit, decimal=decimal, dates=dates, encoding=encoding,
            separator=separator,
        )  # fmt: skip
    raw = kind.prepare(raw)
    mapping = map_columns(raw.names, raw.source, kind.by_hand(raw, columns))
    source_zone = kind.zone_of(raw, source_zone)
    findings = Findings(raw.source)
    findings.ragged(raw)
    if len(raw.lines) == 0:
        findings.settle(bad_rows, 0)
    when = read_when(raw, mapping, stamps, time_zone, source_zone, dates, findings)
    measures = read_measures(raw, mapping, decimal, handle_unit, findings, kind.plus)
    queue, queues = _queues(raw, mapping, path, findings)
    findings.settle(bad_rows, len(raw.lines))
    good = when.readable & (queue >= 0)
    series, names, of_series = _series(raw, queue, queues, kind)
    spacing = _Spacing(
        raw.source, int(length.total_seconds()) // 60, _declared(raw, mapping, given)
    )
    rows, kept, steps = _place(raw, when, series, names, good, spacing, doubled, findings)
    if lost == "refuse":
        findings.refuse(LOST)
    kept, rows, unknown = single_rows(rows, kept, measures, findings)
    if "queue" not in mapping and findings.doubled:
        findings.no_queue_column(_text_columns(raw, mapping))
    findings.settle(bad_rows, len(raw.lines))
    numbers = measures.of(kept, unknown)
    check_grid(rows, steps, when.time_zone, raw.source)
    if len(names) > len(queues):
        rows = Rows(of_series[rows.queue], rows.at_s, rows.line)
    said = [*measures.remarks]
    if len(names) > len(queues):
        held = ", ".join(n for n in raw.names if key(n) in {key(p) for p in kind.parts})
        said.append(f"Rows of a queue that differ in {held} are added up.")
    if kind.name != PLAIN.name:
        said.insert(0, f"Layout: {kind.title}.")
    hours = parse_hours(opening)
    filled = fill(
        rows,
        numbers,
        queues,
        interval=length,
        time_zone=when.time_zone,
        opening=hours,
        local_stamps=when.local,
        source=raw.source,
    )
    out = filled.outside
    findings.add(
        rows.line[out],
        measures.offered_column,
        numbers["offered"][out],
        "outside the opening hours",
        "contacts not taken",
    )
    frame = filled.frame
    report = ReadReport(
        source=raw.source,
        encoding=raw.encoding,
        separator=raw.separator,
        decimal=measures.decimal,
        sheet=raw.sheet,
        mapping={name: meaning.column for name, meaning in mapping.items()},
        time_zone=when.time_zone,
        source_zone=when.source_zone or "the offset of each stamp",
        stamps=when.stamps,
        source_interval=int(steps.min()),
        interval=int(length.total_seconds()) // 60,
        queues=tuple(sorted(queues)),
        first=frame["start"].min(),
        last=frame["start"].max(),
        rows=len(raw.lines) + len(raw.ragged),
        contacts=float(frame["offered"].sum()),
        remarks=(*said, *remarks(filled, frame, rows, length, hours, numbers)),
        notes=findings.frame(),
    )
    return History(frame, length, report)


def _text_columns(raw: Raw, mapping: Mapping[str, Meaning]) -> list[str]:
    """Headings without a meaning whose first cells hold words."""
    used = {meaning.column for meaning in mapping.values()}
    cells = {name: raw.column(name).values for name in raw.names if name not in used}
    return [n for n, c in cells.items() if len(c) and any(x.isalpha() for x in str(c.iloc[0]))]


def _minutes(value: str | int | None) -> int | None:
    """Minutes of a length in words, or None."""
    if value is None:
        return None
    match = re.fullmatch(r"\s*(\d+)\s*(m|min|mins|minutes)?\s*", str(value))
    if not match or int(match[1]) == 0:
        message = f"source_interval: {value!r} is not known. Write minutes, for example '15min'."
        raise DataError(message)
    return int(match[1])


def _declared(raw: Raw, mapping: Mapping[str, Meaning], given: int | None) -> int | None:
    """Interval that a column of the file states, unless one is given."""
    if given is not None or "duration" not in mapping:
        return given
    cells = raw.column(mapping["duration"].column)
    words = sorted(
        {str(v).strip() for v in cells.values.iloc[np.unique(cells.codes[~cells.empty])]}
    )
    if any(re.search(r"day|daily|week|month", w, re.IGNORECASE) for w in words):
        message = (
            f"{raw.source}: column {mapping['duration'].column!r} says {', '.join(words)}; "
            "intervals of 5 to 60 min are needed. Export the file by interval."
        )
        raise DataError(message)
    lengths = {
        int(m[1])
        for w in words
        if (m := re.fullmatch(r"(\d+)(?:\.0)?\s*(?:m(?:ins?|inutes)?)?", w))
    }
    if len(words) > len(MINUTES):
        return None  # a number of the interval within the day, not its length
    if len(words) > 1:
        message = (
            f"{raw.source}: column {mapping['duration'].column!r} holds intervals of "
            f"{', '.join(words)}. Export the file with one interval."
        )
        raise DataError(message)
    return lengths.pop() if lengths <= set(MINUTES) and lengths else None


def _queues(
    raw: Raw, mapping: Mapping[str, Meaning], path: Source, findings: Findings
) -> tuple[np.ndarray, list[str]]:
    """Code of each row's queue (-1: none), and the names."""
    if "queue" not in mapping:
        stem = "" if isinstance(path, pd.DataFrame) else Path(source_name(path)).stem
        return np.zeros(len(raw.lines), dtype=np.int64), [stem or "queue"]
    cells = raw.column(mapping["queue"].column)
    texts = [
        str(int(v)) if isinstance(v, float) and v.is_integer() else unguard(str(v).strip())
        for v in cells.values
    ]
    codes, names = pd.factorize(np.asarray(texts, dtype=object))
    if not cells.full:
        heading = mapping["queue"].column
        findings.add(raw.lines[cells.empty], heading, "", "no queue", "row not taken", bad=True)
    held = np.unique(codes[cells.used])
    again = np.full(len(names), -1, dtype=np.int32)
    again[held] = np.arange(len(held))
    understood = again[codes]
    same = (understood == np.arange(len(understood))).all()
    return cells.codes if same else cells.spread(understood, -1), [str(names[i]) for i in held]


def _series(
    raw: Raw, queue: np.ndarray, queues: list[str], kind: Layout
) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Series that are recorded each on its own: code of each row, names, and queue of each."""
    parted = [n for n in raw.names if key(n) in {key(p) for p in kind.parts}]
    if not parted:
        return queue, queues, np.arange(len(queues))
    keys = pd.DataFrame({n: raw.column(n).codes for n in parted}).assign(_queue=queue)
    codes = keys.groupby(["_queue", *parted], sort=True).ngroup().to_numpy()
    first = pd.Series(codes).drop_duplicates().sort_values()
    of_series = queue[first.index.to_numpy()]
    if (of_series < 0).any():
        codes, of_series = codes - int((of_series < 0).sum()), of_series[of_series >= 0]
    return np.where(queue < 0, -1, codes), [queues[q] for q in of_series], of_series


@dataclass(frozen=True)
class _Spacing:
    """What is asked of the intervals: of which file, how long, and given or stated lengths."""

    source: str
    wanted: int
    given: int | None


def _place(
    raw: Raw,
    when: When,
    queue: np.ndarray,
    queues: list[str],
    good: np.ndarray,
    spacing: _Spacing,
    doubled: Pass,
    findings: Findings,
) -> tuple[Rows, Which, np.ndarray]:
    """Instant of every usable row, which rows those are, and each queue's interval [min]."""

    def at(rows: Which, found: np.ndarray) -> Rows:
        seconds = found.astype("datetime64[s]", copy=False).view(np.int64)
        return Rows(queue[rows], seconds, raw.lines[rows])

    found = instants(when.cells, when.source_zone).in_seconds()
    seen = ~np.isnat(found.first)
    here = good if seen.all() else good & seen[when.of_row]
    if not here.any():
        message = f"{raw.source}: no row can be used. See that dates and queues are filled in."
        raise DataError(message)
    usable: Which = slice(None) if here.all() else np.flatnonzero(here)
    settled = settle_doubled(when.spread(found, usable), queue[usable], doubled)
    steps = find_spacing(at(usable, settled), queues, spacing.source, spacing.wanted, spacing.given)
    lost = found.lost[when.of_row] & good if found.lost.any() else np.zeros(len(good), dtype=bool)
    kept = usable
    if when.stamps == "end":
        rows = np.flatnonzero(good)
        settled, skipped = settle_ends(
            when.rows(rows), steps[queue[rows]] * 60, when.source_zone, queue[rows], doubled
        )
        lost = np.zeros(len(good), dtype=bool)
        lost[rows] = skipped
        use = ~np.isnat(settled)
        kept, settled = rows[use], settled[use]
    findings.add(
        raw.lines[lost],
        when.column,
        when.shown(np.flatnonzero(lost)),
        LOST,
        "row not taken",
    )
    return at(kept, settled), kept, steps
