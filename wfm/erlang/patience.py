"""How long callers would wait, from calls that mostly ended some other way.

Most callers are answered before their patience ends: their waits are censored, and the mean time to
abandon is far too short. With an exponential patience the best estimate is the waiting time of
everybody over the number who abandoned.

References
----------
Kaplan, Meier (1958), Nonparametric estimation from incomplete observations; Greenwood (1926) for
its error. Brown, Gans, Mandelbaum and others (2005), Statistical analysis of a telephone call
center, section 4. The interval: Epstein, Sobel (1953).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaincinv

from wfm.core.errors import DataError
from wfm.erlang.inputs import Array

FEW = 30  # abandonments below which an estimate is a rough guide only
_AT_RISK = 30  # callers still waiting, below whom the two curves are not compared
_NEAR = 0.05  # a difference of the curves that no requirement feels

Method = Literal["waits", "interval waits", "erlang_a"]


@dataclass(frozen=True)
class Patience:
    """Mean patience, how sure it is, and what it rests on.

    Parameters
    ----------
    mean_s
        Mean patience [s]; NaN where nobody abandoned: it cannot be estimated then.
    low_s, high_s
        Bounds at the confidence asked for [s]. Where nobody abandoned only `low_s` is known.
    abandonments, contacts
        What it rests on.
    method
        `waits` (call by call), `interval waits` (totals of intervals), `erlang_a` (the loss that
        the known staffing explains).
    note
        One sentence for the planner.
    gap
        Largest difference between the share still waiting as observed (Kaplan-Meier) and as an
        exponential patience has it; None without single calls.
    fair
        Whether an exponential patience describes the calls: the gap is small or within the error.
    """

    mean_s: float
    low_s: float
    high_s: float
    abandonments: float
    contacts: float
    method: Method
    note: str
    gap: float | None = None
    fair: bool | None = None

    @property
    def known(self) -> bool:
        """Whether there is an estimate, not a lower bound alone."""
        return bool(np.isfinite(self.mean_s))


def patience_from_waits(
    wait_s: npt.ArrayLike,
    abandoned: npt.ArrayLike,
    *,
    short_s: float = 0.0,
    confidence: float = 0.95,
) -> Patience:
    """Mean patience from single calls: each one's wait and whether it was abandoned.

    Parameters
    ----------
    wait_s
        Wait of each call until it was answered or abandoned [s], shape (n,).
    abandoned
        True where the caller hung up, False where answered, shape (n,).
    short_s
        Leave out what happens in the first seconds: who hangs up in them dialled wrongly or
        changed their mind. The others' patience is counted from there on and `short_s` added.
    confidence
        Probability of the interval.

    Returns
    -------
    Patience
        The exponential fit, its interval (chi-square), and how far the observed curve is from it.

    Raises
    ------
    DataError
        Unknown or negative waits, anything but True and False, or waits that are all 0.

    Examples
    --------
    Three callers waited 30 s in all and one of them hung up: 30 s for one abandonment.

    >>> found = patience_from_waits([5, 10, 15], [False, True, False])
    >>> found.mean_s, round(found.low_s, 1), round(found.high_s)
    (30.0, 5.4, 1185)
    """
    wait, lost = _calls(wait_s, abandoned, short_s)
    check_confidence(confidence)
    beyond = _beyond(wait, short_s)
    total = float((wait[beyond] - short_s).sum())
    count = float(lost[beyond].sum())
    found = exponential(total, count, float(wait.size), "waits", confidence, short_s)
    if not found.known:
        return found
    curve = kaplan_meier(wait, lost, short_s=short_s)
    away = np.exp(-(curve["wait_s"] - short_s) / (found.mean_s - short_s))
    before = np.concatenate([[1.0], curve["staying"].to_numpy()[:-1]])  # just before each step
    off = np.maximum(np.abs(curve["staying"] - away), np.abs(before - away))
    seen = curve["at_risk"] >= _AT_RISK
    if not seen.any():
        return found
    slack = np.maximum(_NEAR, 3.0 * curve["error"])
    fair = bool((off <= slack)[seen].all())
    note = found.note
    if not fair:
        note += (
            f" The calls differ from an exponential patience by up to {off[seen].max():.0%} of "
            "callers: look at their curve before relying on it."
        )
    return Patience(
        found.mean_s, found.low_s, found.high_s, count, found.contacts, "waits", note,
        gap=float(off[seen].max()), fair=fair,
    )  # fmt: skip


def kaplan_meier(
    wait_s: npt.ArrayLike, abandoned: npt.ArrayLike, *, short_s: float = 0.0
) -> pd.DataFrame:
    """Share of callers whose patience lasts longer, as observed, whatever its shape.

    Parameters
    ----------
    wait_s, abandoned, short_s
        As for `patience_from_waits`; calls that ended within `short_s` are left out.

    Returns
    -------
    pandas.DataFrame
        One row for each wait at which somebody hung up, ascending: `wait_s`, `at_risk` (callers
        who waited at least as long), `abandoned`, `staying` (share whose patience is longer) and
        `error`, Greenwood's standard error of it.

    Examples
    --------
    >>> kaplan_meier([10, 20, 20], [True, True, False]).round(3).values.tolist()
    [[10.0, 3.0, 1.0, 0.667, 0.272], [20.0, 2.0, 1.0, 0.333, 0.272]]
    """
    wait, lost = _calls(wait_s, abandoned, short_s)
    beyond = _beyond(wait, short_s)
    wait, lost = np.sort(wait[beyond]), lost[beyond][np.argsort(wait[beyond], kind="stable")]
    times, counts = np.unique(wait[lost], return_counts=True)
    at_risk = wait.size - np.searchsorted(wait, times, side="left")
    staying = np.cumprod(1.0 - counts / at_risk)
    left = at_risk - counts
    spread = np.cumsum(counts / (at_risk * np.where(left > 0, left, 1.0)))
    frame = pd.DataFrame({"wait_s": times, "at_risk": at_risk, "abandoned": counts})
    frame["staying"] = staying
    frame["error"] = np.where(left > 0, staying * np.sqrt(spread), 0.0)
    return frame


def exponential(
    total: float,
    lost: float,
    contacts: float,
    method: Method,
    confidence: float,
    short_s: float = 0.0,
) -> Patience:
    """Everybody's wait over the abandonments, and the exact interval of a censored exponential."""
    if lost == 0.0:
        return nobody(total / -np.log1p(-confidence) + short_s, contacts, method, confidence)
    if total == 0.0:
        message = f"patience: {lost:g} abandoned, but all waits are 0 s. Give the waits in seconds."
        raise DataError(message)
    tail = (1.0 - confidence) / 2.0
    low = total / float(gammaincinv(lost + 1.0, 1.0 - tail)) + short_s
    high = total / float(gammaincinv(lost, tail)) + short_s
    return told(total / lost + short_s, low, high, lost, contacts, method, confidence)


def told(
    mean: float,
    low: float,
    high: float,
    lost: float,
    contacts: float,
    method: Method,
    confidence: float,
) -> Patience:
    """An estimate with its sentence."""
    above = f"at least {low:,.0f} s" if np.isinf(high) else f"{low:,.0f} to {high:,.0f} s"
    note = (
        f"Mean patience {mean:,.0f} s ({confidence:.0%} sure: {above}), from {lost:,.0f} "
        f"abandonments among {contacts:,.0f} contacts."
    )
    if lost < FEW:
        note += f" Fewer than {FEW} abandonments are a rough guide only: take a longer history."
    return Patience(mean, low, high, lost, contacts, method, note)


def nobody(low: float, contacts: float, method: Method, confidence: float) -> Patience:
    """What is known where nobody abandoned: a lower bound."""
    note = (
        f"Nobody abandoned among {contacts:,.0f} contacts, so that patience cannot be estimated; "
        f"it is {low:,.0f} s or more ({confidence:.0%} sure). Take a longer history, or assume one."
    )
    return Patience(float("nan"), low, float("inf"), 0.0, contacts, method, note)


def _calls(
    wait_s: npt.ArrayLike, abandoned: npt.ArrayLike, short_s: float
) -> tuple[Array, npt.NDArray[np.bool_]]:
    try:
        wait = np.atleast_1d(np.asarray(wait_s, dtype=float)).ravel()
        flag = np.atleast_1d(np.asarray(abandoned)).ravel()
        lost = flag.astype(float)
    except (TypeError, ValueError) as error:
        message = (
            "patience: wait_s and abandoned are not numbers. Write seconds, and True or False."
        )
        raise DataError(message) from error
    if wait.shape != lost.shape:
        message = (
            f"patience: {wait.size} waits and {lost.size} marks of abandoned. Give one for each."
        )
        raise DataError(message)
    if not wait.size:
        message = "patience: no calls. Give at least one wait."
        raise DataError(message)
    for name, values, wrong, cure in (
        ("wait_s", wait, ~((wait >= 0.0) & np.isfinite(wait)), "seconds, 0 or more"),
        ("abandoned", lost, (lost != 0.0) & (lost != 1.0), "True or False"),
    ):
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            more = f" and {int(wrong.sum()) - 1} more" if wrong.sum() > 1 else ""
            message = f"patience: {name} is {values[first]:g} in row {first:d}{more}. Write {cure}."
            rows = pd.DataFrame({"wait_s": wait, "abandoned": flag}).loc[wrong]
            raise DataError(message, rows=rows)
    if not 0.0 <= short_s < np.inf:
        message = f"patience: short_s is {short_s:g}. Write seconds, 0 or more."
        raise DataError(message)
    return wait, lost.astype(bool)


def _beyond(wait: Array, short_s: float) -> npt.NDArray[np.bool_]:
    """Calls that lasted longer than the first seconds; all of them where none are left out."""
    return (wait > short_s) | (short_s == 0.0)


def check_confidence(confidence: float) -> None:
    """Refuse a probability that none is."""
    if not 0.0 < confidence < 1.0:
        message = f"patience: confidence is {confidence:g}. Write a share, such as 0.95."
        raise DataError(message)
