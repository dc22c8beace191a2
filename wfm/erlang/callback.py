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
from wfm.erlang.inputs import Array, Inputs, Sense, read_inputs, spread
from wfm.erlang.integrals import free_weight
from wfm.erlang.places import waits
from wfm.erlang.short import LEVEL_SENSES, SHORT_SENSES, check_short, levels_of

_SENSES: dict[str, Sense] = {
    **LEVEL_SENSES,
    "p_wait": "max",
    "p_abandon": "max",
    "occupancy": "max",
    "asa_served_s": "max",
}
_LEAST = 1e-12
_HALVINGS = 24  # to 1e-7 heads
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
    found = _measures(asked, flat["offer_at"], flat["accepted"], timed=False)
    names = ("p_all_busy", "mean_queue", "p_abandon", "p_callback", "callback_load")
    return pd.DataFrame({name: found[name] for name in (*names, "mean_wait_offered_s")})


def callback_columns(asked: Inputs, offer_at: int, accepted: float) -> dict[str, Array]:
    """Columns of `evaluate` for a queue with a callback offer, under the same names.

    Parameters
    ----------
    asked
        Load, agents (fractions allowed), handle time, patience and threshold, shape (n,).
    offer_at, accepted
        As for `evaluate_callback`.

    Returns
    -------
    dict of arrays
        `sl_offered` (answered in time / offered less callbacks: who left a number was served in
        another way) and the other ways to count it, `p_wait p_abandon p_callback` (shares of all
        offered), `occupancy asa_served_s callback_load`. Without load: levels 1, the rest 0.
    """
    every = np.ones_like(asked.load)
    return _measures(asked, offer_at * every, accepted * every, timed=True)


def required_with_callback(
    asked: Inputs, metric: str, target: float, offer_at: int, accepted: float
) -> tuple[Array, Array]:
    """Least agents for a target behind a callback offer: whole heads, and the exact fraction.

    The callers who leave a number make the queue shorter, so that Erlang A's agents are enough;
    from there the least number is found by bisection.

    Raises
    ------
    DataError
        A metric that the offer does not know.
    """
    if metric not in _SENSES:
        message = f"callback: metric {metric!r} is not known. Use one of: {', '.join(_SENSES)}."
        raise DataError(message)
    if metric in SHORT_SENSES:
        check_short("callback", metric, asked)
    sign = 1.0 if _SENSES[metric] == "min" else -1.0
    live = np.flatnonzero(asked.load > 0.0)

    def margin(rows: npt.NDArray[np.intp], agents: Array) -> Array:
        found = callback_columns(asked.at(live[rows], agents), offer_at, accepted)
        return sign * (found[metric] - target)

    every = np.arange(live.size)
    low, high = np.zeros(live.size), np.maximum(1.0, np.ceil(asked.load[live]))
    short = every[margin(every, high) < 0.0]
    while short.size:
        low[short] = high[short]
        high[short] += np.maximum(1.0, np.ceil(0.1 * high[short]))
        short = short[margin(short, high[short]) < 0.0]
    open_ = every[high - low > 1.0]
    while open_.size:
        middle = np.floor((low[open_] + high[open_]) / 2.0)
        met = margin(open_, middle) >= 0.0
        high[open_] = np.where(met, middle, high[open_])
        low[open_] = np.where(met, low[open_], middle)
        open_ = open_[high[open_] - low[open_] > 1.0]
    near, far = high.copy(), np.maximum(high - 1.0, _LEAST)
    for _ in range(_HALVINGS):
        middle = (near + far) / 2.0
        met = margin(every, middle) >= 0.0
        near, far = np.where(met, middle, near), np.where(met, far, middle)
    whole, exact = np.zeros_like(asked.load), np.zeros_like(asked.load)
    whole[live], exact[live] = high, near
    return whole, exact


def _measures(asked: Inputs, offer_at: Array, accepted: Array, *, timed: bool) -> dict[str, Array]:
    """Every measure of the chain; with `timed` those of the callers who are answered, too."""
    assert asked.aht_s is not None
    assert asked.patience_s is not None
    live = asked.load > 0.0
    rows = asked.at(live, asked.agents[live])
    assert rows.aht_s is not None
    assert rows.patience_s is not None
    a, n, h = rows.load, rows.agents, rows.aht_s / rows.patience_s
    waiting, took = _chain(a, n, h, offer_at[live], accepted[live])
    j = np.arange(float(waiting.shape[1]))
    queue, callback = (waiting * j).sum(axis=1), (waiting * took).sum(axis=1)
    busy = np.minimum(waiting.sum(axis=1), 1.0)
    found = {
        "p_all_busy": busy,
        "mean_queue": queue,
        "p_abandon": h * queue / a,
        "p_callback": callback,
        "callback_load": a * callback,
        "mean_wait_offered_s": queue * rows.aht_s / a,
    }
    if timed:
        assert rows.threshold_s is not None
        joins, pace = waiting * (1.0 - took), n / h
        answers = joins * (pace[:, None] / (pace[:, None] + j + 1.0))
        stayed, left = _within(joins, answers, pace, rows.threshold_s / rows.patience_s)
        short = None
        if rows.short_s is not None:
            short = _within(joins, answers, pace, rows.short_s / rows.patience_s)[1]
        answered = 1.0 - busy + answers.sum(axis=1)
        waits_s = rows.patience_s[:, None] * np.cumsum(1.0 / (pace[:, None] + 1.0 + j), axis=1)
        some = np.maximum(answered, _LEAST)
        found |= {
            **levels_of(1.0 - busy + stayed, answered, 1.0 - callback, left, short),
            "p_wait": joins.sum(axis=1),
            "occupancy": np.where(n > 0.0, a * answered / np.maximum(n, _LEAST), 0.0),
            "asa_served_s": (answers * waits_s).sum(axis=1) / some,
        }
    return spread(live, found, dict.fromkeys(LEVEL_SENSES, 1.0))


def _within(joins: Array, answers: Array, pace: Array, limit: Array) -> tuple[Array, Array]:
    """Shares answered and abandoned after a wait up to a limit, in units of patience."""
    width = joins.shape[1]
    law = waits(pace, np.ones_like(pace), pace * limit, limit, np.full_like(pace, width), width)
    gone = (joins - answers) * law.sooner_next - joins * np.expm1(-limit)[:, None] * law.later
    return (answers * law.stayed).sum(axis=1), gone.sum(axis=1)


def _chain(a: Array, n: Array, h: Array, offer_at: Array, accepted: Array) -> tuple[Array, Array]:
    """Chance of 0, 1, ... calls waiting with all agents busy, and the share who leave a number."""
    # What would wait if nobody were served has mean a/h: the queue is lighter than that beyond it.
    places = np.maximum(a - n, 0.0) / h + 10.0 * np.sqrt(a / h) + 50.0
    j = np.arange(float(int(places.max(initial=0.0)) + 1))
    took = np.where(j >= offer_at[:, None], accepted[:, None], 0.0)
    with np.errstate(divide="ignore"):
        steps = np.log(a[:, None] * (1.0 - took[:, :-1]))
    steps = steps - np.log(n[:, None] + j[1:] * h[:, None])
    logs = np.concatenate([np.zeros((a.size, 1)), np.cumsum(steps, axis=1)], axis=1)
    free_log = np.full(a.size, -np.inf)
    staffed = n > 0.0
    scale, value = free_weight(n[staffed], a[staffed])
    free_log[staffed] = scale + np.log(n[staffed] * value)
    top = np.maximum(logs.max(axis=1, initial=0.0), free_log)
    waiting = np.exp(logs - top[:, None])
    total = waiting.sum(axis=1) + np.exp(free_log - top)
    return np.asarray(waiting / total[:, None]), took
