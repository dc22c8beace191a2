"""Counts of a group's week to people: days off in turn, weeks to whom they fit, starts by rest."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from wfm.scheduling.build import Matrix
from wfm.scheduling.crew import Crew
from wfm.scheduling.exchange import exchange_weeks
from wfm.scheduling.rules.rest import turn_intervals

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


def name_week(matrix: Matrix, values: np.ndarray, crew: Crew, group: int, week: int) -> None:
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
    """
    layout, columns = matrix.layout, matrix.columns
    days = layout.problem.days_of(week)
    band_of: dict[int, int] = {}
    working: dict[int, set[int]] = {}
    for h in layout.classes_of(group, week):
        slots = [
            slot
            for band in range(len(columns.x[group]))
            for slot in _slots(matrix, values, h, band)
        ]
        for agent, slot in _match(crew, layout.classes[h].agents, slots, group, week):
            band_of[agent], working[agent] = slot.band, slot.days
    for band, x in enumerate(columns.x[group]):
        people = [agent for agent, own in band_of.items() if own == band]
        for day in days:
            at = np.flatnonzero((layout.groups[group].start_day == day) & (x >= 0))
            counts = np.round(values[x[at]]).astype(int)
            begins = np.repeat(layout.groups[group].starts[at], counts).tolist()
            _give_starts(crew, [a for a in people if day in working[a]], begins, group, day)
    exchange_weeks(crew, group, week)


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


def _match(
    crew: Crew, agents: np.ndarray, slots: list[Slot], group: int, week: int
) -> list[tuple[int, Slot]]:
    """Agents and the weeks that break and miss least: who ended last begins last."""
    people = sorted((int(a) for a in agents), key=lambda a: _free_from(crew, a, group))
    slots.sort(key=lambda slot: (min(slot.days, default=crew.problem.days), slot.band))
    if not 1 < len(slots) <= MATCHED or not _individual(crew, people):
        return list(zip(people, slots, strict=False))
    cost = np.array([[_misfit(crew, a, slot, group, week) for slot in slots] for a in people])
    ranks = np.abs(np.subtract.outer(np.arange(len(people)), np.arange(len(slots))))
    rows, chosen = linear_sum_assignment(cost + TIE * ranks / len(people))
    return [(people[i], slots[j]) for i, j in zip(rows.tolist(), chosen.tolist(), strict=True)]


def _individual(crew: Crew, people: list[int]) -> bool:
    """Whether it matters which of some alike agents gets which week."""
    problem = crew.problem
    return problem.rules.max_days_in_row is not None or any(
        problem.agents[a].preferred_start_min is not None or problem.free_from(a) > 0
        for a in people
    )


def _free_from(crew: Crew, agent: int, group: int) -> int:
    """First interval in which an agent may start again after all its shifts so far."""
    turn = turn_intervals(crew.problem, crew.layout.groups[group].length)
    last = max(crew.starts[agent].values(), default=None)
    free = crew.problem.free_from(agent)
    return free if last is None else max(free, last + turn)


def _misfit(crew: Crew, agent: int, slot: Slot, group: int, week: int) -> float:
    """Rules that a week would break for an agent, dear, and wishes it would miss."""
    problem, own = crew.problem, crew.layout.groups[group]
    free = _free_from(crew, agent, group)
    inside = own.in_band[slot.band]
    cost = 0.0
    for day in sorted(slot.days)[:2]:
        starts = own.starts[inside & (own.start_day == day)]
        if len(starts) and starts[-1] < free:
            cost += BROKEN
        elif len(starts) and starts[0] < free:
            cost += TIGHT
    most = problem.rules.max_days_in_row
    if most is not None:
        days = problem.days_of(week)
        run, day = 0, days[0] - 1
        while day in crew.starts[agent]:
            run, day = run + 1, day - 1
        run += problem.before(agent).days_in_row if day < 0 else 0
        for day in days:
            run = run + 1 if day in slot.days else 0
            cost += BROKEN * (run > most)
    if problem.agents[agent].preferred_start_min is not None:
        starts = own.starts[inside]
        few = starts[:: max(len(starts) // 4, 1)].tolist()
        missed = sum(problem.misses(agent, s) for s in few) / max(len(few), 1)
        cost += missed * len(slot.days)
    return cost


def _give_starts(crew: Crew, people: list[int], begins: list[int], group: int, day: int) -> None:
    """Starts of a day to agents of one band: locked ones first, then early to who is rested."""
    left = sorted(begins)
    others = []
    for agent in people:
        locked = crew.problem.locked[agent].get(day)
        if locked is not None and locked in left:
            left.remove(locked)
            crew.starts[agent][day] = locked
        else:
            others.append(agent)
    others.sort(key=lambda a: _free_from(crew, a, group))
    for agent, start in zip(others, left, strict=False):
        crew.starts[agent][day] = start
