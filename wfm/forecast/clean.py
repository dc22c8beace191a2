"""Gaps, zeros and outliers told apart before a model learns; every change is listed.

What is unknown stays unknown (NaN): nothing is filled in. Zeros that can only be lost data become
unknown, the volume of an outlying day is drawn back to the edge of what is usual, and days that an
event keeps out of learning become unknown. The history itself is never changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core.calendars import Calendar
from wfm.core.types import History
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.grid import DayGrid, day_grid_of

SIGMAS = 4.0
WEEKS = 13
LOST = 20.0
"""Contacts expected where none came, above which a zero is taken for lost data."""
NOTES = ["queue", "day", "what", "slots", "before", "after"]


@dataclass(frozen=True, eq=False)
class Cleaned:
    """What models learn from.

    Parameters
    ----------
    grid
        The days with lost and outlying volumes treated.
    totals
        Contacts of each whole day, the unknown part of a day added in proportion; NaN where less
        than half of a day is known; shape (n,).
    notes
        `queue day what slots before after`: each change, with the day's total before and after.
    """

    grid: DayGrid
    totals: np.ndarray
    notes: pd.DataFrame


def clean_history(
    history: History, calendar: Calendar | None = None
) -> tuple[History, pd.DataFrame]:
    """History as the models see it, and the list of what was changed.

    Parameters
    ----------
    history
        As read; it is not changed.
    calendar
        Holidays and events, which are not outliers.

    Returns
    -------
    tuple
        The history with `offered` treated, and one row for each changed day: `queue day what slots
        before after`, where `what` is `event` (kept out by the calendar), `zero_day` or `outage`
        (zeros that can only be lost data), `part_known` (the unknown part added in proportion,
        in the day's total only) or `outlier` (drawn back to the edge of what is usual).
    """
    calendar = calendar or Calendar()
    frames, notes = [], []
    for queue, frame in history.frame.groupby("queue", sort=True):
        if not frame["offered"].notna().any():
            frames.append(frame)
            continue
        grid = day_grid_of(history, str(queue))
        done = clean(grid, day_facts(calendar, str(queue), grid.days[0].date(), len(grid)))
        day = frame["start"].dt.tz_localize(None)
        row = ((day.dt.normalize() - grid.days[0]) / timedelta(days=1)).astype(int).to_numpy()
        minutes = day.dt.hour * 60 + day.dt.minute
        column = (minutes // int(grid.interval / timedelta(minutes=1))).to_numpy()
        inside = (row >= 0) & (row < len(grid)) & frame["offered"].notna().to_numpy()
        before, after = grid.volume, done.grid.volume
        factor = np.divide(after, before, out=np.ones_like(before), where=before > 0)
        factor = np.where(np.isfinite(before) & ~np.isfinite(after), np.nan, factor)
        offered = frame["offered"].to_numpy(dtype=float).copy()
        offered[inside] *= factor[row[inside], column[inside]]
        frames.append(frame.assign(offered=offered))
        notes.append(done.notes)
    listed = pd.concat(notes, ignore_index=True) if notes else pd.DataFrame(columns=NOTES)
    return replace(history, frame=pd.concat(frames)), listed


def clean(grid: DayGrid, facts: DayFacts) -> Cleaned:
    """Treat one queue's days.

    Parameters
    ----------
    grid
        As laid out.
    facts
        Of the same days.
    """
    volume = grid.volume.copy()
    special = facts.holiday | facts.learned
    notes: list[tuple[object, ...]] = []
    raw = grid.totals()

    def note(days: np.ndarray, what: str, slots: np.ndarray, after: np.ndarray) -> None:
        notes.extend(
            (grid.queue, grid.days[i], what, int(slots[i]), raw[i], after[i]) for i in days
        )

    def lose(mask: np.ndarray, what: str) -> None:
        volume[mask] = np.nan
        hit = np.flatnonzero(mask.any(axis=1))
        note(hit, what, mask.sum(axis=1), grid.with_volume(volume).totals())

    kept_out = facts.excluded & grid.seen
    if kept_out.any():
        lose(kept_out[:, None] & np.isfinite(volume), "event")
    usual = by_weekday(running_median, np.where(special, np.nan, raw), facts.weekday)
    zero = (raw == 0) & (usual >= LOST) & ~special & ~facts.excluded
    if zero.any():
        lose(zero[:, None] & np.isfinite(volume), "zero_day")
    out = _outages(volume, facts.weekday) & ~special[:, None]
    if out.any():
        lose(out, "outage")

    totals, part = _whole_days(grid.with_volume(volume), facts.weekday)
    if part.any():
        unknown = (~np.isfinite(volume) & (grid.rows > 0)).sum(axis=1)
        note(np.flatnonzero(part), "part_known", unknown, totals)
    if not np.isfinite(totals).any():
        totals = grid.with_volume(volume).totals()  # what is known of a day has to do
    if not np.isfinite(totals).any():
        totals = raw
    factor = _outlier_factor(totals, facts, special)
    wild = np.flatnonzero(factor != 1)
    if len(wild):
        volume[wild] *= factor[wild, None]
        totals = totals * factor
        note(wild, "outlier", np.isfinite(volume).sum(axis=1), totals)
    frame = pd.DataFrame(notes, columns=NOTES).sort_values("day", kind="stable", ignore_index=True)
    return Cleaned(grid.with_volume(volume), totals, frame)


def running_median(values: np.ndarray, window: int = WEEKS) -> np.ndarray:
    """Centred running median over the known values; NaN where the window holds none.

    >>> running_median(np.array([1.0, np.nan, 3.0, 50.0]), window=3)
    array([ 1. ,  2. , 26.5, 26.5])
    """
    half = window // 2
    padded = np.concatenate([np.full(half, np.nan), values, np.full(half, np.nan)])
    views = np.sort(np.lib.stride_tricks.sliding_window_view(padded, window), axis=1)
    count = np.isfinite(views).sum(axis=1)
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    each = np.arange(len(values))
    middle = (views[each, low] + views[each, np.minimum(high, window - 1)]) / 2
    return np.asarray(np.where(count > 0, middle, np.nan))


def by_weekday(
    function: Callable[[np.ndarray], np.ndarray], values: np.ndarray, weekday: np.ndarray
) -> np.ndarray:
    """Apply a function of a series to the days of each weekday."""
    result = np.full(values.shape, np.nan)
    for day in range(7):
        mine = weekday == day
        if mine.any():
            result[mine] = function(values[mine])
    return result


def _outages(volume: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """Slots in runs of zeros where at least `LOST` contacts were to be expected."""
    run = volume == 0
    found = np.zeros(run.shape, dtype=bool)
    mean = np.zeros(volume.shape)
    for day in range(7):
        mine = weekday == day
        count = np.isfinite(volume[mine]).sum(axis=0)
        mean[mine] = np.nan_to_num(volume[mine]).sum(axis=0) / np.maximum(count, 1)
    possible = 3 * np.where(run, mean, 0.0).sum(axis=1) >= LOST  # most quiet nights end here
    for i in np.flatnonzero(possible & (volume > 0).any(axis=1)):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], run[i].astype(int), [0]])))
        upto = np.concatenate([[0.0], np.cumsum(mean[i])])
        long = 3 * (upto[edges[1::2]] - upto[edges[::2]]) >= LOST  # and most quiet hours here
        if not long.any():
            continue
        near = np.flatnonzero(weekday == weekday[i])
        near = near[np.argsort(np.abs(near - i), kind="stable")[1:WEEKS]]
        near = near[np.isfinite(volume[near]).any(axis=1)]
        if len(near) < 3:
            continue
        expected = np.nan_to_num(np.quantile(np.nan_to_num(volume[near]), 0.25, axis=0))
        for first, last in zip(edges[::2][long], edges[1::2][long], strict=True):
            if expected[first:last].sum() >= LOST:
                found[i, first:last] = True
    return found


def _whole_days(grid: DayGrid, weekday: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Day totals with the unknown part added, and which days that concerns."""
    totals = grid.totals()
    unknown = ~np.isfinite(grid.volume) & (grid.rows > 0)
    part = unknown.any(axis=1) & np.isfinite(totals)
    for i in np.flatnonzero(part):
        like = grid.volume[(weekday == weekday[i]) & ~part]
        if not np.isfinite(like).any():
            like = grid.volume[~part]
        if not np.isfinite(like).any():
            like = grid.volume  # no day is known whole
        count = np.isfinite(like).sum(axis=0)
        shape = np.nan_to_num(like).sum(axis=0) / np.maximum(count, 1)
        known = shape[~unknown[i]].sum() / shape.sum() if shape.sum() > 0 else 0.0
        totals[i] = totals[i] / known if known >= 0.5 else np.nan
    return totals, part


def _outlier_factor(totals: np.ndarray, facts: DayFacts, special: np.ndarray) -> np.ndarray:
    """What draws each outlying day back to the edge of what is usual; 1 for the others.

    A day is outlying when it is so among the same weekdays and also beside the days around it:
    a level that shifts is no outlier.
    """
    root = np.sqrt(totals)
    usual = by_weekday(running_median, np.where(special, np.nan, root), facts.weekday)
    error = np.where(special | facts.before | facts.after, np.nan, root - usual)
    relative = error / np.maximum(usual, 1.0)
    known = np.isfinite(relative)
    factor = np.ones(len(totals))
    if known.sum() < 14:
        return factor
    sigma = 1.4826 * np.median(np.abs(relative[known]))
    limit = SIGMAS * np.maximum(sigma * np.maximum(usual, 1.0), 0.5)
    level = np.maximum(running_median(root, 15), 1.0)
    weekly = np.ones(7)
    for weekday in range(7):
        mine = known & (facts.weekday == weekday)
        weekly[weekday] = max(np.median(root[mine] / level[mine]), 0.05) if mine.any() else 1.0
    effect = weekly[facts.weekday]
    here = effect * running_median(np.where(known, root / effect, np.nan), 7)
    wild = known & (np.abs(error) > limit) & (np.abs(root - here) > limit)
    edge = np.maximum(here + np.sign(root - here) * limit, 0.0) ** 2
    np.divide(edge, totals, out=factor, where=wild & (totals > 0))
    return factor
