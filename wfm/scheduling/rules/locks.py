"""What is settled for an agent and a day stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import ANY, Begin, Problem
from wfm.scheduling.roster import Roster, day_at, kind_of, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Locks:
    """A locked shift starts when the lock says, a locked day off stays free.

    A lock that names a kind of shift settles that too. In counts: shifts enough begin then, of
    every band where people are alike in everything. Days off are closed days.
    """

    name: str = "locks"
    unit: str = "start of a shift, or off"
    default: str = "none"
    source: str = "The planner's own table."

    def constrain(self, build: Build) -> None:
        """As many shifts of a group as are locked begin at each start."""
        layout, columns = build.layout, build.columns
        for number, group in enumerate(layout.groups):
            settled: dict[Begin, int] = {}
            for agent in group.agents.tolist():
                for lock in build.problem.locked[agent].values():
                    for wide in _widened(lock):
                        settled[wide] = settled.get(wide, 0) + 1
            for lock, count in settled.items():
                build.add(build.rows(1, count, np.inf), columns.y[number][group.allowed(lock)])
        if layout.exact:
            self._by_band(build)

    def _by_band(self, build: Build) -> None:
        """Of each band as many begin then as agents on it have the lock."""
        alike: dict[tuple[int, Begin], list[int]] = {}
        for h, one in enumerate(build.layout.classes):
            for _, lock in one.locked:
                for wide in _widened(lock):
                    alike.setdefault((one.group, wide), []).append(h)
        for (number, lock), classes in alike.items():
            x = build.columns.x[number][:, build.layout.groups[number].allowed(lock)]
            rows = build.rows(len(x), 0, np.inf)
            build.add(rows[:, None], x)
            for h in classes:
                build.limit(build.columns.n[h][(x < 0).all(axis=1)], 0)
                build.add(rows, build.columns.n[h], -1)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Locked days with another start, without one, or with one on a day off."""
        found = []
        shifts = roster.by_agent()
        for agent, locked in enumerate(problem.locked):
            worked = {day_at(problem, s.start): s for s in shifts.get(agent, [])}
            for day, lock in locked.items():
                shift = worked.get(day)
                begin = None if shift is None else Begin(shift.start, kind_of(problem, shift))
                if begin is None if lock is None else lock.allows(begin):
                    continue
                wanted = self._wanted(problem, agent, lock)
                text = f"{wanted} is locked for this day."
                at = int(problem.first_interval[day]) if begin is None else begin.start
                found.append(violation(problem, self.name, agent, at, text))
        return found

    def _wanted(self, problem: Problem, agent: int, lock: Begin | None) -> str:
        """A lock in words."""
        if lock is None:
            return "a day off"
        kind = "" if lock.kind == ANY else problem.contract_of(agent).shifts[lock.kind].shift
        return f"a start at {problem.stamp(lock.start)[-5:]} {kind}".rstrip()


def _widened(lock: Begin | None) -> list[Begin]:
    """A lock as it is and, if it names a kind, without it: both have to be counted."""
    return [] if lock is None else list(dict.fromkeys((lock, Begin(lock.start, ANY))))
