"""What one queue's history teaches, before any day is forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from wfm.core.calendars import Calendar
from wfm.core.types import History
from wfm.forecast.aht import HandleTime
from wfm.forecast.base import ForecastModel, new_model
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.grid import DayGrid, as_open
from wfm.forecast.models.combination import Combination
from wfm.forecast.models.day_process import DayProcess
from wfm.forecast.request import prepare
from wfm.forecast.rerun import Past, rerun


@dataclass(frozen=True, eq=False)
class Learned:
    """A fitted model with all that a forecast needs beside it.

    Parameters
    ----------
    grid, facts
        The days it was learned from; the forecast's opening hours are those of `grid`.
    model
        Fitted.
    past
        What it would have said at past origins, beside what came.
    handle_time
        Of the queue.
    name
        What the model is called in the forecast.
    doubt
        Share of the squared forecast that the level of a borrowed forecast adds to its variance.
    """

    grid: DayGrid
    facts: DayFacts
    model: ForecastModel
    past: Past
    handle_time: HandleTime
    name: str
    doubt: float = 0.0

    def season(self, ahead: DayFacts) -> np.ndarray:
        """Factor of the time of the year on each day; 1 for a model that knows none."""
        inner = getattr(self.model, "donor", self.model)
        process = inner.seasonal if isinstance(inner, Combination) else None
        if isinstance(inner, DayProcess):
            process = inner.fitted
        if process is None:
            return np.ones(len(ahead))
        return np.asarray(np.exp(process.parts(ahead)["season"]))


def learn_alone(
    history: History,
    queue: str,
    calendar: Calendar,
    name: str,
    leads: int,
    ahead: tuple[date, int] | None = None,
) -> Learned:
    """Learn from the queue's own history.

    Parameters
    ----------
    history
        Of the queue.
    queue, calendar
        Whose, and what is known of its days.
    name
        Of the model.
    leads
        Days ahead on which past forecasts are compared with what came.
    ahead
        First of the days to come and how many: the history is learned as if their opening hours
        had held all along.
    """
    grid = prepare(history, queue)
    if ahead is not None:
        grid = as_open(grid, calendar.opening_of(queue), *ahead)
    facts = day_facts(calendar, queue, grid.days[0].date(), len(grid))
    model, past = fit(name, grid, facts, leads)
    return Learned(grid, facts, model, past, HandleTime.learn(history, grid, facts), name)


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
