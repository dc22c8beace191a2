"""Forecast to requirement: the agents each interval needs for a service target, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import Forecast, Requirement, ServiceTarget
from wfm.erlang.ask import solve
from wfm.erlang.base import find_model
from wfm.erlang.inputs import Array, Inputs
from wfm.erlang.shrinkage import scheduled_heads

PATIENCE_S = 120.0  # assumed where nothing better is known, and marked so

T = TypeVar("T")
PerQueue = float | Mapping[str, float] | None


def requirement(
    forecast: Forecast,
    target: ServiceTarget | Mapping[str, ServiceTarget],
    *,
    model: str = "erlang_a",
    aht_s: PerQueue = None,
    patience_s: PerQueue = None,
    shrinkage: float | Mapping[str, float] = 0.10,
    min_agents: float | Mapping[str, float] = 0,
    max_occupancy: PerQueue = None,
) -> Requirement:
    """Agents that each interval of a forecast needs.

    Parameters
    ----------
    forecast
        Expected contacts and handle times.
    target
        Service target, one for all queues or one for each.
    model
        `erlang_a` (callers hang up) or `erlang_c` (callers wait for ever).
    aht_s
        Handle time [s] for intervals whose forecast has none; those rows say so in `assumed`.
    patience_s
        Mean patience [s] for `erlang_a`. Queues without one get 120 s, marked in `assumed`.
    shrinkage
        Share of rostered time that is not on contacts and that the schedule does not place itself.
    min_agents
        Heads on contacts never to go below in an open interval.
    max_occupancy
        Share of time on contacts never to exceed; off by default.
        All of these: one number, or a mapping from queue to number.

    Returns
    -------
    Requirement
        `agents` on contacts and `scheduled` on the roster, rounded up once each; `agents_exact`
        is the real-valued number at which the model meets the target; the service level (in the
        target's own counting), abandonment, occupancy and ASA that `agents` will see; and the
        service level with one agent less and one more.

    Raises
    ------
    DataError
        Unknown handle times, a queue without a target, a target the model cannot answer, or a
        number that cannot be.

    Examples
    --------
    Ninety calls of 300 s in half an hour are 15 erlangs.

    >>> start = pd.DatetimeIndex(["2026-03-02 10:00"], tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": "support", "volume": 90.0,
    ...                       "volume_q10": 75.0, "volume_q90": 106.0, "aht_s": 300.0})
    >>> forecast = Forecast(frame, pd.Timedelta("30min").to_pytimedelta())
    >>> need = requirement(forecast, ServiceTarget(0.80, within_s=20)).frame
    >>> need[["load", "agents", "scheduled", "assumed"]].values.tolist()
    [[15.0, 17, 19, 'patience_s']]
    """
    given = forecast.frame
    parts, targets = [], {}
    for queue, rows in given.groupby("queue", sort=True):
        name = str(queue)
        targets[name] = _of(target, name, "target")
        parts.append(
            _one_queue(
                rows,
                name,
                targets[name],
                model=model,
                seconds=forecast.interval.total_seconds(),
                aht_s=_number(aht_s, name),
                patience_s=_number(patience_s, name),
                shrinkage=_of(shrinkage, name, "shrinkage"),
                min_agents=_of(min_agents, name, "min_agents"),
                max_occupancy=_number(max_occupancy, name),
            )
        )
    if not parts:
        message = "requirement: the forecast has no intervals. Check its horizon and opening hours."
        raise DataError(message)
    frame = pd.concat(parts, ignore_index=True)
    return Requirement(frame, forecast.interval, targets=targets, model=model)


def metric_of(target: ServiceTarget, model: str) -> tuple[str, float]:
    """Column of a model and the value of it that a target asks for.

    Raises
    ------
    DataError
        The model does not define what the target speaks of.

    Examples
    --------
    Nobody hangs up in Erlang C, so every way to count its service level is the same.

    >>> metric_of(ServiceTarget(0.8, within_s=20, variant="sl_handled"), "erlang_c")
    ('sl_offered', 0.8)
    """
    known = find_model(model).senses
    if "sl_offered" not in known:
        message = f"{model} has no queue and no service level. Use erlang_a or erlang_c."
        raise DataError(message)
    if "lines" in find_model(model).needs:
        message = (
            f"{model}: a requirement knows no lines. Use erlang_a or erlang_c, or ask "
            "required_agents for one interval."
        )
        raise DataError(message)
    if target.service_level is not None:
        return level_of(target, model), target.service_level
    if target.abandoned is not None:
        if "p_abandon" not in known:
            message = f"{model}: a target for abandonment needs callers who hang up. Use erlang_a."
            raise DataError(message)
        return "p_abandon", target.abandoned
    if target.occupancy is not None:
        return "occupancy", target.occupancy
    assert target.asa_s is not None
    return "asa_served_s", target.asa_s


def level_of(target: ServiceTarget, model: str) -> str:
    """Column that counts the service level as the target does."""
    return target.variant if target.variant in find_model(model).senses else "sl_offered"


def _one_queue(
    rows: pd.DataFrame,
    queue: str,
    target: ServiceTarget,
    *,
    model: str,
    seconds: float,
    aht_s: float | None,
    patience_s: float | None,
    shrinkage: float,
    min_agents: float,
    max_occupancy: float | None,
) -> pd.DataFrame:
    metric, value = metric_of(target, model)
    volume = rows["volume"].to_numpy(dtype=float)
    aht, aht_assumed = _handle_times(rows, queue, volume, aht_s)
    load = volume * aht / seconds
    impatient = "patience_s" in find_model(model).needs
    patience = PATIENCE_S if patience_s is None else patience_s
    used_aht = np.where(aht > 0.0, aht, 1.0)  # 0 only where there is no load
    whole, exact = solve(
        model,
        metric=metric,
        target=value,
        load=load,
        aht_s=used_aht,
        patience_s=patience if impatient else None,
        threshold_s=target.within_s,
        min_agents=min_agents,
        max_occupancy=max_occupancy,
    )
    asked = Inputs(
        load=load,
        agents=whole.astype(float),
        aht_s=used_aht,
        patience_s=np.full_like(load, patience) if impatient else None,
        threshold_s=np.full_like(load, target.within_s),
    )
    every = np.ones(load.size, dtype=bool)
    level = level_of(target, model)

    def columns(heads: Array) -> dict[str, Array]:
        return find_model(model).columns(asked.at(every, heads))

    here = columns(asked.agents)
    assumed = [
        "|".join(name for name, flag in (("aht_s", a), ("patience_s", p)) if flag)
        for a, p in zip(aht_assumed, every & impatient & (patience_s is None), strict=True)
    ]
    frame = {
        "start": rows["start"],
        "queue": queue,
        "volume": volume,
        "aht_s": aht,
        "load": load,
        "agents_exact": exact,
        "agents": whole,
        "shrinkage": shrinkage,
        "scheduled": scheduled_heads(whole, shrinkage),
        "service_level": here[level],
        "abandoned": here.get("p_abandon", np.zeros_like(load)),
        "occupancy": here["occupancy"],
        "asa_s": here["asa_served_s"],
        "sl_minus_1": columns(np.maximum(asked.agents - 1.0, 0.0))[level],
        "sl_plus_1": columns(asked.agents + 1.0)[level],
        "assumed": assumed,
    }
    if impatient:
        frame["patience_s"] = patience
    return pd.DataFrame(frame)


def _handle_times(
    rows: pd.DataFrame, queue: str, volume: Array, aht_s: float | None
) -> tuple[Array, np.ndarray]:
    """Handle time of each interval and whether it was assumed."""
    aht = rows["aht_s"].to_numpy(dtype=float).copy()
    unknown = ~(aht > 0.0)
    known = ~unknown & (volume > 0.0)
    unneeded = unknown & (volume == 0.0)
    zero = (aht == 0.0) & (volume > 0.0)
    if zero.any():
        first = rows.loc[zero].iloc[0]
        message = (
            f"requirement: AHT of queue {queue} is 0 in {int(zero.sum())} intervals with contacts, "
            f"the first at {first['start']}. Correct the handle times of the forecast."
        )
        raise DataError(message, rows=rows.loc[zero])
    if aht_s is None and (unknown & ~unneeded).any():
        wrong = unknown & ~unneeded
        first = rows.loc[wrong].iloc[0]
        message = (
            f"requirement: AHT of queue {queue} is not known in {int(wrong.sum())} intervals, the "
            f"first at {first['start']}. Give aht_s, for example aht_s=300."
        )
        raise DataError(message, rows=rows.loc[wrong])
    if aht_s is not None and not 0.0 < aht_s < np.inf:
        message = f"requirement: aht_s is {aht_s:g} for queue {queue}. Write seconds above 0."
        raise DataError(message)
    mean = float(np.average(aht[known], weights=volume[known])) if known.any() else 0.0
    aht[unknown] = mean if aht_s is None else aht_s
    return aht, unknown & (aht_s is not None)


def _of(value: T | Mapping[str, T], queue: str, name: str) -> T:
    """A queue's own value from one for all or a mapping."""
    if not isinstance(value, Mapping):
        return value
    if queue not in value:
        message = f"requirement: no {name} for queue {queue}. Add it; found {', '.join(value)}."
        raise DataError(message)
    return value[queue]


def _number(value: PerQueue, queue: str) -> float | None:
    """A queue's own number; None where a mapping has none for it."""
    found = value.get(queue) if isinstance(value, Mapping) else value
    return None if found is None or np.isnan(found) else float(found)
