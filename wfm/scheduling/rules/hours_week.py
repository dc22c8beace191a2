"""Least and most paid hours of an agent in a week."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, day_at, kind_of, violation

if TYPE_CHECKING:
    from wfm.scheduling.build import Build


@dataclass(frozen=True)
class HoursWeek:
    """`Contract.min_hours_week` and `max_hours_week`, less where an agent is there on fewer days.

    In counts: the shifts of a band are paid, all together, between what its agents need at least
    and at most. Which of them has the long ones is settled when they are named.
    """

    name: str = "hours_week"
    unit: str = "paid hours a week"
    default: str = "no rule"
    source: str = "The contract; 48 h a week on average: EU 2003/88 art. 6."

    def constrain(self, build: Build) -> None:
        """Paid time of a band's shifts in a week, in units that every shift is a multiple of."""
        problem, layout, columns = build.problem, build.layout, build.columns
        for number, group in enumerate(layout.groups):
            kinds = problem.contracts[group.contract].shifts
            unit = math.gcd(*(kind.paid_min for kind in kinds))
            paid = np.array([kind.paid_min // unit for kind in kinds])[group.kind]
            for week in range(problem.weeks):
                classes = layout.classes_of(number, week)
                limited = [layout.classes[h].paid for h in classes]
                if not limited or limited[0] is None:
                    continue
                here = np.isin(group.start_day, np.array(problem.days_of(week)))
                x = columns.x[number][:, here]
                for side, low, high in ((0, 0.0, np.inf), (1, -np.inf, 0.0)):
                    rows = build.rows(len(x), low, high, joins_days=True)
                    build.add(rows[:, None], x, paid[here])
                    for h, limits in zip(classes, limited, strict=True):
                        assert limits is not None
                        bound = limits[1] // unit if side else -(-limits[0] // unit)
                        build.add(rows, columns.n[h], -float(bound))

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Weeks of an agent that are paid too little or too much."""
        paid = np.zeros((len(problem.agents), problem.weeks), dtype=int)
        for shift in roster.shifts:
            day = day_at(problem, shift.start)
            if day is not None:
                kind = problem.contract_of(shift.agent).shifts[kind_of(problem, shift)]
                paid[shift.agent, problem.week_of(day)] += kind.paid_min
        found = []
        for agent in range(len(problem.agents)):
            for week in range(problem.weeks):
                limits = problem.paid_limits(agent, week)
                if limits is None or limits[0] <= paid[agent, week] <= limits[1]:
                    continue
                hours, least, most = (m / 60 for m in (int(paid[agent, week]), *limits))
                text = f"{hours:g} paid hours this week, {least:g} to {most:g} are allowed."
                first = int(problem.first_interval[problem.days_of(week)[0]])
                found.append(violation(problem, self.name, agent, first, text))
        return found
