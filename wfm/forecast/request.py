"""What a forecast is asked for, checked: its start, its days, and a history that is enough."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd

from wfm.core.errors import DataError, ForecastError
from wfm.core.intervals import Horizon, day_start, parse_horizon
from wfm.core.types import History
from wfm.forecast.base import MIN_DAYS
from wfm.forecast.grid import DayGrid, day_grid_of


def history_of(history: History, queue: str) -> History:
    """The rows of one queue."""
    return History(history.frame[history.frame["queue"] == queue], history.interval)


MOST_DAYS = 104 * 7


def checked_horizon(value: str | int, interval: timedelta) -> Horizon:
    """Horizon of a forecast, 104 weeks at most.

    >>> checked_horizon("800D", timedelta(minutes=30))
    Traceback (most recent call last):
    ...
    wfm.core.errors.DataError: horizon: '800D' reaches beyond 104 weeks, ...
    """
    text = f"{value}D" if isinstance(value, int) else value.strip()
    match = re.fullmatch(r"(\d+)\s*([DdWw])", text)
    days = int(match[1]) * (7 if match[2] in "Ww" else 1) if match else 0
    found = None if days > MOST_DAYS else parse_horizon(value, interval)
    if found is None or found.intervals * interval > timedelta(days=MOST_DAYS):
        message = (
            f"horizon: {value!r} reaches beyond 104 weeks, which is as far as the calendar and the "
            "models go. Ask for 104W at most."
        )
        raise DataError(message)
    return found


def check_gap(grid: DayGrid, lead: int) -> None:
    """Refuse a start further after the last recorded day than the history is long."""
    recorded = int(grid.seen.sum())
    if lead > recorded:
        message = (
            f"queue {grid.queue!r}: {lead} days lie between its last recorded day and the start, "
            f"more than the {recorded} days of its history. Give newer history, or start earlier."
        )
        raise ForecastError(message)


def histories_of(history: History) -> dict[str, History]:
    """The rows of each queue, by name; one pass over rows that are sorted by queue."""
    frame = history.frame
    names, first = np.unique(frame["queue"].to_numpy(dtype=str), return_index=True)
    edges = [*first, len(frame)]
    return {
        str(name): History(frame.iloc[edges[i] : edges[i + 1]], history.interval)
        for i, name in enumerate(names)
    }


def first_instant(history: History, start: date | str | pd.Timestamp | None) -> pd.Timestamp:
    """First instant of the forecast, in the history's zone."""
    frame = history.frame[history.frame["offered"].notna()]
    if frame.empty:
        message = "history: no volume is known. Give contacts for at least two weeks."
        raise ForecastError(message)
    last = frame["start"].max()
    after = day_start((last + pd.Timedelta(0)).date() + timedelta(days=1), history.time_zone)
    if start is None:
        return after
    try:
        given = pd.Timestamp(start)
    except ValueError as error:
        message = f"start: {start!r} is not a day. Write it as 2026-11-30."
        raise DataError(message) from error
    if given.tzinfo is not None:
        first = given.tz_convert(history.time_zone)
    elif given == given.normalize():
        first = day_start(given.date(), history.time_zone)
    else:
        first = given.tz_localize(history.time_zone, ambiguous=True, nonexistent="shift_forward")
    if first < after:
        message = (
            f"start: {first} lies within the history, whose last day is {last.date()}. "
            f"Start on {after.date()} or later, or cut the history."
        )
        raise DataError(message)
    return first.as_unit("us")


def prepare(history: History, queue: str) -> DayGrid:
    """A queue's days, checked to be enough to learn from."""
    grid = day_grid_of(history, queue)
    recorded = int(grid.seen.sum())
    if recorded < MIN_DAYS:
        days = "1 recorded day" if recorded == 1 else f"{recorded} recorded days"
        message = (
            f"queue {queue!r}: the history holds {days}; a forecast needs at least {MIN_DAYS}. "
            "Give two weeks or more, or let it borrow the shape of another queue."
        )
        raise ForecastError(message)
    if not np.nansum(grid.volume) > 0:
        message = (
            f"queue {queue!r}: every known volume is 0, so there is nothing to forecast. "
            "Leave the queue out, or check the column of contacts."
        )
        raise ForecastError(message)
    return grid


def days_touched(start: pd.Timestamp, horizon: Horizon, interval: timedelta) -> int:
    """Local days that a horizon in intervals touches."""
    end = start + horizon.intervals * interval
    return (end - pd.Timedelta(microseconds=1)).date().toordinal() - start.date().toordinal() + 1
