"""Not too many of those on duty are on a break at the same time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import MEETING, WORK, Roster, stretches, when
from wfm.scheduling.settings import Rules

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class BreakBunching:
    """`Rules.break_share_max` and `Rules.break_heads_max`, in all or by `Rules.break_by_team`.

    Of D people on duty, those on a break included, at most ceil(share x D) and at most so many
    heads are on a break. Where breaks cannot be spread so far it gives way least, at
    `Weights.limit` for each head and 15 minutes, and is told.
    """

    name: str = "break_bunching"
    unit: str = "heads on a break, or share of those on duty"
    default: str = "no rule"
    source: str = "A habit of the trade, so that a team is never half away; not a legal limit."

    def constrain(self, build: Build) -> None:
        """Breaks begun lately, less a share of those on duty, with dear slack.

        With the share p/q in whole numbers: q breaks - p duty <= q - 1, which is the rounding up.
        """
        problem, layout, columns = build.problem, build.layout, build.columns
        share, heads = problem.break_share, problem.rules.break_heads_max
        time = np.arange(problem.intervals)
        for team in problem.break_teams:
            groups = [g for g, group in enumerate(layout.groups) if team[group.agents[0]]]
            open_now = np.zeros(problem.intervals, dtype=bool)
            for g in groups:
                for (length, _, _), k in zip(layout.groups[g].pauses, columns.k[g], strict=True):
                    for offset in range(length):
                        open_now[offset:] |= k[: problem.intervals - offset] >= 0
            size = int(team.sum())
            slack = build.block(
                "slack", open_now, size, problem.weights.limit, day=problem.day[time], at=time
            )
            limits = []
            if share is not None:
                limits.append((share.numerator, share.denominator, share.denominator - 1))
            if heads is not None:
                limits.append((0, 1, heads))
            for duty, breaks, most in limits:
                rows = np.full(problem.intervals, -1)
                rows[open_now] = build.rows(int(open_now.sum()), -np.inf, most)
                build.add(rows, slack, -breaks)
                build.heads(groups, rows, duty=-duty, breaks=breaks)
                columns.limits.append((rows, slack, -float(breaks)))

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Runs of intervals with too many on a break."""
        return told(problem, breaks_above(problem, roster))


def told(problem: Problem, above: np.ndarray) -> list[Violation]:
    """Runs of intervals by team in which heads above the limit are on a break."""
    found: list[Violation] = []
    names = sorted({agent.team for agent in problem.agents})
    for number, heads in enumerate(above):
        whose = repr(names[number]) if problem.rules.break_by_team else "everybody"
        for at, length in stretches(heads > 0):
            worst, until = int(heads[at : at + length].max()), when(problem, at + length)[-5:]
            text = f"{whose}: up to {worst} too many on a break at once until {until}."
            found.append(Violation(BreakBunching.name, text, "", when(problem, at)))
    return found


def breaks_above(problem: Problem, roster: Roster) -> np.ndarray:
    """Heads on a break above what the rule allows, shape (teams, intervals)."""
    duty, breaks = duty_and_breaks(problem, roster)
    return np.asarray(np.maximum(breaks - problem.breaks_allowed(duty), 0))


def eased_breaks(problem: Problem, roster: Roster) -> Rules:
    """The rules, with the number on a break raised to what a schedule has where that is more."""
    if not breaks_above(problem, roster).any():
        return problem.rules
    most = int(duty_and_breaks(problem, roster)[1].max())
    return replace(problem.rules, break_share_max=None, break_heads_max=most)


def duty_and_breaks(problem: Problem, roster: Roster) -> np.ndarray:
    """Heads on duty and on a break, shape (2, teams, intervals)."""
    teams = problem.break_teams
    duty, breaks = counts = np.zeros((2, len(teams), problem.intervals), dtype=int)
    for shift in roster.shifts:
        own = teams[:, shift.agent]
        duty[own, max(shift.start, 0) : max(shift.end, 0)] += 1
        for piece in shift.pieces:
            if piece.activity not in (*WORK, MEETING):
                breaks[own, max(piece.start, 0) : max(piece.end, 0)] += 1
    return counts
