"""Erlang A: callers hang up when their patience ends (M/M/n+M)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from wfm.erlang.inputs import Array, Inputs, Sense, spread
from wfm.erlang.integrals import EXACT, Piece, Rule, deviance, excess, free_weight, piece
from wfm.erlang.short import SHORT_SENSES, asks_short, short_levels

_SENSES: dict[str, Sense] = {
    "p_wait": "max",
    "p_immediate": "min",
    "p_abandon": "max",
    "p_served": "min",
    "sl_offered": "min",
    "sl_handled": "min",
    "sl_abandon_counts": "min",
    "sl_excl_short_abandon": "min",
    "sl_virtual": "min",
    "p_virtual_wait_gt_T": "max",
    "asa_served_s": "max",
    "mean_wait_all_s": "max",
    "mean_queue": "max",
    "occupancy": "max",
    **SHORT_SENSES,
}


@dataclass(frozen=True)
class ErlangA:
    """Waits, abandonment and service levels of callers with exponential patience.

    Every column is an integral over the offered wait's density
    ``exp((a/h)(1 - e^-hx) - n x)``, x in units of AHT and h = AHT / patience, taken together with
    the weight of the states with a free agent. It holds for fractional agents too: that is the
    continuous formula (incomplete gamma functions), not an interpolation between whole heads.

    References
    ----------
    Palm (1957); Garnett, Mandelbaum, Reiman (2002); Mandelbaum, Zeltyn, The Palm/Erlang-A Queue
    (2005).

    Examples
    --------
    With a patience equal to the AHT the number in the system is Poisson: one agent and one erlang
    leave a caller without wait with probability 1/e.

    >>> ones = np.ones(1)
    >>> asked = Inputs(load=ones, agents=ones, aht_s=300 * ones, patience_s=300 * ones)
    >>> round(float(ErlangA().columns(asked)["p_immediate"][0]), 12)
    0.367879441171
    """

    name: str = "erlang_a"
    needs: tuple[str, ...] = ("load", "aht_s", "patience_s")
    takes: tuple[str, ...] = ()
    abandons: bool = True
    above_load: bool = False

    @property
    def senses(self) -> Mapping[str, Sense]:
        """Metrics that can be a target."""
        return _SENSES

    def columns(self, asked: Inputs, rule: Rule = EXACT) -> dict[str, Array]:
        """All columns of Erlang A; those with a threshold only when one is given.

        Without load nobody waits. Without agents everyone waits and hangs up; the ASA, of which
        there is none, is given as the mean wait: the patience.
        """
        assert asked.aht_s is not None
        assert asked.patience_s is not None
        live = (asked.load > 0.0) & (asked.agents > 0.0)
        rows = asked.at(live, asked.agents[live])
        idle = dict.fromkeys(
            ("p_immediate", "p_served", "sl_offered", "sl_handled", "sl_abandon_counts"), 1.0
        )
        idle |= {"sl_excl_short_abandon": 1.0, "sl_virtual": 1.0}
        result = spread(live, _columns(rows, rule), idle)
        alone = (asked.load > 0.0) & ~live
        if alone.any():
            patience = asked.patience_s[alone]
            nobody: dict[str, Array | float] = dict.fromkeys(
                ("p_wait", "p_abandon", "p_virtual_wait_gt_T", "occupancy"), 1.0
            )
            nobody |= {"asa_served_s": patience, "mean_wait_all_s": patience}
            nobody["mean_queue"] = asked.load[alone] * patience / asked.aht_s[alone]
            if asked.threshold_s is not None:
                left = -np.expm1(-asked.threshold_s[alone] / patience)
                nobody |= {"p_abandon_within_T": left, "sl_abandon_counts": left}
            for name in result:
                result[name][alone] = nobody.get(name, 0.0)
        if asks_short(asked):
            early = self.columns(replace(asked, threshold_s=asked.short_s, short_s=None), rule)
            result |= short_levels(result, early)
        return result


@dataclass(frozen=True)
class _Share:
    """One part of the waiting calls: weights of all, abandoned, answered, and answered x wait."""

    every: Array
    lost: Array
    answered: Array
    waited: Array

    def __add__(self, other: _Share) -> _Share:
        return _Share(
            self.every + other.every,
            self.lost + other.lost,
            self.answered + other.answered,
            self.waited + other.waited,
        )

    def only(self, rows: np.ndarray) -> _Share:
        """The weights in some rows, 0 elsewhere."""
        parts = (self.every, self.lost, self.answered, self.waited)
        return _Share(*(np.where(rows, part, 0.0) for part in parts))


def _columns(asked: Inputs, rule: Rule) -> dict[str, Array]:
    assert asked.aht_s is not None
    assert asked.patience_s is not None
    a, n = asked.load, asked.agents
    h = asked.aht_s / asked.patience_s
    timed = asked.threshold_s is not None
    z_limit = asked.threshold_s / asked.patience_s if asked.threshold_s is not None else 0.0 * a
    early, late, base = _waits(a, n, h, z_limit, rule)
    scale, free = free_weight(n, a, rule)
    scale = scale - base  # of the free states, relative to the highest point of the waits
    top = np.maximum(scale, 0.0)
    free = free * np.exp(scale - top)
    down = np.exp(-top) / h
    early = _scaled(early, down)
    late = _scaled(late, down)
    wait = early + late
    total = free + wait.every
    served = free + wait.answered
    in_time = free + early.answered
    columns = {
        "p_block": np.zeros_like(a),
        "p_wait": wait.every / total,
        "p_immediate": free / total,
        "p_abandon": wait.lost / total,
        "p_served": served / total,
    }
    if timed:
        stay = np.exp(-z_limit)
        left = early.lost - late.every * np.expm1(-z_limit)
        columns["p_abandon_within_T"] = left / total
        columns["sl_offered"] = in_time / total
        columns["sl_handled"] = in_time / served
        columns["sl_abandon_counts"] = (
            free + early.every - late.every * np.expm1(-z_limit)
        ) / total
        columns["sl_excl_short_abandon"] = in_time / (in_time + stay * late.every)
        columns["sl_virtual"] = (free + early.every) / total
        columns["p_virtual_wait_gt_T"] = late.every / total
    columns["asa_served_s"] = asked.patience_s * wait.waited / served
    columns["mean_wait_all_s"] = asked.patience_s * wait.lost / total
    columns["mean_queue"] = a * wait.lost / total / h
    columns["occupancy"] = a * served / total / n
    return columns


def _waits(
    a: Array, n: Array, h: Array, z_limit: Array, rule: Rule
) -> tuple[_Share, _Share, Array]:
    """Weights of the waits up to and beyond the threshold, relative to exp(base), times h.

    `z` is the offered wait in units of patience, so t = -z. The density rises up to `z_mode` (0
    unless the load exceeds the agents) and falls from there; the pieces begin where it is highest.
    """
    s, eta = n / h, a / h
    over = a > n
    gap = np.abs(n - a)
    z_mode = np.where(over, np.log1p(np.where(over, gap, 0.0) / n), 0.0)
    base = np.zeros_like(a)
    base[over] = deviance(n[over], a[over]) / h[over]
    y_mode = np.divide(n, a, out=np.ones_like(a), where=over)
    lost_mode = np.divide(gap, a, out=np.zeros_like(a), where=over)
    curve_mode = np.where(over, s, eta)
    slope_mode = np.where(over, 0.0, gap / h)
    # At the threshold: share still waiting, how far the density has dropped, its slope there.
    y_limit, lost_limit = np.exp(-z_limit), -np.expm1(-z_limit)
    away = np.where(over, z_mode, 0.0) - z_limit
    drop = slope_mode * z_limit * ~over + curve_mode * excess(away)
    signed_slope = ((n - a) + a * lost_limit) / h
    before = over & (z_limit < z_mode)
    ones, endless = np.ones_like(a), np.full_like(a, np.inf)
    slope_limit = np.where(before, np.maximum(-signed_slope, 0.0), np.maximum(signed_slope, 0.0))
    reached = np.exp(-drop)

    def share(part: Piece, y: Array, lost: Array, z: Array, height: Array) -> _Share:
        answered = y * part.scaled
        waited = z * answered - y * part.distance
        return _Share(
            *(
                height * p
                for p in (part.total, lost * part.total - y * part.growth, answered, waited)
            )
        )

    # From the mode towards shorter waits (only an overload has any), cut at the threshold if
    # that lies there.
    up_length = np.where(over, z_mode - np.where(before, z_limit, 0.0), 0.0)
    up = piece(slope_mode, curve_mode, s, up_length, ones, rule)
    near_up = share(up, y_mode, lost_mode, z_mode, ones)
    # From the mode towards longer waits, cut at the threshold if that lies there.
    down_length = np.where(before, endless, z_limit - z_mode)
    down = piece(slope_mode, curve_mode, s, down_length, -ones, rule)
    near_down = share(down, y_mode, lost_mode, z_mode, ones)
    # From the threshold away from the mode: to longer waits, or to no wait at all.
    far_length = np.where(before, z_limit, endless)
    far = piece(slope_limit, eta * y_limit, s, far_length, np.where(before, ones, -ones), rule)
    beyond = share(far, y_limit, lost_limit, z_limit, reached)
    early = beyond.only(before) + (near_up + near_down).only(~before)
    late = (near_up + near_down).only(before) + beyond.only(~before)
    return early, late, base


def _scaled(share: _Share, by: Array) -> _Share:
    return _Share(share.every * by, share.lost * by, share.answered * by, share.waited * by)
