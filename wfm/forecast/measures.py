"""How good a forecast was: WAPE, bias, coverage, pinball, MASE and RMSSE.

Every function takes the actual values first and leaves out unknown (NaN) ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def _known(actual: ArrayLike, forecast: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    y, f = np.asarray(actual, dtype=float), np.asarray(forecast, dtype=float)
    known = np.isfinite(y) & np.isfinite(f)
    return y[known], f[known]


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")


def wape(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Weighted absolute percentage error: sum of absolute errors / sum of actual values.

    >>> wape([10, 30], [14, 30])
    0.1
    """
    y, f = _known(actual, forecast)
    return _ratio(float(np.abs(y - f).sum()), float(y.sum()))


def bias(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Forecast less actual, as a share of actual; above 0 means forecast too high.

    >>> bias([10, 30], [14, 30])
    0.1
    """
    y, f = _known(actual, forecast)
    return _ratio(float((f - y).sum()), float(y.sum()))


def coverage(actual: ArrayLike, low: ArrayLike, high: ArrayLike) -> float:
    """Share of actual values inside the band, limits rounded outwards to whole contacts.

    >>> coverage([1, 5, 9], [2, 4, 8.5], [6, 6, 8.9])
    0.6666666666666666
    """
    y, a, b = (np.asarray(v, dtype=float) for v in (actual, low, high))
    known = np.isfinite(y) & np.isfinite(a) & np.isfinite(b)
    inside = (y >= np.floor(a)) & (y <= np.ceil(b))
    return _ratio(float(inside[known].sum()), float(known.sum()))


def pinball(actual: ArrayLike, quantiles: ArrayLike, levels: Sequence[float]) -> float:
    """Mean of twice the pinball loss over the levels, as a share of the actual values.

    Parameters
    ----------
    actual
        shape (n,).
    quantiles
        shape (n, len(levels)).
    levels
        Probabilities.

    Examples
    --------
    Of the median it is the absolute error:

    >>> pinball([10, 30], [[14], [30]], [0.5])
    0.1
    """
    y, q = np.asarray(actual, dtype=float), np.asarray(quantiles, dtype=float)
    known = np.isfinite(y)
    level = np.asarray(levels, dtype=float)
    error = y[known, None] - q[known]
    loss = 2 * np.maximum(level * error, (level - 1) * error).mean(axis=1)
    return _ratio(float(loss.sum()), float(y[known].sum()))


def mase(actual: ArrayLike, forecast: ArrayLike, history: np.ndarray) -> float:
    """Mean absolute error / that of last week's value within the history (days x slots).

    Source: Hyndman and Koehler (2006), with a season of 7 days.
    """
    y, f = _known(actual, forecast)
    scale = np.abs(history[7:] - history[:-7])
    known = np.isfinite(scale)
    return _ratio(float(np.abs(y - f).sum() * known.sum()), float(scale[known].sum() * len(y)))


def rmsse(actual: ArrayLike, forecast: ArrayLike, history: np.ndarray) -> float:
    """Root of mean squared error / that of last week's value within the history (days x slots)."""
    y, f = _known(actual, forecast)
    scale = (history[7:] - history[:-7]) ** 2
    known = np.isfinite(scale)
    squares = float(((y - f) ** 2).sum())
    return float(np.sqrt(_ratio(squares * known.sum(), float(scale[known].sum() * len(y)))))
