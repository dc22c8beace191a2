"""Paid hours a week, on the average of the planned days and those known before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, kind_of, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class HoursAverage:
    """`Rules.max_hours_average_week` over the planned period, earlier known days included.

    All days count, days of absence as days without work: a figure for people who are there. In
    counts: the shifts of a group over all weeks are paid at most what its people may be paid
    together; where every shift is paid alike, the most days of a single week are lowered instead
    (`Problem.limits`).
    """

    name: str = "hours_average"
    unit: str = "h a week"
    default: str = "no limit"
    source: str = (
        "48 h on average: EU 2003/88 art. 6, over four months as a rule (art. 16); 45 h: Labour "
        "Law 4857 art. 63; 40 h: Labour Codes of Georgia and Azerbaijan."
    )

    def constrain(self, build: Build) -> None:
        """Paid time of each group in all weeks, in units that every shift is a multiple of."""
        problem, layout = build.problem, build.layout
        if problem.rules.max_hours_average_week is None:
            return
        for number, group in enumerate(layout.groups):
            paid = np.array([kind.paid_min for kind in problem.contracts[group.contract].shifts])
            if problem.weeks < 2 and len(paid) == 1:
                continue
            agents, weeks = group.agents.tolist(), range(problem.weeks)
            unit = int(np.gcd.reduce(paid))
            allowed = sum((problem.paid_allowed(a) or 0) // unit for a in agents)
            likely = sum(problem.limits(a, week)[1] for a in agents for week in weeks)
            if allowed < likely * int(paid.max()) // unit:
                y = build.columns.y[number]
                row = build.rows(1, -np.inf, allowed)
                build.add(row, y, paid[group.kind] // unit)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """The first shift too many of each agent."""
        most, found = problem.rules.max_hours_average_week, []
        if most is None:
            return []
        for agent, shifts in roster.by_agent().items():
            kinds = problem.contract_of(agent).shifts
            paid = np.cumsum([kinds[kind_of(problem, shift)].paid_min for shift in shifts])
            over = np.flatnonzero(paid > (problem.paid_allowed(agent) or 0))
            if len(over):
                hours = problem.average_hours(agent, int(paid[-1]))
                text = f"is paid {hours:g} h a week on average, at most {most:g} are allowed."
                found.append(violation(problem, self.name, agent, shifts[over[0]].start, text))
        return found
