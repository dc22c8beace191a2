"""At most so many weekends with work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.line_rule import LineRule
from wfm.scheduling.line_terms import OFF, LineTerms

if TYPE_CHECKING:
    from wfm.scheduling.lines.build import LineBuild, Term


@dataclass(frozen=True)
class MostWeekends(LineRule):
    """`RotaContract.max_weekends`: a weekend counts when Saturday or Sunday is worked."""

    name: str = "most_weekends"
    unit: str = "weekends"
    default: str = "no limit"
    source: str = "A habit of the trade and of many works agreements, not a legal limit."

    def constrain_lines(self, build: LineBuild) -> None:
        """A worked day marks its weekend; marks are bounded."""
        asked = build.asked
        for person in build.people:
            if asked.max_weekends[person] >= len(asked.weekends):
                continue
            marks: list[tuple[Term, int]] = []
            for days in asked.weekends:
                worked = [build.work(person, day) for day in days]
                free: list[Term] = [term for term in worked if not isinstance(term, int)]
                if not free or any(isinstance(term, int) and term for term in worked):
                    marks.append((int(any(isinstance(t, int) and t for t in worked)), 1))
                    continue
                mark = build.model.new_bool_var("")
                for term in free:
                    build.model.add_implication(term, mark)
                marks.append((mark, 1))
            build.at_most(marks, int(asked.max_weekends[person]))

    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """People with too many."""
        counts = weekends_worked(asked, types)
        return [
            Violation(
                self.name,
                f"works {counts[p]} weekends, at most {asked.max_weekends[p]} are agreed.",
                asked.people[p],
            )
            for p in np.flatnonzero(counts > asked.max_weekends)
        ]


def weekends_worked(asked: LineTerms, types: np.ndarray) -> np.ndarray:
    """Weekends with work of each person, shape (P,)."""
    worked = [(types[:, list(days)] != OFF).any(axis=1) for days in asked.weekends]
    return np.sum(worked, axis=0, dtype=int) if worked else np.zeros(len(types), dtype=int)
