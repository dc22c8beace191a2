"""At most so many nights one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation
from wfm.scheduling.rules.nights_per_week import night_starts
from wfm.scheduling.spells import night_runs, own_spells, same_days

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class NightsInRow:
    """`Rules.max_nights_in_row`: nights on days one after the other, those before included.

    In counts: of each window of one day more than the limit everybody of a band (across weeks: of a
    group) has a day without a night, as far as their days begin when the plan's do.
    """

    name: str = "nights_in_row"
    unit: str = "nights"
    default: str = "no limit"
    source: str = "A habit of the trade, for health: EU 2003/88 art. 12 asks for protection."

    def constrain(self, build: Build) -> None:
        """Windows of days inside a week by band, across weeks and after the past by group."""
        problem, layout, columns = build.problem, build.layout, build.columns
        most = problem.rules.max_nights_in_row
        if most is None:
            return
        for number, group in enumerate(layout.groups):
            if not same_days(problem, group.agents[0], group.starts):
                continue
            night = night_starts(problem, group.agents[0], group.starts, group.length)
            y, agents = columns.y[number], group.agents.tolist()
            for first in range(problem.days - most):
                window = range(first, first + most + 1)
                at = np.flatnonzero(night & np.isin(group.start_day, np.array(window)))
                if len(np.unique(group.start_day[at])) <= most:
                    continue
                week = problem.week_of(window[0])
                if week != problem.week_of(window[-1]):
                    most_of = [min(self._there(problem, a, window), most) for a in agents]
                    build.at_most([(y[at], 1)], sum(most_of))
                    continue
                classes = layout.classes_of(number, week)
                for band, x in enumerate(columns.x[number]):
                    n = np.array([columns.n[h][band] for h in classes], dtype=int)
                    if (x[at] >= 0).any():
                        build.at_most([(x[at], 1), (n, -most)], 0)
            runs = np.array([nights_up_to(problem, a) for a in agents])
            for length in range(1, min(most, problem.days) + 1):
                if not (runs + length > most).any():
                    continue
                at = np.flatnonzero(night & (group.start_day < length))
                full = runs + length > most
                there = np.array([self._there(problem, a, range(length)) for a in agents])
                limit = np.minimum(there, length - full).sum()
                if len(at):
                    build.at_most([(y[at], 1)], int(limit))

    @staticmethod
    def _there(problem: Problem, agent: int, window: range) -> int:
        """Days of a window on which an agent may start."""
        return sum(day not in problem.closed[agent] for day in window)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """The first night too many of each row."""
        most, found = problem.rules.max_nights_in_row, []
        if most is None:
            return []
        for agent, shifts in roster.by_agent().items():
            spells = own_spells(problem, agent, [(s.start, s.end) for s in shifts])
            for run in night_runs(spells):
                if len(run) > most and run[-1].start >= 0:
                    first = max(run[most].start, next(n.start for n in run if n.start >= 0))
                    text = f"works {len(run)} nights in a row, at most {most} are allowed."
                    found.append(violation(problem, self.name, agent, first, text))
        return found


def nights_up_to(problem: Problem, agent: int) -> int:
    """Nights in a row up to the one of the day before the schedule."""
    *_, run = [[], *night_runs(problem.past[agent])]
    return len(run) if run and run[-1].day == -1 else 0
