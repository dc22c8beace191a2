"""Erlang B: a call that finds every agent busy is lost (M/M/n/n)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wfm.erlang.inputs import Array, Inputs, Sense, spread
from wfm.erlang.integrals import EXACT, Rule, free_weight

_SENSES: dict[str, Sense] = {"p_block": "max", "occupancy": "max"}


@dataclass(frozen=True)
class ErlangB:
    """Blocking and occupancy of lines without a queue; whole or fractional agents.

    Fractional agents follow the continuous extension ``1/B = int_0^inf e^-x (1 + x/a)^n dx``.

    References
    ----------
    Erlang (1917); Jagerman, Some properties of the Erlang loss function (1974).

    Examples
    --------
    Two lines, one erlang: 1 in 5 calls is lost.

    >>> asked = Inputs(load=np.array([1.0]), agents=np.array([2.0]))
    >>> round(float(ErlangB().columns(asked)["p_block"][0]), 12)
    0.2
    """

    name: str = "erlang_b"
    needs: tuple[str, ...] = ("load",)
    takes: tuple[str, ...] = ()
    abandons: bool = False
    above_load: bool = False

    @property
    def senses(self) -> Mapping[str, Sense]:
        """Metrics that can be a target."""
        return _SENSES

    def columns(self, asked: Inputs, rule: Rule = EXACT) -> dict[str, Array]:
        """Columns `p_block` and `occupancy`; without load 0, without agents everything is lost."""
        live = asked.load > 0.0
        a, n = asked.load[live], asked.agents[live]
        scale, free = free_weight(n, a, rule)
        full = np.exp(-scale)
        columns = {
            "p_block": full / (full + n * free),
            "occupancy": a * free / (full + n * free),
        }
        return spread(live, columns, {})
