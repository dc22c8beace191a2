"""At least so many shifts over the period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.rota.problem import OFF, RotaProblem

if TYPE_CHECKING:
    from wfm.scheduling.rota.build import RotaBuild


@dataclass(frozen=True)
class LeastShifts:
    """`RotaContract.min_shifts`: days worked, whatever their length."""

    name: str = "least_shifts"
    unit: str = "shifts"
    default: str = "0"
    source: str = "The contract: days of work a week, month or year."

    def constrain(self, build: RotaBuild) -> None:
        """Bound the days worked of each person from below."""
        problem = build.problem
        for person in build.people:
            worked = [(build.work(person, day), 1) for day in range(problem.days)]
            build.at_least(worked, int(problem.min_shifts[person]))

    def violations(self, problem: RotaProblem, roster: np.ndarray) -> list[Violation]:
        """People with fewer."""
        worked = (roster != OFF).sum(axis=1)
        return [
            Violation(
                self.name,
                f"{worked[p]} shifts, at least {problem.min_shifts[p]} are agreed.",
                problem.people[p],
            )
            for p in np.flatnonzero(worked < problem.min_shifts)
        ]
