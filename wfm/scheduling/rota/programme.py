"""The linear programme over whole lines: every person takes one, cover is priced.

New lines are the cheapest at the programme's prices (`pricing`); when none is cheaper than its
person pays, no rota is better than the programme's value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from ortools.linear_solver import pywraplp  # type: ignore[attr-defined]

from wfm.scheduling.rota.pricing import WORKERS, Part, Pricing
from wfm.scheduling.rota.problem import OFF, RotaProblem

TOLERANCE = 1e-3
"""A line is cheaper only by more than this."""
SHRINK = 0.01
"""How far steps of prices shrink, from a tenth of the mean price of a missing head."""
STALE = 4
"""Rounds without a new line after which there is none, while fees on limits by type still move."""


@dataclass(eq=False)
class Column:
    """A line of a person (position in the part) with its cost."""

    person: int
    line: np.ndarray
    cost: float
    variable: pywraplp.Variable = field(repr=False)


class Programme:
    """The linear programme over the lines known so far.

    Parameters
    ----------
    problem, part
        Whose lines, and for which days.
    workers
        Threads that look for new lines.
    """

    def __init__(self, problem: RotaProblem, part: Part, *, workers: int = WORKERS) -> None:
        self.problem, self.part = problem, part
        self.pricing = Pricing(problem, part, workers=workers)
        self.columns: list[list[Column]] = [[] for _ in part.people]
        self.known: set[tuple[int, bytes]] = set()
        self.solver = solver = pywraplp.Solver.CreateSolver("GLOP")
        self.settings = pywraplp.MPSolverParameters()
        off = pywraplp.MPSolverParameters.PRESOLVE_OFF
        self.settings.SetIntegerParam(pywraplp.MPSolverParameters.PRESOLVE, off)
        endless = solver.infinity()
        self.one = [solver.Constraint(1, 1) for _ in part.people]
        self.cover: dict[tuple[int, int], pywraplp.Constraint] = {}
        under, over = self.pricing.under, self.pricing.over
        for day, kind in zip(*np.nonzero(under + over), strict=True):
            need = float(part.required[day, kind])
            row = solver.Constraint(need, need)
            missing = solver.NumVar(0, endless, "")
            surplus = solver.NumVar(0, endless, "")
            row.SetCoefficient(missing, 1)
            row.SetCoefficient(surplus, -1)
            solver.Objective().SetCoefficient(missing, float(under[day, kind]))
            solver.Objective().SetCoefficient(surplus, float(over[day, kind]))
            self.cover[int(day), int(kind)] = row
        solver.Objective().SetMinimization()

    def close(self) -> None:
        """End its threads."""
        self.pricing.close()

    def add(self, person: int, line: np.ndarray) -> bool:
        """Add a line unless it is known."""
        key = (person, line.astype(np.int16).tobytes())
        if key in self.known:
            return False
        self.known.add(key)
        days = np.flatnonzero(line != OFF)
        cost = float(self.pricing.wish[person, days, line[days]].sum())
        variable = self.solver.NumVar(0, self.solver.infinity(), "")
        self.solver.Objective().SetCoefficient(variable, cost)
        self.one[person].SetCoefficient(variable, 1)
        for at in zip(days.tolist(), line[days].tolist(), strict=True):
            row = self.cover.get(at)
            if row is not None:
                row.SetCoefficient(variable, 1)
        self.columns[person].append(Column(person, line, cost, variable))
        return True

    def settle(self, chosen: Column) -> None:
        """Let a person have one line and no other."""
        for column in self.columns[chosen.person]:
            column.variable.SetBounds(0, 1.0 if column is chosen else 0.0)

    def solve(self, *, settled: bool = False) -> float:
        """Value of the programme over the lines it knows; `settled` if only bounds have changed."""
        names = pywraplp.MPSolverParameters
        self.settings.SetIntegerParam(names.LP_ALGORITHM, names.DUAL if settled else names.PRIMAL)
        self.solver.Solve(self.settings)
        return float(self.solver.Objective().Value())

    def prices(self) -> tuple[np.ndarray, np.ndarray]:
        """What one more head is worth, shape (days, S), and what each person's line costs."""
        under, over = self.pricing.under, self.pricing.over
        prices = np.zeros_like(under)
        for at, row in self.cover.items():
            prices[at] = row.dual_value()
        return np.clip(prices, -over, under), np.array([r.dual_value() for r in self.one])

    def best_lines(self, most: int) -> list[list[np.ndarray]]:
        """Of each person the lines that the programme's prices like best, at most so many."""
        prices, _ = self.prices()
        found = []
        for columns in self.columns:
            lines = np.array([column.line for column in columns])
            gains = np.zeros(len(lines))
            for day in range(lines.shape[1]):
                at_work = lines[:, day] != OFF
                gains += np.where(at_work, prices[day, lines[:, day]], 0.0)
            paid = np.array([column.cost for column in columns]) - gains
            found.append([lines[i] for i in np.argsort(paid, kind="stable")[:most]])
        return found


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
        With a line for everybody, and solved.
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
    center
        Prices that have given a good bound.
    """
    pricing = programme.pricing
    best, share, stale = -np.inf, smooth, 0
    for _ in range(rounds):
        if not len(people) or not go_on():
            break
        exact, own = programme.prices()
        tried = exact if center is None else share * center + (1 - share) * exact
        least, costs, lines = pricing.cheapest(people, tried)
        low = pricing.bound(tried, least)
        if low > best:
            best, center = low, tried
        if bound is not None:
            bound(low)
        added = False
        for person, cost, line in zip(people, costs, lines, strict=True):
            if not np.isfinite(cost):
                continue
            days = np.flatnonzero(line != OFF)
            wish = pricing.wish[person, days, line[days]].sum()
            reduced = wish - exact[days, line[days]].sum() - own[person]
            if reduced < -TOLERANCE and programme.add(int(person), line):
                added = True
        stale = 0 if added else stale + 1
        if stale > (STALE if pricing.fees[people].any() else 1):
            break
        share = smooth if added else 0.0
        if added:
            programme.solve()
    return float(programme.solver.Objective().Value())


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
    pricing, part = programme.pricing, programme.part
    everybody = np.arange(len(part.people))
    prices = np.zeros_like(pricing.under)
    best, best_prices = -np.inf, prices
    for turn in range(rounds):
        if not go_on():
            break
        least, costs, lines = pricing.cheapest(everybody, prices)
        low = pricing.bound(prices, least)
        if low > best:
            best, best_prices = low, prices
        if turn >= rounds - keep:
            for person in np.flatnonzero(np.isfinite(costs)):
                programme.add(int(person), lines[person])
        short = part.required - pricing.staff(lines)
        step = pricing.scale * SHRINK ** (turn / max(rounds - 1, 1))
        prices = np.clip(prices + step * short, -pricing.over, pricing.under)
    return best_prices
