"""The linear programme over whole lines: every person takes one, cover is priced.

People who are alike stand in it once, as a kind, and take as many lines as they are.
New lines are the cheapest at the programme's prices (`pricing`); when none is cheaper than its
person pays, no rota is better than the programme's value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from ortools.linear_solver import pywraplp  # type: ignore[attr-defined]

from wfm.scheduling.line_terms import OFF, LineTerms
from wfm.scheduling.lines.pricing import WORKERS, Part, Pricing, alike

TOLERANCE = 1e-3
"""A line is cheaper only by more than this."""
SHRINK = 0.01
"""How far steps of prices shrink, from a tenth of the mean price of a missing head."""
STALE = 10
"""Rounds without a new line after which there is none, while fees on limits by type still move."""


@dataclass(eq=False)
class Column:
    """A line that people of a kind can have, with its cost, and how many are settled on it."""

    kind: int
    line: np.ndarray
    cost: float
    variable: pywraplp.Variable = field(repr=False)
    settled: int = 0

    @property
    def open(self) -> float:
        """How much of it the programme takes beyond those who are settled."""
        return float(self.variable.solution_value()) - self.settled


class Programme:
    """The linear programme over the lines known so far. K kinds of people.

    Parameters
    ----------
    asked, part
        Whose lines, and for which days.
    workers
        Threads that look for new lines.
    """

    def __init__(self, asked: LineTerms, part: Part, *, workers: int = WORKERS) -> None:
        self.asked, self.part = asked, part
        self.kind_of = alike(asked, part)
        self.count = np.bincount(self.kind_of)
        first = np.unique(self.kind_of, return_index=True)[1]
        self.pricing = Pricing(asked, part.of(first), workers=workers)
        self.columns: list[list[Column]] = [[] for _ in self.count]
        self.known: set[tuple[int, bytes]] = set()
        self.solver = solver = pywraplp.Solver.CreateSolver("GLOP")
        self.settings = pywraplp.MPSolverParameters()
        off = pywraplp.MPSolverParameters.PRESOLVE_OFF
        self.settings.SetIntegerParam(pywraplp.MPSolverParameters.PRESOLVE, off)
        endless = solver.infinity()
        self.take = [solver.Constraint(float(count), float(count)) for count in self.count]
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

    def add(self, kind: int, line: np.ndarray) -> bool:
        """Add a line unless it is known."""
        key = (kind, line.astype(np.int16).tobytes())
        if key in self.known:
            return False
        self.known.add(key)
        days = np.flatnonzero(line != OFF)
        cost = float(self.pricing.wish[kind, days, line[days]].sum())
        variable = self.solver.NumVar(0, self.solver.infinity(), "")
        self.solver.Objective().SetCoefficient(variable, cost)
        self.take[kind].SetCoefficient(variable, 1)
        for at in zip(days.tolist(), line[days].tolist(), strict=True):
            row = self.cover.get(at)
            if row is not None:
                row.SetCoefficient(variable, 1)
        self.columns[kind].append(Column(kind, line, cost, variable))
        return True

    def add_all(self, lines: np.ndarray) -> None:
        """Add a line of each person, shape (E, days)."""
        for kind, line in zip(self.kind_of.tolist(), lines, strict=True):
            self.add(kind, line)

    def cost(self, lines: np.ndarray) -> float:
        """Cost of wishes and cover of lines for everybody, shape (E, days)."""
        person, day = np.nonzero(lines != OFF)
        wish = self.pricing.wish[self.kind_of[person], day, lines[person, day]]
        missing = self.part.required - self.pricing.staff(lines)
        under, over = self.pricing.under, self.pricing.over
        cover = under * np.maximum(missing, 0) + over * np.maximum(-missing, 0)
        return float(wish.sum() + cover.sum())

    def settle(self, column: Column, people: int) -> None:
        """Let so many more people of its kind have a line."""
        column.settled += people
        column.variable.SetLb(column.settled)

    def expand(self, taken: list[list[tuple[np.ndarray, int]]]) -> np.ndarray:
        """Lines of each kind and how many take them, as a line for each person, (E, days)."""
        lines = np.full((len(self.kind_of), self.part.days), OFF, np.int16)
        for kind, pairs in enumerate(taken):
            members = iter(np.flatnonzero(self.kind_of == kind))
            for line, people in pairs:
                for _ in range(people):
                    lines[next(members)] = line
        return lines

    def solve(self, *, settled: bool = False) -> float:
        """Value of the programme over the lines it knows; `settled` if only bounds have changed."""
        names = pywraplp.MPSolverParameters
        self.settings.SetIntegerParam(names.LP_ALGORITHM, names.DUAL if settled else names.PRIMAL)
        self.solver.Solve(self.settings)
        return float(self.solver.Objective().Value())

    def prices(self) -> tuple[np.ndarray, np.ndarray]:
        """What one more head is worth, shape (days, S), and what a line of each kind costs."""
        under, over = self.pricing.under, self.pricing.over
        prices = np.zeros_like(under)
        for at, row in self.cover.items():
            prices[at] = row.dual_value()
        return np.clip(prices, -over, under), np.array([r.dual_value() for r in self.take])

    def best_lines(self, most: int) -> list[list[np.ndarray]]:
        """Of each kind the lines that the programme's prices like best, at most so many."""
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
    kinds: np.ndarray,
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
        With lines for everybody, and solved.
    kinds
        Of people who may still get new lines.
    go_on
        Asked before each round.
    rounds
        At most so many.
    smooth
        Share of the best prices so far in those that are tried.
    bound
        Told the bound of each round; only where `kinds` are all.
    center
        Prices that have given a good bound.
    """
    pricing = programme.pricing
    best, share, stale = -np.inf, smooth, 0
    for _ in range(rounds):
        if not len(kinds) or not go_on():
            break
        exact, own = programme.prices()
        tried = exact if center is None else share * center + (1 - share) * exact
        least, costs, lines = pricing.cheapest(kinds, tried)
        low = pricing.bound(tried, least, programme.count[kinds])
        if low > best:
            best, center = low, tried
        if bound is not None:
            bound(low)
        added = False
        for kind, cost, line in zip(kinds, costs, lines, strict=True):
            if not np.isfinite(cost):
                continue
            days = np.flatnonzero(line != OFF)
            wish = pricing.wish[kind, days, line[days]].sum()
            reduced = wish - exact[days, line[days]].sum() - own[kind]
            if reduced < -TOLERANCE and programme.add(int(kind), line):
                added = True
        stale = 0 if added else stale + 1
        if stale > (STALE if pricing.fees[kinds].any() else 1):
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
    pricing, count = programme.pricing, programme.count
    everybody = np.arange(len(count))
    prices = np.zeros_like(pricing.under)
    best, best_prices = -np.inf, prices
    for turn in range(rounds):
        if not go_on():
            break
        least, costs, lines = pricing.cheapest(everybody, prices)
        low = pricing.bound(prices, least, count)
        if low > best:
            best, best_prices = low, prices
        if turn >= rounds - keep:
            for kind in np.flatnonzero(np.isfinite(costs)):
                programme.add(int(kind), lines[kind])
        short = programme.part.required - pricing.staff(lines, count)
        step = pricing.scale * SHRINK ** (turn / max(rounds - 1, 1))
        prices = np.clip(prices + step * short, -pricing.over, pricing.under)
    return best_prices
