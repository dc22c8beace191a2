"""At most so many weekends with work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.rota.problem import OFF, RotaProblem

if TYPE_CHECKING:
    from wfm.scheduling.rota.build import RotaBuild, Term


@dataclass(frozen=True)
class Weekends:
    """`RotaContract.max_weekends`: a weekend counts when Saturday or Sunday is worked."""

    name: str = "weekends"
    unit: str = "weekends"
    default: str = "no limit"
    source: str = "A habit of the trade and of many works agreements, not a legal limit."

    def constrain(self, build: RotaBuild) -> None:
        """A worked day marks its weekend; marks are bounded."""
        problem = build.problem
        for person in build.people:
            if problem.max_weekends[person] >= len(problem.weekends):
                continue
            marks: list[tuple[Term, int]] = []
            for days in problem.weekends:
                worked = [build.work(person, day) for day in days]
                free: list[Term] = [term for term in worked if not isinstance(term, int)]
                if not free or any(isinstance(term, int) and term for term in worked):
                    marks.append((int(any(isinstance(t, int) and t for t in worked)), 1))
                    continue
                mark = build.model.new_bool_var("")
                for term in free:
                    build.model.add_implication(term, mark)
                marks.append((mark, 1))
            build.at_most(marks, int(problem.max_weekends[person]))

    def violations(self, problem: RotaProblem, roster: np.ndarray) -> list[Violation]:
        """People with too many."""
        counts = weekends_worked(problem, roster)
        return [
            Violation(
                self.name,
                f"works {counts[p]} weekends, at most {problem.max_weekends[p]} are agreed.",
                problem.people[p],
            )
            for p in np.flatnonzero(counts > problem.max_weekends)
        ]


def weekends_worked(problem: RotaProblem, roster: np.ndarray) -> np.ndarray:
    """Weekends with work of each person, shape (P,)."""
    worked = [(roster[:, list(days)] != OFF).any(axis=1) for days in problem.weekends]
    return np.sum(worked, axis=0, dtype=int) if worked else np.zeros(len(roster), dtype=int)
