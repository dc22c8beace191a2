"""Some shift types may not follow others on the next day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.line_rule import LineRule
from wfm.scheduling.line_terms import OFF, LineTerms

if TYPE_CHECKING:
    from wfm.scheduling.lines.build import LineBuild


@dataclass(frozen=True)
class Succession(LineRule):
    """`ShiftType.not_before`: no early shift after a late one, for example."""

    name: str = "succession"
    unit: str = "shift types"
    default: str = "any may follow any"
    source: str = "Daily rest of 11 h, EU 2003/88 art. 3, stated by shift type."

    def constrain_lines(self, build: LineBuild) -> None:
        """Of a type and all that may not follow it, one at most on two days."""
        kinds = [(k, np.flatnonzero(~row)) for k, row in enumerate(build.asked.may_follow)]
        for person in build.people:
            for day in range(build.days.start - 1, min(build.days.stop, build.asked.days - 1)):
                for kind, after in kinds:
                    first = self._had(build, person, day, kind)
                    if not len(after) or (isinstance(first, int) and not first):
                        continue
                    later = [(build.shift(person, day + 1, int(k)), 1) for k in after]
                    build.at_most([(first, 1), *later], 1)

    def _had(self, build: LineBuild, person: int, day: int, kind: int) -> object:
        if day >= 0:
            return build.shift(person, day, kind)
        return int(build.asked.before_shift[person] == kind)

    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """Shifts that may not follow the one of the day before."""
        before = np.where(asked.before_days > 0, asked.before_shift, OFF)
        first = np.concatenate([before[:, None], types[:, :-1]], axis=1)
        both = (first != OFF) & (types != OFF)
        wrong = both & ~asked.may_follow[first, types]
        return [
            Violation(
                self.name,
                f"{asked.shifts[types[p, d]]} may not follow {asked.shifts[first[p, d]]}.",
                asked.people[p],
                asked.date_of(d),
            )
            for p, d in zip(*np.nonzero(wrong), strict=True)
        ]
