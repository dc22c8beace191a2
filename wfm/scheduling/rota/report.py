"""The rota as a value; every figure in it is recomputed from the roster."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core.rota import Rota
from wfm.scheduling.rota.check import check_roster
from wfm.scheduling.rota.parts import minutes_of
from wfm.scheduling.rota.problem import OFF, RotaProblem
from wfm.scheduling.rota.rules.weekends import weekends_worked

SAME = 1e-6


def make_rota_value(
    problem: RotaProblem,
    roster: np.ndarray,
    bound: float | None,
    stopped_by: str,
    seconds: float,
    seed: int,
) -> Rota:
    """A `Rota` of a roster (P, D)."""
    terms, violations = problem.terms(roster), tuple(check_roster(problem, roster))
    objective = sum(terms.values())
    least = min(objective, bound if bound is not None else 0.0)
    optimal = objective <= least + SAME
    return Rota(
        frame=rota_frame(problem, roster),
        first_day=problem.first_day,
        days=problem.days,
        status="nearest" if violations else "optimal" if optimal else "feasible",
        stopped_by=stopped_by,
        objective=objective,
        bound=least,
        terms=terms,
        coverage=coverage_frame(problem, roster),
        totals=totals_frame(problem, roster),
        seconds=seconds,
        seed=seed,
        violations=violations,
    )


def rota_frame(problem: RotaProblem, roster: np.ndarray) -> pd.DataFrame:
    """`agent day shift`, one row a shift."""
    person, day = np.nonzero(roster != OFF)
    return pd.DataFrame(
        {
            "agent": [problem.people[p] for p in person],
            "day": [problem.first_day + timedelta(days=int(d)) for d in day],
            "shift": [problem.shifts[k] for k in roster[person, day]],
        }
    )


def coverage_frame(problem: RotaProblem, roster: np.ndarray) -> pd.DataFrame:
    """`day shift required scheduled under over` where heads are wanted or present."""
    staff = problem.staff(roster)
    day, kind = np.nonzero((problem.required > 0) | (staff > 0))
    missing = problem.required[day, kind] - staff[day, kind]
    return pd.DataFrame(
        {
            "day": [problem.first_day + timedelta(days=int(d)) for d in day],
            "shift": [problem.shifts[k] for k in kind],
            "required": problem.required[day, kind],
            "scheduled": staff[day, kind],
            "under": np.maximum(missing, 0),
            "over": np.maximum(-missing, 0),
        }
    )


def totals_frame(problem: RotaProblem, roster: np.ndarray) -> pd.DataFrame:
    """`agent contract shifts minutes weekends wishes_missed`, one row a person."""
    worked = [
        sum(float(problem.wish[p, d, k]) for d, k in enumerate(roster[p]) if k != OFF)
        for p in range(len(problem.people))
    ]
    wanted = np.maximum(-problem.wish, 0).sum(axis=(1, 2))
    return pd.DataFrame(
        {
            "agent": problem.people,
            "contract": problem.contracts,
            "shifts": (roster != OFF).sum(axis=1),
            "minutes": minutes_of(problem, roster),
            "weekends": weekends_worked(problem, roster),
            "wishes_missed": wanted + np.array(worked),
        }
    )
