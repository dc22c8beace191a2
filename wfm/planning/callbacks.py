"""Promised callbacks as a queue of their own beside the one whose callers they were."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate

import numpy as np
import pandas as pd

from wfm.core.callbacks import Callback
from wfm.core.columns import REQUIREMENT, STEPS
from wfm.core.errors import DataError
from wfm.core.intervals import zone
from wfm.core.types import Requirement

NAME = " callbacks"
"""Ends the name of the queue that holds promised callbacks."""
MINUTE = pd.Timedelta(minutes=1)


def callback_skills(
    queues: Iterable[str], skills: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Skills by queue with those of promised callbacks, which who serves the queue calls back.

    >>> callback_skills(["orders", "orders callbacks"], {"orders": "voice"})
    {'orders': 'voice', 'orders callbacks': 'voice'}
    """
    given = dict(skills or {})
    own = {q: q.removesuffix(NAME) for q in queues if q.endswith(NAME) and q not in given}
    return given | {name: given.get(queue, queue) for name, queue in own.items()}


def callbacks_within(
    requirement: Requirement, callbacks: Iterable[Callback]
) -> tuple[Callback, ...]:
    """Callbacks of the days of a requirement; others are over, or wait for theirs.

    >>> from datetime import date
    >>> start = pd.date_range("2026-03-02 10:00", periods=2, freq="30min", tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": "voice", "agents": 4, "scheduled": 5})
    >>> calls = [Callback("voice", date(2026, 3, day), 605, 20.0) for day in (1, 2)]
    >>> len(callbacks_within(Requirement(frame, timedelta(minutes=30)), calls))
    1
    """
    days = requirement.frame["start"].dt.tz_convert(requirement.time_zone).dt.date
    first, last = days.min(), days.max()
    return tuple(call for call in callbacks if first <= call.day <= last)


def add_callbacks(requirement: Requirement, callbacks: Iterable[Callback]) -> Requirement:
    """A requirement with the agents that promised callbacks take at their times.

    Parameters
    ----------
    requirement
        Of inbound contacts.
    callbacks
        Who was promised a call when.

    Returns
    -------
    Requirement
        With a queue ``... callbacks`` beside each that has any: in each interval as many agents as
        there are calls at once, with the queue's shrinkage added. A call takes one agent from the
        interval that holds its promised time on, for as many intervals as its minutes fill; where
        it would run on into one more, it is counted as begun earlier within its first. What would
        run past closing is not asked for: who has such a call stays until it ends. Inbound rows
        stay as they are.

    Raises
    ------
    DataError
        A callback on a queue or at a time that has no row, or a requirement that has callbacks of
        the queue already.

    Examples
    --------
    >>> from datetime import date
    >>> start = pd.date_range("2026-03-02 10:00", periods=2, freq="30min", tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": "voice", "agents": 4, "scheduled": 5})
    >>> need = Requirement(frame, timedelta(minutes=30))
    >>> more = add_callbacks(need, [Callback("voice", date(2026, 3, 2), 605, 20.0)]).frame
    >>> more.loc[more["queue"] == "voice callbacks", "scheduled"].tolist()
    [1, 0]

    A call of 50 minutes at 10:05 takes the same agent for both half hours.

    >>> more = add_callbacks(need, [Callback("voice", date(2026, 3, 2), 605, 50.0)]).frame
    >>> more.loc[more["queue"] == "voice callbacks", "scheduled"].tolist()
    [1, 1]
    """
    from wfm.erlang import scheduled_heads

    asked = _by_interval(requirement, callbacks)
    if asked.empty:
        return requirement
    frame, names = requirement.frame, asked.index.get_level_values("queue").unique()
    doubled = sorted({name + NAME for name in names} & set(requirement.queues))
    if doubled:
        message = (
            f"callbacks: the requirement has a queue {doubled[0]!r} already. Add all callbacks at "
            "once, to the requirement without them."
        )
        raise DataError(message)
    own = frame[frame["queue"].isin(names)].reset_index(drop=True)
    at = pd.MultiIndex.from_frame(own[["queue", "start"]])
    minutes = asked["minutes"].reindex(at, fill_value=0.0).to_numpy()
    calls = asked["calls"].reindex(at, fill_value=0).to_numpy(dtype=float)
    aht_s = 60 * asked["aht_min"].reindex(at, fill_value=0.0).to_numpy()
    heads = asked["heads"].reindex(at, fill_value=0).to_numpy(dtype=float)
    load = minutes / (pd.Timedelta(requirement.interval) / MINUTE)
    share = own["shrinkage"].to_numpy() if "shrinkage" in own else np.zeros(len(own))
    rostered = scheduled_heads(heads, share)
    done = {
        0: np.ones(len(own)),
        -1: np.clip(np.divide(heads - 1, load, out=np.ones_like(load), where=load > 0), 0, 1),
    }
    values: dict[str, object] = {
        "start": own["start"],
        "queue": own["queue"] + NAME,
        "channel": "callback",
        "volume": calls,
        "aht_s": aht_s,
        "load": load,
        "agents_exact": load,
        "agents": heads.astype(int),
        "shrinkage": share,
        "scheduled": rostered,
        "service_level": done[0],
        "sl_minus_1": done[-1],
        "sl_plus_1": done[0],
        "abandoned": 0.0,
        "occupancy": np.divide(load, heads, out=np.zeros_like(load), where=heads > 0),
        "due_h": requirement.interval / timedelta(hours=1),
        "backlog_h": 0.0,
        "step_load": load,
        "step_shrinkage": heads / (1 - share) - heads,
        "step_rounding": heads - load + rostered - heads / (1 - share),
    }
    plain = {"patience_s": 0.0, "deferred_load": 0.0, "assumed": "", "flags": "", "chat_aht_s": ""}
    values = {**plain, **{f"step_{name}": 0.0 for name in STEPS}, **values}
    kept = [c for c in REQUIREMENT.names if c in values and (c in frame or c == "channel")]
    found = pd.DataFrame({name: values[name] for name in kept}, index=own.index)
    if "channel" not in frame:
        frame = frame.assign(channel="voice")
    return replace(requirement, frame=pd.concat([frame, found], ignore_index=True))


def _by_interval(requirement: Requirement, callbacks: Iterable[Callback]) -> pd.DataFrame:
    """`calls aht_min minutes heads` of the promised callbacks by queue and start of the interval.

    `calls` and `aht_min` are of those that begin there, `minutes` and `heads` of all.
    """
    step, frame = pd.Timedelta(requirement.interval), requirement.frame
    width = step / MINUTE
    known = set(zip(frame["queue"], frame["start"], strict=True))
    begun: dict[tuple[str, pd.Timestamp], list[float]] = {}
    spans: dict[tuple[str, pd.Timestamp], list[tuple[float, float]]] = {}
    for call in callbacks:
        wall = pd.Timestamp(call.day) + call.at_min * MINUTE
        start = _instant(wall.floor(step), requirement.time_zone)
        if start is None or (call.queue, start) not in known:
            message = (
                f"callbacks: {call.queue!r} is closed at {wall:%a %d %b %H:%M} or is not known. "
                "Promise another time."
            )
            raise DataError(message)
        begun.setdefault((call.queue, start), []).append(call.minutes)
        intervals = math.ceil(call.minutes / width)
        begin = min((wall - wall.floor(step)) / MINUTE, intervals * width - call.minutes)
        for k in range(intervals):
            at = (call.queue, start + k * step)
            if at not in known:
                break
            span = max(begin - k * width, 0.0), min(begin + call.minutes - k * width, width)
            spans.setdefault(at, []).append(span)
    rows = [
        (
            len(begun.get(at, ())),
            float(np.mean(begun.get(at, 0.0))),
            sum(end - first for first, end in here),
            _most_at_once(here),
        )
        for at, here in spans.items()
    ]
    index = pd.MultiIndex.from_tuples(list(spans), names=["queue", "start"]) if spans else None
    return pd.DataFrame(rows, columns=["calls", "aht_min", "minutes", "heads"], index=index)


def _most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """Most spans that share a moment.

    >>> _most_at_once([(0.0, 10.0), (0.0, 10.0), (10.0, 30.0)])
    2
    """
    turns = sorted(turn for first, end in spans for turn in ((first, 1), (end, -1)))
    return max(accumulate(change for _, change in turns))


def _instant(wall: pd.Timestamp, time_zone: str) -> pd.Timestamp | None:
    """The instant of a wall-clock time, the first of two; None where the clock skips it."""
    stamp = wall.tz_localize(zone(time_zone), ambiguous=True, nonexistent="NaT")
    return None if pd.isna(stamp) else stamp
