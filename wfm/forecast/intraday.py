"""During the day: the rest of a day forecast again from what has already arrived.

How far the rest of a day follows what came so far is learned, not assumed: the errors of past
forecasts tell how much of an interval's error its whole day shares, how much lasts for a while and
how much is its own (`wfm.forecast.dependence`). The best linear prediction of the rest then
follows, at any time of the day, shrunk by what past days bore out (`wfm.forecast.follow`); small
queues, whose errors are mostly chance, move little.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.types import Forecast, History
from wfm.forecast.follow import CUTS, covariance, surprise

MOST = 3.0
"""An interval is raised or lowered by no more than this factor."""


def reforecast(forecast: Forecast, actuals_so_far: History | pd.DataFrame) -> Forecast:
    """Update the rest of each day that has begun.

    Parameters
    ----------
    forecast
        Made by `make_forecast`, edited or not.
    actuals_so_far
        What has arrived: a history, or a frame with `start queue offered`. Intervals that are not
        in the forecast, and unknown volumes, are left aside.

    Returns
    -------
    Forecast
        Intervals with a known volume hold it, with no band left; later intervals of the same day
        and queue are moved by what the day so far tells, with narrower bands; all other days stay.
        Day bands hold what came plus what is still open.

    Raises
    ------
    DataError
        A forecast without learned errors, actual volumes without the columns, or none that
        belongs to the forecast.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from wfm.core.intervals import day_grid
    >>> from wfm.forecast import make
    >>> hours = day_grid(date(2026, 6, 1), 57, timedelta(hours=1), "UTC")
    >>> frame = pd.DataFrame({"start": hours, "queue": "a", "offered": 100.0, "answered": 100.0,
    ...                       "abandoned": 0.0, "aht_s": 60.0})
    >>> before, today = frame[:-24], frame[-24:-12].assign(offered=140.0)
    >>> morning = make(History(before, timedelta(hours=1)), horizon="2D")
    >>> noon = reforecast(morning, today)
    >>> float(noon.frame["volume"][0]), bool(100 < noon.frame["volume"][12] < 140)
    (140.0, True)
    >>> bool(noon.frame["volume"][24] == morning.frame["volume"][24])
    True
    """
    if forecast.errors is None or forecast.bands is None:
        message = (
            "reforecast: the forecast holds no learned errors, so what came so far cannot be "
            "weighed. Make it with make_forecast."
        )
        raise DataError(message)
    came = _known(forecast, actuals_so_far)
    frame = forecast.frame.copy()
    bands = forecast.bands.to_numpy(dtype=float).copy()
    volume = frame["volume"].to_numpy(dtype=float).copy()
    day = frame["start"].dt.tz_localize(None).dt.normalize()
    code, unique = pd.factorize(pd.MultiIndex.from_arrays([frame["queue"], day]))
    rows_of = {
        (str(q), pd.Timestamp(d)): np.flatnonzero(code == i)
        for i, (q, d) in enumerate(unique.tolist())
    }
    shrink: dict[tuple[str, pd.Timestamp], float] = {}
    for row in forecast.errors.to_dict("records"):
        key = (str(row["queue"]), pd.Timestamp(row["day"]))
        rows = rows_of.get(key)
        if rows is None or not np.isfinite(came[rows]).any():
            continue
        moved, narrow, left = _update(volume[rows], came[rows], {str(k): v for k, v in row.items()})
        known = np.isfinite(came[rows])
        ratio = np.divide(moved, volume[rows], out=np.ones(len(rows)), where=volume[rows] > 0)
        scaled = bands[rows] * ratio[:, None]
        scaled = moved[:, None] + (scaled - moved[:, None]) * narrow[:, None]
        bands[rows] = np.maximum(np.where(known[:, None], moved[:, None], scaled), 0.0)
        volume[rows] = moved
        shrink[key] = left
    levels = [float(level) for level in forecast.bands.columns]
    frame["volume"] = volume
    frame["volume_q10"] = bands[:, levels.index(0.1)]
    frame["volume_q90"] = bands[:, levels.index(0.9)]
    return replace(
        forecast,
        frame=frame,
        bands=pd.DataFrame(bands, columns=forecast.bands.columns),
        day_bands=_day_bands(forecast, frame, day, shrink),
    )


def _known(forecast: Forecast, actuals: History | pd.DataFrame) -> np.ndarray:
    """Actual volume of each row of the forecast, NaN where nothing is known yet."""
    frame = actuals.frame if isinstance(actuals, History) else actuals
    missing = [name for name in ("start", "queue", "offered") if name not in frame.columns]
    if missing:
        message = (
            f"actuals so far: missing columns {', '.join(missing)}. Give start, queue, offered."
        )
        raise DataError(message)
    if not isinstance(frame["start"].dtype, pd.DatetimeTZDtype):
        message = (
            "actuals so far: column 'start' has no time zone. Add one, for example "
            f"frame['start'].dt.tz_localize('{forecast.time_zone}')."
        )
        raise DataError(message)
    start = frame["start"].dt.as_unit("us").dt.tz_convert(forecast.time_zone)
    given = frame.assign(start=start, queue=frame["queue"].astype(str))[
        ["start", "queue", "offered"]
    ]
    doubled = given.duplicated(["start", "queue"], keep=False)
    if doubled.any():
        first = given[doubled].iloc[0]
        message = (
            f"actuals so far: doubled rows, the first at {first['start']}, queue "
            f"{first['queue']!r}. Keep one row for each interval and queue."
        )
        raise DataError(message, rows=frame[doubled.to_numpy()])
    if (given["offered"] < 0).any():
        message = "actuals so far: column 'offered' is below 0. It must be at least 0."
        raise DataError(message, rows=frame[(given["offered"] < 0).to_numpy()])
    keys = forecast.frame[["start", "queue"]]
    came = keys.merge(given, on=["start", "queue"], how="left")["offered"].to_numpy(dtype=float)
    if not np.isfinite(came).any():
        message = (
            "actuals so far: no known volume falls on an interval of the forecast, which runs from "
            f"{keys['start'].min()} to {keys['start'].max()}. Give today's intervals."
        )
        raise DataError(message)
    return came


def _update(
    volume: np.ndarray, came: np.ndarray, row: dict[str, float]
) -> tuple[np.ndarray, np.ndarray, float]:
    """One day: new volumes, how much narrower each band is, and the day's band in all."""
    known = np.isfinite(came)
    cover = covariance(volume, row["day_var"], row["part_var"], row["own_var"], row["rho"])
    seen, rest = np.flatnonzero(known), np.flatnonzero(~known)
    gain = np.linalg.solve(cover[np.ix_(seen, seen)], cover[np.ix_(seen, rest)]).T
    borne_out = np.interp(
        len(seen) / len(volume), CUTS, [row[f"follow_{100 * c:.0f}"] for c in CUTS]
    )
    moved = np.where(known, came, volume)
    shifted = volume[rest] + borne_out * (gain @ surprise(came[seen], volume[seen]))
    moved[rest] = np.clip(shifted, volume[rest] / MOST, volume[rest] * MOST)
    left = cover[np.ix_(rest, rest)] - gain @ cover[np.ix_(seen, rest)]
    narrow = np.zeros(len(volume))
    before = np.diag(cover)[rest]
    narrow[rest] = np.sqrt(np.clip(np.diag(left) / before, 0.0, 1.0))
    whole = float(cover.sum())
    return moved, narrow, float(np.sqrt(np.clip(left.sum() / whole, 0.0, 1.0)))


def _day_bands(
    forecast: Forecast,
    frame: pd.DataFrame,
    day: pd.Series,
    shrink: dict[tuple[str, pd.Timestamp], float],
) -> pd.DataFrame | None:
    """Day bands around the new totals, narrower where a day has begun."""
    table = forecast.day_bands
    if table is None:
        return None
    total = frame.groupby([frame["queue"], day])["volume"].sum()
    keys = [(str(q), pd.Timestamp(d)) for q, d in zip(table["queue"], table["day"], strict=True)]
    new = np.array([float(total.loc[key]) for key in keys])
    old = table["volume"].to_numpy(dtype=float)
    narrow = np.array([shrink.get(key, 1.0) for key in keys])
    began = np.array([key in shrink for key in keys])
    levels = [name for name in table.columns if name not in ("day", "queue", "volume")]
    bands = table[levels].to_numpy(dtype=float)
    moved = new[:, None] + (bands - old[:, None]) * narrow[:, None]
    bands = np.where(began[:, None], np.maximum(moved, 0.0), bands)
    named = table[["day", "queue"]].assign(volume=np.where(began, new, old))
    return pd.concat([named, pd.DataFrame(bands, columns=levels, index=table.index)], axis=1)
