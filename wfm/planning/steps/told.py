"""What a forecast is made of, and what its history was cleaned of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wfm.core.calendars import Calendar
from wfm.core.types import Forecast, History

if TYPE_CHECKING:
    import pandas as pd


def explain_forecast(forecast: Forecast) -> pd.DataFrame:
    """Return what each day's total is made of.

    Parameters
    ----------
    forecast
        Made by `make_forecast`, edited or updated during the day or not.

    Returns
    -------
    pandas.DataFrame
        `queue day level trend weekday season calendar edit update volume` in contacts; the parts
        add up to `volume`.
    """
    from wfm.forecast.explain import explain as run

    return run(forecast)


def calendar_effects(history: History, calendar: Calendar, queue: str = "") -> pd.DataFrame:
    """Effect of each kind of holiday, event and part of the month, with its standard error.

    Parameters
    ----------
    history
        What arrived.
    calendar
        Holidays and events.
    queue
        One of its queues; empty means all.

    Returns
    -------
    pandas.DataFrame
        `queue effect days change standard_error`; a change of -0.6 is 60 % less.
    """
    from wfm.forecast.explain import calendar_effects as run

    return run(history, calendar, queue)


def treated_days(history: History, calendar: Calendar | None = None) -> pd.DataFrame:
    """Days that models do not take as they are: outliers, lost data, events, steps of the level.

    Parameters
    ----------
    history
        As read; it is not changed.
    calendar
        Holidays and events, which are not outliers.

    Returns
    -------
    pandas.DataFrame
        `queue day what slots before after`, by queue and day: `what` is `outlier` (drawn back to
        the edge of what is usual), `zero_day` or `outage` (zeros that can only be lost data),
        `part_known`, `event`, or `level_shift`, whose `before` and `after` are levels, the old
        one as 1; for the others they are the day's contacts.
    """
    import pandas as pd

    from wfm.forecast.clean import clean_history
    from wfm.forecast.shifts import level_shifts

    _, notes = clean_history(history, calendar)
    shifts = level_shifts(history, calendar).rename(columns={"factor": "after"})
    shifts = shifts.assign(what="level_shift", slots=0, before=1.0)[list(notes.columns)]
    both = [part for part in (notes, shifts) if len(part)]
    listed = pd.concat(both) if both else notes
    return listed.sort_values(["queue", "day"], kind="stable", ignore_index=True)
