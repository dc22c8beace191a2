"""A shift lasts exactly what the contract says, in elapsed time."""

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
class ShiftLength:
    """Every shift has its contract's length."""

    name: str = "shift_length"
    unit: str = "min"
    default: str = "as in the contract"
    source: str = "The contract, breaks included."

    def constrain(self, build: Build) -> None:
        """Who started less than a shift ago is on duty; past the horizon nothing is counted."""
        for group, y in zip(build.layout.groups, build.columns.y, strict=True):
            on_duty = group.starts[:, None] + np.arange(group.length)
            inside = on_duty < build.problem.intervals
            rows = build.free[group.skill_set][np.where(inside, on_duty, 0)]
            build.add(np.where(inside, rows, -1), y[:, None])

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Shifts of another length."""
        found = []
        for shift in roster.shifts:
            length = (shift.end - shift.start) * problem.interval_min
            wanted = problem.contracts[problem.agents[shift.agent].contract].shift_min
            if length != wanted:
                text = f"the shift lasts {length} min instead of {wanted}."
                found.append(violation(problem, self.name, shift.agent, shift.start, text))
        return found
