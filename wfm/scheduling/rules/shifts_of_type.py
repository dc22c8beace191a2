"""At most so many shifts of a type over the period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.line_rule import LineRule
from wfm.scheduling.line_terms import LineTerms

if TYPE_CHECKING:
    from wfm.scheduling.lines.build import LineBuild


@dataclass(frozen=True)
class ShiftsOfType(LineRule):
    """`RotaContract.most_of_type`: nights, for example; 0 for who never has them."""

    name: str = "shifts_of_type"
    unit: str = "shifts"
    default: str = "no limit"
    source: str = "Night limits of EU 2003/88 art. 8, and works agreements."

    def constrain_lines(self, build: LineBuild) -> None:
        """Bound the shifts of each type that could pass its limit."""
        asked = build.asked
        for person in build.people:
            for kind, most in enumerate(asked.most_of_type[person]):
                if most < asked.days and most > 0:
                    days = range(asked.days)
                    build.at_most([(build.shift(person, d, kind), 1) for d in days], int(most))

    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """People with too many of a type."""
        counts = np.stack([(types == k).sum(axis=1) for k in range(len(asked.shifts))], axis=1)
        return [
            Violation(
                self.name,
                f"{counts[p, k]} shifts {asked.shifts[k]}, limit {asked.most_of_type[p, k]}.",
                asked.people[p],
            )
            for p, k in zip(*np.nonzero(counts > asked.most_of_type), strict=True)
        ]
