"""Fewest and most shifts an agent works in a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.patterns import days_together
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, day_at, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class DaysPerWeek:
    """The contract's days a week, less where absences or the horizon leave fewer days.

    Of a week that began before the schedule, the days that are known to have been worked count.
    """

    name: str = "days_per_week"
    unit: str = "days"
    default: str = "as in the contract"
    source: str = "The contract; 48 h a week on average: EU 2003/88 art. 6."

    def constrain(self, build: Build) -> None:
        """Columns m: working agents by class, band and day; their sums within limits."""
        for one, n in zip(build.layout.classes, build.columns.n, strict=True):
            days = np.array(build.problem.days_of(one.week))
            everywhere = np.ones((len(n), len(days)), dtype=bool)
            m = build.block("m", everywhere, one.size, day=days[None, :], group=one.group)
            build.columns.m.append(m)
            daily = build.rows(m.size, -np.inf, 0).reshape(m.shape)
            build.add(daily, m)
            build.add(daily, n[:, None], -1)
            least = build.rows(len(n), 0, np.inf)
            build.add(least[:, None], m)
            build.add(least, n, -one.fewest)
            most = build.rows(len(n), -np.inf, 0)
            build.add(most[:, None], m)
            build.add(most, n, -one.most)
            settled = [day for day, _ in one.locked]
            rows = build.rows(len(n) * len(settled), 0, np.inf)
            build.add(rows.reshape(len(n), len(settled)), m[:, settled])
            build.add(rows.reshape(len(n), len(settled)), n[:, None], -1)
            if build.layout.exact:
                continue
            for together in days_together(build.problem, one.agents, one.week):
                row = build.rows(1, together.fewest, together.most)
                build.add(row, m[:, together.days].ravel())

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Agents and weeks below or above."""
        worked = np.zeros((len(problem.agents), problem.weeks), dtype=int)
        for agent, shifts in roster.by_agent().items():
            days = {day_at(problem, shift.start) for shift in shifts}
            for day in days - {None}:
                worked[agent, problem.week_of(int(day or 0))] += 1
        found = []
        for agent in range(len(problem.agents)):
            for week in range(problem.weeks):
                fewest, most = problem.asked_days(agent, week)
                count = int(worked[agent, week])
                if not fewest <= count <= most:
                    text = f"works {count} days this week, {fewest} to {most} are allowed."
                    first = int(problem.first_interval[problem.days_of(week)[0]])
                    found.append(violation(problem, self.name, agent, first, text))
        return found
