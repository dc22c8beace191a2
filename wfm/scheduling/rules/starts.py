"""Shifts start within the contract's hours, on its raster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, kind_of, may_start, violation, when

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Starts:
    """Earliest and latest start and the raster between them, by the local clock."""

    name: str = "starts"
    unit: str = "min after midnight"
    default: str = "as in the contract"
    source: str = "The contract's earliest and latest start and raster, by the agent's clock."

    def constrain(self, build: Build) -> None:
        """Columns y: a group's shifts by option, over all its bands, and their labour."""
        for number, group in enumerate(build.layout.groups):
            x = build.columns.x[number]
            everywhere = np.ones(len(group.starts), dtype=bool)
            y = build.block(
                "y",
                everywhere,
                np.array([build.layout.present(number, int(d)) for d in group.start_day]),
                group.labour,
                day=group.start_day,
                at=group.starts,
                group=number,
                skill_set=group.skill_set,
            )
            build.columns.y.append(y)
            rows = build.rows(len(y), 0, 0)
            build.add(rows, y)
            build.add(rows[None, :], x, -1)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Starts outside the hours or off the raster of a shift's kind."""
        return [
            violation(
                problem,
                self.name,
                s.agent,
                s.start,
                f"a start at {when(problem, s.start)[-5:]} is not one of the contract's.",
            )
            for s in roster.shifts
            if not may_start(problem, s.agent, kind_of(problem, s), s.start)
        ]
