"""Patience from the counts of intervals: by their waits, or by what their staffing explains.

Where the waits of an interval's callers are known in total, the exponential estimate needs no
single calls. Where only the staffing is known, the patience is the one at which Erlang A loses as
many callers as were lost. Counts alone do not tell it.

References
----------
Mandelbaum, Zeltyn (2005), The Palm/Erlang-A queue, section 6.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from wfm.core.errors import DataError
from wfm.erlang.ask import evaluate
from wfm.erlang.inputs import Numbers
from wfm.erlang.patience import Patience, check_confidence, exponential, nobody, told

LEAST_S, MOST_S = 1e-2, 1e9  # where a patience is looked for [s]


def patience_from_counts(
    frame: pd.DataFrame,
    *,
    interval_s: float | None = None,
    confidence: float = 0.95,
) -> Patience:
    """Mean patience from counts of intervals, by their waits or else by their staffing.

    Parameters
    ----------
    frame
        One row for each interval: `abandoned` and `answered`, or one of them and `offered`. With
        waits, as totals `wait_answered_s` and `wait_abandoned_s`, or as means `asa_s` and
        `mean_wait_abandoned_s` [s]. Without: `agents` on contacts and `aht_s` [s].
        Rows in which one of these is NaN are left out, and the note says how many.
    interval_s
        Length of an interval [s]; needed with `agents` only.
    confidence
        Probability of the interval.

    Returns
    -------
    Patience
        With waits the exponential estimate, everybody's wait / abandonments. With agents the
        patience at which Erlang A loses as many callers over all intervals as were lost; its
        bounds take abandonments as independent, so that they are rather too narrow.

    Raises
    ------
    DataError
        Neither waits nor agents - counts alone do not tell patience -, or numbers that cannot be.

    Examples
    --------
    >>> counts = pd.DataFrame({"answered": [95, 180], "abandoned": [5, 20],
    ...                        "asa_s": [10, 20], "mean_wait_abandoned_s": [30, 25]})
    >>> patience_from_counts(counts).mean_s  # (950 + 150 + 3600 + 500) / 25
    208.0
    """
    check_confidence(confidence)
    data = _counts(frame)
    waits = _total_wait(frame, data)
    if waits is not None:
        used = data.notna().all(axis=1) & waits.notna()
        kept = _kept(data, used)
        found = exponential(
            float(waits[used].sum()),
            float(kept["abandoned"].sum()),
            float(kept["offered"].sum()),
            "interval waits",
            confidence,
        )
        return _left_out(found, used)
    if "agents" not in frame:
        message = (
            "patience: counts alone do not tell it, because any share of abandoned fits a patience "
            "and a staffing. Add the waits (wait_answered_s and wait_abandoned_s, or asa_s and "
            "mean_wait_abandoned_s), the agents of each interval, or use call records."
        )
        raise DataError(message)
    return _by_staffing(frame, data, interval_s, confidence)


def patience_from_history(
    frame: pd.DataFrame,
    aht_s: Numbers | None = None,
    *,
    agents: Numbers | None = None,
    interval_s: float | None = None,
    confidence: float = 0.95,
) -> dict[str, Patience]:
    """Mean patience of every queue of a history.

    Parameters
    ----------
    frame
        Columns `start queue offered answered abandoned aht_s`, and waits or `agents` as for
        `patience_from_counts`.
    aht_s, agents
        Handle times [s] and agents on contacts of all rows, instead of the frame's.
    interval_s
        Length of an interval [s]; the least distance of two stamps unless given.
    confidence
        Probability of the interval.

    Returns
    -------
    dict
        Queue to patience.

    Raises
    ------
    DataError
        As `patience_from_counts`, with the queue's name.

    Examples
    --------
    >>> start = pd.date_range("2026-03-02 09:00", periods=2, freq="30min", tz="Europe/Istanbul")
    >>> history = pd.DataFrame({"start": start, "queue": "support", "offered": [60.0, 66.0],
    ...                         "answered": [56.0, 60.0], "abandoned": [4.0, 6.0], "aht_s": 300.0})
    >>> round(patience_from_history(history, agents=[11, 12])["support"].mean_s)
    335
    """
    data = frame.copy()
    for name, values in (("aht_s", aht_s), ("agents", agents)):
        if values is not None:
            data[name] = np.broadcast_to(np.asarray(values, dtype=float), len(data))
    if interval_s is None and "start" in data and len(data) > 1:
        steps = data["start"].drop_duplicates().sort_values().diff().dt.total_seconds()
        interval_s = float(steps.min()) if len(steps) > 1 else None
    result = {}
    for queue, rows in data.groupby("queue", sort=True):
        try:
            result[str(queue)] = patience_from_counts(
                rows, interval_s=interval_s, confidence=confidence
            )
        except DataError as error:
            message = f"queue {queue}: {error}"
            raise DataError(message, rows=error.rows) from error
    return result


def _left_out(found: Patience, used: pd.Series) -> Patience:
    missing = int((~used).sum())
    if not missing:
        return found
    note = f"{found.note} {missing:,} of {used.size:,} intervals with unknown values left out."
    return Patience(
        found.mean_s, found.low_s, found.high_s, found.abandonments, found.contacts, found.method,
        note,
    )  # fmt: skip


def _by_staffing(
    frame: pd.DataFrame, data: pd.DataFrame, interval_s: float | None, confidence: float
) -> Patience:
    """The patience at which Erlang A loses as many callers as were lost."""
    if "aht_s" not in frame or interval_s is None:
        message = "patience: with agents it needs aht_s and interval_s too. Give both."
        raise DataError(message)
    if not 0.0 < interval_s < np.inf:
        message = f"patience: interval_s is {interval_s:g}. Write seconds above 0."
        raise DataError(message)
    known = data.assign(agents=_column(frame, "agents"), aht_s=_column(frame, "aht_s"))
    known["aht_s"] = known["aht_s"].mask(known["offered"] == 0.0, 1.0)  # unused, often unknown
    used = known.notna().all(axis=1)
    rows = _kept(known, used)
    load = (rows["offered"] * rows["aht_s"] / interval_s).to_numpy()
    offered, lost = rows["offered"].to_numpy(), float(rows["abandoned"].sum())

    def expected(patience: float) -> float:
        shares = evaluate(
            "erlang_a", load=load, agents=rows["agents"], aht_s=rows["aht_s"], patience_s=patience
        )
        return float((shares["p_abandon"].to_numpy() * offered).sum())

    contacts = float(offered.sum())
    three = -np.log1p(-confidence)  # nobody lost: fewer than this many were to be expected
    least, most = expected(MOST_S), expected(LEAST_S)
    if not least < (lost or three) < most:
        message = (
            f"patience: {lost:,.0f} of {contacts:,.0f} contacts abandoned, but with these agents "
            f"Erlang A loses {least:,.0f} to {most:,.0f}, whatever the patience. Check agents, "
            "aht_s and interval_s, or give the waits."
        )
        raise DataError(message)
    if lost == 0.0:
        low = _patience_losing(expected, three)
        return _left_out(nobody(low, contacts, "erlang_a", confidence), used)
    tail = (1.0 - confidence) / 2.0
    bounds = [float(gammaincinv(lost + 1.0, 1.0 - tail)), float(gammaincinv(lost, tail))]
    mean, low, high = (_patience_losing(expected, count) for count in (lost, *bounds))
    return _left_out(told(mean, low, high, lost, contacts, "erlang_a", confidence), used)


def _patience_losing(expected: Callable[[float], float], count: float) -> float:
    """Patience at which so many abandon, by bisection of its logarithm; 0 or infinity beyond."""
    if expected(LEAST_S) <= count:
        return 0.0
    if expected(MOST_S) >= count:
        return float("inf")
    low, high = np.log(LEAST_S), np.log(MOST_S)
    while high - low > 1e-10:
        middle = (low + high) / 2.0
        more = expected(float(np.exp(middle))) > count
        low, high = (middle, high) if more else (low, middle)
    return float(np.exp((low + high) / 2.0))


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column of numbers of 0 or more, or unknown."""
    numbers = pd.to_numeric(frame[name], errors="coerce").astype(float)
    text = numbers.isna() & frame[name].notna()
    wrong = text | (numbers < 0.0) | np.isinf(numbers)
    if wrong.any():
        shown = frame[name][wrong].iloc[0]
        place = frame.index[wrong.to_numpy()][0]
        message = (
            f"patience: {name} is {shown} in row {place}. Write a number, 0 or more, or leave it "
            "empty where it is unknown."
        )
        raise DataError(message, rows=frame.loc[wrong])
    return numbers


def _counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Offered and abandoned of each row, the one from the others where it is not told."""
    names = [name for name in ("offered", "answered", "abandoned") if name in frame]
    if len(names) < 2:
        message = (
            f"patience: {' and '.join(names) or 'no counts'} found. Give two of offered, answered "
            "and abandoned."
        )
        raise DataError(message)
    data = pd.DataFrame({name: _column(frame, name) for name in names})
    unknown = pd.Series(np.nan, index=frame.index)
    offered, answered, abandoned = (
        data.get(name, unknown) for name in ("offered", "answered", "abandoned")
    )
    answered = answered.fillna(offered - abandoned)
    abandoned = abandoned.fillna(offered - answered)
    wrong = (answered < 0.0) | (abandoned < 0.0)
    if wrong.any():
        place = frame.index[wrong.to_numpy()][0]
        message = (
            f"patience: in row {place} more contacts were answered or abandoned than offered. "
            "Correct the counts."
        )
        raise DataError(message, rows=frame.loc[wrong])
    return pd.DataFrame(
        {"offered": answered + abandoned, "answered": answered, "abandoned": abandoned}
    )


def _total_wait(frame: pd.DataFrame, data: pd.DataFrame) -> pd.Series | None:
    """Seconds that all contacts of a row waited; None where the frame does not tell."""
    parts = []
    for total, mean, count in (
        ("wait_answered_s", "asa_s", "answered"),
        ("wait_abandoned_s", "mean_wait_abandoned_s", "abandoned"),
    ):
        if total in frame:
            parts.append(_column(frame, total))
        elif mean in frame:
            parts.append((_column(frame, mean) * data[count]).mask(data[count] == 0.0, 0.0))
        else:
            return None
    return parts[0] + parts[1]


def _kept(data: pd.DataFrame, used: pd.Series) -> pd.DataFrame:
    if not used.any():
        message = (
            f"patience: all {used.size} intervals hold unknown values. Fill in at least one row."
        )
        raise DataError(message, rows=data)
    return data.loc[used]
