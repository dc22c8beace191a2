"""Nobody on a list is tried again before its gap of days is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, when
from wfm.scheduling.rules.outbound_hours import block_lengths

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class OutboundTries:
    """`Campaign.gap_days`: in so many days in a row a list is worked through once at most.

    Of more time some records would have been tried a second time too early.
    """

    name: str = "outbound_tries"
    unit: str = "days from one try to the next"
    default: str = "as in the campaign"
    source: str = "The campaign."

    def constrain(self, build: Build) -> None:
        """Intervals of blocks within the days, with dear slack so that no day is left stuck."""
        problem, columns = build.problem, build.columns
        for campaign, days, most in problem.passes:
            able = sum(s.size for s in build.layout.skill_sets if campaign in s.campaigns)
            size = able * int(problem.permitted[campaign, days].sum())
            rows = build.rows(1, -np.inf, most)
            slack = build.block("slack", np.array([True]), size, problem.weights.limit)
            build.add(rows, slack, -1)
            for blocks in columns.o:
                for length, o in zip(
                    block_lengths(problem), blocks.get(campaign, ()), strict=False
                ):
                    at = np.arange(len(o))
                    inside = np.minimum(at + length, days.stop) - np.maximum(at, days.start)
                    build.add(rows, o, np.maximum(inside, 0))
            columns.limits.append((rows, slack, -1.0))

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Days in which a list is worked through more than once."""
        if not problem.passes:
            return []
        worked = np.zeros((len(problem.campaigns), problem.intervals), dtype=int)
        numbers = {c.campaign: i for i, c in enumerate(problem.campaigns)}
        for shift in roster.shifts:
            for piece in shift.pieces:
                if piece.activity == "outbound" and piece.queue in numbers:
                    worked[numbers[piece.queue], max(piece.start, 0) : max(piece.end, 0)] += 1
        found = []
        for campaign, days, most in problem.passes:
            placed = int(worked[campaign, days].sum())
            if placed > most:
                one, hours = problem.campaigns[campaign], problem.interval_min / 60
                text = (
                    f"{one.campaign}: {placed * hours:g} h within {one.gap_days} days, one try of "
                    f"every record takes {most * hours:g} h."
                )
                found.append(Violation(self.name, text, "", when(problem, days.start)))
        return found
