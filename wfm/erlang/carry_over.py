"""Carry-over: contacts that began in one interval still hold an agent in the next.

A formula for the steady state sees each interval by itself. The modified offered load follows the
contacts in progress if nobody ever had to wait: ``m'(t) = arrivals(t) - m(t) / AHT``. Between two
stamps the arrivals are constant, and the equation has an exact solution. It comes later and swings
less than the steady load; with handle times that are short beside the interval they agree.

References
----------
Jennings, Mandelbaum, Massey, Whitt (1996), Server staffing to meet time-varying demand; Feldman,
Mandelbaum, Massey, Whitt (2008); Green, Kolesar, Soares (2001) for the lag of one AHT.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.erlang.ask import required_agents
from wfm.erlang.inputs import Array, Numbers

METHODS = ("carried", "lagged", "steady")


def effective_load(
    volume: npt.ArrayLike,
    aht_s: Numbers,
    interval_s: float,
    *,
    method: str = "carried",
    closed_s: npt.ArrayLike = 0.0,
    in_progress: float = 0.0,
    cyclic: bool = False,
) -> Array:
    """Mean load of each interval that its staffing should carry.

    Parameters
    ----------
    volume
        Contacts arriving in each interval, in the order of time, shape (n,).
    aht_s
        Mean handle time [s], one for all or one for each interval. Contacts carried over finish at
        the pace of the interval they are in.
    interval_s
        Length of an interval [s].
    method
        `carried` (modified offered load), `lagged` (the load one AHT earlier) or `steady` (each
        interval by itself).
    closed_s
        Closed time before each interval [s], in which contacts in progress finish.
    in_progress
        Contacts in progress before the first interval [erlangs].
    cyclic
        Whether the first interval follows the last, as in a day that repeats for ever; then
        `in_progress` is not used.

    Returns
    -------
    array
        Load [erlangs], shape (n,). With `carried` and `lagged` some of the work ends after the
        last interval.

    Raises
    ------
    DataError
        Numbers that cannot be, or a method that is not known.

    Examples
    --------
    Ten contacts of an hour arrive in the first half hour and none after it.

    >>> effective_load([10.0, 0.0, 0.0], 3600.0, 1800.0).round(3).tolist()
    [4.261, 6.193, 3.756]
    >>> effective_load([10.0, 0.0, 0.0], 3600.0, 1800.0, method="steady").tolist()
    [20.0, 0.0, 0.0]
    """
    count, aht, gap = _checked(volume, aht_s, interval_s, closed_s, in_progress)
    if method not in METHODS:
        message = f"carry-over: method {method!r} is not known. Use one of: {', '.join(METHODS)}."
        raise DataError(message)
    steady = count * aht / interval_s
    if method == "steady" or not count.size:
        return steady
    if method == "lagged":
        return _lagged(count, aht, gap, interval_s, cyclic=cyclic)
    ratio = interval_s / aht
    stay, after_gap = np.exp(-ratio), np.exp(-gap / aht)
    there = in_progress
    if cyclic:  # the loads of one round, started empty, tell where a repeated round starts
        kept = float(np.exp(np.sum(-ratio - gap / aht)))
        there = _follow(0.0, steady, stay, after_gap)[1] / (1.0 - kept)
    before, _ = _follow(there, steady, stay, after_gap)
    return steady + (before - steady) * -np.expm1(-ratio) / ratio


def carried_load(frame: pd.DataFrame, interval: timedelta, aht_s: Numbers | None = None) -> Array:
    """Modified offered load of a forecast, queue by queue, closed hours included.

    Parameters
    ----------
    frame
        Columns `start queue volume aht_s`, sorted by queue, then start.
    interval
        Length of an interval.
    aht_s
        Handle times [s] for all rows, instead of the frame's.

    Returns
    -------
    array
        Load [erlangs] for each row. The first interval of a queue starts without contacts.

    Examples
    --------
    >>> start = pd.DatetimeIndex(["2026-03-02 09:30", "2026-03-03 08:00"], tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": "loans", "volume": 10.0, "aht_s": 3600.0})
    >>> carried_load(frame, timedelta(minutes=30)).round(3).tolist()
    [4.261, 4.261]
    """
    seconds = interval.total_seconds()
    given: Array = frame["aht_s"].to_numpy(dtype=float)
    if aht_s is not None:
        given = np.broadcast_to(np.asarray(aht_s, dtype=float), given.shape)
    volume = frame["volume"].to_numpy(dtype=float)
    unused = (volume == 0.0) & ~(given > 0.0)  # a handle time without contacts is often unknown
    result = np.zeros(len(frame))
    for _, rows in frame.groupby("queue", sort=False).indices.items():
        aht = given[rows].copy()
        known = ~unused[rows]
        aht[~known] = aht[known].mean() if known.any() else 1.0
        stamps = frame["start"].iloc[rows]
        gap = stamps.diff().dt.total_seconds().fillna(seconds).to_numpy() - seconds
        result[rows] = effective_load(volume[rows], aht, seconds, closed_s=gap)
    return result


def compare_carry_over(
    model: str,
    *,
    metric: str,
    target: Numbers,
    volume: npt.ArrayLike,
    aht_s: Numbers,
    interval_s: float,
    closed_s: npt.ArrayLike = 0.0,
    cyclic: bool = False,
    **rest: Any,
) -> pd.DataFrame:
    """Least agents with and without carry-over, interval by interval.

    Parameters
    ----------
    model, metric, target, rest
        As for `required_agents`.
    volume, aht_s, interval_s, closed_s, cyclic
        As for `effective_load`.

    Returns
    -------
    pandas.DataFrame
        `load_steady load agents_steady agents flagged`: `flagged` where the two differ by more than
        one agent, so that it matters which is used.

    Examples
    --------
    >>> rows = compare_carry_over("erlang_a", metric="p_wait", target=0.3, volume=[40, 60, 30],
    ...                           aht_s=1800, interval_s=1800, patience_s=1800, cyclic=True)
    >>> rows[["agents_steady", "agents", "flagged"]].values.tolist()
    [[44, 43, False], [65, 51, True], [34, 49, True]]
    """
    options: dict[str, Any] = {"closed_s": closed_s, "cyclic": cyclic}
    steady = effective_load(volume, aht_s, interval_s, method="steady", **options)
    load = effective_load(volume, aht_s, interval_s, **options)
    question = {"metric": metric, "target": target, "aht_s": aht_s, **rest}
    frame = pd.DataFrame({"load_steady": steady, "load": load})
    frame["agents_steady"] = required_agents(model, load=steady, **question)
    frame["agents"] = required_agents(model, load=load, **question)
    frame["flagged"] = (frame["agents"] - frame["agents_steady"]).abs() > 1
    return frame


def _follow(there: float, steady: Array, stay: Array, after_gap: Array) -> tuple[Array, float]:
    """Load at the beginning of each interval and at the end of the last."""
    before = np.empty_like(steady)
    for k, (target, kept, gap) in enumerate(
        zip(steady.tolist(), stay.tolist(), after_gap.tolist(), strict=True)
    ):
        there *= gap
        before[k] = there
        there = target + (there - target) * kept
    return before, there


def _lagged(count: Array, aht: Array, gap: Array, interval_s: float, *, cyclic: bool) -> Array:
    """Arrivals of the same length of time one AHT earlier, times the AHT."""
    begins = np.cumsum(interval_s + gap) - interval_s
    times = np.stack([begins, begins + interval_s], axis=1).ravel()
    total = np.stack([np.cumsum(count) - count, np.cumsum(count)], axis=1).ravel()

    def arrived(at: Array) -> Array:
        if not cyclic:
            return np.asarray(np.interp(at, times, total))
        rounds = np.floor(at / times[-1])
        within = np.interp(at - rounds * times[-1], times, total)
        return np.asarray(rounds * total[-1] + within)

    return (arrived(begins + interval_s - aht) - arrived(begins - aht)) * aht / interval_s


def _checked(
    volume: npt.ArrayLike,
    aht_s: Numbers,
    interval_s: float,
    closed_s: npt.ArrayLike,
    in_progress: float,
) -> tuple[Array, Array, Array]:
    try:
        count = np.atleast_1d(np.asarray(volume, dtype=float))
        aht = np.broadcast_to(np.asarray(aht_s, dtype=float), count.shape)
        gap = np.broadcast_to(np.asarray(closed_s, dtype=float), count.shape)
    except (TypeError, ValueError) as error:
        message = (
            f"carry-over: {np.size(volume)} volumes, {np.size(aht_s)} handle times and "
            f"{np.size(closed_s)} closed times. Give numbers, one for each interval "
            "or one for all."
        )
        raise DataError(message) from error
    for name, numbers, cure in (
        ("volume", count, "Write contacts, 0 or more"),
        ("closed_s", gap, "Write seconds, 0 or more, in the order of time"),
        ("in_progress", np.atleast_1d(in_progress), "Write erlangs, 0 or more"),
    ):
        wrong = ~((numbers >= 0.0) & np.isfinite(numbers))
        if wrong.any():
            place = f"{numbers[wrong][0]:g} in interval {int(np.flatnonzero(wrong)[0])}"
            message = f"carry-over: {name} is {place}. {cure}."
            raise DataError(message)
    for name, numbers in (("aht_s", aht), ("interval_s", np.atleast_1d(interval_s))):
        wrong = ~((numbers > 0.0) & np.isfinite(numbers))
        if wrong.any():
            message = f"carry-over: {name} is {numbers[wrong][0]:g}. Write seconds above 0."
            raise DataError(message)
    return count, aht, gap
