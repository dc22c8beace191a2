"""Cover by shift type: heads wanted on a day, at a price for each missing or surplus one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.line_rule import LineRule
from wfm.scheduling.line_terms import LineTerms

if TYPE_CHECKING:
    from wfm.scheduling.lines.build import LineBuild


@dataclass(frozen=True)
class ShiftCover(LineRule):
    """Heads by day and shift type, with their prices of under- and over-cover."""

    name: str = "shift_cover"
    unit: str = "heads"
    default: str = "none wanted"
    source: str = "The requirement of the day by shift type."

    def constrain_lines(self, build: LineBuild) -> None:
        """Those who are free and those who are settled, what is missing and what is too much."""
        asked = build.asked
        others = np.ones(len(asked.people), dtype=bool)
        others[build.people] = False
        settled = asked.staff(build.roster[others])
        for day in build.days:
            for kind in np.flatnonzero(asked.under[day] + asked.over[day]):
                shifts = [build.shift(person, day, int(kind)) for person in build.people]
                free = [shift for shift in shifts if not isinstance(shift, int)]
                if not free:
                    continue
                need = int(asked.required[day, kind] - settled[day, kind])
                missing = build.model.new_int_var(0, max(need, 0), "")
                surplus = build.model.new_int_var(max(-need, 0), max(len(free) - need, 0), "")
                build.model.add(sum(free) + missing - surplus == need)
                build.pay(missing, float(asked.under[day, kind]))
                build.pay(surplus, float(asked.over[day, kind]))

    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """None: what is short is priced, see `LineTerms.parts`."""
        return []
