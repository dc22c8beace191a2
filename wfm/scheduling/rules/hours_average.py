"""Paid hours a week, on the average of the planned days and those known before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation

if TYPE_CHECKING:
    from wfm.scheduling.build import Build


@dataclass(frozen=True)
class HoursAverage:
    """`Rules.max_hours_average_week` over the planned period, earlier known days included.

    All days count, days of absence as days without work: a figure for people who are there. In
    counts: the shifts of a group over all weeks are at most those its people may work together;
    in a single week the contract's most days are lowered instead (`Problem.limits`).
    """

    name: str = "hours_average"
    unit: str = "h a week"
    default: str = "no limit"
    source: str = (
        "48 h on average: EU 2003/88 art. 6, over four months as a rule (art. 16); 45 h: Labour "
        "Law 4857 art. 63; 40 h: Labour Codes of Georgia and Azerbaijan."
    )

    def constrain(self, build: Build) -> None:
        """Days worked by each group in all weeks."""
        problem, layout = build.problem, build.layout
        if problem.rules.max_hours_average_week is None or problem.weeks < 2:
            return
        for number, group in enumerate(layout.groups):
            agents, weeks = group.agents.tolist(), range(problem.weeks)
            allowed = [problem.shifts_allowed(agent) or 0 for agent in agents]
            likely = [sum(problem.limits(a, week)[1] for week in weeks) for a in agents]
            if sum(allowed) < sum(likely):
                row = build.rows(1, -np.inf, sum(allowed), joins_days=True)
                for one, m in zip(layout.classes, build.columns.m, strict=True):
                    if one.group == number:
                        build.add(row, m.ravel())

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """The first shift too many of each agent."""
        most, found = problem.rules.max_hours_average_week, []
        if most is None:
            return []
        for agent, shifts in roster.by_agent().items():
            allowed = problem.shifts_allowed(agent) or 0
            if len(shifts) > allowed:
                hours = problem.average_hours(agent, len(shifts))
                text = f"is paid {hours:g} h a week on average, at most {most:g} are allowed."
                found.append(violation(problem, self.name, agent, shifts[allowed].start, text))
        return found
