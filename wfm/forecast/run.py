"""From a history to a forecast: one task for each queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from wfm.core.calendars import Calendar
from wfm.core.errors import ForecastError
from wfm.core.intervals import Horizon
from wfm.core.types import Forecast, History
from wfm.forecast.base import new_model
from wfm.forecast.borrow import Borrow, donor_history, few_days, learn_borrowed
from wfm.forecast.dependence import Dependence
from wfm.forecast.distribution import LEVELS, learn_spreads
from wfm.forecast.facts import day_facts
from wfm.forecast.follow import follow_shares
from wfm.forecast.grid import copied, future_rows, spread
from wfm.forecast.learn import Learned, learn_alone, never_recorded
from wfm.forecast.parts import day_parts
from wfm.forecast.request import (
    check_gap,
    checked_horizon,
    days_touched,
    first_instant,
    histories_of,
)
from wfm.forecast.rerun import LEADS, Past


@dataclass(frozen=True, eq=False)
class Task:
    """One queue's forecast to make."""

    history: History
    queue: str
    model: str
    calendar: Calendar
    start: pd.Timestamp
    horizon: Horizon
    borrow: Borrow | None = None


def make(
    history: History,
    *,
    horizon: str | int = "28D",
    start: date | str | pd.Timestamp | None = None,
    model: str = "auto",
    calendar: Calendar | None = None,
    seed: int = 0,
    n_jobs: int = 1,
    borrow: Mapping[str, str | tuple[str, float]] | None = None,
    progress: Callable[[int, int], None] | None = None,
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
    borrow
        For a new queue the queue whose shape it takes as long as it has less than 28 recorded
        days, or ``"pool"`` for all others together; a pair such as ``("support", 0.2)`` also holds
        the share of its contacts that is expected, which a queue without any history needs.
    progress
        Called with the queues that are done and all there are.

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
    span = checked_horizon(horizon, history.interval)
    if not history.queues:
        message = "history: empty, there is nothing to forecast from. Give at least two weeks."
        raise ForecastError(message)
    first = first_instant(history, start)
    tasks = _tasks(history, model, calendar, first, span, borrow or {})
    parallel = _Told(n_jobs=n_jobs)
    if progress is not None:
        parallel.tell = lambda done: progress(done, len(tasks))
    made = parallel(delayed(forecast_queue)(task) for task in tasks)
    frame, bands, days, errors, parts = (
        pd.concat([getattr(one, name) for one in made], ignore_index=True)
        for name in ("frame", "bands", "day_bands", "errors", "parts")
    )
    if frame.empty:
        message = f"forecast: every interval from {first} on is closed. Check the opening hours."
        raise ForecastError(message)
    names = {task.queue: one.model for task, one in zip(tasks, made, strict=True)}
    return Forecast(
        frame,
        history.interval,
        bands=bands,
        day_bands=days,
        model=names,
        errors=errors,
        parts=parts,
        counted=history.counted,
    )


class _Told(Parallel):  # type: ignore[misc]
    """Parallel tasks that tell how many are done; joblib calls `print_progress` after each."""

    tell: Callable[[int], None] | None = None

    def print_progress(self) -> None:
        """Tell how many tasks are done."""
        if self.tell is not None:
            self.tell(self.n_completed_tasks)


def _tasks(
    history: History,
    model: str,
    calendar: Calendar,
    first: pd.Timestamp,
    span: Horizon,
    borrow: Mapping[str, str | tuple[str, float]],
) -> list[Task]:
    """One task for each queue, those without a history but with a donor among them."""
    given = {q: Borrow(b) if isinstance(b, str) else Borrow(*b) for q, b in borrow.items()}
    alone = histories_of(history)
    tasks = []
    for queue in sorted({*alone, *given}):
        if queue in given and few_days(alone.get(queue)):
            donor_history(history, queue, given[queue])
            tasks.append(Task(history, queue, model, calendar, first, span, given[queue]))
        else:
            tasks.append(Task(alone[queue], queue, model, calendar, first, span))
    return tasks


@dataclass(frozen=True, eq=False)
class Made:
    """One queue's forecast: its rows, and by day its bands, errors and parts; its model's name."""

    frame: pd.DataFrame
    bands: pd.DataFrame
    day_bands: pd.DataFrame
    errors: pd.DataFrame
    parts: pd.DataFrame
    model: str


def forecast_queue(task: Task) -> Made:
    """Forecast one queue."""
    first = task.start.date()
    days = task.horizon.days or days_touched(task.start, task.horizon, task.history.interval)
    learned = _learned(task, min(LEADS, max(7, days)), days)
    grid, model, past = learned.grid, learned.model, learned.past
    lead = (pd.Timestamp(first) - grid.days[-1]).days - 1
    check_gap(grid, lead)
    ahead = day_facts(task.calendar, task.queue, first, days)
    closed = ahead.closed | never_recorded(grid, learned.facts, ahead)
    rows = future_rows(grid, first, days, task.calendar.opening_of(task.queue), closed, ahead.hours)
    keep = np.asarray(rows.start >= task.start, dtype=bool)
    if task.horizon.intervals:
        end = task.start + task.horizon.intervals * task.history.interval
        keep &= np.asarray(rows.start < end, dtype=bool)

    def laid(per_slot: np.ndarray) -> np.ndarray:
        """Contacts of each row that is kept."""
        per_row = spread(np.maximum(per_slot, 0.0), rows.opened, rows.rows)
        return np.asarray(per_row[rows.day, rows.slot][keep])

    per_slot = copied(model.predict(ahead), ahead.like, grid)
    volume = laid(per_slot * ahead.factor[:, None])
    day = rows.day[keep]
    interval_spread, day_spread = learn_spreads(past, learned.doubt)
    quantiles = interval_spread.quantiles(volume, lead + day)
    frame = pd.DataFrame(
        {
            "start": rows.start[keep],
            "queue": task.queue,
            "volume": volume,
            "volume_q10": quantiles[:, LEVELS.index(0.1)],
            "volume_q90": quantiles[:, LEVELS.index(0.9)],
            "aht_s": learned.handle_time.predict(ahead)[day, rows.slot[keep]],
        }
    )
    used = np.flatnonzero(np.bincount(day, minlength=days))
    named = pd.DataFrame({"day": rows.days[used], "queue": task.queue})
    total = np.bincount(day, weights=volume, minlength=days)[used]
    by_day = pd.DataFrame(day_spread.quantiles(total, lead + used), columns=list(LEVELS))
    plain = np.bincount(day, weights=laid(model.predict(ahead.ordinary())), minlength=days)[used]
    season = learned.season(ahead)[used]
    return Made(
        frame,
        pd.DataFrame(quantiles, columns=list(LEVELS)),
        pd.concat([named.assign(volume=total), by_day], axis=1),
        pd.concat([named, _errors(past, lead + used, learned.doubt)], axis=1),
        pd.concat([named, day_parts(total, plain, season, rows.days[used])], axis=1),
        learned.name,
    )


def _learned(task: Task, leads: int, days: int) -> Learned:
    """From the queue's own history, or from another's too."""
    if task.borrow is None:
        ahead = (task.start.date(), days)
        return learn_alone(task.history, task.queue, task.calendar, task.model, leads, ahead)
    return learn_borrowed(task.history, task.queue, task.calendar, task.model, leads, task.borrow)


def _errors(past: Past, lead: np.ndarray, doubt: float) -> pd.DataFrame:
    """How errors go together, for days so far ahead; a doubtful level concerns whole days."""
    learned = Dependence.learn(past)
    of_day, part, own = learned.at(lead)
    return pd.DataFrame(
        {
            "day_var": of_day + doubt,
            "part_var": part,
            "own_var": own,
            "rho": learned.rho,
            "persistent": learned.persistent,
            "next_day": learned.next_day,
            **follow_shares(past, learned),
        }
    )
