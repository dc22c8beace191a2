"""How many people each shift type needs on each day, from heads by interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.linear_solver import pywraplp  # type: ignore[attr-defined]
from ortools.sat.python import cp_model

from wfm.core.errors import DataError

WHOLE = 1e-6
SECONDS = 30.0


def heads_by_type(
    required: np.ndarray,
    covers: np.ndarray,
    *,
    prices: np.ndarray | None = None,
    most_of_type: int | None = None,
    most_at_once: int | None = None,
) -> np.ndarray:
    """The best number of people of each shift type on each day.

    Shifts that cover unbroken stretches make the linear programme whole by itself; where it is not,
    CP-SAT settles the day. Days do not touch each other.

    Parameters
    ----------
    required
        Heads by day and interval, shape (D, T).
    covers
        Whether a type covers an interval of its day, shape (S, T).
    prices
        Of one head of each type, shape (S,): the cheapest heads that cover every interval. None:
        the heads whose staff is nearest to `required`, a head missing as dear as one too many.
    most_of_type, most_at_once
        Most heads of a type on a day, and most in an interval.

    Returns
    -------
    numpy.ndarray
        Whole heads, shape (D, S).

    Raises
    ------
    DataError
        A day that cannot be covered.

    Examples
    --------
    >>> covers = np.array([[1, 1, 0], [0, 1, 1]])
    >>> heads_by_type(np.array([[2, 3, 2]]), covers).tolist()
    [[2, 2]]
    >>> heads_by_type(np.array([[2, 3, 2]]), covers, prices=np.array([1, 1])).tolist()
    [[2, 2]]
    """
    found, known = [], dict[bytes, np.ndarray]()
    for day, row in enumerate(np.asarray(required)):
        key = row.tobytes()
        if key not in known:
            heads = _by_programme(row, covers, prices, most_of_type, most_at_once)
            if heads is not None and np.abs(heads - np.round(heads)).max() > WHOLE:
                heads = _by_search(row, covers, prices, most_of_type, most_at_once)
            if heads is None:
                message = (
                    f"shift types: day {day} cannot be covered within the limits. Add a shift type "
                    "for the intervals without one, or raise the most heads."
                )
                raise DataError(message)
            known[key] = np.round(heads).astype(int)
        found.append(known[key])
    return np.array(found)


def _by_programme(
    row: np.ndarray,
    covers: np.ndarray,
    prices: np.ndarray | None,
    most_of_type: int | None,
    most_at_once: int | None,
) -> np.ndarray | None:
    """The linear programme's answer, None if it has none."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    endless = solver.infinity()
    heads = [
        solver.NumVar(0, endless if most_of_type is None else most_of_type, "") for _ in covers
    ]
    goal = solver.Objective()
    for interval, need in enumerate(row.tolist()):
        high = endless if most_at_once is None else most_at_once
        inside = np.flatnonzero(covers[:, interval])
        staff = solver.Constraint(-endless if prices is None else need, high)
        rows = [staff]
        if prices is None:
            near = solver.Constraint(need, need)
            for sign in (1, -1):
                apart = solver.NumVar(0, endless, "")
                near.SetCoefficient(apart, sign)
                goal.SetCoefficient(apart, 1)
            rows.append(near)
        for at in rows:
            for kind in inside.tolist():
                at.SetCoefficient(heads[kind], 1)
    if prices is not None:
        for head, price in zip(heads, prices, strict=True):
            goal.SetCoefficient(head, float(price))
    goal.SetMinimization()
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return None
    return np.array([head.solution_value() for head in heads])


def _by_search(
    row: np.ndarray,
    covers: np.ndarray,
    prices: np.ndarray | None,
    most_of_type: int | None,
    most_at_once: int | None,
) -> np.ndarray | None:
    """The same in whole numbers."""
    model = cp_model.CpModel()
    top = int(row.max(initial=0)) if most_of_type is None else most_of_type
    heads = [model.new_int_var(0, top, "") for _ in covers]
    costs: list[Any] = []
    for interval, need in enumerate(row.tolist()):
        staff = sum(heads[kind] for kind in np.flatnonzero(covers[:, interval]).tolist())
        if most_at_once is not None:
            model.add(staff <= most_at_once)
        if prices is None:
            apart = model.new_int_var(0, int(row.sum()) + top * len(heads), "")
            model.add(apart >= staff - need)
            model.add(apart >= need - staff)
            costs.append(apart)
        else:
            model.add(staff >= need)
    if prices is not None:
        costs = [head * float(price) for head, price in zip(heads, prices, strict=True)]
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = SECONDS
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.array([solver.value(head) for head in heads])
