"""What the planner types as JSON: settings, and tables with the types of their columns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import pandas_dtype

from wfm.core.errors import DataError
from wfm.store.models import Json

_TAGS: dict[str, Any] = {"date": date, "stamp": datetime, "clock": time}


def plain(value: Any, *, name: str) -> Any:
    """A copy of settings that every database takes as JSON.

    Dates become ISO texts, tuples lists, numbers of numpy Python's.

    Raises
    ------
    DataError
        Something that JSON has no form for, NaN and infinity among it.

    >>> plain({"first_day": date(2026, 3, 2), "skills": ("a", "b")}, name="settings")
    {'first_day': '2026-03-02', 'skills': ['a', 'b']}
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item, name=f"{name}.{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, name=f"{name}[{i}]") for i, item in enumerate(value)]
    message = (
        f"{name}: {value!r} cannot be saved. Use text, finite numbers, dates, lists or tables."
    )
    raise DataError(message)


def table_to_json(frame: pd.DataFrame, *, name: str) -> Json:
    """Columns with their types, and the rows; the index is not kept.

    >>> table_to_json(pd.DataFrame({"agent": ["Ada"], "cost_per_h": [31.5]}), name="agents")
    {'columns': ['agent', 'cost_per_h'], 'types': ['str', 'float64'], 'rows': [['Ada', 31.5]]}
    """
    columns = [str(column) for column in frame.columns]
    if len(set(columns)) < len(columns):
        message = f"{name}: two columns have the same name. Rename one of them."
        raise DataError(message)
    types, cells = [], []
    for i, column in enumerate(columns):
        values = frame.iloc[:, i]
        if isinstance(values.dtype, pd.CategoricalDtype):
            values = values.astype(values.cat.categories.dtype)
        types.append(str(values.dtype))
        place = f"{name}, column '{column}'"
        if pd.api.types.is_datetime64_any_dtype(values.dtype):
            zoned = isinstance(values.dtype, pd.DatetimeTZDtype)
            moments = values.dt.tz_convert("UTC") if zoned else values
            cells.append([None if pd.isna(v) else v.isoformat() for v in moments])
        else:
            cells.append([_cell(v, place) for v in values])
    rows = [list(row) for row in zip(*cells, strict=True)]
    return {"columns": columns, "types": types, "rows": rows}


def table_from_json(content: Json) -> pd.DataFrame:
    """The frame that `table_to_json` took.

    >>> frame = pd.DataFrame({"agent": ["Ada", None], "start_date": [date(2026, 3, 2), None]})
    >>> table_from_json(table_to_json(frame, name="agents")).equals(frame)
    True
    """
    cells = list(zip(*content["rows"], strict=True)) or [() for _ in content["columns"]]
    data = {
        column: _column(list(values), kind)
        for column, kind, values in zip(content["columns"], content["types"], cells, strict=True)
    }
    return pd.DataFrame(data, index=range(len(content["rows"])))


def _cell(value: Any, place: str) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return (
            value if math.isfinite(value) else None if math.isnan(value) else {"float": str(value)}
        )
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (datetime, date, time)):
        tag = next(t for t in ("stamp", "date", "clock") if isinstance(value, _TAGS[t]))
        return {tag: value.isoformat()}
    if isinstance(value, (list, tuple)):
        return {"list": [_cell(item, place) for item in value]}
    message = f"{place}: {value!r} cannot be saved. Write text, numbers or dates."
    raise DataError(message)


def _uncell(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((tag, content),) = value.items()
    if tag == "list":
        return [_uncell(item) for item in content]
    if tag == "float":
        return float(content)
    if tag == "stamp":
        return pd.Timestamp(content)
    return _TAGS[tag].fromisoformat(content)


def _column(cells: list[Any], kind: str) -> pd.Series:
    if kind.startswith("datetime64"):
        zoned = "," in kind
        moments = pd.to_datetime(pd.Series(cells, dtype="object"), utc=zoned, format="ISO8601")
        return moments.astype(pandas_dtype(kind))
    return pd.Series([_uncell(cell) for cell in cells], dtype=pandas_dtype(kind))
