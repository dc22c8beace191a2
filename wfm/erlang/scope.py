"""A target on the day's contacts, with a floor for every interval, at the least total hours.

An agent is worth most where many contacts arrive. Beginning with the floor, agents go one after the
other where they raise the day's level most (marginal allocation). Far below the load one agent
hardly helps, several together do: such steps are taken together, along the concave hull of
each interval's level. What the last step overshoots is taken back where it hurts least.

References
----------
Fox (1966), Discrete optimization via marginal analysis; Koole, Call Center Mathematics, ch. 8.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.erlang.ask import required_agents
from wfm.erlang.averages import average_of, spread_of
from wfm.erlang.base import StaffingModel, find_model
from wfm.erlang.confidence import agents_at_confidence
from wfm.erlang.inputs import Array, Inputs, Numbers, read_inputs
from wfm.erlang.spreads import Spread

_OF_OFFERED = (
    "sl_offered", "sl_abandon_counts", "sl_short_counts", "p_abandon", "p_wait", "p_immediate",
    "p_served",
)  # fmt: skip
_ROUNDING = 1e-12


def agents_for_day(
    model: str,
    *,
    metric: str,
    target: float,
    floor: float,
    load: Numbers,
    volume: npt.ArrayLike,
    day: npt.ArrayLike | None = None,
    interval: Spread | None = None,
    **rest: Any,
) -> pd.DataFrame:
    """Least agents whose day, weighted by contacts, meets a target while no interval drops too far.

    Parameters
    ----------
    model
        `erlang_c`, `erlang_a` or `erlang_x`.
    metric
        A share of the offered contacts: `sl_offered`, `sl_abandon_counts`, `p_abandon`, `p_wait`,
        `p_immediate` or `p_served`.
    target
        Value that the day's contacts meet on average.
    floor
        Value that every interval keeps: for a service level below the target, for a share that
        abandons above it.
    load
        Load of each interval [erlangs].
    volume
        Contacts of each interval: the weights.
    day
        Label of each interval's day; all are one day unless given.
    interval
        Factor of the interval on its load: the level is its average over the contacts.
    rest
        `aht_s`, `patience_s`, `threshold_s`, `min_agents`, `max_occupancy` and the others of
        `required_agents`.

    Returns
    -------
    pandas.DataFrame
        One row for each interval: `agents_each` (the target in every interval), `agents` (the
        target on the day) and `value`, the metric with `agents`. The saving is the difference
        of the sums.

    Raises
    ------
    DataError
        As `required_agents`; a metric that is no share of the offered, or a floor beyond the
        target.

    Examples
    --------
    >>> rows = agents_for_day("erlang_a", metric="sl_offered", target=0.8, floor=0.6,
    ...                       load=[3, 12, 20], volume=[18, 72, 120], aht_s=300, patience_s=120,
    ...                       threshold_s=20)
    >>> rows[["agents_each", "agents"]].values.tolist()
    [[5, 4], [14, 13], [22, 23]]
    """
    found = find_model(model)
    if metric not in _OF_OFFERED or metric not in found.senses:
        known = ", ".join(m for m in _OF_OFFERED if m in found.senses)
        message = (
            f"{model}: a day cannot average {metric!r} by its offered contacts. "
            f"Use one of: {known}."
        )
        raise DataError(message)
    sign = 1.0 if found.senses[metric] == "min" else -1.0
    if sign * (target - floor) < 0.0:
        message = (
            f"{model}: the floor of {floor:g} asks for more than the day's target of {target:g}. "
            "Choose a floor that is easier to keep than the target."
        )
        raise DataError(message)
    question = {"metric": metric, "load": load, **rest}
    certain: dict[str, Any] = {"confidence": 0.5, "day": None, "interval": interval}

    def least(value: float) -> npt.NDArray[np.int64]:
        if interval is None:
            return required_agents(model, target=value, **question)
        return agents_at_confidence(model, target=value, **certain, **question)

    each, lowest = least(target), least(floor)
    high = 1.0 - (1.0 - target) / 50.0 if sign > 0.0 else target / 50.0
    highest = np.maximum(least(high), lowest)
    known_args = {k: v for k, v in rest.items() if k not in ("min_agents", "max_occupancy")}
    asked = read_inputs(model, ("load", *found.needs[1:]), {"load": load, **known_args})
    weights = np.asarray(volume, dtype=float).ravel()
    if weights.shape != asked.load.shape or not (
        np.isfinite(weights).all() and (weights >= 0).all()
    ):
        message = (
            f"{model}: {weights.size} volumes for {asked.load.size} loads, 0 or more each. Give "
            "one for each."
        )
        raise DataError(message)
    labels = pd.factorize(np.zeros(weights.size) if day is None else np.asarray(day))[0]
    if labels.size != weights.size:
        message = f"{model}: {labels.size} days for {weights.size} loads. Give one for each."
        raise DataError(message)
    if interval is not None:
        weights = weights * interval.mean()
    agents = lowest.copy()
    for label in range(labels.max(initial=-1) + 1):
        rows = np.flatnonzero(labels == label)
        levels = _levels(found, metric, asked, rows, lowest[rows], highest[rows], interval)
        gains = sign * levels * weights[rows, None]
        need = sign * target * weights[rows].sum()
        extra = _allocate(gains, need)
        if lowest[rows].sum() + extra.sum() > each[rows].sum():
            extra = each[rows] - lowest[rows]
        agents[rows] += extra
    every = asked.at(np.arange(agents.size), agents.astype(float))
    value = _level(found, metric, every, interval)
    return pd.DataFrame({"agents_each": each, "agents": agents, "value": value})


def _levels(
    found: StaffingModel,
    metric: str,
    asked: Inputs,
    rows: npt.NDArray[np.intp],
    lowest: npt.NDArray[np.int64],
    highest: npt.NDArray[np.int64],
    interval: Spread | None,
) -> Array:
    """The metric with 0, 1, 2, ... agents above the floor's, constant beyond the highest."""
    width = int((highest - lowest).max(initial=0)) + 1
    heads = np.minimum(lowest[:, None] + np.arange(width), highest[:, None])
    every = np.repeat(rows, width)
    wide = None if interval is None else spread_of(interval, every)
    values = _level(found, metric, asked.at(every, heads.ravel().astype(float)), wide)
    return values.reshape(heads.shape)


def _level(found: StaffingModel, metric: str, asked: Inputs, interval: Spread | None) -> Array:
    """The metric of each row, averaged over the interval's factor where there is one."""
    if interval is None:
        return found.columns(asked)[metric]
    return average_of(found, metric, asked, interval)


def _allocate(gains: Array, need: float) -> npt.NDArray[np.int64]:
    """Agents above the floor for each row, so that the gains add up to what is needed."""
    slack = _ROUNDING * max(abs(need), 1.0)
    steps = [
        ((gains[row, to] - gains[row, at]) / (to - at), row, to)
        for row in range(len(gains))
        for at, to in _hull(gains[row])
    ]
    steps.sort(key=lambda step: (-step[0], step[1], step[2]))
    extra = np.zeros(len(gains), dtype=np.int64)
    each = np.arange(len(gains))
    for _, row, to in steps:
        if gains[each, extra].sum() >= need - slack:
            break
        extra[row] = to
    while True:  # take back what the last step overshoots
        over = gains[each, extra].sum() - need + slack
        loss = np.where(
            extra > 0, gains[each, extra] - gains[each, np.maximum(extra - 1, 0)], np.inf
        )
        row = int(np.argmin(loss))
        if loss[row] > over:
            return extra
        extra[row] -= 1


def _hull(values: Array) -> list[tuple[int, int]]:
    """Steps along the upper concave hull, as pairs of positions; only those that rise."""
    corners: list[int] = []
    for k in range(values.size):
        while len(corners) > 1:
            a, b = corners[-2], corners[-1]
            if (values[b] - values[a]) * (k - b) > (values[k] - values[b]) * (b - a):
                break
            corners.pop()
        corners.append(k)
    return [(a, b) for a, b in pairwise(corners) if values[b] > values[a]]
