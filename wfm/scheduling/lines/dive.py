"""From a linear programme over lines to one line for everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from wfm.scheduling.line_terms import OFF
from wfm.scheduling.lines.programme import TOLERANCE, Column, Programme, generate

NEARLY = 1e-6


def dive(programme: Programme, left: Callable[[], float], *, rounds: int) -> np.ndarray:
    """A line for everybody: settle people where the programme agrees, and go on with the rest.

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
    open_ = programme.count.copy()
    began, steps = left(), 0
    while open_.any() and left() > 0:
        steps += 1
        step_s = (began - left()) / steps
        people = max(1, ceil(open_.sum() * step_s / max(left(), step_s, 1e-9)))
        _settle(programme, open_, people)
        if open_.any():
            programme.solve(settled=True)
            rest = np.flatnonzero(open_)
            generate(programme, rest, lambda: left() > 0, rounds=rounds, smooth=0.0)
    taken = [[(c.line, c.settled) for c in columns if c.settled] for columns in programme.columns]
    if open_.any():
        _in_turn(programme, taken, open_)
    return programme.expand(taken)


def whole_share(programme: Programme) -> float:
    """Share of people to whom a solved programme gives whole lines, in [0, 1]."""
    values = [column.open for columns in programme.columns for column in columns]
    return float(np.floor(np.array(values) + NEARLY).sum() / programme.count.sum())


def likeliest(programme: Programme) -> np.ndarray:
    """For everybody the lines that a solved programme takes most of, shape (E, days)."""
    taken = []
    for count, columns in zip(programme.count.tolist(), programme.columns, strict=True):
        values = np.array([column.open for column in columns])
        times = np.floor(values + NEARLY).astype(int)
        rest = np.argsort(times - values, kind="stable")[: count - times.sum()]
        times[rest] += 1
        taken.append([(c.line, n) for c, n in zip(columns, times.tolist(), strict=True) if n])
    return programme.expand(taken)


def _settle(programme: Programme, open_: np.ndarray, people: int) -> None:
    """Settle all whom the programme gives a whole line, and `people` more; count down `open_`."""
    values = [(c, c.open) for kind in np.flatnonzero(open_) for c in programme.columns[kind]]
    parts: list[tuple[float, Column]] = []
    for column, value in values:
        whole = min(int(value + NEARLY), int(open_[column.kind]))
        if whole:
            programme.settle(column, whole)
            open_[column.kind] -= whole
        if value - whole > NEARLY:
            parts.append((value - whole, column))
    for _, column in sorted(parts, key=lambda pair: -pair[0]):
        if people <= 0:
            break
        if open_[column.kind]:
            programme.settle(column, 1)
            open_[column.kind] -= 1
            people -= 1


def _in_turn(
    programme: Programme, taken: list[list[tuple[np.ndarray, int]]], open_: np.ndarray
) -> None:
    """For those who are not settled in turn the cheapest line beside all others."""
    lines = [line for pairs in taken for line, people in pairs for _ in range(people)]
    for kind in np.repeat(np.arange(len(open_)), open_).tolist():
        others = np.array(lines, dtype=np.int16).reshape(-1, programme.part.days)
        cost, line = programme.pricing.beside(kind, others)
        lines.append(line if np.isfinite(cost) else programme.columns[kind][0].line)
        taken[kind].append((lines[-1], 1))


def sweep(programme: Programme, lines: np.ndarray, go_on: Callable[[], bool]) -> np.ndarray:
    """Give one person after the other the best line beside all others, until nobody gains."""
    lines, pricing = lines.copy(), programme.pricing
    content = person = 0
    while content < len(lines) and go_on():
        kind, now = int(programme.kind_of[person]), lines[person].copy()
        lines[person] = OFF
        prices = pricing.prices_beside(lines)
        cost, found = pricing.beside(kind, lines)
        days = np.flatnonzero(now != OFF)
        paid = pricing.wish[kind, days, now[days]].sum() - prices[days, now[days]].sum()
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
    hinted = Counter(zip(programme.kind_of.tolist(), map(_key, hint), strict=True))
    taken = []
    for kind, columns in enumerate(programme.columns):
        count = int(programme.count[kind])
        takes = [model.new_int_var(0, count, "") for _ in columns]
        model.add(sum(takes) == count)
        taken.append(takes)
        for column, take in zip(columns, takes, strict=True):
            model.add_hint(take, hinted[kind, _key(column.line)])
            costs.append(take * column.cost)
            for at in enumerate(column.line.tolist()):
                if at in inside:
                    inside[at].append(take)
    for (day, shift), terms in inside.items():
        need = int(part.required[day, shift])
        if terms:
            missing = model.new_int_var(0, max(need, 0), "")
            surplus = model.new_int_var(0, max(len(part.people) - need, 0), "")
            model.add(sum(terms) + missing - surplus == need)
            costs.append(missing * float(pricing.under[day, shift]))
            costs.append(surplus * float(pricing.over[day, shift]))
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hint
    pairs = [
        [(column.line, solver.value(take)) for column, take in zip(columns, takes, strict=True)]
        for columns, takes in zip(programme.columns, taken, strict=True)
    ]
    return programme.expand(pairs)


def _key(line: np.ndarray) -> bytes:
    return line.astype(np.int16).tobytes()
