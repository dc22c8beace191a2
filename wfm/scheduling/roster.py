"""A schedule read back from its segments alone: shifts and their pieces, in grid intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfm.core.people import ShiftKind
from wfm.core.types import Violation
from wfm.scheduling.line_terms import OFF
from wfm.scheduling.problem import Problem

WORK = ("inbound", "outbound")
MEETING = "meeting"


@dataclass(frozen=True)
class Piece:
    """One unbroken activity of a shift, from one interval to the next (exclusive)."""

    start: int
    end: int
    activity: str
    queue: str


@dataclass(frozen=True)
class Shift:
    """Pieces of one agent without a gap between them."""

    agent: int
    pieces: tuple[Piece, ...]

    @property
    def start(self) -> int:
        """First interval."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Interval after the last."""
        return self.pieces[-1].end


@dataclass(frozen=True, eq=False)
class Roster:
    """All shifts by agent and time, and the rows that could not be read."""

    shifts: tuple[Shift, ...]
    faults: tuple[Violation, ...]

    def by_agent(self) -> dict[int, list[Shift]]:
        """Shifts of each agent, in time order."""
        found: dict[int, list[Shift]] = {}
        for shift in self.shifts:
            found.setdefault(shift.agent, []).append(shift)
        return found


def day_at(problem: Problem, interval: int) -> int | None:
    """Day of the horizon that an interval lies in; None outside."""
    return int(problem.day[interval]) if 0 <= interval < problem.intervals else None


def when(problem: Problem, interval: int) -> str:
    """Local time of an interval for a message, also before and after the axis."""
    if 0 <= interval < len(problem.grid):
        return problem.stamp(interval)
    stamp = problem.grid[0] + interval * pd.Timedelta(minutes=problem.interval_min)
    return str(stamp.strftime("%a %Y-%m-%d %H:%M"))


def stretches(mask: np.ndarray) -> list[tuple[int, int]]:
    """First interval and length of each unbroken run of True.

    >>> stretches(np.array([True, False, True, True]))
    [(0, 1), (2, 2)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return [(int(a), int(b - a)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def violation(problem: Problem, rule: str, agent: int, interval: int, text: str) -> Violation:
    """A violation at one place."""
    return Violation(rule, text, problem.agents[agent].agent, when(problem, interval))


def may_start(problem: Problem, agent: int, kind: int, start: int) -> bool:
    """Whether a kind of shift may start at this time of the agent's clock, also off the axis."""
    kinds = problem.contract_of(agent).shifts
    return _may_start_at(kinds[kind], _clock(problem, agent, start))


def _clock(problem: Problem, agent: int, start: int) -> int:
    """Time of the agent's own clock at an interval, also off the axis [min]."""
    zone = problem.agents[agent].time_zone
    if 0 <= start < len(problem.grid):
        return int(problem.times[zone].clock[start])
    stamp = problem.grid[0] + start * pd.Timedelta(minutes=problem.interval_min)
    local = stamp.tz_convert(zone) if zone else stamp
    return int(60 * local.hour + local.minute)


def _may_start_at(kind: ShiftKind, clock: int) -> bool:
    since = clock - kind.start_from_min
    return since >= 0 and clock <= kind.start_to_min and since % kind.start_grid_min == 0


def kind_of(problem: Problem, shift: Shift) -> int:
    """Which of its contract's kinds a shift is: the one that it misses least.

    Its length counts most, then its start, then its breaks; of kinds that fit alike the first.
    """
    kinds = problem.contract_of(shift.agent).shifts
    if len(kinds) == 1:
        return 0
    minutes = (shift.end - shift.start) * problem.interval_min
    off = [abs(kind.shift_min - minutes) for kind in kinds]
    least, clock = min(off), _clock(problem, shift.agent, shift.start)
    near = [number for number, missed in enumerate(off) if missed == least]
    near = [number for number in near if _may_start_at(kinds[number], clock)] or near
    if len(near) == 1:
        return near[0]
    pauses = [p for p in shift.pieces if p.activity not in (*WORK, MEETING)]
    taken = [
        (p.activity, (p.end - p.start) * problem.interval_min, p.start - shift.start)
        for p in pauses
    ]

    def misses(number: int) -> int:
        kind = kinds[number]
        wrong = abs(len(taken) - len(kind.breaks))
        for (name, length, offset), want in zip(taken, kind.breaks, strict=False):
            inside = want.earliest_min <= offset * problem.interval_min <= want.latest_min
            wrong += (name, length) != (want.name, want.length_min) or not inside
        return wrong

    return min(near, key=misses)


def is_as_long(problem: Problem, shift: Shift) -> bool:
    """Whether a shift is as long as one of its agent's contract."""
    kinds = problem.contract_of(shift.agent).shifts
    return shift.end - shift.start in {problem.count(kind.shift_min) for kind in kinds}


def types_of(problem: Problem, roster: Roster) -> np.ndarray:
    """Shift type of each person and day of a schedule by shift type, `OFF` for none, (P, D).

    Each type is a queue: a shift has the type that it serves.
    """
    numbers = {queue: i for i, queue in enumerate(problem.queues)}
    types = np.full((len(problem.agents), problem.days), OFF)
    for shift in roster.shifts:
        day = day_at(problem, shift.start)
        if day is not None:
            types[shift.agent, day] = numbers.get(shift.pieces[0].queue, OFF)
    return types


def frame_of_types(problem: Problem, types: np.ndarray) -> pd.DataFrame:
    """Segments `agent start end activity queue` of lines of shift types, shape (P, D).

    Each shift starts and lasts as the contract's kind of the same number.
    """
    person, day = np.nonzero(types != OFF)
    number = types[person, day]
    kinds = [
        problem.contract_of(p).shifts[k]
        for p, k in zip(person.tolist(), number.tolist(), strict=True)
    ]
    begins = [kind.start_from_min // problem.interval_min for kind in kinds]
    lengths = [kind.shift_min // problem.interval_min for kind in kinds]
    first = problem.first_interval[day] + np.array(begins, dtype=int)
    return pd.DataFrame(
        {
            "agent": pd.Series([problem.agents[p].agent for p in person], dtype=str),
            "start": problem.grid[first],
            "end": problem.grid[first + np.array(lengths, dtype=int)],
            "activity": pd.Series(["inbound"] * len(person), dtype=str),
            "queue": pd.Series([problem.queues[k] for k in number], dtype=str),
        }
    )


def read_roster(problem: Problem, frame: pd.DataFrame) -> Roster:
    """Turn the segments of a schedule into shifts.

    Parameters
    ----------
    problem
        Gives agents and the grid.
    frame
        `agent start end activity queue` with zoned stamps, in any order; it is not changed.

    Returns
    -------
    Roster
        Equal neighbours at work are joined; segments without a gap are one shift. Rows of unknown
        agents, off the grid, without length or at the same time as another are faults.
    """
    numbers = {agent.agent: i for i, agent in enumerate(problem.agents)}
    step = pd.Timedelta(minutes=problem.interval_min)
    begin = ((frame["start"] - problem.grid[0]) / step).to_numpy(dtype=float)
    finish = ((frame["end"] - problem.grid[0]) / step).to_numpy(dtype=float)
    faults: list[Violation] = []
    rows: dict[int, list[Piece]] = {}
    texts = (frame[c].tolist() for c in ("agent", "activity", "queue"))
    for agent, activity, queue, a, b in zip(*texts, begin, finish, strict=True):
        number = numbers.get(agent)
        if number is None:
            faults.append(Violation("format", "is not among the agents.", str(agent)))
        elif not (np.isfinite(a) and np.isfinite(b)) or a % 1 or b % 1 or b <= a:
            text = "a segment is off the grid or has no length."
            faults.append(Violation("format", text, str(agent)))
        else:
            rows.setdefault(number, []).append(Piece(int(a), int(b), activity, queue))
    shifts: list[Shift] = []
    for number, pieces in sorted(rows.items()):
        shifts += _shifts(problem, number, sorted(pieces, key=lambda p: p.start), faults)
    return Roster(tuple(shifts), tuple(faults))


def _shifts(
    problem: Problem, agent: int, pieces: list[Piece], faults: list[Violation]
) -> list[Shift]:
    """Shifts of one agent; a piece that begins before the last one ends is a fault."""
    shifts: list[list[Piece]] = []
    for piece in pieces:
        last = shifts[-1][-1] if shifts else None
        if last and piece.start < last.end:
            text = "two segments at the same time."
            faults.append(violation(problem, "overlap", agent, piece.start, text))
        elif last and piece.start == last.end:
            same = (piece.activity, piece.queue) == (last.activity, last.queue)
            if same and piece.activity in WORK:
                shifts[-1][-1] = Piece(last.start, piece.end, last.activity, last.queue)
            else:
                shifts[-1].append(piece)
        else:
            shifts.append([piece])
    return [Shift(agent, tuple(found)) for found in shifts]
