"""Erlang C: every caller waits until answered (M/M/n)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wfm.erlang.inputs import Array, Inputs, Sense, spread
from wfm.erlang.integrals import EXACT, Rule, free_weight
from wfm.erlang.short import SHORT_SENSES, asks_short

_QUANTILES = {
    "wait_p50_s": 0.5,
    "wait_p80_s": 0.2,
    "wait_p90_s": 0.1,
    "wait_p95_s": 0.05,
    "wait_p99_s": 0.01,
}
_SENSES: dict[str, Sense] = {
    "p_wait": "max",
    "p_immediate": "min",
    "sl_offered": "min",
    "sl_virtual": "min",
    "p_virtual_wait_gt_T": "max",
    "asa_served_s": "max",
    "mean_wait_all_s": "max",
    "mean_queue": "max",
    "occupancy": "max",
    **dict.fromkeys(_QUANTILES, "max"),
    **SHORT_SENSES,
}


@dataclass(frozen=True)
class ErlangC:
    """Waits of patient callers; whole or fractional agents, more than the load.

    With agents not above the load the queue grows without end: `columns` then returns that limit
    (everyone waits for ever), which a search needs; `evaluate` refuses such rows.

    References
    ----------
    Erlang (1917); Cooper, Introduction to Queueing Theory (1981), ch. 3. For fractional agents
    ``C = n B / (n - a (1 - B))`` with the continuous Erlang B.

    Examples
    --------
    Two agents, one erlang: the classic value is one third.

    >>> asked = Inputs(load=np.ones(1), agents=np.array([2.0]), aht_s=np.array([300.0]))
    >>> round(float(ErlangC().columns(asked)["p_wait"][0]), 12)
    0.333333333333
    """

    name: str = "erlang_c"
    needs: tuple[str, ...] = ("load", "aht_s")
    takes: tuple[str, ...] = ()
    abandons: bool = False
    above_load: bool = True

    @property
    def senses(self) -> Mapping[str, Sense]:
        """Metrics that can be a target."""
        return _SENSES

    def columns(self, asked: Inputs, rule: Rule = EXACT) -> dict[str, Array]:
        """All columns of Erlang C; those with a threshold only when one is given."""
        assert asked.aht_s is not None
        live = (asked.load > 0.0) & (asked.agents > asked.load)
        a, n, aht = asked.load[live], asked.agents[live], asked.aht_s[live]
        spare = n - a
        scale, free = free_weight(n, a, rule)
        queue = np.exp(-scale) / spare
        p_wait = queue / (queue + free)
        p_immediate = free / (queue + free)
        mean_wait = p_wait * aht / spare
        columns = {"p_wait": p_wait, "p_immediate": p_immediate}
        if asked.threshold_s is not None:
            decay = spare * asked.threshold_s[live] / aht
            columns["sl_offered"] = p_immediate - p_wait * np.expm1(-decay)
            columns["sl_virtual"] = columns["sl_offered"]
            columns["p_virtual_wait_gt_T"] = p_wait * np.exp(-decay)
        if asks_short(asked):  # nobody abandons
            columns |= dict.fromkeys(SHORT_SENSES, columns["sl_offered"])
        columns["asa_served_s"] = mean_wait
        columns["mean_wait_all_s"] = mean_wait
        columns["mean_queue"] = p_wait * a / spare
        columns["occupancy"] = a / n
        for name, late in _QUANTILES.items():
            with np.errstate(divide="ignore"):
                wait = np.log(p_wait / late) * aht / spare
            columns[name] = np.where(p_wait > late, wait, 0.0)
        idle = {name: 1.0 for name in columns if name.startswith("sl_")}
        result = spread(live, columns, idle | {"p_immediate": 1.0})
        over = (asked.load > 0.0) & ~live
        for name in result:
            endless = name.endswith("_s") or name == "mean_queue"
            certain = name in ("p_wait", "p_virtual_wait_gt_T", "occupancy")
            result[name][over] = np.inf if endless else float(certain)
        return result
