"""What agents bring from one schedule into the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from wfm.core.people import CarryIn
from wfm.core.types import Schedule


def carry_in(previous: Schedule, first_day: date) -> Mapping[str, CarryIn]:
    """Shifts, days in a row and weekends worked of everybody in an earlier schedule.

    Parameters
    ----------
    previous
        A schedule of the days before; shifts that start on `first_day` or later are left out.
    first_day
        First day of the schedule to make.

    Returns
    -------
    Mapping of str to CarryIn
        By agent, those without a shift too. Days in a row count only if they reach the evening
        before `first_day`, and only as far back as the earlier schedule goes. Of weekends between
        the two nothing is known, so that they count as free.
    """
    frame = previous.frame.sort_values(["agent", "start"])
    begins = frame["agent"].ne(frame["agent"].shift()) | frame["start"].ne(frame["end"].shift())
    shifts = frame.assign(shift=begins.cumsum()).groupby("shift")
    table = shifts.agg(agent=("agent", "first"), start=("start", "first"), end=("end", "last"))
    planned = [previous.first_day + timedelta(days=i) for i in range(previous.days)]
    saturday = min((_saturday(d) for d in planned if d.weekday() >= 5), default=first_day)
    saturdays = []
    while saturday < first_day:
        saturdays.append(saturday)
        saturday += timedelta(days=7)
    rested = CarryIn(weekends=(False,) * len(saturdays), since=previous.first_day)
    found = dict.fromkeys(previous.totals["agent"].astype(str), rested)
    for agent, own in table.groupby("agent"):
        days = own["start"].dt.date
        own = own[days < first_day]
        worked = set(own["start"].dt.date)
        if not worked:
            continue
        run, day = 0, first_day - timedelta(days=1)
        while day in worked:
            run, day = run + 1, day - timedelta(days=1)
        weekends = {_saturday(d) for d in worked if d.weekday() >= 5}
        last = pd.Timestamp(own["end"].max()).to_pydatetime()
        row = tuple(saturday in weekends for saturday in saturdays)
        begun, ended = (own[c].dt.to_pydatetime().tolist() for c in ("start", "end"))
        known = tuple(sorted(zip(begun, ended, strict=True)))
        found[str(agent)] = CarryIn(last, run, row, known, previous.first_day)
    return found


def _saturday(day: date) -> date:
    return day - timedelta(days=day.weekday() - 5)
