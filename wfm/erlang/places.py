"""The queue of a centre with finite lines, state by state, vectorised over rows.

The state is the number waiting. Every column is a sum of positive terms over the waiting places:
the weight of finding `j` calls ahead times what then happens. The weights and the law of the wait
of a caller with `j` ahead - a negative binomial sum, Poisson with endless patience - are anchored
where they are largest (the law by Loader's saddle point) and followed from there in logarithms; the
law's far side is a continued fraction. Nothing is a difference of nearly equal numbers.

References
----------
Palm (1957); Gans, Koole, Mandelbaum (2003), section 4.2.2. The incomplete beta function's fraction:
Abramowitz, Stegun 26.5.8. Loader: Fast and accurate computation of binomial probabilities (2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from wfm.erlang.inputs import Array
from wfm.erlang.integrals import LEAST_LOAD, deviance

FRACTION_TURNS = 20_000  # bounds the continued fraction; about sqrt(places) are needed


@dataclass(frozen=True)
class Late:
    """Law of the offered wait of a caller with j = 0, 1, ... calls ahead, shape (rows, places).

    `later`: P(V > T). `sooner`: P(V <= T). `sooner_next`: the same with one call more ahead.
    `stayed`: P(V <= T) where the caller's own patience holds, given that it would hold (the wait
    law of those who are answered).
    """

    later: Array
    sooner: Array
    sooner_next: Array
    stayed: Array


def weights(load: Array, agents: Array, h: Array, places: Array, width: int) -> tuple[Array, Array]:
    """Weights of j = 0 .. `width` waiting, relative to the largest; 0 beyond a row's places.

    Parameters
    ----------
    load, agents, h
        Offered load [erlangs], whole agents, AHT / patience (0: endless patience), shape (rows,).
    places
        Waiting places, shape (rows,), at most `width`.
    width
        Most places of any row.

    Returns
    -------
    tuple of arrays
        `top`, the logarithm of the largest weight when that of nobody waiting is 1, shape (rows,),
        and the weights of shape (rows, width + 1).

    Examples
    --------
    Two erlangs on one agent double the weight with each place.

    >>> one = np.ones(1)
    >>> top, found = weights(2 * one, one, 0 * one, 2 * one, 2)
    >>> found.round(12).tolist()
    [[0.25, 0.5, 1.0]]
    """
    j = np.arange(1.0, width + 1.0)
    rate = agents[:, None] + j * h[:, None]
    rate = np.maximum(rate, 1e-290)  # nobody serves and nobody leaves: the last place is taken
    far = np.abs(load[:, None] - rate) > 0.5 * rate  # near 1 the quotient's logarithm loses digits
    ratio = np.maximum(load, LEAST_LOAD)[:, None] / rate
    steps = np.where(far, np.log(ratio), np.log1p(np.where(far, 0.0, load[:, None] - rate) / rate))
    steps = np.where(j <= places[:, None], steps, 0.0)
    up = np.argmax(np.concatenate([np.zeros((load.size, 1)), np.cumsum(steps, axis=1)], axis=1), 1)
    top = np.where(j <= up[:, None], steps, 0.0).sum(axis=1)
    logs = _from_anchor(steps, up)
    states = np.arange(width + 1.0)
    return top, np.where(states <= places[:, None], np.exp(logs), 0.0)


def _from_anchor(steps: Array, anchor: np.ndarray) -> Array:
    """Logarithms of terms 0 .. width relative to the anchor's, from the logs of their ratios."""
    rows, width = steps.shape
    logs = np.zeros((rows, width + 1))
    index = np.arange(width)
    above = np.where(index >= anchor[:, None], steps, 0.0)
    below = np.where(index < anchor[:, None], steps, 0.0)
    logs[:, 1:] = np.cumsum(above, axis=1)
    logs[:, :-1] -= np.cumsum(below[:, ::-1], axis=1)[:, ::-1]
    return logs


def waits(agents: Array, h: Array, busy: Array, z_limit: Array, places: Array, width: int) -> Late:
    """Law of the wait up to and beyond the threshold for j = 0 .. `width` - 1 calls ahead.

    Parameters
    ----------
    agents, h, places, width
        As for `weights`; fractional agents are a pace of service.
    busy
        agents x threshold / AHT, shape (rows,).
    z_limit
        threshold / patience (0: endless patience), shape (rows,).

    Examples
    --------
    One agent, endless patience, a threshold of one AHT: the agent is free by then with 1 - 1/e.

    >>> one = np.ones(1)
    >>> law = waits(one, 0 * one, one, 0 * one, one, 1)
    >>> float(law.sooner[0, 0].round(12))
    0.632120558829
    """
    lost, kept = -np.expm1(-z_limit), np.exp(-z_limit)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(h > 0.0, agents / h * lost, busy)  # c x, or the Poisson mean
    i = np.arange(1.0, width + 3.0)
    with np.errstate(divide="ignore"):
        steps = np.log((mean[:, None] + (i - 1.0) * lost[:, None]) / i)
    steps = np.where(steps == -np.inf, -1e6, steps)
    mode = np.floor(np.maximum(mean - lost, 0.0) / np.maximum(kept, 1e-300))
    anchor = np.minimum(mode, places + 1.0)
    logs = _from_anchor(steps, anchor.astype(int))
    logs += _log_term(anchor, agents, h, busy, mean, z_limit)[:, None]
    term = np.exp(logs)
    ahead = np.arange(width + 3.0)
    each = np.where(agents > 0.0, agents, 1.0)
    grown = term * kept[:, None] * (1.0 + ahead * (h / each)[:, None])
    c = np.where(h > 0.0, agents / np.where(h > 0.0, h, 1.0), np.inf)
    later, sooner = _sides(term, mean, lost, places, c, z_limit)
    _, stayed = _sides(grown, mean + lost, lost, places, c + 1.0, z_limit)
    return Late(later[:, :width], sooner[:, :width], sooner[:, 1 : width + 1], stayed[:, :width])


def _sides(
    term: Array, mean: Array, lost: Array, places: Array, c: Array, z_limit: Array
) -> tuple[Array, Array]:
    """Sums of the terms 0 .. j, and of those beyond j, for j up to the places + 1."""
    width = term.shape[1]
    last = (places + 1.0).astype(int)
    rows = np.arange(last.size)
    held = np.where(np.arange(width) <= last[:, None], term, 0.0)
    later = np.cumsum(held, axis=1)
    below = later[rows, last]
    most = below > 0.6
    beyond = most & (last * np.exp(-z_limit) >= mean)  # the law's mean lies before the last
    outside = term[rows, last + 1] * _fraction(last + 1.0, mean, lost, beyond)
    rest = np.where(beyond, outside, np.maximum(1.0 - below, 0.0))
    small = np.flatnonzero(most & ~beyond & (c < 0.1))
    if small.size:
        rest[small] = _small_shape(c[small], z_limit[small], places[small] + 1.0)
    sooner = np.zeros_like(later)
    sooner[:, :-1] = np.cumsum(held[:, :0:-1], axis=1)[:, ::-1]
    return np.minimum(later, 1.0), np.minimum(sooner + rest[:, None], 1.0)


def _small_shape(c: Array, z_limit: Array, last: Array) -> Array:
    """Sum of the terms beyond the last where c is small and the mean lies further out.

    Agents are few or slow beside the patience: the law has most of its weight at 0 and a long thin
    tail. ``log P(V > T) = -c z + sum_i log(1 + c / i) + log(1 - c g)`` with an alternating series g
    in powers of ``last e^-z``, which is less than c.
    """
    i = np.arange(1.0, last.max() + 1.0)
    spread = np.where(i <= last[:, None], np.log1p(c[:, None] / i), 0.0).sum(axis=1)
    part, total = np.ones_like(c), np.zeros_like(c)
    for k in range(1, 20):
        part = part * -np.exp(-z_limit) * (last - k + 1.0) / k
        total -= part / (c + k)
    return np.asarray(-np.expm1(-c * z_limit + spread + np.log1p(-c * total)))


def _fraction(a: Array, mean: Array, lost: Array, wanted: np.ndarray) -> Array:
    """Sum of all terms from the a-th on, over the a-th: the fraction of Abramowitz-Stegun 26.5.8.

    Evaluated by Lentz's method until it stands still; 1 where it is not wanted.
    """
    result = np.ones_like(a)
    at = np.flatnonzero(wanted)
    a, m, x = a[at], mean[at], lost[at]
    value, c, d = np.ones_like(a), np.ones_like(a), np.zeros_like(a)
    for turn in range(1, FRACTION_TURNS):
        k = turn // 2
        if turn % 2:
            step = -(a + k) * ((a + k) * x + m) / ((a + 2 * k) * (a + 2 * k + 1))
        else:
            step = k * (m - k * x) / ((a + 2 * k - 1) * (a + 2 * k))
        d = 1.0 / (1.0 + step * d)
        c = 1.0 + step / c
        value = value * c * d
        if np.all(np.abs(c * d - 1.0) < 2e-16):
            break
    result[at] = 1.0 / value
    return result


def _log_term(i: Array, agents: Array, h: Array, busy: Array, mean: Array, z_limit: Array) -> Array:
    """Logarithm of the i-th term of the wait's law: negative binomial, or Poisson where h is 0."""
    result = -busy.copy()
    inner = i > 0.0
    poisson = inner & (h == 0.0)
    x, m = i[poisson], mean[poisson]
    result[poisson] = -stirling(x) - deviance(x, m) - 0.5 * np.log(2.0 * np.pi * x)
    other = inner & (h > 0.0) & (agents > 0.0)
    x, c, z = i[other], agents[other] / h[other], z_limit[other]
    both = c + x
    kept = both * np.exp(-z)
    # deviance(c, kept), which may underflow when the threshold is far beyond the patience
    held = np.where(z > 30.0, c * (np.log(c / both) + z) + kept - c, 0.0)
    held[z <= 30.0] = deviance(c[z <= 30.0], kept[z <= 30.0])
    result[other] = (
        stirling(both)
        - stirling(c)
        - stirling(x)
        - held
        - deviance(x, both * -np.expm1(-z))
        + 0.5 * np.log(c / (2.0 * np.pi * x * both))
    )
    return result


def stirling(x: Array) -> Array:
    """``log Gamma(x + 1) - (x + 1/2) log x + x - log(2 pi) / 2``: Loader's Stirling error, x > 0.

    Examples
    --------
    >>> float(stirling(np.ones(1))[0].round(12))
    0.081061466795
    """
    series = x >= 16.0
    result = np.empty_like(x)
    s = x[~series]
    result[~series] = gammaln(s + 1.0) - (s + 0.5) * np.log(s) + s - 0.5 * np.log(2.0 * np.pi)
    v = 1.0 / (x[series] * x[series])
    total = 1 / 12 - v * (
        1 / 360 - v * (1 / 1260 - v * (1 / 1680 - v * (1 / 1188 - v * 691 / 360360)))
    )
    result[series] = total / x[series]
    return result
