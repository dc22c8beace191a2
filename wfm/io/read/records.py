"""Call records: one row a call, rolled up to the intervals of a `History`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import gcd
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.core.intervals import parse_interval, zone
from wfm.core.types import History
from wfm.io.read.fill import fill
from wfm.io.read.findings import LOST, Findings
from wfm.io.read.layout import map_columns
from wfm.io.read.options import check_options, parse_hours
from wfm.io.read.record_groups import Groups, count_calls, is_there
from wfm.io.read.record_place import as_rows, place_calls, set_calls_aside
from wfm.io.read.record_remarks import doubled_hours, found_in
from wfm.io.read.record_report import RecordsReport
from wfm.io.read.record_source import NOT_TEXT, Records, opened
from wfm.io.read.record_sql import Call, call, check_enough, plain_numbers
from wfm.io.read.record_words import RECORDS
from wfm.io.read.remarks import remarks
from wfm.io.read.source import Source, source_name
from wfm.io.read.zones import UTC_NAMES, Pass


def read_records(
    path: Source,
    *,
    time_zone: str | None = None,
    interval: str | timedelta = "30min",
    columns: Mapping[str, str] | None = None,
    threshold_s: float = 20.0,
    short_s: float = 5.0,
    opening: Opening | str | Mapping[str, Opening | str] | None = None,
    channel: str | None = None,
    unique: bool = False,
    source_zone: str | None = None,
    doubled: Pass = "first",
    lost: Literal["refuse", "report"] = "report",
    bad_rows: Literal["refuse", "report"] = "refuse",
    unit: Literal["s", "min", "ms"] = "s",
    decimal: str = "auto",
    dates: str = "auto",
    encoding: str = "auto",
    separator: str = "auto",
    memory_mb: int = 400,
) -> History:
    """History from call records, one row a call, of any size.

    A call belongs to the interval of its arrival. It was abandoned or answered as a flag or an
    outcome says; without either, a call without an answer was abandoned. Calls that were neither
    (passed on) are offered only. Calls without a queue never reached one and are not counted.

    Parameters
    ----------
    path
        A csv or Parquet file, an open binary file, or a frame; it is read piece by piece.
    time_zone
        IANA zone of the history. May be left out when the stamps are in UTC.
    interval
        Length of an interval of the history.
    columns
        Headings by meaning where the synonyms do not know them: ``{"start": "Anruf um"}``. A
        duration may carry its unit: ``wait_ms``, ``talk_s``.
    threshold_s, short_s
        A call is answered in time within `threshold_s`, and a short abandon within `short_s` [s].
    opening
        Opening hours as for `read_history`; without them, the slots of the week ever used.
    channel
        Only the calls of one channel, such as ``"VOICE"``, where the file has several.
    unique
        Take a call that stands there more than once (same id, queue and arrival) once, and say
        how many were left out. Takes about as long again.
    source_zone
        Zone of stamps without an offset when they are not in `time_zone`, for example ``"UTC"``.
    doubled
        The pass of a doubled clock-change hour to which calls in local time go. Such a time tells
        nothing of its pass: both passes are counted as one, and the other is unknown.
    lost, bad_rows
        Whether calls in a lost clock-change hour, and calls that cannot be read, are refused or
        reported.
    unit
        Unit of durations whose heading does not say one.
    decimal, dates, encoding, separator
        As for `read_history`.
    memory_mb
        Memory that DuckDB may take before it goes to the disk [MB].

    Returns
    -------
    History
        With `answered_within`, `abandoned_within`, `short_abandoned`, `wait_answered_s` and
        `wait_abandoned_s` where the file tells waits; `.report` is a `RecordsReport`, whose
        `waits` are what patience is estimated from.

    Raises
    ------
    DataError
        One sentence: what is wrong, on which line, and what to do.

    Examples
    --------
    >>> calls = pd.DataFrame({"queue": "a", "arrived": ["2026-03-02 08:03", "2026-03-02 08:20"],
    ...                       "wait_s": [4, 31], "talk_s": [180, None]})
    >>> history = read_records(calls, time_zone="Europe/Istanbul")
    >>> history.frame[["offered", "answered", "aht_s", "wait_abandoned_s"]].values.tolist()
    [[2.0, 1.0, 180.0, 31.0]]
    """
    check_options(doubled=doubled, lost=lost, bad_rows=bad_rows, unit=unit, decimal=decimal)
    for name, limit in (("threshold_s", threshold_s), ("short_s", short_s)):
        if not 0 <= limit < np.inf:
            message = f"{name}: {limit!r} is not known. Write seconds, 0 or more."
            raise DataError(message)
    length = parse_interval(interval)
    hours = parse_hours(opening)
    with opened(path, encoding=encoding, separator=separator, memory_mb=memory_mb) as records:
        mapping = map_columns(records.head.names, records.head.source, columns, RECORDS)
        check_enough(records, mapping)
        heading = mapping["start" if "start" in mapping else "date"].column

        def counted(held: Records, *, trusting: bool) -> tuple[Call, str, str, Groups]:
            """What the calls tell, the zones of the history and of the stamps, and the counts."""
            held.forget_rejected()
            told = call(held, mapping, unit, dates, decimal, trusting=trusting)
            to, of = _zones(held, told, heading, time_zone, source_zone)
            groups = count_calls(
                held,
                told,
                step_us=_step_us(length, "UTC" if told.start.utc else of, to),
                threshold_s=threshold_s,
                short_s=short_s,
                channel=channel,
                unique=unique and "id" in mapping,
            )
            return told, to, of, groups

        plain = plain_numbers(records, mapping, decimal)
        quick = records.with_numbers(plain, every_nothing="agent" in mapping)
        told, to, of, groups = counted(quick, trusting=True)
        rejected = records.rejected()
        if groups.ends["bad"].any() or not rejected.empty:
            if records.in_cp1254 and (rejected["problem"] == NOT_TEXT).any():
                records = records.in_cp1254()
            told, to, of, groups = counted(records, trusting=False)
        findings = Findings(records.head.source)
        said = [*told.remarks, *found_in(groups, told, mapping)]
        calls = place_calls(records, told, groups, of, heading, doubled, findings, bad_rows)
        slots, at, more = calls.slots, calls.at_s, calls.more
        if lost == "refuse":
            findings.refuse(LOST)
        if more:
            said.append(f"{more:,} further lines that cannot be read are not listed.")
        said += doubled_hours(slots, at, of, doubled)
        source = "" if isinstance(path, pd.DataFrame) else Path(source_name(path)).stem
        alone = None if "queue" in mapping else source or "queue"
        waited = is_there(told.wait_s)
        names, rows, numbers = as_rows(slots, at, alone, waited=waited)
        form: Any = {"interval": length, "time_zone": to, "source": records.head.source}
        local = not told.start.utc and of not in UTC_NAMES
        filled = fill(rows, numbers, names, opening=hours, local_stamps=local, **form)
        frame = filled.frame
        repairs, written = set_calls_aside(frame, calls, hours, form, alone, waited=waited)
        outside = float(numbers["offered"][filled.outside].sum())
        if outside:
            said.append(f"{outside:,.0f} calls outside the opening hours are not taken.")
        waits = groups.waits
        report = RecordsReport(
            source=records.head.source,
            encoding=records.head.encoding,
            separator=records.head.separator,
            mapping={name: meaning.column for name, meaning in mapping.items()},
            time_zone=to,
            source_zone="UTC or with their offset" if told.start.utc else of,
            interval=int(length.total_seconds()) // 60,
            queues=filled.queues,
            first=frame["start"].min(),
            last=frame["start"].max(),
            rows=groups.calls + groups.dropped + len(records.rejected()),
            contacts=float(frame["offered"].sum()),
            remarks=(*said, *remarks(filled, frame, rows, length, hours, numbers)),
            notes=findings.frame(),
            repairs=repairs,
            written=written,
            waits=waits if "queue" in mapping else waits.assign(queue=names[0]),
            threshold_s=threshold_s,
            short_s=short_s,
        )
    return History(frame, length, report)


def _zones(
    records: Records, told: Call, heading: str, time_zone: str | None, source_zone: str | None
) -> tuple[str, str]:
    """Zone of the history, and of stamps that are times of a clock on the wall."""
    for name in (time_zone, source_zone):
        if name is not None:
            zone(name)
    if source_zone is None and "UTC" in heading.upper().replace("_", " ").split():
        source_zone = "UTC"
    if told.start.utc:
        return time_zone or "UTC", "UTC"
    found = time_zone or source_zone
    if found is None:
        message = (
            f"{records.head.source}: column {heading!r} has no time zone. "
            "Name it, for example time_zone='Europe/Istanbul'."
        )
        raise DataError(message)
    return found, source_zone or found


def _step_us(length: timedelta, source_zone: str, time_zone: str) -> int:
    """Step by which calls are counted: what the offsets of both zones leave whole."""
    minutes = int(length.total_seconds()) // 60
    if source_zone == time_zone:
        return minutes * 60_000_000
    offsets = set()
    for name in (source_zone, time_zone):
        clock = zone(name)
        for month in range(1980 * 12, 2060 * 12):
            shift = datetime(month // 12, month % 12 + 1, 1, tzinfo=clock).utcoffset()
            offsets.add(int((shift or timedelta(0)).total_seconds()) // 60)
    return gcd(minutes, *offsets) * 60_000_000
