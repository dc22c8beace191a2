"""Forecast to requirement: the agents each interval needs for a service target, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from wfm.core.columns import STEPS
from wfm.core.errors import DataError
from wfm.core.shrinkage import Shrinkage
from wfm.core.types import Forecast, Requirement, ServiceTarget
from wfm.core.work import Queue
from wfm.erlang.base import find_model
from wfm.erlang.channels.base import Answer, Ask, CarryOver
from wfm.erlang.channels.chat import staff_chat
from wfm.erlang.channels.deferred import staff_deferred
from wfm.erlang.channels.voice import staff_voice
from wfm.erlang.inputs import Array
from wfm.erlang.promise import metric_of
from wfm.erlang.risk import split_risk
from wfm.erlang.shrinkage import scheduled_heads

PATIENCE_S = 120.0  # assumed where nothing better is known, and marked so
BUSY = 0.88  # occupancy above which agents tire; such intervals are flagged
CARRY_OVER: tuple[CarryOver, ...] = ("auto", "carried", "steady")
KINDS: dict[str, Callable[[Ask], Answer]] = {
    "voice": staff_voice,
    "chat": staff_chat,
    "deferred": staff_deferred,
}

PerQueue = float | Mapping[str, float] | None


def requirement(
    forecast: Forecast,
    target: ServiceTarget | Mapping[str, ServiceTarget],
    *,
    model: str = "erlang_a",
    aht_s: PerQueue = None,
    patience_s: PerQueue = None,
    shrinkage: float | Shrinkage | Mapping[str, float | Shrinkage] = 0.10,
    min_agents: float | Mapping[str, float] = 0,
    max_occupancy: PerQueue = None,
    carry_over: CarryOver = "auto",
    queues: Sequence[Queue] = (),
    week_start: str = "Mon",
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
        Share of rostered time that is not on contacts and that the schedule does not place itself;
        or its components by weekday and month.
    min_agents
        Heads on contacts never to go below in an open interval.
    max_occupancy
        Share of time on contacts never to exceed; off by default.
        All of these: one number, or a mapping from queue to number.
    carry_over
        `carried` follows contacts that began in the interval before (modified offered load),
        `steady` staffs each interval by itself, `auto` is `carried` where the queue's mean handle
        time is half the interval or longer.
    queues
        What queues set for themselves: channel, chats at once, due times, backlog, self-service
        and callback offer. A queue that is not named here has callers on the line.
    week_start
        Day on which weeks begin (Mon, Sun, Sat): work with due times has level heads each week.

    Returns
    -------
    Requirement
        `agents` on contacts and `scheduled` on the roster, rounded up once each; `agents_exact`
        is the real-valued number at which the model meets the target; the service level (in the
        target's own counting), abandonment, occupancy and ASA that `agents` will see on the
        forecast itself; the service level with one agent less and one more; and `step_load` to
        `step_rounding`, which add up to `scheduled`. `flags` marks intervals where carry-over
        changes the need by more than one agent (`carry_over`) and those above 88 % occupancy
        (`busy`).

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
    if carry_over not in CARRY_OVER:
        message = (
            f"requirement: carry_over {carry_over!r} is not known. Use {', '.join(CARRY_OVER)}."
        )
        raise DataError(message)
    if {"lines", "redial"} & {*find_model(model).needs, *find_model(model).takes}:
        message = (
            f"{model}: a requirement knows neither lines nor callers who call again. Use erlang_a "
            "or erlang_c, or ask required_agents for one interval."
        )
        raise DataError(message)
    given, seconds = forecast.frame, forecast.interval.total_seconds()
    known = {queue.queue: queue for queue in queues}
    names = [str(name) for name in given["queue"].unique()]
    targets = {name: _of(target, name, "target") for name in names}
    at_risk = any(t.confidence is not None for t in targets.values())
    risk = split_risk(forecast) if at_risk else None
    impatient = "patience_s" in find_model(model).needs
    parts = []
    for name in names:
        at = np.flatnonzero((given["queue"] == name).to_numpy())
        rows, settings = given.iloc[at], known.get(name, Queue(name, name))
        volume = rows["volume"].to_numpy(dtype=float)
        aht, assumed = _handle_times(rows, name, volume, _number(aht_s, name))
        left, gross = _remaining(rows, settings, aht, seconds)
        told = _number(patience_s, name)
        floor = float(_of(min_agents, name, "min_agents"))
        if not 0.0 <= floor < np.inf:
            message = f"requirement: min_agents is {floor:g} for queue {name}. Write 0 or more."
            raise DataError(message)
        waits = impatient or settings.kind == "chat"
        if settings.kind == "voice":
            metric_of(targets[name], model)
        ask = Ask(
            rows=left,
            offered_load=gross,
            settings=settings,
            target=targets[name],
            model=model,
            interval_s=seconds,
            patience_s=(PATIENCE_S if told is None else told) if waits else None,
            min_agents=floor,
            max_occupancy=_number(max_occupancy, name),
            carry_over=carry_over,
            risk=None if risk is None else risk.at(at),
            week_start=week_start,
        )
        parts.append(_one_queue(ask, _of(shrinkage, name, "shrinkage"), assumed, told))
    if not parts:
        message = "requirement: the forecast has no intervals. Check its horizon and opening hours."
        raise DataError(message)
    frame = pd.concat(parts, ignore_index=True)
    empty = {"chat_aht_s": "", "patience_s": 0.0, "deferred_load": 0.0}
    frame = frame.fillna({name: value for name, value in empty.items() if name in frame})
    asked = {n: t for n, t in targets.items() if known.get(n, Queue(n, n)).kind != "deferred"}
    return Requirement(
        frame,
        forecast.interval,
        targets=asked,
        model=model,
        week_start=week_start,
        counted=forecast.counted,
    )


def _one_queue(
    ask: Ask, shrinkage: float | Shrinkage, aht_assumed: np.ndarray, patience_s: float | None
) -> pd.DataFrame:
    """The requirement of one queue: its channel's answer, shrinkage, and where they come from."""
    answer = KINDS[ask.settings.kind](ask)
    start = ask.rows["start"]
    share = shrinkage.on(start) if isinstance(shrinkage, Shrinkage) else shrinkage
    scheduled = scheduled_heads(answer.whole, share)
    rostered = answer.whole / (1.0 - np.asarray(share))
    steps = {name: answer.steps.get(name, np.zeros(len(start))) for name in STEPS}
    steps["shrinkage"] = rostered - answer.whole
    steps["rounding"] = steps["rounding"] + (scheduled - rostered)
    guessed = "patience_s" in answer.extra and patience_s is None
    marks = {"aht_s": aht_assumed, "patience_s": np.full(len(start), guessed)}
    marks |= {name: np.ones(len(start), dtype=bool) for name in answer.assumed}
    busy = {"busy": answer.service["occupancy"] > BUSY} if ask.settings.kind == "voice" else {}
    frame = {
        "start": start,
        "queue": ask.settings.queue,
        "channel": ask.settings.channel,
        "volume": ask.volume,
        "aht_s": ask.rows["aht_s"],
        "load": answer.load,
        "agents_exact": answer.exact,
        "agents": answer.whole,
        "shrinkage": share,
        "scheduled": scheduled,
        **answer.service,
        **answer.extra,
        "assumed": _marked(marks, len(start)),
        "flags": _marked({**answer.flags, **busy}, len(start)),
        **{f"step_{name}": values for name, values in steps.items()},
    }
    return pd.DataFrame(frame)


def _marked(marks: Mapping[str, np.ndarray], size: int) -> list[str]:
    """Names of the marks that each row carries, separated by `|`."""
    rows = zip(*marks.values(), strict=True) if marks else [()] * size
    return ["|".join(name for name, on in zip(marks, row, strict=True) if on) for row in rows]


def _remaining(
    rows: pd.DataFrame, settings: Queue, aht: Array, seconds: float
) -> tuple[pd.DataFrame, Array]:
    """The rows that self-service leaves, and the load there was before it."""
    volume = rows["volume"].to_numpy(dtype=float)
    gross = volume * aht / seconds
    share = settings.deflection
    if share and settings.deflected_aht_s is not None:
        left = (aht - share * settings.deflected_aht_s) / (1.0 - share)
        if np.any(left <= 0.0):
            message = (
                f"queue {settings.queue!r}: {share:.0%} deflected contacts of "
                f"{settings.deflected_aht_s:g} s leave no handle time of {aht.min():g} s for the "
                "others. Lower deflected_aht_s or the deflection."
            )
            raise DataError(message)
        aht = left
    return rows.assign(volume=volume * (1.0 - share), aht_s=aht), gross


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


def _of(value: Any, queue: str, name: str) -> Any:
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
