"""The CP-SAT model of one neighbourhood of a rota, which the rules speak to.

Some people on some days are free, everything else is a number. Rules bound sums of days worked and
of shifts; in an elastic model each bound may give way at a price.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from wfm.scheduling.line_terms import OFF, LineTerms

Term = Any
"""A 0-1 variable, or 0 or 1 where the day is settled."""

GIVING_WAY = 1_000_000
"""Price of one unit by which a bound gives way in an elastic model."""


class LineBuild:
    """One neighbourhood.

    Parameters
    ----------
    asked
        The rota's.
    roster
        What is settled, and the hint for the rest; type of each person and day or `OFF`, (P, D).
    people, days
        Who is free on which days (a range).
    elastic
        Whether bounds may give way; what is not allowed on a day never does.
    """

    def __init__(
        self,
        asked: LineTerms,
        roster: np.ndarray,
        people: Sequence[int],
        days: range,
        *,
        elastic: bool = False,
    ) -> None:
        self.asked, self.roster = asked, roster
        self.people, self.days, self.elastic = list(people), days, elastic
        self.model = cp_model.CpModel()
        self.proven = False
        self.costs: list[Term] = []
        self.slack: list[Term] = []
        self._shifts: dict[tuple[int, int], list[Term]] = {}
        self._off: dict[tuple[int, int], Term] = {}
        for person in self.people:
            for day in days:
                self._free(person, day)

    def _free(self, person: int, day: int) -> None:
        model, now = self.model, int(self.roster[person, day])
        allowed = self.asked.allowed[person, day]
        shifts = [model.new_bool_var("") if ok else 0 for ok in allowed[:-1]]
        off = model.new_bool_var("")
        model.add_exactly_one([*(s for s in shifts if not isinstance(s, int)), off])
        for kind, shift in enumerate(shifts):
            if not isinstance(shift, int):
                model.add_hint(shift, kind == now)
        model.add_hint(off, now == OFF)
        self._shifts[person, day], self._off[person, day] = shifts, off

    def shift(self, person: int, day: int, kind: int) -> Term:
        """Whether a person has a type of shift on a day."""
        free = self._shifts.get((person, day))
        if free is not None:
            return free[kind]
        return int(self.roster[person, day] == kind)

    def work(self, person: int, day: int) -> Term | None:
        """Whether a person works on a day; None beyond what is known."""
        off = self._off.get((person, day))
        if off is not None:
            return off.Not()
        return worked(self.asked, self.roster, person, day)

    def windows(self, length: int) -> range:
        """First days of the windows of a length that hold a free day."""
        return range(self.days.start - length + 1, self.days.stop)

    def at_most(self, terms: Iterable[tuple[Term, int]], limit: int) -> None:
        """Bound a sum of terms times whole numbers from above."""
        fixed, free = 0, []
        for term, factor in terms:
            if isinstance(term, int):
                fixed += term * factor
            else:
                free.append(term * factor)
        if not free:
            return
        if self.elastic:
            slack = self.model.new_int_var(0, 10**6, "")
            self.slack.append(slack)
            free.append(-slack)
        self.model.add(sum(free) <= limit - fixed)

    def at_least(self, terms: Iterable[tuple[Term, int]], limit: int) -> None:
        """Bound a sum of terms times whole numbers from below."""
        self.at_most([(term, -factor) for term, factor in terms], -limit)

    def pay(self, term: Term, price: float) -> None:
        """Add a cost."""
        if not isinstance(term, int) and price:
            self.costs.append(term * price)

    def solve(self, seconds: float, seed: int, *, workers: int = 1) -> np.ndarray | None:
        """The best roster found, not dearer than the one at hand; None if there is none."""
        giving = [slack * GIVING_WAY for slack in self.slack]
        self.model.minimize(sum([*self.costs, *giving]))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        solver.parameters.cp_model_probing_level = 1
        status = solver.solve(self.model)
        self.proven = status == cp_model.OPTIMAL
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        found = self.roster.copy()
        for (person, day), shifts in self._shifts.items():
            found[person, day] = OFF
            for kind, shift in enumerate(shifts):
                if not isinstance(shift, int) and solver.boolean_value(shift):
                    found[person, day] = kind
        return found


def worked(asked: LineTerms, roster: np.ndarray, person: int, day: int) -> int | None:
    """Whether a person works on a day, those before the period included; None if not known."""
    if 0 <= day < asked.days:
        return int(roster[person, day] != OFF)
    known = int(asked.before_days[person])
    if day >= 0 or not known or day < -known - 1:
        return None
    at_work = asked.before_shift[person] != OFF
    return int(at_work == (day >= -known))
