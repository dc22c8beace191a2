"""What a planner settles or changes by hand: locks and edits of a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wfm.core.calendars import DAY_MIN, clock_text, parse_clock
from wfm.core.errors import DataError
from wfm.core.ranges import check_numbers


@dataclass(frozen=True)
class Lock:
    """What is settled for an agent on a day: the start of its shift, or None for a day off.

    `shift` names the kind of shift; empty: any kind that starts then.
    """

    agent: str
    day: date
    start_min: int | None
    shift: str = ""

    def __post_init__(self) -> None:
        who = f"lock of {self.agent!r} on {self.day}"
        check_numbers(who, self)
        if self.start_min is not None and not 0 <= self.start_min < DAY_MIN:
            message = (
                f"{who}: it starts {self.start_min} min after midnight. Write a time from 00:00 to "
                "23:59."
            )
            raise DataError(message)

    @classmethod
    def parse(cls, agent: str, day: date, shift: str) -> Lock:
        """From a start by the clock, with or without a kind of shift, or ``off``.

        >>> Lock.parse("a1", date(2027, 1, 4), "08:30").start_min
        510
        >>> Lock.parse("a1", date(2027, 1, 4), "08:30 short").shift
        'short'
        """
        start, _, kind = shift.strip().partition(" ")
        if start.lower() == "off":
            return cls(agent, day, None)
        return cls(agent, day, parse_clock(start), kind.strip())


EDITS = {
    "move": "the shift of the day starts at another time",
    "off": "the shift of the day is taken away",
    "add": "a shift on a day off",
    "swap": "two agents change their days, shift or day off",
    "activity": "something else between two times of the shift",
}
"""What a planner may do to a schedule by hand."""


@dataclass(frozen=True)
class ShiftEdit:
    """One change of a schedule by hand.

    Parameters
    ----------
    kind
        A key of `EDITS`.
    agent, day
        Whose day; a shift belongs to the day on which it starts.
    start_min, end_min
        New start of the shift, or begin and end of the activity [min after midnight]; of an
        activity, a time before the shift's start is that of the next morning.
    other
        With whom to swap.
    activity, queue
        ``inbound`` or ``outbound`` with queue or campaign, or the name of a break.
    """

    kind: str
    agent: str
    day: date
    start_min: int | None = None
    end_min: int | None = None
    other: str = ""
    activity: str = ""
    queue: str = ""

    def __post_init__(self) -> None:
        if self.kind not in EDITS:
            message = f"edit: kind {self.kind!r} is not known. Use one of {', '.join(EDITS)}."
            raise DataError(message)

    def __str__(self) -> str:
        """Say the edit in words."""
        when = f"{self.agent}, {self.day:%a %d %b}"
        return {
            "move": f"{when}: start {clock_text(self.start_min)}",
            "off": f"{when}: day off",
            "add": f"{when}: shift from {clock_text(self.start_min)}",
            "swap": f"{when}: swap with {self.other}",
            "activity": f"{when}: {clock_text(self.start_min)}-{clock_text(self.end_min)} "
            f"{self.activity} {self.queue}".rstrip(),
        }[self.kind]
