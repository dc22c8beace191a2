"""Callers on the line: an Erlang formula, step by step from the load to whole heads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from wfm.core.errors import DataError
from wfm.core.target import SHORT_VARIANTS
from wfm.erlang.ask import required_agents, solve
from wfm.erlang.base import find_model
from wfm.erlang.callback import callback_columns, required_with_callback
from wfm.erlang.carry_over import carried_load
from wfm.erlang.channels.base import Answer, Ask
from wfm.erlang.confidence import solve_at_confidence
from wfm.erlang.inputs import Array, Inputs
from wfm.erlang.promise import level_of, metric_of
from wfm.erlang.scope import agents_for_day
from wfm.erlang.spreads import Spread

LONG_SHARE = 0.5  # of the interval: from this handle time on contacts carry over unless told not to
MORE_THAN_ONE = 1  # heads: an interval is flagged where carry-over changes more
LEAST_DIFFERENCE = 0.2  # erlangs: below it carry-over cannot change two heads


def staff_voice(ask: Ask) -> Answer:
    """Least agents on the line for the promise, with every step that leads to them."""
    metric, value = metric_of(ask.target, ask.model)
    steady, aht = ask.steady_load, ask.aht_s
    carried = carried_load(ask.rows, timedelta(seconds=ask.interval_s), aht)
    load = carried if _carries(ask) else steady
    question = {"metric": metric, "target": value, **_times(ask)}

    plain = _without_offer(ask, question, load)
    at_mean = plain if ask.settings.callback_at is None else _with_offer(ask, question, load)
    at_risk, busy_load = at_mean, load
    if ask.target.confidence is not None and ask.risk is not None:
        at_risk, busy_load = _least_at_risk(ask, question, load)
    whole, exact = at_risk
    if ask.max_occupancy is not None:
        limit = {"metric": "occupancy", "target": ask.max_occupancy, **_times(ask)}
        whole_busy, exact_busy = solve(ask.model, load=busy_load, **limit)
        whole, exact = np.maximum(whole, whole_busy), np.maximum(exact, exact_busy)
    floor = ask.min_agents
    each = np.ceil(np.maximum(whole, floor)).astype(np.int64)
    exact = np.maximum(exact, floor)
    agents = _over_day(ask, question, busy_load, each) if ask.target.scope == "day" else each

    steps = {
        "load": ask.offered_load,
        "deflection": steady - ask.offered_load,
        "carry_over": load - steady,
        "randomness": plain[1] - load,
        "channel": at_mean[1] - plain[1],
        "risk": at_risk[1] - at_mean[1],
        "rules": exact - at_risk[1],
        "scope": (agents - each).astype(float),
        "rounding": each - exact,
    }
    found = service(ask, load, agents.astype(float))
    return Answer(
        load=load,
        exact=exact,
        whole=agents,
        steps=steps,
        service=found,
        extra=_extra(ask, load, agents),
        flags={"carry_over": _flagged(ask, question, steady, carried)},
    )


def service(ask: Ask, load: Array, heads: Array) -> dict[str, Array]:
    """What callers meet with these heads, one less and one more."""
    level = level_of(ask.target, ask.model)
    here = columns_of(ask, load, heads)
    return {
        "service_level": here[level],
        "abandoned": here.get("p_abandon", np.zeros_like(load)),
        "occupancy": here["occupancy"],
        "asa_s": here["asa_served_s"],
        "sl_minus_1": columns_of(ask, load, np.maximum(heads - 1.0, 0.0))[level],
        "sl_plus_1": columns_of(ask, load, heads + 1.0)[level],
    }


def columns_of(ask: Ask, load: Array, heads: Array) -> dict[str, Array]:
    """Every column of the formula for these heads; with a callback offer, those of its chain."""
    asked = Inputs(load=load, agents=heads, **_arrays(ask))
    if ask.settings.callback_at is None:
        return find_model(ask.model).columns(asked)
    assert ask.settings.callback_share is not None
    return callback_columns(asked, ask.settings.callback_at, ask.settings.callback_share)


def _without_offer(ask: Ask, question: dict[str, Any], load: Array) -> tuple[Array, Array]:
    """Whole and exact agents for the promise at a load."""
    whole, exact = solve(ask.model, load=load, **question)
    return whole.astype(float), exact


def _with_offer(ask: Ask, question: dict[str, Any], load: Array) -> tuple[Array, Array]:
    """The same where callers may leave their number."""
    settings = ask.settings
    assert settings.callback_at is not None
    assert settings.callback_share is not None
    if ask.model != "erlang_a":
        message = (
            f"queue {settings.queue!r}: a callback offer needs callers who hang up. Use erlang_a."
        )
        raise DataError(message)
    asked = Inputs(load=load, agents=np.zeros_like(load), **_arrays(ask))
    metric, value = question["metric"], question["target"]
    return required_with_callback(
        asked, metric, value, settings.callback_at, settings.callback_share
    )


def _least_at_risk(
    ask: Ask, question: dict[str, Any], load: Array
) -> tuple[tuple[Array, Array], Array]:
    """Whole and exact agents at the confidence, and the day's load that they are for."""
    assert ask.risk is not None
    assert ask.target.confidence is not None
    day_load = load * ask.risk.day.quantile(ask.target.confidence)
    if ask.settings.callback_at is not None:
        return _with_offer(ask, question, day_load), day_load
    found = solve_at_confidence(
        ask.model,
        load=load,
        confidence=ask.target.confidence,
        day=ask.risk.day,
        interval=_within_day(ask, question["metric"]),
        **question,
    )
    return found, day_load


def _within_day(ask: Ask, metric: str) -> Spread | None:
    """Factor of the interval beside its day's, over which a share is averaged; None: certain."""
    if ask.risk is None or ask.target.confidence is None or not metric.startswith(("p_", "sl_")):
        return None
    return ask.risk.interval


def _over_day(
    ask: Ask, question: dict[str, Any], load: Array, each: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Agents that keep the promise over the day's contacts, on no day more than `each`."""
    if ask.settings.callback_at is not None:
        message = (
            f"queue {ask.settings.queue!r}: a promise over the day knows no callback offer. Keep "
            "it in every interval, or leave the offer out."
        )
        raise DataError(message)
    day = ask.rows["start"].dt.tz_localize(None).dt.normalize().to_numpy()
    table = agents_for_day(
        ask.model,
        floor=ask.target.least_kept(),
        load=load,
        volume=ask.volume,
        day=day,
        interval=_within_day(ask, question["metric"]),
        min_agents=ask.min_agents,
        max_occupancy=ask.max_occupancy,
        **question,
    )
    found = table["agents"].to_numpy(dtype=np.int64)
    keys = np.unique(day, return_inverse=True)[1]
    cheaper = np.bincount(keys, found) < np.bincount(keys, each)
    return np.where(cheaper[keys], found, each)


def _flagged(
    ask: Ask, question: dict[str, Any], steady: Array, carried: Array
) -> npt.NDArray[np.bool_]:
    """Intervals where contacts in progress change the need by more than one agent."""
    flagged = np.zeros(steady.size, dtype=bool)
    rows = np.flatnonzero(np.abs(carried - steady) > LEAST_DIFFERENCE)
    if not rows.size:
        return flagged
    times = {name: values[rows] for name, values in _arrays(ask).items() if values is not None}
    asked = {"metric": question["metric"], "target": question["target"], **times}
    with_it = required_agents(ask.model, load=carried[rows], **asked)
    without = required_agents(ask.model, load=steady[rows], **asked)
    flagged[rows] = np.abs(with_it - without) > MORE_THAN_ONE
    return flagged


def _carries(ask: Ask) -> bool:
    """Whether the modified offered load is staffed: when told, or when handle times are long."""
    if ask.carry_over != "auto":
        return ask.carry_over == "carried"
    volume = ask.volume
    if not volume.sum():
        return False
    return float(np.average(ask.aht_s, weights=volume)) >= LONG_SHARE * ask.interval_s


def _extra(ask: Ask, load: Array, agents: npt.NDArray[np.int64]) -> dict[str, object]:
    """Columns that only some callers' queues have."""
    extra: dict[str, object] = {}
    if ask.patience_s is not None:
        extra["patience_s"] = ask.patience_s
    if ask.settings.callback_at is not None:
        extra["callback_at"] = float(ask.settings.callback_at)
        extra["callback_share"] = ask.settings.callback_share
        extra["deferred_load"] = columns_of(ask, load, agents.astype(float))["callback_load"]
    return extra


def _times(ask: Ask) -> dict[str, Any]:
    return {name: values for name, values in _arrays(ask).items() if values is not None}


def _arrays(ask: Ask) -> dict[str, Array | None]:
    size = len(ask.rows)
    patience = None if ask.patience_s is None else np.full(size, ask.patience_s)
    arrays: dict[str, Array | None] = {
        "aht_s": ask.aht_s,
        "patience_s": patience,
        "threshold_s": np.full(size, ask.target.within_s),
    }
    if ask.target.variant in SHORT_VARIANTS:
        arrays["short_s"] = np.full(size, ask.target.short_s)
    return arrays
