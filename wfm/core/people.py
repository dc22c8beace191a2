"""Agents and the contracts they work under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wfm.core.calendars import DAY_MIN, Opening, clock_text, parse_clock
from wfm.core.errors import DataError

LEVELS = 9
"""Levels of a skill, 1 the best, and priorities of a queue, 1 the highest."""


@dataclass(frozen=True)
class Break:
    """One pause of a shift: its length and the window of its start, counted from the shift's."""

    name: str
    length_min: int
    earliest_min: int
    latest_min: int
    paid: bool


@dataclass(frozen=True)
class Contract:
    """What an agent owes and may be asked: shift, days a week, starts, breaks.

    Parameters
    ----------
    contract
        Its name.
    shift_min
        Length of a shift, breaks included [min].
    paid_min
        Paid part of a shift: `shift_min` less the unpaid breaks [min].
    min_days_week, max_days_week
        Shifts in a week; the plan says on which day weeks begin.
    start_from_min, start_to_min, start_grid_min
        Earliest and latest start of a shift by the clock, and the raster of starts [min].
    breaks
        In the order they are taken.
    """

    contract: str
    shift_min: int
    paid_min: int
    min_days_week: int
    max_days_week: int
    start_from_min: int = 0
    start_to_min: int = DAY_MIN - 30
    start_grid_min: int = 30
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        problem = self._problem()
        if problem:
            message = f"contract {self.contract!r}: {problem}"
            raise DataError(message)

    def _problem(self) -> str:
        """Why nobody can fulfil this contract, or nothing."""
        unpaid = sum(b.length_min for b in self.breaks if not b.paid)
        if not 0 < self.shift_min <= DAY_MIN:
            return f"a shift of {self.shift_min} min is impossible. Use 1 to {DAY_MIN}."
        if self.paid_min != self.shift_min - unpaid:
            return (
                f"paid_min is {self.paid_min}, but {self.shift_min} min of shift less {unpaid} min "
                f"of unpaid breaks leave {self.shift_min - unpaid}. Correct one of them."
            )
        if not 0 <= self.min_days_week <= self.max_days_week <= 7:
            return (
                f"{self.min_days_week} to {self.max_days_week} days a week is impossible. "
                "Use 0 to 7, the least first."
            )
        if self.start_grid_min <= 0 or not 0 <= self.start_from_min <= self.start_to_min < DAY_MIN:
            return "its starts are impossible. Write earliest-latest/grid, such as 07:00-11:00/30."
        free, paid = 0, {pause.name: pause.paid for pause in self.breaks}
        for pause in self.breaks:
            if pause.name in ("", "inbound", "outbound", "meeting"):
                return f"a break cannot be named {pause.name!r}. Call it lunch, for example."
            if pause.paid != paid[pause.name]:
                return f"break {pause.name!r} is paid once and unpaid once. Give each its own name."
            if pause.length_min <= 0 or pause.earliest_min > pause.latest_min:
                return f"break {pause.name!r} has no room. Check its length and window."
            if pause.earliest_min < 0 or pause.latest_min + pause.length_min > self.shift_min:
                return (
                    f"break {pause.name!r} lies outside the shift of {self.shift_min} min. Move it."
                )
            if pause.latest_min < free:
                return f"break {pause.name!r} cannot come after the one before it. Reorder them."
            free = max(free, pause.earliest_min) + pause.length_min
        return ""


@dataclass(frozen=True)
class Absence:
    """Whole days on which an agent does not work, both ends included."""

    first: date
    last: date
    reason: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            message = f"absence: ends on {self.last}, before it starts on {self.first}. Swap them."
            raise DataError(message)


@dataclass(frozen=True)
class Agent:
    """A person: contract, skills (queues and campaigns' skills), employment and absences.

    `time_zone` is where the agent is: its contract's starts, its hours and its wish are read by the
    clock there; empty: the plan's. `hours` are the weekly hours in which whole shifts must lie,
    None for any; `preferred_start_min` is the start the agent would like [min after midnight].
    `levels` holds the skills that are not a first choice, each with its level, 2 to 9: a queue gets
    its best people first. `site` is where its seat is.
    """

    agent: str
    name: str
    contract: str
    skills: frozenset[str]
    team: str = ""
    time_zone: str = ""
    start_date: date | None = None
    end_date: date | None = None
    cost_per_h: float = 0.0
    absences: tuple[Absence, ...] = ()
    hours: Opening | None = None
    preferred_start_min: int | None = None
    levels: tuple[tuple[str, int], ...] = ()
    site: str = ""

    def __post_init__(self) -> None:
        for skill, level in self.levels:
            if skill not in self.skills or not 1 <= level <= LEVELS:
                message = (
                    f"agent {self.agent!r}: level {level} of skill {skill!r} is impossible. Use 1 "
                    f"to {LEVELS}, for skills that the agent has."
                )
                raise DataError(message)

    def level(self, skill: str) -> int:
        """Level of a skill, 1 for a first choice.

        >>> Agent("a", "a", "full", frozenset({"mail"}), levels=(("mail", 2),)).level("mail")
        2
        """
        return dict(self.levels).get(skill, 1)

    def available(self, day: date) -> bool:
        """Whether the agent is employed and not absent on a day."""
        employed = (self.start_date is None or self.start_date <= day) and (
            self.end_date is None or day <= self.end_date
        )
        return employed and not any(a.first <= day <= a.last for a in self.absences)

    def absent_days(self, first: date, days: int) -> list[int]:
        """Numbers, from `first`, of the days on which the agent cannot start a shift."""
        return [i for i in range(days) if not self.available(first + timedelta(days=i))]


@dataclass(frozen=True)
class Lock:
    """What is settled for an agent on a day: the start of its shift, or None for a day off."""

    agent: str
    day: date
    start_min: int | None

    @classmethod
    def parse(cls, agent: str, day: date, shift: str) -> Lock:
        """From a start by the clock or ``off``.

        >>> Lock.parse("a1", date(2027, 1, 4), "08:30").start_min
        510
        """
        text = shift.strip().lower()
        return cls(agent, day, None if text == "off" else parse_clock(text))


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
        New start of the shift, or begin and end of the activity [min after midnight].
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


@dataclass(frozen=True)
class CarryIn:
    """What an agent brings from the days before a schedule.

    Parameters
    ----------
    last_end
        End of the last shift, with a time zone; None for none.
    days_in_row
        Days worked without a day off, up to the evening before the schedule.
    weekends
        Whether each of the last weekends was worked, the latest last.
    shifts
        Begin and end of each shift that is known, the latest last, with a time zone.
    since
        Day from which on `shifts` are known; None for none.
    """

    last_end: datetime | None = None
    days_in_row: int = 0
    weekends: tuple[bool, ...] = ()
    shifts: tuple[tuple[datetime, datetime], ...] = ()
    since: date | None = None
