"""Chat: agents who hold several conversations at once, each a little longer for it.

The state is the number of chats in progress or waiting. Chats are spread as evenly as possible over
the agents, so that with x in progress some hold ``x div n`` and the others one more, and each chat
ends at the pace of an agent who holds that many. A chat beyond the limit waits, with exponential
patience. The chain is exact for that; without moving chats between agents the truth lies within
a few tenths of a percent.

References
----------
Luo, Zhang (2013), Staffing and control of instant messaging contact centers; Tezcan, Zhang (2014).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.erlang.inputs import TINY, Array, Inputs, Sense, is_share, one_number
from wfm.erlang.places import waits
from wfm.erlang.short import LEVEL_SENSES, SHORT_SENSES, check_short, levels_of

MOST_AGENTS = 20_000
CHAT_SENSES: dict[str, Sense] = {
    "p_wait": "max",
    "p_abandon": "max",
    "mean_wait_all_s": "max",
    "slot_utilisation": "max",
    **LEVEL_SENSES,
}


def evaluate_chat(
    *,
    arrivals_per_h: npt.ArrayLike,
    agents: npt.ArrayLike,
    aht_s: Sequence[float],
    patience_s: float,
    threshold_s: float,
    short_s: float | None = None,
) -> pd.DataFrame:
    """What customers of a chat queue meet with these agents.

    Parameters
    ----------
    arrivals_per_h
        Chats arriving in an hour.
    agents
        Whole heads on chats.
    aht_s
        Mean handle time of a chat [s] while its agent holds 1, 2, ... chats; its length is the
        limit of chats an agent holds at once.
    patience_s
        Mean time a customer would wait for the first answer [s].
    threshold_s
        The wait that still counts [s].
    short_s
        The wait up to which leaving is a short abandon [s], for `sl_short_counts` and
        `sl_excl_short`.

    Returns
    -------
    pandas.DataFrame
        One row for each element of the broadcast and flattened `arrivals_per_h` and `agents`:
        shares `p_wait p_abandon`, `slot_utilisation` (chats in progress / places for them),
        `mean_wait_all_s` [s], and the service levels `sl_offered sl_handled sl_abandon_counts
        sl_excl_short_abandon`, with `short_s` also `sl_short_counts sl_excl_short`.

    Raises
    ------
    DataError
        Numbers that cannot be.

    Examples
    --------
    One agent with one chat at a time is Erlang A: as many arrive as can be handled, and with a
    patience of one handle time nobody is without wait but 1 in e.

    >>> one = evaluate_chat(arrivals_per_h=12, agents=1, aht_s=[300], patience_s=300, threshold_s=0)
    >>> one["sl_offered"].round(6).tolist()
    [0.367879]
    """
    rate, heads, aht = _checked(arrivals_per_h, agents, aht_s, patience_s, threshold_s, short_s)
    rows = [
        _one(r / 3600.0, int(n), aht, patience_s, threshold_s, short_s)
        for r, n in zip(rate.tolist(), heads.tolist(), strict=True)
    ]
    return pd.DataFrame(rows, columns=[c for c in CHAT_SENSES if _defined(c, short_s)])


def required_chat_agents(
    *,
    metric: str,
    target: float,
    arrivals_per_h: npt.ArrayLike,
    aht_s: Sequence[float],
    patience_s: float,
    threshold_s: float = 0.0,
    short_s: float | None = None,
    min_agents: int = 0,
) -> npt.NDArray[np.int64]:
    """Least whole agents on chats that meet a target.

    Parameters
    ----------
    metric, target
        A column of `evaluate_chat` and its least or most value.
    arrivals_per_h, aht_s, patience_s, threshold_s, short_s
        As for `evaluate_chat`. The search needs a rate that grows with the chats an agent
        holds, n / AHT_n: otherwise more at once would get less done.
    min_agents
        Heads never to go below.

    Returns
    -------
    array of int
        `min_agents` without arrivals.

    Raises
    ------
    DataError
        Numbers that cannot be, an unknown metric, or handle times that make an agent slower with
        more chats.

    Examples
    --------
    >>> required_chat_agents(metric="sl_offered", target=0.8, arrivals_per_h=[0, 120, 600],
    ...                      aht_s=[300, 350], patience_s=600, threshold_s=30).tolist()
    [0, 8, 31]
    """
    rate, _, aht = _checked(arrivals_per_h, 1, aht_s, patience_s, threshold_s, short_s)
    if metric not in CHAT_SENSES:
        message = f"chat: metric {metric!r} is not known. Use one of: {', '.join(CHAT_SENSES)}."
        raise DataError(message)
    share = is_share(metric) or metric == "slot_utilisation"
    example = "0.8" if CHAT_SENSES[metric] == "min" else "0.05"
    write = f"a share above 0 and below 1, for example {example}" if share else "seconds above 0"
    most = 1.0 if share else np.inf
    target = one_number("chat", f"the target of {metric}", target, write, least=TINY, below=most)
    one_number("chat", "min_agents", min_agents, "whole heads, 0 or more", whole=True)
    if metric in SHORT_SENSES:
        times = (None if t is None else np.full(rate.size, t) for t in (threshold_s, short_s))
        limits = dict(zip(("threshold_s", "short_s"), times, strict=True))
        check_short("chat", metric, Inputs(load=rate, agents=np.ones_like(rate), **limits))
    pace = np.arange(1, aht.size + 1) / aht
    if np.any(np.diff(pace) <= 0.0):
        held = int(np.flatnonzero(np.diff(pace) <= 0.0)[0]) + 1
        message = (
            f"chat: an agent with {held + 1} chats gets no more done than with {held}. Lower the "
            f"limit to {held}, or correct the handle times."
        )
        raise DataError(message)
    sign = 1.0 if CHAT_SENSES[metric] == "min" else -1.0

    def met(arrivals: float, n: int) -> bool:
        value = _one(arrivals, n, aht, patience_s, threshold_s, short_s)[metric]
        return sign * (value - target) >= 0.0

    result = np.full(rate.size, min_agents, dtype=np.int64)
    for k, arrivals in enumerate((rate / 3600.0).tolist()):
        if arrivals == 0.0:
            continue
        low, high = 0, max(1, int(arrivals / pace[-1]))
        while not met(arrivals, high):
            low, high = high, high + max(1, high // 4)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if met(arrivals, middle) else (middle, high)
        result[k] = max(high, min_agents)
    return result


def _defined(column: str, short_s: float | None) -> bool:
    """Whether a column can be told: two service levels need to know a short abandon."""
    return short_s is not None or column not in SHORT_SENSES


def _one(
    rate: float,
    n: int,
    aht: Array,
    patience_s: float,
    threshold_s: float,
    short_s: float | None = None,
) -> dict[str, float]:
    """Measures of one row; `rate` in chats a second."""
    if rate == 0.0:
        return dict.fromkeys(CHAT_SENSES, 0.0) | dict.fromkeys(LEVEL_SENSES, 1.0)
    limit = aht.size
    full = n * limit
    x = np.arange(1, full + 1)
    held, more = np.divmod(x, n)
    paces = np.concatenate([[0.0], np.arange(1, limit + 1) / aht, [0.0]])
    ends = (n - more) * paces[held] + more * paces[held + 1]
    steps = np.log(rate / ends)
    mean = rate * patience_s  # what would wait if nobody were served
    places = int(max(0.0, mean - ends[-1] * patience_s) + 10.0 * np.sqrt(mean) + 50.0)
    leaving = ends[-1] + np.arange(1, places + 1) / patience_s
    queue = np.cumsum(np.log(rate / leaving)) + np.sum(steps)
    logs = np.concatenate([[0.0], np.cumsum(steps), queue])
    p = np.exp(logs - logs.max())
    p /= p.sum()
    waiting = p[full:]
    j = np.arange(waiting.size)
    mean_queue = float((waiting * j).sum())
    pace = ends[-1] * patience_s  # of a full house, in chats ended within a patience
    served = pace / (pace + j + 1.0)
    free = float(p[:full].sum())
    busy = float((p[: full + 1] * np.arange(full + 1)).sum() + full * waiting[1:].sum())
    stayed, left = _within(waiting, pace, threshold_s / patience_s)
    short = None if short_s is None else _within(waiting, pace, short_s / patience_s)[1]
    levels = levels_of(
        np.array([free + stayed]),
        np.array([free + float((waiting * served).sum())]),
        np.ones(1),
        np.array([left]),
        None if short is None else np.array([short]),
    )
    return {
        "p_wait": float(waiting.sum()),
        "p_abandon": mean_queue / patience_s / rate,
        "mean_wait_all_s": mean_queue / rate,
        "slot_utilisation": busy / full,
        **{name: float(level[0]) for name, level in levels.items()},
    }


def _within(waiting: Array, pace: float, limit: float) -> tuple[float, float]:
    """Shares answered and abandoned after a wait up to a limit, in units of patience.

    To a waiting chat the full house is one Erlang A queue: it ends chats at a constant pace.
    """
    one, j = np.ones(1), np.arange(float(waiting.size))
    law = waits(pace * one, one, pace * limit * one, limit * one, j[-1:] + 1.0, j.size)
    served = pace / (pace + j + 1.0)
    gone = (1.0 - served) * law.sooner_next[0] - np.expm1(-limit) * law.later[0]
    return float((waiting * served * law.stayed[0]).sum()), float((waiting * gone).sum())


def _checked(
    arrivals_per_h: npt.ArrayLike,
    agents: npt.ArrayLike,
    aht_s: Sequence[float],
    patience_s: float,
    threshold_s: float,
    short_s: float | None,
) -> tuple[Array, Array, Array]:
    try:
        rate, heads = np.broadcast_arrays(
            np.asarray(arrivals_per_h, dtype=float), np.asarray(agents, dtype=float)
        )
        aht = np.atleast_1d(np.asarray(aht_s, dtype=float))
    except (TypeError, ValueError) as error:
        message = (
            "chat: arrivals_per_h, agents or aht_s do not fit together or are not numbers. Give "
            "numbers, or arrays of one length."
        )
        raise DataError(message) from error
    rate, heads = rate.ravel(), heads.ravel()
    if not aht.size:
        message = "chat: aht_s is empty. Write the handle time with 1 chat, with 2, and so on."
        raise DataError(message)
    one_number("chat", "patience_s", patience_s, "seconds above 0", least=TINY)
    one_number("chat", "threshold_s", threshold_s, "seconds, 0 or more")
    if short_s is not None:
        one_number("chat", "short_s", short_s, "seconds, 0 or more")
    for name, wrong, value, cure in (
        ("arrivals_per_h", ~((rate >= 0.0) & np.isfinite(rate)), rate, "contacts, 0 or more"),
        (
            "agents",
            ~((heads >= 1.0) & (heads <= MOST_AGENTS) & (heads == np.floor(heads))),
            heads,
            f"whole heads, 1 to {MOST_AGENTS:,}",
        ),
        ("aht_s", ~((aht > 0.0) & np.isfinite(aht)), aht, "seconds above 0 for 1, 2, ... chats"),
    ):
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            message = f"chat: {name} is {value[first]:g} in row {first}. Write {cure}."
            raise DataError(message)
    return rate, heads, aht
