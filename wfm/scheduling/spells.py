"""One person's shifts as the rules about nights, next days and free time see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from wfm.core.calendars import DAY_MIN

if TYPE_CHECKING:
    from wfm.scheduling.problem import Problem


class Spell(NamedTuple):
    """A shift: intervals from the first midnight, and what it is by the agent's clock.

    `day` is its local day, 0 the first of the schedule, `clock` its start and `ends` its end, both
    in minutes after the midnight of that day; `night` says whether it counts as a night.
    """

    start: int
    end: int
    day: int
    clock: int
    ends: int
    night: bool


@dataclass(frozen=True, eq=False)
class Times:
    """The axis by one clock.

    Parameters
    ----------
    day, clock
        Local day and minutes after its midnight of each interval, shape (axis,).
    dark
        Night intervals before each one, shape (axis + 1,).
    least
        Night intervals that make a night of a shift.
    """

    day: np.ndarray
    clock: np.ndarray
    dark: np.ndarray
    least: int

    def nights(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Whether shifts count as nights."""
        return np.asarray(self.dark[ends] - self.dark[starts] >= self.least)

    def ends(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Ends of shifts in minutes after the midnight of the day they begin on."""
        return np.asarray((self.day[ends] - self.day[starts]) * DAY_MIN + self.clock[ends])

    def spell(self, start: int, end: int) -> Spell:
        """A shift of the axis; what lies beyond its last interval is cut off."""
        one, other = min(max(start, 0), len(self.day) - 1), min(max(end, 0), len(self.day) - 1)
        ends = int(self.day[other] - self.day[one]) * DAY_MIN + int(self.clock[other])
        night = bool(self.dark[other] - self.dark[one] >= self.least)
        return Spell(start, end, int(self.day[one]), int(self.clock[one]), ends, night)


def times_of(problem: Problem, time_zone: str) -> Times:
    """The axis of a problem by the clock of a time zone; empty: that of the plan."""
    grid = problem.grid_of(time_zone)
    clock = problem.clock_of(time_zone)
    return Times(*_read(problem, grid, clock))


def _read(
    problem: Problem, grid: pd.DatetimeIndex, clock: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    rules = problem.rules
    midnight = grid.tz_localize(None).normalize()
    day = (midnight - pd.Timestamp(problem.first_day)).days.to_numpy()
    first, last = rules.night_from_min, rules.night_to_min
    dark = (clock >= first) & (clock < last)
    if last <= first:
        dark = (clock >= first) | (clock < last)
    least = -(-rules.night_least_min // problem.interval_min)
    return day, clock, np.concatenate([[0], np.cumsum(dark)]), least


def past_spells(problem: Problem, agent: int) -> tuple[Spell, ...]:
    """Shifts before the schedule, as far as they are known, the latest last.

    Of whom only the last end is known, that shift is taken to be one of the contract's length that
    began before the schedule.
    """
    who, before = problem.agents[agent], problem.before(agent)
    known = list(before.shifts)
    step = pd.Timedelta(minutes=problem.interval_min)
    if before.last_end is not None and (not known or known[-1][1] < before.last_end):
        length = problem.contracts[who.contract].shift_min
        begun = before.last_end - pd.Timedelta(minutes=length)
        known.append((min(begun, problem.grid[0] - step), before.last_end))
    zone = who.time_zone or problem.time_zone
    found = []
    for begun, ended in known:
        start, end = pd.Timestamp(begun).tz_convert(zone), pd.Timestamp(ended).tz_convert(zone)
        grid = pd.date_range(start, end, freq=step)
        clock = np.asarray(grid.hour * 60 + grid.minute, dtype=int)
        day, clock, dark, least = _read(problem, grid, clock)
        ends = int(day[-1] - day[0]) * DAY_MIN + int(clock[-1])
        at = int((start - problem.grid[0]) // step), -int((problem.grid[0] - end) // step)
        found.append(Spell(*at, int(day[0]), int(clock[0]), ends, bool(dark[-2] >= least)))
    return tuple(found)


def own_spells(problem: Problem, agent: int, shifts: Sequence[tuple[int, int]]) -> list[Spell]:
    """Shifts of an agent (start, end) with those before the schedule, in time order."""
    times = problem.times[problem.agents[agent].time_zone]
    return [*problem.past[agent], *(times.spell(start, end) for start, end in sorted(shifts))]


def same_days(problem: Problem, agent: int, starts: np.ndarray) -> bool:
    """Whether starts fall on the same days by an agent's clock as by the plan's."""
    times = problem.times[problem.agents[agent].time_zone]
    return bool((times.day[starts] == problem.day[starts]).all())


def night_runs(spells: Sequence[Spell]) -> Iterator[list[Spell]]:
    """Nights on days one after the other.

    >>> a, b, c = (Spell(0, 1, day, 0, 1, True) for day in (0, 1, 3))
    >>> [len(run) for run in night_runs([a, b, c])]
    [2, 1]
    """
    run: list[Spell] = []
    for spell in spells:
        if run and not (spell.night and spell.day == run[-1].day + 1):
            yield run
            run = []
        if spell.night:
            run.append(spell)
    if run:
        yield run
