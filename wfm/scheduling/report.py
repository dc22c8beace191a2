"""The schedule as a value; every figure in it comes from the checker."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core.types import Schedule, Violation
from wfm.scheduling.check import Price, price
from wfm.scheduling.made_for import mark_of
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
        bound=priced.objective if least > priced.objective - SAME else least,
        min_labour=problem.min_labour,
        terms=priced.terms,
        coverage=coverage_frame(problem, priced),
        outbound=outbound_frame(problem, priced),
        totals=totals_frame(problem, priced),
        seconds=seconds,
        seed=seed,
        violations=violations,
        made_for=mark_of(problem),
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
    """`campaign target_h placed_h blocks attempts connects right_parties` by campaign.

    Expected results follow the rates of the hours in which the work is placed; they are NaN without
    a handle time.
    """
    placed_h = priced.placed * problem.interval_min / 60
    results = np.array([expected(problem, i, row) for i, row in enumerate(priced.worked)])
    results = results.reshape(len(problem.campaigns), 3)
    return pd.DataFrame(
        {
            "campaign": pd.Series([c.campaign for c in problem.campaigns], dtype=str),
            "target_h": [float(c.target_h) for c in problem.campaigns],
            "placed_h": placed_h.astype(float),
            "blocks": priced.blocks,
            "connects": results[:, 1],
            "attempts": results[:, 0],
            "right_parties": results[:, 2],
        }
    )


def expected(problem: Problem, campaign: int, worked: np.ndarray) -> tuple[float, float, float]:
    """Attempts, answers and right persons that agent-intervals on a campaign bring.

    Parameters
    ----------
    problem
        Gives the campaign and the grid.
    campaign
        Its number.
    worked
        Agents on it by interval, shape (intervals,).
    """
    work = problem.campaigns[campaign]
    hours = work.local(problem.grid[: problem.intervals]).hour.to_numpy()
    total = np.zeros(3)
    for hour in np.unique(hours[worked > 0]).tolist():
        seconds = float(worked[hours == hour].sum()) * problem.interval_min * 60
        connect, right = work.rates(hour)
        each = work.attempt_s(hour)
        tries = seconds / each if each > 0 else float("nan")
        total += np.array([tries, tries * connect, tries * connect * right])
    if work.attempt_s(None) <= 0 and not worked.any():
        total[:] = np.nan
    return float(total[0]), float(total[1]), float(total[2])


def totals_frame(problem: Problem, priced: Price) -> pd.DataFrame:
    """`agent name team contract days paid_h outbound_h cost` for each agent, and sites if any."""
    agents, paid_h = problem.agents, priced.paid_min / 60
    totals = pd.DataFrame(
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
    if any(a.site for a in agents):
        totals["site"] = pd.Series([a.site for a in agents], dtype=str)
    return totals
