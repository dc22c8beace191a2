"""Steps of a queue's level: queues that were split, merged or switched over, found and named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfm.core.calendars import Calendar
from wfm.core.types import History
from wfm.forecast.clean import clean, running_median
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.grid import day_grid_of

AFTER, BEFORE = 10, 14
"""Days after a step before it counts as one, and days before it that it is compared with."""
LEAST = np.log(1.8)
"""Least step, as a logarithm: smaller ones are drift, which the level follows by itself."""
SIGMAS = 5.0


@dataclass(frozen=True)
class Shift:
    """A step: the first day of the new level (position in the history), and new over old level."""

    day: int
    factor: float


def find_shifts(totals: np.ndarray, facts: DayFacts) -> list[Shift]:
    """Steps that last: ten days in a row far to one side of the two weeks before.

    Parameters
    ----------
    totals
        Contacts of each day, NaN where unknown; shape (n,).
    facts
        Of the same days; holidays, the days beside them and learned events are left out.

    Examples
    --------
    >>> from datetime import date
    >>> from wfm.core.calendars import Calendar
    >>> from wfm.forecast.facts import day_facts
    >>> facts = day_facts(Calendar(), "a", date(2026, 1, 5), 84)
    >>> find_shifts(np.where(np.arange(84) < 50, 100.0, 300.0), facts)
    [Shift(day=50, factor=2.99...)]
    """
    special = facts.holiday | facts.before | facts.after | facts.learned
    use = np.flatnonzero(np.isfinite(totals) & ~special)
    if len(use) < BEFORE + AFTER:
        return []
    root = np.log(totals[use] + 0.5)
    weekday = facts.weekday[use]
    level = running_median(root, 15)
    effect = np.zeros(7)
    for day in range(7):
        mine = weekday == day
        effect[day] = np.median((root - level)[mine]) if mine.any() else 0.0
    flat = root - effect[weekday]
    spread = 1.4826 * float(np.median(np.abs(flat - running_median(flat, 15))))
    least = max(LEAST, SIGMAS * spread)
    count = len(flat) - AFTER - BEFORE + 1
    before = np.median(_windows(flat, BEFORE)[:count], axis=1)
    after = _windows(flat, AFTER)[BEFORE:]
    jump = np.median(after, axis=1) - before
    away = ((after - before[:, None]) * np.sign(jump)[:, None]).min(axis=1)
    good = (np.abs(jump) >= least) & (away >= np.abs(jump) / 2)
    found = []
    while good.any():
        best = int(np.argmax(np.where(good, away, -np.inf)))
        found.append(Shift(int(use[best + BEFORE]), float(np.exp(jump[best]))))
        good[max(best - AFTER, 0) : best + AFTER + 1] = False
    return sorted(found, key=lambda shift: shift.day)


def level_shifts(history: History, calendar: Calendar | None = None) -> pd.DataFrame:
    """Steps of each queue's level, as the default model finds them.

    Returns
    -------
    pandas.DataFrame
        `queue day factor`: the first day of the new level, and new over old level.

    Examples
    --------
    >>> from wfm.core.intervals import day_grid
    >>> from datetime import date, timedelta
    >>> hours = day_grid(date(2026, 1, 5), 84, timedelta(hours=1), "UTC")
    >>> frame = pd.DataFrame({"start": hours, "queue": "a", "answered": 0.0, "abandoned": 0.0,
    ...     "offered": np.where(hours < "2026-02-24", 10.0, 30.0), "aht_s": 60.0})
    >>> level_shifts(History(frame, timedelta(hours=1)))["day"].dt.date.tolist()
    [datetime.date(2026, 2, 24)]
    """
    found = []
    for queue in history.queues:
        mine = History(history.frame[history.frame["queue"] == queue], history.interval)
        if not mine.frame["offered"].notna().any():
            continue
        grid = day_grid_of(mine, queue)
        facts = day_facts(calendar or Calendar(), queue, grid.days[0].date(), len(grid))
        for shift in find_shifts(clean(grid, facts).totals, facts):
            found.append((queue, grid.days[shift.day], shift.factor))
    return pd.DataFrame(found, columns=["queue", "day", "factor"]).astype(
        {"queue": str, "day": "datetime64[us]", "factor": float}
    )


def _windows(values: np.ndarray, width: int) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(values, width)
