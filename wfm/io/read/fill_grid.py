"""The grid of a history: its days and intervals, and both passes of a doubled hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core.intervals import day_grid, local_day, slot, slots_per_day


@dataclass(frozen=True)
class Grid:
    """The grid of all days, and where on the clock each interval lies."""

    index: pd.DatetimeIndex
    day: np.ndarray
    week: np.ndarray
    first_pass: np.ndarray
    slots: int


def grid_of(
    first: pd.Timestamp, days: int, interval: timedelta, time_zone: str, *, local_stamps: bool
) -> Grid:
    """The intervals of some days from `first` on, a naive midnight, in a zone.

    Parameters
    ----------
    first, days
        First local day and their number.
    interval, time_zone
        Of the grid.
    local_stamps
        Whether the second pass of a doubled hour has to be told from the first.

    Examples
    --------
    >>> autumn = pd.Timestamp("2026-10-25")
    >>> grid = grid_of(autumn, 1, timedelta(hours=1), "Europe/Berlin", local_stamps=True)
    >>> len(grid.index), grid.first_pass[3]
    (25, np.int64(2))
    """
    grid = day_grid(first.date(), days, interval, time_zone)
    day = ((local_day(grid) - first) // pd.Timedelta(days=1)).to_numpy(dtype=int)
    slots = slots_per_day(interval)
    week = grid.day_of_week.to_numpy() * slots + slot(grid, interval)
    first_pass = _first_pass(grid) if local_stamps else np.full(len(grid), -1)
    return Grid(grid, day, week, first_pass, slots)


def local_day_of(at_s: int, time_zone: str) -> pd.Timestamp:
    """Local day of an instant [s UTC], naive midnight.

    >>> str(local_day_of(1_772_400_600, "Europe/Istanbul"))
    '2026-03-02 00:00:00'
    """
    at = pd.Timestamp(int(at_s), unit="s", tz="UTC").tz_convert(time_zone)
    day: pd.Timestamp = at.tz_localize(None).normalize()
    return day


def _first_pass(grid: pd.DatetimeIndex) -> np.ndarray:
    """Place of the first pass of each interval of a second pass; -1 for all others."""
    wall = grid.tz_localize(None)
    again = np.flatnonzero(wall.duplicated(keep="first"))
    found = np.full(len(grid), -1)
    found[again] = [int(np.flatnonzero(wall == wall[int(i)])[0]) for i in again]
    return found


def unheld_pass(held: np.ndarray, first_pass: np.ndarray) -> np.ndarray:
    """Intervals of a doubled hour that the file does not hold though it holds the other pass."""
    later = np.flatnonzero(first_pass >= 0)
    earlier = first_pass[later]
    unheld = np.zeros(len(held), dtype=bool)
    unheld[later] = held[earlier] & ~held[later]
    unheld[earlier] |= held[later] & ~held[earlier]
    return unheld
