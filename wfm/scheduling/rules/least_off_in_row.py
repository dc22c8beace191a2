"""At least so many days off one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.line_rule import LineRule
from wfm.scheduling.line_terms import LineTerms
from wfm.scheduling.lines.runs import forbid_short, short_runs

if TYPE_CHECKING:
    from wfm.scheduling.lines.build import LineBuild


@dataclass(frozen=True)
class LeastOffInRow(LineRule):
    """`RotaContract.min_off_in_row`; a row that touches days nothing is known of is not judged."""

    name: str = "least_off_in_row"
    unit: str = "days"
    default: str = "1"
    source: str = "A habit of the trade and of works agreements, not a legal limit."

    def constrain_lines(self, build: LineBuild) -> None:
        """No row that is shorter."""
        forbid_short(build, build.asked.min_off_in_row, work=False)

    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """Rows that are shorter."""
        least = asked.min_off_in_row
        return [
            Violation(
                self.name,
                f"{run.length} days off in a row, at least {least[person]} are agreed.",
                asked.people[person],
                asked.date_of(max(run.first, 0)),
            )
            for person, run in short_runs(asked, types, least, work=False)
        ]
