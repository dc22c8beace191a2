"""A schedule read back: all of it from JSON, its blocks from csv."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pandas as pd

from wfm.core import columns
from wfm.core.errors import DataError
from wfm.core.intervals import zone
from wfm.core.types import Schedule, Violation
from wfm.io.read.source import Source, read_bytes, source_name
from wfm.io.read.tables import read_frame, stamped
from wfm.io.write.json_schedule import FACTS, FORMAT, TABLES


def read_schedule(path: Source) -> Schedule:
    """The schedule that `write_schedule` wrote as ``.json``, the same in every value.

    Raises
    ------
    DataError
        It is not such a file.
    """
    name = source_name(path)
    if isinstance(path, pd.DataFrame):
        message = "schedule: a frame holds blocks only. Use read_blocks for them."
        raise DataError(message)
    try:
        content = json.loads(read_bytes(path).decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        message = f"{name}: it is not JSON. Name the .json file that write_schedule wrote."
        raise DataError(message) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        message = f"{name}: it is not a schedule. Name the .json file that write_schedule wrote."
        raise DataError(message)
    try:
        return _schedule(content)
    except (KeyError, TypeError, AttributeError) as error:
        message = f"{name}: the schedule is incomplete. Write it again. Detail: {error}"
        raise DataError(message) from error


def _schedule(content: dict[str, Any]) -> Schedule:
    time_zone = content["time_zone"]
    zone(time_zone)
    values: dict[str, Any] = {name: content[name] for name in FACTS}
    values |= {name: _frame(content[name], time_zone) for name in TABLES}
    return Schedule(
        interval=timedelta(minutes=content["interval_min"]),
        first_day=date.fromisoformat(content["first_day"]),
        terms=content["terms"],
        violations=tuple(Violation(**v) for v in content["violations"]),
        **values,
    )


def _frame(table: dict[str, Any], time_zone: str) -> pd.DataFrame:
    data = {}
    for name, column in table.items():
        kind, values = column["kind"], column["values"]
        if kind == "stamp":
            stamps = pd.to_datetime(pd.Series(values, dtype="str"), utc=True, format="ISO8601")
            data[name] = stamps.dt.tz_convert(time_zone).dt.as_unit("us")
        else:
            data[name] = pd.Series(values, dtype="str" if kind == "text" else kind)
    return pd.DataFrame(data)


def read_blocks(path: Source, *, time_zone: str | None = None) -> pd.DataFrame:
    """The blocks of a schedule, `agent start end activity queue`, from csv, xlsx or parquet.

    Raises
    ------
    DataError
        Columns are missing, or the zone is.
    """
    name = source_name(path)
    frame = read_frame(path)
    missing = [c.name for c in columns.SCHEDULE.columns if c.name not in frame.columns]
    if not missing:
        for column in ("start", "end"):
            frame[column] = stamped(frame, column, name, time_zone)
        frame["queue"] = frame["queue"].fillna("")
    return columns.check(frame, columns.SCHEDULE, name=name)
