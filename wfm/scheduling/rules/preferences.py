"""Starts near the one that an agent prefers, at a price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Preferences:
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
