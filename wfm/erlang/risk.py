"""The two parts of a forecast's error, read from its bands: the day's and the interval's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import Forecast
from wfm.erlang.inputs import Array
from wfm.erlang.spreads import Quantiles

_LEAST = 1e-3  # a quantile of 0 as a factor: its logarithm would be endless


@dataclass(frozen=True)
class Risk:
    """Factors on the mean load of each row of a forecast.

    Parameters
    ----------
    total
        Of the interval's volume as a whole: the forecast's own bands.
    day
        Of the day's total, common to its intervals.
    interval
        Of the interval beside its day.
    """

    total: Quantiles
    day: Quantiles
    interval: Quantiles

    def at(self, rows: npt.NDArray[np.intp]) -> Risk:
        """The factors of some rows."""

        def cut(spread: Quantiles) -> Quantiles:
            return Quantiles(spread.levels, np.asarray(spread.values)[rows])

        return Risk(cut(self.total), cut(self.day), cut(self.interval))


def split_risk(forecast: Forecast) -> Risk:
    """Split the bands of a forecast into what moves whole days and what comes and goes within.

    Logarithms of independent factors add their squares, as standard deviations do: at each level
    the interval's distance from its median is the root of the total's squared less the day's
    squared. Where the day alone spreads as far as the bands nothing is left for the interval.

    Parameters
    ----------
    forecast
        With `bands` and `day_bands`.

    Returns
    -------
    Risk
        For `agents_at_confidence`, with the mean load of each row.

    Raises
    ------
    DataError
        A forecast without bands, or whose days have none.

    Examples
    --------
    A day that may be 30 % off leaves the interval that may be 50 % off some risk of its own.

    >>> from datetime import timedelta
    >>> start = pd.DatetimeIndex(["2026-03-02 10:00"], tz="Europe/Istanbul")
    >>> frame = pd.DataFrame({"start": start, "queue": "support", "volume": 90.0,
    ...                       "volume_q10": 60.0, "volume_q90": 135.0, "aht_s": 300.0})
    >>> days = pd.DataFrame({"day": [pd.Timestamp("2026-03-02")], "queue": "support",
    ...                      "volume": 90.0, 0.1: 90 / 1.3, 0.5: 90.0, 0.9: 90 * 1.3})
    >>> bands = pd.DataFrame({0.1: [60.0], 0.5: [90.0], 0.9: [135.0]})
    >>> risk = split_risk(Forecast(frame, timedelta(minutes=30), bands=bands, day_bands=days))
    >>> risk.total.quantile(0.9).round(3), risk.interval.quantile(0.9).round(3)
    (array([1.5]), array([1.362]))
    """
    if forecast.bands is None or forecast.day_bands is None:
        message = (
            "confidence: the forecast has no bands. Make it with make_forecast, or give the spread "
            "of days, for example Gamma(0.10)."
        )
        raise DataError(message)
    levels = np.asarray(forecast.bands.columns, dtype=float)
    frame = forecast.frame
    volume = frame["volume"].to_numpy(dtype=float)
    total = _factors(forecast.bands.to_numpy(dtype=float), volume)
    day = pd.to_datetime(frame["start"].dt.tz_localize(None).dt.normalize())
    keys = pd.MultiIndex.from_arrays([frame["queue"], day])
    table = forecast.day_bands
    known = pd.MultiIndex.from_arrays([table["queue"], pd.to_datetime(table["day"])])
    at = known.get_indexer(keys)
    missing = (at < 0) & (volume > 0.0)
    if missing.any():
        first = frame.loc[missing].iloc[0]
        message = (
            f"confidence: the day bands have no row for queue {first['queue']} on "
            f"{first['start'].date()}. Make the forecast again."
        )
        raise DataError(message, rows=frame.loc[missing])
    bands = table[list(forecast.bands.columns)].to_numpy(dtype=float)
    of_days = _factors(bands, table["volume"].to_numpy(dtype=float))
    days = np.where((at >= 0)[:, None], of_days[at], 1.0)
    mid_total, mid_day = _median(total, levels), _median(days, levels)
    far = np.log(total / mid_total) ** 2 - np.log(days / mid_day) ** 2
    side = np.sign(levels - 0.5)
    inside = mid_total / mid_day * np.exp(side * np.sqrt(np.maximum(far, 0.0)))
    return Risk(
        Quantiles(levels, total),
        Quantiles(levels, days),
        Quantiles(levels, _rising(inside, levels, mid_total / mid_day)),
    )


def _factors(values: Array, mean: Array) -> Array:
    """Quantiles over the mean; 1 where nothing is expected."""
    some = mean > 0.0
    factors = np.ones_like(values)
    factors[some] = np.maximum(values[some] / mean[some, None], _LEAST)
    return np.maximum.accumulate(factors, axis=1)


def _median(factors: Array, levels: Array) -> Array:
    return Quantiles(levels, factors).quantile(0.5)[:, None]


def _rising(factors: Array, levels: Array, middle: Array) -> Array:
    """Never nearer to the median further out: from it upwards, and from it downwards."""
    upper = np.maximum.accumulate(np.where(levels >= 0.5, factors, middle), axis=1)
    lower = np.minimum.accumulate(np.where(levels < 0.5, factors, middle)[:, ::-1], axis=1)
    return np.where(levels >= 0.5, upper, lower[:, ::-1])
