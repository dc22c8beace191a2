"""The rows of each queue of a history, with where they lie on the clock, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from wfm.core.types import History

_DAY_US, _MINUTE_US = 86_400_000_000, 60_000_000
_MONDAY = 3  # weekday of 1970-01-01


@dataclass(frozen=True, eq=False)
class QueueRows:
    """One queue.

    Parameters
    ----------
    frame
        Its rows.
    wall_us
        Local time of each, in microseconds since 1970 on the wall's own clock.
    minutes
        Length of an interval.
    """

    frame: pd.DataFrame
    wall_us: np.ndarray
    minutes: int

    @property
    def offered(self) -> np.ndarray:
        """Contacts of each row, NaN where unknown."""
        return self.frame["offered"].to_numpy()

    @property
    def day(self) -> np.ndarray:
        """Local day of each row, in days since 1970."""
        return self.wall_us // _DAY_US

    @property
    def weekday(self) -> np.ndarray:
        """Monday is 0."""
        return (self.day + _MONDAY) % 7

    @property
    def slot(self) -> np.ndarray:
        """Interval of the local day, 0 at midnight."""
        return self.wall_us % _DAY_US // (self.minutes * _MINUTE_US)

    @property
    def past_us(self) -> np.ndarray:
        """How far each start lies behind the grid of the local clock [us]."""
        return self.wall_us % (self.minutes * _MINUTE_US)

    def table(self, group: np.ndarray) -> np.ndarray:
        """Contacts by group (0, 1, ...) and slot of the day, unknown ones as 0."""
        slots = 24 * 60 // self.minutes
        groups = int(group.max()) + 1
        flat = np.bincount(
            group * slots + self.slot, np.nan_to_num(self.offered), minlength=groups * slots
        )
        return flat.reshape(groups, slots)


def date_of(day: int | np.integer) -> pd.Timestamp:
    """Date of a day since 1970."""
    return pd.Timestamp(int(day), unit="D")


def queue_rows(history: History) -> tuple[QueueRows, ...]:
    """The queues of a history, by name."""
    frame = history.frame
    if frame.empty:
        return ()
    wall = pd.DatetimeIndex(frame["start"]).tz_localize(None).as_unit("us").asi8
    codes, _ = pd.factorize(frame["queue"])
    bounds = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(frame)]
    minutes = int(history.interval.total_seconds()) // 60
    return tuple(QueueRows(frame.iloc[a:b], wall[a:b], minutes) for a, b in pairwise(bounds))
