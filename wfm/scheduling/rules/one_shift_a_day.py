"""At most one shift of an agent starts on a calendar day."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, day_at, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class OneShiftADay:
    """A shift belongs to the day it starts, and every working agent starts exactly one."""

    name: str = "one_shift_a_day"
    unit: str = "shifts"
    default: str = "1"
    source: str = (
        "A shift belongs to the day on which it starts; the parts of a split one are one shift."
    )

    def constrain(self, build: Build) -> None:
        """Columns x: shifts by group, band and option; on each day as many as work."""
        layout = build.layout
        for number, group in enumerate(layout.groups):
            days = range(build.problem.days)
            most = np.array([layout.present(number, day) for day in days])[group.start_day]
            x = build.block(
                "x", group.in_band, most, day=group.start_day, at=group.starts, group=number
            )
            build.columns.x.append(x)
            rows = build.rows(len(x) * len(days), 0, 0).reshape(len(x), len(days))
            build.add(rows[:, group.start_day], x)
            for one, m in zip(layout.classes, build.columns.m, strict=True):
                if one.group == number:
                    build.add(rows[:, np.array(build.problem.days_of(one.week))], m, -1)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Second shifts of a day."""
        text = "a second shift starts on this day."
        return [
            violation(problem, self.name, agent, second.start, text)
            for agent, shifts in roster.by_agent().items()
            for first, second in pairwise(shifts)
            if day_at(problem, second.start) is not None
            and day_at(problem, first.start) == day_at(problem, second.start)
        ]
