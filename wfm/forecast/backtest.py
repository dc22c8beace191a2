"""Rolling-origin comparison of models: fit on the past, score on what came after."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from wfm.core.calendars import Calendar
from wfm.core.errors import ForecastError
from wfm.core.intervals import slots_per_day
from wfm.core.types import History
from wfm.forecast import measures
from wfm.forecast.base import MIN_DAYS, new_model
from wfm.forecast.board import Board
from wfm.forecast.distribution import LEVELS, learn_spreads
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.grid import DayGrid
from wfm.forecast.lead_scores import (
    DECILE_LEVELS,
    DECILES,
    HIGH,
    HIGH95,
    LOW,
    LOW95,
    lead_scores,
    week_scores,
)
from wfm.forecast.learn import fit
from wfm.forecast.request import checked_horizon, histories_of, prepare
from wfm.forecast.rerun import LEADS, LEAST_TRAIN, actual_after

Scored = tuple[dict[str, object], pd.DataFrame, pd.DataFrame]
ERRORS = ["queue", "model", "origin", "day", "actual", "forecast", "low", "high"]


def origins_of(days: int, origins: int, min_days: int, horizon: int) -> list[int]:
    """Days to learn from at each origin, evenly spaced, the last one a horizon before the end.

    >>> origins_of(400, 4, 120, 28)
    [120, 204, 288, 372]
    """
    if origins == 1:
        return [days - horizon]
    spaced = np.linspace(min_days, days - horizon, origins).astype(int)
    return [int(origin) for origin in np.unique(spaced)]


def backtest(
    history: History,
    *,
    horizon: str | int = "28D",
    origins: int = 8,
    models: Sequence[str] = ("auto", "seasonal_mean", "seasonal_naive"),
    calendar: Calendar | None = None,
    min_days: int = 120,
    seed: int = 0,
    n_jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Board:
    """Score models on the past of each queue.

    Parameters
    ----------
    history
        One or more queues.
    horizon
        How far each forecast reaches; a horizon in intervals is scored over the days it touches.
    origins
        How many past forecasts, evenly spaced; the last one ends with the history.
    models
        Names of `wfm.forecast.base.MODELS`.
    calendar
        Holidays and events, known in advance at every origin. Days that an event keeps out of
        learning are not scored.
    min_days
        Days before the first origin; of a short history half its days, at least 14.
    seed
        Of the random numbers a model draws; those of today draw none.
    n_jobs
        Processes to spread the queues over; the scores are the same.
    progress
        Called with the forecasts done and all there are to make, after each model of a queue;
        with one process only.

    Returns
    -------
    Board

    Raises
    ------
    ForecastError
        An unknown model, or a history too short to keep a horizon aside.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from wfm.core.intervals import day_grid
    >>> hours = day_grid(date(2026, 6, 1), 56, timedelta(hours=1), "UTC")
    >>> frame = pd.DataFrame({"start": hours, "queue": "a", "offered": 5.0, "answered": 5.0,
    ...                       "abandoned": 0.0, "aht_s": 60.0})
    >>> board = backtest(History(frame, timedelta(hours=1)), horizon="7D", origins=2)
    >>> len(board.frame), float(board.frame["wape"].round(2).max())
    (3, 0.0)
    """
    calendar = calendar or Calendar()
    for name in models:
        new_model(name)
    span = checked_horizon(horizon, history.interval)
    days = span.days or -(-span.intervals // slots_per_day(history.interval))
    queues = history.queues
    if not queues:
        message = "history: empty, there is nothing to test on. Give at least two weeks."
        raise ForecastError(message)
    tasks = [
        (own, queue, tuple(models), calendar, days, origins, min_days)
        for queue, own in histories_of(history).items()
    ]
    if n_jobs == 1:
        total, each = len(tasks) * len(models) * origins, len(models) * origins
        scored = []
        for done, task in enumerate(tasks):
            tell = None
            if progress:
                progress(done * each, total)
                tell = _Told(progress, done * each, total, origins)
            scored.append(_queue(*task, tell))
    else:
        scored = Parallel(n_jobs=n_jobs)(delayed(_queue)(*task) for task in tasks)
    one = [model for queue in scored for model in queue]
    return Board(
        pd.DataFrame([row for row, _, _ in one]),
        pd.concat([errors for _, errors, _ in one], ignore_index=True),
        pd.concat([leads for _, _, leads in one], ignore_index=True),
    )


@dataclass
class _Told:
    """How far the forecasts of one queue have come."""

    progress: Callable[[int, int], None]
    done: int
    total: int
    each: int

    def step(self) -> None:
        """One more model is through."""
        self.done += self.each
        self.progress(self.done, self.total)


def _queue(
    history: History,
    queue: str,
    models: tuple[str, ...],
    calendar: Calendar,
    days: int,
    origins: int,
    min_days: int,
    tell: _Told | None = None,
) -> list[Scored]:
    """Scores of each model of one queue."""
    grid = prepare(history, queue)
    facts = day_facts(calendar, queue, grid.days[0].date(), len(grid))
    least = min(min_days, max(LEAST_TRAIN, len(grid) // 2))
    if len(grid) < least + days:
        message = (
            f"queue {queue!r}: {len(grid)} days are too few to test a horizon of {days} days; "
            f"it needs {LEAST_TRAIN + days}. Give more history, or test a shorter horizon."
        )
        raise ForecastError(message)
    starts = [
        o for o in origins_of(len(grid), origins, least, days) if grid.seen[:o].sum() >= MIN_DAYS
    ]
    actual = actual_after(grid, facts, starts, days)
    scored = []
    for name in models:
        scored.append(_model(name, grid, facts, starts, actual))
        if tell:
            tell.step()
    return scored


def _model(
    name: str, grid: DayGrid, facts: DayFacts, starts: list[int], actual: np.ndarray
) -> Scored:
    """One row of the board, the day errors, and the scores by lead."""
    days = actual.shape[1]
    mean = np.zeros(actual.shape)
    bands_of = np.full((*actual.shape, len(LEVELS)), np.nan)
    errors = []
    began = time.perf_counter()
    for i, origin in enumerate(starts):
        model, past = fit(
            name, grid.until(origin), facts.between(0, origin), min(LEADS, max(7, days))
        )
        ahead = facts.between(origin, origin + days)
        mean[i] = np.maximum(model.predict(ahead), 0.0)
        by_interval, by_day = learn_spreads(past)
        known = np.isfinite(actual[i])
        lead = np.nonzero(known)[0]
        bands_of[i][known] = by_interval.quantiles(mean[i][known], lead)
        used = np.flatnonzero(known.any(axis=1))
        total = np.where(known, mean[i], 0.0).sum(axis=1)[used]
        bands = by_day.quantiles(total, used)
        errors.append(
            pd.DataFrame(
                {
                    "queue": grid.queue,
                    "model": name,
                    "origin": grid.days[origin],
                    "day": ahead.days[used],
                    "actual": np.where(known, actual[i], 0.0).sum(axis=1)[used],
                    "forecast": total,
                    "low": bands[:, LOW],
                    "high": bands[:, HIGH],
                }
            )
        )
    seconds = (time.perf_counter() - began) / max(len(starts), 1)
    by = pd.concat(errors, ignore_index=True) if errors else pd.DataFrame(columns=ERRORS)
    row: dict[str, object] = {
        "queue": grid.queue,
        "model": name,
        "wape": measures.wape(actual, mean),
        "bias": measures.bias(actual, mean),
        "coverage80": measures.coverage(actual, bands_of[..., LOW], bands_of[..., HIGH]),
        "day_wape": measures.wape(by["actual"], by["forecast"]),
        "day_bias": measures.bias(by["actual"], by["forecast"]),
        "day_coverage80": measures.coverage(by["actual"], by["low"], by["high"]),
        "rmsse": measures.rmsse(actual, mean, grid.volume),
        "seconds": seconds,
        "n": int(np.isfinite(actual).sum()),
        "pinball": measures.pinball(actual, bands_of[..., DECILES], DECILE_LEVELS),
        "coverage95": measures.coverage(actual, bands_of[..., LOW95], bands_of[..., HIGH95]),
        **week_scores(by),
    }
    named: dict[str, object] = {"queue": grid.queue, "model": name}
    return row, by, pd.DataFrame([named | r for r in lead_scores(actual, mean, bands_of)])
