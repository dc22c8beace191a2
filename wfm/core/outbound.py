"""Campaigns: outbound and deferrable work to be placed in the quiet periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

import numpy as np
import pandas as pd

from wfm.core.calendars import DAY_MIN, Calendar, Opening
from wfm.core.errors import DataError
from wfm.core.intervals import zone
from wfm.core.opening import as_opening, clock_text
from wfm.core.ranges import about, check_numbers, check_range

FINEST_MIN = 5
"""Minutes by which permission is looked at inside an interval."""


@dataclass(frozen=True)
class Campaign:
    """Outbound work to be placed in quiet periods.

    Parameters
    ----------
    campaign, skill
        Its name and the skill an agent needs for it.
    permitted
        Weekly hours in which it may be worked, in the customers' local time; also as a text that
        `Opening.parse` reads. A window of a whole day is written 00:00-24:00.
    target_h
        Agent hours to place within the schedule [h]; NaN takes what the list needs.
    set_up_s, talk_s, wrap_s
        Parts of one attempt's handle time [s]; talk and wrap only when the right person answers.
    connect_rate
        Share of attempts that are answered.
    deadline
        Last day on which it may be worked.
    value
        Worth of one hour beside other campaigns, any unit: the most valuable is placed first.
    records, attempts, gap_days
        The list: its length, most tries for a record, and days from one try to the next.
    right_party_rate, wrong_party_s
        Share of the answers that are the right person, and time with somebody else [s].
    by_hour
        Other rates by hour of the customers' day: (hour, connect rate, right-party rate).
    time_zone, country
        Where the customers are: the zone of their clock and the country of their holidays, on
        which nothing is permitted; empty means the plan's zone, and no holidays.
    consent, do_not_call
        Share of the records that may be called at all, and records on the do-not-call list.
    not_before, due
        Work that comes in and is owed at a time, such as e-mail: nothing outside.
    """

    campaign: str
    skill: str
    permitted: Opening
    target_h: float
    set_up_s: float = 0.0
    talk_s: float = 0.0
    wrap_s: float = 0.0
    connect_rate: float = 1.0
    deadline: date | None = None
    value: float = 1.0
    records: float | None = None
    attempts: int = 1
    gap_days: int = 1
    right_party_rate: float = 1.0
    wrong_party_s: float = 0.0
    by_hour: tuple[tuple[int, float, float], ...] = ()
    time_zone: str = ""
    country: str = ""
    consent: float = 1.0
    do_not_call: float = 0.0
    not_before: datetime | None = None
    due: datetime | None = None

    def __post_init__(self) -> None:
        who = f"campaign {self.campaign!r}"
        permitted = as_opening(who, self.permitted)
        if permitted is None:
            self._refuse("it has no permitted hours. Write 10:00-20:00, for example.")
        object.__setattr__(self, "permitted", permitted)
        self._check_windows()
        check_numbers(who, self, unknown=("target_h",))
        if self.target_h < 0:
            self._refuse(f"target_h is {self.target_h:g}. Use 0 or more.")
        if self.target_h != self.target_h and self.records is None:
            self._refuse("neither target_h nor records are given. Write one of them.")
        if not 0 < self.connect_rate <= 1:
            self._refuse(
                f"connect_rate is {self.connect_rate:g}. Write a share above 0 and at most 1."
            )
        rates = [("right_party_rate", self.right_party_rate), ("consent", self.consent)]
        rates += [("by_hour", rate) for _, *both in self.by_hour for rate in both]
        for name, share in rates:
            if not 0 <= share <= 1:
                self._refuse(f"{name} is {share:g}. Write a share, 0 to 1.")
        for name, number in (
            ("records", self.records or 0.0),
            ("do_not_call", self.do_not_call),
            ("set_up_s", self.set_up_s),
            ("talk_s", self.talk_s),
            ("wrap_s", self.wrap_s),
            ("wrong_party_s", self.wrong_party_s),
            ("value", self.value),
        ):
            if not number >= 0:
                self._refuse(f"{name} is {number:g}. Write 0 or more.")
        for hour, *_ in self.by_hour:
            check_range(who, "hour of by_hour", hour, 0, 23)
        if self.attempts < 1 or self.gap_days < 0:
            self._refuse("attempts must be 1 or more and gap_days 0 or more.")
        if self.records is not None and not self.attempt_s(None) > 0:
            self._refuse("its list needs handle times. Give set_up_s or talk_s.")
        if self.time_zone:
            with about(who):
                zone(self.time_zone)
        for name, moment in (("not_before", self.not_before), ("due", self.due)):
            if moment is not None and moment.tzinfo is None:
                self._refuse(f"{name} has no time zone. Add one.")

    def _check_windows(self) -> None:
        """Refuse calling hours such as 10:00-10:00, which opening hours read as a whole day."""
        changed = [window for _, windows in self.permitted.changes for window in windows]
        for window in (*self.permitted.windows, *changed):
            if window.from_min and window.to_min - window.from_min >= DAY_MIN:
                hours = f"{clock_text(window.from_min)}-{clock_text(window.to_min - DAY_MIN)}"
                self._refuse(
                    f"its permitted hours {hours} end when they begin. Write 00:00-24:00 for the "
                    "whole day, or another end."
                )

    def rates(self, hour: int | None) -> tuple[float, float]:
        """Connect rate and right-party rate in an hour of the customers' day; None: the plain."""
        for at, connect, right in self.by_hour:
            if at == hour:
                return connect, right
        return self.connect_rate, self.right_party_rate

    def attempt_s(self, hour: int | None) -> float:
        """Mean time of one try in an hour of the customers' day [s]."""
        connect, right = self.rates(hour)
        talked = right * (self.talk_s + self.wrap_s) + (1 - right) * self.wrong_party_s
        return self.set_up_s + connect * talked

    def pass_s(self, grid: pd.DatetimeIndex, interval_min: int) -> float | None:
        """Time that one try of every record takes in the permitted hours of some days [s].

        None without a list.

        Examples
        --------
        >>> calls = Campaign("calls", "calls", Opening.parse("09:00-17:00"), 40, talk_s=300,
        ...                  connect_rate=0.5, set_up_s=30, records=200)
        >>> day = pd.date_range("2027-01-04", periods=24, freq="h", tz="Europe/Istanbul")
        >>> calls.pass_s(day, 60) / 3600
        10.0
        """
        if self.records is None:
            return None
        open_hours = self.local(grid)[self.open_at(grid, interval_min)].hour
        hours, counts = np.unique(open_hours.to_numpy(), return_counts=True)
        if not len(hours):
            return 0.0
        tries = np.array([self.attempt_s(int(hour)) for hour in hours])
        return self.callable_records * float(tries @ counts / counts.sum())

    def connects_per_h(self) -> float | None:
        """Answered attempts an agent hour brings; None when no handle time is given."""
        seconds = self.attempt_s(None)
        return 3600 / seconds * self.connect_rate if seconds > 0 else None

    @property
    def callable_records(self) -> float:
        """Records that may be called: those with consent, less those that must not be."""
        return max((self.records or 0.0) * self.consent - self.do_not_call, 0.0)

    def local(self, grid: pd.DatetimeIndex) -> pd.DatetimeIndex:
        """Stamps by the customers' clock."""
        return grid.tz_convert(self.time_zone) if self.time_zone else grid

    def open_at(self, grid: pd.DatetimeIndex, interval_min: int) -> np.ndarray:
        """Whether all of each interval may be worked; shape (n,), bool.

        Parameters
        ----------
        grid
            Begin of each interval, with a zone.
        interval_min
            Length of an interval [min].
        """
        good = np.ones(len(grid), dtype=bool)
        step = min(FINEST_MIN, interval_min)
        off = self._holidays(grid)
        for minutes in (*range(0, interval_min, step), interval_min - 1):
            stamps = self.local(grid + pd.Timedelta(minutes=minutes))
            good &= self.permitted.open_at(stamps)
            if off:
                good &= np.array([day not in off for day in stamps.date], dtype=bool)
            if self.deadline is not None:
                good &= np.asarray(stamps.date <= self.deadline, dtype=bool)
        if self.not_before is not None:
            good &= np.asarray(grid >= pd.Timestamp(self.not_before))
        if self.due is not None:
            end = grid + pd.Timedelta(minutes=interval_min)
            good &= np.asarray(end <= pd.Timestamp(self.due))
        return good

    def _holidays(self, grid: pd.DatetimeIndex) -> set[date]:
        if not self.country or not len(grid):
            return set()
        local = self.local(grid)
        last = (local[-1] + pd.Timedelta(days=1)).date()
        return set(Calendar(country=self.country).holidays(local[0].date(), last))

    def _refuse(self, what: str) -> NoReturn:
        message = f"campaign {self.campaign!r}: {what}"
        raise DataError(message)
