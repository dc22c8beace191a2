"""What a contact costs: the schedule's cost by the work it pays for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfm.core.types import Requirement, Schedule
from wfm.planning.service import predict_service

WORK = ("inbound", "outbound")
SUMS = {"inbound": "all inbound", "outbound": "all outbound"}


def contact_costs(schedule: Schedule, requirement: Requirement | None = None) -> pd.DataFrame:
    """Cost of an inbound contact by queue and of an outbound one by campaign.

    Parameters
    ----------
    schedule
        Its blocks give the hours, its totals the cost by agent, its outbound table the connects.
    requirement
        What it covers, made by `staff`: gives the contacts answered in each queue with the heads
        really rostered. Without it inbound contacts are unknown.

    Returns
    -------
    pandas.DataFrame
        `work queue hours cost contacts cost_per_contact`, as `cost_by_work` gives it, with the sum
        of each kind in a row `all inbound` or `all outbound` below. `contacts` are answered or
        connected ones, NaN where they are unknown.

    Examples
    --------
    >>> import wfm
    >>> from wfm.planning.demo import demo_history
    >>> forecast = wfm.make_forecast(demo_history(12), "7D", model="seasonal_mean")
    >>> requirement = wfm.staff(forecast, wfm.ServiceTarget(0.8))
    >>> schedule = wfm.make_schedule(requirement, *wfm.people_to_fit(requirement), seconds=2)
    >>> table = wfm.contact_costs(schedule, requirement)
    >>> float(round(table.loc[table["queue"] != "", "cost"].sum() / schedule.cost, 9))
    1.0
    """
    work = cost_by_work(schedule.frame, schedule.totals)
    contacts = _answered(schedule, requirement) | _connected(schedule)
    keys = zip(work["work"], work["queue"], strict=True)
    work["contacts"] = [contacts.get((str(kind), str(name)), np.nan) for kind, name in keys]
    parts = []
    for kind, part in work.groupby("work", sort=False):
        parts.append(part)
        if kind in SUMS:
            sums = part[["hours", "cost", "contacts"]].sum(skipna=False)
            parts.append(pd.DataFrame([{"work": SUMS[str(kind)], "queue": ""} | sums.to_dict()]))
    table = pd.concat(parts, ignore_index=True) if parts else work
    table["cost_per_contact"] = table["cost"] / table["contacts"].where(table["contacts"] > 0)
    return table


def cost_by_work(blocks: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Split what agents cost over what they work on, by its hours.

    Breaks and meetings of an agent are so borne by her own work. The cost of somebody who has only
    other activities stands in a row `other`: the rows always add up to the whole cost.

    Parameters
    ----------
    blocks
        `agent start end activity queue` of a schedule.
    totals
        `agent cost` of each agent.

    Returns
    -------
    pandas.DataFrame
        `work queue hours cost`: `work` is `inbound`, `outbound` or `other`, `queue` the queue or
        campaign; hours on it [h], cost in the currency of `totals`.

    Examples
    --------
    Three hours of calls and one of a survey for 80:

    >>> stamps = pd.to_datetime(["2026-03-02 08:00", "2026-03-02 11:00", "2026-03-02 12:00"])
    >>> blocks = pd.DataFrame({"agent": "a", "start": stamps[:2], "end": stamps[1:],
    ...     "activity": ["inbound", "outbound"], "queue": ["calls", "survey"]})
    >>> cost_by_work(blocks, pd.DataFrame({"agent": ["a"], "cost": [80.0]})).values.tolist()
    [['inbound', 'calls', 3.0, 60.0], ['outbound', 'survey', 1.0, 20.0]]
    """
    work = blocks[blocks["activity"].isin(WORK)]
    hours = (work["end"] - work["start"]).dt.total_seconds() / 3600
    cost = totals.groupby("agent")["cost"].sum()
    worked = hours.groupby(work["agent"]).sum()
    rate = (cost.reindex(worked.index).fillna(0.0) / worked).reindex(work["agent"]).to_numpy()
    split = pd.DataFrame({"hours": hours, "cost": hours * rate})
    keys = [work["activity"].rename("work"), work["queue"].rename("queue")]
    table: pd.DataFrame = split.groupby(keys)[["hours", "cost"]].sum().reset_index()
    rest = float(cost[~cost.index.isin(worked.index)].sum())
    if not rest:
        return table
    other = pd.DataFrame({"work": ["other"], "queue": [""], "hours": [0.0], "cost": [rest]})
    return pd.concat([table, other], ignore_index=True) if len(table) else other


def cost_of_contact(table: pd.DataFrame, work: str) -> float:
    """Cost of a contact over all queues (`inbound`) or campaigns (`outbound`), NaN if unknown.

    >>> table = pd.DataFrame({"work": ["all inbound"], "cost_per_contact": [2.5]})
    >>> cost_of_contact(table, "inbound"), cost_of_contact(table, "outbound")
    (2.5, nan)
    """
    found = table.loc[table["work"] == SUMS[work], "cost_per_contact"]
    return float(found.iloc[0]) if len(found) else float("nan")


def _answered(schedule: Schedule, requirement: Requirement | None) -> dict[tuple[str, str], float]:
    """Contacts answered in each queue on the schedule's days."""
    if requirement is None or not requirement.model:
        return {}
    service = predict_service(schedule, requirement)
    answered = service["volume"] * (1 - service["abandoned"])
    sums = answered.groupby(service["queue"]).sum()
    return {("inbound", str(queue)): float(n) for queue, n in sums.items()}


def _connected(schedule: Schedule) -> dict[tuple[str, str], float]:
    """Contacts that the placed hours of each campaign are expected to reach."""
    table = schedule.outbound
    if "connects" not in table:
        return {}
    pairs = zip(table["campaign"], table["connects"], strict=True)
    return {("outbound", str(name)): float(n) for name, n in pairs}
