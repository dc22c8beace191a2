"""From a history to a forecast: one task for each queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from wfm.core.calendars import Calendar
from wfm.core.errors import DataError, ForecastError
from wfm.core.intervals import Horizon, day_start, parse_horizon
from wfm.core.types import Forecast, History
from wfm.forecast.aht import aht_table
from wfm.forecast.base import MIN_DAYS, ForecastModel, new_model
from wfm.forecast.distribution import LEVELS, Spread, learn_spreads
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.grid import DayGrid, FutureRows, day_grid_of, future_rows, spread
from wfm.forecast.models.combination import Combination
from wfm.forecast.rerun import LEADS, Past, rerun


@dataclass(frozen=True, eq=False)
class Task:
    """One queue's forecast to make."""

    history: History
    queue: str
    model: str
    calendar: Calendar
    start: pd.Timestamp
    horizon: Horizon


def make(
    history: History,
    *,
    horizon: str | int = "28D",
    start: date | str | pd.Timestamp | None = None,
    model: str = "auto",
    calendar: Calendar | None = None,
    seed: int = 0,
    n_jobs: int = 1,
) -> Forecast:
    """Expected contacts and handle time of the intervals to come, with calibrated bands.

    Parameters
    ----------
    history
        One or more queues.
    horizon
        Local days or weeks (``"28D"``, ``"4W"``, 28), or intervals (``"48x30min"``).
    start
        First local day, or first instant; None is the local midnight after the last day that any
        queue has recorded.
    model
        A name of `wfm.forecast.base.MODELS`.
    calendar
        Holidays, events and opening hours; None knows none and reads opening hours off the
        history: a slot without a row on that weekday in the last eight weeks is closed. So is, in
        any case, a weekday of which nothing was ever recorded.
    seed
        Of the random numbers a model draws; those of today draw none.
    n_jobs
        Processes to spread the queues over; the result is the same.

    Returns
    -------
    Forecast
        Closed intervals have no row; a named holiday on which the queue never was recorded in
        earlier years counts as closed. `volume` is a mean, `volume_q10` and `volume_q90` bound
        the 80 % band.

    Raises
    ------
    DataError
        A horizon or start that cannot be, or a start within the history.
    ForecastError
        A queue without known volumes, with zeros only, or with too few days; an unknown model.

    Examples
    --------
    Ten contacts in each open hour of four weeks go on:

    >>> from wfm.core.intervals import day_grid
    >>> hours = day_grid(date(2026, 6, 1), 28, timedelta(hours=1), "Europe/Berlin")
    >>> hours = hours[(hours.hour >= 9) & (hours.hour < 12) & (hours.day_of_week < 5)]
    >>> frame = pd.DataFrame({"start": hours, "queue": "support", "offered": 10.0,
    ...                       "answered": 10.0, "abandoned": 0.0, "aht_s": 240.0})
    >>> forecast = make(History(frame, timedelta(hours=1)), horizon="7D")
    >>> forecast.frame[["volume", "aht_s"]].round(1).drop_duplicates().to_numpy()
    array([[ 10., 240.]])
    """
    calendar = calendar or Calendar()
    new_model(model)
    span = parse_horizon(horizon, history.interval)
    queues = history.queues
    if not queues:
        message = "history: empty, there is nothing to forecast from. Give at least two weeks."
        raise ForecastError(message)
    first = _start(history, start)
    tasks = [Task(history_of(history, q), q, model, calendar, first, span) for q in queues]
    made = Parallel(n_jobs=n_jobs)(delayed(forecast_queue)(task) for task in tasks)
    frame = pd.concat([f for f, _, _ in made], ignore_index=True)
    bands = pd.concat([b for _, b, _ in made], ignore_index=True)
    days = pd.concat([d for _, _, d in made], ignore_index=True)
    if frame.empty:
        message = f"forecast: every interval from {first} on is closed. Check the opening hours."
        raise ForecastError(message)
    names = dict.fromkeys(queues, model)
    return Forecast(frame, history.interval, bands=bands, day_bands=days, model=names)


def history_of(history: History, queue: str) -> History:
    """The rows of one queue."""
    return History(history.frame[history.frame["queue"] == queue], history.interval)


def _start(history: History, start: date | str | pd.Timestamp | None) -> pd.Timestamp:
    """First instant of the forecast, in the history's zone."""
    frame = history.frame[history.frame["offered"].notna()]
    if frame.empty:
        message = "history: no volume is known. Give contacts for at least two weeks."
        raise ForecastError(message)
    last = frame["start"].max()
    after = day_start((last + pd.Timedelta(0)).date() + timedelta(days=1), history.time_zone)
    if start is None:
        return after
    try:
        given = pd.Timestamp(start)
    except ValueError as error:
        message = f"start: {start!r} is not a day. Write it as 2026-11-30."
        raise DataError(message) from error
    if given.tzinfo is not None:
        first = given.tz_convert(history.time_zone)
    elif given == given.normalize():
        first = day_start(given.date(), history.time_zone)
    else:
        first = given.tz_localize(history.time_zone, ambiguous=True, nonexistent="shift_forward")
    if first < after:
        message = (
            f"start: {first} lies within the history, whose last day is {last.date()}. "
            f"Start on {after.date()} or later, or cut the history."
        )
        raise DataError(message)
    return first.as_unit("us")


def prepare(history: History, queue: str) -> DayGrid:
    """A queue's days, checked to be enough to learn from."""
    grid = day_grid_of(history, queue)
    recorded = int(grid.seen.sum())
    if recorded < MIN_DAYS:
        message = (
            f"queue {queue!r}: the history holds {recorded} recorded "
            f"{'day' if recorded == 1 else 'days'}; a forecast needs at least {MIN_DAYS}. "
            "Give two weeks or more."
        )
        raise ForecastError(message)
    if not np.nansum(grid.volume) > 0:
        message = (
            f"queue {queue!r}: every known volume is 0, so there is nothing to forecast. "
            "Leave the queue out, or check the column of contacts."
        )
        raise ForecastError(message)
    return grid


def forecast_queue(task: Task) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Frame, bands and day bands of one queue."""
    grid = prepare(task.history, task.queue)
    first = task.start.date()
    lead = (pd.Timestamp(first) - grid.days[-1]).days - 1
    days = task.horizon.days or _days_of(task, grid)
    facts = day_facts(task.calendar, task.queue, grid.days[0].date(), len(grid) + lead + days)
    known, ahead = facts.between(0, len(grid)), facts.between(len(grid) + lead, len(facts))
    model, past = fit(task.model, grid, known, min(LEADS, max(7, days)))
    per_slot = np.maximum(model.predict(ahead), 0.0) * ahead.factor[:, None]
    closed = ahead.closed | never_recorded(grid, known, ahead)
    rows = future_rows(grid, first, days, task.calendar.opening_of(task.queue), closed)
    per_row = spread(per_slot, rows.opened, rows.rows)
    keep = np.asarray(rows.start >= task.start, dtype=bool)
    if task.horizon.intervals:
        end = task.start + task.horizon.intervals * task.history.interval
        keep &= np.asarray(rows.start < end, dtype=bool)
    volume = per_row[rows.day, rows.slot][keep]
    day = rows.day[keep]
    interval_spread, day_spread = learn_spreads(past)
    quantiles = interval_spread.quantiles(volume, lead + day)
    frame = pd.DataFrame(
        {
            "start": rows.start[keep],
            "queue": task.queue,
            "volume": volume,
            "volume_q10": quantiles[:, LEVELS.index(0.1)],
            "volume_q90": quantiles[:, LEVELS.index(0.9)],
            "aht_s": aht_table(task.history, grid, known)[ahead.weekday[day], rows.slot[keep]],
        }
    )
    bands = pd.DataFrame(quantiles, columns=list(LEVELS))
    return frame, bands, _day_bands(task.queue, rows, volume, day, day_spread, lead)


def _days_of(task: Task, grid: DayGrid) -> int:
    """Local days that a horizon in intervals touches."""
    end = task.start + task.horizon.intervals * task.history.interval
    return (
        (end - pd.Timedelta(microseconds=1)).date().toordinal() - task.start.date().toordinal() + 1
    )


def fit(name: str, grid: DayGrid, facts: DayFacts, leads: int) -> tuple[ForecastModel, Past]:
    """A fitted model and its forecasts of past origins."""
    if name == "auto":
        combined = Combination(leads).fit(grid, facts)
        return combined, combined.past
    return new_model(name).fit(grid, facts), rerun(lambda: new_model(name), grid, facts, leads)


def never_recorded(grid: DayGrid, known: DayFacts, ahead: DayFacts) -> np.ndarray:
    """Holidays to come whose namesakes in the history all fell on open weekdays, unrecorded."""
    is_open = np.asarray(grid.open_slots().any(axis=1))
    past = known.holiday & is_open[known.weekday]
    named = [str(name) for name in known.name]
    kept = {n for n, p, s in zip(named, past, grid.seen, strict=True) if p and s}
    empty = {n for n, p, s in zip(named, past, grid.seen, strict=True) if p and not s} - kept
    return ahead.holiday & np.isin(ahead.name.astype(str), sorted(empty))


def _day_bands(
    queue: str, rows: FutureRows, volume: np.ndarray, day: np.ndarray, spread_of: Spread, lead: int
) -> pd.DataFrame:
    """Totals of the days that have a row, and their quantiles."""
    total = np.bincount(day, weights=volume, minlength=len(rows.days))
    used = np.flatnonzero(np.bincount(day, minlength=len(rows.days)))
    bands = pd.DataFrame(spread_of.quantiles(total[used], lead + used), columns=list(LEVELS))
    named = pd.DataFrame({"day": rows.days[used], "queue": queue, "volume": total[used]})
    return pd.concat([named, bands], axis=1)
