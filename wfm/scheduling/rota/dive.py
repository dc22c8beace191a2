"""From a linear programme over lines to one line for everybody."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from wfm.scheduling.rota.pricing import Pricing
from wfm.scheduling.rota.problem import OFF
from wfm.scheduling.rota.programme import TOLERANCE, Column, Programme, generate

WHOLE = 1 - 1e-6


def dive(programme: Programme, left: Callable[[], float], *, rounds: int) -> np.ndarray:
    """A line for everybody: settle those on whom the programme agrees, and go on with the rest.

    Parameters
    ----------
    programme
        Solved. Everybody is settled in it afterwards.
    left
        Seconds that there are. A step settles as few people as they allow; once there are none, the
        rest get their lines in turn.
    rounds
        Rounds of new lines after each step.

    Returns
    -------
    numpy.ndarray
        Type of each person and day or `OFF`, shape (E, days).
    """
    part = programme.part
    lines = np.full((len(part.people), part.days), OFF, np.int16)
    rest = np.arange(len(part.people))
    began, steps = left(), 0
    while len(rest):
        if left() <= 0:
            return _in_turn(programme, lines, rest)
        steps += 1
        step_s = (began - left()) / steps
        count = max(1, ceil(len(rest) * step_s / max(left(), step_s, 1e-9)))
        top = [_top(programme.columns[person]) for person in rest]
        order = np.argsort([-value for value, _ in top], kind="stable")
        settled = [i for n, i in enumerate(order) if n < count or top[i][0] > WHOLE]
        for i in settled:
            lines[rest[i]] = top[i][1].line
            programme.settle(top[i][1])
        rest = np.delete(rest, settled)
        if len(rest):
            programme.solve(settled=True)
            generate(programme, rest, lambda: left() > 0, rounds=rounds, smooth=0.0)
    return lines


def _top(columns: list[Column]) -> tuple[float, Column]:
    """The line of a person that the programme takes most of, and how much."""
    values = [column.variable.solution_value() for column in columns]
    at = int(np.argmax(values))
    return values[at], columns[at]


def _in_turn(programme: Programme, lines: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Lines of those who are settled, and for the others in turn the cheapest beside them."""
    for person in rest.tolist():
        cost, line = programme.pricing.beside(person, lines)
        lines[person] = line if np.isfinite(cost) else programme.columns[person][0].line
    return lines


def sweep(pricing: Pricing, lines: np.ndarray, go_on: Callable[[], bool]) -> np.ndarray:
    """Give one person after the other the best line beside all others, until nobody gains."""
    lines = lines.copy()
    content = person = 0
    while content < len(lines) and go_on():
        now = lines[person].copy()
        lines[person] = OFF
        prices = pricing.prices_beside(lines)
        cost, found = pricing.beside(person, lines)
        days = np.flatnonzero(now != OFF)
        paid = pricing.wish[person, days, now[days]].sum() - prices[days, now[days]].sum()
        content += 1
        lines[person] = now
        if cost < paid - TOLERANCE:
            lines[person], content = found, 0
        person = (person + 1) % len(lines)
    return lines


def choose(
    programme: Programme, hint: np.ndarray, seconds: float, seed: int, *, workers: int = 1
) -> np.ndarray:
    """The best choice among the lines known, one a person, by CP-SAT; the hint if it finds none.

    Parameters
    ----------
    programme
        With its lines.
    hint
        Lines that it knows, shape (E, days).
    seconds, seed, workers
        The solver's.
    """
    model = cp_model.CpModel()
    part, pricing, costs = programme.part, programme.pricing, []
    inside: dict[tuple[int, int], list[Any]] = {at: [] for at in programme.cover}
    taken = [[model.new_bool_var("") for _ in columns] for columns in programme.columns]
    for columns, takes in zip(programme.columns, taken, strict=True):
        model.add_exactly_one(takes)
        for column, take in zip(columns, takes, strict=True):
            model.add_hint(take, np.array_equal(column.line, hint[column.person]))
            costs.append(take * column.cost)
            for day in np.flatnonzero(column.line != OFF).tolist():
                if (day, int(column.line[day])) in inside:
                    inside[day, int(column.line[day])].append(take)
    for (day, kind), terms in inside.items():
        need = int(part.required[day, kind])
        if terms:
            missing = model.new_int_var(0, max(need, 0), "")
            surplus = model.new_int_var(0, max(len(part.people) - need, 0), "")
            model.add(sum(terms) + missing - surplus == need)
            costs.append(missing * float(pricing.under[day, kind]))
            costs.append(surplus * float(pricing.over[day, kind]))
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hint
    found = hint.copy()
    for columns, takes in zip(programme.columns, taken, strict=True):
        for column, take in zip(columns, takes, strict=True):
            if solver.boolean_value(take):
                found[column.person] = column.line
    return found
