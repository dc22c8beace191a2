"""Meetings, coaching and training that the schedule places in quiet periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.core.opening import as_opening
from wfm.core.ranges import check_numbers


@dataclass(frozen=True)
class Meeting:
    """Time that some agents spend together, off their contacts and paid.

    Parameters
    ----------
    meeting
        Its name: a meeting, a coaching, a training.
    agents
        Who takes part.
    minutes
        Its length [min].
    first, last
        Days on which it may be, both included; None for any of the schedule.
    hours
        Weekly hours in which it may be; None for any.
    room
        Where; of two meetings in one room only one is at a time. Empty: nowhere special.
    least
        Fewest who have to be there; None for all.
    """

    meeting: str
    agents: tuple[str, ...]
    minutes: int
    first: date | None = None
    last: date | None = None
    hours: Opening | None = None
    room: str = ""
    least: int | None = None

    def __post_init__(self) -> None:
        who = f"meeting {self.meeting!r}"
        object.__setattr__(self, "hours", as_opening(who, self.hours))
        check_numbers(who, self)
        problem = ""
        if not self.agents or len(set(self.agents)) != len(self.agents):
            problem = "nobody takes part, or somebody twice. Name each agent once."
        elif self.minutes <= 0:
            problem = f"{self.minutes} minutes are no length. Write 15 or more."
        elif self.first and self.last and self.last < self.first:
            problem = "its last day lies before its first. Swap them."
        elif self.least is not None and not 1 <= self.least <= len(self.agents):
            problem = f"at least {self.least} of {len(self.agents)} is impossible. Write fewer."
        if problem:
            message = f"meeting {self.meeting!r}: {problem}"
            raise DataError(message)

    @property
    def needed(self) -> int:
        """Fewest who have to be there."""
        return len(self.agents) if self.least is None else self.least

    def open_at(self, grid: pd.DatetimeIndex) -> np.ndarray:
        """Whether each interval may hold a part of it; shape (n,), bool."""
        good = np.ones(len(grid), dtype=bool)
        if self.hours is not None:
            good &= self.hours.open_at(grid)
        for bound, sign in ((self.first, 1), (self.last, -1)):
            if bound is not None:
                good &= np.array([sign * (d - bound).days >= 0 for d in grid.date], dtype=bool)
        return good
