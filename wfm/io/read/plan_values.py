"""A forecast or a requirement of one's own, from csv, xlsx or parquet."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core import columns
from wfm.core.errors import DataError
from wfm.core.intervals import MINUTES, parse_interval
from wfm.core.types import Forecast, Requirement
from wfm.io.read.layout import key
from wfm.io.read.source import Source, source_name
from wfm.io.read.tables import numbered, read_frame, stamped

_OTHER_NAMES = {
    "start": ("ds", "interval start", "timestamp", "date time"),
    "queue": ("unique id", "queue name"),
    "volume": ("y", "offered", "calls", "contacts", "forecast"),
    "volume_q10": ("q10", "lower"),
    "volume_q90": ("q90", "upper"),
    "aht_s": ("aht", "average handle time"),
    "agents": ("heads", "agents required", "required"),
    "scheduled": ("scheduled heads", "to roster"),
}


def read_forecast(
    path: Source, *, time_zone: str | None = None, interval: str | timedelta | None = None
) -> Forecast:
    """A forecast from a file of one's own.

    Parameters
    ----------
    path
        `start volume` and, where there are any, `queue volume_q10 volume_q90 aht_s`; without
        `queue` it is one queue named ``queue``.
    time_zone
        Zone of the stamps; may be left out when a column `time_zone` names it or they are in UTC.
    interval
        Length of an interval; found from the stamps without it.

    Raises
    ------
    DataError
        Columns or the zone are missing, or a cell cannot be read.
    """
    name, frame, length = _read(path, "forecast", columns.FORECAST, ["volume"], time_zone, interval)
    for column in ("volume_q10", "volume_q90", "aht_s"):
        if column not in frame:
            frame[column] = np.nan
    return Forecast(frame, length, model={queue: name for queue in frame["queue"].unique()})


def read_requirement(
    path: Source,
    *,
    time_zone: str | None = None,
    shrinkage: float | None = None,
    interval: str | timedelta | None = None,
) -> Requirement:
    """A requirement from a file of one's own.

    Parameters
    ----------
    path
        `start` and `agents` (heads on contacts) or `scheduled` (heads to roster), or both; `queue`
        and the other columns of a requirement where there are any.
    time_zone, interval
        As in `read_forecast`.
    shrinkage
        Share by which `scheduled` exceeds `agents` where only one of them is there:
        ``scheduled = agents / (1 - shrinkage)``, rounded up. Without it they are taken as equal.

    Raises
    ------
    DataError
        Columns or the zone are missing, or a cell cannot be read.
    """
    if shrinkage is not None and not 0 <= shrinkage < 0.95:
        message = f"shrinkage is {shrinkage:g}. Write a share from 0 to below 0.95, such as 0.10."
        raise DataError(message)
    name, frame, length = _read(path, "requirement", columns.REQUIREMENT, [], time_zone, interval)
    if "agents" not in frame and "scheduled" not in frame:
        found = ", ".join(str(c) for c in frame.columns)
        message = (
            f"{name}: missing columns agents or scheduled; found {found}. "
            "Rename or add one of them; see docs/columns.md."
        )
        raise DataError(message)
    working = 1 - (shrinkage or 0.0)
    if "scheduled" not in frame:
        frame["scheduled"] = np.ceil(frame["agents"] / working - 1e-9)
    elif "agents" not in frame:
        frame["agents"] = np.floor(frame["scheduled"] * working + 1e-9)
    if shrinkage is not None and "shrinkage" not in frame:
        frame["shrinkage"] = shrinkage
    return Requirement(frame, length)


def _read(
    path: Source,
    kind: str,
    table: columns.Table,
    needed: list[str],
    time_zone: str | None,
    interval: str | timedelta | None,
) -> tuple[str, pd.DataFrame, timedelta]:
    """The file's name, its frame with stamps and numbers, and the interval."""
    name = kind if isinstance(path, pd.DataFrame) else source_name(path)
    frame = _renamed(read_frame(path), table)
    missing = [c for c in ("start", *needed) if c not in frame.columns]
    if missing:
        found = ", ".join(str(c) for c in frame.columns) or "none"
        message = (
            f"{name}: missing columns {', '.join(missing)}; found {found}. "
            "Rename or add them; see docs/columns.md."
        )
        raise DataError(message)
    if frame.empty:
        message = f"{name}: it has headings and no rows. Export it again."
        raise DataError(message)
    if "queue" not in frame:
        frame["queue"] = "queue"
    numbers = [c.name for c in table.columns if c.kind in ("number", "whole")]
    frame = numbered(frame, numbers, name)
    frame["start"] = stamped(frame, "start", name, time_zone)
    for column in table.columns:
        if column.kind == "text" and column.optional and column.name in frame:
            frame[column.name] = frame[column.name].fillna("")
    checked = frame[[c.name for c in table.columns if c.name in frame.columns]]
    length = parse_interval(interval) if interval else _interval(checked, name)
    _on_grid(checked, length, name)
    _both_passes(checked, name)
    return name, checked, length


def _renamed(frame: pd.DataFrame, table: columns.Table) -> pd.DataFrame:
    """The frame with the columns that it has under another name or spelling."""
    names = {}
    taken = set(frame.columns)
    for column in table.columns:
        if column.name in taken:
            continue
        for known in (column.name, *_OTHER_NAMES.get(column.name, ())):
            match = [c for c in frame.columns if key(c) == key(known) and c not in names]
            if match:
                names[match[0]] = column.name
                break
    return frame.rename(columns=names)


def _interval(frame: pd.DataFrame, name: str) -> timedelta:
    """The shortest step between two rows of a queue, which each queue must mostly keep."""
    ordered = frame.sort_values(["queue", "start"])
    steps = ordered.groupby("queue")["start"].diff().dt.total_seconds() / 60
    steps = steps[steps > 0]
    minutes = float(steps.min()) if len(steps) else float("nan")
    if minutes not in MINUTES:
        shown = "one row only" if not len(steps) else f"rows {minutes:g} min apart"
        message = f"{name}: its interval is not plain from {shown}. Say it: interval='30min'."
        raise DataError(message)
    near = steps[steps <= max(MINUTES)]
    usual = near.groupby(ordered["queue"]).agg(lambda found: found.mode().max())
    longer = usual[usual > minutes]
    if len(longer):
        message = (
            f"{name}: queue {longer.index[0]!r} has rows {longer.iloc[0]:g} min apart, others are "
            f"{minutes:g} min apart. Write every queue in one interval; rows left out need a 0."
        )
        raise DataError(message)
    return timedelta(minutes=minutes)


def _on_grid(frame: pd.DataFrame, length: timedelta, name: str) -> None:
    """Refuse a row that does not begin on the interval's local clock."""
    clock = frame["start"].dt.tz_localize(None)
    off = clock != clock.dt.floor(pd.Timedelta(length))
    if off.any():
        first = off.idxmax()
        minutes = length / timedelta(minutes=1)
        message = (
            f"{name}: line {first} begins at {clock[first]:%Y-%m-%d %H:%M}, which is not on the "
            f"{minutes:g}-min grid of the local clock (rows like it: {off.sum()}). "
            "Correct its time or the time zone."
        )
        raise DataError(message)


def _both_passes(frame: pd.DataFrame, name: str) -> None:
    """Refuse a doubled clock-change hour that a queue holds once: its second pass would be closed.

    Rows that end within the first pass, as those of a horizon in intervals may, are whole.
    """
    start, queue = frame["start"], frame["queue"]
    hour = pd.Timedelta(hours=1)
    again = (start + hour).dt.tz_localize(None) == start.dt.tz_localize(None)
    last = start.groupby(queue).transform("max")
    held = pd.MultiIndex.from_arrays([queue, start])
    second = pd.MultiIndex.from_arrays([queue, start + hour])
    single = again & (last > start + hour) & ~second.isin(held)
    if single.any():
        first = single.idxmax()
        message = (
            f"{name}: line {first}: {start[first]:%Y-%m-%d %H:%M} comes twice on that day as the "
            f"clock goes back, and queue {queue[first]!r} has it once. Write its row for both "
            "passes, or stamps with their offset."
        )
        raise DataError(message)
