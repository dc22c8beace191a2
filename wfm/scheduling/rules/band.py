"""All starts of an agent in one week lie close together by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, day_at, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Band:
    """Each agent works a week in one start band; without bands there is one for the whole day."""

    name: str = "band"
    unit: str = "min"
    default: str = "90"
    source: str = "A habit of the trade, for regular sleep; not a legal limit."

    def constrain(self, build: Build) -> None:
        """Columns n: agents of a class on each band, together all of them."""
        for one in build.layout.classes:
            bands = build.layout.groups[one.group].in_band.shape[0]
            everyone = np.ones(bands, dtype=bool)
            columns = build.block("n", everyone, one.size, group=one.group)
            build.columns.n.append(columns)
            build.add(build.rows(1, one.size, one.size), columns)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Weeks of an agent whose starts share no band."""
        found = []
        for agent, shifts in roster.by_agent().items():
            weeks: dict[int, list[int]] = {}
            for shift in shifts:
                day = day_at(problem, shift.start)
                if day is not None:
                    weeks.setdefault(problem.week_of(day), []).append(shift.start)
            for starts in weeks.values():
                clocks = problem.clock[starts]
                bands = problem.bands
                if not any(a <= clocks.min() and clocks.max() <= b for a, b in bands):
                    text = f"this week's starts differ by more than {problem.rules.band_min} min."
                    found.append(violation(problem, self.name, agent, starts[0], text))
        return found
