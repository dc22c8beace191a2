"""The schedule as a value; every figure in it comes from the checker."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core.types import Schedule, Violation
from wfm.scheduling.check import Price, price
from wfm.scheduling.problem import Problem

SAME = 1e-6


def make_schedule_value(
    problem: Problem,
    frame: pd.DataFrame,
    violations: tuple[Violation, ...],
    bound: float | None,
    stopped_by: str,
    seconds: float,
    seed: int,
) -> Schedule:
    """A `Schedule` whose every figure is recomputed from its segments.

    Parameters
    ----------
    problem, frame
        What was asked, and the segments.
    violations
        From `check.check`; any of them makes the status `nearest`.
    bound
        Proven least cost; None takes the labour nobody can avoid.
    stopped_by, seconds, seed
        Of the run.
    """
    priced = price(problem, frame)
    least = problem.min_labour if bound is None else max(bound, problem.min_labour)
    optimal = priced.objective <= least + SAME
    status = "nearest" if violations else "optimal" if optimal else "feasible"
    return Schedule(
        frame=frame,
        interval=timedelta(minutes=problem.interval_min),
        first_day=problem.first_day,
        days=problem.days,
        status=status,
        stopped_by=stopped_by,
        objective=priced.objective,
        bound=priced.objective if abs(least - priced.objective) < SAME else least,
        min_labour=problem.min_labour,
        terms=priced.terms,
        coverage=coverage_frame(problem, priced),
        outbound=outbound_frame(problem, priced),
        totals=totals_frame(problem, priced),
        seconds=seconds,
        seed=seed,
        violations=violations,
    )


def coverage_frame(problem: Problem, priced: Price) -> pd.DataFrame:
    """`start queue required scheduled under over` by queue and interval of the horizon [heads]."""
    starts = problem.grid[: problem.intervals]
    frames = [
        pd.DataFrame(
            {
                "start": starts,
                "queue": queue,
                "required": required,
                "scheduled": staff,
                "under": np.maximum(required - staff, 0),
                "over": np.maximum(staff - required, 0),
            }
        )
        for queue, required, staff in zip(
            problem.queues, problem.required, priced.staff, strict=True
        )
    ]
    return pd.concat(frames, ignore_index=True)


def outbound_frame(problem: Problem, priced: Price) -> pd.DataFrame:
    """`campaign target_h placed_h blocks connects`; connects are NaN without a handle time."""
    placed_h = priced.placed * problem.interval_min / 60
    rates = [campaign.connects_per_h() for campaign in problem.campaigns]
    return pd.DataFrame(
        {
            "campaign": pd.Series([c.campaign for c in problem.campaigns], dtype=str),
            "target_h": [float(c.target_h) for c in problem.campaigns],
            "placed_h": placed_h.astype(float),
            "blocks": priced.blocks,
            "connects": [
                float("nan") if rate is None else rate * hours
                for rate, hours in zip(rates, placed_h, strict=True)
            ],
        }
    )


def totals_frame(problem: Problem, priced: Price) -> pd.DataFrame:
    """`agent name team contract days paid_h outbound_h cost` for each agent."""
    agents, paid_h = problem.agents, priced.paid_min / 60
    return pd.DataFrame(
        {
            "agent": pd.Series([a.agent for a in agents], dtype=str),
            "name": pd.Series([a.name for a in agents], dtype=str),
            "team": pd.Series([a.team for a in agents], dtype=str),
            "contract": pd.Series([a.contract for a in agents], dtype=str),
            "days": priced.days,
            "paid_h": paid_h,
            "outbound_h": priced.outbound_min / 60,
            "cost": paid_h * np.array([a.cost_per_h for a in agents], dtype=float),
        }
    )
