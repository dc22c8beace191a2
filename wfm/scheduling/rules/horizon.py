"""A shift starts inside the horizon, and nobody does two things at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, day_at, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Horizon:
    """A shift starts inside the horizon; it may run past its end, paid and complete."""

    name: str = "horizon"
    unit: str = "days"
    default: str = "7"
    source: str = "The first day and the days that are asked for."

    def constrain(self, build: Build) -> None:
        """Nothing to add: columns of starts exist inside the horizon only."""

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Shifts that start outside, and the rows that could not be read or overlap."""
        text = "the shift starts outside the horizon."
        return list(roster.faults) + [
            violation(problem, self.name, shift.agent, shift.start, text)
            for shift in roster.shifts
            if day_at(problem, shift.start) is None
        ]
