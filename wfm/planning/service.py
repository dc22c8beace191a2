"""The service that callers will meet: of a schedule's heads, or of any number of agents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import Requirement, Schedule, ServiceTarget
from wfm.core.work import CHANNELS
from wfm.planning.quiet import quiet_service


def predict_service(
    schedule: Schedule, requirement: Requirement, by: str = "interval"
) -> pd.DataFrame:
    """Service that callers will meet with the heads really rostered.

    Rostered heads less shrinkage are on contacts; the requirement's own model, load and patience
    say what they achieve.

    Parameters
    ----------
    schedule
        Its coverage gives the rostered heads, averaged over each interval of the requirement.
    requirement
        Made by `staff`: it must hold the load, the handle time and the model.
    by
        `"interval"` or `"day"`.

    Returns
    -------
    pandas.DataFrame
        By interval `start queue volume load required scheduled heads service_level abandoned
        occupancy asa_s overloaded`; by day `day queue volume heads_h service_level abandoned
        occupancy asa_s overloaded`, where shares weigh by contacts and `overloaded` counts
        intervals. Only the intervals of the schedule's days. Of work that waits for quiet periods
        the level is the share that is placed before it is due.
    """
    from wfm.erlang import predict, predict_days

    if by not in ("interval", "day"):
        message = f"predict_service: by={by!r} is not known. Use 'interval' or 'day'."
        raise DataError(message)
    cover = schedule.coverage
    clock = cover["start"].dt.tz_localize(None)
    start = cover["start"] - (clock - clock.dt.floor(pd.Timedelta(requirement.interval)))
    keys = ["queue", "start"]
    rostered = cover["scheduled"].groupby([cover["queue"], start]).mean().rename("rostered")
    frame = requirement.frame.merge(rostered.reset_index(), on=keys, how="left")
    waits = quiet_service(schedule, requirement) if "quiet_h" in frame else None
    if waits is not None:
        frame = frame[frame["quiet_h"].isna()]
    if "load" in frame:  # promised callbacks have heads and no load
        frame = frame[frame["load"].notna()]
    # Work with due times has a past: what the schedule begins with is what the needed heads left.
    known = frame["rostered"].notna()
    past = frame["channel"].map(CHANNELS).eq("deferred") if "channel" in frame else ~known
    past &= ~known & (frame["start"] < frame.loc[known, "start"].min())
    frame = frame[known | past].sort_values(keys, kind="stable").reset_index(drop=True)
    shrinkage = frame.get("shrinkage", 0.0)
    heads = (frame["rostered"] * (1 - shrinkage)).fillna(frame["agents"])
    need = replace(requirement, frame=frame)
    service: pd.DataFrame = predict(need, heads.to_numpy(dtype=float))
    known = frame["rostered"].notna()
    service = service[known].reset_index(drop=True)
    frame = frame[known].reset_index(drop=True)
    service.insert(4, "required", frame["scheduled"])
    service.insert(5, "scheduled", frame["rostered"])
    if waits is not None:
        service = pd.concat([service, waits]).sort_values(keys, ignore_index=True)
    if by == "day":
        return predict_days(service, requirement.interval)
    return service.drop(columns="counted")


def queue_service(days: pd.DataFrame) -> pd.DataFrame:
    """Service of each queue over all the days of a prediction.

    Parameters
    ----------
    days
        What `predict_service` returns with ``by="day"``.

    Returns
    -------
    pandas.DataFrame
        `queue volume service_level abandoned occupancy asa_s`: shares by contacts, occupancy by
        hours on contacts, the ASA [s] by contacts answered.

    Examples
    --------
    Ninety contacts at 80 % and ten at 90 % are 81 % of a hundred.

    >>> days = pd.DataFrame({"queue": "calls", "volume": [90, 10], "service_level": [0.8, 0.9],
    ...                      "abandoned": 0.0, "occupancy": 0.7, "heads_h": 4.0, "asa_s": 12.0})
    >>> queue_service(days).round(3).values.tolist()
    [['calls', 100, 0.81, 0.0, 0.7, 12.0]]
    """
    answered = days["volume"] * (1 - days["abandoned"])
    weights = {
        "service_level": days["volume"],
        "abandoned": days["volume"],
        "occupancy": days["heads_h"],
        "asa_s": answered,
    }
    by = days["queue"]
    table = days.groupby("queue")["volume"].sum().to_frame()
    for name, weight in weights.items():
        table[name] = (days[name] * weight).groupby(by).sum() / weight.groupby(by).sum()
    return table.reset_index()


def erlang_table(
    load: float,
    target: ServiceTarget,
    *,
    model: str = "erlang_a",
    aht_s: float = 300.0,
    patience_s: float = 120.0,
    lines: int | None = None,
    redial: float | None = None,
    reconnect: float | None = None,
    around: int = 3,
) -> pd.DataFrame:
    """Return the least agents for a target and the service of a few more or fewer.

    Parameters
    ----------
    load
        Offered load [erlangs].
    target
        What must be kept.
    model, aht_s, patience_s, lines, redial, reconnect
        As in `wfm.erlang.evaluate`; times that a model does not know are left out.
    around
        How many agents to show on either side; those that carry no queue are left out.

    Returns
    -------
    pandas.DataFrame
        `agents needed service_level abandoned occupancy asa_s p_wait`, one row for each number;
        with `lines` also `p_block`.
    """
    from wfm.erlang import STAFFING, evaluate, required_agents
    from wfm.erlang.promise import level_of, metric_of

    metric, value = metric_of(target, model)
    inputs = {"load": load, "aht_s": aht_s, "threshold_s": target.within_s}
    if "patience_s" in STAFFING[model].needs:
        inputs["patience_s"] = patience_s
    callers = {"lines": lines, "redial": redial, "reconnect": reconnect}
    inputs |= {name: number for name, number in callers.items() if number is not None}
    least = int(required_agents(model, metric=metric, target=value, **inputs)[0])
    lowest = int(load) + 1 if STAFFING[model].above_load else 1
    agents = np.arange(max(least - around, min(lowest, least)), least + around + 1)
    found = evaluate(model, agents=agents, **inputs)
    return pd.DataFrame(
        {
            "agents": agents,
            "needed": np.where(agents == least, "least", ""),
            "service_level": found[level_of(target, model)],
            "abandoned": found.get("p_abandon", 0.0),
            "occupancy": found["occupancy"],
            "asa_s": found["asa_served_s"],
            "p_wait": found["p_wait"],
        }
        | ({"p_block": found["p_block"]} if lines is not None else {})
    )


def kept_free_table(
    load: float, agents: int, aht_s: float, target: ServiceTarget
) -> tuple[pd.DataFrame, int | None]:
    """Outbound calls between callers, for every number of agents kept free.

    Parameters
    ----------
    load, agents, aht_s
        Inbound load [erlangs], heads on contacts and handle time of both kinds of call [s].
    target
        The promise to callers, a service level or an ASA.

    Returns
    -------
    tuple
        `kept_free p_wait asa_s service_level outbound_load occupancy`, and the fewest kept free
        that keep the promise (None where none does).

    Raises
    ------
    DataError
        Agents that do not exceed the load.
    """
    from wfm.erlang import blend

    table = blend(load, agents, aht_s=aht_s, threshold_s=target.within_s)
    kept = table["service_level"] >= (target.service_level or 0.0)
    if target.asa_s is not None:
        kept = table["asa_s"] <= target.asa_s
    keeping = table.loc[kept & (table["outbound_load"] > 0), "kept_free"]
    return table, int(keeping.min()) if len(keeping) else None


def list_hours(
    rates: pd.DataFrame,
    *,
    records: float,
    attempts: int,
    set_up_s: float,
    talk_s: float,
    wrap_s: float = 0.0,
    wrong_party_s: float = 0.0,
) -> pd.DataFrame:
    """Agent hours that a calling list takes, by hour of the day.

    Parameters
    ----------
    rates
        `hour mix connect_rate right_party_rate`, one row for each hour; the mix of tries adds up
        to 1.
    records, attempts
        Length of the list, and most tries for a record.
    set_up_s, talk_s, wrap_s, wrong_party_s
        Time of a try, of the conversation with the right person, after it, and with somebody
        else [s].

    Returns
    -------
    pandas.DataFrame
        `hour attempts connects right_parties hours`; their sums are those of the list.

    Examples
    --------
    >>> rates = pd.DataFrame({"hour": ["10:00"], "mix": 1.0, "connect_rate": 0.5,
    ...                       "right_party_rate": 1.0})
    >>> list_hours(rates, records=100, attempts=2, set_up_s=24, talk_s=240)["hours"].sum()
    np.float64(6.0)
    """
    from wfm.erlang import campaign_hours

    found = campaign_hours(
        records,
        attempts,
        connect_rate=rates["connect_rate"].to_numpy(dtype=float),
        right_party_rate=rates["right_party_rate"].to_numpy(dtype=float),
        mix=rates["mix"].to_numpy(dtype=float),
        set_up_s=set_up_s,
        talk_s=talk_s,
        wrap_s=wrap_s,
        wrong_party_s=wrong_party_s,
    )
    return pd.concat([rates[["hour"]].reset_index(drop=True), found], axis=1)
