"""The band of a forecast that a planner chose: so many of ten days, or intervals, end inside it."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from wfm.core.types import Forecast

USUAL = 0.80
By = Literal["interval", "day"]


def band_of(forecast: Forecast, share: float = USUAL, by: By = "interval") -> pd.DataFrame:
    """Lower and upper edge of a band around the expected contacts.

    Parameters
    ----------
    forecast
        Edited or not.
    share
        Share of days, or intervals, that end inside, such as 0.8; as much lies above as below.
    by
        Each interval's contacts, or the total of each local day.

    Returns
    -------
    pandas.DataFrame
        `start queue volume low high`, or `day queue volume low high`. The edges are NaN where the
        forecast knows none: one of one's own knows the band of 80 % of intervals at most.

    Raises
    ------
    DataError
        A share wider than the forecast's own quantiles.

    Examples
    --------
    >>> frame = pd.DataFrame({"start": pd.DatetimeIndex(["2026-11-20 09:00"], tz="UTC"),
    ...     "queue": "a", "volume": 50.0, "volume_q10": 40.0, "volume_q90": 60.0, "aht_s": 200.0})
    >>> bands = pd.DataFrame({0.05: [35.0], 0.1: [40.0], 0.9: [60.0], 0.95: [65.0]})
    >>> made = Forecast(frame, pd.Timedelta("30min").to_pytimedelta(), bands)
    >>> band_of(made, 0.9)[["low", "high"]].values.tolist()
    [[35.0, 65.0]]
    """
    low, high = round((1 - share) / 2, 6), round((1 + share) / 2, 6)
    edges = {low: "low", high: "high"}
    if by == "day":
        if forecast.day_bands is None:
            return forecast.days().assign(low=float("nan"), high=float("nan"))
        return forecast.days([low, high]).rename(columns=edges)
    frame = forecast.frame
    if forecast.bands is None:
        own = ("volume_q10", "volume_q90") if share == USUAL else None
        values = frame[list(own)] if own else frame[["volume", "volume"]] * float("nan")
    else:
        values = forecast.quantiles([low, high])[[low, high]]
    table = frame[["start", "queue", "volume"]].copy()
    table["low"], table["high"] = values.iloc[:, 0].to_numpy(), values.iloc[:, 1].to_numpy()
    return table


def forecast_table(forecast: Forecast, share: float = USUAL) -> pd.DataFrame:
    """The forecast to hand out: its columns, and the edges of another band than 80 %, if chosen.

    Parameters
    ----------
    forecast
        Edited or not.
    share
        Of intervals that end inside the band.

    Returns
    -------
    pandas.DataFrame
        `start queue volume volume_q10 volume_q90 aht_s` and, for 0.9, `volume_q5 volume_q95`.
    """
    if share == USUAL or forecast.bands is None:
        return forecast.frame
    band = band_of(forecast, share)
    names = {
        edge: f"volume_q{50 + sign * 50 * share:g}" for edge, sign in (("low", -1), ("high", 1))
    }
    return forecast.frame.assign(**{name: band[edge] for edge, name in names.items()})
