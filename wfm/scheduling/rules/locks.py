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

    Agents with the same locks in a week are a class of their own. Days off are closed days.
    """

    name: str = "locks"
    unit: str = "start of a shift, or off"
    default: str = "none"
    source: str = "The planner's own table."

    def constrain(self, build: Build) -> None:
        """Everybody of the class works that day, on a band with that start, and starts then."""
        layout, columns = build.layout, build.columns
        settled: dict[tuple[int, int], list[int]] = {}
        for h, one in enumerate(layout.classes):
            group, days = layout.groups[one.group], build.problem.days_of(one.week)
            for day, start in one.locks:
                at = int(np.searchsorted(group.starts, start))
                closed = ~group.in_band[:, at]
                build.limit(columns.n[h][closed], 0)
                build.limit(columns.m[h][closed].ravel(), 0)
                rows = build.rows(len(closed), 0, np.inf, weekly=True)
                build.add(rows, columns.m[h][:, day - days[0]])
                build.add(rows, columns.n[h], -1)
                settled.setdefault((one.group, at), []).append(h)
        for (number, at), classes in settled.items():
            x = columns.x[number][:, at]
            rows = build.rows(len(x), 0, np.inf, weekly=True)
            build.add(rows, x)
            for h in classes:
                build.add(rows, columns.n[h], -1)

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
