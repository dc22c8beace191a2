"""The rules of a rota, one a file. Each says the same thing twice.

`constrain` states it to the solver, for the people and days that are free; `violations` finds where
a finished rota breaks it, from the roster alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.rota.problem import RotaProblem
from wfm.scheduling.rota.rules.allowed_days import AllowedDays
from wfm.scheduling.rota.rules.cover import Cover
from wfm.scheduling.rota.rules.least_in_row import LeastInRow
from wfm.scheduling.rota.rules.least_off_in_row import LeastOffInRow
from wfm.scheduling.rota.rules.least_shifts import LeastShifts
from wfm.scheduling.rota.rules.most_in_row import MostInRow
from wfm.scheduling.rota.rules.shifts_of_type import ShiftsOfType
from wfm.scheduling.rota.rules.succession import Succession
from wfm.scheduling.rota.rules.total_time import TotalTime
from wfm.scheduling.rota.rules.weekends import Weekends
from wfm.scheduling.rota.rules.wishes import Wishes

if TYPE_CHECKING:
    from wfm.scheduling.rota.build import RotaBuild


class RotaRule(Protocol):
    """What every rule can do, and what it is counted in."""

    @property
    def name(self) -> str:
        """Name in violations."""

    @property
    def unit(self) -> str:
        """What its figure counts."""

    @property
    def default(self) -> str:
        """What holds when nothing is said."""

    @property
    def source(self) -> str:
        """Where it comes from."""

    def constrain(self, build: RotaBuild) -> None:
        """State it for the people and days that are free."""

    def violations(self, problem: RotaProblem, roster: np.ndarray) -> list[Violation]:
        """List where a roster (P, D) breaks it."""


ROTA_RULES: tuple[RotaRule, ...] = (
    AllowedDays(),
    Succession(),
    ShiftsOfType(),
    LeastShifts(),
    TotalTime(),
    MostInRow(),
    LeastInRow(),
    LeastOffInRow(),
    Weekends(),
    Wishes(),
    Cover(),
)
"""In the order in which violations are told."""
