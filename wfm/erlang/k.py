"""Finite lines: at most so many calls in the system, one more is lost (M/M/n/K and M/M/n/K+M)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from wfm.erlang.inputs import Array, Inputs, Sense, spread
from wfm.erlang.integrals import EXACT, Rule, free_weight
from wfm.erlang.places import waits, weights
from wfm.erlang.short import SHORT_SENSES, asks_short, short_levels

MOST_CELLS = 200_000  # rows x waiting places at a time: what the sums hold in memory

_SENSES: dict[str, Sense] = {
    "p_immediate": "min",
    "p_served": "min",
    "sl_offered": "min",
    "sl_handled": "min",
    "sl_virtual": "min",
    "p_virtual_wait_gt_T": "max",
    "asa_served_s": "max",
    "mean_wait_all_s": "max",
    "mean_queue": "max",
    "occupancy": "max",
}
_PATIENT: dict[str, Sense] = {
    "p_block": "max",
    "sl_abandon_counts": "min",
    "sl_excl_short_abandon": "min",
    **SHORT_SENSES,
}
_IMPATIENT: dict[str, Sense] = {"p_abandon": "max"}


@dataclass(frozen=True)
class FiniteLines:
    """Agents behind a limited number of lines; whole agents, linear in between.

    `lines` counts calls being served and calls waiting. A caller who finds all taken is lost. With
    more agents than lines the rest are never busy. Shares are of all offered calls, blocked ones
    too, except `sl_virtual` and `p_virtual_wait_gt_T`, which speak of entered calls.

    Not every column can be a target. P(wait) is small, too, when few agents leave the lines full;
    P(immediate) counts the blocked against the centre. And where callers hang up sooner than they
    would be served, one agent more holds the lines longer and more calls are blocked: with
    patience neither P(block) nor the levels that reward an early hang-up improve with every agent.

    References
    ----------
    Gans, Koole, Mandelbaum (2003), section 4.2.2; Mandelbaum, Zeltyn (2005) for patience.

    Examples
    --------
    One erlang, one agent and one place to wait: all three states are equally likely.

    >>> ones = np.ones(1)
    >>> asked = Inputs(load=ones, agents=ones, aht_s=300 * ones, lines=2 * ones)
    >>> found = FiniteLines("mmnk", impatient=False).columns(asked)
    >>> [round(float(found[name][0]), 12) for name in ("p_block", "p_wait", "mean_queue")]
    [0.333333333333, 0.333333333333, 0.333333333333]
    """

    name: str
    impatient: bool
    takes: tuple[str, ...] = ()
    above_load: bool = False

    @property
    def abandons(self) -> bool:
        """Whether callers hang up."""
        return self.impatient

    @property
    def needs(self) -> tuple[str, ...]:
        """Arguments it cannot do without, besides the agents."""
        return (
            ("load", "aht_s", "patience_s", "lines")
            if self.impatient
            else ("load", "aht_s", "lines")
        )

    @property
    def senses(self) -> Mapping[str, Sense]:
        """Metrics that can be a target."""
        return _SENSES | (_IMPATIENT if self.impatient else _PATIENT)

    def columns(self, asked: Inputs, rule: Rule = EXACT) -> dict[str, Array]:
        """All columns; those with a threshold only when one is given."""
        live = asked.load > 0.0
        rows = asked.at(live, asked.agents[live])
        lower = np.floor(rows.agents)
        share = rows.agents - lower
        found = self._whole(rows, lower, rule)
        between = np.flatnonzero(share > 0.0)
        if between.size:
            part = rows.at(between, rows.agents[between])
            upper = self._whole(part, lower[between] + 1.0, rule)
            f = share[between]
            for column, values in found.items():
                values[between] = (1.0 - f) * values[between] + f * upper[column]
        idle = {name: 1.0 for name in found if name.startswith("sl_")}
        return spread(live, found, idle | {"p_immediate": 1.0, "p_served": 1.0})

    def _whole(self, asked: Inputs, agents: Array, rule: Rule) -> dict[str, Array]:
        """Columns for whole agents, a block of rows with similar places at a time."""
        assert asked.lines is not None
        places = np.maximum(asked.lines - agents, 0.0)
        order = np.argsort(places, kind="stable")
        blocks = []
        first = 0
        while first < order.size:
            sizes = (places[order[first:]] + 3.0) * np.arange(1.0, order.size - first + 1.0)
            count = max(1, int(np.searchsorted(sizes, MOST_CELLS)))
            at = order[first : first + count]
            blocks.append((at, self._block(asked.at(at, agents[at]), rule)))
            first += count
        result: dict[str, Array] = {}
        for at, block in blocks:
            for column, values in block.items():
                result.setdefault(column, np.zeros(places.size))[at] = values
        return result or self._block(asked, rule)

    def _block(self, asked: Inputs, rule: Rule) -> dict[str, Array]:
        assert asked.aht_s is not None
        assert asked.lines is not None
        a, aht = asked.load, asked.aht_s
        n = np.minimum(asked.agents, asked.lines)  # the others never have a call
        h = aht / asked.patience_s if asked.patience_s is not None else np.zeros_like(a)
        places = asked.lines - n
        width = int(places.max(initial=0.0))
        top, w = weights(a, n, h, places, width)
        free = np.zeros_like(a)
        staffed = n > 0.0
        scale, value = free_weight(n[staffed], a[staffed], rule)
        over = np.zeros_like(a)  # of the free states' scale above the queue's largest weight
        log_free = np.log(n[staffed] * value) + scale - top[staffed]
        over[staffed] = np.maximum(log_free, 0.0)
        free[staffed] = np.exp(log_free - over[staffed])
        w *= np.exp(-over)[:, None]
        blocked = w[np.arange(a.size), places.astype(int)]
        ahead = np.arange(float(width))
        found = np.where(ahead < places[:, None], w[:, :width], 0.0)  # joins with j ahead
        leaving = np.maximum(n[:, None] + (ahead + 1.0) * h[:, None], 1e-300)
        answered = n[:, None] / leaving
        hang_up = (ahead + 1.0) * h[:, None] / leaving
        waiting = found.sum(axis=1)
        entered = free + waiting
        total = entered + blocked
        served = free + (found * answered).sum(axis=1)
        columns = {
            "p_block": blocked / total,
            "p_wait": waiting / total,
            "p_immediate": free / total,
            "p_abandon": (found * hang_up).sum(axis=1) / total,
            "p_served": served / total,
        }
        if asked.threshold_s is not None:
            z_limit = asked.threshold_s * h / aht
            lost, kept = -np.expm1(-z_limit)[:, None], np.exp(-z_limit)[:, None]
            law = waits(n, h, n * asked.threshold_s / aht, z_limit, places, width)
            in_time = found * answered * law.stayed
            left = found * (hang_up * law.sooner_next + lost * law.later)
            soon = free + in_time.sum(axis=1)
            stays = soon + blocked + (found * kept * law.later).sum(axis=1)
            columns["p_abandon_within_T"] = left.sum(axis=1) / total
            columns["sl_offered"] = soon / total
            columns["sl_handled"] = _ratio(soon, served)
            columns["sl_abandon_counts"] = (free + (in_time + left).sum(axis=1)) / total
            columns["sl_excl_short_abandon"] = _ratio(soon, stays)
            columns["sl_virtual"] = _ratio(free + (found * law.sooner).sum(axis=1), entered)
            columns["p_virtual_wait_gt_T"] = _ratio((found * law.later).sum(axis=1), entered)
        turn = np.where(staffed[:, None], np.cumsum(1.0 / leaving, axis=1), 0.0)
        columns["asa_served_s"] = aht * _ratio((found * answered * turn).sum(axis=1), served)
        columns["mean_wait_all_s"] = aht * _ratio((found * (ahead + 1.0) / leaving).sum(1), entered)
        columns["mean_queue"] = (w * np.arange(width + 1.0)).sum(axis=1) / total
        columns["occupancy"] = a * served / total / np.maximum(asked.agents, 1.0)
        alone = {"occupancy": 1.0, "p_virtual_wait_gt_T": 1.0}
        for name in ("asa_served_s", "mean_wait_all_s"):  # as long as callers stay: for ever
            alone[name] = np.inf
        for name in alone.keys() & columns.keys():
            columns[name][~staffed] = alone[name]
        if asked.patience_s is not None:
            for name in ("asa_served_s", "mean_wait_all_s"):
                columns[name][~staffed] = asked.patience_s[~staffed]
        if asks_short(asked):
            early = replace(asked, threshold_s=asked.short_s, short_s=None)
            columns |= short_levels(columns, self._block(early, rule))
        return columns


def _ratio(part: Array, whole: Array) -> Array:
    """Quotient; 0 where there is nothing to divide by."""
    there = whole > 0.0
    return np.where(there, part, 0.0) / np.where(there, whole, 1.0)
