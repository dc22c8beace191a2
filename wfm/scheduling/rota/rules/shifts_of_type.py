"""At most so many shifts of a type over the period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.rota.problem import RotaProblem

if TYPE_CHECKING:
    from wfm.scheduling.rota.build import RotaBuild


@dataclass(frozen=True)
class ShiftsOfType:
    """`RotaContract.most_of_type`: nights, for example; 0 for who never has them."""

    name: str = "shifts_of_type"
    unit: str = "shifts"
    default: str = "no limit"
    source: str = "Night limits of EU 2003/88 art. 8, and works agreements."

    def constrain(self, build: RotaBuild) -> None:
        """Bound the shifts of each type that could pass its limit."""
        problem = build.problem
        for person in build.people:
            for kind, most in enumerate(problem.most_of_type[person]):
                if most < problem.days and most > 0:
                    days = range(problem.days)
                    build.at_most([(build.shift(person, d, kind), 1) for d in days], int(most))

    def violations(self, problem: RotaProblem, roster: np.ndarray) -> list[Violation]:
        """People with too many of a type."""
        counts = np.stack([(roster == k).sum(axis=1) for k in range(len(problem.shifts))], axis=1)
        return [
            Violation(
                self.name,
                f"{counts[p, k]} shifts {problem.shifts[k]}, limit {problem.most_of_type[p, k]}.",
                problem.people[p],
            )
            for p, k in zip(*np.nonzero(counts > problem.most_of_type), strict=True)
        ]
