"""Whole numbers by the LP: round some columns, solve again around them, until all are whole.

The LP of a day takes the simplex method a tenth of a second and lies close to the best whole
schedule, so a few dozen LPs give a good one where a search from scratch is still far away.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wfm.scheduling.counts.build import KINDS
from wfm.scheduling.counts.linear import (
    WHOLE,
    Running,
    Slice,
    Whole,
    holds,
    narrowed,
    simplex,
    whole,
)

ORDER = ("n", "m", "x", "k", "o", "f")
"""Kinds of columns in the order of rounding; the rest follow from them."""
SHARE = 0.4
"""Of the fractions of a kind, rounded at a time; more when the time runs out."""
FEWER = 5
"""By how much fewer are rounded at a time where so many at once are impossible."""
FEW = 3
"""Fractions left of a kind at which all of it is rounded: one by one, each would make another."""
UP = 0.2
"""How much rather a fraction is rounded up than down."""
NOISE = 0.4
"""Largest random change of that order."""
FRACTION = 1e-5


def round_slice(
    part: Slice, seconds: float, running: Running, *, cutoff: float = np.inf, seed: int = 0
) -> np.ndarray | None:
    """Whole values of a slice near its LP; None if there is no way, no time or nothing cheap.

    Parameters
    ----------
    part
        Columns and rows.
    seconds
        Wall limit.
    running
        Where the call can be stopped.
    cutoff
        Give up where the LP shows that the free columns must cost this much or more.
    seed
        Of the order of rounding; 0 for the plain one.
    """
    low, high = np.ceil(part.row_low - WHOLE), np.floor(part.row_high + WHOLE)
    if (low > high).any():
        return None
    part = replace(part, row_low=low, row_high=high)
    found = round_kinds(part, ORDER, seconds, running, cutoff=cutoff, seed=seed)
    if found is None:
        return None
    result: np.ndarray = np.round(found)
    return result if holds(part, result) else None


def round_kinds(
    part: Slice,
    kinds: Sequence[str],
    seconds: float,
    running: Running,
    *,
    cutoff: float = np.inf,
    seed: int = 0,
    known: np.ndarray | None = None,
) -> np.ndarray | None:
    """Values of a slice near its LP, whole in some kinds of columns one after the other.

    Parameters as for `round_slice`, and `known`: the LP's exact answer, where there is one. None if
    there is no way, no time or nothing cheap.
    """
    rounding = _Rounding(part, time.monotonic() + seconds, running, cutoff, seed)
    if known is not None:
        rounding.values = known
    elif not rounding.begin():
        return None
    return rounding.values if rounding.go(kinds) else None


class _Rounding:
    """One rounding under way: limits narrowed so far and the LP's values within them."""

    def __init__(
        self, part: Slice, until: float, running: Running, cutoff: float, seed: int
    ) -> None:
        self.part = part
        self.since = time.monotonic()
        self.until, self.running, self.cutoff = until, running, cutoff
        self.values = part.low
        random = np.random.default_rng(seed)
        self.noise = random.random(len(part.free)) * (NOISE if seed else 0.0)

    def begin(self) -> bool:
        """Solve the LP; False where that is impossible or too dear."""
        part = self.part
        return not (part.low > part.high).any() and self._narrow(part.low, part.high)

    def go(self, order: Sequence[str]) -> bool:
        """Round kind after kind; False where that is impossible or too dear."""
        kinds = self.part.kind
        for kind in order:
            own = kinds == KINDS.index(kind)
            while len(broken := np.flatnonzero(own & ~self._is_whole())):
                if not self._round(own, broken):
                    return False
            fixed = np.where(own, np.round(self.values), 0.0)
            low, high = np.where(own, fixed, self.part.low), np.where(own, fixed, self.part.high)
            self.part = replace(self.part, low=low, high=high)
        return True

    def _is_whole(self) -> np.ndarray:
        return np.asarray(np.abs(self.values - np.round(self.values)) <= FRACTION)

    def _share(self) -> float:
        spent = (time.monotonic() - self.since) / max(self.until - self.since, FRACTION)
        return float(np.clip(spent + SHARE / 2, SHARE, 1.0))

    def _round(self, own: np.ndarray, broken: np.ndarray) -> bool:
        """Round the surest fractions and keep what is whole; else fewer; else one, either way."""
        above = self.values - np.floor(self.values)
        sure = (np.abs(above - 0.5) + UP * (above > 0.5) + self.noise)[broken]
        order = broken[np.argsort(-sure, kind="stable")]
        some = math.ceil(self._share() * len(order))
        kept = np.flatnonzero(own & self._is_whole() & (self.values > FRACTION))
        near = np.round(self.values)
        other = np.floor(self.values) + np.ceil(self.values) - near
        if len(order) <= FEW and self._fix(np.flatnonzero(own), near, kept[:0]):
            return True
        if self._fix(order[:some], near, kept):
            return True
        while some > 1:
            some = math.ceil(some / FEWER) if some > FEWER else 1
            if self._fix(order[:some], near, kept[:0]):
                return True
        return self._fix(order[:1], other, kept[:0])

    def _fix(self, chosen: np.ndarray, target: np.ndarray, kept: np.ndarray) -> bool:
        low, high = self.part.low.copy(), self.part.high.copy()
        low[kept] = np.round(self.values[kept])
        low[chosen] = high[chosen] = target[chosen]
        return self._narrow(low, high)

    def _narrow(self, low: np.ndarray, high: np.ndarray) -> bool:
        """Solve the LP within narrower limits and take both over; False if nothing cheap is in."""
        left = self.until - time.monotonic()
        if left <= 0 or self.running.stopped:
            return False
        part = replace(self.part, low=low, high=high)
        vertex = simplex(part, left, self.running)
        if vertex is None or vertex.objective >= self.cutoff - FRACTION:
            return False
        self.values = vertex.values
        self.part = narrowed(part, vertex, self.cutoff) if np.isfinite(self.cutoff) else part
        return True


def exact_slice(
    part: Slice, hint: np.ndarray, seconds: float, running: Running, *, seed: int, small_gap: float
) -> Whole | None:
    """The cheapest whole values of a slice, among those that its LP leaves open.

    Parameters
    ----------
    part
        Columns and rows.
    hint
        Whole values that keep all rows and limits.
    seconds
        Wall limit.
    running
        Where the call can be stopped.
    seed
        Of the search.
    small_gap
        Cost difference to the proven best at which to stop [cost units of an interval].
    """
    until = time.monotonic() + seconds
    low, high = np.ceil(part.row_low - WHOLE), np.floor(part.row_high + WHOLE)
    vertex = simplex(replace(part, row_low=low, row_high=high), seconds, running)
    if vertex is not None:
        cost = float(part.cost @ hint)
        if vertex.objective >= cost - small_gap:
            return Whole(hint, proven=True)
        part = narrowed(part, vertex, cost)
    left = until - time.monotonic()
    return whole(part, hint, left, running, seed=seed, small_gap=small_gap)
