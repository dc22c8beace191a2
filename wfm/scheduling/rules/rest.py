"""Least time between the end of a shift and the next start, across weeks too."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.patterns import own_patterns
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build
    from wfm.scheduling.groups import Group


@dataclass(frozen=True)
class Rest:
    """Rest of `Rules.rest_min` between shifts of an agent.

    In counts: of the agents of a band (across weeks: of a group), those who end late on a day and
    those who start too early for them on the next are different people. That is needed, and with
    one band for a day not always enough, so naming repairs what remains.
    """

    name: str = "rest"
    unit: str = "min"
    default: str = "660"
    source: str = "11 h of daily rest: EU 2003/88 art. 3."

    def constrain(self, build: Build) -> None:
        """Late starters and early ones of the following days fit into the agents there are."""
        layout, problem = build.layout, build.problem
        for number, group in enumerate(layout.groups):
            self._carried(build, number)
            rested = group.ends + problem.rest
            for day in range(problem.days):
                for after in range(day + 1, min(day + 3, problem.days)):
                    if problem.week_of(day) == problem.week_of(after):
                        self._same_week(build, number, rested, day, after)
                    else:
                        here = {a for a in group.agents if day not in problem.closed[a]}
                        here |= {a for a in group.agents if after not in problem.closed[a]}
                        pairs = _pairs(group.starts, group.start_day, rested, day, after)
                        for late, early in pairs:
                            y = build.columns.y[number]
                            build.at_most([(y[late], 1), (y[early], 1)], len(here))

    def _carried(self, build: Build, number: int) -> None:
        """No more early starts than agents who have rested since their last shift before.

        For the group by start, and for each class by the bands whose last start is too early.
        """
        problem, group, y = build.problem, build.layout.groups[number], build.columns.y[number]
        for day in range(min(2, problem.days)):
            today = np.flatnonzero(group.start_day == day)
            if not len(today):
                continue
            starts = group.starts[today]
            free = self._free(problem, group.agents, day)
            for late in np.unique(free[free > starts[0]]):
                early = today[starts < late]
                build.at_most([(y[early], 1)], int((free < late).sum()))
            inside = group.in_band[:, today]
            last = np.where(inside, starts, -1).max(axis=1)
            for h in build.layout.classes_of(number, problem.week_of(day)):
                own = self._free(problem, build.layout.classes[h].agents, day)
                m = build.columns.m[h][:, day - problem.days_of(problem.week_of(day))[0]]
                for late in np.unique(own[own > starts[0]]):
                    limit = int((own < late).sum())
                    build.at_most([(m[last < late], 1)], limit)
            if build.layout.exact:
                self._carried_by_band(build, number, day, today)

    def _free(self, problem: Problem, agents: np.ndarray, day: int) -> np.ndarray:
        """First interval in which each may start on a day; beyond all where it must be off."""
        week = problem.week_of(day)
        at = day - problem.days_of(week)[0]
        return np.array(
            [
                problem.free_from(a)
                if own_patterns(problem, a, week)[:, at].any()
                else len(problem.grid)
                for a in agents.tolist()
            ]
        )

    def _carried_by_band(self, build: Build, number: int, day: int, today: np.ndarray) -> None:
        """On a band that somebody may only begin late: as many early starts as others can take."""
        problem, x = build.problem, build.columns.x[number][:, today]
        starts = build.layout.groups[number].starts[today]
        classes = build.layout.classes_of(number, problem.week_of(day))
        at = day - problem.days_of(problem.week_of(day))[0]
        free = np.array(
            [
                max(problem.free_from(int(a)) for a in build.layout.classes[h].agents)
                for h in classes
            ]
        )
        m = np.array([build.columns.m[h][:, at] for h in classes])
        days = [build.layout.classes[h].may for h in classes]
        may = np.array([np.ones(len(x)) if d is None else d[:, at] for d in days], dtype=bool)
        for band, own in enumerate(x):
            first, last = starts[own >= 0][[0, -1]] if (own >= 0).any() else (0, -1)
            for late in np.unique(free[may[:, band] & (free > first) & (free <= last)]):
                early = own[(own >= 0) & (starts < late)]
                build.at_most([(early, 1.0), (m[free < late, band], -1.0)], 0)

    def _same_week(
        self, build: Build, number: int, rested: np.ndarray, day: int, after: int
    ) -> None:
        layout, group = build.layout, build.layout.groups[number]
        classes = layout.classes_of(number, build.problem.week_of(day))
        for band, x in enumerate(build.columns.x[number]):
            inside = np.flatnonzero(x >= 0)
            starts, days = group.starts[inside], group.start_day[inside]
            n = np.array([build.columns.n[h][band] for h in classes], dtype=int)
            for late, early in _pairs(starts, days, rested[inside], day, after):
                terms = [(x[inside[late]], 1.0), (x[inside[early]], 1.0), (n, -1.0)]
                build.at_most(terms, 0)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Shifts that follow too soon."""
        found = []
        for agent, shifts in roster.by_agent().items():
            if problem.before(agent).last_end and shifts[0].start < problem.free_from(agent):
                text = f"less than {problem.rules.rest_min} min since the last shift before."
                found.append(violation(problem, self.name, agent, shifts[0].start, text))
            for first, second in pairwise(shifts):
                rest = (second.start - first.end) * problem.interval_min
                if rest < problem.rules.rest_min:
                    text = f"{rest} min of rest before this shift, {problem.rules.rest_min} needed."
                    found.append(violation(problem, self.name, agent, second.start, text))
        return found


def rested_from(problem: Problem, group: Group) -> np.ndarray:
    """First interval, of a later day, in which a shift may follow each option of a group."""
    next_day = problem.first_interval[group.start_day + 1]
    return np.asarray(np.maximum(group.ends + problem.rest, next_day))


def _pairs(
    starts: np.ndarray, days: np.ndarray, rested: np.ndarray, day: int, after: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Sets (late shifts of a day, those of the later day too early for all of them).

    `rested` is the first interval in which a shift may follow each.
    """
    today, later = np.flatnonzero(days == day), np.flatnonzero(days == after)
    found: list[tuple[np.ndarray, np.ndarray]] = []
    known = 0
    for first in np.unique(rested[today]):
        early = later[starts[later] < first]
        if len(early) > known:
            known = len(early)
            found.append((today[rested[today] >= first], early))
    return found
