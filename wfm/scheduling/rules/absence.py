"""Nobody starts a shift on a day of absence or outside the employment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, day_at, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Absence:
    """No shift starts on an absent day; one of the evening before may run into it."""

    name: str = "absence"
    unit: str = "days"
    default: str = "none"
    source: str = "The table of absences and each agent's first and last day of employment."

    def constrain(self, build: Build) -> None:
        """Nobody of a class works on the days it is away."""
        for one, m in zip(build.layout.classes, build.columns.m, strict=True):
            away = ~np.isin(np.array(build.problem.days_of(one.week)), one.days)
            build.limit(m[:, away], 0)
            if one.may is not None:
                build.limit(m[~one.may], 0)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Shifts that start on an absent day."""
        return [
            violation(problem, self.name, s.agent, s.start, "the shift starts on an absent day.")
            for s in roster.shifts
            if day_at(problem, s.start) in problem.absent[s.agent]
        ]
