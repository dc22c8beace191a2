"""Deferred work with due times - e-mail, post, promised callbacks - served earliest due first.

Such work keeps no queue of waiting customers and needs no Erlang formula: it has to be done by its
due time, inside the opening hours. Time is counted in open hours, so that a closed night has no
length. The least constant capacity is the greatest, over all windows of open time, of the work that
arrives and is due inside the window over the window's length; serving the earliest due first
attains it. Work is taken as fluid: several agents may share an item.

References
----------
Horn (1974), Some simple scheduling algorithms (earliest due first, with preemption).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.erlang.inputs import TINY, Array, one_number

_DONE = 1e-12  # hours of work that are rounding


@dataclass(frozen=True)
class Items:
    """Pieces of work with due times.

    Parameters
    ----------
    arrives_h
        When each item comes in, in hours from any beginning; opening backlog has come in by then.
    due_h
        When it must be done, after it came in.
    work_h
        Hours of work: items x handle time.

    Examples
    --------
    >>> Items([0, 1], [2, 2], [1.0, 0.5]).work_h.sum()
    np.float64(1.5)
    """

    arrives_h: npt.ArrayLike
    due_h: npt.ArrayLike
    work_h: npt.ArrayLike

    def __post_init__(self) -> None:
        names = ("arrives_h", "due_h", "work_h")
        try:
            arrays = np.broadcast_arrays(
                *(np.atleast_1d(np.asarray(getattr(self, k), dtype=float)) for k in names)
            )
        except (TypeError, ValueError) as error:
            message = (
                "deferred work: arrives_h, due_h and work_h do not fit together or are not "
                "numbers. Give one of each for every item."
            )
            raise DataError(message) from error
        for name, values in zip(names, arrays, strict=True):
            if not np.isfinite(values).all():
                message = f"deferred work: {name} holds an unknown value. Fill it in."
                raise DataError(message)
            object.__setattr__(self, name, values.ravel())
        arrives, due, work = self.columns()
        if (work < 0.0).any():
            message = f"deferred work: work_h is {work[work < 0.0][0]:g}. Write hours, 0 or more."
            raise DataError(message)
        wrong = due <= arrives
        if wrong.any():
            k = int(np.flatnonzero(wrong)[0])
            message = (
                f"deferred work: item {k} comes in at {arrives[k]:g} h and is due at {due[k]:g} h. "
                "Make it due later than it comes in."
            )
            raise DataError(message)

    def columns(self) -> tuple[Array, Array, Array]:
        """Arrivals, due times and work as arrays."""
        return np.asarray(self.arrives_h), np.asarray(self.due_h), np.asarray(self.work_h)


def least_capacity(items: Items, opening_h: npt.ArrayLike | None = None) -> float:
    """Least constant number of agents, while open, that keeps every due time.

    Parameters
    ----------
    items
        The work; a backlog is among it.
    opening_h
        Opening hours as rows ``(opens, closes)`` in the items' hours, in order; always open unless
        given.

    Returns
    -------
    float
        Agents, before rounding; 0 without work.

    Raises
    ------
    DataError
        Work that comes in and is due within closed hours: nobody could do it.

    Examples
    --------
    Twelve hours of work come in at 9 and are due at 15. Lunch from 12 to 13 leaves five hours.

    >>> least_capacity(Items(9, 15, 12.0)), least_capacity(Items(9, 15, 12.0), [[8, 12], [13, 18]])
    (2.0, 2.4)
    """
    arrives, due, work = items.columns()
    some = work > 0.0
    if not some.any():
        return 0.0
    begin, end, work = (
        _open_time(arrives[some], opening_h),
        _open_time(due[some], opening_h),
        work[some],
    )
    shut = end - begin <= _DONE
    if shut.any():
        k = int(np.flatnonzero(some)[np.flatnonzero(shut)[0]])
        message = (
            f"deferred work: item {k} comes in at {arrives[k]:g} h and is due at {due[k]:g} h, "
            "with no opening hours in between. Open longer, or make it due later."
        )
        raise DataError(message)
    ends, at = np.unique(end, return_inverse=True)
    inside = np.zeros(ends.size)
    most = 0.0
    order = np.argsort(-begin, kind="stable")
    starts, first = np.unique(-begin[order], return_index=True)
    for start, group in zip(-starts, np.split(order, first[1:]), strict=True):
        np.add.at(inside, at[group], work[group])
        length = ends - start
        total = np.cumsum(inside)
        use = length > _DONE
        most = max(most, float((total[use] / length[use]).max()))
    return most


def serve_earliest_due(
    items: Items, capacity: npt.ArrayLike, begins_h: npt.ArrayLike, interval_h: float
) -> pd.DataFrame:
    """Work the items off, earliest due first, and tell what is left and what comes late.

    Parameters
    ----------
    items
        The work; what came in before the first interval is opening backlog.
    capacity
        Agents on deferred work in each interval; 0 while closed.
    begins_h
        Beginning of each interval in the items' hours, ascending.
    interval_h
        Length of an interval [h].

    Returns
    -------
    pandas.DataFrame
        One row for each interval: `begins_h`, `worked_h`, `idle_h` (capacity without work),
        `backlog_h` at its end, and `late_h`, the work of which the due time passed undone in the
        interval or in the closed time after it (it stays in the backlog and is done next).
        An item that comes in after the last interval is not looked at.

    Raises
    ------
    DataError
        Numbers that cannot be.

    Examples
    --------
    >>> work = Items([0, 0], [1, 3], [1.0, 1.5])
    >>> serve_earliest_due(work, [1, 1, 0], [0, 1, 2], 1.0)[["backlog_h", "late_h"]].values.tolist()
    [[1.5, 0.0], [0.5, 0.0], [0.5, 0.5]]
    """
    arrives, due, work = items.columns()
    one_number("deferred work", "interval_h", interval_h, "hours above 0", least=TINY)
    try:
        starts = np.atleast_1d(np.asarray(begins_h, dtype=float))
        heads = np.broadcast_to(np.asarray(capacity, dtype=float), starts.shape)
    except (TypeError, ValueError) as error:
        message = (
            "deferred work: capacity and begins_h do not fit together or are not numbers. Give "
            "heads and a beginning for each interval."
        )
        raise DataError(message) from error
    wrong = ~((heads >= 0.0) & np.isfinite(heads))
    if wrong.any():
        place = f"{heads[wrong][0]:g} in interval {int(np.flatnonzero(wrong)[0])}"
        message = f"deferred work: capacity is {place}. Write heads, 0 or more."
        raise DataError(message)
    if not np.all(np.isfinite(starts)):
        message = "deferred work: begins_h holds an unknown value. Fill it in."
        raise DataError(message)
    if np.any(np.diff(starts) < interval_h - 1e-9):
        message = "deferred work: intervals overlap or are not in order. Sort begins_h."
        raise DataError(message)
    order = np.argsort(arrives, kind="stable")
    waiting: list[tuple[float, int]] = []
    left = work.copy()
    dues = np.sort(np.unique(due))
    coming = 0
    overdue = np.zeros(work.size, dtype=bool)
    rows = []
    closes = np.append(np.maximum(starts[1:], starts[:-1] + interval_h), starts[-1] + interval_h)
    for begin, n, opens in zip(starts.tolist(), heads.tolist(), closes.tolist(), strict=True):
        end = begin + interval_h
        inside = arrives[(arrives > begin) & (arrives < end)]
        stops = np.unique(
            np.concatenate([[begin, end], inside, dues[(dues > begin) & (dues < end)]])
        )
        worked = late = 0.0
        for now, until in zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True):
            while coming < order.size and arrives[order[coming]] <= now + 1e-12:
                item = int(order[coming])
                heapq.heappush(waiting, (float(due[item]), item))
                coming += 1
            room = n * (until - now)
            while waiting and room > 0.0:
                item = waiting[0][1]
                part = min(room, float(left[item]))
                left[item] -= part
                room -= part
                worked += part
                if left[item] <= _DONE:
                    heapq.heappop(waiting)
                    left[item] = 0.0
            # Nobody works between the last stop and the next opening: what is due then is late now.
            passes = opens if until == stops[-1] else until
            passed = (arrives < until) & ~overdue & (due <= passes + 1e-12)
            overdue |= passed
            late += float(left[passed].sum())
        rows.append((begin, worked, n * interval_h - worked, left[arrives < end].sum(), late))
    return pd.DataFrame(rows, columns=["begins_h", "worked_h", "idle_h", "backlog_h", "late_h"])


def _open_time(at: Array, opening_h: npt.ArrayLike | None) -> Array:
    """Open hours that have passed by each moment."""
    if opening_h is None:
        return at
    message = "deferred work: opening hours must be rows (opens, closes), in order and apart."
    try:
        rows = np.asarray(opening_h, dtype=float)
    except (TypeError, ValueError) as error:
        raise DataError(message) from error
    if rows.ndim != 2 or rows.shape[1] != 2 or not np.all(np.diff(rows.ravel()) >= 0.0):
        raise DataError(message)
    hours = np.cumsum(rows[:, 1] - rows[:, 0])
    total = np.stack([np.concatenate([[0.0], hours[:-1]]), hours], axis=1).ravel()
    return np.asarray(np.interp(at, rows.ravel(), total))
