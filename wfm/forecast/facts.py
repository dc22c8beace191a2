"""What the calendar says about days, as arrays that models read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from wfm.core.calendars import Calendar


@dataclass(frozen=True, eq=False)
class DayFacts:
    """Calendar facts of consecutive local days; every array has shape (n,).

    Parameters
    ----------
    days
        Local days, naive midnight.
    weekday
        Monday 0.
    holiday, before, after
        Public holiday; the day before one and the day after one (not itself a holiday).
    before2, after2
        Two days before or after a holiday, and none of the above.
    name
        Name of the holiday or of the learned event, else empty.
    learned
        The day has an effect of its own to be learned (an event to `learn`).
    excluded
        The day is kept out of learning: an event to exclude, close or change.
    closed
        Closed by an event.
    factor
        What an event multiplies the forecast by, else 1.
    hours
        Opening hours of that day alone (`Opening`), else None.
    like
        Day of the history that an event copies, else NaT.
    """

    days: pd.DatetimeIndex
    weekday: np.ndarray
    holiday: np.ndarray
    before: np.ndarray
    after: np.ndarray
    before2: np.ndarray
    after2: np.ndarray
    name: np.ndarray
    learned: np.ndarray
    excluded: np.ndarray
    closed: np.ndarray
    factor: np.ndarray
    hours: np.ndarray
    like: np.ndarray

    def __len__(self) -> int:
        return len(self.days)

    def between(self, first: int, last: int) -> DayFacts:
        """The days from position `first` up to, not including, `last`."""
        cut = slice(first, last)
        return DayFacts(*(getattr(self, name)[cut] for name in self.__dataclass_fields__))

    def ordinary(self) -> DayFacts:
        """The same days without holidays and events."""
        none = np.zeros(len(self), dtype=bool)
        names = np.full(len(self), "", dtype=object)
        return replace(
            self,
            holiday=none,
            before=none,
            after=none,
            before2=none,
            after2=none,
            name=names,
            learned=none,
            factor=np.ones(len(self)),
            like=np.full(len(self), np.datetime64("NaT", "D")),
        )


def day_facts(calendar: Calendar, queue: str, first: date, days: int) -> DayFacts:
    """Facts of `days` local days from `first` on for one queue.

    >>> facts = day_facts(Calendar(country="FR"), "a", date(2012, 12, 24), 3)
    >>> facts.holiday, facts.before, facts.after
    (array([False,  True, False]), array([ True, False, False]), array([False, False,  True]))
    """
    index = pd.date_range(pd.Timestamp(first), periods=days, freq="D").as_unit("us")
    dates = [stamp.date() for stamp in index]
    one = timedelta(days=1)
    known = calendar.holidays(dates[0] - 2 * one, dates[-1] + 2 * one)
    close = calendar.events_of(queue, "close")
    left_out = calendar.events_of(queue, "exclude")
    hours, like = calendar.events_of(queue, "hours"), calendar.events_of(queue, "like")
    change = {**calendar.events_of(queue, "change"), **hours, **like}
    own = {day: event.name for day, event in calendar.events_of(queue, "learn").items()}
    set_by_hand = {*close, *left_out, *change}
    half = {
        d: name
        for d, name in calendar.half_days(dates[0], dates[-1]).items()
        if d not in set_by_hand and d not in known
    }
    learn = {**half, **calendar.near_events(queue), **own}
    holiday = np.array([d in known for d in dates])
    before = np.array([d + one in known for d in dates]) & ~holiday
    after = np.array([d - one in known for d in dates]) & ~holiday
    plain = ~holiday & ~before & ~after
    named = [learn[d] if d in learn else known.get(d, "") for d in dates]
    return DayFacts(
        days=index,
        weekday=index.day_of_week.to_numpy(),
        holiday=holiday,
        before=before,
        after=after,
        before2=np.array([d + 2 * one in known for d in dates]) & plain,
        after2=np.array([d - 2 * one in known for d in dates]) & plain,
        name=np.array(named, dtype=object),
        learned=np.array([d in learn for d in dates]),
        excluded=np.array([d in set_by_hand for d in dates]),
        closed=np.array([d in close for d in dates]),
        factor=np.array([1 + change[d].change if d in change else 1.0 for d in dates]),
        hours=np.array([hours[d].hours if d in hours else None for d in dates], dtype=object),
        like=np.array([like[d].like if d in like else None for d in dates], dtype="datetime64[D]"),
    )
