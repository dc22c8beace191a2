"""Days off and settled shifts stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.rota.problem import OFF, RotaProblem

if TYPE_CHECKING:
    from wfm.scheduling.rota.build import RotaBuild


@dataclass(frozen=True)
class AllowedDays:
    """What a person may have on a day: absences are days off, a lock leaves one choice."""

    name: str = "allowed_days"
    unit: str = "days"
    default: str = "any"
    source: str = "The tables of agents, absences and locks."

    def constrain(self, build: RotaBuild) -> None:
        """Nothing but what is allowed."""
        for person in build.people:
            for day in build.days:
                allowed = build.problem.allowed[person, day]
                for kind in np.flatnonzero(~allowed[:-1]):
                    build.at_most([(build.shift(person, day, int(kind)), 1)], 0)
                work = build.work(person, day)
                if not allowed[-1] and work is not None:
                    build.at_least([(work, 1)], 1)

    def violations(self, problem: RotaProblem, roster: np.ndarray) -> list[Violation]:
        """Shifts where none of their kind may be, days off where a shift is settled."""
        person, day = np.indices(roster.shape)
        wrong = ~problem.allowed[person, day, roster]
        found = []
        for p, d in zip(*np.nonzero(wrong), strict=True):
            kind = int(roster[p, d])
            text = "a day off, but a shift is settled for it."
            if kind != OFF:
                text = f"has {problem.shifts[kind]}, which is not allowed on this day."
            found.append(Violation(self.name, text, problem.people[p], problem.date_of(d)))
        return found
