"""Work with due times - e-mail, post, promised callbacks: level staffing, earliest due first.

Nobody waits on the line, so that no formula of queues applies. Each week gets
the least constant number of heads that does everything by its due time; what is not yet due goes
into the next week as its opening backlog.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.core.errors import DataError
from wfm.core.weeks import week_of
from wfm.erlang.channels.base import Answer, Ask
from wfm.erlang.inputs import Array
from wfm.erlang.workload import Items, least_capacity, serve_earliest_due

DUE_H = 24.0  # where the queue does not say
NOISE = 1e-9  # heads: 3.0000000001 of floating point are 3


@dataclass(frozen=True)
class Work:
    """The items of one queue on its own clock of hours, and its intervals by week."""

    items: Items
    begins_h: Array
    interval_h: float
    weeks: list[np.ndarray]

    def next_weeks(self) -> list[float]:
        """When each week's successor opens: what is due while closed is done before."""
        first = [float(self.begins_h[rows[0]]) for rows in self.weeks[1:]]
        return [*first, float(self.begins_h[-1]) + self.interval_h]


def staff_deferred(ask: Ask) -> Answer:
    """Least level heads of each week that keep every due time.

    Raises
    ------
    DataError
        A promise by confidence or over the day, or intervals with contacts and no handle time.
    """
    if ask.target.scope == "day" or ask.target.confidence is not None:
        message = (
            f"queue {ask.settings.queue!r}: work with due times keeps them all, on the forecast "
            "itself. Leave scope and confidence out for it."
        )
        raise DataError(message)
    if ask.settings.quiet:
        return _wait_for_quiet(ask)
    work, load = work_of(ask), ask.steady_load
    exact = np.zeros_like(load)
    rest = work.items
    for rows, opens_again in zip(work.weeks, work.next_weeks(), strict=True):
        begins = work.begins_h[rows]
        now = _until(rest, opens_again)
        opening = np.stack([begins, begins + work.interval_h], axis=1)
        exact[rows] = least_capacity(_due_before(now, opens_again), _merged(opening))
        heads = np.ceil(np.maximum(exact[rows], ask.min_agents) - NOISE)
        rest = _left(rest, now, heads, begins, work.interval_h, opens_again)
    each = np.ceil(np.maximum(exact, ask.min_agents) - NOISE)
    zero = np.zeros_like(load)
    steps = {
        "load": ask.offered_load,
        "deflection": load - ask.offered_load,
        "carry_over": zero,
        "channel": exact - load,
        "randomness": zero,
        "risk": zero,
        "rules": np.maximum(exact, ask.min_agents) - exact,
        "scope": zero,
        "rounding": each - np.maximum(exact, ask.min_agents),
    }
    return Answer(
        load=load,
        exact=np.maximum(exact, ask.min_agents),
        whole=each.astype(np.int64),
        steps=steps,
        service=deferred_service(ask, each),
        extra={"due_h": due_h(ask), "backlog_h": _backlog(work, each)},
        assumed=("due_h",) if ask.settings.due_h is None else (),
    )


def _wait_for_quiet(ask: Ask) -> Answer:
    """No heads: the schedule places the work in quiet periods, and only it knows what is done."""
    load, zero = ask.steady_load, np.zeros(len(ask.rows))
    unknown = np.full(len(zero), np.nan)
    hours = load * ask.interval_s / 3600.0
    hours[:1] += ask.settings.backlog * _mean_aht_s(ask) / 3600.0
    return Answer(
        load=load,
        exact=zero,
        whole=zero.astype(np.int64),
        steps={
            "load": ask.offered_load,
            "deflection": load - ask.offered_load,
            "channel": -load,
            "rounding": zero,
        },
        service={
            "service_level": unknown,
            "abandoned": zero,
            "occupancy": zero,
            "asa_s": unknown,
            "sl_minus_1": unknown,
            "sl_plus_1": unknown,
        },
        extra={"due_h": due_h(ask), "quiet_h": hours},
        assumed=("due_h",) if ask.settings.due_h is None else (),
    )


def deferred_service(ask: Ask, heads: Array) -> dict[str, Array]:
    """Share of the work done in time by week, and how busy the heads are in each interval.

    `asa_s` is unknown: nobody waits on a line.
    """
    work = work_of(ask)

    def in_time(capacity: Array) -> tuple[Array, Array]:
        served = serve_earliest_due(work.items, capacity, work.begins_h, work.interval_h)
        late = served["late_h"].to_numpy(dtype=float)
        level = np.ones_like(capacity)
        came, due, hours = work.items.columns()
        for rows, opens_again in zip(work.weeks, work.next_weeks(), strict=True):
            begin, end = work.begins_h[rows[0]], work.begins_h[rows[-1]] + work.interval_h
            owed = float(hours[(due > begin) & (due <= opens_again) & (came < end)].sum())
            level[rows] = 1.0 - late[rows].sum() / owed if owed > 0.0 else 1.0
        return np.clip(level, 0.0, 1.0), served["worked_h"].to_numpy(dtype=float)

    level, worked = in_time(heads)
    room = heads * work.interval_h
    return {
        "service_level": level,
        "abandoned": np.zeros_like(heads),
        "occupancy": np.clip(worked / np.where(room > 0.0, room, 1.0), 0.0, 1.0),
        "asa_s": np.full_like(heads, np.nan),
        "sl_minus_1": in_time(np.maximum(heads - 1.0, 0.0))[0],
        "sl_plus_1": in_time(heads + 1.0)[0],
    }


def _backlog(work: Work, heads: Array) -> Array:
    """Hours of work that have come in and are not done at the end of each interval."""
    served = serve_earliest_due(work.items, heads, work.begins_h, work.interval_h)
    return served["backlog_h"].to_numpy(dtype=float)


def work_of(ask: Ask) -> Work:
    """The queue's contacts as items: each comes in as its interval begins."""
    start = ask.rows["start"]
    first = start.iloc[0]
    begins = (start - first).dt.total_seconds().to_numpy() / 3600.0
    hours = ask.volume * ask.aht_s / 3600.0
    due = begins + due_h(ask)
    came, owed, each = begins, due, hours
    if ask.settings.backlog:
        came = np.append(came, 0.0)
        owed = np.append(owed, due_h(ask))
        each = np.append(each, ask.settings.backlog * _mean_aht_s(ask) / 3600.0)
    week = week_of(start, ask.week_start).to_numpy()
    weeks = [np.flatnonzero(week == one) for one in np.unique(week)]
    return Work(Items(came, owed, each), begins, ask.interval_s / 3600.0, weeks)


def _mean_aht_s(ask: Ask) -> float:
    """Handle time of a contact that already waits [s]: the mean over those that come."""
    return float(np.average(ask.aht_s, weights=ask.volume)) if ask.volume.sum() else 1.0


def due_h(ask: Ask) -> float:
    """Hours by which a contact is answered after it came in."""
    return DUE_H if ask.settings.due_h is None else ask.settings.due_h


def _until(items: Items, end: float) -> Items:
    """What has come in before the next week opens."""
    came, due, hours = items.columns()
    here = came < end
    return Items(came[here], due[here], hours[here])


def _due_before(items: Items, end: float) -> Items:
    """What has to be done before the next week opens."""
    came, due, hours = items.columns()
    now = due <= end + NOISE
    return Items(came[now], due[now], hours[now]) if now.any() else Items([0.0], [1.0], [0.0])


def _left(
    every: Items, now: Items, heads: Array, begins: Array, interval_h: float, end: float
) -> Items:
    """What the next weeks have to do: what is left of this one, and all that comes in later."""
    came, due, hours = every.columns()
    later = came >= end
    done = serve_earliest_due(now, heads, begins, interval_h)["worked_h"].sum()
    _, due_now, hours_now = now.columns()
    order = np.argsort(due_now, kind="stable")  # the earliest due are done first
    kept = hours_now[order]
    taken = np.minimum(np.maximum(done - (np.cumsum(kept) - kept), 0.0), kept)
    kept = kept - taken
    some = kept > NOISE
    return Items(
        np.append(np.full(int(some.sum()), end), came[later]),
        np.append(np.maximum(due_now[order][some], end + NOISE), due[later]),
        np.append(kept[some], hours[later]),
    )


def _merged(opening: Array) -> Array:
    """Opening hours with neighbours joined."""
    cut = np.flatnonzero(opening[1:, 0] - opening[:-1, 1] > NOISE)
    first = np.append(0, cut + 1)
    last = np.append(cut, len(opening) - 1)
    return np.stack([opening[first, 0], opening[last, 1]], axis=1)
