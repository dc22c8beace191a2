"""Who serves which queue, by the level of their skill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from wfm.core.people import Agent
from wfm.core.types import Schedule
from wfm.core.work import PRIORITY

COLUMNS = ["queue", "priority", "level", "agents", "hours", "share"]


def served_levels(
    schedule: Schedule,
    agents: Sequence[Agent],
    skills: Mapping[str, str] | None = None,
    priorities: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Hours on each queue by skill level: how far its best people are the ones who serve it.

    Parameters
    ----------
    schedule, agents
        What is looked at, and its people.
    skills, priorities
        As for `make_schedule`.

    Returns
    -------
    pandas.DataFrame
        `queue priority level agents hours share`: people, hours [h] and the share of the queue's
        hours that people of a level, 1 the best, serve; the highest priority first. Empty where all
        levels and all priorities are the same.
    """
    work = schedule.frame[schedule.frame["activity"] == "inbound"]
    people = {agent.agent: agent for agent in agents}
    asked = {queue: (skills or {}).get(queue, queue) for queue in work["queue"].unique()}
    ranks = {queue: (priorities or {}).get(queue, PRIORITY) for queue in asked}
    if len(set(ranks.values())) < 2 and not any(agent.levels for agent in agents):
        return pd.DataFrame(columns=COLUMNS)
    pairs = zip(work["agent"], work["queue"], strict=True)
    table = work.assign(
        level=[people[name].level(asked[queue]) if name in people else 1 for name, queue in pairs],
        priority=work["queue"].map(ranks),
        hours=(work["end"] - work["start"]).dt.total_seconds() / 3600,
    )
    grouped = table.groupby(["priority", "queue", "level"])
    found = grouped.agg(agents=("agent", "nunique"), hours=("hours", "sum")).reset_index()
    found["share"] = found["hours"] / found.groupby("queue")["hours"].transform("sum")
    return found[COLUMNS]
