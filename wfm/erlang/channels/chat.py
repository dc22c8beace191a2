"""Chats: agents who hold several conversations at once."""

from __future__ import annotations

import numpy as np

from wfm.core.errors import DataError
from wfm.core.target import SHORT_VARIANTS
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
        A promise over the day.
    """
    if ask.target.scope == "day":
        message = (
            f"queue {ask.settings.queue!r}: chats keep their promise in every interval. Leave "
            "scope out for it."
        )
        raise DataError(message)
    aht, assumed = chat_times(ask)
    metric, value = chat_metric(ask.target)
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
            short_s=_short(ask),
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
    here, level = chat_columns(ask, heads), ask.target.variant
    return {
        "service_level": here[level],
        "abandoned": here["p_abandon"],
        "occupancy": here["slot_utilisation"],
        "asa_s": here["mean_wait_all_s"],
        "sl_minus_1": chat_columns(ask, np.maximum(heads - 1.0, 0.0))[level],
        "sl_plus_1": chat_columns(ask, heads + 1.0)[level],
    }


def chat_columns(ask: Ask, heads: Array) -> dict[str, Array]:
    """Measures for any heads: linear between whole ones, and nobody served with none."""
    low = np.floor(heads)
    share = heads - low
    below, above = _whole(ask, low), _whole(ask, low + (share > 0.0))
    return {name: (1.0 - share) * below[name] + share * above[name] for name in below}


def _short(ask: Ask) -> float | None:
    return ask.target.short_s if ask.target.variant in SHORT_VARIANTS else None


def _whole(ask: Ask, heads: Array) -> dict[str, Array]:
    aht, _ = chat_times(ask)
    per_h = ask.volume * 3600.0 / ask.interval_s
    found = evaluate_chat(
        arrivals_per_h=per_h,
        agents=np.maximum(heads, 1.0),
        aht_s=aht,
        patience_s=ask.patience_s or 0.0,
        threshold_s=ask.target.within_s,
        short_s=_short(ask),
    )
    nobody = (heads < 1.0) & (per_h > 0.0)
    patience = ask.patience_s or 0.0
    alone = dict.fromkeys(map(str, found), 0.0) | {"p_abandon": 1.0, "mean_wait_all_s": patience}
    alone["sl_abandon_counts"] = -np.expm1(-ask.target.within_s / patience)
    if (short_s := _short(ask)) is not None:
        alone["sl_short_counts"] = -np.expm1(-short_s / patience)
    return {
        name: np.where(nobody, alone[name], found[name].to_numpy(dtype=float)) for name in alone
    }


def chat_times(ask: Ask) -> tuple[list[float], bool]:
    """Handle time with 1, 2, ... chats at once [s], and whether it had to be assumed."""
    if ask.settings.chat_aht_s:
        return list(ask.settings.chat_aht_s), False
    volume = ask.volume
    mean = float(np.average(ask.aht_s, weights=volume)) if volume.sum() else 1.0
    return [mean] * (ask.settings.chats or CHATS), True


def chat_metric(target: ServiceTarget) -> tuple[str, float]:
    """Column of `evaluate_chat` that a promise speaks of, and its value."""
    known = {
        target.variant: target.service_level,
        "p_abandon": target.abandoned,
        "mean_wait_all_s": target.asa_s,
        "slot_utilisation": target.occupancy,
    }
    return next((name, value) for name, value in known.items() if value is not None)
