"""Outbound work stays inside a campaign's permitted hours, deadline and the horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class OutboundHours:
    """Blocks exist only where every one of their intervals is permitted."""

    name: str = "outbound_hours"
    unit: str = "weekly hours"
    default: str = "as in the campaign"
    source: str = "The campaign; calling hours are set by national law and not verified here."

    def constrain(self, build: Build) -> None:
        """Columns o: blocks of a skill set by campaign, length and start; any run is a chain."""
        problem = build.problem
        time, lengths = np.arange(problem.intervals), block_lengths(problem)
        for number, skill_set in enumerate(build.layout.skill_sets):
            blocks: dict[int, np.ndarray] = {}
            for campaign in skill_set.campaigns:
                good = np.array([_fits(problem.permitted[campaign], n) for n in lengths])
                o = build.block(
                    "o", good, skill_set.size, day=problem.day[time], at=time, skill_set=number
                )
                blocks[campaign] = o
                for row, length in zip(o, lengths, strict=True):
                    for offset in range(length):
                        build.add(build.free[number][offset:], row[: len(time) - offset], -1)
            build.columns.o.append(blocks)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Outbound pieces with an interval that is not permitted."""
        numbers = {c.campaign: i for i, c in enumerate(problem.campaigns)}
        found = []
        for shift in roster.shifts:
            for piece in shift.pieces:
                if piece.activity != "outbound" or piece.queue not in numbers:
                    continue
                allowed = problem.permitted[numbers[piece.queue], max(piece.start, 0) : piece.end]
                if piece.start < 0 or len(allowed) < piece.end - piece.start or not allowed.all():
                    text = f"{piece.queue} outside its permitted hours."
                    found.append(violation(problem, self.name, shift.agent, piece.start, text))
        return found


def block_lengths(problem: Problem) -> range:
    """Lengths of the blocks that every longer run is a chain of [intervals]."""
    return range(problem.block, 2 * problem.block)


def _fits(permitted: np.ndarray, length: int) -> np.ndarray:
    """Where a block of some length may begin."""
    good = np.zeros(len(permitted), dtype=bool)
    if len(permitted) >= length:
        windows = np.lib.stride_tricks.sliding_window_view(permitted, length)
        good[: len(windows)] = windows.all(axis=1)
    return good
