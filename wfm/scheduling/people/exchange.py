"""Whole weeks change hands inside a group: no coverage is lost, rules are kept, wishes granted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from wfm.scheduling.crew import Crew
from wfm.scheduling.groups import Group
from wfm.scheduling.kinds import run_after, run_before
from wfm.scheduling.people.chains import JoinedRules
from wfm.scheduling.problem import Begin, Problem

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
        With the starts of this week and of others, which stay; breaks and work are not looked at.
    group, week
        Whose weeks.
    """
    problem = crew.problem
    agents = [int(a) for a in crew.layout.groups[group].agents]
    days = problem.days_of(week)
    weeks = held_options(crew, group, agents, days)
    cost = BROKEN * rules_broken(crew, group, agents, weeks, days)
    cost += _missed(crew, group, agents, weeks)
    if not np.diag(cost).any():
        return
    cost += MOVED * ~np.eye(len(agents), dtype=bool)
    rows, chosen = linear_sum_assignment(cost)
    for row, other in zip(rows.tolist(), chosen.tolist(), strict=True):
        own = crew.starts[agents[row]]
        kept = {d: s for d, s in own.items() if d not in days}
        options = crew.layout.groups[group].options
        new = {days[i]: options[s] for i, s in enumerate(weeks[other]) if s != NONE}
        own.clear()
        own.update(dict(sorted({**kept, **new}.items())))


def held_options(crew: Crew, group: int, agents: list[int], days: range) -> np.ndarray:
    """Option of each agent on each day, `NONE` for a day off, shape (agents, days)."""
    own = crew.layout.groups[group]
    weeks = np.full((len(agents), len(days)), NONE)
    for row, agent in enumerate(agents):
        for day, begin in crew.starts[agent].items():
            if day in days:
                weeks[row, day - days[0]] = own.number.get(begin, NONE)
    return weeks


def hours_off(
    problem: Problem, agent: int, shifts: Sequence[Begin], limits: tuple[int, int] | None
) -> int:
    """By how many hours, rounded up, some shifts lie outside the paid hours of a week."""
    if limits is None:
        return 0
    kinds = problem.contract_of(agent).shifts
    paid = sum(kinds[begin.kind].paid_min for begin in shifts)
    return -(-max(limits[0] - paid, paid - limits[1], 0) // 60)


def rules_broken(
    crew: Crew, group: int, agents: list[int], weeks: np.ndarray, days: range
) -> np.ndarray:
    """Rules that each week would break for each agent, shape (agents, weeks).

    `weeks` are options of the group, as `held_options` gives them.
    """
    problem, own = crew.problem, crew.layout.groups[group]
    worked = weeks != NONE
    closed = np.array([[d in problem.closed[a] for d in days] for a in agents])
    broken = DEAR * (closed.astype(float) @ worked.T.astype(float))
    week = problem.week_of(days[0])
    limits = np.array([problem.limits(a, week) for a in agents])
    counts = worked.sum(axis=1)
    broken += (counts[None, :] < limits[:, :1]) | (counts[None, :] > limits[:, 1:])
    for row, agent in enumerate(agents):
        for day, lock in problem.locked[agent].items():
            if day in days and lock is not None:
                broken[row] += DEAR * ~np.isin(weeks[:, day - days[0]], own.allowed(lock))
        limits_h = problem.paid_limits(agent, week)
        if limits_h is not None:
            broken[row] += [
                hours_off(problem, agent, [own.options[i] for i in w[w != NONE]], limits_h)
                for w in weeks
            ]
    first = np.where(worked, own.starts[weeks], np.iinfo(np.int64).max).min(axis=1)
    broken += first[None, :] < _free_from(crew, own, agents, days)[:, None]
    ends = np.where(worked, own.ends[weeks], NONE).max(axis=1)
    broken += ends[None, :] > _rested_by(crew, agents, days)[:, None]
    if problem.rules.joins_shifts:
        broken += _joined(crew, group, agents, weeks, days)
    if problem.rules.max_days_in_row is not None:
        broken += _too_long(crew, agents, worked, days, problem.rules.max_days_in_row)
    return np.asarray(broken)


def _free_from(crew: Crew, own: Group, agents: list[int], days: range) -> np.ndarray:
    """First interval in which each agent may start after its shifts before the week."""
    found = []
    for agent in agents:
        ends = [b.start + own.lengths[b.kind] for d, b in crew.starts[agent].items() if d < days[0]]
        rested = [end + crew.problem.rest for end in ends]
        found.append(max([crew.problem.free_from(agent), *rested]))
    return np.array(found)


def _rested_by(crew: Crew, agents: list[int], days: range) -> np.ndarray:
    """Last interval by which each agent must be off for its shifts after the week."""
    found = []
    for agent in agents:
        later = [b.start for d, b in crew.starts[agent].items() if d > days[-1]]
        found.append(min(later, default=np.iinfo(np.int64).max) - crew.problem.rest)
    return np.array(found)


def _joined(
    crew: Crew, group: int, agents: list[int], weeks: np.ndarray, days: range
) -> np.ndarray:
    """Whether each week's first and last shift may not stand beside each agent's other weeks."""
    problem, own = crew.problem, crew.layout.groups[group]
    broken, joined = np.zeros((len(agents), len(weeks))), JoinedRules(problem)
    firsts = np.array([min(week[week != NONE], default=NONE) for week in weeks])
    lasts = np.array([max(week[week != NONE], default=NONE) for week in weeks])
    for row, agent in enumerate(agents):
        before = [s for d, s in crew.starts[agent].items() if d < days[0]]
        after = [s for d, s in crew.starts[agent].items() if d > days[-1]]
        past = bool(before or problem.past[agent])
        for others, ends in ((before, firsts), (after, lasts)):
            if not (past if others is before else others):
                continue
            known = joined.broken(agent, others, own.lengths)
            for option in np.unique(ends[ends != NONE]).tolist():
                beside = sorted([*others, own.options[option]])
                broken[row, ends == option] += joined.broken(agent, beside, own.lengths) > known
    return broken


def _too_long(
    crew: Crew, agents: list[int], worked: np.ndarray, days: range, most: int
) -> np.ndarray:
    """Whether a row of days would be too long, the days before and after the week included."""
    before = [run_before(crew, agent, days[0]) for agent in agents]
    run: np.ndarray = np.zeros(len(worked), dtype=int)
    longest, opening, unbroken = run.copy(), run.copy(), np.ones(len(worked), dtype=bool)
    for works in worked.T:
        unbroken &= works
        opening += unbroken
        run = np.where(works, run + 1, 0)
        longest = np.maximum(longest, run)
    after = [run_after(crew, agent, days[-1]) for agent in agents]
    before_all, after_all = np.array(before)[:, None], np.array(after)[:, None]
    at_first = (opening > 0) & (before_all + opening > most)
    at_last = (run > 0) & (after_all > 0) & (run + after_all > most)
    whole = unbroken & (before_all + len(days) + after_all > most)
    return np.asarray(at_first | at_last | whole | (longest > most))


def _missed(crew: Crew, group: int, agents: list[int], weeks: np.ndarray) -> np.ndarray:
    """Wishes that each week would miss for each agent, shape (agents, weeks)."""
    problem = crew.problem
    missed = np.zeros((len(agents), len(weeks)))
    clock = problem.clock[crew.layout.groups[group].starts[np.maximum(weeks, 0)]]
    for row, agent in enumerate(agents):
        wish = problem.agents[agent].preferred_start_min
        if wish is not None:
            apart = np.abs(clock - wish)
            far = np.minimum(apart, 24 * 60 - apart) > problem.rules.preferred_within_min
            missed[row] = (far & (weeks != NONE)).sum(axis=1)
    return missed
