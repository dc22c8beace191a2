"""Shift types that somebody may not have on a day, and settled shifts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.line_rule import LineRule
from wfm.scheduling.line_terms import OFF, LineTerms
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, types_of

if TYPE_CHECKING:
    from wfm.scheduling.lines.build import LineBuild


@dataclass(frozen=True)
class AllowedTypes(LineRule):
    """What a person may have on a day: a lock leaves one choice, an absence a day off."""

    name: str = "allowed_types"
    unit: str = "days"
    default: str = "any"
    source: str = "The tables of agents, absences and locks."

    def constrain_lines(self, build: LineBuild) -> None:
        """Nothing but what is allowed."""
        for person in build.people:
            for day in build.days:
                allowed = build.asked.allowed[person, day]
                for kind in np.flatnonzero(~allowed[:-1]):
                    build.at_most([(build.shift(person, day, int(kind)), 1)], 0)
                work = build.work(person, day)
                if not allowed[-1] and work is not None:
                    build.at_least([(work, 1)], 1)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """The same, but for days of absence, which are a rule of their own."""
        if problem.lines is None:
            return []
        types = types_of(problem, roster)
        for person, days in enumerate(problem.absent):
            types[person, list(days)] = OFF
        return self.broken(problem.lines, types)

    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """Shifts where none of their kind may be, days off where a shift is settled."""
        person, day = np.indices(types.shape)
        wrong = ~asked.allowed[person, day, types]
        found = []
        for p, d in zip(*np.nonzero(wrong), strict=True):
            kind = int(types[p, d])
            text = "a day off, but a shift is settled for it."
            if kind != OFF:
                text = f"has {asked.shifts[kind]}, which is not allowed on this day."
            found.append(Violation(self.name, text, asked.people[p], asked.date_of(d)))
        return found
