"""Some shift types may not follow others on the next day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.rota.problem import OFF, RotaProblem

if TYPE_CHECKING:
    from wfm.scheduling.rota.build import RotaBuild


@dataclass(frozen=True)
class Succession:
    """`ShiftType.not_before`: no early shift after a late one, for example."""

    name: str = "succession"
    unit: str = "shift types"
    default: str = "any may follow any"
    source: str = "Daily rest of 11 h, EU 2003/88 art. 3, stated by shift type."

    def constrain(self, build: RotaBuild) -> None:
        """Of a type and all that may not follow it, one at most on two days."""
        kinds = [(k, np.flatnonzero(~row)) for k, row in enumerate(build.problem.may_follow)]
        for person in build.people:
            for day in range(build.days.start - 1, min(build.days.stop, build.problem.days - 1)):
                for kind, after in kinds:
                    first = self._had(build, person, day, kind)
                    if not len(after) or (isinstance(first, int) and not first):
                        continue
                    later = [(build.shift(person, day + 1, int(k)), 1) for k in after]
                    build.at_most([(first, 1), *later], 1)

    def _had(self, build: RotaBuild, person: int, day: int, kind: int) -> object:
        if day >= 0:
            return build.shift(person, day, kind)
        return int(build.problem.before_shift[person] == kind)

    def violations(self, problem: RotaProblem, roster: np.ndarray) -> list[Violation]:
        """Shifts that may not follow the one of the day before."""
        before = np.where(problem.before_days > 0, problem.before_shift, OFF)
        first = np.concatenate([before[:, None], roster[:, :-1]], axis=1)
        both = (first != OFF) & (roster != OFF)
        wrong = both & ~problem.may_follow[first, roster]
        return [
            Violation(
                self.name,
                f"{problem.shifts[roster[p, d]]} may not follow {problem.shifts[first[p, d]]}.",
                problem.people[p],
                problem.date_of(d),
            )
            for p, d in zip(*np.nonzero(wrong), strict=True)
        ]
