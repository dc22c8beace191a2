"""Lines as columns: the linear programme over whole lines of people, its prices and its bound.

Every person takes one line, cover is priced. New lines are the cheapest at the programme's prices
(`lines`); when none is cheaper than its person pays, no rota is better than the programme's value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ortools.linear_solver import pywraplp  # type: ignore[attr-defined]
from ortools.sat.python import cp_model

from wfm.scheduling.rota.lines import Lines, Stretch
from wfm.scheduling.rota.problem import OFF, RotaProblem

TOLERANCE = 1e-3
"""A line is cheaper only by more than this."""
WORKERS = 2
SHRINK = 0.01
"""How far steps of prices shrink, from a tenth of the mean price of a missing head."""
LINES = 30
"""Lines of a person kept for later choices."""
STALE = 4
"""Rounds without a new line after which there is none, while fees on limits by type still move."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some people on some days; everything else stays.

    Parameters
    ----------
    people
        Numbers, shape (E,).
    stretch
        The days, and what is left of the people's limits there.
    allowed
        Shape (E, days, S + 1).
    most_of_type
        Left in the stretch, shape (E, S).
    required
        Heads that the others leave open, may be negative, shape (days, S).
    """

    people: np.ndarray
    stretch: Stretch
    allowed: np.ndarray
    most_of_type: np.ndarray
    required: np.ndarray


@dataclass(eq=False)
class Column:
    """A line of a person (position in the part) with its cost."""

    person: int
    line: np.ndarray
    cost: float
    variable: pywraplp.Variable = field(repr=False)


class Programme:
    """The linear programme over the lines known so far."""

    def __init__(self, problem: RotaProblem, part: Part, *, workers: int = WORKERS) -> None:
        self.problem, self.part, self.workers = problem, part, workers
        days = slice(part.stretch.first, part.stretch.last)
        self.wish = problem.wish[part.people, days]
        self.under, self.over = problem.under[days], problem.over[days]
        self.lines = Lines(problem, part.stretch)
        self.columns: list[Column] = []
        self.known: set[tuple[int, bytes]] = set()
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.settings = pywraplp.MPSolverParameters()
        for key, value in (
            (pywraplp.MPSolverParameters.PRESOLVE, pywraplp.MPSolverParameters.PRESOLVE_OFF),
            (pywraplp.MPSolverParameters.LP_ALGORITHM, pywraplp.MPSolverParameters.PRIMAL),
        ):
            self.settings.SetIntegerParam(key, value)
        self.fees = np.zeros((len(part.people), len(problem.shifts)))
        priced = self.under + self.over > 0
        self.scale = float(self.under[priced].mean()) / 10 if priced.any() else 1.0
        self.pool = ThreadPoolExecutor(workers)
        solver = self.solver
        endless = solver.infinity()
        self.one = [solver.Constraint(1, 1) for _ in part.people]
        self.cover: dict[tuple[int, int], pywraplp.Constraint] = {}
        for day, kind in zip(*np.nonzero(self.under + self.over), strict=True):
            need = float(part.required[day, kind])
            row = solver.Constraint(need, need)
            missing = solver.NumVar(0, endless, "")
            surplus = solver.NumVar(0, endless, "")
            row.SetCoefficient(missing, 1)
            row.SetCoefficient(surplus, -1)
            solver.Objective().SetCoefficient(missing, float(self.under[day, kind]))
            solver.Objective().SetCoefficient(surplus, float(self.over[day, kind]))
            self.cover[int(day), int(kind)] = row
        solver.Objective().SetMinimization()

    def staff(self, lines: np.ndarray) -> np.ndarray:
        """Heads of some lines by day and type, shape (days, S)."""
        kinds = range(len(self.problem.shifts))
        return np.stack([(lines == kind).sum(axis=0) for kind in kinds], axis=1)

    def close(self) -> None:
        """End its threads."""
        self.pool.shutdown()

    def add(self, person: int, line: np.ndarray) -> bool:
        """Add a line unless it is known."""
        key = (person, line.astype(np.int16).tobytes())
        if key in self.known:
            return False
        self.known.add(key)
        days = np.flatnonzero(line != OFF)
        cost = float(self.wish[person, days, line[days]].sum())
        variable = self.solver.NumVar(0, self.solver.infinity(), "")
        self.solver.Objective().SetCoefficient(variable, cost)
        self.one[person].SetCoefficient(variable, 1)
        for day in days.tolist():
            row = self.cover.get((day, int(line[day])))
            if row is not None:
                row.SetCoefficient(variable, 1)
        self.columns.append(Column(person, line, cost, variable))
        return True

    def solve(self) -> float:
        """Value of the programme over the lines it knows."""
        self.solver.Solve(self.settings)
        return float(self.solver.Objective().Value())

    def prices(self) -> tuple[np.ndarray, np.ndarray]:
        """What one more head is worth, shape (days, S), and what each person's line costs."""
        prices = np.zeros_like(self.under)
        for at, row in self.cover.items():
            prices[at] = row.dual_value()
        return np.clip(prices, -self.over, self.under), np.array([r.dual_value() for r in self.one])

    def cheapest(
        self, people: np.ndarray, prices: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Cheapest lines at some prices.

        Returns
        -------
        numpy.ndarray
            Cost that no line of the person is below, shape (len(people),).
        numpy.ndarray
            Cost of the line found; infinite where none keeps the limits by type.
        numpy.ndarray
            The lines.
        """
        parts = [chunk for chunk in np.array_split(people, self.workers) if len(chunk)]
        found = list(self.pool.map(lambda chunk: self._cheapest(chunk, prices), parts))
        return (
            np.concatenate([f[0] for f in found]),
            np.concatenate([f[1] for f in found]),
            np.concatenate([f[2] for f in found]),
        )

    def _cheapest(
        self, people: np.ndarray, prices: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same in one thread. A fee on each limit by type is learned from round to round."""
        most = self.part.most_of_type[people]
        cost = np.full((len(people), self.wish.shape[1], most.shape[1] + 1), np.inf)
        allowed = self.part.allowed[people]
        cost[..., -1] = np.where(allowed[..., -1], 0.0, np.inf)
        cost[..., :-1] = np.where(allowed[..., :-1], self.wish[people] - prices, np.inf)
        who = self.part.people[people]
        best, lines = self.lines.best(who, cost)
        least = best.copy()
        todo = np.flatnonzero((self._counts(lines) > most).any(axis=1) & np.isfinite(best))
        if not len(todo):
            return least, best, lines
        charged = cost[todo]
        fees = self.fees[people[todo]]
        charged[..., :-1] += fees[:, None]
        values, other = self.lines.best(who[todo], charged)
        counts = self._counts(other)
        least[todo] = np.maximum(least[todo], values - (fees * most[todo]).sum(axis=1))
        real = values - (fees * counts).sum(axis=1)
        above, spare = counts > most[todo], counts < most[todo]
        real[above.any(axis=1)] = np.inf
        fees = np.where(above, fees * 1.5 + self.scale / 2, np.where(spare, fees * 0.8, fees))
        self.fees[people[todo]] = np.where(fees < self.scale / 50, 0.0, fees)
        rest = todo
        for _ in range(most.shape[1] + 1):
            for i in rest:
                self._keep_cheapest(cost[i], lines[i], most[i])
            best[rest], lines[rest] = self.lines.best(who[rest], cost[rest])
            rest = rest[(self._counts(lines[rest]) > most[rest]).any(axis=1)]
            if not len(rest):
                break
        best[rest] = np.inf
        better = real < best[todo]
        best[todo[better]], lines[todo[better]] = real[better], other[better]
        return least, best, lines

    def _counts(self, lines: np.ndarray) -> np.ndarray:
        """Shifts by type of lines, shape (lines, S)."""
        kinds = range(len(self.problem.shifts))
        return np.stack([(lines == kind).sum(axis=1) for kind in kinds], axis=1)

    def _keep_cheapest(self, cost: np.ndarray, line: np.ndarray, most: np.ndarray) -> None:
        """Leave a type that a line has too often only the cheapest of the line's days."""
        forced = np.isfinite(cost).sum(axis=1) == 1
        for kind in np.flatnonzero(self._counts(line[None])[0] > most):
            used = np.flatnonzero(line == kind)
            order = np.lexsort((cost[used, kind], ~forced[used]))
            keep = used[order[: most[kind]]]
            price = cost[keep, kind]
            cost[:, kind] = np.inf
            cost[keep, kind] = price

    def bound(self, prices: np.ndarray, least: np.ndarray) -> float:
        """A value that no choice of lines is below: any prices give one.

        Lines are priced in single precision, so the sum is lowered by what that may have hidden.
        """
        days = len(prices)
        largest = np.abs(self.wish).max(axis=(0, 2), initial=0) + np.abs(prices).max(axis=1)
        hidden = len(least) * days * float(np.finfo(np.float32).eps) / 2 * float(largest.sum())
        return float((prices * self.part.required).sum() + least.sum() - hidden)


def generate(
    programme: Programme,
    people: np.ndarray,
    go_on: Callable[[], bool],
    *,
    rounds: int = 1000,
    smooth: float = 0.5,
    bound: Callable[[float], None] | None = None,
    center: np.ndarray | None = None,
) -> float:
    """Add lines until none is cheaper, and return the programme's value.

    Parameters
    ----------
    programme
        With a line for everybody.
    people
        Positions of those who may still get new lines.
    go_on
        Asked before each round.
    rounds
        At most so many.
    smooth
        Share of the best prices so far in those that are tried.
    bound
        Told the bound of each round; only where `people` is everybody.
    """
    value = programme.solve()
    best = -np.inf
    share, stale = smooth, 0
    for _ in range(rounds):
        if not len(people) or not go_on():
            break
        exact, own = programme.prices()
        tried = exact if center is None else share * center + (1 - share) * exact
        least, costs, lines = programme.cheapest(people, tried)
        low = programme.bound(tried, least)
        if low > best:
            best, center = low, tried
        if bound is not None:
            bound(low)
        added = False
        for person, cost, line in zip(people, costs, lines, strict=True):
            if not np.isfinite(cost):
                continue
            days = np.flatnonzero(line != OFF)
            wish = programme.wish[person, days, line[days]].sum()
            reduced = wish - exact[days, line[days]].sum() - own[person]
            if reduced < -TOLERANCE and programme.add(int(person), line):
                added = True
        stale = 0 if added else stale + 1
        if stale > (STALE if programme.fees[people].any() else 1):
            break
        share = smooth if added else 0.0
        if added:
            value = programme.solve()
    return value


def sweep(programme: Programme, lines: np.ndarray, go_on: Callable[[], bool]) -> np.ndarray:
    """Give one person after the other the best line beside all others, until nobody gains.

    One person adds at most one head to a day and type, so what is still missing prices it exactly.
    """
    lines, part = lines.copy(), programme.part
    content = person = 0
    while content < len(part.people) and go_on():
        others = np.delete(lines, person, axis=0)
        left = part.required - programme.staff(others)
        prices = np.where(left > 0, programme.under, -programme.over)
        _, cost, found = programme.cheapest(np.array([person]), prices)
        days = np.flatnonzero(lines[person] != OFF)
        kinds = lines[person, days]
        now = programme.wish[person, days, kinds].sum() - prices[days, kinds].sum()
        content += 1
        if cost[0] < now - TOLERANCE:
            lines[person], content = found[0], 0
            programme.add(person, found[0])
        person = (person + 1) % len(part.people)
    return lines


def warm_up(
    programme: Programme, go_on: Callable[[], bool], *, rounds: int = 40, keep: int = 10
) -> np.ndarray:
    """Prices from a subgradient ascent of the bound, whose last lines are a good start.

    Steps shrink from a tenth of the mean price of a missing head to a hundredth of that.

    Returns
    -------
    numpy.ndarray
        The best prices, shape (days, S).
    """
    part = programme.part
    everybody = np.arange(len(part.people))
    prices = np.zeros_like(programme.under)
    best, best_prices = -np.inf, prices
    for turn in range(rounds):
        if not go_on():
            break
        least, costs, lines = programme.cheapest(everybody, prices)
        low = programme.bound(prices, least)
        if low > best:
            best, best_prices = low, prices
        if turn >= rounds - keep:
            for person in np.flatnonzero(np.isfinite(costs)):
                programme.add(int(person), lines[person])
        short = part.required - programme.staff(lines)
        step = programme.scale * SHRINK ** (turn / max(rounds - 1, 1))
        prices = np.clip(prices + step * short, -programme.over, programme.under)
    return best_prices


def dive(
    programme: Programme, go_on: Callable[[], bool], *, rounds: int = 4, step: float = 0.04
) -> np.ndarray:
    """A line for everybody: settle those on whom the programme agrees, and go on with the rest.

    Parameters
    ----------
    programme
        Solved.
    go_on
        Asked before each round; once it says no, the rest get their lines in turn.
    rounds
        Rounds of new lines after each step.
    step
        Share of the people that a step settles at least.

    Returns
    -------
    numpy.ndarray
        Type of each person and day or `OFF`, shape (E, days).
    """
    part = programme.part
    lines = np.full((len(part.people), part.stretch.last - part.stretch.first), OFF, np.int16)
    rest = np.arange(len(part.people))
    current = programme
    while True:
        top: dict[int, tuple[float, Column]] = {}
        for column in current.columns:
            value = column.variable.solution_value()
            if column.person not in top or value > top[column.person][0]:
                top[column.person] = value, column
        order = sorted(top, key=lambda person: -top[person][0])
        count = max(1, round(step * len(order)))
        settled = [p for i, p in enumerate(order) if i < count or top[p][0] > 1 - 1e-6]
        for person in settled:
            lines[rest[person]] = top[person][1].line
        known = best_lines(current)
        stay = np.setdiff1d(np.arange(len(rest)), settled)
        fees, rest = current.fees[stay], rest[stay]
        if current is not programme:
            current.close()
        if not len(rest):
            return lines
        if not go_on():
            return _in_turn(programme, lines, rest)
        part_left = Part(
            part.people[rest],
            part.stretch,
            part.allowed[rest],
            part.most_of_type[rest],
            part.required - programme.staff(lines),
        )
        current = Programme(programme.problem, part_left, workers=programme.workers)
        current.fees[:] = fees
        for person, old in enumerate(stay):
            for line in known[old]:
                current.add(person, line)
        generate(current, np.arange(len(rest)), go_on, rounds=rounds, smooth=0.0)


def best_lines(programme: Programme) -> list[list[np.ndarray]]:
    """Of each person the lines that the programme's prices like best."""
    prices, own = programme.prices()
    found: list[list[tuple[float, int]]] = [[] for _ in own]
    for number, column in enumerate(programme.columns):
        days = np.flatnonzero(column.line != OFF)
        paid = column.cost - float(prices[days, column.line[days]].sum()) - own[column.person]
        found[column.person].append((paid, number))
    return [[programme.columns[n].line for _, n in sorted(paid)[:LINES]] for paid in found]


def _in_turn(programme: Programme, lines: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Lines of those who are settled, and for the others in turn the cheapest beside them."""
    first = {column.person: column.line for column in reversed(programme.columns)}
    for person in rest.tolist():
        left = programme.part.required - programme.staff(lines)
        prices = np.where(left > 0, programme.under, -programme.over)
        _, cost, found = programme.cheapest(np.array([person]), prices)
        lines[person] = found[0] if np.isfinite(cost[0]) else first[person]
    return lines


def choose(programme: Programme, seconds: float, seed: int) -> np.ndarray | None:
    """The best choice among the lines known, one a person, by CP-SAT; None if it finds none.

    The first line of each person is the hint.
    """
    model = cp_model.CpModel()
    part, costs = programme.part, []
    by_person: list[list[Any]] = [[] for _ in part.people]
    inside: dict[tuple[int, int], list[Any]] = {at: [] for at in programme.cover}
    taken = [model.new_bool_var("") for _ in programme.columns]
    for column, take in zip(programme.columns, taken, strict=True):
        model.add_hint(take, not by_person[column.person])
        by_person[column.person].append(take)
        costs.append(take * column.cost)
        for day in np.flatnonzero(column.line != OFF).tolist():
            if (day, int(column.line[day])) in inside:
                inside[day, int(column.line[day])].append(take)
    for lines in by_person:
        model.add_exactly_one(lines)
    for (day, kind), takes in inside.items():
        need = int(part.required[day, kind])
        if takes:
            missing = model.new_int_var(0, max(need, 0), "")
            surplus = model.new_int_var(0, max(len(part.people) - need, 0), "")
            model.add(sum(takes) + missing - surplus == need)
            costs.append(missing * float(programme.under[day, kind]))
            costs.append(surplus * float(programme.over[day, kind]))
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found = np.zeros((len(part.people), part.stretch.last - part.stretch.first), np.int16)
    for column, take in zip(programme.columns, taken, strict=True):
        if solver.boolean_value(take):
            found[column.person] = column.line
    return found


def first_lines(problem: RotaProblem, part: Part, order: Sequence[int]) -> np.ndarray:
    """A line for each person in turn, the cheapest beside those before; all off if none."""
    programme = Programme(problem, part, workers=1)
    left = part.required.copy()
    found = np.full((len(part.people), part.stretch.last - part.stretch.first), OFF, np.int16)
    for person in order:
        prices = np.where(left > 0, programme.under, -programme.over)
        _, cost, lines = programme.cheapest(np.array([person]), prices)
        if np.isfinite(cost[0]):
            found[person] = lines[0]
            days = np.flatnonzero(lines[0] != OFF)
            np.subtract.at(left, (days, lines[0][days]), 1)
    programme.close()
    return found
