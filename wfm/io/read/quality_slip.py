"""Days that look shifted by hours: a time zone taken for another, by the shape of the day."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from wfm.core.types import History
from wfm.io.read.quality_finding import Finding, found

_DAY_MIN = 24 * 60
_REACH_H = 3  # hours by which weeks are shifted against each other
_LEAST_GAIN = 0.02  # by how much a shifted week must agree better than as it stands
_LEAST_ALIKE = 0.9
_LEAST_CALLS = 300.0  # contacts of a week below which its shape is noise
_LEAST_WEEKS = 2  # a single week may be a holiday's
_MEMORY = 6  # weeks that a week is compared with
_NOON_MIN, _FAR_MIN = 13 * 60, 6 * 60  # most days have their middle here, and never so far away


def slips(history: History) -> Iterator[Finding]:
    """Weeks shifted against the ones before, and whole queues that are busiest at night."""
    minutes = int(history.interval.total_seconds()) // 60
    for _, rows in history.frame.groupby("queue", sort=True):
        weeks, shapes = _shapes(rows, minutes)
        phases = _phases(shapes, minutes)
        usual = int(pd.Series(phases).mode().iloc[0]) if len(phases) else 0
        for start, stop, phase in _runs(phases - usual):
            week = _week(rows)
            mine = rows[week.isin(weeks[start:stop]).to_numpy()]
            effect = (
                f"{stop - start} weeks from {weeks[start]:%Y-%m-%d} look {abs(phase)} min "
                f"{'later' if phase > 0 else 'earlier'} than the others{_why(rows, phase)}: peaks "
                "are planned into the wrong interval."
            )
            yield found("suspected zone slip", mine, effect, "shift", "shape of the day", -phase)
        if not len(shapes):
            continue
        middle = _middle(shapes.sum(axis=0), minutes)
        away = (middle - _NOON_MIN + _DAY_MIN // 2) % _DAY_MIN - _DAY_MIN // 2
        if abs(away) > _FAR_MIN:
            by = -round(away / 60) * 60
            effect = (
                f"The middle of its day is {middle // 60:02.0f}:{middle % 60:02.0f}: a night line, "
                f"or times of a zone about {abs(by) // 60:.0f} h away. Look at the heat map, and "
                "read the file again with source_zone= if it is."
            )
            yield found("suspected zone slip", rows, effect)


def _week(rows: pd.DataFrame) -> pd.Series:
    day = rows["start"].dt.tz_localize(None).dt.normalize()
    monday: pd.Series = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    return monday


def _shapes(rows: pd.DataFrame, minutes: int) -> tuple[list[pd.Timestamp], np.ndarray]:
    """Mondays of the weeks with enough contacts, and contacts by slot of the day; shape (w, s)."""
    slots = _DAY_MIN // minutes
    index = pd.DatetimeIndex(rows["start"])
    at = ((index.hour * 60 + index.minute) // minutes).to_numpy()
    codes, mondays = pd.factorize(_week(rows), sort=True)
    offered = rows["offered"].fillna(0.0).to_numpy()
    flat = np.bincount(codes * slots + at, weights=offered, minlength=len(mondays) * slots)
    shapes = flat.reshape(len(mondays), slots)
    keep = shapes.sum(axis=1) >= _LEAST_CALLS
    return [m for m, k in zip(mondays, keep, strict=True) if k], shapes[keep]


def _phases(shapes: np.ndarray, minutes: int) -> np.ndarray:
    """Minutes by which each week is later than the first, in steps of full hours."""
    step = max(60, minutes) // minutes
    reach = _REACH_H * 60 // (step * minutes)
    phases = np.zeros(len(shapes), dtype=int)
    aligned: list[np.ndarray] = []
    now = 0
    for number, shape in enumerate(shapes):
        share = shape / shape.sum()
        if aligned:
            before = np.roll(np.mean(aligned[-_MEMORY:], axis=0), now * step)
            alike = {k: _alike(np.roll(share, -k * step), before) for k in range(-reach, reach + 1)}
            best = max(alike, key=lambda k: (alike[k], -abs(k)))
            if alike[best] >= _LEAST_ALIKE and alike[best] - alike[0] >= _LEAST_GAIN:
                now += best
        aligned.append(np.roll(share, -now * step))
        phases[number] = now * step * minutes
    return phases


def _alike(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two shapes of the day."""
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 0 else 0.0


def _runs(phases: np.ndarray) -> list[tuple[int, int, int]]:
    """First, one past last and phase of each run of weeks that are not in step."""
    edges = np.flatnonzero(np.diff(phases)) + 1
    bounds = [0, *edges.tolist(), len(phases)]
    pairs = pairwise(bounds)
    return [(a, b, int(phases[a])) for a, b in pairs if b - a >= _LEAST_WEEKS and phases[a] != 0]


def _why(rows: pd.DataFrame, phase: int) -> str:
    """What an hour that comes and goes with the clock change means."""
    index = pd.DatetimeIndex(rows["start"])
    ahead = index.tz_localize(None) - index.tz_convert("UTC").tz_localize(None)
    changes = ahead.nunique() > 1
    if abs(phase) == 60 and changes:
        return ", as times do that were not moved with the clock (UTC taken for local time)"
    return ", as after a change of the export's time zone"


def _middle(shape: np.ndarray, minutes: int) -> float:
    """Middle of the day on the circle of 24 h [min]."""
    angle = 2 * np.pi * (np.arange(len(shape)) + 0.5) / len(shape)
    mean = np.angle(np.sum(shape * np.exp(1j * angle)))
    return float(mean % (2 * np.pi) / (2 * np.pi) * _DAY_MIN)
