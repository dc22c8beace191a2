"""The interval grid: lengths, local days of 23 to 25 hours, wall-clock slots and clock changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from wfm.core.errors import DataError

MINUTES = (5, 10, 15, 20, 30, 60)
_UNITS = {"min": 1, "m": 1, "h": 60}


def parse_interval(value: str | timedelta) -> timedelta:
    """Length of a planning interval: 5, 10, 15, 20, 30 or 60 minutes.

    >>> parse_interval("30min")
    datetime.timedelta(seconds=1800)
    """
    if isinstance(value, timedelta):
        minutes = value / timedelta(minutes=1)
    else:
        match = re.fullmatch(r"\s*(\d+)\s*(min|m|h)\s*", value)
        minutes = float(match[1]) * _UNITS[match[2]] if match else float("nan")
    if minutes not in MINUTES:
        message = f"interval: {value!r} is not known. Use one of 5, 10, 15, 20, 30 or 60min."
        raise DataError(message)
    return timedelta(minutes=minutes)


@dataclass(frozen=True)
class Horizon:
    """How far a forecast reaches: whole local days, or a number of intervals."""

    days: int = 0
    intervals: int = 0


def parse_horizon(value: str | int, interval: timedelta) -> Horizon:
    """Horizon from ``"28D"``, ``"4W"``, a number of days, or ``"48x30min"``.

    >>> parse_horizon("4W", timedelta(minutes=30))
    Horizon(days=28, intervals=0)
    """
    text = f"{value}D" if isinstance(value, int) else value.strip()
    if match := re.fullmatch(r"(\d+)\s*([DdWw])", text):
        days = int(match[1]) * (7 if match[2] in "Ww" else 1)
        if 0 < days <= 104 * 7:
            return Horizon(days=days)
    if match := re.fullmatch(r"(\d+)\s*x\s*(\w+)", text):
        if parse_interval(match[2]) != interval:
            message = f"horizon: {value!r} is not in the history's interval of {interval}."
            raise DataError(message)
        if int(match[1]) > 0:
            return Horizon(intervals=int(match[1]))
    message = f"horizon: {value!r} is not known. Write days, weeks or intervals: 28D, 4W, 48x30min."
    raise DataError(message)


def zone(name: str) -> ZoneInfo:
    """IANA time zone by name.

    >>> zone("Europe/Istanbul").key
    'Europe/Istanbul'
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = f"time zone: {name!r} is not known. Use an IANA name such as 'Europe/Istanbul'."
        raise DataError(message) from error


def day_start(day: date, time_zone: str) -> pd.Timestamp:
    """First instant of a local day, also where midnight is skipped or doubled."""
    midnight = pd.Timestamp(day).as_unit("us")
    return midnight.tz_localize(zone(time_zone), ambiguous=True, nonexistent="shift_forward")


def day_grid(first: date, days: int, interval: timedelta, time_zone: str) -> pd.DatetimeIndex:
    """Starts of all intervals of `days` local days.

    A 23-hour day has 46 half hours and a 25-hour day 50; the doubled hour stands twice.

    >>> half_hour = timedelta(minutes=30)
    >>> [len(day_grid(date(2026, 3, d), 1, half_hour, "Europe/Berlin")) for d in (28, 29)]
    [48, 46]
    """
    start = day_start(first, time_zone)
    end = day_start(first + timedelta(days=days), time_zone)
    grid = pd.date_range(start, end, freq=pd.Timedelta(interval), inclusive="left")
    return grid.as_unit("us")


def local_day(index: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Local calendar day of each stamp, naive midnight."""
    return index.tz_localize(None).normalize().as_unit("us")


def slot(index: pd.DatetimeIndex, interval: timedelta) -> np.ndarray:
    """Wall-clock slot of each stamp within its local day, 0 for the slot at midnight.

    >>> hour = timedelta(hours=1)
    >>> slot(day_grid(date(2026, 3, 29), 1, hour, "Europe/Berlin"), hour)[:4]
    array([0, 1, 3, 4])
    """
    minutes = index.hour.to_numpy() * 60 + index.minute.to_numpy()
    return np.asarray(minutes // int(interval / timedelta(minutes=1)), dtype=int)


def slots_per_day(interval: timedelta) -> int:
    """Wall-clock slots of a day of 24 hours."""
    return int(timedelta(days=1) / interval)
