"""The one integral behind Erlang B, C and A, to near machine precision and vectorised over rows.

With `s` and `eta` positive, ``f(t) = exp(s t - eta (e^t - 1))`` is the integrand of the incomplete
gamma functions. Over ``t >= 0`` with ``s = n, eta = a`` it gives the weight of "an agent is free";
over ``t <= 0`` with ``s = n/h, eta = a/h`` (h = AHT / patience, ``t = -wait/patience``) it is the
density of the offered wait, so that every share of a queue with impatient callers is an integral of
positive terms: no difference of nearly equal numbers, whatever the size of the centre.

`f` is log-concave. It is cut at its mode and at the threshold into monotone pieces; each piece
begins at its highest point, is followed until it has dropped by ``exp(-45)``, and is integrated by
a composite Gauss-Legendre rule. The exponent is written relative to that point, as slope and
curvature of one sign, which is what Loader's saddle point does for the Poisson distribution.

References
----------
Mandelbaum, Zeltyn: The Palm/Erlang-A queue (2005), section 4 (the offered wait's density).
Loader: Fast and accurate computation of binomial probabilities (2000) (the deviance).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

DROP = 45.0  # a piece is followed until exp(-45) of its highest point: 3e-20
FAR = 40.0  # beyond this, e^-w is below rounding and the rest is a plain exponential
STEEP = 1e5  # above this curvature the pieces are short and exp(u) - 1 - u needs its series
CHUNK = 1024  # rows at a time: the node matrices stay in the processor's cache
_BREAKS = (0.0, 0.15, 0.45, 1.0)

LEAST_LOAD = 1e-290  # erlangs; below it quotients leave what a double holds, and nothing changes


@dataclass(frozen=True)
class Rule:
    """Nodes and weights of a composite Gauss-Legendre rule on [0, 1]."""

    nodes: Array
    weights: Array


def _rule(points: int, breaks: tuple[float, ...] = _BREAKS) -> Rule:
    x, w = np.polynomial.legendre.leggauss(points)
    spans = list(pairwise(breaks))
    nodes = np.concatenate([lo + (hi - lo) * (x + 1.0) / 2.0 for lo, hi in spans])
    weights = np.concatenate([(hi - lo) * w / 2.0 for lo, hi in spans])
    return Rule(nodes, weights)


EXACT = _rule(20)
COARSE = _rule(5, (0.0, 0.3, 1.0))  # about four digits: to find where to look, never to answer


@dataclass(frozen=True)
class Piece:
    """Integrals over a monotone piece, relative to the value of `f` at its start.

    `total` is the integral of f; `growth` of f times (e^u - 1), `scaled` of f e^u and `distance`
    of f u e^u, where u is the signed distance from the start.
    """

    total: Array
    growth: Array
    scaled: Array
    distance: Array


def excess(u: Array) -> Array:
    """``exp(u) - 1 - u`` to full relative precision.

    Examples
    --------
    >>> float(excess(np.array([1e-8]))[0])
    5.000000016666667e-17
    """
    small = np.abs(u) < 0.1
    result = np.expm1(u) - u
    result[small] = _excess_series(u[small], 12)
    return result


def _excess_series(u: Array, terms: int) -> Array:
    total = np.ones_like(u)
    for k in range(terms, 2, -1):
        total *= u / k
        total += 1.0
    return total * u * (u * 0.5)


def deviance(x: Array, mean: Array) -> Array:
    """``x log(x/mean) + mean - x`` to full relative precision (Loader's bd0), x and mean above 0.

    Examples
    --------
    >>> round(float(deviance(np.array([11.0]), np.array([10.0]))[0]), 12)
    0.048411977848
    """
    gap = x - mean
    v = gap / (x + mean)
    near = np.abs(v) < 0.3
    with np.errstate(over="ignore"):
        result = x * np.log(x / mean) - gap
    vn, xn = v[near], x[near]
    total = gap[near] * vn
    term = 2.0 * xn * vn
    for j in range(1, 17):
        term = term * vn * vn
        total = total + term / (2 * j + 1)
    result[near] = total
    return result


def piece(
    slope: Array,
    curve: Array,
    decay: Array,
    length: Array,
    sign: Array,
    rule: Rule = EXACT,
    *,
    moments: bool = True,
) -> Piece:
    """Integrate f from its highest point along one side.

    Parameters
    ----------
    slope
        How fast log f falls at the start (>= 0), shape (n,).
    curve
        eta times e^t at the start: the curvature of log f there (> 0).
    decay
        The `s` of f: the rate of the far tail towards t = -infinity (> 0).
    length
        How far the piece goes (0 or more, infinity allowed).
    sign
        -1 towards t = -infinity, +1 towards t = +infinity.
    rule
        Quadrature rule.
    moments
        Whether more than `total` is wanted; the others are 0 without.

    Returns
    -------
    Piece
        The integrals, each of shape (n,).
    """
    out = np.zeros((4, slope.size))
    there = np.flatnonzero(length > 0.0)
    slope, curve, decay = slope[there], curve[there], decay[there]
    length, sign = length[there], sign[there]
    reach = np.minimum(_reach(slope, curve, decay, sign), length)
    steep = curve > STEEP
    for group, series in ((~steep, False), (steep, True)):
        rows = np.flatnonzero(group)
        for first in range(0, rows.size, CHUNK):
            at = rows[first : first + CHUNK]
            exponent, growth, u = _exponents(
                slope[at], curve[at], reach[at], sign[at], rule, series
            )
            f = np.exp(exponent, out=exponent)
            if moments:
                out[:, there[at]] = _sums(f, growth, u, rule) * reach[at]
            else:
                out[0, there[at]] = np.einsum("ij,j->i", f, rule.weights) * reach[at]
    tail = np.flatnonzero((sign < 0) & (reach >= FAR) & (length > FAR))
    if tail.size:
        s, d, c = decay[tail], slope[tail], curve[tail]
        height = np.exp(-d * FAR - c * (FAR - 1.0))
        rest = height * -np.expm1(-s * (length[tail] - FAR)) / s
        out[0, there[tail]] += rest
        out[1, there[tail]] -= rest
    return Piece(out[0], out[1], out[2], out[3])


def _exponents(
    slope: Array, curve: Array, reach: Array, sign: Array, rule: Rule, series: bool
) -> tuple[Array, Array, Array]:
    """Log f at the nodes, e^u - 1 and u, each of shape (rows, nodes)."""
    w = reach[:, None] * rule.nodes
    u = w * sign[:, None]
    if series:
        above = _excess_series(u, 10)
        growth = above + u
    else:
        growth = np.expm1(u)
        above = growth - u
    above *= curve[:, None]
    w *= slope[:, None]
    above += w
    return np.negative(above, out=above), growth, u


def _sums(f: Array, growth: Array, u: Array, rule: Rule) -> Array:
    """The four integrals of f given at the nodes; f and growth are used up."""
    f *= rule.weights
    total = f.sum(axis=1)
    grown = np.einsum("ij,ij->i", f, growth)
    growth += 1.0
    growth *= f
    scaled = growth.sum(axis=1)
    distance = np.einsum("ij,ij->i", growth, u)
    return np.stack([total, grown, scaled, distance])


def _reach(slope: Array, curve: Array, decay: Array, sign: Array) -> Array:
    """Where log f has dropped by DROP, from above; at most FAR towards -infinity."""
    left = sign < 0
    quadratic = np.where(left, curve / 3.0, curve / 2.0)
    root = 2.0 * DROP / (slope + np.sqrt(slope * slope + 4.0 * quadratic * DROP))
    most = np.log(2.0 * DROP / np.maximum(curve, 1e-290))
    other = np.where(left, (DROP + curve) / np.where(left, decay, 1.0), np.maximum(2.0, most))
    w = np.where(left & (root > 1.0), other, np.minimum(root, other))
    for _ in range(3):  # Newton on a convex increasing function, from above: never too short
        step = np.expm1(sign * w)
        value = slope * w + curve * (step - sign * w) - DROP
        w = w - np.maximum(value, 0.0) / (slope + curve * np.abs(step))
    return np.where(left, np.minimum(w, FAR), w)


def free_weight(agents: Array, load: Array, rule: Rule = EXACT) -> tuple[Array, Array]:
    """Weight of the states with a free agent, relative to a full house of unit inflow.

    The integral over t >= 0 of ``exp(n t - a (e^t - 1))``, which is ``1 / (a B(n-1, a))`` with
    Erlang's loss probability B, for real n > 0.

    Parameters
    ----------
    agents, load
        n > 0 and a > 0, shape (rows,).
    rule
        Quadrature rule.

    Returns
    -------
    tuple of arrays
        `scale` and `value`: the weight is ``value * exp(scale)`` with scale >= 0.
    """
    load = np.maximum(load, LEAST_LOAD)
    spare = agents > load
    zeros = np.zeros_like(load)
    scale = zeros.copy()
    scale[spare] = deviance(agents[spare], load[spare])
    mode = zeros.copy()
    gap = agents - load
    mode[spare] = np.log1p(gap[spare] / load[spare])
    right = piece(
        np.where(spare, 0.0, -gap),
        np.where(spare, agents, load),
        agents,
        np.full_like(load, np.inf),
        np.ones_like(load),
        rule,
        moments=False,
    )
    left = piece(zeros, agents, agents, mode, -np.ones_like(load), rule, moments=False)
    return scale, right.total + left.total
