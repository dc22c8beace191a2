"""Blending: outbound calls in between, while some agents are kept free for callers.

A new outbound call starts as soon as fewer than ``agents - kept_free`` agents are busy. There is
always somebody to call, so that those agents never rest; callers wait first come first served and
do not hang up, and both kinds of call take equally long.

References
----------
Bhulai, Koole (2003), A queueing model for call blending in call centers; Gans, Zhou (2003).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.erlang.inputs import TINY, Array, one_number


def blend(
    load: float,
    agents: int,
    *,
    aht_s: float,
    threshold_s: float,
    kept_free: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """Inbound service and outbound work for every number of agents kept free.

    Parameters
    ----------
    load
        Inbound load [erlangs], below the agents.
    agents
        Whole heads on both kinds of call.
    aht_s
        Mean handle time of both [s].
    threshold_s
        The wait of a caller that still counts [s].
    kept_free
        Agents that no outbound call takes; all from 0 to `agents` unless given.

    Returns
    -------
    pandas.DataFrame
        `kept_free p_wait asa_s service_level outbound_load occupancy`, one row for each `kept_free`
        (`outbound_load` in erlangs: agents on outbound calls, on average).

    Raises
    ------
    DataError
        Agents that do not exceed the load, or numbers that cannot be.

    Examples
    --------
    Twenty erlangs on thirty agents: three kept free bring 84 % and still 8.5 erlangs of outbound.

    >>> blend(20.0, 30, aht_s=300, threshold_s=20, kept_free=[0, 3]).round(3).values.tolist()
    [[0.0, 1.0, 30.0, 0.487, 10.0, 1.0], [3.0, 0.309, 9.259, 0.842, 8.458, 0.949]]
    """
    free = _checked(load, agents, aht_s, threshold_s, kept_free)
    spare = agents - load
    # Logarithms of the weights of agents - r busy, r = 0, 1, ..., relative to a full house.
    heads = np.arange(agents, 0, -1.0)
    steps = np.log(heads / load) if load > 0.0 else np.full(agents, 1e5)
    below = np.concatenate([[0.0], np.cumsum(steps)])
    above = np.logaddexp.accumulate(np.concatenate([[-np.inf], below[1:]]))
    full = np.log(load / spare + 1.0)  # a full house and everyone waiting behind it
    total = np.logaddexp(full, above)[free]
    p_wait = np.exp(full - total)
    outbound = np.where(free == 0, spare, (agents - free) * np.exp(below[free] - total))
    late = np.exp(-spare * threshold_s / aht_s)
    return pd.DataFrame(
        {
            "kept_free": free,
            "p_wait": p_wait,
            "asa_s": p_wait * aht_s / spare,
            "service_level": 1.0 - p_wait * late,
            "outbound_load": outbound,
            "occupancy": (load + outbound) / agents,
        }
    )


def best_kept_free(
    load: float, agents: int, target: float, *, aht_s: float, threshold_s: float
) -> pd.DataFrame:
    """The row of `blend` with most outbound work that still meets a service level.

    Parameters
    ----------
    target
        Least share of callers answered within `threshold_s`.
    load, agents, aht_s, threshold_s
        As for `blend`.

    Returns
    -------
    pandas.DataFrame
        One row: every agent kept free costs outbound work, so that the fewest are best.

    Raises
    ------
    DataError
        As `blend`; a target outside (0, 1), or one that even all agents kept free do not meet.

    Examples
    --------
    >>> best_kept_free(20.0, 30, 0.80, aht_s=300, threshold_s=20)["kept_free"].tolist()
    [3]
    """
    write = "a share above 0 and below 1, such as 0.8"
    target = one_number("blending", "target", target, write, least=TINY, below=1.0)
    rows = blend(load, agents, aht_s=aht_s, threshold_s=threshold_s)
    good = rows[rows["service_level"] >= target]
    if good.empty:
        best = rows["service_level"].iloc[-1]
        message = (
            f"blending: {agents} agents answer {best:.1%} of {load:g} erlangs in {threshold_s:g} s "
            f"without any outbound call; the target is {target:.1%}. Use more agents."
        )
        raise DataError(message)
    return good.iloc[:1].reset_index(drop=True)


def _checked(
    load: float, agents: int, aht_s: float, threshold_s: float, kept_free: npt.ArrayLike | None
) -> npt.NDArray[np.int64]:
    one_number("blending", "load", load, "erlangs, 0 or more")
    one_number("blending", "aht_s", aht_s, "seconds above 0", least=TINY)
    one_number("blending", "threshold_s", threshold_s, "seconds, 0 or more")
    one_number("blending", "agents", agents, "whole heads on both kinds of call", whole=True)
    if agents <= load:
        message = (
            f"blending: {agents:g} agents for {load:g} erlangs of callers who do not hang up. Use "
            f"at least {int(load) + 1} whole agents."
        )
        raise DataError(message)
    try:
        given = np.arange(agents + 1.0) if kept_free is None else kept_free
        free: Array = np.atleast_1d(np.asarray(given, dtype=float))
    except (TypeError, ValueError) as error:
        message = f"blending: kept_free is {kept_free!r}. Write whole heads, 0 to {agents}."
        raise DataError(message) from error
    wrong = ~((free >= 0) & (free <= agents) & (free == np.floor(free)))
    if wrong.any():
        message = f"blending: kept_free is {free[wrong][0]:g}. Write whole heads, 0 to {agents}."
        raise DataError(message)
    return free.astype(np.int64)
