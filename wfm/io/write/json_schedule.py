"""The whole schedule as JSON, to be read back without loss."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import pandas as pd

from wfm.core.types import Schedule
from wfm.io.write.csv_table import iso

FORMAT = "wfm schedule 1"
TABLES = ("frame", "coverage", "outbound", "totals")
FACTS = (
    "days",
    "status",
    "stopped_by",
    "objective",
    "bound",
    "min_labour",
    "seconds",
    "seed",
)


def schedule_json(schedule: Schedule) -> bytes:
    """The bytes of a JSON file with everything that a schedule holds."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "time_zone": schedule.time_zone,
        "interval_min": schedule.interval.total_seconds() / 60,
        "first_day": schedule.first_day.isoformat(),
        "gap": schedule.gap,
        "gap_above_min_labour": schedule.gap_above_min_labour,
    }
    content |= {name: getattr(schedule, name) for name in FACTS}
    content["terms"] = {str(k): float(v) for k, v in schedule.terms.items()}
    content["violations"] = [
        {"rule": v.rule, "text": v.text, "agent": v.agent, "when": v.when}
        for v in schedule.violations
    ]
    content |= {name: _table(getattr(schedule, name)) for name in TABLES}
    return (json.dumps(_plain(content), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _table(frame: pd.DataFrame) -> dict[str, Any]:
    """Columns by name, with what each holds."""
    columns = {}
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            columns[str(name)] = {"kind": "stamp", "values": iso(column).tolist()}
        else:
            kind = "text" if not pd.api.types.is_numeric_dtype(column.dtype) else str(column.dtype)
            columns[str(name)] = {"kind": kind, "values": column.tolist()}
    return columns


def _plain(value: Any) -> Any:
    """The same in what JSON knows: no NaN, no dates, no numpy numbers."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        return _plain(value.item())
    return None if value is pd.NaT or value is pd.NA else value
