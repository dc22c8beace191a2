"""A share averaged over the contacts when the load varies, and the least agents that keep it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from wfm.core.errors import DataError
from wfm.erlang.base import StaffingModel, find_model
from wfm.erlang.inputs import Array, Inputs, is_share, read_inputs
from wfm.erlang.spreads import Quantiles, Spread

CELLS = 400_000  # rows x nodes at a time: what the averages hold in memory


def average_of(found: StaffingModel, metric: str, asked: Inputs, spread: Spread) -> Array:
    """Average of a share over the contacts of each row, shape (n,); busy loads weigh more."""
    if not is_share(metric):
        message = (
            f"{found.name}: {metric} is no share, and contacts cannot average it. Use a share."
        )
        raise DataError(message)
    nodes, weights = spread.contacts()
    count = nodes.shape[1]
    average = np.empty_like(asked.load)
    for first in range(0, average.size, max(1, CELLS // count)):
        rows = np.arange(first, min(first + max(1, CELLS // count), average.size))
        mine = nodes[rows] if len(nodes) > 1 else nodes
        theirs = weights[rows] if len(weights) > 1 else weights
        every = np.repeat(rows, count)
        wide = asked.at(every, asked.agents[every])
        loads = (asked.load[rows, None] * mine).ravel()
        values = found.columns(loaded(wide, loads))[metric].reshape(rows.size, count)
        average[rows] = (values * theirs).sum(axis=1)
    return average


def loaded(asked: Inputs, load: Array) -> Inputs:
    """The same rows with another load."""
    given = {name: getattr(asked, name) for name in asked.__dataclass_fields__}
    return Inputs(**{**given, "load": load})


def least_on_average(
    model: str,
    metric: str,
    target: float,
    loads: Array,
    interval: Spread,
    start: Array,
    rest: dict[str, Any],
) -> tuple[Array, Array]:
    """Least agents whose average over the interval's factor meets the target, by bisection.

    The fraction is linear between the whole number that meets it and the one that misses.
    """
    found = find_model(model)
    asked = read_inputs(model, ("load", *found.needs[1:]), {"load": loads, **rest})
    sign = 1.0 if found.senses[metric] == "min" else -1.0
    whole, exact = np.zeros_like(asked.load), np.zeros_like(asked.load)
    live = np.flatnonzero(asked.load > 0.0)

    def margin(rows: npt.NDArray[np.intp], agents: Array) -> Array:
        part = asked.at(live[rows], agents)
        average = average_of(found, metric, part, spread_of(interval, live[rows]))
        return sign * (average - target)

    high = np.maximum(start[live], 1.0)
    low, below = np.zeros(live.size), np.full(live.size, -np.inf)
    above = margin(np.arange(live.size), high)
    bracketed = above < 0.0
    short = np.flatnonzero(bracketed)  # outwards from the start: up until met ...
    step = np.maximum(1.0, np.ceil(0.02 * high))
    while short.size:
        low[short], below[short] = high[short], above[short]
        high[short] += step[short]
        step[short] *= 2.0
        above[short] = margin(short, high[short])
        short = short[above[short] < 0.0]
    wide = np.flatnonzero(~bracketed & (high > 1.0))  # ... or down until missed
    while wide.size:
        guess = np.maximum(high[wide] - step[wide], 1.0)
        value = margin(wide, guess)
        met = value >= 0.0
        high[wide[met]], above[wide[met]] = guess[met], value[met]
        low[wide[~met]], below[wide[~met]] = guess[~met], value[~met]
        step[wide] *= 2.0
        wide = wide[met & (guess > 1.0)]
    open_ = np.flatnonzero(high - low > 1.0)
    while open_.size:
        middle = np.ceil((low[open_] + high[open_]) / 2.0)
        value = margin(open_, middle)
        met = value >= 0.0
        high[open_[met]], above[open_[met]] = middle[met], value[met]
        low[open_[~met]], below[open_[~met]] = middle[~met], value[~met]
        open_ = open_[high[open_] - low[open_] > 1.0]
    part = np.where(np.isfinite(below), above / (above - below), 0.0)
    whole[live], exact[live] = high, high - np.clip(part, 0.0, 1.0)
    return whole, exact


def spread_of(spread: Spread, rows: npt.NDArray[np.intp]) -> Spread:
    """The spread of some rows, where it has rows of its own."""
    if isinstance(spread, Quantiles) and len(np.asarray(spread.values)) > 1:
        return Quantiles(spread.levels, np.asarray(spread.values)[rows])
    return spread
