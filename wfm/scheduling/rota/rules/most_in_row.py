"""At most so many days worked one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.rota.problem import OFF, RotaProblem
from wfm.scheduling.rules.days_in_row import too_long_rows

if TYPE_CHECKING:
    from wfm.scheduling.rota.build import RotaBuild


@dataclass(frozen=True)
class MostInRow:
    """`RotaContract.max_in_row`; days before the period count where they are known."""

    name: str = "most_in_row"
    unit: str = "days"
    default: str = "no limit"
    source: str = "Weekly rest of 24 h, EU 2003/88 art. 5, and works agreements."

    def constrain(self, build: RotaBuild) -> None:
        """Each window of one day more than the limit holds a day off."""
        from wfm.scheduling.rota.runs import windows

        for person in build.people:
            most = int(build.problem.max_in_row[person])
            if most >= build.problem.days + build.problem.before_days[person]:
                continue
            for first in windows(build, most + 1):
                row = [build.work(person, d) for d in range(first, first + most + 1)]
                if all(term is not None for term in row):
                    build.at_most([(term, 1) for term in row], most)

    def violations(self, problem: RotaProblem, roster: np.ndarray) -> list[Violation]:
        """The first day too many of each row."""
        worked = np.where(problem.before_shift != OFF, problem.before_days, 0)
        return [
            Violation(self.name, text, problem.people[person], problem.date_of(day))
            for person, row in enumerate((roster != OFF).tolist())
            for day, text in too_long_rows(
                row, int(worked[person]), int(problem.max_in_row[person])
            )
        ]
