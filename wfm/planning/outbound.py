"""Outbound work of a plan: what lists need, what was free and placed, and results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.people import Agent, Contract
from wfm.core.types import Requirement, Schedule
from wfm.planning.changes import problem_of
from wfm.planning.lists import list_needs

PLACED = ("placed_h", "blocks", "attempts", "connects", "right_parties")
LEFT_UNDONE = (
    "Hours are left undone where nobody with the skill is free, or paid hours for them would cost "
    "more than they are worth; a greater value places more of a campaign, before the others."
)


def left_undone(outbound: pd.DataFrame) -> str:
    """Why less is placed than wanted; empty where all is.

    Parameters
    ----------
    outbound
        `Schedule.outbound`.

    Examples
    --------
    >>> left_undone(pd.DataFrame({"target_h": [8.0], "placed_h": [8.0]}))
    ''
    """
    short = outbound["placed_h"] < outbound["target_h"] - outbound["target_h"] / 50
    return LEFT_UNDONE if short.any() else ""


def outbound_report(
    schedule: Schedule,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    seconds: float = 20.0,
    **settings: Any,
) -> pd.DataFrame:
    """What each campaign needs, what was free and placed, what it brings, and one hour more.

    Parameters
    ----------
    schedule, requirement, agents, contracts, settings
        As for `check_schedule`.
    seconds
        Wall limit of the prices [s].

    Returns
    -------
    pandas.DataFrame
        One row a campaign: `campaign needed_h` (what the list takes; the target without one),
        `target_h`, `free_h` (agent hours with the skill above the inbound requirement in permitted
        hours, those placed included), `placed_h blocks attempts connects right_parties`,
        `more_connects more_right_parties` (what one more agent hour brings at the mean rates of its
        permitted hours; 0 once the target is placed) and `more_cost` (cost units that one more
        agent hour on it saves, by the linear programme's dual).
    """
    from wfm.scheduling.check import price
    from wfm.scheduling.crew import CAMPAIGN, QUEUE
    from wfm.scheduling.finished.explain import campaign_prices, crew_of
    from wfm.scheduling.report import outbound_frame

    problem = problem_of(schedule, requirement, agents, contracts, settings)
    crew = crew_of(problem, schedule.frame)
    worth = campaign_prices(problem, seconds=seconds)
    table = outbound_frame(problem, price(problem, schedule.frame)).set_index("campaign")
    hours = problem.interval_min / 60
    grid = problem.grid[: problem.intervals]
    rows = []
    for i, campaign in enumerate(problem.campaigns):
        able = [a for a in range(len(problem.agents)) if i in problem.campaigns_of(a)]
        spare = np.maximum(crew.staff - problem.required, 0)
        plan = crew.plan[able, : problem.intervals]
        free = np.zeros(problem.intervals)
        for queue in range(len(problem.queues)):
            free += np.minimum((plan == QUEUE + queue).sum(axis=0), spare[queue])
        placed = (plan == CAMPAIGN + i).sum(axis=0)
        needed = float(campaign.target_h)
        if campaign.records is not None:
            needs = list_needs(campaign, problem.first_day, problem.days, problem.time_zone)
            needed = float(needs["hours"].sum())
        open_hours = campaign.local(grid[problem.permitted[i]]).hour.to_numpy()
        rates = [campaign.rates(int(h)) for h in open_hours]
        each = [campaign.attempt_s(int(h)) for h in open_hours]
        tries = [3600 / s if s > 0 else float("nan") for s in each]
        short = placed.sum() < problem.targets[i]
        connects = float(np.mean([t * r[0] for t, r in zip(tries, rates, strict=True)] or [0]))
        right = float(np.mean([t * r[0] * r[1] for t, r in zip(tries, rates, strict=True)] or [0]))
        known = table.loc[campaign.campaign]
        rows.append(
            {
                "campaign": campaign.campaign,
                "needed_h": needed,
                "target_h": known["target_h"],
                "free_h": float((free + placed)[problem.permitted[i]].sum() * hours),
                **{k: known.get(k, np.nan) for k in PLACED},
                "more_connects": connects if short else 0.0,
                "more_right_parties": right if short else 0.0,
                "more_cost": float(worth[i]) / hours if len(worth) else float("nan"),
            }
        )
    return pd.DataFrame(rows)
