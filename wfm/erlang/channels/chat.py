"""Chats: agents who hold several conversations at once."""

from __future__ import annotations

import numpy as np

from wfm.core.errors import DataError
from wfm.core.types import ServiceTarget
from wfm.erlang.channels.base import Answer, Ask
from wfm.erlang.concurrency import evaluate_chat, required_chat_agents
from wfm.erlang.inputs import Array

CHATS = 2  # at once, where the queue does not say


def staff_chat(ask: Ask) -> Answer:
    """Least agents on chats for the promise.

    Raises
    ------
    DataError
        A promise that the chain of chats does not know.
    """
    if ask.target.scope == "day":
        message = (
            f"queue {ask.settings.queue!r}: chats keep their promise in every interval. Leave "
            "scope out for it."
        )
        raise DataError(message)
    aht, assumed = chat_times(ask)
    metric, value = chat_metric(ask.target, ask.settings.queue)
    patience = ask.patience_s or 0.0
    per_h = ask.volume * 3600.0 / ask.interval_s

    # Factor of the day that is busier than the share of days asked for.
    busy: Array | float = 1.0
    if ask.target.confidence is not None and ask.risk is not None:
        busy = ask.risk.day.quantile(ask.target.confidence)

    def needed(metric: str, value: float, factor: Array | float = busy) -> Array:
        return required_chat_agents(
            metric=metric,
            target=value,
            arrivals_per_h=per_h * factor,
            aht_s=aht,
            patience_s=patience,
            threshold_s=ask.target.within_s,
        ).astype(float)

    least = needed(metric, value, 1.0)
    at_risk = least if ask.target.confidence is None else needed(metric, value)
    slots, load = len(aht), ask.steady_load
    spread = load * (aht[-1] / slots / aht[0])  # heads if every agent always held the most
    each = at_risk
    if ask.max_occupancy is not None:
        each = np.maximum(each, needed("slot_utilisation", ask.max_occupancy))
    each = np.ceil(np.maximum(each, ask.min_agents))
    zero = np.zeros_like(load)
    steps = {
        "load": ask.offered_load,
        "deflection": load - ask.offered_load,
        "carry_over": zero,
        "channel": spread - load,
        "randomness": least - spread,
        "risk": at_risk - least,
        "rules": each - at_risk,
        "scope": zero,
        "rounding": zero,
    }
    return Answer(
        load=load,
        exact=each,
        whole=each.astype(np.int64),
        steps=steps,
        service=chat_service(ask, each),
        extra={"patience_s": patience, "chat_aht_s": "|".join(f"{t:g}" for t in aht)},
        assumed=("chat_aht_s",) if assumed else (),
    )


def chat_service(ask: Ask, heads: Array) -> dict[str, Array]:
    """What customers meet with these heads, one less and one more."""
    here = _levels(ask, heads)
    return {
        "service_level": here["sl_offered"],
        "abandoned": here["p_abandon"],
        "occupancy": here["slot_utilisation"],
        "asa_s": here["mean_wait_all_s"],
        "sl_minus_1": _levels(ask, np.maximum(heads - 1.0, 0.0))["sl_offered"],
        "sl_plus_1": _levels(ask, heads + 1.0)["sl_offered"],
    }


def _levels(ask: Ask, heads: Array) -> dict[str, Array]:
    """Measures for any heads: linear between whole ones, and nobody served with none."""
    low = np.floor(heads)
    share = heads - low
    below, above = _whole(ask, low), _whole(ask, low + (share > 0.0))
    return {name: (1.0 - share) * below[name] + share * above[name] for name in below}


def _whole(ask: Ask, heads: Array) -> dict[str, Array]:
    aht, _ = chat_times(ask)
    per_h = ask.volume * 3600.0 / ask.interval_s
    found = evaluate_chat(
        arrivals_per_h=per_h,
        agents=np.maximum(heads, 1.0),
        aht_s=aht,
        patience_s=ask.patience_s or 0.0,
        threshold_s=ask.target.within_s,
    )
    nobody = (heads < 1.0) & (per_h > 0.0)
    alone = {"sl_offered": 0.0, "p_abandon": 1.0, "slot_utilisation": 0.0}
    alone["mean_wait_all_s"] = ask.patience_s or 0.0
    return {
        name: np.where(nobody, value, found[name].to_numpy(dtype=float))
        for name, value in alone.items()
    }


def chat_times(ask: Ask) -> tuple[list[float], bool]:
    """Handle time with 1, 2, ... chats at once [s], and whether it had to be assumed."""
    if ask.settings.chat_aht_s:
        return list(ask.settings.chat_aht_s), False
    volume = ask.volume
    mean = float(np.average(ask.aht_s, weights=volume)) if volume.sum() else 1.0
    return [mean] * (ask.settings.chats or CHATS), True


def chat_metric(target: ServiceTarget, queue: str) -> tuple[str, float]:
    """Column of `evaluate_chat` that a promise speaks of, and its value."""
    if target.service_level is not None and target.variant == "sl_offered":
        return "sl_offered", target.service_level
    if target.abandoned is not None:
        return "p_abandon", target.abandoned
    if target.asa_s is not None:
        return "mean_wait_all_s", target.asa_s
    if target.occupancy is not None:
        return "slot_utilisation", target.occupancy
    message = (
        f"queue {queue!r}: chats count their service level as sl_offered only, answered in time / "
        "offered. Choose it for them."
    )
    raise DataError(message)
