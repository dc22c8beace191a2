"""Day totals split into parts that add up."""

from __future__ import annotations

import numpy as np
import pandas as pd


def day_parts(
    total: np.ndarray, ordinary: np.ndarray, season: np.ndarray, days: pd.DatetimeIndex
) -> pd.DataFrame:
    """Split day totals into level, trend, weekday, season and calendar.

    Parameters
    ----------
    total
        Contacts of each day that is forecast; shape (n,).
    ordinary
        The same with every holiday and event left out; shape (n,).
    season
        Factor of the time of the year on each day; shape (n,), 1 where a model knows none.
    days
        The days.

    Examples
    --------
    >>> days = pd.date_range("2026-06-01", periods=2)
    >>> day_parts(np.array([90.0, 55.0]), np.array([90.0, 110.0]), np.ones(2), days)
       level  trend  weekday  season  calendar
    0  100.0    0.0    -10.0     0.0       0.0
    1  100.0    0.0     10.0     0.0     -55.0
    """
    if not len(days):
        names = ["level", "trend", "weekday", "season", "calendar"]
        return pd.DataFrame({name: np.zeros(0) for name in names})
    number = np.asarray((days - days[0]).days)
    last = max(int(number[-1]) - 6, 0)
    first = np.clip(number - 3, 0, last)
    inside = (number[None, :] >= first[:, None]) & (number[None, :] < first[:, None] + 7)
    week = (inside * ordinary).sum(axis=1) / inside.sum(axis=1)
    start = inside[0]
    factor = season / season[start].mean()
    level = week[0]
    steady = week / factor
    return pd.DataFrame(
        {
            "level": np.full(len(total), level),
            "trend": steady - level,
            "weekday": ordinary - week,
            "season": week - steady,
            "calendar": total - ordinary,
        }
    )
