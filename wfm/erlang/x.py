"""Erlang A with callers who call again: after hanging up, or after an answer that did not help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from wfm.erlang.a import ErlangA
from wfm.erlang.inputs import Array, Inputs, Sense
from wfm.erlang.integrals import EXACT, Rule

_QUEUE = ErlangA()
_TURNS = 100  # false position needs about ten


@dataclass(frozen=True)
class ErlangX:
    """Queue with impatient callers, some of whom call again.

    A share `redial` of those who hang up and a share `reconnect` of those who were answered
    call again, as if they were new. The load is the fresh one; the total load x, on which the
    other columns are based, is the root of
    ``x (1 - redial P_abandon(x) - reconnect P_served(x)) = load``. The columns are per call at the
    total load.

    References
    ----------
    Sze (1984), A queueing model for telephone operator staffing; Koole, Call Center Mathematics.

    Examples
    --------
    Nobody reaches an agent and half of the callers try again: 4 erlangs become 8.

    >>> asked = Inputs(load=np.array([4.0]), agents=np.zeros(1), aht_s=np.array([300.0]),
    ...                patience_s=np.array([60.0]), redial=np.array([0.5]))
    >>> round(float(ErlangX().columns(asked)["total_load_erlangs"][0]), 12)
    8.0
    """

    name: str = "erlang_x"
    needs: tuple[str, ...] = ("load", "aht_s", "patience_s")
    takes: tuple[str, ...] = ("redial", "reconnect")
    abandons: bool = True
    above_load: bool = False

    @property
    def senses(self) -> Mapping[str, Sense]:
        """Metrics that can be a target."""
        return _QUEUE.senses

    def columns(self, asked: Inputs, rule: Rule = EXACT) -> dict[str, Array]:
        """All columns of Erlang A at the total load, and `total_load_erlangs`."""
        total = _total_load(asked, rule)
        return {**_QUEUE.columns(replace(asked, load=total), rule), "total_load_erlangs": total}


def _total_load(asked: Inputs, rule: Rule) -> Array:
    """Root of the balance of calls, by false position (Illinois) to rounding."""
    nobody = np.zeros_like(asked.load)
    redial = nobody if asked.redial is None else asked.redial
    reconnect = nobody if asked.reconnect is None else asked.reconnect

    def excess(load: Array, rows: np.ndarray) -> Array:
        part = replace(asked.at(rows, asked.agents[rows]), load=load, threshold_s=None)
        shares = _QUEUE.columns(part, rule)
        again = redial[rows] * shares["p_abandon"] + reconnect[rows] * shares["p_served"]
        missing: Array = load * (1.0 - again) - asked.load[rows]
        return missing

    everyone = np.arange(asked.load.size)
    low = asked.load / (1.0 - np.minimum(redial, reconnect))
    high = asked.load / (1.0 - np.maximum(redial, reconnect))
    f_low, f_high = excess(low, everyone), excess(high, everyone)
    side = np.zeros_like(low)
    for turn in range(_TURNS):
        width = high - low > 1e-15 * high
        at = np.flatnonzero(width & (f_low < 0.0) & (f_high > 0.0))
        if not at.size:
            break
        lo, hi, fl, fh = low[at], high[at], f_low[at], f_high[at]
        guess = (lo * fh - hi * fl) / (fh - fl)
        if turn % 6 == 5:
            guess = (lo + hi) / 2.0
        guess = np.clip(guess, lo, hi)
        value = excess(guess, at)
        above = value >= 0.0
        again = side[at] == np.where(above, 1.0, -1.0)
        f_low[at] = np.where(above, np.where(again, fl / 2.0, fl), value)
        f_high[at] = np.where(above, value, np.where(again, fh / 2.0, fh))
        high[at], low[at] = np.where(above, guess, hi), np.where(above, lo, guess)
        side[at] = np.where(above, 1.0, -1.0)
    return np.where(f_low >= 0.0, low, high)
