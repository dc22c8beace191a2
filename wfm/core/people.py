"""Agents and the contracts they work under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from wfm.core.calendars import DAY_MIN, Opening
from wfm.core.errors import DataError
from wfm.core.intervals import zone
from wfm.core.opening import as_opening
from wfm.core.ranges import about, check_numbers, check_range

LEVELS = 9
"""Levels of a skill, 1 the best, and priorities of a queue, 1 the highest."""
MOST_BREAKS = 90
"""Of all kinds of shift of a contract together."""


@dataclass(frozen=True)
class Break:
    """One pause of a shift: its length and the window of its start, counted from the shift's."""

    name: str
    length_min: int
    earliest_min: int
    latest_min: int
    paid: bool

    def __post_init__(self) -> None:
        check_numbers(f"break {self.name!r}", self)


@dataclass(frozen=True)
class ShiftKind:
    """One kind of shift: its length, when it may start, and its breaks.

    A split shift is a kind with a long unpaid break between its two parts.

    Parameters
    ----------
    shift
        Its name; a contract's own kind is called like the contract.
    shift_min, paid_min
        Length, breaks included, and paid part: the length less the unpaid breaks [min].
    start_from_min, start_to_min, start_grid_min
        Earliest and latest start by the clock, and the raster of starts [min].
    breaks
        In the order they are taken.

    Raises
    ------
    DataError
        If nobody can work it.

    Examples
    --------
    >>> gap = Break("gap", 180, 240, 240, paid=False)
    >>> ShiftKind("split", shift_min=660, paid_min=480, breaks=(gap,)).paid_min
    480
    """

    shift: str
    shift_min: int
    paid_min: int
    start_from_min: int = 0
    start_to_min: int = DAY_MIN - 30
    start_grid_min: int = 30
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        check_numbers(f"shift {self.shift!r}", self)
        problem = _shift_problem(self)
        if problem:
            message = f"shift {self.shift!r}: {problem}"
            raise DataError(message)


@dataclass(frozen=True)
class Contract:
    """What an agent owes and may be asked: shifts, days and paid hours a week.

    Parameters
    ----------
    contract
        Its name, and that of its own kind of shift.
    shift_min, paid_min, start_from_min, start_to_min, start_grid_min, breaks
        Its own kind of shift, see `ShiftKind`.
    min_days_week, max_days_week
        Shifts in a week; the plan says on which day weeks begin.
    more_shifts
        Further kinds, of which each day has one.
    min_hours_week, max_hours_week
        Paid hours in a week [h]; None for no limit.

    Examples
    --------
    >>> short = ShiftKind("short", shift_min=240, paid_min=240)
    >>> part = Contract("part", 360, 360, 3, 5, more_shifts=(short,), max_hours_week=24)
    >>> [(kind.shift, kind.paid_min) for kind in part.shifts]
    [('part', 360), ('short', 240)]
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
    more_shifts: tuple[ShiftKind, ...] = ()
    min_hours_week: float | None = None
    max_hours_week: float | None = None

    def __post_init__(self) -> None:
        check_numbers(f"contract {self.contract!r}", self)
        problem = _shift_problem(self) or self._problem()
        if problem:
            message = f"contract {self.contract!r}: {problem}"
            raise DataError(message)

    @cached_property
    def shifts(self) -> tuple[ShiftKind, ...]:
        """All kinds, its own first."""
        own = ShiftKind(
            self.contract,
            self.shift_min,
            self.paid_min,
            self.start_from_min,
            self.start_to_min,
            self.start_grid_min,
            self.breaks,
        )
        return (own, *self.more_shifts)

    @property
    def pauses(self) -> tuple[Break, ...]:
        """Breaks of all kinds, one kind after the other."""
        return tuple(pause for kind in self.shifts for pause in kind.breaks)

    @property
    def most_hours_week(self) -> float:
        """Most paid hours of a week [h]."""
        longest = max(kind.paid_min for kind in self.shifts)
        most = longest * self.max_days_week / 60
        return most if self.max_hours_week is None else min(most, self.max_hours_week)

    def _problem(self) -> str:
        """Why nobody can fulfil this contract, or nothing."""
        if not 0 <= self.min_days_week <= self.max_days_week <= 7:
            return (
                f"{self.min_days_week} to {self.max_days_week} days a week is impossible. "
                "Use 0 to 7, the least first."
            )
        names = [kind.shift for kind in self.shifts]
        for name in names[1:]:
            if not name or names.count(name) > 1:
                return f"shift {name!r} has no name of its own. Give each kind another one."
        paid: dict[str, bool] = {}
        for pause in self.pauses:
            if pause.paid != paid.setdefault(pause.name, pause.paid):
                return f"break {pause.name!r} is paid once and unpaid once. Give each its own name."
        if len(self.pauses) > MOST_BREAKS:
            return f"its shifts have {len(self.pauses)} breaks. Use at most {MOST_BREAKS}."
        least, most = self.min_hours_week or 0.0, self.max_hours_week
        if least < 0 or (most is not None and not least <= most <= 7 * 24):
            return (
                f"{least:g} to {most:g} paid hours a week is impossible. "
                "Use 0 to 168, the least first."
            )
        return ""


def _shift_problem(kind: ShiftKind | Contract) -> str:
    """Why nobody can work a kind of shift, or nothing."""
    unpaid = sum(b.length_min for b in kind.breaks if not b.paid)
    if not 0 < kind.shift_min <= DAY_MIN:
        return f"a shift of {kind.shift_min} min is impossible. Use 1 to {DAY_MIN}."
    if kind.paid_min != kind.shift_min - unpaid:
        return (
            f"paid_min is {kind.paid_min}, but {kind.shift_min} min of shift less {unpaid} min "
            f"of unpaid breaks leave {kind.shift_min - unpaid}. Correct one of them."
        )
    if kind.start_grid_min <= 0 or not 0 <= kind.start_from_min <= kind.start_to_min < DAY_MIN:
        return "its starts are impossible. Write earliest-latest/grid, such as 07:00-11:00/30."
    free = 0
    for pause in kind.breaks:
        if pause.name in ("", "inbound", "outbound", "meeting"):
            return f"a break cannot be named {pause.name!r}. Call it lunch, for example."
        if pause.length_min <= 0 or pause.earliest_min > pause.latest_min:
            return f"break {pause.name!r} has no room. Check its length and window."
        if pause.earliest_min < 0 or pause.latest_min + pause.length_min > kind.shift_min:
            return f"break {pause.name!r} lies outside the shift of {kind.shift_min} min. Move it."
        if pause.latest_min < free:
            return f"break {pause.name!r} cannot come after the one before it. Reorder them."
        free = max(free, pause.earliest_min) + pause.length_min
    return ""


@dataclass(frozen=True)
class Absence:
    """Whole days on which an agent starts no shift, both ends included.

    A shift belongs to the day on which it starts: a night shift of the evening before may end in
    the morning of `first`.
    """

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
    clock there; empty: the plan's. No shift starts before `start_date` or after `end_date`; one
    that starts on `end_date` may end on the next morning. `hours` are the weekly hours in which
    whole shifts must lie, also as a text that `Opening.parse` reads, None for any;
    `preferred_start_min` is the start the agent would like [min after midnight].
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
        if not self.agent:
            message = f"agent {self.name!r}: it has no id. Give each agent one of its own."
            raise DataError(message)
        who = f"agent {self.agent!r}"
        object.__setattr__(self, "hours", as_opening(who, self.hours))
        if self.time_zone:
            with about(who):
                zone(self.time_zone)
        check_numbers(who, self)
        check_range(who, "cost_per_h", self.cost_per_h)
        check_range(who, "preferred_start_min", self.preferred_start_min, 0, DAY_MIN)
        if self.start_date and self.end_date and self.end_date < self.start_date:
            message = (
                f"{who}: end_date {self.end_date} is before start_date {self.start_date}. Swap "
                "the two."
            )
            raise DataError(message)
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
class CarryIn:
    """What an agent brings from the days before a schedule.

    Parameters
    ----------
    last_end
        End of the last shift, with a time zone; None for none.
    days_in_row
        Days worked without a day off, up to the evening before the schedule.
    weekends
        Whether each of the last weekends was worked, the latest last: of a schedule that begins on
        a Sunday the one of the Saturday before.
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

    def __post_init__(self) -> None:
        check_numbers("carry-in", self)
        moments = [] if self.last_end is None else [("last_end", self.last_end)]
        moments += [("shifts", moment) for shift in self.shifts for moment in shift]
        for name, moment in moments:
            if moment.tzinfo is None:
                message = f"carry-in: {name} {moment} has no time zone. Add one."
                raise DataError(message)
