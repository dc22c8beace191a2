"""A shift lasts exactly what one of the contract's kinds says, in elapsed time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class ShiftLength:
    """Every shift has the length of one of its contract's kinds of shift."""

    name: str = "shift_length"
    unit: str = "min"
    default: str = "as in the contract"
    source: str = "The contract, breaks included."

    def constrain(self, build: Build) -> None:
        """Who started less than a shift ago is on duty; past the horizon nothing is counted."""
        for number, group in enumerate(build.layout.groups):
            build.heads([number], build.free[group.skill_set], duty=1.0, breaks=0.0)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Shifts of another length."""
        found = []
        for shift in roster.shifts:
            length = (shift.end - shift.start) * problem.interval_min
            kinds = [kind.shift_min for kind in problem.contract_of(shift.agent).shifts]
            if length not in kinds:
                wanted = " or ".join(str(one) for one in dict.fromkeys(kinds))
                text = f"the shift lasts {length} min instead of {wanted}."
                found.append(violation(problem, self.name, shift.agent, shift.start, text))
        return found
