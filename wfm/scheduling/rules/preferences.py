"""Starts and shift types that people would like, or would like not, to have, at a price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.line_rule import LineRule
from wfm.scheduling.line_terms import LineTerms
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build
    from wfm.scheduling.lines.build import LineBuild


@dataclass(frozen=True)
class Preferences(LineRule):
    """A wish, not a rule: each shift that misses it costs `Weights.preference`.

    Alike agents swap weeks for nothing, so naming grants wishes without losing coverage, and the
    polish of single weeks weighs them against it. The bound leaves their price out.
    """

    name: str = "preferences"
    unit: str = "cost units a shift"
    default: str = "4"
    source: str = "The table of agents; two agent hours of labour are 16."

    def constrain(self, build: Build) -> None:
        """Nothing to add: weeks are given to those who like them when they are named."""

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """None: what is missed is priced, see `check.price`."""
        return []

    def constrain_lines(self, build: LineBuild) -> None:
        """A price on each shift: against a `Wish` it costs, with it it saves."""
        wish = build.asked.wish
        for person in build.people:
            for day in build.days:
                for kind in np.flatnonzero(wish[person, day]):
                    shift = build.shift(person, day, int(kind))
                    build.pay(shift, float(wish[person, day, kind]))

    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """None: what is missed is priced, see `LineTerms.parts`."""
        return []
