"""Scores of past forecasts by how far ahead they looked, and by week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfm.forecast import measures
from wfm.forecast.distribution import LEVELS

LOW, HIGH = LEVELS.index(0.1), LEVELS.index(0.9)
LOW95, HIGH95 = LEVELS.index(0.025), LEVELS.index(0.975)
DECILES = slice(LOW, HIGH + 1)
DECILE_LEVELS = tuple(float(level) for level in LEVELS[LOW : HIGH + 1])


def lead_scores(actual: np.ndarray, mean: np.ndarray, bands: np.ndarray) -> list[dict[str, object]]:
    """Scores of the first day and of each week ahead.

    Parameters
    ----------
    actual, mean
        What came, NaN where unknown, and the forecast; shape (origins, leads, slots).
    bands
        Quantiles at `LEVELS`; shape (origins, leads, slots, levels).

    Returns
    -------
    list of dict
        `lead wape bias coverage80 pinball day_wape n`, one for `day 1` and one for each week.
    """
    leads = actual.shape[1]
    ranges = [("day 1", slice(0, 1))]
    ranges += [(f"week {w + 1}", slice(7 * w, 7 * w + 7)) for w in range(-(-leads // 7))]
    found: list[dict[str, object]] = []
    for name, cut in ranges:
        y, f, q = actual[:, cut], mean[:, cut], bands[:, cut]
        known = np.isfinite(y)
        came, told = (np.where(known, values, 0.0).sum(axis=2) for values in (y, f))
        found.append(
            {
                "lead": name,
                "wape": measures.wape(y, f),
                "bias": measures.bias(y, f),
                "coverage80": measures.coverage(y, q[..., LOW], q[..., HIGH]),
                "pinball": measures.pinball(y, q[..., DECILES], DECILE_LEVELS),
                "day_wape": measures.wape(came, told),
                "n": int(known.sum()),
            }
        )
    return found


def week_scores(errors: pd.DataFrame) -> dict[str, float]:
    """WAPE and bias of the totals of weeks from each origin on; weeks cut short count as they are.

    Parameters
    ----------
    errors
        `origin day actual forecast`, one row a day.

    Examples
    --------
    >>> days = pd.date_range("2026-03-02", periods=2)
    >>> week_scores(pd.DataFrame({"origin": days[0], "day": days, "actual": [10.0, 30.0],
    ...                           "forecast": [14.0, 28.0]}))
    {'week_wape': 0.05, 'week_bias': 0.05}
    """
    if errors.empty:
        return {"week_wape": float("nan"), "week_bias": float("nan")}
    week = (errors["day"] - errors["origin"]).dt.days // 7
    total = errors.groupby([errors["origin"], week])[["actual", "forecast"]].sum()
    return {
        "week_wape": measures.wape(total["actual"], total["forecast"]),
        "week_bias": measures.bias(total["actual"], total["forecast"]),
    }
