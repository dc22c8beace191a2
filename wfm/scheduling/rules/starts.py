"""Shifts start within the contract's hours, on its raster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.people import Contract
from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation, when

if TYPE_CHECKING:
    from wfm.scheduling.build import Build


@dataclass(frozen=True)
class Starts:
    """Earliest and latest start and the raster between them, by the local clock."""

    name: str = "starts"

    def constrain(self, build: Build) -> None:
        """Columns y: starts of a group at each allowed interval, over all its bands, and labour."""
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
        """Starts outside the hours or off the raster."""
        return [
            violation(
                problem,
                self.name,
                s.agent,
                s.start,
                f"a start at {when(problem, s.start)[-5:]} is not one of the contract's.",
            )
            for s in roster.shifts
            if not _allowed(problem.contracts[problem.agents[s.agent].contract], problem, s.start)
        ]


def _allowed(contract: Contract, problem: Problem, start: int) -> bool:
    """Whether the contract has this time of the clock, also outside the horizon."""
    hour, minute = when(problem, start)[-5:].split(":")
    clock = 60 * int(hour) + int(minute)
    since = clock - contract.start_from_min
    return since >= 0 and clock <= contract.start_to_min and since % contract.start_grid_min == 0
