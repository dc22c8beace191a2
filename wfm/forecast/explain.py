"""Why a day's forecast is what it is: parts that add up, and effects of the calendar."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfm.core.calendars import Calendar
from wfm.core.errors import DataError
from wfm.core.types import Forecast, History
from wfm.forecast.clean import clean
from wfm.forecast.facts import day_facts
from wfm.forecast.models.day_process import SEASONAL, TotalsProcess
from wfm.forecast.request import history_of, prepare

WATERFALL = ["level", "trend", "weekday", "season", "calendar"]


def explain(forecast: Forecast) -> pd.DataFrame:
    """What each day's total is made of.

    Parameters
    ----------
    forecast
        Made by `make_forecast`, edited or updated during the day or not.

    Returns
    -------
    pandas.DataFrame
        One row for each queue and day: `queue day level trend weekday season calendar edit update
        volume`, in contacts. `level` is an ordinary day of the first week, holidays set aside;
        `trend` and `season` how later weeks differ from it, `season` the part that follows the
        time of the year; `weekday` how the day differs from its week (the place in the month
        included); `calendar` what holidays, the days beside them and events add or take; `edit`
        what was changed by hand; `update` what `reforecast` moved. They add up to `volume`.

    Raises
    ------
    DataError
        A forecast that does not hold its parts.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from wfm.core.intervals import day_grid
    >>> from wfm.forecast import make
    >>> hours = day_grid(date(2026, 6, 1), 56, timedelta(hours=1), "UTC")
    >>> frame = pd.DataFrame({"start": hours, "queue": "a", "offered": 5.0, "answered": 5.0,
    ...                       "abandoned": 0.0, "aht_s": 60.0})
    >>> told = explain(make(History(frame, timedelta(hours=1)), horizon="1D"))
    >>> told[["level", "weekday", "calendar", "edit", "volume"]].round(0).to_numpy() + 0.0
    array([[120.,   0.,   0.,   0., 120.]])
    """
    if forecast.parts is None:
        message = "explain: the forecast does not hold its parts. Make it with make_forecast."
        raise DataError(message)
    day = forecast.frame["start"].dt.tz_localize(None).dt.normalize().rename("day")
    queue = forecast.frame["queue"]
    total = forecast.frame.groupby([queue, day])["volume"].sum().reset_index()
    told = total.merge(forecast.parts, on=["queue", "day"], how="left", validate="one_to_one")
    edits = _edited(forecast)
    told = told.merge(edits, on=["queue", "day"], how="left")
    told["edit"] = told["edit"].fillna(0.0)
    told["update"] = told["volume"] - told[[*WATERFALL, "edit"]].sum(axis=1)
    small = np.abs(told["update"]) < 1e-9 * told["volume"].clip(lower=1.0)
    told.loc[small, "update"] = 0.0
    return told[["queue", "day", *WATERFALL, "edit", "update", "volume"]]


def _edited(forecast: Forecast) -> pd.DataFrame:
    """Contacts that edits added to each day."""
    if forecast.edits is None or forecast.edits.empty:
        none = {"queue": pd.Series(dtype=str), "day": pd.Series(dtype="datetime64[us]")}
        return pd.DataFrame({**none, "edit": pd.Series(dtype=float)})
    log = forecast.edits
    day = log["start"].dt.tz_localize(None).dt.normalize().rename("day")
    change = (log["after"] - log["before"]).rename("edit")
    return change.groupby([log["queue"], day]).sum().reset_index()


def calendar_effects(history: History, calendar: Calendar, queue: str = "") -> pd.DataFrame:
    """Effect of each kind of holiday, event and part of the month, with its standard error.

    Parameters
    ----------
    history
        As read.
    calendar
        Holidays and events.
    queue
        One of its queues; empty means all.

    Returns
    -------
    pandas.DataFrame
        `queue effect days change standard_error`: on how many known days it fell, and the share by
        which it changes a day's contacts, -0.6 for 60 % less. A named holiday's effect comes on
        top of that of holidays in general. A kind of day that never fell is not listed.
    """
    found = []
    for name in [queue] if queue else history.queues:
        grid = prepare(history_of(history, name), name)
        facts = day_facts(calendar, name, grid.days[0].date(), len(grid))
        process = TotalsProcess(clean(grid, facts).totals, facts)
        fallen = (process.past.effects != 0).sum(axis=0)
        for (effect, mean, error), days in zip(
            process.fit(SEASONAL).effects(), fallen, strict=True
        ):
            if days:
                change = float(np.expm1(mean))
                found.append((name, effect, int(days), change, error * (1 + change)))
    columns = ["queue", "effect", "days", "change", "standard_error"]
    return pd.DataFrame(found, columns=columns)
