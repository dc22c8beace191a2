"""Two questions to every staffing model: what happens with these agents, and how many it takes."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.erlang.base import StaffingModel, find_model
from wfm.erlang.inputs import BLOCK, Array, Inputs, Numbers, read_inputs
from wfm.erlang.refused import refuse_foreign, refuse_idle_agents, refuse_overload
from wfm.erlang.search import Search, check_target
from wfm.erlang.service_level import SERVICE_LEVELS
from wfm.erlang.short import SHORT_SENSES, check_short

_TIMED = ("p_abandon_within_T", "sl_", "p_virtual_wait_gt_T")


def evaluate(
    model: str,
    *,
    load: Numbers,
    agents: Numbers,
    aht_s: Numbers | None = None,
    patience_s: Numbers | None = None,
    threshold_s: Numbers | None = None,
    short_s: Numbers | None = None,
    lines: Numbers | None = None,
    redial: Numbers | None = None,
    reconnect: Numbers | None = None,
) -> pd.DataFrame:
    """What callers and agents meet with these agents on contacts.

    Parameters
    ----------
    model
        `erlang_b` (lost calls), `erlang_c` (callers wait for ever), `erlang_a` (callers hang up),
        `erlang_x` (callers hang up, and some call again), or with a limited number of lines `mmnk`
        (callers wait for ever) and `erlang_a_k` (callers hang up).
    load
        Offered load [erlangs]: contacts x AHT / interval length.
    agents
        Heads on contacts; fractions are taken as they are, by the continuous formulas (with finite
        lines linear between whole heads).
    aht_s
        Mean handle time [s]; all but `erlang_b`.
    patience_s
        Mean time a caller would wait [s]; `erlang_a`, `erlang_a_k` and `erlang_x`.
    threshold_s
        The wait that still counts for a service level [s]. Without it the columns that need one
        are absent.
    short_s
        The wait up to which hanging up is a short abandon [s], for `sl_short_counts` and
        `sl_excl_short`.
    lines
        Most calls in progress and waiting; `mmnk` and `erlang_a_k`. One more is blocked.
    redial, reconnect
        Shares of the abandoned and of the answered who call again; `erlang_x`, 0 unless given. The
        load is then that of first calls.

    Returns
    -------
    pandas.DataFrame
        One row for each element of the broadcast and flattened arguments, and the columns that the
        model defines: shares `p_block p_wait p_immediate p_abandon p_served p_abandon_within_T
        sl_offered sl_handled sl_abandon_counts sl_excl_short_abandon sl_virtual
        p_virtual_wait_gt_T occupancy`, with `short_s` also `sl_short_counts sl_excl_short`,
        `mean_queue` [calls], `total_load_erlangs`, and the times `asa_served_s mean_wait_all_s
        wait_p50_s` to `wait_p99_s` [s]. Without load: service levels 1, waits and occupancy 0.

    Raises
    ------
    DataError
        Unknown model, a missing argument, a number that cannot be, or for `erlang_c` agents that
        do not exceed the load (the rows are in `.rows`).

    Examples
    --------
    >>> result = evaluate("erlang_a", load=10, agents=[10, 11], aht_s=300, patience_s=120,
    ...                   threshold_s=20)
    >>> result["sl_offered"].round(4).tolist()
    [0.65, 0.7416]
    """
    found = find_model(model)
    values = {
        "load": load,
        "agents": agents,
        "aht_s": aht_s,
        "patience_s": patience_s,
        "threshold_s": threshold_s,
        "short_s": short_s,
        "lines": lines,
        "redial": redial,
        "reconnect": reconnect,
    }
    refuse_foreign(found, values)
    asked = read_inputs(model, ("load", "agents", *found.needs[1:]), values)
    if found.above_load:
        refuse_overload(found, asked)
    if asked.lines is not None:
        refuse_idle_agents(found, asked, asked.lines)
    if asked.load.size <= BLOCK:
        return pd.DataFrame(found.columns(asked))
    parts = [found.columns(block) for block in asked.blocks()]
    return pd.DataFrame({name: np.concatenate([p[name] for p in parts]) for name in parts[0]})


def required_agents(
    model: str,
    *,
    metric: str,
    target: Numbers,
    load: Numbers,
    aht_s: Numbers | None = None,
    patience_s: Numbers | None = None,
    threshold_s: Numbers | None = None,
    short_s: Numbers | None = None,
    lines: Numbers | None = None,
    redial: Numbers | None = None,
    reconnect: Numbers | None = None,
    min_agents: Numbers = 0,
    max_occupancy: Numbers | None = None,
) -> npt.NDArray[np.int64]:
    """Least whole agents on contacts that meet a target.

    Parameters
    ----------
    model
        `erlang_b`, `erlang_c`, `erlang_a`, `erlang_x`, `mmnk` or `erlang_a_k`.
    metric
        A column of `evaluate`; whether the target is a least or a most value follows from it. Or a
        quantile of the wait at any level, `wait_p95_s` or `wait_p97.5_s`: "95 % wait at most the
        target". Where callers hang up it is the wait of those who would stay, `sl_virtual`.
    target
        Value to reach: a share above 0 and below 1, or a time in seconds or a queue above 0.
    load, aht_s, patience_s, threshold_s, short_s, lines, redial, reconnect
        As for `evaluate`.
    min_agents
        Heads never to go below, with or without load.
    max_occupancy
        Share of time on contacts never to exceed; off by default.

    Returns
    -------
    array of int
        For each element of the broadcast and flattened arguments. 0 (or `min_agents`) without
        load, at least 1 with any.

    Raises
    ------
    DataError
        As `evaluate`; and a metric the model does not define, or a target nobody can mean.

    Examples
    --------
    >>> required_agents("erlang_c", metric="sl_offered", target=0.80, load=[0, 10, 100],
    ...                 aht_s=300, threshold_s=20).tolist()
    [0, 14, 108]
    """
    whole, _ = solve(
        model,
        metric=metric,
        target=target,
        load=load,
        aht_s=aht_s,
        patience_s=patience_s,
        threshold_s=threshold_s,
        short_s=short_s,
        lines=lines,
        redial=redial,
        reconnect=reconnect,
        min_agents=min_agents,
        max_occupancy=max_occupancy,
        fraction=False,
    )
    return whole


def solve(
    model: str,
    *,
    metric: str,
    target: Numbers,
    load: Numbers,
    aht_s: Numbers | None = None,
    patience_s: Numbers | None = None,
    threshold_s: Numbers | None = None,
    short_s: Numbers | None = None,
    lines: Numbers | None = None,
    redial: Numbers | None = None,
    reconnect: Numbers | None = None,
    min_agents: Numbers = 0,
    max_occupancy: Numbers | None = None,
    fraction: bool = True,
) -> tuple[npt.NDArray[np.int64], Array]:
    """`required_agents`, and beside it the fraction before rounding.

    The fraction is the real-valued number of agents at which the model's continuous formula meets
    the target exactly; the whole number is the least one that does. Without `fraction` the
    second array repeats the whole numbers.

    Examples
    --------
    >>> whole, exact = solve("erlang_a", metric="sl_offered", target=0.80, load=10.0, aht_s=300,
    ...                      patience_s=120, threshold_s=20)
    >>> whole.tolist(), exact.round(3).tolist()
    ([12], [11.737])
    """
    found = find_model(model)
    if metric in SERVICE_LEVELS and not found.abandons and "sl_offered" in found.senses:
        metric = "sl_offered"  # nobody abandons: every way of counting says the same
    metric, target, threshold_s = _wait_quantile(found, metric, target, threshold_s)
    values = {
        "load": load,
        "aht_s": aht_s,
        "patience_s": patience_s,
        "threshold_s": threshold_s,
        "short_s": short_s,
        "lines": lines,
        "redial": redial,
        "reconnect": reconnect,
    }
    extra = {"target": target, "min_agents": min_agents, "max_occupancy": max_occupancy}
    refuse_foreign(found, values)
    asked, limits = _read(model, found, values, extra)
    check_target(found, metric, limits["target"])
    if threshold_s is None and metric.startswith(_TIMED):
        message = f"{model}: {metric} needs threshold_s, the wait that still counts. Give it."
        raise DataError(message)
    if metric in SHORT_SENSES:
        check_short(found.name, metric, asked)
    whole, exact = _least(Search(found, metric, limits["target"], asked), fraction=fraction)
    if "max_occupancy" in limits:
        occupancy = limits["max_occupancy"]
        check_target(found, "occupancy", occupancy, called="max_occupancy")
        busy = Search(found, "occupancy", occupancy, asked)
        whole_busy, exact_busy = _least(busy, fraction=fraction)
        whole, exact = np.maximum(whole, whole_busy), np.maximum(exact, exact_busy)
    floor = limits["min_agents"]
    return np.ceil(np.maximum(whole, floor)).astype(np.int64), np.maximum(exact, floor)


def _wait_quantile(
    found: StaffingModel, metric: str, target: Numbers, threshold_s: Numbers | None
) -> tuple[str, Numbers, Numbers | None]:
    """A quantile the model has no column for, as the share that waits at most that long.

    Examples
    --------
    >>> _wait_quantile(find_model("erlang_a"), "wait_p95_s", 120.0, None)
    ('p_virtual_wait_gt_T', 0.05, 120.0)
    """
    match = re.fullmatch(r"wait_p(\d{1,2}(?:\.\d+)?)_s", str(metric))
    if match is None or metric in found.senses or "sl_virtual" not in found.senses:
        return metric, target, threshold_s
    level = float(match[1]) / 100.0
    seconds = np.asarray(target, dtype=float)
    wrong = ~((seconds > 0.0) & np.isfinite(seconds)) | (level == 0.0)
    if wrong.any():
        message = (
            f"{found.name}: {metric} with a target of {seconds[wrong].ravel()[0]:g}. Give a level "
            "above 0 and seconds above 0."
        )
        raise DataError(message)
    return "p_virtual_wait_gt_T", round(1.0 - level, 12), target


def _least(search: Search, *, fraction: bool) -> tuple[Array, Array]:
    whole = search.whole()
    return whole, search.exact(whole) if fraction else whole


def _read(
    model: str,
    found: StaffingModel,
    values: dict[str, Numbers | None],
    extra: dict[str, Numbers | None],
) -> tuple[Inputs, dict[str, Array]]:
    """Inputs and the target's numbers, all of one length."""
    if extra["target"] is None:
        message = f"{model}: target missing. Give the value that the metric is to reach."
        raise DataError(message)
    given = {k: v for k, v in extra.items() if v is not None}
    shape = np.shape(np.empty(0))
    try:
        arrays = {k: np.asarray(v, dtype=float) for k, v in given.items()}
        everything = [*arrays.values(), *(np.asarray(v) for v in values.values() if v is not None)]
        shape = np.broadcast_shapes(*(a.shape for a in everything))
    except (TypeError, ValueError) as error:
        message = (
            f"{model}: {', '.join(given)} and the load do not fit together or are not numbers. "
            "Give numbers, or arrays of one length."
        )
        raise DataError(message) from error
    spread = {k: None if v is None else np.broadcast_to(v, shape) for k, v in values.items()}
    asked = read_inputs(model, found.needs, spread)
    limits = {k: np.broadcast_to(v, shape).ravel() for k, v in arrays.items()}
    floor = limits["min_agents"]
    wrong = ~((floor >= 0.0) & np.isfinite(floor))
    if wrong.any():
        message = f"{model}: min_agents is {floor[wrong][0]:g}. Write heads, 0 or more."
        raise DataError(message)
    return asked, limits
