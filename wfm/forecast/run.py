"""From a history to a forecast: one task for each queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from wfm.core.calendars import Calendar
from wfm.core.errors import ForecastError
from wfm.core.intervals import Horizon, parse_horizon
from wfm.core.types import Forecast, History
from wfm.forecast.aht import HandleTime
from wfm.forecast.base import ForecastModel, new_model
from wfm.forecast.dependence import Dependence
from wfm.forecast.distribution import LEVELS, learn_spreads
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.follow import follow_shares
from wfm.forecast.grid import DayGrid, future_rows, spread
from wfm.forecast.models.combination import Combination
from wfm.forecast.models.day_process import DayProcess
from wfm.forecast.parts import day_parts
from wfm.forecast.request import days_touched, first_instant, history_of, prepare
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

    >>> from datetime import timedelta
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
    first = first_instant(history, start)
    tasks = [Task(history_of(history, q), q, model, calendar, first, span) for q in queues]
    made = Parallel(n_jobs=n_jobs)(delayed(forecast_queue)(task) for task in tasks)
    frame, bands, days, errors, parts = (
        pd.concat([getattr(one, name) for one in made], ignore_index=True)
        for name in Made.__dataclass_fields__
    )
    if frame.empty:
        message = f"forecast: every interval from {first} on is closed. Check the opening hours."
        raise ForecastError(message)
    names = dict.fromkeys(queues, model)
    return Forecast(
        frame,
        history.interval,
        bands=bands,
        day_bands=days,
        model=names,
        errors=errors,
        parts=parts,
    )


@dataclass(frozen=True, eq=False)
class Made:
    """One queue's forecast: its rows, and by day its bands, errors and parts."""

    frame: pd.DataFrame
    bands: pd.DataFrame
    day_bands: pd.DataFrame
    errors: pd.DataFrame
    parts: pd.DataFrame


def forecast_queue(task: Task) -> Made:
    """Forecast one queue."""
    grid = prepare(task.history, task.queue)
    first = task.start.date()
    lead = (pd.Timestamp(first) - grid.days[-1]).days - 1
    days = task.horizon.days or days_touched(task.start, task.horizon, task.history.interval)
    facts = day_facts(task.calendar, task.queue, grid.days[0].date(), len(grid) + lead + days)
    known, ahead = facts.between(0, len(grid)), facts.between(len(grid) + lead, len(facts))
    model, past = fit(task.model, grid, known, min(LEADS, max(7, days)))
    closed = ahead.closed | never_recorded(grid, known, ahead)
    rows = future_rows(grid, first, days, task.calendar.opening_of(task.queue), closed)
    keep = np.asarray(rows.start >= task.start, dtype=bool)
    if task.horizon.intervals:
        end = task.start + task.horizon.intervals * task.history.interval
        keep &= np.asarray(rows.start < end, dtype=bool)

    def laid(per_slot: np.ndarray) -> np.ndarray:
        """Contacts of each row that is kept."""
        per_row = spread(np.maximum(per_slot, 0.0), rows.opened, rows.rows)
        return np.asarray(per_row[rows.day, rows.slot][keep])

    volume = laid(model.predict(ahead) * ahead.factor[:, None])
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
            "aht_s": HandleTime.learn(task.history, grid, known).predict(ahead)[
                day, rows.slot[keep]
            ],
        }
    )
    used = np.flatnonzero(np.bincount(day, minlength=days))
    named = pd.DataFrame({"day": rows.days[used], "queue": task.queue})
    total = np.bincount(day, weights=volume, minlength=days)[used]
    by_day = pd.DataFrame(day_spread.quantiles(total, lead + used), columns=list(LEVELS))
    plain = np.bincount(day, weights=laid(model.predict(ahead.ordinary())), minlength=days)[used]
    season = _season(model, ahead)[used]
    return Made(
        frame,
        pd.DataFrame(quantiles, columns=list(LEVELS)),
        pd.concat([named.assign(volume=total), by_day], axis=1),
        pd.concat([named, _errors(past, lead + used)], axis=1),
        pd.concat([named, day_parts(total, plain, season, rows.days[used])], axis=1),
    )


def _season(model: ForecastModel, ahead: DayFacts) -> np.ndarray:
    """Factor of the time of the year on each day; 1 for a model that knows none."""
    process = model.seasonal if isinstance(model, Combination) else None
    if isinstance(model, DayProcess):
        process = model.fitted
    if process is None:
        return np.ones(len(ahead))
    return np.asarray(np.exp(process.parts(ahead)["season"]))


def _errors(past: Past, lead: np.ndarray) -> pd.DataFrame:
    """How errors go together, for days so far ahead."""
    learned = Dependence.learn(past)
    of_day, part, own = learned.at(lead)
    return pd.DataFrame(
        {
            "day_var": of_day,
            "part_var": part,
            "own_var": own,
            "rho": learned.rho,
            "persistent": learned.persistent,
            "next_day": learned.next_day,
            **follow_shares(past, learned),
        }
    )


def fit(name: str, grid: DayGrid, facts: DayFacts, leads: int) -> tuple[ForecastModel, Past]:
    """A fitted model and its forecasts of past origins."""
    if name == "auto":
        combined = Combination(leads).fit(grid, facts)
        return combined, combined.past
    model = new_model(name).fit(grid, facts)
    again = getattr(model, "again", lambda: new_model(name))
    return model, rerun(again, grid, facts, leads)


def never_recorded(grid: DayGrid, known: DayFacts, ahead: DayFacts) -> np.ndarray:
    """Holidays to come whose namesakes in the history all fell on open weekdays, unrecorded."""
    is_open = np.asarray(grid.open_slots().any(axis=1))
    past = known.holiday & is_open[known.weekday]
    named = [str(name) for name in known.name]
    kept = {n for n, p, s in zip(named, past, grid.seen, strict=True) if p and s}
    empty = {n for n, p, s in zip(named, past, grid.seen, strict=True) if p and not s} - kept
    return ahead.holiday & np.isin(ahead.name.astype(str), sorted(empty))
