"""Names and rules of the columns of every table, and the one function that checks a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from wfm.core.errors import DataError

Kind = Literal["stamp", "text", "number", "whole"]
MOST = np.finfo(float).max


@dataclass(frozen=True)
class Column:
    """One column: what it holds and which values it may take.

    `lower` and `upper` are inclusive; `unknown` allows NaN; `optional` columns may be absent.
    """

    name: str
    kind: Kind = "number"
    lower: float | None = None
    upper: float | None = None
    unknown: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """The columns of a frame and the ones that identify a row (rows are sorted by them)."""

    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("queue", "start")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def _share(name: str, *, unknown: bool = False) -> Column:
    return Column(name, lower=0.0, upper=1.0, unknown=unknown, optional=True)


_START, _QUEUE = Column("start", "stamp"), Column("queue", "text")

HISTORY = Table(
    (
        _START,
        _QUEUE,
        Column("offered", lower=0.0, unknown=True),
        Column("answered", lower=0.0, unknown=True),
        Column("abandoned", lower=0.0, unknown=True),
        Column("aht_s", lower=0.0, unknown=True),
        *(
            Column(name, lower=0.0, unknown=True, optional=True)
            for name in (
                "answered_within",
                "abandoned_within",
                "short_abandoned",
                "wait_answered_s",
                "wait_abandoned_s",
            )
        ),
    )
)
FORECAST = Table(
    (
        _START,
        _QUEUE,
        Column("volume", lower=0.0),
        Column("volume_q10", lower=0.0, unknown=True),
        Column("volume_q90", lower=0.0, unknown=True),
        Column("aht_s", lower=0.0, unknown=True),
    )
)
STEPS = (
    "load",
    "deflection",
    "carry_over",
    "channel",
    "randomness",
    "risk",
    "rules",
    "scope",
    "shrinkage",
    "rounding",
)
"""Steps from the offered load to the heads to roster; `step_load` and so on add up to it."""
REQUIREMENT = Table(
    (
        _START,
        _QUEUE,
        Column("volume", lower=0.0, optional=True),
        Column("aht_s", lower=0.0, optional=True),
        Column("patience_s", lower=0.0, optional=True),
        Column("load", lower=0.0, optional=True),
        Column("agents_exact", lower=0.0, optional=True),
        Column("agents", "whole", lower=0),
        Column("shrinkage", lower=0.0, upper=0.95, optional=True),
        Column("scheduled", "whole", lower=0),
        _share("service_level", unknown=True),
        _share("abandoned"),
        _share("occupancy"),
        Column("asa_s", lower=0.0, unknown=True, optional=True),
        _share("sl_minus_1", unknown=True),
        _share("sl_plus_1", unknown=True),
        Column("assumed", "text", optional=True),
        Column("flags", "text", optional=True),
        Column("channel", "text", optional=True),
        Column("chat_aht_s", "text", optional=True),
        Column("due_h", lower=0.0, unknown=True, optional=True),
        Column("backlog_h", lower=0.0, unknown=True, optional=True),
        Column("quiet_h", lower=0.0, unknown=True, optional=True),
        Column("callback_at", lower=0.0, unknown=True, optional=True),
        Column("callback_share", lower=0.0, upper=1.0, unknown=True, optional=True),
        Column("deferred_load", lower=0.0, optional=True),
        *(Column(f"step_{name}", optional=True) for name in STEPS),
    )
)
SCHEDULE = Table(
    (
        Column("agent", "text"),
        Column("start", "stamp"),
        Column("end", "stamp"),
        Column("activity", "text"),
        Column("queue", "text"),
    ),
    key=("agent", "start"),
)


def check(frame: pd.DataFrame, table: Table, *, name: str) -> pd.DataFrame:
    """Return a checked, sorted copy of a frame with exactly the table's columns.

    Parameters
    ----------
    frame
        Any frame; it is not changed.
    table
        Columns to demand, in order.
    name
        What the frame is called in messages, for example ``"history"``.

    Returns
    -------
    pandas.DataFrame
        The table's columns in order, stamps as microseconds in their zone, texts as strings,
        rows sorted by the key with a fresh index.

    Raises
    ------
    DataError
        Missing columns, no time zone, text in a number column, a value out of range, an unknown
        value where none is allowed, or two rows with the same key. The rows are in `.rows`.

    Examples
    --------
    >>> check(pd.DataFrame({"queue": ["a"]}), FORECAST, name="forecast")
    Traceback (most recent call last):
    ...
    wfm.core.errors.DataError: forecast: missing columns start, volume, ...
    """
    missing = [c.name for c in table.columns if not c.optional and c.name not in frame.columns]
    if missing:
        found = ", ".join(str(c) for c in frame.columns) or "none"
        message = (
            f"{name}: missing columns {', '.join(missing)}; found {found}. "
            "Rename or add them; see docs/columns.md."
        )
        raise DataError(message)
    columns = [c for c in table.columns if c.name in frame.columns]
    data = {c.name: _column(frame[c.name], c, frame, name) for c in columns}
    checked = pd.DataFrame(data, index=frame.index, copy=False)
    if _in_order(checked, table.key):
        return checked.reset_index(drop=True)
    doubled = checked.duplicated(subset=list(table.key), keep=False)
    if doubled.any():
        rows = frame.loc[doubled.to_numpy()]
        first = checked.loc[doubled.to_numpy(), list(table.key)].iloc[0]
        where = ", ".join(f"{k} {first[k]}" for k in table.key)
        message = (
            f"{name}: {int(doubled.sum())} doubled rows, the first at {where}. "
            "Keep one row for each of them."
        )
        raise DataError(message, rows=rows)
    return checked.sort_values(list(table.key), kind="stable").reset_index(drop=True)


def _in_order(frame: pd.DataFrame, key: tuple[str, ...]) -> bool:
    """Whether every row comes after the one before it, so that none is doubled."""
    later = np.zeros(max(len(frame) - 1, 0), dtype=bool)
    equal = np.ones_like(later)
    for name in key:
        values = frame[name]
        if isinstance(values.dtype, pd.DatetimeTZDtype):
            us = pd.DatetimeIndex(values, copy=False).asi8
            same, rises = us[1:] == us[:-1], us[1:] > us[:-1]
        else:
            texts = values.array
            same = np.asarray(texts[1:] == texts[:-1], dtype=bool)
            at = np.flatnonzero(~same)
            one, next_one = (np.asarray(texts.take(at + i), dtype=object) for i in (0, 1))
            rises = np.zeros_like(same)
            rises[at] = next_one > one
        later |= equal & rises
        equal &= same
    return bool(later.all())


def _column(values: pd.Series, column: Column, frame: pd.DataFrame, name: str) -> pd.Series:
    """One column in its own type, or a DataError that shows the rows."""
    if column.kind == "stamp":
        return _stamps(values, column, frame, name)
    if column.kind == "text":
        if values.isna().any():
            rows, where = _wrong(frame, values.isna())
            message = f"{name}: column '{column.name}' is empty ({where}). Fill it in."
            raise DataError(message, rows=rows)
        return values.astype(str)
    low = -np.inf if column.lower is None else column.lower
    high = np.inf if column.upper is None else column.upper
    if column.kind == "number" and _within(values, low, high, unknown=column.unknown):
        return values.astype(float)
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    wrong = numbers.isna() & values.notna()
    if wrong.any():
        rows, where = _wrong(frame, wrong)
        message = (
            f"{name}: column '{column.name}' holds {values[wrong].iloc[0]!r}, which is not a "
            f"number, ({where}). Write numbers only."
        )
        raise DataError(message, rows=rows)
    if not column.unknown and numbers.isna().any():
        _refuse_unknown(frame, numbers.isna(), name, column)
    out = numbers.notna() & ~(numbers.between(low, high) & np.isfinite(numbers))
    if out.any():
        rows, where = _wrong(frame, out)
        limits = f"at least {low:g}" if np.isinf(high) else f"between {low:g} and {high:g}"
        message = (
            f"{name}: column '{column.name}' holds {numbers[out].iloc[0]:g} ({where}). "
            f"It must be {limits}."
        )
        raise DataError(message, rows=rows)
    if column.kind == "whole":
        broken = numbers != numbers.round()
        if broken.any():
            rows, where = _wrong(frame, broken)
            message = (
                f"{name}: column '{column.name}' holds {numbers[broken].iloc[0]:g} ({where}). "
                "It must be a whole number."
            )
            raise DataError(message, rows=rows)
        return numbers.astype("int64")
    return numbers


def _within(values: pd.Series, low: float, high: float, *, unknown: bool) -> bool:
    """Whether numbers are floats, finite and in their range, seen in two passes without a copy."""
    if values.dtype != np.float64 or not len(values):
        return False
    numbers = values.to_numpy()
    least, most = numbers.min(), numbers.max()
    if unknown and np.isnan(least):
        least, most = np.fmin.reduce(numbers), np.fmax.reduce(numbers)
        if np.isnan(least):
            return True
    return bool(max(low, -MOST) <= least and most <= min(high, MOST))


def _stamps(values: pd.Series, column: Column, frame: pd.DataFrame, name: str) -> pd.Series:
    if not isinstance(values.dtype, pd.DatetimeTZDtype):
        example = f"frame['{column.name}'].dt.tz_localize('Europe/Istanbul')"
        if len(values) == 0 or pd.api.types.is_datetime64_dtype(values.dtype):
            what = f"{name}: column '{column.name}' has no time zone"
        else:
            what = f"{name}: column '{column.name}' holds {values.iloc[0]!r}, not a zoned time"
        message = f"{what}. Add one, for example {example}."
        raise DataError(message)
    if values.isna().any():
        _refuse_unknown(frame, values.isna(), name, column)
    return values if values.dt.unit == "us" else values.dt.as_unit("us")


def _refuse_unknown(frame: pd.DataFrame, wrong: pd.Series, name: str, column: Column) -> None:
    rows, where = _wrong(frame, wrong)
    message = f"{name}: column '{column.name}' has no value ({where}). Fill it in."
    raise DataError(message, rows=rows)


def _wrong(frame: pd.DataFrame, wrong: pd.Series) -> tuple[pd.DataFrame, str]:
    """The wrong rows, and in words how many they are and which is the first."""
    rows = frame.loc[wrong.to_numpy()]
    first = rows.iloc[0]
    place = ", ".join(
        f"{k} {first[k]}" for k in ("agent", "queue", "start") if k in frame.columns and k in first
    )
    count = f"{len(rows)} rows, first {place}" if len(rows) > 1 else place
    return rows, count or "row 1"
