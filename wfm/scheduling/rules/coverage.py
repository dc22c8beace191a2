"""Staff meets the requirement of every queue, and outbound its target, at a price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster
from wfm.scheduling.rules.outbound_hours import block_lengths

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Coverage:
    """Missing and surplus staff, and outbound below or above target, cost; nothing is forbidden."""

    name: str = "coverage"
    unit: str = "cost units for 15 min"
    default: str = "10, 25, 60 missing; 1 above"
    source: str = "Chosen: a missing head is dearer than its labour of 2."

    def constrain(self, build: Build) -> None:
        """Columns for what is missing (three steps, dearer each) and what is above."""
        self._queues(build)
        self._campaigns(build)

    def _queues(self, build: Build) -> None:
        problem, columns, sets = build.problem, build.columns, build.layout.skill_sets
        time = np.arange(problem.intervals)
        day = problem.day[time]
        costs = np.array(problem.weights.under)[:, None]
        for queue, required in enumerate(problem.required):
            able = sum(s.size for s in sets if queue in s.queues)
            widths = problem.widths[:, queue]
            under = build.block("slack", widths > 0, widths, costs, day=day, at=time)
            most = np.maximum(able - required, 0)
            over = build.block("slack", most > 0, most, problem.weights.over, day=day, at=time)
            columns.under.append(under)
            columns.over.append(over)
            rows = build.rows(len(time), required, required)
            build.add(rows[None, :], under)
            build.add(rows, over, -1)
            for skill_set, f in zip(sets, columns.f, strict=True):
                if queue in skill_set.queues:
                    build.add(rows, f[skill_set.queues.index(queue)])

    def _campaigns(self, build: Build) -> None:
        problem, columns, sets = build.problem, build.columns, build.layout.skill_sets
        targets, every = problem.targets, np.ones(len(problem.campaigns), dtype=bool)
        able = [sum(s.size for s in sets if c in s.campaigns) for c in range(len(targets))]
        room = np.array(able, dtype=int) * problem.permitted.sum(axis=1)
        columns.short = build.block("slack", every, targets, problem.outbound_short)
        most = np.maximum(room - targets, 0)
        columns.excess = build.block("slack", every, most, problem.outbound_excess)
        rows = build.rows(len(targets), targets, targets)
        build.add(rows, columns.short)
        build.add(rows, columns.excess, -1)
        for blocks in columns.o:
            for campaign, o in blocks.items():
                build.add(rows[campaign], o, np.array(block_lengths(problem))[:, None])

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """None: what is short is priced, see `check.price`."""
        return []
