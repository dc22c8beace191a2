"""Counts of a group's week to people: days off in turn, weeks to whom they fit, starts by rest."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.crew import Crew
from wfm.scheduling.kinds import free_from
from wfm.scheduling.people.allot import allot_kinds
from wfm.scheduling.people.appoint import Post, appoint
from wfm.scheduling.people.exchange import exchange_weeks
from wfm.scheduling.people.mend import mend_weeks
from wfm.scheduling.problem import Problem

BROKEN, TIGHT, TIE = 100.0, 0.3, 0.2
"""A broken rule, little choice of starts, and keeping the order, beside a missed wish."""

MATCHED = 60
"""Agents of a class up to which weeks are matched before they have starts; later they all are."""


@dataclass(eq=False)
class Slot:
    """A week of somebody not yet named: class, band and days worked."""

    number: int
    band: int
    days: set[int] = field(default_factory=set)


def name_week(
    matrix: Matrix,
    values: np.ndarray,
    crew: Crew,
    group: int,
    week: int,
    seconds: float,
    best: Crew | None,
    *,
    kept: bool,
    late: Callable[[], bool] = lambda: False,
) -> None:
    """Give a group's shifts of a week to its agents, in place.

    Parameters
    ----------
    matrix
        Of the whole problem.
    values
        Whole values of all columns.
    crew
        Gets the starts; those of earlier weeks are there.
    group, week
        Which counts.
    seconds
        Wall limit.
    best, kept
        A crew whose bands and days of work stay as they are, or do if time is too short.
    late
        Says when weeks are given away as they are, broken rules left for repair.
    """
    agents = crew.layout.groups[group].agents.tolist()
    starts = np.round(values[matrix.columns.y[group]]).astype(int)
    if not kept and (matrix.layout.exact or not differ(crew.problem, agents, week)):
        posts = _alike(matrix, values, crew, group, week)
    else:
        found = None if kept else appoint(crew, group, week, starts, seconds)
        if found is None and best is not None:
            found = _posts_of(best, group, week)
        posts = dict(zip(agents, found or [], strict=found is not None))
    kinds = allot_kinds(matrix, values, group, week, posts)
    for day in crew.problem.days_of(week):
        for kind in range(len(crew.layout.groups[group].lengths)):
            own = {a: post for a, post in posts.items() if kinds.get((a, day), 0) == kind}
            _deal(crew, group, day, kind, own, starts)
    if not (matrix.layout.personal or late()):
        exchange_weeks(crew, group, week)
        mend_weeks(crew, group, week, late)


def differ(problem: Problem, agents: list[int], week: int) -> bool:
    """Whether agents of a class may differ in the weeks that they can work."""
    days = problem.days_of(week)
    return problem.rules.max_days_in_row is not None or any(
        (week == 0 and problem.free_from(a) > 0)
        or any(d in days and s is not None for d, s in problem.locked[a].items())
        for a in agents
    )


def _posts_of(crew: Crew, group: int, week: int) -> list[Post]:
    """Posts that agents have, on the band on which `count_crew` counts them."""
    own, days, found = crew.layout.groups[group], crew.problem.days_of(week), []
    for agent in own.agents.tolist():
        starts = {d: s for d, s in crew.starts[agent].items() if d in days}
        at = [own.number[begin] for begin in starts.values()]
        band = int(np.flatnonzero(own.in_band[:, at].all(axis=1))[-1])
        found.append(Post(band, frozenset(starts)))
    return found


def _alike(
    matrix: Matrix, values: np.ndarray, crew: Crew, group: int, week: int
) -> dict[int, Post]:
    """Posts by class, as counted."""
    posts = {}
    for h in crew.layout.classes_of(group, week):
        bands = range(len(matrix.columns.x[group]))
        slots = [slot for band in bands for slot in _slots(matrix, values, h, band)]
        for agent, slot in _match(crew, crew.layout.classes[h].agents, slots, group):
            posts[agent] = Post(slot.band, frozenset(slot.days))
    return posts


def _deal(
    crew: Crew, group: int, day: int, kind: int, posts: dict[int, Post], counts: np.ndarray
) -> None:
    """Starts of a day and kind to those who work it: locked ones first, then who has least time.

    Who is left without takes a start of the band near one that nobody could take.
    """
    own, locked = crew.layout.groups[group], crew.problem.locked
    here = np.flatnonzero((own.start_day == day) & (own.kind == kind))
    left = np.repeat(here, counts[here]).tolist()
    waiting: list[tuple[int, int, int, int]] = []
    for agent, post in posts.items():
        if day not in post.days:
            continue
        lock = locked[agent].get(day)
        if lock is not None:
            allowed = own.allowed(lock)
            same = allowed[own.kind[allowed] == kind]
            option = int(same[0] if len(same) else allowed[0])
            crew.starts[agent][day] = own.options[option]
            if option in left:
                left.remove(option)
            continue
        inside = own.starts[here[own.in_band[post.band, here]]]
        if len(inside):
            free = free_from(crew, agent, group)
            first = inside[inside >= free][:1] if inside[-1] >= free else inside[:1]
            waiting.append((int(first[0]), int(inside[-1]), free, agent))
    waiting.sort(reverse=True)
    ready: list[tuple[int, int, int, int]] = []
    lost, without = [], []
    for option in left:
        start = int(own.starts[option])
        while waiting and waiting[-1][0] <= start:
            first, last, free, agent = waiting.pop()
            heapq.heappush(ready, (last, free, agent, first))
        while ready and ready[0][0] < start:
            without.append(heapq.heappop(ready))
        if ready:
            crew.starts[heapq.heappop(ready)[2]][day] = own.options[option]
        else:
            lost.append(option)
    without += ready + [(last, free, agent, first) for first, last, free, agent in waiting]
    for last, free, agent, first in sorted(without):
        inside = here[(own.starts[here] >= first) & (own.starts[here] <= last)]
        late = own.starts[inside] >= free
        rested = inside[late] if late.any() else inside
        apart = np.zeros((len(rested), 1))
        if lost:
            apart = np.abs(np.subtract.outer(own.starts[rested], own.starts[lost]))
        row, column = np.unravel_index(int(apart.argmin()), apart.shape)
        crew.starts[agent][day] = own.options[rested[row]]
        if lost:
            lost.pop(int(column))


def _slots(matrix: Matrix, values: np.ndarray, h: int, band: int) -> list[Slot]:
    """Weeks of a class on one band; days in turn, so that days off differ little."""
    one, columns = matrix.layout.classes[h], matrix.columns
    slots = [Slot(h, band) for _ in range(round(values[columns.n[h][band]]))]
    turn = 0
    for i, day in enumerate(matrix.layout.problem.days_of(one.week)):
        for _ in range(min(round(values[columns.m[h][band, i]]), len(slots))):
            slots[turn % len(slots)].days.add(day)
            turn += 1
    return slots


def _match(crew: Crew, agents: np.ndarray, slots: list[Slot], group: int) -> list[tuple[int, Slot]]:
    """Agents and the weeks that break and miss least: who ended last begins last."""
    people = sorted((int(a) for a in agents), key=lambda a: free_from(crew, a, group))
    slots.sort(key=lambda slot: (min(slot.days, default=crew.problem.days), slot.band))
    if not 1 < len(slots) <= MATCHED or not _individual(crew, people):
        return list(zip(people, slots, strict=False))
    cost = np.array([[_misfit(crew, a, slot, group) for slot in slots] for a in people])
    ranks = np.abs(np.subtract.outer(np.arange(len(people)), np.arange(len(slots))))
    rows, chosen = linear_sum_assignment(cost + TIE * ranks / len(people))
    return [(people[i], slots[j]) for i, j in zip(rows.tolist(), chosen.tolist(), strict=True)]


def _individual(crew: Crew, people: list[int]) -> bool:
    """Whether it matters which of some alike agents gets which week."""
    return any(crew.problem.agents[a].preferred_start_min is not None for a in people)


def _misfit(crew: Crew, agent: int, slot: Slot, group: int) -> float:
    """Rules that a week would break for an agent, dear, and wishes it would miss."""
    problem, own = crew.problem, crew.layout.groups[group]
    free = free_from(crew, agent, group)
    inside = own.in_band[slot.band]
    cost = 0.0
    for day in sorted(slot.days)[:2]:
        starts = own.starts[inside & (own.start_day == day)]
        if len(starts) and starts[-1] < free:
            cost += BROKEN
        elif len(starts) and starts[0] < free:
            cost += TIGHT
    if problem.agents[agent].preferred_start_min is not None:
        starts = own.starts[inside]
        few = starts[:: max(len(starts) // 4, 1)].tolist()
        missed = sum(problem.misses(agent, s) for s in few) / max(len(few), 1)
        cost += missed * len(slot.days)
    return cost
