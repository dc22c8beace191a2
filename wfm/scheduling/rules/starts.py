"""Shifts start within the contract's hours, on its raster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation, when

if TYPE_CHECKING:
    from wfm.scheduling.build import Build


@dataclass(frozen=True)
class Starts:
    """Earliest and latest start and the raster between them, by the local clock."""

    name: str = "starts"
    unit: str = "min after midnight"
    default: str = "as in the contract"
    source: str = "The contract's earliest and latest start and raster, by the agent's clock."

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
            if not _allowed(problem, s.agent, s.start)
        ]


def _allowed(problem: Problem, agent: int, start: int) -> bool:
    """Whether the agent's contract has this time of its clock, also outside the horizon."""
    who = problem.agents[agent]
    contract = problem.contracts[who.contract]
    stamp = problem.grid[0] + start * pd.Timedelta(minutes=problem.interval_min)
    local = stamp.tz_convert(who.time_zone) if who.time_zone else stamp
    clock = 60 * local.hour + local.minute
    since = clock - contract.start_from_min
    return since >= 0 and clock <= contract.start_to_min and since % contract.start_grid_min == 0
