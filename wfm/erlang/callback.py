"""A callback offered to callers who find a long queue: fewer wait, and work comes later.

From `offer_at` calls waiting on, a share of the callers leaves a number and goes; the others queue
and hang up when their patience ends (Erlang A). The promised calls are deferred work, to be placed
in quieter hours.

References
----------
Armony, Maglaras (2004), On customer contact centers with a call-back option; the chain is a birth
and death process: Cooper, Introduction to Queueing Theory (1981), ch. 3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.erlang.inputs import Array, Inputs, read_inputs
from wfm.erlang.integrals import free_weight

_NAMES = ("load", "agents", "aht_s", "patience_s", "offer_at", "accepted")


def evaluate_callback(
    *,
    load: npt.ArrayLike,
    agents: npt.ArrayLike,
    aht_s: npt.ArrayLike,
    patience_s: npt.ArrayLike,
    offer_at: npt.ArrayLike,
    accepted: npt.ArrayLike,
) -> pd.DataFrame:
    """What a callback offer does to the queue, and the work it puts off.

    Parameters
    ----------
    load
        Offered load [erlangs].
    agents
        Whole heads on contacts.
    aht_s, patience_s
        Mean handle time and mean patience [s].
    offer_at
        Calls waiting from which on a new caller is offered a callback.
    accepted
        Share of them who take it.

    Returns
    -------
    pandas.DataFrame
        One row for each element of the broadcast arguments: shares of all offered
        `p_all_busy p_abandon p_callback`, `mean_queue` [calls], `callback_load` [erlangs to be
        worked later, at the same handle time], `mean_wait_offered_s` [s in queue by offered call].

    Raises
    ------
    DataError
        Numbers that cannot be.

    Examples
    --------
    At 100 erlangs on 98 agents an offer from five waiting on defers five erlangs.

    >>> row = evaluate_callback(load=100, agents=98, aht_s=300, patience_s=300, offer_at=5,
    ...                         accepted=[0.0, 0.4])
    >>> row[["p_abandon", "callback_load"]].round(4).values.tolist()
    [[0.0505, 0.0], [0.0136, 5.0491]]
    """
    given = dict(zip(_NAMES, (load, agents, aht_s, patience_s, offer_at, accepted), strict=True))
    try:
        arrays = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in given.values()))
    except (TypeError, ValueError) as error:
        message = "callback: the arguments do not fit together or are not numbers. Give one length."
        raise DataError(message) from error
    flat = {name: np.array(a).ravel() for name, a in zip(given, arrays, strict=True)}
    asked = read_inputs(
        "callback", ("load", "agents", "aht_s", "patience_s"), {k: flat[k] for k in _NAMES[:4]}
    )
    for name, most, cure in (
        ("agents", np.inf, "whole heads, 1 or more"),
        ("offer_at", np.inf, "whole calls, 0 or more"),
        ("accepted", 1.0, "a share, 0 to 1"),
    ):
        values = flat[name]
        wrong = ~((values >= (name == "agents")) & (values <= most) & np.isfinite(values))
        wrong |= (name != "accepted") & (values != np.floor(values))
        if wrong.any():
            message = f"callback: {name} is {values[wrong][0]:g}. Write {cure}."
            raise DataError(message)
    rows = [
        _one(asked.at(np.array([k]), asked.agents[[k]]), flat["offer_at"][k], flat["accepted"][k])
        for k in range(asked.load.size)
    ]
    names = ("p_all_busy", "mean_queue", "p_abandon", "p_callback", "callback_load")
    return pd.DataFrame(rows, columns=[*names, "mean_wait_offered_s"])


def _one(asked: Inputs, offer_at: float, accepted: float) -> tuple[float, ...]:
    assert asked.aht_s is not None
    assert asked.patience_s is not None
    a, n, aht = float(asked.load[0]), float(asked.agents[0]), float(asked.aht_s[0])
    h = aht / float(asked.patience_s[0])
    if a == 0.0:
        return (0.0,) * 6
    # What would wait if nobody were served has mean a/h: the queue is lighter than that beyond it.
    places = int(max(a - n, 0.0) / h + 10.0 * np.sqrt(a / h) + 50.0)
    j = np.arange(places + 1.0)
    took = np.where(j >= offer_at, accepted, 0.0)
    with np.errstate(divide="ignore"):
        steps = np.log(a * (1.0 - took[:-1])) - np.log(n + j[1:] * h)
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    scale, value = free_weight(np.array([n]), np.array([a]))
    free_log = float(scale[0] + np.log(n * value[0]))
    top = max(float(logs.max()), free_log)
    waiting: Array = np.exp(logs - top)
    total = waiting.sum() + np.exp(free_log - top)
    waiting /= total
    queue = float((waiting * j).sum())
    callback = float((waiting * took).sum())
    busy = min(float(waiting.sum()), 1.0)
    return busy, queue, h * queue / a, callback, a * callback, queue * aht / a
