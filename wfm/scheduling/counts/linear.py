"""Calls of the solvers on a slice of the matrix: PDLP as guide and bound, CP-SAT for counts."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from ortools.linear_solver.python import model_builder_helper as ortools
from scipy import sparse

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.pdlp import Point, first_order

WHOLE = 1e-6
DECIMALS = 9
"""Of limits: what differences of equal numbers leave over slows PDLP down and makes it warn."""
LEAST_S = 0.1
SMALL = 12000
"""Columns up to which the simplex method solves a relaxation."""
PARALLEL = 40000
"""Columns above which a second thread makes PDLP faster: by a fifth; of 17,000 it takes twice."""


@dataclass(eq=False)
class Running:
    """Solver calls under way, so that a stop can end them from another thread."""

    stopped: bool = False
    _ends: list[Callable[[], object]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, call: Callable[[], Any], end: Callable[[], object]) -> Any:
        """Make a call unless stopped, which `end` ends from another thread; None if stopped."""
        with self._lock:
            if self.stopped:
                return None
            self._ends.append(end)
        try:
            return call()
        finally:
            with self._lock:
                self._ends.remove(end)

    def solve(self, solver: Any, model: Any) -> None:
        """Solve unless stopped, and be stoppable."""
        self.call(lambda: solver.solve(model), solver.interrupt_solve)

    def interrupt(self) -> None:
        """End every call under way as soon as its solver notices."""
        with self._lock:
            for end in self._ends:
                end()

    def stop(self) -> None:
        """End every call, now and later."""
        self.stopped = True
        self.interrupt()


@dataclass(frozen=True, eq=False)
class Slice:
    """Some columns of a matrix with all others fixed, and the rows they touch.

    `free` and `touched` are their numbers in the matrix, `kind` as there.
    """

    free: np.ndarray
    kind: np.ndarray
    rows: sparse.csr_array
    row_low: np.ndarray
    row_high: np.ndarray
    low: np.ndarray
    high: np.ndarray
    touched: np.ndarray
    cost: np.ndarray


def take_slice(matrix: Matrix | Slice, free: np.ndarray, values: np.ndarray) -> Slice:
    """Fix all columns but `free` (a mask) at their values and take them to the right-hand side."""
    index = np.flatnonzero(free)
    part = matrix.rows[:, index].tocsr()
    touched = np.flatnonzero(np.diff(part.indptr))
    fixed = np.where(free, 0.0, values)
    done = (matrix.rows @ fixed)[touched]
    return Slice(
        index,
        matrix.kind[index],
        part[touched],
        matrix.row_low[touched] - done,
        matrix.row_high[touched] - done,
        matrix.low[index].copy(),
        matrix.high[index].copy(),
        touched,
        matrix.cost[index],
    )


def holds(part: Slice, values: np.ndarray) -> bool:
    """Whether values of the free columns keep all rows and limits."""
    done = part.rows @ values
    rows = (done >= part.row_low - WHOLE) & (done <= part.row_high + WHOLE)
    limits = (values >= part.low) & (values <= part.high)
    return bool(rows.all() and limits.all())


@dataclass(frozen=True, eq=False)
class Relaxed:
    """An answer of the LP: values of the free columns and duals of the rows, nearly feasible.

    `near` says whether within the tolerance, which one cut short is not.
    """

    values: np.ndarray
    duals: np.ndarray
    objective: float
    near: bool = True


def relax(
    part: Slice,
    tolerance: float,
    seconds: float,
    running: Running,
    *,
    threads: int = 1,
    small: int | None = None,
    proving: bool = False,
    cut_short: bool = False,
    start: tuple[np.ndarray, np.ndarray] | None = None,
) -> Relaxed | None:
    """Solve a slice with fractions allowed; None without an answer.

    Small slices go to GLOP, which is exact and beats PDLP there; larger ones to PDLP.

    Parameters
    ----------
    part
        Columns and rows.
    tolerance
        Relative and absolute.
    seconds
        Wall limit.
    running
        Where the call can be stopped.
    threads
        Of PDLP at most; a small slice is faster with one.
    small
        Columns up to which a slice is small; None: `SMALL`.
    proving
        Whether the bound that its duals give is what counts, and PDLP is to judge them by it.
    cut_short
        Whether what PDLP has when its time is over is an answer too: any duals prove a bound.
    start
        Values and duals of an answer to a slice that is much alike; PDLP begins from it.
    """
    if len(part.free) <= (SMALL if small is None else small):
        return _by_glop(part, seconds, running)
    inner, single = _without_single(part)
    others = np.setdiff1d(np.arange(len(part.row_low)), single)
    found = first_order(
        inner,
        tolerance,
        max(seconds, LEAST_S),
        running.call,
        threads=threads if len(part.free) > PARALLEL else 1,
        proving=proving,
        start=None if start is None else Point(start[0], start[1][others]),
    )
    if found is None or not (found.near or cut_short):
        return None
    duals = np.zeros(len(part.row_low))
    duals[others] = found.duals
    _price_single(part, single, duals)
    return Relaxed(found.values, duals, float(part.cost @ found.values), found.near)


def _by_glop(part: Slice, seconds: float, running: Running) -> Relaxed | None:
    solver = ortools.ModelSolverHelper("GLOP")
    solver.set_time_limit_in_seconds(max(seconds, LEAST_S))
    running.solve(solver, _model(part))
    if not solver.has_response() or solver.status() != ortools.SolveStatus.OPTIMAL:
        return None
    values = np.clip(np.array(solver.variable_values()), part.low, part.high)
    return Relaxed(values, np.array(solver.dual_values()), float(solver.objective_value()))


def _without_single(part: Slice) -> tuple[Slice, np.ndarray]:
    """The slice with rows of one column taken as limits of it, and those rows.

    A first-order method keeps limits of columns exactly, rows only nearly.
    """
    size = np.diff(part.rows.indptr)
    single, others = np.flatnonzero(size == 1), np.flatnonzero(size != 1)
    at = part.rows.indptr[single]
    column, value = part.rows.indices[at], part.rows.data[at]
    ends = np.sort([part.row_low[single] / value, part.row_high[single] / value], axis=0)
    low, high = part.low.copy(), part.high.copy()
    np.maximum.at(low, column, ends[0])
    np.minimum.at(high, column, ends[1])
    inner = replace(
        part,
        rows=part.rows[others],
        row_low=np.round(part.row_low[others], DECIMALS),
        row_high=np.round(part.row_high[others], DECIMALS),
        touched=part.touched[others],
        low=np.round(low, DECIMALS),
        high=np.round(np.maximum(low, high), DECIMALS),
    )
    return inner, single


def _price_single(part: Slice, single: np.ndarray, duals: np.ndarray) -> None:
    """Duals of rows of one column, in place: its reduced cost where the row limits it most."""
    at = part.rows.indptr[single]
    reduced = part.cost - part.rows.T @ duals
    for row, column, value in zip(
        single.tolist(), part.rows.indices[at].tolist(), part.rows.data[at].tolist(), strict=True
    ):
        ends = sorted((part.row_low[row] / value, part.row_high[row] / value))
        tight = ends[0] > part.low[column] if reduced[column] > 0 else ends[1] < part.high[column]
        if tight:
            duals[row], reduced[column] = reduced[column] / value, 0.0


@dataclass(frozen=True, eq=False)
class Vertex:
    """An exact answer of the LP: values, its cost, and what each column adds to that a unit."""

    values: np.ndarray
    objective: float
    reduced: np.ndarray


def simplex(part: Slice, seconds: float, running: Running) -> Vertex | None:
    """Solve a slice with fractions allowed, exactly, by GLOP; None without an answer.

    Parameters
    ----------
    part
        Columns and rows; columns whose limits meet are taken out.
    seconds
        Wall limit.
    running
        Where the call can be stopped.
    """
    fixed = part.low == part.high
    free = np.flatnonzero(~fixed)
    values: np.ndarray = part.low.copy()
    rows = part.rows[:, free]
    done = part.rows @ np.where(fixed, part.low, 0.0)
    model: Any = ortools.ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        part.low[free],
        part.high[free],
        part.cost[free],
        part.row_low - done,
        part.row_high - done,
        sparse.csr_matrix(rows),
    )
    solver = ortools.ModelSolverHelper("GLOP")
    solver.set_time_limit_in_seconds(max(seconds, LEAST_S))
    running.solve(solver, model)
    if not solver.has_response() or solver.status() != ortools.SolveStatus.OPTIMAL:
        return None
    values[free] = np.clip(np.array(solver.variable_values()), part.low[free], part.high[free])
    reduced = np.zeros(len(values))
    reduced[free] = np.array(solver.reduced_costs())
    return Vertex(values, float(part.cost @ values), reduced)


def narrowed(part: Slice, vertex: Vertex, cutoff: float) -> Slice:
    """Fix the columns at a limit that no whole answer of at most `cutoff` can move.

    The reduced cost of a column is what each unit of it adds at least to the LP's cost.
    """
    room = cutoff - vertex.objective + WHOLE
    low, high = part.low.copy(), part.high.copy()
    stays_low = (vertex.reduced > room) & (vertex.values <= low + WHOLE)
    stays_high = (vertex.reduced < -room) & (vertex.values >= high - WHOLE)
    high[stays_low], low[stays_high] = low[stays_low], high[stays_high]
    return replace(part, low=low, high=high)


@dataclass(frozen=True, eq=False)
class Whole:
    """An answer in whole numbers, and whether nothing cheaper is left (but for `small_gap`)."""

    values: np.ndarray
    proven: bool


def whole(
    part: Slice,
    hint: np.ndarray | None,
    seconds: float,
    running: Running,
    *,
    seed: int = 0,
    small_gap: float = 0.0,
) -> Whole | None:
    """Solve a slice in whole numbers by CP-SAT with one worker; None without an answer.

    Parameters
    ----------
    part
        Columns and rows; limits are tightened to whole numbers.
    hint
        Values of the free columns to start from.
    seconds
        Wall limit.
    running
        Where the call can be stopped.
    seed
        Of the search.
    small_gap
        Cost difference to the proven best at which to stop [cost units of an interval].
    """
    model = _whole_model(part)
    if model is None:
        return None
    if hint is not None:
        for i, value in enumerate(np.clip(hint, part.low, part.high).tolist()):
            model.add_hint(i, value)
    solver = _cp_sat(seconds, seed, small_gap)
    running.solve(solver, model)
    if not solver.has_response() or not solver.has_solution():
        return None
    proven = solver.status() == ortools.SolveStatus.OPTIMAL
    return Whole(np.round(np.array(solver.variable_values())), proven)


def first_whole(part: Slice, effort: float, running: Running) -> tuple[np.ndarray | None, bool]:
    """Whole numbers that keep all rows and limits of a slice, or whether there are proven none.

    Parameters
    ----------
    part, running
        As for `whole`; costs play no part.
    effort
        Most work of CP-SAT [its deterministic seconds], so that the answer is always the same.
    """
    model = _whole_model(replace(part, cost=np.zeros(len(part.cost))))
    if model is None:
        return None, True
    solver = _cp_sat(math.inf, effort=effort)
    running.solve(solver, model)
    if not solver.has_response():
        return None, False
    if solver.has_solution():
        return np.round(np.array(solver.variable_values())), False
    return None, solver.status() == ortools.SolveStatus.INFEASIBLE


def _whole_model(part: Slice) -> Any:
    """All columns of a slice in whole numbers; None where limits already leave none."""
    low, high = np.ceil(part.row_low - WHOLE), np.floor(part.row_high + WHOLE)
    if (low > high).any() or (part.low > part.high).any():
        return None
    model = _model(replace(part, row_low=low, row_high=high))
    for i in range(len(part.free)):
        model.set_var_integrality(i, True)
    return model


def _cp_sat(seconds: float, seed: int = 0, small_gap: float = 0.0, effort: float = math.inf) -> Any:
    """CP-SAT with one worker."""
    solver = ortools.ModelSolverHelper("SAT")
    solver.set_solver_specific_parameters(
        f"num_workers: 1 linearization_level: 2 random_seed: {seed % 2**31} "
        f"absolute_gap_limit: {small_gap} max_deterministic_time: {effort}"
    )
    if math.isfinite(seconds):
        solver.set_time_limit_in_seconds(max(seconds, LEAST_S))
    return solver


def _model(part: Slice) -> Any:
    model: Any = ortools.ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        part.low,
        part.high,
        part.cost,
        part.row_low,
        part.row_high,
        sparse.csr_matrix(part.rows),
    )
    return model


def lower_bound(matrix: Matrix, duals: np.ndarray) -> float:
    """A bound of every legal schedule's cost, from duals alone [cost units].

    Where all costs are whole it is the next whole number.

    Parameters
    ----------
    matrix
        Of the whole problem.
    duals
        One a row.
    """
    value, problem = dual_value(matrix, duals), matrix.layout.problem
    paid_whole = all(
        float(paid).is_integer() for group in matrix.layout.groups for paid in group.paid
    )
    if problem.whole and paid_whole:
        value = math.ceil(value - WHOLE)
    return value * problem.scale


def dual_value(matrix: Matrix, duals: np.ndarray) -> float:
    """What any duals prove of the least cost [units of an interval].

    b y + sum over columns of the limit that the reduced cost makes worst: valid for any y whose
    signs fit the rows, so neither tolerances nor an early stop can make it too high.
    """
    finite_low, finite_high = np.isfinite(matrix.row_low), np.isfinite(matrix.row_high)
    y = np.where((duals > 0) & ~finite_low, 0.0, duals)
    y = np.where((y < 0) & ~finite_high, 0.0, y)
    limits = np.where(y > 0, matrix.row_low, matrix.row_high)
    reduced = matrix.cost - matrix.rows.T @ y
    rows = float((np.where(y == 0, 0.0, limits) * y).sum())
    columns = float(np.where(reduced > 0, matrix.low * reduced, matrix.high * reduced).sum())
    return rows + columns
