"""At least so many shifts over the period."""

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
class LeastShifts(LineRule):
    """`RotaContract.min_shifts`: days worked, whatever their length."""

    name: str = "least_shifts"
    unit: str = "shifts"
    default: str = "0"
    source: str = "The contract: days of work a week, month or year."

    def constrain_lines(self, build: LineBuild) -> None:
        """Bound the days worked of each person from below."""
        asked = build.asked
        for person in build.people:
            worked = [(build.work(person, day), 1) for day in range(asked.days)]
            build.at_least(worked, int(asked.min_shifts[person]))

    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """People with fewer."""
        worked = (types != OFF).sum(axis=1)
        return [
            Violation(
                self.name,
                f"{worked[p]} shifts, at least {asked.min_shifts[p]} are agreed.",
                asked.people[p],
            )
            for p in np.flatnonzero(worked < asked.min_shifts)
        ]
