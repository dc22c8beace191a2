"""Many loads, one question: the least agents as a staircase of the load.

When a year of intervals shares its handle time, patience and target, only the load differs from row
to row, and more load never needs fewer agents. It is then enough to find the edges of the
staircase - for each number of agents the most load that it carries - and to look every row up
between them. There are far fewer edges than rows.

An edge is found to a ten-millionth of the load and proved: the agents meet the target on its near
side and miss it on its far side. Rows that lie closer to an edge than that, or beside an edge whose
proof failed, are answered one by one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from wfm.erlang.inputs import Array

NEAR = 1e-7  # relative distance from an edge within which a row is answered by itself
CORNERS = 48  # edges found one by one; the others lie between them
LEAST_ROWS = 512  # fewer are answered one by one
_TURNS = 80

Margin = Callable[[Array, Array], Array]  # (loads, agents) -> 0 or more where the target is met


def look_up(
    load: Array, ends: tuple[float, float], margin: Margin, coarse: Margin
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Least agents for each load, and where that is proved.

    Parameters
    ----------
    load
        Loads above 0, shape (n,).
    ends
        Least agents for the smallest and for the largest of them.
    margin, coarse
        How far the metric is on the right side of its target; never rising with the load. `coarse`
        is cheaper and good to a few digits.

    Returns
    -------
    tuple of arrays
        Agents, and True where they are proved, each of shape (n,).

    Examples
    --------
    Agents that carry nine tenths of their number:

    >>> def carry(load, agents):
    ...     return 0.9 * agents - load
    >>> found, sure = look_up(np.array([1.0, 1.9, 3.6, 4.2]), (2.0, 5.0), carry, carry)
    >>> found.tolist(), sure.tolist()
    ([2.0, 3.0, 4.0, 5.0], [True, True, False, True])
    """
    first, last = ends
    agents = np.arange(first, last)
    if not agents.size:
        return np.full(load.shape, first), np.ones(load.shape, dtype=bool)
    low, high = float(load.min()), float(load.max())
    corners = np.unique(np.rint(np.linspace(first**0.5, (last - 1.0) ** 0.5, CORNERS) ** 2))
    share = (corners - first + 0.5) / agents.size
    guess = _edges(corners, (low, high), coarse, low + (high - low) * share, 1e-3)
    edges = _between(corners, _edges(corners, (low, high), margin, guess, NEAR / 4.0), agents)
    proved = _proved(edges, agents, margin)
    weak = ~proved
    edges[weak] = _edges(agents[weak], (low, high), margin, edges[weak], NEAR / 4.0)
    proved[weak] = _proved(edges[weak], agents[weak], margin)
    place = np.searchsorted(edges, load)
    sure: npt.NDArray[np.bool_] = np.ones(load.shape, dtype=bool)
    for beside in (place - 1, place):
        at = np.clip(beside, 0, agents.size - 1)
        sure = sure & proved[at] & (np.abs(load - edges[at]) > NEAR * edges[at])
    least: Array = first + place.astype(float)
    return least, sure


def _proved(edges: Array, agents: Array, margin: Margin) -> npt.NDArray[np.bool_]:
    """Whether the agents meet the target just below each edge and miss it just above."""
    meets = margin(edges * (1.0 - NEAR), agents) >= 0.0
    misses = margin(edges * (1.0 + NEAR), agents) < 0.0
    return np.asarray(meets & misses)


def _between(corners: Array, edges: Array, agents: Array) -> Array:
    """Edges of all agents by cubic interpolation of the square-root rule's factor.

    ``(agents - edge) / sqrt(agents)`` changes slowly with the logarithm of the agents.
    """
    if corners.size == agents.size or corners.size < 4:
        return np.interp(agents, corners, edges)
    x, y, at = np.log(corners), (corners - edges) / np.sqrt(corners), np.log(agents)
    start = np.clip(np.searchsorted(x, at) - 2, 0, x.size - 4)
    factor = np.zeros_like(at)
    for i in range(4):
        term = y[start + i]
        for j in range(4):
            if i != j:
                term = term * (at - x[start + j]) / (x[start + i] - x[start + j])
        factor += term
    return np.asarray(agents - factor * np.sqrt(agents))


def _edges(
    agents: Array, ends: tuple[float, float], margin: Margin, guess: Array, close: float
) -> Array:
    """Load that each number of agents just carries, by false position from a guess.

    Outwards from the guess until the edge is bracketed; it lies between the smallest and the
    largest load.
    """
    least, most = ends
    guess = np.clip(guess, least, most)
    low, high = np.full_like(guess, least), np.full_like(guess, most)  # meets, misses
    f_low, f_high = np.full_like(guess, np.nan), np.full_like(guess, np.nan)
    step = 1e-5 * guess if close < 1e-4 else 0.25 * np.sqrt(guess)
    side = np.zeros_like(guess)
    for turn in range(_TURNS):
        at = np.flatnonzero(high - low > close * low)
        if not at.size:
            break
        value = margin(guess[at], agents[at])
        met = value >= 0.0
        again = side[at] == np.where(met, 1.0, -1.0)  # Illinois: halve the side that stands still
        f_low[at] = np.where(met, value, np.where(again, f_low[at] / 2.0, f_low[at]))
        f_high[at] = np.where(met, np.where(again, f_high[at] / 2.0, f_high[at]), value)
        low[at], high[at] = np.where(met, (guess[at], high[at]), (low[at], guess[at]))
        side[at] = np.where(met, 1.0, -1.0)
        lo, hi, wide = low[at], high[at], step[at]
        part = f_low[at] / (f_low[at] - f_high[at])
        between = lo + (hi - lo) * (np.clip(part, 0.0, 1.0) if turn % 6 != 5 else 0.5)
        outwards = np.where(met, np.minimum(lo + wide, hi), np.maximum(hi - wide, lo))
        unknown = np.isnan(part)
        new = np.where(unknown, outwards, between)
        inner = close / 4.0 * lo
        guess[at] = np.where(unknown, new, np.clip(new, lo + inner, np.maximum(hi - inner, lo)))
        step[at] = np.where(unknown, 4.0 * wide, wide)
    return np.asarray((low + high) / 2.0)
