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
            outside = max(size, limit.least)  # of those who count, some may never be there
            sides = ((limit.least, np.inf, 1.0), (-np.inf, most, -1.0))
            for low, high, sign in sides:
                slack = build.block(
                    "slack",
                    open_now,
                    outside,
                    problem.weights.limit,
                    day=problem.day[time],
                    at=time,
                )
                rows = np.full(problem.intervals, -1)
                rows[open_now] = build.rows(int(open_now.sum()), low, high)
                build.add(rows, slack, sign)
                build.heads(groups, rows, duty=1, breaks=-1)
                columns.limits.append((rows, slack, sign))

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Runs of intervals with too few or too many at work."""
        every = range(len(problem.staff_limits))
        return [v for n in every for v in told(problem, n, _gaps(problem, n, roster))]


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


def heads_at_work(problem: Problem, number: int, roster: Roster) -> np.ndarray:
    """Heads at work that a limit counts, by interval."""
    heads = np.zeros(problem.intervals, dtype=int)
    for shift in roster.shifts:
        if problem.limit_members[number, shift.agent]:
            for piece in shift.pieces:
                if piece.activity in (*WORK, MEETING):
                    heads[max(piece.start, 0) : max(piece.end, 0)] += 1
    return heads


def outside(problem: Problem, number: int, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Heads too few and too many for a limit by interval."""
    limit, holds = problem.staff_limits[number], problem.limit_open[number]
    few = np.maximum(limit.least - heads, 0) * holds
    many = np.zeros_like(few) if limit.most is None else np.maximum(heads - limit.most, 0) * holds
    return few, many


def told(problem: Problem, number: int, gaps: tuple[np.ndarray, np.ndarray]) -> list[Violation]:
    """Runs of intervals in which heads are too few, and too many."""
    name = problem.staff_limits[number].limit
    few, many = gaps
    return _runs(problem, StaffLimits.name, name, few, "few") + _runs(
        problem, StaffLimits.name, name, many, "many"
    )


def _gaps(problem: Problem, number: int, roster: Roster) -> tuple[np.ndarray, np.ndarray]:
    return outside(problem, number, heads_at_work(problem, number, roster))


def _runs(problem: Problem, rule: str, name: str, gap: np.ndarray, words: str) -> list[Violation]:
    """One violation for each unbroken stretch."""
    found = []
    for at, length in stretches(gap > 0):
        worst, until = int(gap[at : at + length].max()), when(problem, at + length)[-5:]
        text = f"{name!r}: up to {worst} too {words} at work until {until}."
        found.append(Violation(rule, text, "", when(problem, at)))
    return found
