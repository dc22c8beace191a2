"""Least time between the end of a shift and the next start, across weeks too."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation

if TYPE_CHECKING:
    from wfm.scheduling.build import Build


@dataclass(frozen=True)
class Rest:
    """Rest of `Rules.rest_min` between shifts of an agent.

    In counts: of the agents of a band (across weeks: of a group), those who start late on a day and
    those who start too early for them on the next are different people. That is needed, and with
    one band for a day not always enough, so naming repairs what remains.
    """

    name: str = "rest"

    def constrain(self, build: Build) -> None:
        """Late starters and early ones of the following days fit into the agents there are."""
        layout, problem = build.layout, build.problem
        for number, group in enumerate(layout.groups):
            turn = turn_intervals(problem, group.length)
            for day in range(problem.days):
                for after in range(day + 1, min(day + 3, problem.days)):
                    if problem.week_of(day) == problem.week_of(after):
                        self._same_week(build, number, turn, day, after)
                    else:
                        here = {a for a in group.agents if day not in problem.absent[a]}
                        here |= {a for a in group.agents if after not in problem.absent[a]}
                        for late, early in _pairs(group.starts, group.start_day, turn, day, after):
                            y = build.columns.y[number]
                            build.at_most([(y[late], 1), (y[early], 1)], len(here), weekly=True)

    def _same_week(self, build: Build, number: int, turn: int, day: int, after: int) -> None:
        layout, group = build.layout, build.layout.groups[number]
        classes = layout.classes_of(number, build.problem.week_of(day))
        for band, x in enumerate(build.columns.x[number]):
            inside = np.flatnonzero(x >= 0)
            starts, days = group.starts[inside], group.start_day[inside]
            n = np.array([build.columns.n[h][band] for h in classes], dtype=int)
            for late, early in _pairs(starts, days, turn, day, after):
                terms = [(x[inside[late]], 1.0), (x[inside[early]], 1.0), (n, -1.0)]
                build.at_most(terms, 0, weekly=True)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Shifts that follow too soon."""
        found = []
        for agent, shifts in roster.by_agent().items():
            for first, second in pairwise(shifts):
                rest = (second.start - first.end) * problem.interval_min
                if rest < problem.rules.rest_min:
                    text = f"{rest} min of rest before this shift, {problem.rules.rest_min} needed."
                    found.append(violation(problem, self.name, agent, second.start, text))
        return found


def turn_intervals(problem: Problem, length: int) -> int:
    """Least intervals from a start to the next: the shift and the rest, rounded up to the grid."""
    return length + -(-problem.rules.rest_min // problem.interval_min)


def _pairs(
    starts: np.ndarray, days: np.ndarray, turn: int, day: int, after: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Sets (late starts of a day, starts of the later day too early for all of them)."""
    today, later = np.flatnonzero(days == day), np.flatnonzero(days == after)
    found: list[tuple[np.ndarray, np.ndarray]] = []
    known = 0
    for first in starts[today]:
        early = later[starts[later] < first + turn]
        if len(early) > known:
            known = len(early)
            found.append((today[starts[today] >= first], early))
    return found
