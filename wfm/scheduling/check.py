"""Checks and prices any schedule from its segments alone, without the solver."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from wfm.core.types import Violation
from wfm.scheduling.problem import Begin, Problem
from wfm.scheduling.roster import Roster, Shift, kind_of, read_roster, types_of
from wfm.scheduling.rules import RULES
from wfm.scheduling.rules.break_bunching import breaks_above
from wfm.scheduling.rules.staff_limits import heads_outside

PRICED = ("staff_limits", "break_bunching")
"""Rules that give way where they must, at `Weights.limit`."""


def check(problem: Problem, frame: pd.DataFrame) -> list[Violation]:
    """List every rule that a schedule breaks.

    Parameters
    ----------
    problem
        What the schedule is for.
    frame
        `agent start end activity queue` with zoned stamps.

    Returns
    -------
    list of Violation
        Empty for a legal schedule; in the order of the rules.
    """
    roster = read_roster(problem, frame)
    return [broken for rule in RULES for broken in rule.violations(problem, roster)]


def hard(violations: list[Violation]) -> list[Violation]:
    """Those that no schedule may have; the others give way at a price instead."""
    return [v for v in violations if v.rule not in PRICED]


@dataclass(frozen=True, eq=False)
class Price:
    """What a schedule costs and what it does, recomputed.

    Parameters
    ----------
    terms
        Parts of the objective by name [cost units].
    staff
        Heads at work by queue and interval, shape (queues, intervals).
    placed, blocks
        Agent-intervals and unbroken blocks by campaign.
    worked
        Agent-intervals of each campaign by interval, shape (campaigns, intervals).
    days, paid_min, outbound_min
        By agent.
    """

    terms: dict[str, float]
    staff: np.ndarray
    placed: np.ndarray
    blocks: np.ndarray
    worked: np.ndarray
    days: np.ndarray
    paid_min: np.ndarray
    outbound_min: np.ndarray

    @property
    def objective(self) -> float:
        """Sum of the terms [cost units]."""
        return sum(self.terms.values())


def price(problem: Problem, frame: pd.DataFrame) -> Price:
    """Recompute every cost term of a schedule.

    Parameters
    ----------
    problem
        What the schedule is for.
    frame
        `agent start end activity queue` with zoned stamps.
    """
    roster = read_roster(problem, frame)
    staff = np.zeros(problem.required.shape, dtype=int)
    placed = np.zeros(len(problem.campaigns), dtype=int)
    blocks = np.zeros_like(placed)
    worked = np.zeros((len(placed), problem.intervals), dtype=int)
    people = len(problem.agents)
    days, paid = np.zeros(people, dtype=int), np.zeros(people, dtype=int)
    outbound = np.zeros(people, dtype=int)
    queues = {name: i for i, name in enumerate(problem.queues)}
    campaigns = {c.campaign: i for i, c in enumerate(problem.campaigns)}
    for shift in roster.shifts:
        days[shift.agent] += 1
        unpaid = _unpaid(problem, shift.agent)
        for piece in shift.pieces:
            minutes = (piece.end - piece.start) * problem.interval_min
            paid[shift.agent] += 0 if piece.activity in unpaid else minutes
            inside = slice(max(piece.start, 0), max(min(piece.end, problem.intervals), 0))
            if piece.activity == "inbound" and piece.queue in queues:
                staff[queues[piece.queue], inside] += 1
            elif piece.activity == "outbound" and piece.queue in campaigns:
                outbound[shift.agent] += minutes
                placed[campaigns[piece.queue]] += max(inside.stop - inside.start, 0)
                blocks[campaigns[piece.queue]] += 1
                worked[campaigns[piece.queue], inside] += 1
    terms = _terms(problem, staff, placed, int(paid.sum()))
    if any(agent.preferred_start_min is not None for agent in problem.agents):
        missed = sum(
            problem.misses(shift.agent, shift.start)
            for shift in roster.shifts
            if 0 <= shift.start < problem.intervals
        )
        terms["preference"] = problem.weights.preference * missed
    if problem.staff_limits or len(problem.break_teams):
        outside = [heads_outside(problem, n, roster) for n in range(len(problem.staff_limits))]
        outside.append(int(breaks_above(problem, roster).sum()))
        terms["limits"] = problem.weights.limit * float(sum(outside)) * problem.scale
    if problem.published:
        terms["change"] = problem.weights.change * changed_days(problem, roster)
    if problem.weights.switching:
        terms["switching"] = problem.weights.switching * sum(map(_changes, roster.shifts))
    if problem.lines is not None:
        terms |= problem.lines.parts(types_of(problem, roster))
    return Price(terms, staff, placed, blocks, worked, days, paid, outbound)


def changed_days(problem: Problem, roster: Roster) -> int:
    """Agents and days whose shift differs from what was published, days off included."""
    now: dict[str, dict[int, Begin]] = {}
    for shift in roster.shifts:
        if 0 <= shift.start < problem.intervals:
            own = now.setdefault(problem.agents[shift.agent].agent, {})
            own[int(problem.day[shift.start])] = Begin(shift.start, kind_of(problem, shift))
    return sum(
        shifts.get(day) != now.get(name, {}).get(day)
        for name, shifts in problem.published.items()
        for day in {*shifts, *now.get(name, {})}
    )


def _changes(shift: Shift) -> int:
    """Changes of queue within a shift, whatever lies between."""
    served = [piece.queue for piece in shift.pieces if piece.activity == "inbound"]
    return sum(one != other for one, other in pairwise(served))


def _unpaid(problem: Problem, agent: int) -> set[str]:
    return {pause.name for pause in problem.contract_of(agent).pauses if not pause.paid}


def _terms(
    problem: Problem, staff: np.ndarray, placed: np.ndarray, paid_min: int
) -> dict[str, float]:
    """Cost terms [cost units]."""
    weights, scale = problem.weights, problem.scale
    missing = np.maximum(problem.required - staff, 0)
    under = 0.0
    for width, rate in zip(problem.widths, weights.under, strict=True):
        step = np.minimum(missing, width)
        under += rate * float(step.sum())
        missing = missing - step
    over = float(np.maximum(staff - problem.required, 0).sum())
    short_out = float(problem.outbound_short @ np.maximum(problem.targets - placed, 0))
    excess = float(np.maximum(placed - problem.targets, 0).sum())
    return {
        "under": under * scale,
        "over": weights.over * over * scale,
        "labour": weights.labour * paid_min / problem.interval_min * scale,
        "outbound_short": short_out * scale,
        "outbound_over": weights.outbound_over * excess * scale,
    }
