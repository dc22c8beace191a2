"""A schedule changed by hand: shifts moved, swapped, added or taken away, and activities set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfm.core.calendars import DAY_MIN
from wfm.core.edits import ShiftEdit
from wfm.core.errors import DataError
from wfm.scheduling.crew import Crew
from wfm.scheduling.finished.explain import crew_of
from wfm.scheduling.finished.swaps import swap
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.problem import ANY, Begin, Problem
from wfm.scheduling.roster import (
    Piece,
    Roster,
    Shift,
    is_as_long,
    kind_of,
    may_start,
    read_roster,
)


def apply_edits(problem: Problem, frame: pd.DataFrame, edits: Sequence[ShiftEdit]) -> pd.DataFrame:
    """Return the segments of a schedule after edits, in their order; legal or not.

    Parameters
    ----------
    problem
        What the schedule is for.
    frame
        `agent start end activity queue`.
    edits
        What to change; a new or moved shift takes its breaks and queues where they cost least.

    Raises
    ------
    DataError
        An agent, day or shift that is not there.
    """
    for edit in edits:
        frame = rows(problem, _EDITS[edit.kind](_Change(problem, frame, edit)))
    return frame


def rows(problem: Problem, shifts: Sequence[Shift]) -> pd.DataFrame:
    """Segments `agent start end activity queue` of some shifts, by agent and time."""
    ordered = sorted(shifts, key=lambda s: (s.agent, s.start))
    pieces = [(problem.agents[s.agent].agent, p) for s in ordered for p in s.pieces]
    grid = problem.grid
    return pd.DataFrame(
        {
            "agent": pd.Series([name for name, _ in pieces], dtype=str),
            "start": grid[[p.start for _, p in pieces]],
            "end": grid[[p.end for _, p in pieces]],
            "activity": pd.Series([p.activity for _, p in pieces], dtype=str),
            "queue": pd.Series([p.queue for _, p in pieces], dtype=str),
        }
    )


@dataclass(frozen=True, eq=False)
class _Change:
    """One edit on one schedule."""

    problem: Problem
    frame: pd.DataFrame
    edit: ShiftEdit

    def agent(self, name: str) -> int:
        """Number of an agent."""
        for number, agent in enumerate(self.problem.agents):
            if agent.agent == name:
                return number
        return self.refuse(f"there is no agent {name!r}. Correct the name")

    @property
    def day(self) -> int:
        """Number of the edit's day."""
        day = (self.edit.day - self.problem.first_day).days
        if not 0 <= day < self.problem.days:
            self.refuse("the day lies outside the schedule. Choose one of its days")
        return day

    def split(
        self, agent: int, shifts: Sequence[Shift] | None = None
    ) -> tuple[Shift | None, list[Shift]]:
        """The agent's shift that starts on the day, and all others (of `shifts`)."""
        own, others = None, []
        for shift in read_roster(self.problem, self.frame).shifts if shifts is None else shifts:
            inside = 0 <= shift.start < self.problem.intervals
            if shift.agent == agent and inside and self.problem.day[shift.start] == self.day:
                own = shift
            else:
                others.append(shift)
        return own, others

    def needed(self, agent: int) -> tuple[Shift, list[Shift]]:
        """The same, refused when there is no such shift."""
        own, others = self.split(agent)
        if own is None:
            name = self.problem.agents[agent].agent
            self.refuse(f"agent {name!r} has no shift that day. Add one instead")
        assert own is not None
        return own, others

    def at(self, clock_min: int | None, later: int = 0) -> int:
        """Interval at a time of the clock on the day, or so many days later."""
        if clock_min is None:
            return self.refuse("it needs a time. Write one such as 08:30")
        start = self.problem.interval_at(self.day + later, clock_min)
        if int(self.problem.clock[start]) != clock_min:
            step = self.problem.interval_min
            self.refuse(f"the time is not on the grid of {step} minutes. Round it")
        return start

    def from_on(self, clock_min: int | None, least: int) -> int:
        """The first interval from `least` on at a time of the clock: on the day or the next."""
        if clock_min == DAY_MIN:
            return self.at(0, later=1)
        start = self.at(clock_min)
        return start if start >= least else self.at(clock_min, later=1)

    def refuse(self, why: str) -> int:
        """One sentence."""
        message = f"edit {self.edit.kind!r} of {self.edit.agent!r} on {self.edit.day}: {why}."
        raise DataError(message)


def fresh_shift(problem: Problem, others: Sequence[Shift], agent: int, begin: Begin) -> Shift:
    """A shift of an agent from an interval on, breaks and queues where they cost least."""
    known = [shift for shift in others if is_as_long(problem, shift)]
    return shift_beside(crew_of(problem, rows(problem, known)), agent, begin)


def shift_beside(crew: Crew, agent: int, begin: Begin) -> Shift:
    """The same beside a crew, which it leaves as it is; of `ANY` kind, of the cheapest that may be.

    Those that may start then, or all where none may; where costs are alike the first.
    """
    tours = Tours(crew)
    price, code = tours.prices(agent)
    shifts = crew.problem.contract_of(agent).shifts
    tried = []
    for kind in crew.problem.kinds_of(agent, begin):
        beside, own = crew.copy(), Begin(begin.start, shifts.index(kind))
        beside.put(agent, own, tours.codes(agent, own, price, code))
        tried.append((beside.cost(), own))
    best = min(tried)[1]
    alone = Crew(crew.layout)
    alone.put(agent, best, tours.codes(agent, best, price, code))
    return read_roster(crew.problem, alone.frame()).shifts[0]


def _move(change: _Change) -> list[Shift]:
    """The shift keeps its kind where that may start then."""
    problem, agent = change.problem, change.agent(change.edit.agent)
    own, others = change.needed(agent)
    start, kind = change.at(change.edit.start_min), kind_of(problem, own)
    begin = Begin(start, kind if may_start(problem, agent, kind, start) else ANY)
    return [*others, fresh_shift(problem, others, agent, begin)]


def _off(change: _Change) -> list[Shift]:
    return change.needed(change.agent(change.edit.agent))[1]


def _add(change: _Change) -> list[Shift]:
    agent = change.agent(change.edit.agent)
    own, others = change.split(agent)
    if own is not None:
        change.refuse("the agent has a shift that day. Move it instead")
    begin = Begin(change.at(change.edit.start_min), ANY)
    return [*others, fresh_shift(change.problem, others, agent, begin)]


def _swap(change: _Change) -> list[Shift]:
    """Both agents take each other's day, be it a shift or a day off."""
    one, other = change.agent(change.edit.agent), change.agent(change.edit.other)
    mine, rest = change.split(one)
    theirs, rest = change.split(other, rest)
    if one == other or (mine is None and theirs is None):
        change.refuse("there is nothing to swap. Name somebody whose day differs")
    problem, pair = change.problem, [s for s in (mine, theirs) if s is not None]
    known = [s for s in rest if s.agent in (one, other) or is_as_long(problem, s)]
    crew = swap(crew_of(problem, rows(problem, [*known, *pair])), one, other, change.day)
    frame = crew.frame()
    names = {problem.agents[one].agent, problem.agents[other].agent}
    taken = read_roster(problem, frame[frame["agent"].isin(names)]).shifts
    return [*rest, *(s for s in taken if problem.day[s.start] == change.day)]


def _activity(change: _Change) -> list[Shift]:
    """Between two times of the shift the agent does something else.

    A time before the shift's start is that of the next morning.
    """
    edit = change.edit
    own, others = change.needed(change.agent(edit.agent))
    first = change.from_on(edit.start_min, own.start)
    last = change.from_on(edit.end_min, first + 1)
    if not own.start <= first < last <= own.end:
        change.refuse("the times lie outside the shift. Choose times inside it")
    pieces = [Piece(first, last, edit.activity, edit.queue)]
    for piece in own.pieces:
        for a, b in ((piece.start, min(piece.end, first)), (max(piece.start, last), piece.end)):
            if a < b:
                pieces.append(Piece(a, b, piece.activity, piece.queue))
    return [*others, Shift(own.agent, tuple(sorted(pieces, key=lambda p: p.start)))]


_EDITS = {"move": _move, "off": _off, "add": _add, "swap": _swap, "activity": _activity}


def days_of(problem: Problem, roster: Roster) -> dict[str, dict[int, Begin]]:
    """Start and kind of each shift by agent and day of the horizon."""
    found: dict[str, dict[int, Begin]] = {}
    for shift in roster.shifts:
        if 0 <= shift.start < problem.intervals:
            own = found.setdefault(problem.agents[shift.agent].agent, {})
            own[int(problem.day[shift.start])] = Begin(shift.start, kind_of(problem, shift))
    return found


def effect(problem: Problem, before: np.ndarray, after: np.ndarray) -> pd.DataFrame:
    """Heads before and after by interval and queue, where an edit changed them.

    Parameters
    ----------
    problem
        Gives requirement and grid.
    before, after
        Heads at work, shape (queues, intervals).
    """
    queue, at = np.nonzero(before != after)
    return pd.DataFrame(
        {
            "start": problem.grid[at],
            "queue": [problem.queues[q] for q in queue],
            "required": problem.required[queue, at],
            "before": before[queue, at],
            "after": after[queue, at],
        }
    )
