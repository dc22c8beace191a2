"""Outbound work on one campaign lasts a while without interruption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation
from wfm.scheduling.rules.outbound_hours import block_lengths

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build
    from wfm.scheduling.counts.stock import Stock
    from wfm.scheduling.groups import Layout


@dataclass(frozen=True)
class OutboundBlock:
    """Runs of at least `Rules.outbound_block_min` on one campaign.

    Blocks are long enough by construction. So that each finds one agent who stays, those who go on
    break or home at an interval must come from the staff that no block holds.
    """

    name: str = "outbound_block"
    unit: str = "min"
    default: str = "30"
    source: str = "Chosen: shorter blocks lose time to changing over."

    def constrain(self, build: Build) -> None:
        """Breaks and ends at t + 1 take from inbound staff and blocks that end there."""
        problem, layout, columns = build.problem, build.layout, build.columns
        for number, skill_set in enumerate(layout.skill_sets):
            if not skill_set.campaigns or problem.block == 1:
                continue
            allowed = np.asarray(problem.permitted[list(skill_set.campaigns)].any(axis=0))
            joined = np.flatnonzero(allowed[:-1] & allowed[1:])
            rows = np.full(problem.intervals, -1)
            rows[joined] = build.rows(len(joined), -np.inf, 0)
            build.add(rows[None, :], columns.f[number], -1)
            for o in columns.o[number].values():
                for row, length in zip(o, block_lengths(problem), strict=True):
                    build.add(rows[length - 1 :], row[: len(rows) - length + 1], -1)
            for stock in columns.stocks:
                if stock.skill_set == number and _follows_work(layout, stock):
                    build.add(rows[:-1], stock.k[1 : problem.intervals])
            for g, group in enumerate(layout.groups):
                if group.skill_set != number:
                    continue
                for kind, whole in enumerate(group.lengths):
                    own = group.of_kind(kind)
                    pauses = [pause for _, pause in group.breaks_of(kind)]
                    if all(latest + length < whole for length, _, latest in pauses):
                        last = group.starts[own] + whole - 1
                        inside = last < problem.intervals
                        build.add(rows[last[inside]], columns.y[g][own][inside])

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Outbound pieces that are too short."""
        least = problem.rules.outbound_block_min
        found = []
        for shift in roster.shifts:
            for piece in shift.pieces:
                minutes = (piece.end - piece.start) * problem.interval_min
                if piece.activity == "outbound" and minutes < least:
                    text = f"{minutes} min of {piece.queue} without interruption, {least} needed."
                    found.append(violation(problem, self.name, shift.agent, piece.start, text))
        return found


def _follows_work(layout: Layout, stock: Stock) -> bool:
    """Whether the breaks of a stock begin after work, not at the start or right after another."""
    return all(layout.groups[number].works_before(i) for number, i in stock.breaks)
