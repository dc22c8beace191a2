"""Interval history: a file of contacts per interval becomes a `History`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from wfm.core.calendars import Opening
from wfm.core.intervals import parse_interval
from wfm.core.types import History
from wfm.io.read.aside import doubled_rows, lost_rows, set_aside
from wfm.io.read.fill import Hours, fill
from wfm.io.read.findings import LOST, Findings
from wfm.io.read.layout import TIMES, key, map_columns
from wfm.io.read.layouts import PLAIN, check_choice, find_layout, headings_for
from wfm.io.read.measures import Measures, read_measures
from wfm.io.read.options import check_options, parse_hours
from wfm.io.read.place import Placed, Spacing, declared, minutes_of, place
from wfm.io.read.records import read_records
from wfm.io.read.remarks import remarks
from wfm.io.read.repair_actions import Repair
from wfm.io.read.report import ReadReport
from wfm.io.read.rows import Single, check_grid, single_rows
from wfm.io.read.series import read_queues, read_series, text_columns
from wfm.io.read.source import Source, read_cells
from wfm.io.read.when import read_when
from wfm.io.read.zones import Pass

Choice = Literal["refuse", "report"]


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
    given = minutes_of(source_interval)
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
    queue, queues = read_queues(raw, mapping, path, findings)
    findings.settle(bad_rows, len(raw.lines))
    good = when.readable & (queue >= 0)
    series, names, of_series = read_series(raw, queue, queues, kind)
    spacing = Spacing(raw.source, int(length.total_seconds()) // 60, declared(raw, mapping, given))
    placed = place(raw, when, series, names, good, spacing, doubled, findings)
    if lost == "refuse":
        findings.refuse(LOST)
    single = single_rows(placed.rows, placed.kept, measures, findings)
    if "queue" not in mapping and findings.doubled:
        findings.no_queue_column(text_columns(raw, mapping))
    findings.settle(bad_rows, len(raw.lines))
    numbers = measures.of(single.kept, single.unknown)
    check_grid(single.rows, placed.steps, when.time_zone, raw.source)
    rows = single.rows.of(of_series) if len(names) > len(queues) else single.rows
    said = [*measures.remarks]
    used = {meaning.column for meaning in mapping.values()}
    left = [name for name in raw.names if name not in used]
    if left and kind.name == PLAIN.name and not set(TIMES) & set(mapping):
        said.append(f"Not used: {', '.join(left)}. If one holds handle times, say so: columns.aht.")
    if len(names) > len(queues):
        held = ", ".join(n for n in raw.names if key(n) in {key(p) for p in kind.parts})
        said.append(f"Rows of a queue that differ in {held} are added up.")
    if kind.name != PLAIN.name:
        said.insert(0, f"Layout: {kind.title}.")
    hours = parse_hours(opening)
    form: Any = {"interval": length, "time_zone": when.time_zone, "source": raw.source}
    filled = fill(rows, numbers, queues, opening=hours, local_stamps=when.local, **form)
    out = filled.outside
    findings.add(
        rows.line[out],
        measures.offered_column,
        numbers["offered"][out],
        "outside the opening hours",
        "contacts not taken",
    )
    frame = filled.frame
    repairs, written = _repairs(frame, placed, single, measures, of_series, queues, hours, form)
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
        source_interval=int(placed.steps.min()),
        interval=int(length.total_seconds()) // 60,
        queues=filled.queues,
        first=frame["start"].min(),
        last=frame["start"].max(),
        rows=len(raw.lines) + len(raw.ragged),
        contacts=float(frame["offered"].sum()),
        remarks=(*said, *remarks(filled, frame, rows, length, hours, numbers)),
        notes=findings.frame(),
        repairs=repairs,
        written=written,
    )
    return History(frame, length, report)


def _repairs(
    frame: pd.DataFrame,
    placed: Placed,
    single: Single,
    measures: Measures,
    of_series: np.ndarray,
    queues: list[str],
    hours: Hours,
    form: Mapping[str, Any],
) -> tuple[tuple[Repair, ...], pd.DataFrame | None]:
    """What was done to rows that cannot all be counted."""
    asides = [
        *lost_rows(placed.lost, len(placed.lost_kept)),
        *doubled_rows(placed.rows, single.again, single.differs),
    ]
    if not asides:
        return (), None
    kept = placed.kept if isinstance(placed.kept, np.ndarray) else np.arange(len(placed.rows.at_s))
    numbers = measures.of(np.concatenate([kept, placed.lost_kept]), np.array(False))
    every = placed.rows.and_those(placed.lost).of(of_series)
    mine = [replace(one, queue=of_series[one.queue]) for one in asides]
    return set_aside(frame, every, numbers, mine, queues, opening=hours, **form)
