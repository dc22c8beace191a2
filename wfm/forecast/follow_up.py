"""How a forecast did, once it is known what came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfm.core.types import Forecast, History
from wfm.forecast.measures import bias, coverage, pinball, wape

DECILES = [round(0.1 * i, 1) for i in range(1, 10)]
COLUMNS = ["queue", "lead", "days", "n", "wape", "bias", "coverage80", "pinball", "day_wape"]


def score_forecast(forecast: Forecast, actuals: History) -> pd.DataFrame:
    """Score a forecast against what has come in since, as far as that is known.

    Parameters
    ----------
    forecast
        Made before, edited or not.
    actuals
        What came; other days and queues are left aside.

    Returns
    -------
    pandas.DataFrame
        `queue lead days n wape bias coverage80 pinball day_wape`, for each queue first over all
        known days (`lead` is `all`), then by week of the forecast (`week 1` ...): days and
        intervals that are known, WAPE and bias of intervals, share inside the 80 % band, loss of
        the deciles (NaN without bands), and WAPE of day totals over the intervals that are known.
        A queue of which nothing is known has no row.

    Examples
    --------
    >>> from datetime import timedelta
    >>> start = pd.date_range("2026-11-20 09:00", periods=2, freq="h", tz="UTC")
    >>> made = Forecast(pd.DataFrame({"start": start, "queue": "a", "volume": 50.0,
    ...     "volume_q10": 40.0, "volume_q90": 60.0, "aht_s": 200.0}), timedelta(hours=1))
    >>> came = History(pd.DataFrame({"start": start, "queue": "a", "offered": [62.0, 48.0],
    ...     "answered": 0.0, "abandoned": 0.0, "aht_s": 200.0}), timedelta(hours=1))
    >>> told = score_forecast(made, came).iloc[0]
    >>> [round(float(told[name]), 2) for name in ("wape", "coverage80", "day_wape")]
    [0.13, 0.5, 0.09]
    """
    came = actuals.frame[["queue", "start", "offered"]]
    table = forecast.frame.merge(came, on=["queue", "start"], how="left", validate="one_to_one")
    if forecast.bands is not None:
        table[DECILES] = forecast.quantiles(DECILES)[DECILES].to_numpy()
    table["day"] = table["start"].dt.tz_localize(None).dt.normalize()
    table["week"] = (table["day"] - table["day"].min()).dt.days // 7 + 1
    known = table[table["offered"].notna()]
    found = []
    for queue, mine in known.groupby("queue", sort=True):
        found.append((queue, "all", *_scores(mine)))
        found += [(queue, f"week {week}", *_scores(part)) for week, part in mine.groupby("week")]
    return pd.DataFrame(found, columns=COLUMNS)


def _scores(part: pd.DataFrame) -> tuple[float, ...]:
    actual, volume = part["offered"], part["volume"]
    loss = pinball(actual, part[DECILES], DECILES) if 0.1 in part.columns else np.nan
    days = part.groupby("day")[["offered", "volume"]].sum()
    return (
        len(days),
        len(part),
        wape(actual, volume),
        bias(actual, volume),
        coverage(actual, part["volume_q10"], part["volume_q90"]),
        loss,
        wape(days["offered"], days["volume"]),
    )
