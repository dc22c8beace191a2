"""The cheapest week of an agent whose paid hours have limits: a shortest path over its shifts.

Beside the last shift a path carries how many there were, how much they are paid together and how
many days in a row they end with (a resource-constrained shortest path: Irnich and Desaulniers,
Shortest path problems with resource constraints, 2005). Paid time is counted in the largest unit
of which every shift is a multiple, so that there are few states.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wfm.scheduling.groups import Group


@dataclass(frozen=True)
class PaidWeek:
    """What an agent's week has to keep.

    Parameters
    ----------
    days
        Of the horizon.
    limits
        Fewest and most shifts.
    paid
        Least and most paid time [min].
    minutes
        Paid time of each kind of shift [min].
    must
        Days that have to be worked.
    in_row, before, after
        Most days in a row, None for no limit; days worked in a row up to the week and after it.
    """

    days: range
    limits: tuple[int, int]
    paid: tuple[int, int]
    minutes: tuple[int, ...]
    must: frozenset[int] = frozenset()
    in_row: int | None = None
    before: int = 0
    after: int = 0

    @property
    def unit(self) -> int:
        """Largest time of which every shift is a multiple [min]."""
        return math.gcd(*self.minutes)

    def free_between(self, first: int, last: int) -> bool:
        """Whether no day between two, both left out, has to be worked."""
        return not any(first < day < last for day in self.must)


def choose_paid(
    group: Group, legal: np.ndarray, costs: np.ndarray, week: PaidWeek, rested: np.ndarray
) -> tuple[float, list[int]] | None:
    """The cheapest options of a week, in one band, that keep its paid hours; None if none do.

    Parameters
    ----------
    group
        Gives options and bands.
    legal
        Options that absences, locks and other weeks allow.
    costs
        Of a shift by option.
    week
        What to keep.
    rested
        First interval in which a shift may follow each option.

    Returns
    -------
    tuple of float and list of int
        The cost and the options, in time order.
    """
    best: tuple[float, list[int]] | None = None
    if week.limits[0] == 0 and week.paid[0] <= 0 and not week.must:
        best = 0.0, []
    bands = [np.flatnonzero(inside & legal) for inside in group.in_band]
    least = [_least(group, own, costs, week) for own in bands]
    for band in np.argsort(least, kind="stable").tolist():
        if not np.isfinite(least[band]) or (best is not None and least[band] >= best[0]):
            break
        found = _Paths(group, bands[band], costs, week, rested).best()
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    return best


def _least(group: Group, own: np.ndarray, costs: np.ndarray, week: PaidWeek) -> float:
    """No week of some options is cheaper: the fewest days and those that save, without hours."""
    days = np.full(len(week.days), np.inf)
    np.minimum.at(days, group.start_day[own] - week.days[0], costs[own])
    days.sort()
    fewest, most = week.limits
    return float(days[:fewest].sum() + np.minimum(days[fewest:most], 0.0).sum())


class _Paths:
    """Cheapest costs of all paths through some options, day by day.

    `states` has for each day its options and costs, shape (options, row of days, shifts, paid).
    """

    def __init__(
        self,
        group: Group,
        own: np.ndarray,
        costs: np.ndarray,
        week: PaidWeek,
        rested: np.ndarray,
    ) -> None:
        self.group, self.costs, self.week, self.rested = group, costs, week, rested
        self.units = np.array([minutes // week.unit for minutes in week.minutes])
        self.rows, self.most = week.in_row or 1, week.limits[1]
        self.high = min(week.paid[1] // week.unit, self.most * int(self.units.max()))
        self.states: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        for day in week.days:
            here = own[group.start_day[own] == day]
            if len(here):
                self.states[day] = here, self._day(day, here)

    def _day(self, day: int, here: np.ndarray) -> np.ndarray:
        states = np.full((len(here), self.rows, self.most + 1, self.high + 1), np.inf)
        starts = np.unique(self.group.starts[here]).tolist()
        shared, late = self._begun(day), []
        for earlier, (options, before) in self.states.items():
            if not self.week.free_between(earlier, day):
                continue
            if self.rested[options].max() <= starts[0]:
                self._go_on(shared, day, earlier, before.min(axis=0))
            else:
                late.append(earlier)
        for start in starts:
            pool = shared.copy() if late else shared
            for earlier in late:
                options, before = self.states[earlier]
                fits = self.rested[options] <= start
                if fits.any():
                    self._go_on(pool, day, earlier, before[fits].min(axis=0))
            for i in np.flatnonzero(self.group.starts[here] == start).tolist():
                paid = self.units[self.group.kind[here[i]]]
                if paid <= self.high:
                    room = pool[:, :-1, : self.high + 1 - paid]
                    states[i, :, 1:, paid:] = room + self.costs[here[i]]
        return states

    def _begun(self, day: int) -> np.ndarray:
        """Costs of a week that begins on a day, by the row of days that it then ends."""
        week = self.week
        pool = np.full((self.rows, self.most + 1, self.high + 1), np.inf)
        row = week.before if day == week.days[0] and week.in_row is not None else 0
        if week.free_between(-1, day) and row < self.rows:
            pool[row, 0, 0] = 0.0
        return pool

    def _go_on(self, pool: np.ndarray, day: int, earlier: int, came: np.ndarray) -> None:
        """Lower the costs up to a day to those of an earlier one, in place."""
        if earlier == day - 1 and self.week.in_row is not None:
            np.minimum(pool[1:], came[:-1], out=pool[1:])
        else:
            np.minimum(pool[0], came.min(axis=0), out=pool[0])

    def best(self) -> tuple[float, list[int]] | None:
        """Cost and options of the best path within the limits."""
        week, low = self.week, -(-max(self.week.paid[0], 0) // self.week.unit)
        found: tuple[float, int, tuple[int, ...]] | None = None
        for day, (_, states) in self.states.items():
            if not week.free_between(day, week.days[-1] + 1):
                continue
            rows = self.rows
            if week.in_row is not None and day == week.days[-1]:
                rows = max(week.in_row - week.after, 0)
            ends = states[:, :rows, max(week.limits[0], 1) :, low:]
            if not ends.size or not np.isfinite(ends.min()):
                continue
            if found is None or ends.min() < found[0]:
                i, row, count, paid = np.unravel_index(int(ends.argmin()), ends.shape)
                at = int(i), int(row), int(count) + max(week.limits[0], 1), int(paid) + low
                found = float(ends.min()), day, at
        return None if found is None else (found[0], self._back(found[1], *found[2]))

    def _back(self, day: int, i: int, row: int, count: int, paid: int) -> list[int]:
        """Options of the path that ends in a state."""
        chosen = [int(self.states[day][0][i])]
        while count > 1:
            option = chosen[-1]
            count, paid = count - 1, paid - int(self.units[self.group.kind[option]])
            ways: list[tuple[float, int, int, int]] = []
            for earlier, (options, states) in self.states.items():
                next_to = earlier == day - 1 and self.week.in_row is not None
                if earlier >= day or not self.week.free_between(earlier, day):
                    continue
                if next_to == (row == 0):
                    continue
                fits = np.where(self.rested[options] <= self.group.starts[option], 0.0, np.inf)
                came = states[:, :, count, paid] + fits[:, None]
                came = came[:, row - 1 : row] if next_to else came
                at, last = np.unravel_index(int(came.argmin()), came.shape)
                ways.append(
                    (float(came.min()), earlier, int(at), row - 1 if next_to else int(last))
                )
            _, day, i, row = min(ways)
            chosen.append(int(self.states[day][0][i]))
        return chosen[::-1]
