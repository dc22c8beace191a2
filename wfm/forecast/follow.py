"""How far the rest of a day follows what has come of it: the best linear prediction, learned."""

from __future__ import annotations

import numpy as np

from wfm.forecast.dependence import Dependence
from wfm.forecast.distribution import FAR, FEW
from wfm.forecast.rerun import Past

CUTS = (0.2, 0.4, 0.6, 0.8)
"""Shares of a day's open intervals at which following was tried out."""
LEADS = 7
LEAST_SLOTS = 4
PRIOR, PRIOR_DAYS = 0.5, 20.0
"""Share of the predicted move that is taken before any day is seen, and the days it is worth."""
MOST_ERROR = 0.5
"""A rest of a day that is off by more, as a share of the day, counts as that much."""


def covariance(volume: np.ndarray, day: float, part: float, own: float, rho: float) -> np.ndarray:
    """Covariance of the errors of one day's intervals.

    Parameters
    ----------
    volume
        Forecast of each interval; shape (n,).
    day, part, own
        Variances of the day's part, the lasting part and the interval's own, as shares.
    rho
        Correlation of the lasting part from one interval to the next.

    Examples
    --------
    Ten calls have a counting variance of ten; a day that may be 10 % off adds one.

    >>> covariance(np.array([10.0, 10.0]), 0.01, 0.0, 0.0, 0.8)
    array([[11.,  1.],
           [ 1., 11.]])
    """
    place = np.arange(len(volume))
    lasting = rho ** np.abs(place[:, None] - place[None, :])
    share = day + part * lasting + own * np.eye(len(volume))
    return np.asarray(share * volume[:, None] * volume[None, :] + np.diag(np.maximum(volume, 1e-9)))


def surprise(came: np.ndarray, volume: np.ndarray) -> np.ndarray:
    """Errors of the intervals that have come; a wild one counts as a large one."""
    return np.asarray(np.minimum(came, FAR * volume + FEW) - volume)


def follow_shares(past: Past, learned: Dependence) -> dict[str, float]:
    """Share of the predicted move of the rest of the day that past days bore out, by cut.

    Parameters
    ----------
    past
        Forecasts of past origins and what came; the first week of each is used.
    learned
        How the errors go together.

    Returns
    -------
    dict
        `follow_20` to `follow_80`: after so many hundredths of the day's open intervals.
    """
    slots = past.forecast.shape[2]
    forecast = past.forecast[:, :LEADS].reshape(-1, slots)
    actual = past.actual[:, :LEADS].reshape(-1, slots)
    day, part, own = (float(v[0]) for v in learned.at(np.array([0])))
    told: dict[float, list[tuple[float, float]]] = {cut: [] for cut in CUTS}
    for f, y in zip(forecast, actual, strict=True):
        known = np.isfinite(y) & (f > 0)
        if known.sum() < LEAST_SLOTS:
            continue
        f, y = f[known], y[known]
        cover = covariance(f, day, part, own, learned.rho)
        for cut in CUTS:
            end = min(max(round(cut * len(f)), 1), len(f) - 1)
            weight = np.linalg.solve(cover[:end, :end], cover[:end, end:].sum(axis=1))
            moved = float(weight @ surprise(y[:end], f[:end])) / f.sum()
            came = float((y[end:] - f[end:]).sum() / f.sum())
            told[cut].append((moved, float(np.clip(came, -MOST_ERROR, MOST_ERROR))))
    return {f"follow_{round(100 * cut)}": _slope(pairs) for cut, pairs in told.items()}


def _slope(pairs: list[tuple[float, float]]) -> float:
    if not pairs:
        return PRIOR
    moved, came = np.array(pairs).T
    scale = float((moved**2).mean())
    if scale <= 0:
        return PRIOR
    own, size = float(moved @ came) / scale, float(len(moved))
    return float(np.clip((own + PRIOR_DAYS * PRIOR) / (size + PRIOR_DAYS), 0.0, 1.2))
