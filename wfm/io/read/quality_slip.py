"""Days that look shifted by hours: a time zone taken for another, by the shape of the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from wfm.core.types import History
from wfm.io.read.quality_finding import Finding, found
from wfm.io.read.quality_rows import QueueRows, date_of

_DAY_MIN = 24 * 60
_REACH_H = 3  # hours by which weeks are shifted against each other
_LEAST_GAIN = 0.02  # by how much a shifted week must agree better than as it stands
_LEAST_ALIKE = 0.9
_LEAST_CALLS = 300.0  # contacts of a week below which its shape is noise
_LEAST_WEEKS = 2  # a single week may be a holiday's
_MEMORY = 6  # weeks that a week is compared with
_NOON_MIN, _FAR_MIN = 13 * 60, 6 * 60  # most days have their middle here, and never so far away


def slips(history: History, queues: Sequence[QueueRows]) -> Iterator[Finding]:
    """Weeks shifted against the ones before, and whole queues that are busiest at night."""
    for queue in queues:
        rows, minutes = queue.frame, queue.minutes
        monday = queue.day - queue.weekday
        weeks, of_row = np.unique(monday, return_inverse=True)
        shapes = queue.table(of_row)
        enough = shapes.sum(axis=1) >= _LEAST_CALLS
        weeks, shapes = weeks[enough], shapes[enough]
        phases = _phases(shapes, minutes)
        usual = int(pd.Series(phases).mode().iloc[0]) if len(phases) else 0
        for start, stop, phase in _runs(phases - usual):
            mine = rows[np.isin(monday, weeks[start:stop])]
            effect = (
                f"{stop - start} weeks from {date_of(weeks[start]):%Y-%m-%d} look {abs(phase)} min "
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


def _phases(shapes: np.ndarray, minutes: int) -> np.ndarray:
    """Minutes by which each week is later than the first, in steps of full hours."""
    step = max(60, minutes) // minutes
    reach = _REACH_H * 60 // (step * minutes)
    shifts = sorted(range(-reach, reach + 1), key=abs)
    slots = shapes.shape[1] if len(shapes) else 0
    turned = np.stack([(np.arange(slots) + k * step) % max(slots, 1) for k in shifts])
    phases = np.zeros(len(shapes), dtype=int)
    aligned = np.empty_like(shapes)
    now = 0
    for number, shape in enumerate(shapes):
        share = shape / shape.sum()
        if number:
            before = np.roll(aligned[max(number - _MEMORY, 0) : number].mean(axis=0), now * step)
            alike = _alike(share[turned], before)
            best = int(alike.argmax())
            if alike[best] >= _LEAST_ALIKE and alike[best] - alike[0] >= _LEAST_GAIN:
                now += shifts[best]
        aligned[number] = np.roll(share, -now * step)
        phases[number] = now * step * minutes
    return phases


def _alike(shapes: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Correlation of shapes of the day with another one; shape (n,)."""
    a, b = shapes - shapes.mean(axis=1, keepdims=True), other - other.mean()
    size = np.sqrt((a * a).sum(axis=1) * (b @ b))
    return np.asarray(np.divide(a @ b, size, out=np.zeros(len(a)), where=size > 0))


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
