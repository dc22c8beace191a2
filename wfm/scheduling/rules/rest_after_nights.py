"""A longer rest once a row of nights is over."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.calendars import DAY_MIN
from wfm.core.types import Violation
from wfm.scheduling.counts.follow import Follow, state_pairs
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation
from wfm.scheduling.rules.nights_per_week import night_starts
from wfm.scheduling.spells import Spell, own_spells

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class RestAfterNights:
    """`Rules.rest_after_nights_min` between the last night of a row and the next shift.

    A row goes on with a night on the next day; anything else ends it, a single night too. In
    counts: of the agents of a band (across weeks: of a group) those with a late night and those who
    start too early after it are different people.
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
            free, longest = group.ends + rest, int(group.length.max()) + rest
            for day in range(problem.days):
                today = np.flatnonzero(night & (group.start_day == day))
                last = day + 2 + longest * problem.interval_min // DAY_MIN
                for after in range(day + 1, min(last, problem.days)):
                    later = np.flatnonzero((group.start_day == after) & ~night)
                    known = 0
                    for first in np.unique(free[today]):
                        early = later[group.starts[later] < first]
                        if len(early) > known:
                            known = len(early)
                            late = today[free[today] >= first]
                            state_pairs(build, number, Follow(day, after, late, early))

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


def rest_intervals(problem: Problem) -> int | None:
    """The rest after nights in intervals, rounded up; None without the rule."""
    rest = problem.rules.rest_after_nights_min
    return None if rest is None else -(-rest // problem.interval_min)


def follows_nights(one: Spell, other: Spell, rest: int) -> bool:
    """Whether a shift comes too soon after a night that ended a row."""
    goes_on = other.night and other.day == one.day + 1
    return one.night and not goes_on and other.start - one.end < rest
