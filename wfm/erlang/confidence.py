"""Forecast risk: the agents that meet the target with a probability, not on the mean day alone.

Two parts of the forecast's error act differently. The day-level part moves all intervals of a day
together: it is a risk, and the confidence is the share of days on which the target is met. The
interval-level part comes and goes within the day and averages out: on such a day the target is met
by the contacts' average over it.

More load never helps, so that ``P(metric(load, n) meets) >= confidence`` asks whether `n` agents
meet the target at the day factor's quantile: one search with the load at that quantile.

References
----------
Steckley, Henderson, Mehrotra (2009), Forecast errors in service systems; Gans, Koole, Mandelbaum
(2003), section 4.4 (uncertain arrival rates).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.erlang.ask import required_agents, solve
from wfm.erlang.averages import average_of, least_on_average, loaded
from wfm.erlang.base import StaffingModel, find_model
from wfm.erlang.inputs import Array, Inputs, Numbers, read_inputs
from wfm.erlang.search import check_target
from wfm.erlang.spreads import Spread

_HALVINGS = 60
_DOUBLINGS = 60


def agents_at_confidence(
    model: str,
    *,
    metric: str,
    target: float,
    load: Numbers,
    confidence: float,
    day: Spread | None,
    interval: Spread | None = None,
    **rest: Any,
) -> npt.NDArray[np.int64]:
    """Least whole agents that meet a target with a probability over the forecast's distribution.

    Parameters
    ----------
    model
        `erlang_b`, `erlang_c`, `erlang_a` or `erlang_x`.
    metric, target
        As for `required_agents`; with `interval` a share.
    load
        Mean load [erlangs]; 1 where `day` holds loads themselves, as a forecast's bands do.
    confidence
        Share of days, above 0 and below 1, on which the target is met.
    day
        Factor of the day on the load, one for all rows or one for each. None: the day is certain.
    interval
        Factor of the interval, beside the day's. None: certain.
    rest
        `aht_s`, `patience_s`, `threshold_s` and the others of `required_agents`.

    Returns
    -------
    array of int
        Agents on contacts of each row.

    Raises
    ------
    DataError
        As `required_agents`, and a confidence outside (0, 1) or outside the levels of the bands.

    Examples
    --------
    At 100 erlangs and days that come out 10 % off, the mean day's 103 agents become 116.

    >>> from wfm.erlang.spreads import Gamma
    >>> question = {"metric": "sl_offered", "target": 0.8, "load": 100.0, "aht_s": 300.0,
    ...             "patience_s": 300.0, "threshold_s": 20.0}
    >>> agents_at_confidence("erlang_a", confidence=0.9, day=Gamma(0.1), **question).tolist()
    [116]
    """
    rules = {k: rest.pop(k) for k in ("min_agents", "max_occupancy") if k in rest}
    whole, _ = solve_at_confidence(
        model,
        metric=metric,
        target=target,
        load=load,
        confidence=confidence,
        day=day,
        interval=interval,
        fraction=False,
        **rest,
    )
    if rules.get("max_occupancy") is not None:
        loads = _day_load(load, day, confidence)
        limit = {"metric": "occupancy", "target": rules["max_occupancy"], **rest}
        whole = np.maximum(whole, required_agents(model, load=loads, **limit))
    floor = np.asarray(rules.get("min_agents", 0), dtype=float)
    if not np.all((floor >= 0.0) & np.isfinite(floor)):
        message = f"{model}: min_agents is {floor.min():g}. Write heads, 0 or more."
        raise DataError(message)
    least: npt.NDArray[np.int64] = np.ceil(np.maximum(whole, floor)).astype(np.int64)
    return least


def solve_at_confidence(
    model: str,
    *,
    metric: str,
    target: float,
    load: Numbers,
    confidence: float,
    day: Spread | None,
    interval: Spread | None = None,
    fraction: bool = True,
    **rest: Any,
) -> tuple[Array, Array]:
    """`agents_at_confidence`, and beside it the fraction before rounding.

    Returns
    -------
    tuple of arrays
        Least whole agents, and the real-valued number at which the target is met; with an
        `interval` part it is linear between two whole numbers. Without `fraction` the second
        repeats the first.

    Examples
    --------
    >>> from wfm.erlang.spreads import Gamma
    >>> whole, exact = solve_at_confidence("erlang_a", metric="sl_offered", target=0.8, load=100.0,
    ...                                    confidence=0.9, day=Gamma(0.1), aht_s=300.0,
    ...                                    patience_s=300.0, threshold_s=20.0)
    >>> whole.tolist(), exact.round(2).tolist()
    ([116.0], [115.11])
    """
    _check_confidence(confidence)
    _growing_with_load(model)
    loads = _day_load(load, day, confidence)
    question = {"metric": metric, "target": target, "load": loads, **rest}
    whole, exact = solve(model, fraction=fraction and interval is None, **question)
    if interval is None:
        return whole.astype(float), exact
    return least_on_average(model, metric, target, loads, interval, whole.astype(float), rest)


def _day_load(load: Numbers, day: Spread | None, confidence: float) -> Array:
    """Load of the day that is busier than this share of days."""
    loads = np.asarray(load, dtype=float)
    if day is None:
        return loads
    return np.atleast_1d(loads * _fits(day.quantile(confidence), loads))


def chance_of_meeting(
    model: str,
    *,
    metric: str,
    target: float,
    load: Numbers,
    agents: Numbers,
    day: Spread,
    interval: Spread | None = None,
    **rest: Any,
) -> Array:
    """Share of days on which these agents meet a target.

    Parameters
    ----------
    agents
        Heads on contacts.
    model, metric, target, load, day, interval, rest
        As for `agents_at_confidence`.

    Returns
    -------
    array
        Probability for each row. A spread of quantiles answers from its lowest to its highest
        level: what is beyond is not known.

    Examples
    --------
    >>> from wfm.erlang.spreads import Gamma
    >>> chance_of_meeting("erlang_a", metric="sl_offered", target=0.8, load=100.0, agents=103,
    ...                   aht_s=300.0, patience_s=300.0, threshold_s=20.0,
    ...                   day=Gamma(0.1)).round(6).tolist()
    [0.538158]
    """
    found = find_model(model)
    _growing_with_load(model)
    values = {"load": load, "agents": agents, **rest}
    asked = read_inputs(model, ("load", "agents", *found.needs[1:]), values)
    check_target(found, metric, np.asarray([target], dtype=float))
    factor = _most_factor(found, metric, target, asked, interval)
    return day.chance(factor)


def expected_metric(
    model: str,
    *,
    metric: str,
    load: Numbers,
    agents: Numbers,
    spread: Spread,
    **rest: Any,
) -> Array:
    """Average of a share over all contacts when the load varies.

    Busy days bring more contacts, so that they weigh more.

    Examples
    --------
    >>> from wfm.erlang.spreads import Gamma
    >>> expected_metric("erlang_a", metric="sl_offered", load=100.0, agents=103, aht_s=300.0,
    ...                 patience_s=300.0, threshold_s=20.0, spread=Gamma(0.1)).round(6).tolist()
    [0.72544]
    """
    found = find_model(model)
    values = {"load": load, "agents": agents, **rest}
    asked = read_inputs(model, ("load", "agents", *found.needs[1:]), values)
    return average_of(found, metric, asked, spread)


def confidence_curve(
    model: str,
    *,
    metric: str,
    target: float,
    load: Numbers,
    day: Spread,
    confidences: Sequence[float] = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95),
    interval: Spread | None = None,
    **rest: Any,
) -> pd.DataFrame:
    """What each step of confidence costs.

    Returns
    -------
    pandas.DataFrame
        `confidence`, `agents` (the sum over rows of the least heads) and `more`, the heads above
        those for the mean load.

    Examples
    --------
    >>> from wfm.erlang.spreads import Gamma
    >>> confidence_curve("erlang_a", metric="sl_offered", target=0.8, load=100.0, aht_s=300.0,
    ...                  patience_s=300.0, threshold_s=20.0, day=Gamma(0.1),
    ...                  confidences=[0.8, 0.9, 0.95])
       confidence  agents  more
    0        0.80     111     8
    1        0.90     116    13
    2        0.95     119    16
    """
    mean = required_agents(
        model, metric=metric, target=target, load=np.asarray(load, dtype=float) * day.mean(), **rest
    ).sum()
    agents = [
        int(
            agents_at_confidence(
                model, metric=metric, target=target, load=load, confidence=share, day=day,
                interval=interval, **rest,
            ).sum()
        )
        for share in confidences
    ]  # fmt: skip
    frame = pd.DataFrame({"confidence": list(confidences), "agents": agents})
    frame["more"] = frame["agents"] - int(mean)
    return frame


def _most_factor(
    found: StaffingModel, metric: str, target: float, asked: Inputs, interval: Spread | None
) -> Array:
    """Largest factor on the load at which the agents still meet the target, by bisection."""
    sign = 1.0 if found.senses[metric] == "min" else -1.0

    def met(factor: Array) -> npt.NDArray[np.bool_]:
        rows = loaded(asked, asked.load * factor)
        if interval is None:
            value = found.columns(rows)[metric]
        else:
            value = average_of(found, metric, rows, interval)
        return sign * (value - target) >= 0.0

    low, high = np.zeros_like(asked.load), np.ones_like(asked.load)
    for _ in range(_DOUBLINGS):
        more = met(high) & (asked.load > 0.0)
        if not more.any():
            break
        low, high = np.where(more, high, low), np.where(more, 2.0 * high, high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        fine = met(middle)
        low, high = np.where(fine, middle, low), np.where(fine, high, middle)
    return np.where(asked.load > 0.0, low, np.inf)


def _check_confidence(confidence: float) -> None:
    if not 0.0 < confidence < 1.0:
        message = f"confidence is {confidence:g}. Write a share of days, above 0 and below 1."
        raise DataError(message)


def _fits(factor: Array, load: Array) -> Array:
    if factor.size > 1 and load.size > 1 and factor.size != load.size:
        message = (
            f"confidence: {factor.size} rows of quantiles for {load.size} loads. Give one row for "
            "each, or one for all."
        )
        raise DataError(message)
    return factor


def _growing_with_load(model: str) -> None:
    """Refuse finite lines: there more load may block more and let fewer wait."""
    if "lines" in find_model(model).needs:
        message = f"{model}: no confidence with finite lines. Use erlang_a or erlang_c."
        raise DataError(message)
