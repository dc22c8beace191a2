"""Shifts that people would like, or would like not, to have, at a price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.rota.problem import RotaProblem

if TYPE_CHECKING:
    from wfm.scheduling.rota.build import RotaBuild


@dataclass(frozen=True)
class Wishes:
    """`Wish.weight` for each wish that is missed; a wish, not a rule."""

    name: str = "wishes"
    unit: str = "cost units a wish"
    default: str = "1"
    source: str = "The planner's own table."

    def constrain(self, build: RotaBuild) -> None:
        """A price on each shift: against the wish it costs, with it it saves."""
        wish = build.problem.wish
        for person in build.people:
            for day in build.days:
                for kind in np.flatnonzero(wish[person, day]):
                    shift = build.shift(person, day, int(kind))
                    build.pay(shift, float(wish[person, day, kind]))

    def violations(self, problem: RotaProblem, roster: np.ndarray) -> list[Violation]:
        """None: what is missed is priced, see `RotaProblem.terms`."""
        return []
