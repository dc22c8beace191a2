"""The rows of each queue of a history, with where they lie on the clock, worked out once."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from wfm.core.types import History

_DAY_US, _MINUTE_US = 86_400_000_000, 60_000_000
_MONDAY = 3  # weekday of 1970-01-01
_CLOCKS = 8  # of the queues before that a queue may share


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows by day or by week: the groups in order, and the group and the cell of each row.

    A cell is an interval of the day within a group; shape (rows,), or (groups,) for `held`.
    """

    held: np.ndarray
    of_row: np.ndarray
    cell: np.ndarray


@dataclass(frozen=True, eq=False)
class Clock:
    """Where the rows of queues lie on the clock; queues with the same rows share one.

    Parameters
    ----------
    wall_us
        Local time of each, in microseconds since 1970 on the wall's own clock.
    minutes
        Length of an interval.
    """

    wall_us: np.ndarray
    minutes: int

    @property
    def slots(self) -> int:
        """Intervals of a day of 24 hours."""
        return 24 * 60 // self.minutes

    @cached_property
    def day(self) -> np.ndarray:
        """Local day of each row, in days since 1970."""
        day: np.ndarray = self.wall_us // _DAY_US
        return day

    @cached_property
    def weekday(self) -> np.ndarray:
        """Monday is 0."""
        found: np.ndarray = (self.day + _MONDAY) % 7
        return found

    @cached_property
    def slot(self) -> np.ndarray:
        """Interval of the local day, 0 at midnight."""
        return self.wall_us % _DAY_US // (self.minutes * _MINUTE_US)

    @cached_property
    def week(self) -> np.ndarray:
        """Interval of the week, 0 at midnight of Monday."""
        return np.asarray(self.weekday * self.slots + self.slot)

    @cached_property
    def past_us(self) -> np.ndarray:
        """How far each start lies behind the grid of the local clock [us]."""
        return self.wall_us % (self.minutes * _MINUTE_US)

    @cached_property
    def twice(self) -> np.ndarray:
        """Whether the clock showed the time of a row twice."""
        if (np.diff(self.wall_us) > 0).all():
            return np.zeros(len(self.wall_us), dtype=bool)
        found: np.ndarray = pd.Series(self.wall_us).duplicated(keep=False).to_numpy()
        return found

    @cached_property
    def by_day(self) -> Groups:
        """Rows by local day."""
        return self._groups(self.day)

    @cached_property
    def by_week(self) -> Groups:
        """Rows by the Monday of their week."""
        return self._groups(self.day - self.weekday)

    def _groups(self, key: np.ndarray) -> Groups:
        held, of_row = np.unique(key, return_inverse=True)
        return Groups(held, of_row, of_row * self.slots + self.slot)


@dataclass(frozen=True, eq=False)
class QueueRows:
    """One queue: its rows, and where they lie on the clock."""

    frame: pd.DataFrame
    clock: Clock

    @cached_property
    def offered(self) -> np.ndarray:
        """Contacts of each row, NaN where unknown."""
        found: np.ndarray = self.frame["offered"].to_numpy()
        return found

    @cached_property
    def counted(self) -> np.ndarray:
        """The same with unknown ones as 0."""
        return np.asarray(np.nan_to_num(self.offered))

    def table(self, groups: Groups) -> np.ndarray:
        """Contacts by group and interval of the day, unknown ones as 0."""
        shape = (len(groups.held), self.clock.slots)
        flat: np.ndarray = np.bincount(groups.cell, self.counted, minlength=shape[0] * shape[1])
        return flat.reshape(shape)


def date_of(day: int | np.integer) -> pd.Timestamp:
    """Date of a day since 1970."""
    return pd.Timestamp(int(day), unit="D")


def queue_rows(history: History) -> tuple[QueueRows, ...]:
    """The queues of a history, by name."""
    frame = history.frame
    if frame.empty:
        return ()
    minutes = int(history.interval.total_seconds()) // 60
    start, names = pd.DatetimeIndex(frame["start"]), frame["queue"].array
    clocks: list[tuple[np.ndarray, Clock]] = []
    found, begin = [], 0
    while begin < len(frame):
        end = bisect_right(names, names[begin], lo=begin)
        mine = start[begin:end]
        clock = next((c for us, c in clocks if np.array_equal(us, mine.asi8)), None)
        if clock is None:
            clock = Clock(mine.tz_localize(None).as_unit("us").asi8, minutes)
            clocks = [*clocks[-_CLOCKS:], (mine.asi8, clock)]
        found.append(QueueRows(frame.iloc[begin:end], clock))
        begin = end
    return tuple(found)
