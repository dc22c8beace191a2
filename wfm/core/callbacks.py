"""Calls that were promised for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wfm.core.calendars import DAY_MIN
from wfm.core.errors import DataError
from wfm.core.ranges import check_range


@dataclass(frozen=True)
class Callback:
    """One promise to call somebody back.

    Parameters
    ----------
    queue
        The queue whose caller it was; who serves it calls back.
    day, at_min
        Local day, and minutes after its midnight.
    minutes
        How long it takes [min]; one agent has it from begin to end.

    Examples
    --------
    >>> Callback("support", date(2026, 3, 2), 10 * 60, 0.0)
    Traceback (most recent call last):
    ...
    wfm.core.errors.DataError: callback of 'support': it takes 0 minutes. Write more than 0.
    """

    queue: str
    day: date
    at_min: int
    minutes: float

    def __post_init__(self) -> None:
        check_range(f"callback of {self.queue!r}", "at_min", self.at_min, 0, DAY_MIN)
        if not 0 < self.minutes <= DAY_MIN:
            message = (
                f"callback of {self.queue!r}: it takes {self.minutes:g} minutes. Write more than 0."
            )
            raise DataError(message)
