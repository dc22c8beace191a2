"""Whole weeks change hands inside a group: no coverage is lost, rules are kept, wishes granted."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from wfm.scheduling.chains import broken_rules
from wfm.scheduling.crew import Crew
from wfm.scheduling.kinds import run_before
from wfm.scheduling.rules.rest import turn_intervals

BROKEN, MOVED = 1000.0, 1e-3
"""A broken rule and a week that changes hands, beside a missed wish."""
DEAR = 3
"""A day that is closed or locked otherwise, beside rules that single days may still mend."""
NONE = -1


def exchange_weeks(crew: Crew, group: int, week: int) -> None:
    """Give the weeks of a group to those of its agents whom they suit, in place.

    Everybody of a group has the contract, skills and hours of the others, so that any exchange
    keeps every count. Which agent gets which week is an assignment, solved exactly.

    Parameters
    ----------
    crew
        With the starts of this week and those before; breaks and work are not looked at.
    group, week
        Whose weeks.
    """
    problem = crew.problem
    agents = [int(a) for a in crew.layout.groups[group].agents]
    days = problem.days_of(week)
    weeks = np.full((len(agents), len(days)), NONE)
    for row, agent in enumerate(agents):
        for day, start in crew.starts[agent].items():
            if day in days:
                weeks[row, day - days[0]] = start
    cost = BROKEN * rules_broken(crew, group, agents, weeks, days) + _missed(crew, agents, weeks)
    if not np.diag(cost).any():
        return
    cost += MOVED * ~np.eye(len(agents), dtype=bool)
    rows, chosen = linear_sum_assignment(cost)
    for row, other in zip(rows.tolist(), chosen.tolist(), strict=True):
        own = crew.starts[agents[row]]
        kept = {d: s for d, s in own.items() if d not in days}
        new = {days[i]: int(s) for i, s in enumerate(weeks[other]) if s != NONE}
        own.clear()
        own.update(dict(sorted({**kept, **new}.items())))


def rules_broken(
    crew: Crew, group: int, agents: list[int], weeks: np.ndarray, days: range
) -> np.ndarray:
    """Rules that each week would break for each agent, shape (agents, weeks)."""
    problem = crew.problem
    worked = weeks != NONE
    closed = np.array([[d in problem.closed[a] for d in days] for a in agents])
    broken = DEAR * (closed.astype(float) @ worked.T.astype(float))
    week = problem.week_of(days[0])
    limits = np.array([problem.limits(a, week) for a in agents])
    counts = worked.sum(axis=1)
    broken += (counts[None, :] < limits[:, :1]) | (counts[None, :] > limits[:, 1:])
    for row, agent in enumerate(agents):
        for day, start in problem.locked[agent].items():
            if day in days and start is not None:
                broken[row] += DEAR * (weeks[:, day - days[0]] != start)
    turn = turn_intervals(problem, crew.layout.groups[group].length)
    first = np.where(worked, weeks, np.iinfo(np.int64).max).min(axis=1)
    broken += first[None, :] < _free_from(crew, agents, days, turn)[:, None]
    if problem.rules.joins_shifts:
        broken += _joined(crew, group, agents, weeks, days)
    if problem.rules.max_days_in_row is not None:
        broken += _too_long(crew, agents, worked, days, problem.rules.max_days_in_row)
    return np.asarray(broken)


def _free_from(crew: Crew, agents: list[int], days: range, turn: int) -> np.ndarray:
    """First interval in which each agent may start after its shifts before the week."""
    found = []
    for agent in agents:
        earlier = [s for d, s in crew.starts[agent].items() if d < days[0]]
        free = crew.problem.free_from(agent)
        found.append(max(free, max(earlier) + turn) if earlier else free)
    return np.array(found)


def _joined(
    crew: Crew, group: int, agents: list[int], weeks: np.ndarray, days: range
) -> np.ndarray:
    """Whether each week's first shift may not follow each agent's last one before."""
    problem, own = crew.problem, crew.layout.groups[group]
    broken = np.zeros((len(agents), len(weeks)))
    for row, agent in enumerate(agents):
        before = {d: s for d, s in crew.starts[agent].items() if d < days[0]}
        if not before and not problem.past[agent]:
            continue
        known = broken_rules(problem, agent, before, own.length)
        firsts = np.array([min(week[week != NONE], default=NONE) for week in weeks])
        for start in np.unique(firsts[firsts != NONE]).tolist():
            both = {**before, int(problem.day[start]): start}
            broken[row, firsts == start] = broken_rules(problem, agent, both, own.length) > known
    return broken


def _too_long(
    crew: Crew, agents: list[int], worked: np.ndarray, days: range, most: int
) -> np.ndarray:
    """Whether a row of days would be too long, the days before the week included."""
    before = [run_before(crew, agent, days[0]) for agent in agents]
    run: np.ndarray = np.zeros(len(worked), dtype=int)
    longest, opening, unbroken = run.copy(), run.copy(), np.ones(len(worked), dtype=bool)
    for works in worked.T:
        unbroken &= works
        opening += unbroken
        run = np.where(works, run + 1, 0)
        longest = np.maximum(longest, run)
    begins = opening[None, :] > 0
    full = np.array(before)[:, None] + opening[None, :] > most
    return np.asarray((begins & full) | (longest > most))


def _missed(crew: Crew, agents: list[int], weeks: np.ndarray) -> np.ndarray:
    """Wishes that each week would miss for each agent, shape (agents, weeks)."""
    problem = crew.problem
    missed = np.zeros((len(agents), len(weeks)))
    clock = problem.clock[np.maximum(weeks, 0)]
    for row, agent in enumerate(agents):
        wish = problem.agents[agent].preferred_start_min
        if wish is not None:
            apart = np.abs(clock - wish)
            far = np.minimum(apart, 24 * 60 - apart) > problem.rules.preferred_within_min
            missed[row] = (far & (weeks != NONE)).sum(axis=1)
    return missed
