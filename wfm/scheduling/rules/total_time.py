"""Working time over the period lies between two limits."""

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
class TotalTime(LineRule):
    """`RotaContract.min_total_min` and `max_total_min`."""

    name: str = "total_time"
    unit: str = "min"
    default: str = "0 to no limit"
    source: str = "The contract; 48 h a week on average at most, EU 2003/88 art. 6."

    def constrain_lines(self, build: LineBuild) -> None:
        """Bound the minutes of each person on both sides, in the greatest common unit."""
        asked = build.asked
        unit = int(np.gcd.reduce(asked.minutes))
        for person in build.people:
            terms = [
                (build.shift(person, day, kind), int(minutes) // unit)
                for day in range(asked.days)
                for kind, minutes in enumerate(asked.minutes)
            ]
            build.at_most(terms, int(asked.max_minutes[person]) // unit)
            build.at_least(terms, -(-int(asked.min_minutes[person]) // unit))

    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """People who work too little or too much."""
        total = np.where(types == OFF, 0, asked.minutes[types]).sum(axis=1)
        low, high = asked.min_minutes, asked.max_minutes
        return [
            Violation(
                self.name,
                f"works {total[p]} min, {'at least ' if total[p] < low[p] else 'at most '}"
                f"{low[p] if total[p] < low[p] else high[p]} are agreed.",
                asked.people[p],
            )
            for p in np.flatnonzero((total < low) | (total > high))
        ]
