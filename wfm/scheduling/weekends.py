"""Which weekends are free, planned ahead so that everything else can count on them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from wfm.scheduling.problem import Problem


def plan_weekends(problem: Problem) -> Problem:
    """Give every agent free weekends where a rule asks for them; half of all at any time.

    Parameters
    ----------
    problem
        As asked. Where the rule is not asked, or one weekend only is planned, it comes back as is:
        who owes a free weekend has it closed already.

    Returns
    -------
    Problem
        With `planned_off`. It is a choice among legal plans, so bounds are proven without it.
    """
    every = problem.rules.weekends_off_in
    if every is None or len(problem.weekends) < 2:
        return problem
    off: dict[str, frozenset[int]] = {}
    turn: dict[tuple[str, frozenset[str]], int] = {}
    for i, agent in enumerate(problem.agents):
        own = (agent.contract, agent.skills)
        offset = turn.get(own, 0)
        turn[own] = offset + 1
        turns = 1 if problem.owed_weekend(i) else every
        plans = [_days_off(problem, i, every, (offset + k) % turns) for k in range(turns)]
        days = min(plans, key=partial(_clashes, problem, i))
        if days:
            off[agent.agent] = frozenset(days)
    return replace(problem, planned_off=off)


def _days_off(problem: Problem, agent: int, every: int, phase: int) -> set[int]:
    """Days of the weekends that a phase leaves free, as few as the rule needs."""
    days: set[int] = set()
    row = list(problem.before(agent).weekends)[-(every - 1) :]
    for number, weekend in enumerate(problem.weekends):
        owed = len(row) >= every - 1 and all(row[-(every - 1) :])
        free = owed or number % every == phase
        if free:
            days |= set(weekend)
        row.append(not free)
    return days


def _clashes(problem: Problem, agent: int, days: set[int]) -> tuple[int, int]:
    """Locked shifts on weekends that would be free, and days missing for the contract."""
    locked = sum(s is not None and d in days for d, s in problem.locked[agent].items())
    missing = 0
    for week in range(problem.weeks):
        there = set(problem.days_of(week)) - problem.closed[agent] - days
        missing += max(problem.limits(agent, week)[0] - len(there), 0)
    return locked, missing
