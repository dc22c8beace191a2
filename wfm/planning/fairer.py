"""A schedule made fairer, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wfm.core.people import Agent, Contract
from wfm.core.types import Requirement, Schedule
from wfm.planning.changes import problem_of, remade
from wfm.planning.fairness import (
    BURDENS,
    LATE_FROM_MIN,
    WINDOW_WEEKS,
    are_nights,
    fair_share,
    fairness,
    mark,
    window_shifts,
    zones_of,
)

if TYPE_CHECKING:
    from wfm.scheduling.problem import Problem


def fairer_schedule(
    schedule: Schedule,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    history: Sequence[Schedule] = (),
    weight: float = 0.0,
    weeks: int = WINDOW_WEEKS,
    late_from_min: int = LATE_FROM_MIN,
    seconds: float = 20.0,
    **settings: Any,
) -> Schedule:
    """Spread weekends, nights and late starts of a schedule more evenly.

    Parameters
    ----------
    schedule, requirement, agents, contracts, settings
        As for `check_schedule`.
    history, weeks, late_from_min
        As for `fairness`.
    weight
        Cost units that a squared shift above or below the fair share is worth; 0 only lets alike
        agents change weeks, which costs neither coverage nor hours.
    seconds
        Wall limit [s].

    Returns
    -------
    Schedule
        Legal if the given one was; its cost holds no price of fairness, so that costs compare.
    """
    from wfm.scheduling.check import check
    from wfm.scheduling.finished.balance import Burden, balance

    problem = problem_of(schedule, requirement, agents, contracts, settings)
    last = schedule.first_day + timedelta(days=schedule.days - 1)
    first = last - timedelta(days=7 * weeks - 1)
    shifts = window_shifts([*history, schedule], first, last)
    wishes = {a.agent: a.preferred_start_min for a in agents}
    marked = mark(shifts, wishes, late_from_min, problem.rules, zones_of(agents))
    names = [a.agent for a in agents]
    own = marked["day"].between(schedule.first_day, last)
    before, every = (
        t.groupby("agent")[["shifts", *BURDENS]].sum().reindex(names, fill_value=0)
        for t in (marked[~own], marked)
    )
    fair = np.column_stack([fair_share(every[m], every["shifts"]) for m in BURDENS])
    kinds = {(agent.contract, agent.time_zone) for agent in problem.agents}
    marks = {kind: _marks(problem, *kind, late_from_min) for kind in kinds}
    burden = Burden(marks, before[list(BURDENS)].to_numpy(dtype=float), fair)
    frame = balance(problem, schedule.frame, burden, weight=weight, seconds=seconds)
    return remade(problem, schedule, frame, check(problem, frame))


def _marks(problem: Problem, contract: str, time_zone: str, late_from_min: int) -> np.ndarray:
    """Where a start counts for each burden by a clock, shape (kinds, measures, intervals)."""
    inside = slice(0, problem.intervals)
    grid, clock = problem.grid_of(time_zone)[inside], problem.clock_of(time_zone)[inside]
    starts = pd.DataFrame({"start_min": clock, "start": grid})
    weekend, late, found = grid.day_of_week >= 5, clock >= late_from_min, []
    for kind in problem.contracts[contract].shifts:
        starts["end"] = starts["start"] + pd.Timedelta(minutes=kind.shift_min)
        found.append([weekend, are_nights(starts, problem.rules), late])
    return np.array(found, dtype=float)


def price_of_fairness(
    schedule: Schedule,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    fairness_weights: Sequence[float] = (0.0, 2.0, 8.0, 32.0, 128.0),
    history: Sequence[Schedule] = (),
    weeks: int = WINDOW_WEEKS,
    late_from_min: int = LATE_FROM_MIN,
    seconds: float = 10.0,
    **settings: Any,
) -> pd.DataFrame:
    """What more fairness costs: the same schedule made fairer and fairer.

    Parameters
    ----------
    schedule, requirement, agents, contracts, settings
        As for `check_schedule`.
    fairness_weights
        Each as `weight` of `fairer_schedule`.
    history, weeks, late_from_min
        As for `fairness`.
    seconds
        Wall limit of each weight [s].

    Returns
    -------
    pandas.DataFrame
        `weight cost change` and for each burden its `_deviation` and `_gini`; the first row,
        without a weight, is the schedule as it is.
    """
    rows = []
    made = [(float("nan"), schedule)]
    for weight in fairness_weights:
        fairer = fairer_schedule(
            schedule,
            requirement,
            agents,
            contracts,
            history=history,
            weight=weight,
            weeks=weeks,
            late_from_min=late_from_min,
            seconds=seconds,
            **settings,
        )
        made.append((weight, fairer))
    for weight, one in made:
        found = fairness(
            one,
            agents,
            history,
            weeks=weeks,
            late_from_min=late_from_min,
            rules=settings.get("rules"),
        )
        table = found.measures.set_index("measure")[["deviation", "gini"]].astype(float)
        row = {"weight": weight, "cost": one.objective}
        row["change"] = one.objective - schedule.objective
        for name in BURDENS:
            row[f"{name}_deviation"] = table["deviation"][name]
            row[f"{name}_gini"] = table["gini"][name]
        rows.append(row)
    return pd.DataFrame(rows)
