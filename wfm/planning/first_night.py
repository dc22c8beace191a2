"""A first night that is short because nobody knows who began the day before."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from wfm.core.types import Schedule


class FirstNight(NamedTuple):
    """Until when the first night is short, and by how much [agent hours]."""

    until: pd.Timestamp
    hours: float


def first_night(schedule: Schedule) -> FirstNight | None:
    """How short the first day is before its first shift begins; None where it is not.

    Where a centre is open by night, people of those hours began their shifts the day before. A
    schedule that comes after no other knows none of them.

    Parameters
    ----------
    schedule
        Made without the schedule of the days before.

    Examples
    --------
    >>> import wfm
    >>> from wfm.planning.demo import demo_history
    >>> forecast = wfm.make_forecast(demo_history(12), "7D", model="seasonal_mean")
    >>> need = wfm.staff(forecast, wfm.ServiceTarget(0.8))
    >>> first_night(wfm.make_schedule(need, *wfm.people_to_fit(need), seconds=1)) is None
    True
    """
    cover, begins = schedule.coverage, schedule.frame["start"].min()
    first = cover["start"].dt.tz_localize(None).dt.date == schedule.first_day
    early = cover[first & (cover["start"] < begins)]
    if pd.isna(begins) or not early["under"].sum():
        return None
    steps = cover["start"].drop_duplicates().sort_values().diff().min()
    return FirstNight(begins, float(early["under"].sum() * (steps / pd.Timedelta(hours=1))))
