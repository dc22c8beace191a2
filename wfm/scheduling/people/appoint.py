"""Who works which band and days of a week, where people of a class differ: a small exact problem.

Counts say how many shifts begin when. A past, locks and rows of days say which weeks a person
can work. The weeks that together miss the counts by the fewest hours are found by a linear
programme over bands and days of people who are alike in everything, and exactly for those whom
it leaves divided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from wfm.scheduling.counts.linear import WHOLE, Running, Slice, simplex, whole
from wfm.scheduling.crew import Crew
from wfm.scheduling.kinds import Kind, kinds_of

APART, SHORT = 1.0, 4.0
"""Price of a shift in the next cell of starts, and of one too many or too few on a day."""
LIMIT_S, EXACT_S = 20.0, 3.0
"""Of the linear programme, and of the search for those left divided."""


@dataclass(frozen=True)
class Post:
    """A band of starts and the days worked, those of locked shifts included."""

    band: int
    days: frozenset[int]


def appoint(
    crew: Crew, group: int, week: int, starts: np.ndarray, seconds: float
) -> list[Post] | None:
    """Posts of the agents of a group for a week, nearest to some counts of starts.

    Parameters
    ----------
    crew
        With the starts of the weeks before.
    group, week
        Whose posts.
    starts
        Shifts of each option of the group, shape (options,); fractions are rounded in running
        sums over the day.
    seconds
        Wall limit.

    Returns
    -------
    list of Post
        One for each agent of the group, in its order; None without an answer in time.
    """
    kinds = kinds_of(crew, group, week)
    model = _Model(crew, group, week, kinds, starts)
    values = model.solve(seconds)
    return None if values is None else model.posts(values)


class _Model:
    """Columns and rows of one group's week; see `appoint`."""

    def __init__(
        self, crew: Crew, group: int, week: int, kinds: list[Kind], starts: np.ndarray
    ) -> None:
        self.crew, self.own, self.kinds = crew, crew.layout.groups[group], kinds
        self.days = crew.problem.days_of(week)
        self.count, self.row_count = 0, 0
        self.upper: list[np.ndarray] = []
        self.cost: list[np.ndarray] = []
        self.cells: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.low: list[np.ndarray] = []
        self.high: list[np.ndarray] = []
        self.people = [self._columns(kind.may[:, 0].shape, len(kind.agents)) for kind in kinds]
        self.work = [
            np.where(kind.may, self._columns(kind.may.shape, kind.may * len(kind.agents)), -1)
            for kind in kinds
        ]
        for kind, n, m in zip(kinds, self.people, self.work, strict=True):
            self._limit(kind, n, m)
        self._meet(starts)

    def _columns(self, shape: tuple[int, ...], upper: np.ndarray | float) -> np.ndarray:
        index = np.arange(self.count, self.count + int(np.prod(shape))).reshape(shape)
        self.count += index.size
        self.upper.append(np.broadcast_to(upper, shape).astype(float).ravel())
        self.cost.append(np.zeros(index.size))
        return index

    def _rows(self, shape: tuple[int, ...], low: object, high: object) -> np.ndarray:
        index = np.arange(self.row_count, self.row_count + int(np.prod(shape))).reshape(shape)
        self.row_count += index.size
        self.low.append(np.broadcast_to(np.asarray(low, float), shape).ravel())
        self.high.append(np.broadcast_to(np.asarray(high, float), shape).ravel())
        return index

    def _add(self, rows: np.ndarray, columns: np.ndarray, value: float = 1.0) -> None:
        rows, columns = np.broadcast_arrays(rows, columns)
        good = columns >= 0
        self.cells.append((rows[good], columns[good], np.full(int(good.sum()), value)))

    def _limit(self, kind: Kind, n: np.ndarray, m: np.ndarray) -> None:
        """Everybody on one band; days a week and in a row."""
        size, settled = len(kind.agents), len(kind.locked)
        self._add(self._rows((1,), size, size), n)
        daily = self._rows(m.shape, -np.inf, 0)
        self._add(daily, m)
        self._add(daily, n[:, None], -1.0)
        for limit, sign in ((kind.fewest - settled, 1.0), (settled - kind.most, -1.0)):
            rows = self._rows(n.shape, 0, np.inf)
            self._add(rows[:, None], m, sign)
            self._add(rows, n, -float(limit))
        most = self.crew.problem.rules.max_days_in_row
        if most is None:
            return
        windows = [(first, first + most + 1, most) for first in range(len(self.days) - most)]
        if kind.before:
            windows.append((0, most - kind.before + 1, most - kind.before))
        for first, last, limit in windows:
            left = limit - sum(first <= d < last for d, _ in kind.locked)
            rows = self._rows(n.shape, -np.inf, 0)
            self._add(rows[:, None], m[:, first:last])
            self._add(rows, n, -float(left))

    def _meet(self, starts: np.ndarray) -> None:
        """Shifts from each cell of starts; a neighbour may take what one has too many or few."""
        wanted, holds = self._wanted(starts)
        cells, bands = holds.shape
        for i in range(len(self.days)):
            flow = np.where(holds, self._columns(holds.shape, np.inf), -1)
            taken = self._rows((bands,), 0, 0)
            self._add(taken[None, :], flow, -1.0)
            for kind, m in zip(self.kinds, self.work, strict=True):
                self._add(taken[kind.bands], m[:, i])
            met = self._rows((cells,), wanted[:, i], wanted[:, i])
            self._add(met[:, None], flow)
            for sign in (1.0, -1.0):
                drift = self._columns((cells,), np.inf)
                self.cost[-1] = np.append(np.full(cells - 1, APART), SHORT)
                self._add(met, drift, sign)
                self._add(met[1:], drift[:-1], -sign)

    def _wanted(self, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Shifts by cell and day without the locked ones, and which bands hold each cell.

        A cell is the starts that the same bands hold, in the order of the clock.
        """
        own, problem = self.own, self.crew.problem
        left = starts.astype(float)
        for kind in self.kinds:
            for _, lock in kind.locked:
                taken = float(len(kind.agents))
                for option in own.allowed(lock):
                    part = min(left[option], taken)
                    left[option], taken = left[option] - part, taken - part
        numbers: dict[bytes, int] = {}
        cell = np.zeros(len(own.starts), dtype=int)
        for at in np.argsort(problem.clock[own.starts], kind="stable"):
            cell[at] = numbers.setdefault(own.in_band[:, at].tobytes(), len(numbers))
        wanted = np.zeros((len(numbers), len(self.days)))
        here = np.isin(own.start_day, np.array(self.days))
        np.add.at(wanted, (cell[here], own.start_day[here] - self.days[0]), left[here])
        wanted = np.diff(np.round(np.cumsum(wanted, axis=0)), axis=0, prepend=0)
        held = [np.frombuffer(key, dtype=bool) for key in numbers]
        return wanted, np.array(held)

    def solve(self, seconds: float) -> np.ndarray | None:
        """Whole values: the linear programme's, and exact ones for the kinds it leaves divided."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self.cells, strict=True))
        matrix = sparse.coo_array((values, (rows, columns)), shape=(self.row_count, self.count))
        part = Slice(
            np.arange(self.count),
            np.zeros(self.count, dtype=int),
            matrix.tocsr(),
            np.concatenate(self.low),
            np.concatenate(self.high),
            np.zeros(self.count),
            np.concatenate(self.upper),
            np.arange(self.row_count),
            np.concatenate(self.cost),
        )
        vertex = simplex(part, min(LIMIT_S, seconds), Running())
        if vertex is None:
            return None
        low, high = part.low.copy(), part.high.copy()
        near = np.round(vertex.values)
        for n, m in zip(self.people, self.work, strict=True):
            own = np.concatenate([n, m[m >= 0]])
            if (np.abs(vertex.values[own] - near[own]) <= WHOLE).all():
                low[own] = high[own] = near[own]
        found = whole(replace(part, low=low, high=high), None, min(EXACT_S, seconds / 2), Running())
        return None if found is None else found.values

    def posts(self, values: np.ndarray) -> list[Post]:
        """A post for everybody; days of a band in turn, so that every row of days is shared."""
        of: dict[int, Post] = {}
        for kind, n, m in zip(self.kinds, self.people, self.work, strict=True):
            left = list(kind.agents)
            settled = {self.days[d] for d, _ in kind.locked}
            for row, band in enumerate(kind.bands):
                size = min(round(values[n[row]]), len(left))
                own: list[set[int]] = [set(settled) for _ in range(size)]
                turn = 0
                for day, column in zip(self.days, m[row], strict=True):
                    for _ in range(min(round(values[column]), size) if column >= 0 else 0):
                        own[turn % size].add(day)
                        turn += 1
                for days in own:
                    of[left.pop(0)] = Post(int(band), frozenset(days))
            for agent in left:
                of[agent] = Post(int(kind.bands[0]) if len(kind.bands) else 0, frozenset(settled))
        return [of[agent] for agent in self.own.agents.tolist()]
