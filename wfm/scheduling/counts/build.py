"""The one sparse matrix that bound, guide, day problem and neighbourhood all share.

Columns come in named blocks, rows are added by the rules. A later model is a slice of columns, so
no two models can disagree about a rule. Costs are in units of one interval (see `Problem.scale`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from wfm.scheduling.counts.stock import Stock
from wfm.scheduling.groups import Layout, make_layout
from wfm.scheduling.problem import Problem

NONE = -1
"""Stands in an index array where there is no column."""

KINDS = ("n", "m", "x", "y", "k", "w", "f", "o", "slack")
"""Band counts, days, starts by band, starts, breaks begun, breaks due, work on queues, blocks."""

Terms = tuple[np.ndarray, float]


@dataclass(frozen=True, eq=False)
class Matrix:
    """Minimise `cost` x with `row_low` <= `rows` x <= `row_high`, `low` <= x <= `high`, x whole.

    `kind`, `day`, `group` and `skill_set` describe each column, -1 where they do not apply;
    `row_rule` names the rule that states each row, `free` the staff balance that all share.
    """

    layout: Layout
    rows: sparse.csc_array
    row_low: np.ndarray
    row_high: np.ndarray
    row_rule: np.ndarray
    cost: np.ndarray
    low: np.ndarray
    high: np.ndarray
    kind: np.ndarray
    day: np.ndarray
    at: np.ndarray
    group: np.ndarray
    skill_set: np.ndarray
    columns: Columns

    def of_kind(self, *names: str) -> np.ndarray:
        """Mask of the columns of some kinds."""
        return np.isin(self.kind, [KINDS.index(name) for name in names])

    def windows(self, stock: Stock, values: np.ndarray, *, end: bool = False) -> np.ndarray:
        """How many windows of a stock's breaks open at each interval, or end there, (axis,)."""
        counts = np.zeros(self.layout.axis)
        for number, i in stock.breaks:
            group = self.layout.groups[number]
            own, (_, earliest, latest) = group.of_kind(group.pause_kind[i]), group.pauses[i]
            at = group.starts[own] + (latest if end else earliest)
            np.add.at(counts, at, values[self.columns.y[number][own]])
        return counts

    def count_due(self, values: np.ndarray) -> None:
        """Breaks still due, from the shifts started and the breaks begun, in place."""
        for stock in self.columns.stocks:
            begun = np.where(stock.k >= 0, values[stock.k], 0)
            due = np.cumsum(self.windows(stock, values) - begun)
            values[stock.w[stock.w >= 0]] = due[stock.w >= 0]


@dataclass(eq=False)
class Columns:
    """Index arrays of the blocks; -1 where there is no column.

    By class: `n` (bands,), `m` (bands, days of its week). By group: `x` (bands, options),
    `y` (options,), `k` one array (axis,) a break of any kind of shift, that of its stock; `stocks`
    are all of these. `waiting`: what comes, what goes and what waits, each (axis,), where two
    breaks have an order. By skill set: `f` (queues, intervals), `o` one array (lengths, intervals)
    a campaign. By queue: `under` (3, intervals) and `over` (intervals,). By campaign: `short`,
    `excess`. By limit on heads and side: rows, slack columns and the coefficient of these.
    """

    n: list[np.ndarray]
    m: list[np.ndarray]
    x: list[np.ndarray]
    y: list[np.ndarray]
    k: list[list[np.ndarray]]
    stocks: list[Stock]
    f: list[np.ndarray]
    o: list[dict[int, np.ndarray]]
    under: list[np.ndarray]
    over: list[np.ndarray]
    short: np.ndarray
    excess: np.ndarray
    waiting: list[tuple[np.ndarray, np.ndarray, np.ndarray]]
    limits: list[tuple[np.ndarray, np.ndarray, float]]


class Build:
    """Collects columns, rows and coefficients; every rule adds its own.

    Parameters
    ----------
    problem
        The problem to state.
    layout
        Its classes of agents; those of `groups.make_layout` unless given.
    """

    def __init__(self, problem: Problem, layout: Layout | None = None) -> None:
        self.problem = problem
        self.layout = make_layout(problem) if layout is None else layout
        self._upper: list[np.ndarray] = []
        self._cost: list[np.ndarray] = []
        self._tags: list[np.ndarray] = []
        self._row_low: list[np.ndarray] = []
        self._row_high: list[np.ndarray] = []
        self._stated: list[str] = []
        self.rule = "free"
        """Name of the rule that is being stated."""
        self._cells: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self._limits: list[tuple[np.ndarray, np.ndarray | float]] = []
        self._count = self._row_count = 0
        self.columns = Columns(
            [], [], [], [], [], [], [], [], [], [], *(np.zeros(0, int),) * 2, [], []
        )
        self.free = self._free_rows()

    def _free_rows(self) -> list[np.ndarray]:
        """By skill set: rows that say staff on duty less breaks is staff on some work."""
        return [self.rows(self.problem.intervals, 0, 0) for _ in self.layout.skill_sets]

    def block(
        self,
        kind: str,
        where: np.ndarray,
        upper: np.ndarray | float,
        cost: np.ndarray | float = 0.0,
        *,
        day: np.ndarray | int = NONE,
        at: np.ndarray | int = NONE,
        group: int = NONE,
        skill_set: int = NONE,
    ) -> np.ndarray:
        """Whole columns from 0 to `upper` where the mask is set; -1 elsewhere."""
        index = np.full(where.shape, NONE)
        count = int(where.sum())
        index[where] = np.arange(self._count, self._count + count)
        self._count += count

        def spread(value: np.ndarray | float) -> np.ndarray:
            return np.asarray(np.broadcast_to(value, where.shape)[where])

        self._upper.append(spread(upper).astype(float))
        self._cost.append(spread(cost).astype(float))
        tags = [spread(KINDS.index(kind)), spread(day), spread(at), spread(group)]
        self._tags.append(np.array([*tags, spread(skill_set)], dtype=int))
        return index

    def rows(
        self,
        count: int,
        low: np.ndarray | float,
        high: np.ndarray | float,
    ) -> np.ndarray:
        """New empty rows between two limits."""
        self._row_low.append(np.broadcast_to(np.asarray(low, float), (count,)))
        self._row_high.append(np.broadcast_to(np.asarray(high, float), (count,)))
        self._stated += [self.rule] * count
        self._row_count += count
        return np.arange(self._row_count - count, self._row_count)

    def add(self, rows: np.ndarray, columns: np.ndarray, value: np.ndarray | float = 1.0) -> None:
        """Add coefficients; pairs whose row or column is -1 are left out."""
        rows, columns = np.broadcast_arrays(rows, columns)
        good = (rows >= 0) & (columns >= 0)
        values = np.broadcast_to(np.asarray(value, float), rows.shape)[good]
        self._cells.append((rows[good], columns[good], values))

    def at_most(self, terms: Sequence[Terms], limit: float) -> None:
        """One row: the sum of the terms is at most the limit."""
        row = self.rows(1, -np.inf, limit)
        for columns, value in terms:
            self.add(row, columns.ravel(), value)

    def heads(self, groups: Sequence[int], rows: np.ndarray, *, duty: float, breaks: float) -> None:
        """Add groups' people to one row an interval: those on duty and those on a break.

        Groups that share a stock of breaks are to be counted together.
        """
        size = len(rows)
        for number in groups if duty else ():
            group = self.layout.groups[number]
            for kind, length in enumerate(group.lengths):
                own = group.of_kind(kind)
                on_duty = group.starts[own, None] + np.arange(length)
                inside = on_duty < size
                target = np.where(inside, rows[np.where(inside, on_duty, 0)], NONE)
                self.add(target, self.columns.y[number][own, None], duty)
        for stock in self.columns.stocks if breaks else ():
            if stock.groups <= set(groups):
                for offset in range(stock.length):
                    at = np.arange(size - offset) + offset
                    self.add(rows[at], stock.k[: len(at)], breaks)

    def limit(self, columns: np.ndarray, upper: float) -> None:
        """Lower the upper limit of some columns."""
        self._limits.append((columns[columns >= 0], upper))

    def matrix(self) -> Matrix:
        """All of it as one sparse matrix."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self._cells, strict=True))
        shape = (self._row_count, self._count)
        cells = sparse.coo_array((values, (rows, columns)), shape=shape).tocsc()
        cells.eliminate_zeros()
        upper = np.concatenate(self._upper)
        for which, most in self._limits:
            upper[which] = np.minimum(upper[which], most)
        kind, day, at, group, skill_set = np.concatenate(self._tags, axis=1)
        return Matrix(
            layout=self.layout,
            rows=cells,
            row_low=np.concatenate(self._row_low),
            row_high=np.concatenate(self._row_high),
            row_rule=np.array(self._stated),
            cost=np.concatenate(self._cost),
            low=np.zeros(self._count),
            high=upper,
            kind=kind,
            day=day,
            at=at,
            group=group,
            skill_set=skill_set,
            columns=self.columns,
        )
