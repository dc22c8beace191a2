"""A longer rest once a row of nights is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.calendars import DAY_MIN
from wfm.core.types import Violation
from wfm.scheduling.counts.follow import NEVER, Follow, state_after, state_pairs
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation
from wfm.scheduling.rules.nights_per_week import night_starts
from wfm.scheduling.spells import Spell, own_spells, same_days

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build
    from wfm.scheduling.groups import Group


@dataclass(frozen=True)
class RestAfterNights:
    """`Rules.rest_after_nights_min` between the last night of a row and the next shift.

    A row goes on with a night on the next day; anything else ends it, a single night too. In
    counts: of the agents of a band (across weeks: of a group) those with a late night and those who
    start too early after it are different people, unless a night between goes on with the row.
    """

    name: str = "rest_after_nights"
    unit: str = "min"
    default: str = "as between any shifts"
    source: str = "A habit of the trade and of works agreements, not a legal limit."

    def constrain(self, build: Build) -> None:
        """Nights and what follows them too soon fit into the agents there are."""
        problem = build.problem
        rest = rest_intervals(problem)
        if rest is None:
            return
        for number, group in enumerate(build.layout.groups):
            night = night_starts(problem, group.agents[0], group.starts, group.length)
            starts, free = group.starts, group.ends + rest
            further = (int(group.length.max()) + rest) * problem.interval_min // DAY_MIN + 1
            for day in range(problem.days):
                today = np.flatnonzero(night & (group.start_day == day))
                for after in range(day + 1, min(day + further + 1, problem.days)):
                    for later, unless in _later(problem, group, night, day, after):
                        for first in _steps(starts[later], free[today]):
                            late, early = today[free[today] >= first], later[starts[later] < first]
                            state_pairs(build, number, Follow(day, after, late, early, unless))
            worn = [(a, problem.past[a][-1]) for a in group.agents.tolist() if problem.past[a]]
            worn = [(a, last) for a, last in worn if last.night]
            for day, after in product({last.day for _, last in worn}, range(problem.days)):
                rested = {a: last.end + rest for a, last in worn if last.day == day}
                for later, unless in _later(problem, group, night, day, after):
                    for first in _steps(starts[later], np.array(list(rested.values()))):
                        tired = [a for a, end in rested.items() if end >= first]
                        early = later[starts[later] < first]
                        state_after(build, number, after, tired, early, unless)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Shifts that follow a row of nights too soon."""
        rest, found = rest_intervals(problem), []
        if rest is None:
            return []
        for agent, shifts in roster.by_agent().items():
            spells = own_spells(problem, agent, [(s.start, s.end) for s in shifts])
            for one, other in pairwise(spells):
                if other.start >= 0 and follows_nights(one, other, rest):
                    had, asked = other.start - one.end, problem.rules.rest_after_nights_min
                    had *= problem.interval_min
                    text = f"{had} min of rest after a row of nights, {asked} needed."
                    found.append(violation(problem, self.name, agent, other.start, text))
        return found


def _later(
    problem: Problem, group: Group, night: np.ndarray, day: int, after: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Starts of a day that do not go on with a night of one before, and nights between that do."""
    today = group.start_day == after
    yield np.flatnonzero(today & ~night), NEVER
    if after > day + 1 and same_days(problem, group.agents[0], group.starts):
        yield np.flatnonzero(today & night), np.flatnonzero(night & (group.start_day == day + 1))


def _steps(starts: np.ndarray, rested: np.ndarray) -> Iterator[int]:
    """Ends of a rest before which more starts lie than before any sooner one."""
    known = 0
    for first in np.unique(rested).tolist():
        count = int((starts < first).sum())
        if count > known:
            known = count
            yield first


def rest_intervals(problem: Problem) -> int | None:
    """The rest after nights in intervals, rounded up; None without the rule."""
    rest = problem.rules.rest_after_nights_min
    return None if rest is None else -(-rest // problem.interval_min)


def follows_nights(one: Spell, other: Spell, rest: int) -> bool:
    """Whether a shift comes too soon after a night that ended a row."""
    goes_on = other.night and other.day == one.day + 1
    return one.night and not goes_on and other.start - one.end < rest
