"""What is settled for an agent and a day stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, day_at, violation

if TYPE_CHECKING:
    from wfm.scheduling.build import Build


@dataclass(frozen=True)
class Locks:
    """A locked shift starts when the lock says, a locked day off stays free.

    In counts: shifts enough begin then, of every band where people are alike in everything. Days
    off are closed days.
    """

    name: str = "locks"
    unit: str = "start of a shift, or off"
    default: str = "none"
    source: str = "The planner's own table."

    def constrain(self, build: Build) -> None:
        """As many shifts of a group as are locked begin at each start."""
        layout, columns = build.layout, build.columns
        for number, group in enumerate(layout.groups):
            settled: dict[int, int] = {}
            for agent in group.agents.tolist():
                for start in build.problem.locked[agent].values():
                    if start is not None:
                        at = int(np.searchsorted(group.starts, start))
                        settled[at] = settled.get(at, 0) + 1
            for at, count in settled.items():
                build.add(build.rows(1, count, np.inf), columns.y[number][[at]])
        if layout.exact:
            self._by_band(build)

    def _by_band(self, build: Build) -> None:
        """Of each band as many begin then as agents on it have the lock."""
        alike: dict[tuple[int, int], list[int]] = {}
        for h, one in enumerate(build.layout.classes):
            for _, start in one.locked:
                at = int(np.searchsorted(build.layout.groups[one.group].starts, start))
                alike.setdefault((one.group, at), []).append(h)
        for (number, at), classes in alike.items():
            x = build.columns.x[number][:, at]
            rows = build.rows(len(x), 0, np.inf, weekly=True)
            build.add(rows, x)
            for h in classes:
                build.limit(build.columns.n[h][x < 0], 0)
                build.add(rows, build.columns.n[h], -1)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Locked days with another start, without one, or with one on a day off."""
        found = []
        shifts = roster.by_agent()
        for agent, locked in enumerate(problem.locked):
            worked = {day_at(problem, s.start): s.start for s in shifts.get(agent, [])}
            for day, start in locked.items():
                if worked.get(day) == start:
                    continue
                wanted = "a day off" if start is None else f"a start at {problem.stamp(start)[-5:]}"
                text = f"{wanted} is locked for this day."
                at = worked.get(day, int(problem.first_interval[day]))
                found.append(violation(problem, self.name, agent, at, text))
        return found
