"""Which weekends are free, planned ahead so that everything else can count on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from wfm.scheduling.patterns import own_patterns
from wfm.scheduling.problem import Problem


def plan_weekends(problem: Problem) -> Problem:
    """Give every agent free weekends where a rule asks for them; half of all at any time.

    Of all ways to keep the rule each agent gets the one that clashes least with its locks and with
    the days that its weeks need; then one with no weekend more than its share; then the one that
    leaves alike agents the most equal numbers on every weekend. Whom the weekends before leave no
    choice for the first one comes first, so that the others can make up for it.

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
    share = -(-len(problem.weekends) // every)
    off: dict[str, frozenset[int]] = {}
    counts: dict[tuple[str, frozenset[str]], np.ndarray] = {}
    owed = [not problem.owed_weekend(i) for i in range(len(problem.agents))]
    for i in np.argsort(owed, kind="stable").tolist():
        agent = problem.agents[i]
        own = (agent.contract, agent.skills)
        count = counts.setdefault(own, np.zeros(len(problem.weekends), dtype=int))
        plans = np.array(list(weekend_plans(problem, i, every)))
        clashes = plans @ np.array([_clashes(problem, i, days) for days in problem.weekends])
        many = np.maximum(plans.sum(axis=1) - share, 0)
        crowded = ((plans + count) ** 2).sum(axis=1)
        free = plans[np.lexsort((crowded, many, clashes))[0]]
        count += free
        weekends = zip(problem.weekends, free, strict=True)
        days = frozenset(day for days, f in weekends if f for day in days)
        if days:
            off[agent.agent] = days
    return replace(problem, planned_off=off)


def weekend_plans(problem: Problem, agent: int, every: int) -> Iterator[tuple[bool, ...]]:
    """Every way to keep one weekend in so many free with those before: which of them are."""
    known, begun = problem.weekends_past(agent)
    past = [not worked for worked in known][-(every - 1) :]
    for free in product((False, True), repeat=len(problem.weekends) - begun):
        row = (*past, *free)
        if all(any(row[i : i + every]) for i in range(len(row) - every + 1)):
            yield (False,) * begun + free


def _clashes(problem: Problem, agent: int, weekend: tuple[int, ...]) -> int:
    """Days that the contract asks and a week does not have with its weekend free; locks there."""
    off = frozenset(weekend)
    clashes = sum(s is not None and d in off for d, s in problem.locked[agent].items())
    for week in {problem.week_of(day) for day in weekend}:
        fewest, most = problem.limits(agent, week)
        worked = own_patterns(problem, agent, week, (0, most), off).sum(axis=1)
        clashes += max(fewest - int(worked.max(initial=0)), 0)
    return clashes
