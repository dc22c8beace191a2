"""Working time over the period lies between two limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.rota.problem import OFF, RotaProblem

if TYPE_CHECKING:
    from wfm.scheduling.rota.build import RotaBuild


@dataclass(frozen=True)
class TotalTime:
    """`RotaContract.min_total_min` and `max_total_min`."""

    name: str = "total_time"
    unit: str = "min"
    default: str = "0 to no limit"
    source: str = "The contract; 48 h a week on average at most, EU 2003/88 art. 6."

    def constrain(self, build: RotaBuild) -> None:
        """Bound the minutes of each person on both sides, in the greatest common unit."""
        problem = build.problem
        unit = int(np.gcd.reduce(problem.minutes))
        for person in build.people:
            terms = [
                (build.shift(person, day, kind), int(minutes) // unit)
                for day in range(problem.days)
                for kind, minutes in enumerate(problem.minutes)
            ]
            build.at_most(terms, int(problem.max_minutes[person]) // unit)
            build.at_least(terms, -(-int(problem.min_minutes[person]) // unit))

    def violations(self, problem: RotaProblem, roster: np.ndarray) -> list[Violation]:
        """People who work too little or too much."""
        total = np.where(roster == OFF, 0, problem.minutes[roster]).sum(axis=1)
        low, high = problem.min_minutes, problem.max_minutes
        return [
            Violation(
                self.name,
                f"works {total[p]} min, {'at least ' if total[p] < low[p] else 'at most '}"
                f"{low[p] if total[p] < low[p] else high[p]} are agreed.",
                problem.people[p],
            )
            for p in np.flatnonzero((total < low) | (total > high))
        ]
