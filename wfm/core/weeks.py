"""Where a week begins, and the weeks that days belong to."""

from __future__ import annotations

from typing import Literal, overload

import pandas as pd

from wfm.core.errors import DataError
from wfm.core.opening import WEEKDAYS

WeekStart = Literal["Mon", "Sat", "Sun"]
WEEK = 7
"""Days of a week."""
WEEK_STARTS: tuple[WeekStart, ...] = ("Mon", "Sun", "Sat")


def week_start_number(week_start: str) -> int:
    """Weekday on which weeks begin, Monday 0.

    Raises
    ------
    DataError
        Weeks begin on no such day.

    Examples
    --------
    >>> week_start_number("Sun")
    6
    """
    if week_start not in WEEK_STARTS:
        message = f"week_start: {week_start!r} is not known. Use {', '.join(WEEK_STARTS)}."
        raise DataError(message)
    return WEEKDAYS.index(week_start)


def weekdays_from(week_start: str = "Mon") -> tuple[str, ...]:
    """Names of the weekdays in the order of a week.

    >>> weekdays_from("Sat")
    ('Sat', 'Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri')
    """
    first = week_start_number(week_start)
    return WEEKDAYS[first:] + WEEKDAYS[:first]


@overload
def week_of(stamps: pd.Series, week_start: str = ...) -> pd.Series: ...
@overload
def week_of(stamps: pd.DatetimeIndex, week_start: str = ...) -> pd.DatetimeIndex: ...
def week_of(
    stamps: pd.Series | pd.DatetimeIndex, week_start: str = "Mon"
) -> pd.Series | pd.DatetimeIndex:
    """First day of the week of each stamp.

    Parameters
    ----------
    stamps
        With a time zone, whose clock then decides, or local without one; shape (n,).
    week_start
        One of `WEEK_STARTS`.

    Returns
    -------
    pandas.Series or pandas.DatetimeIndex
        Midnights without a time zone, in the order of `stamps`; shape (n,).

    Raises
    ------
    DataError
        Weeks begin on no such day.

    Examples
    --------
    2 May 2027 is a Sunday: the end of a week from Monday, the beginning of one from Sunday.

    >>> week_of(pd.DatetimeIndex(["2027-05-02 10:00"]))[0].day
    26
    >>> week_of(pd.DatetimeIndex(["2027-05-02 10:00"]), "Sun")[0].day
    2
    """
    first = week_start_number(week_start)
    if isinstance(stamps, pd.Series):
        days = stamps.dt.tz_localize(None).dt.normalize()
        firsts: pd.Series = days - pd.to_timedelta((days.dt.day_of_week - first) % 7, unit="D")
        return firsts
    plain = stamps.tz_localize(None).normalize()
    begins: pd.DatetimeIndex = plain - pd.to_timedelta((plain.day_of_week - first) % 7, unit="D")
    return begins
