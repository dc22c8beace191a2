"""A rule that speaks of people's whole lines: who has which shift type on which day."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.line_terms import LineTerms
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, types_of

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build
    from wfm.scheduling.lines.build import LineBuild


class LineRule(ABC):
    """States itself to a neighbourhood of lines, and finds where lines break it.

    Whoever makes a schedule, its lines are read from its segments alone and judged by `broken`,
    which also tells the search what it may not keep.
    """

    def constrain(self, build: Build) -> None:
        """Nothing to add: where people are counted nobody has a shift type."""
        return

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Where a schedule by shift type breaks it."""
        if problem.lines is None:
            return []
        return self.broken(problem.lines, types_of(problem, roster))

    @abstractmethod
    def constrain_lines(self, build: LineBuild) -> None:
        """State it for the people and days that are free."""

    @abstractmethod
    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """List where lines break it: shift type of each person and day or `OFF`, shape (P, D)."""
