"""At least one of these, at most so many of those: minimum and maximum staff, seats of a site."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.limits import StaffLimit
from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import MEETING, WORK, Roster, stretches, when

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class StaffLimits:
    """Heads at work of some agents stay within limits; breaks do not count.

    A limit that people cannot keep gives way where that is least, at `Weights.limit` for each head
    and 15 minutes, and is told.
    """

    name: str = "staff_limits"
    unit: str = "heads"
    default: str = "none"
    source: str = "The planner's own table."

    def constrain(self, build: Build) -> None:
        """Those on duty less those on a break, with dear slack on both sides."""
        problem, layout, columns = build.problem, build.layout, build.columns
        time = np.arange(problem.intervals)
        for number, limit in enumerate(problem.staff_limits):
            open_now = problem.limit_open[number]
            groups = [
                g
                for g, group in enumerate(layout.groups)
                if problem.limit_members[number, group.agents[0]]
            ]
            size = sum(layout.groups[g].size for g in groups)
            most = size if limit.most is None else limit.most
            sides = ((limit.least, np.inf, 1.0), (-np.inf, most, -1.0))
            for low, high, sign in sides:
                slack = build.block(
                    "slack", open_now, size, problem.weights.limit, day=problem.day[time], at=time
                )
                rows = np.full(problem.intervals, -1)
                rows[open_now] = build.rows(int(open_now.sum()), low, high)
                build.add(rows, slack, sign)
                for g in groups:
                    build.heads(g, rows, duty=1, breaks=-1)
                columns.limits.append((rows, slack, sign))

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Runs of intervals with too few or too many at work."""
        found: list[Violation] = []
        for number, limit in enumerate(problem.staff_limits):
            for gap, words in zip(_gaps(problem, number, roster), ("few", "many"), strict=True):
                found += _runs(problem, self.name, limit.limit, gap, words)
        return found


def heads_outside(problem: Problem, number: int, roster: Roster) -> int:
    """Agent-intervals outside a limit."""
    return int(sum(gap.sum() for gap in _gaps(problem, number, roster)))


def eased(problem: Problem, number: int, roster: Roster) -> StaffLimit:
    """The least change of a limit that a schedule keeps."""
    few, many = _gaps(problem, number, roster)
    limit = problem.staff_limits[number]
    least = limit.least - int(few.max(initial=0))
    most = None if limit.most is None else limit.most + int(many.max(initial=0))
    return replace(limit, least=least, most=most)


def _gaps(problem: Problem, number: int, roster: Roster) -> tuple[np.ndarray, np.ndarray]:
    """Heads too few and too many by interval."""
    limit = problem.staff_limits[number]
    heads = np.zeros(problem.intervals, dtype=int)
    for shift in roster.shifts:
        if problem.limit_members[number, shift.agent]:
            for piece in shift.pieces:
                if piece.activity in (*WORK, MEETING):
                    heads[max(piece.start, 0) : max(piece.end, 0)] += 1
    most = len(problem.agents) if limit.most is None else limit.most
    few, many = np.maximum(limit.least - heads, 0), np.maximum(heads - most, 0)
    holds = problem.limit_open[number]
    return few * holds, many * holds


def _runs(problem: Problem, rule: str, name: str, gap: np.ndarray, words: str) -> list[Violation]:
    """One violation for each unbroken stretch."""
    found = []
    for at, length in stretches(gap > 0):
        worst, until = int(gap[at : at + length].max()), when(problem, at + length)[-5:]
        text = f"{name!r}: up to {worst} too {words} at work until {until}."
        found.append(Violation(rule, text, "", when(problem, at)))
    return found
