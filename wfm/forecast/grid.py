"""A queue's history as a matrix of local days by wall-clock slots, and forecasts back to rows.

A slot of a day may stand for no row (closed, or an hour lost in spring), one row, or two (the hour
doubled in autumn). The matrix holds contacts *per row*: of a doubled hour the mean of its known
passes. A day's total counts every row, so contacts are conserved; a forecast day's total is spread
over the rows that the day really has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from wfm.core.calendars import Opening
from wfm.core.errors import ForecastError
from wfm.core.intervals import day_grid, local_day, slot, slots_per_day
from wfm.core.types import History

OPEN_WEEKS = 8


@dataclass(frozen=True, eq=False)
class DayGrid:
    """One queue's history, every calendar day from the first to the last recorded one.

    Parameters
    ----------
    queue, interval, time_zone
        Where it comes from.
    days
        Local days, naive midnight, without a hole; shape (n,).
    volume
        Contacts per row; NaN where unknown or closed; shape (n, slots).
    rows
        Rows of the history in that slot: 0 closed, 1, or 2 in a doubled hour; shape (n, slots).
    """

    queue: str
    interval: timedelta
    time_zone: str
    days: pd.DatetimeIndex
    volume: np.ndarray
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.days)

    @property
    def weekday(self) -> np.ndarray:
        """Weekday of each day, Monday 0."""
        return np.asarray(self.days.day_of_week)

    @property
    def seen(self) -> np.ndarray:
        """Whether anything is known of a day; shape (n,), bool."""
        return np.asarray(np.isfinite(self.volume).any(axis=1))

    def totals(self) -> np.ndarray:
        """Known contacts of each day; NaN for a day of which nothing is known."""
        known = np.isfinite(self.volume)
        total = np.where(known, self.volume, 0.0) * np.maximum(self.rows, 1)
        return np.where(known.any(axis=1), total.sum(axis=1), np.nan)

    def until(self, end: int) -> DayGrid:
        """The first `end` days: what was known on a past origin."""
        return replace(self, days=self.days[:end], volume=self.volume[:end], rows=self.rows[:end])

    def with_volume(self, volume: np.ndarray) -> DayGrid:
        """The same days with other contacts."""
        return replace(self, volume=volume)

    def known_weekdays(self) -> np.ndarray:
        """Weekdays of which anything was ever recorded; shape (7,), bool."""
        return np.asarray(np.isin(np.arange(7), self.weekday[self.seen]))

    def open_slots(self) -> np.ndarray:
        """Slots open by weekday: those with a row in the last 8 weeks that have any row.

        A weekday of which nothing was ever recorded is closed.

        Returns
        -------
        numpy.ndarray
            shape (7, slots), bool.
        """
        has = self.rows > 0
        week = np.arange(len(self) - 1, -1, -1) // 7
        used = np.unique(week[has.any(axis=1)])[:OPEN_WEEKS]
        recent = np.isin(week, used)
        found = np.zeros((7, has.shape[1]), dtype=bool)
        for weekday in range(7):
            found[weekday] = has[recent & (self.weekday == weekday)].any(axis=0)
        return np.asarray(found & self.known_weekdays()[:, None])


def day_grid_of(history: History, queue: str, column: str = "offered") -> DayGrid:
    """The day x slot matrix of one queue.

    Parameters
    ----------
    history
        As read.
    queue
        One of its queues.
    column
        The column to lay out.

    Returns
    -------
    DayGrid
        From the first to the last day on which a value is known.

    Raises
    ------
    ForecastError
        If the queue has no row or no known value.

    Examples
    --------
    >>> index = day_grid(date(2026, 10, 25), 1, timedelta(hours=1), "Europe/Berlin")
    >>> frame = pd.DataFrame({"start": index, "queue": "a", "offered": 1.0, "answered": 1.0,
    ...                       "abandoned": 0.0, "aht_s": 60.0})
    >>> autumn = day_grid_of(History(frame, timedelta(hours=1)), "a")
    >>> autumn.rows[0, :4], float(autumn.totals()[0])
    (array([1, 1, 2, 1]), 25.0)
    """
    frame = history.frame[history.frame["queue"] == queue]
    values = frame[column].to_numpy(dtype=float)
    index = pd.DatetimeIndex(frame["start"])
    known = np.isfinite(values)
    if not known.any():
        what = "has no row" if frame.empty else "has no known volume"
        message = f"queue {queue!r}: the history {what}. Give contacts for at least two weeks."
        raise ForecastError(message)
    day = local_day(index)
    days = pd.date_range(day[known].min(), day[known].max(), freq="D").as_unit("us")
    inside = (day >= days[0]) & (day <= days[-1])
    row = np.asarray((day - days[0]).days)[inside]
    column_of = slot(index, history.interval)[inside]
    shape = (len(days), slots_per_day(history.interval))
    rows, count, total = np.zeros(shape, dtype=int), np.zeros(shape), np.zeros(shape)
    np.add.at(rows, (row, column_of), 1)
    np.add.at(count, (row, column_of), known[inside].astype(float))
    np.add.at(total, (row, column_of), np.where(known, values, 0.0)[inside])
    volume = np.full(shape, np.nan)
    np.divide(total, count, out=volume, where=count > 0)
    return DayGrid(queue, history.interval, history.time_zone, days, volume, rows)


def as_open(grid: DayGrid, opening: Opening | None, first: date, days: int) -> DayGrid:
    """The history as if the hours of the days to come had held all along.

    Hours that change change a day's total too. So slots that stay closed on all days to come are
    left out of the past, and slots that open are unknown before they did, not closed: their part
    is added to the day's total by what later days say of it.

    Parameters
    ----------
    grid
        The history.
    opening
        Opening hours; those without a change leave the history as it is.
    first, days
        The local days to come.

    Returns
    -------
    DayGrid
        The same days.
    """
    if opening is None or not any(grid.days[0].date() < day for day, _ in opening.changes):
        return grid
    clock = np.arange(grid.volume.shape[1]) * np.timedelta64(grid.interval)

    def hours_of(dates: pd.DatetimeIndex) -> np.ndarray:
        wall = pd.DatetimeIndex((dates.to_numpy()[:, None] + clock).ravel())
        return opening.open_at(wall).reshape(len(dates), len(clock))

    ahead = pd.date_range(pd.Timestamp(first), periods=max(days, 7), freq="D").as_unit("us")
    hours, weekday = hours_of(ahead), ahead.day_of_week.to_numpy()
    to_come = np.array([hours[weekday == day].any(axis=0) for day in range(7)])[grid.weekday]
    opens = to_come & ~hours_of(grid.days) & (grid.rows == 0) & grid.seen[:, None]
    volume = np.where(to_come & ~opens, grid.volume, np.nan)
    rows = np.where(opens, 1, np.where(to_come, grid.rows, 0))
    return replace(grid, volume=volume, rows=rows)


@dataclass(frozen=True, eq=False)
class FutureRows:
    """The rows of a forecast: where each lies in the day x slot matrix.

    `opened` tells which wall-clock slots are open, `rows` how many rows each has (0 where closed
    or lost, 2 in a doubled hour), both of shape (days, slots); `day` and `slot` place each stamp
    of `start`.
    """

    start: pd.DatetimeIndex
    days: pd.DatetimeIndex
    day: np.ndarray
    slot: np.ndarray
    opened: np.ndarray
    rows: np.ndarray


def future_rows(
    grid: DayGrid,
    first: date,
    days: int,
    opening: Opening | None,
    closed: np.ndarray,
    hours: np.ndarray | None = None,
) -> FutureRows:
    """Rows of the open intervals of the days to come.

    Parameters
    ----------
    grid
        The history, which tells the opening hours unless `opening` does.
    first, days
        Local days to lay out.
    opening
        Hours given by the calendar; they beat what the history shows, except that a weekday of
        which nothing was ever recorded stays closed: there is nothing to forecast it from.
    closed
        Days closed as a whole; shape (days,), bool.
    hours
        Opening hours of single days, None for the usual ones; shape (days,).
    """
    all_days = pd.date_range(pd.Timestamp(first), periods=days, freq="D").as_unit("us")
    slots = grid.volume.shape[1]
    clock = np.arange(slots) * np.timedelta64(grid.interval)
    if opening is None:
        opened = grid.open_slots()[all_days.day_of_week.to_numpy()]
    else:
        wall = pd.DatetimeIndex((all_days.to_numpy()[:, None] + clock).ravel())
        opened = opening.open_at(wall).reshape(days, slots)
        opened &= grid.known_weekdays()[all_days.day_of_week.to_numpy(), None]
    for i, own in enumerate([] if hours is None else hours):
        if own is not None:
            wall = pd.DatetimeIndex(all_days.to_numpy()[i] + clock)
            opened[i] = own.open_at(wall) & grid.known_weekdays()[all_days[i].day_of_week]
    opened = opened & ~closed[:, None]
    index = day_grid(first, days, grid.interval, grid.time_zone)
    day = np.asarray((local_day(index) - all_days[0]).days)
    of_day = slot(index, grid.interval)
    keep = opened[day, of_day]
    rows = np.zeros((days, slots), dtype=int)
    np.add.at(rows, (day[keep], of_day[keep]), 1)
    return FutureRows(index[keep], all_days, day[keep], of_day[keep], opened, rows)


def spread(per_slot: np.ndarray, opened: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Contacts per row that keep each day's total on the rows the day really has.

    `per_slot` is an ordinary day's forecast, each open slot once. Where an hour stands twice or
    is lost, the day's total stays and is shared in proportion over its rows.

    >>> once = np.ones((1, 3), dtype=bool)
    >>> spread(np.array([[2.0, 4.0, 2.0]]), once, np.array([[1, 2, 1]])).round(3)
    array([[1.333, 2.667, 1.333]])
    """
    once = np.where(opened, per_slot, 0.0)
    ordinary = once.sum(axis=1, keepdims=True)
    real = (once * rows).sum(axis=1, keepdims=True)
    scale = np.divide(ordinary, real, out=np.ones_like(real), where=real > 0)
    return np.asarray(once * scale)


def copied(per_slot: np.ndarray, like: np.ndarray, grid: DayGrid) -> np.ndarray:
    """Contacts per slot, those of days that are to be like a day of the history as that day was.

    Parameters
    ----------
    per_slot
        As a model says; shape (days, slots).
    like
        Day to copy, NaT for none; shape (days,).
    grid
        The history.

    Raises
    ------
    ForecastError
        The history has nothing on a day that is to be copied.
    """
    result = per_slot.copy()
    for i in np.flatnonzero(~np.isnat(like)):
        place = int((like[i] - grid.days[0].to_datetime64()) / np.timedelta64(1, "D"))
        if not (0 <= place < len(grid) and grid.seen[place]):
            message = (
                f"queue {grid.queue!r}: nothing is recorded on {like[i]}, which an event copies. "
                "Name a recorded day."
            )
            raise ForecastError(message)
        result[i] = np.nan_to_num(grid.volume[place])
    return result
