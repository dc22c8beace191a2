"""PDLP, a first-order method for linear programmes too large for the simplex method.

It begins from an answer to a programme that is much alike, and can then take a fifth of the steps.
Only MathOpt lets it do so, and ends it at once when asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
)
from ortools.math_opt.core.python import solver
from ortools.math_opt.python.init_arguments import StreamableSolverInitArguments
from ortools.util.python.solve_interrupter import SolveInterrupter
from scipy import sparse

if TYPE_CHECKING:
    from wfm.scheduling.counts.linear import Slice

KEPT = 0.1
"""Of the tolerance of a proof, the part that its rows may be off."""


@dataclass(frozen=True, eq=False)
class Point:
    """Values of the columns and duals of the rows; `near` says whether within the tolerance."""

    values: np.ndarray
    duals: np.ndarray
    near: bool = False


def first_order(
    asked: Slice,
    tolerance: float,
    seconds: float,
    run: Callable[[Callable[[], Any], Callable[[], None]], Any],
    *,
    threads: int = 1,
    proving: bool = False,
    start: Point | None = None,
) -> Point | None:
    """Solve a linear programme nearly; None if it has no answer or was stopped.

    Parameters
    ----------
    asked
        Columns and rows.
    tolerance
        Relative and absolute, of rows, of reduced costs and of the distance of the objectives; of
        a proof that of the objectives, the others are kept ten times as well.
    seconds
        Wall limit; what there is then is the answer, not near enough.
    run
        Is given the call to make and another that ends it.
    threads
        To use.
    proving
        Whether the bound that the duals give is what counts.
    start
        To begin from; zeros unless given.
    """
    if (asked.low > asked.high).any() or (asked.row_low > asked.row_high).any():
        return None
    settings = parameters_pb2.SolveParametersProto(threads=threads)
    settings.time_limit.FromTimedelta(timedelta(seconds=seconds))
    _set(settings.pdlp, tolerance, proving=proving)
    hints = model_parameters_pb2.ModelSolveParametersProto()
    if start is not None:
        hint = hints.solution_hints.add()
        _fill(hint.variable_values, np.clip(start.values, asked.low, asked.high))
        _fill(hint.dual_values, start.duals)
    interrupter = SolveInterrupter()
    model = _model(asked)
    result = run(
        lambda: solver.solve(
            model,
            parameters_pb2.SOLVER_TYPE_PDLP,
            StreamableSolverInitArguments().to_proto(),
            settings,
            hints,
            None,
            callback_pb2.CallbackRegistrationProto(),
            None,
            interrupter.pybind_interrupter,
        ),
        interrupter.interrupt,
    )
    if result is None or not result.solutions:
        return None
    near = result.termination.reason == result_pb2.TERMINATION_REASON_OPTIMAL
    if not near and result.termination.limit != result_pb2.LIMIT_TIME:
        return None
    found = result.solutions[0]
    values = np.array(found.primal_solution.variable_values.values)
    duals = np.array(found.dual_solution.dual_values.values)
    return Point(np.clip(values, asked.low, asked.high), duals, near)


def _set(pdlp: Any, tolerance: float, *, proving: bool) -> None:
    """When PDLP is to end, and how it is to weigh duals that are to prove.

    Then all that they leave over at limits of columns widens the distance of the objectives, so
    that a tolerance means that part of the cost; at 0.6 % the bound is nearer than otherwise at
    0.1 %, and rows are kept better, in no more steps.
    """
    if proving:
        pdlp.handle_some_primal_gradients_on_finite_bounds_as_residuals = False
        pdlp.initial_primal_weight = 1.0
    nearer = tolerance * KEPT if proving else tolerance
    limits = pdlp.termination_criteria.detailed_optimality_criteria
    for kind in ("absolute", "relative"):
        setattr(limits, f"eps_optimal_primal_residual_{kind}", nearer)
        setattr(limits, f"eps_optimal_dual_residual_{kind}", nearer)
        setattr(limits, f"eps_optimal_objective_gap_{kind}", tolerance)


def _model(asked: Slice) -> Any:
    model = model_pb2.ModelProto()
    columns, rows = model.variables, model.linear_constraints
    columns.ids.extend(range(len(asked.cost)))
    columns.lower_bounds.extend(asked.low.tolist())
    columns.upper_bounds.extend(asked.high.tolist())
    columns.integers.extend([False] * len(asked.cost))
    rows.ids.extend(range(len(asked.row_low)))
    rows.lower_bounds.extend(asked.row_low.tolist())
    rows.upper_bounds.extend(asked.row_high.tolist())
    used = np.flatnonzero(asked.cost)
    model.objective.linear_coefficients.ids.extend(used.tolist())
    model.objective.linear_coefficients.values.extend(asked.cost[used].tolist())
    cells = sparse.csr_array(asked.rows)
    cells.sort_indices()
    at = np.repeat(np.arange(len(asked.row_low)), np.diff(cells.indptr))
    model.linear_constraint_matrix.row_ids.extend(at.tolist())
    model.linear_constraint_matrix.column_ids.extend(cells.indices.tolist())
    model.linear_constraint_matrix.coefficients.extend(cells.data.tolist())
    return model


def _fill(vector: Any, values: np.ndarray) -> None:
    vector.ids.extend(range(len(values)))
    vector.values.extend(values.tolist())
