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
_ROUNDING = 1e-9
_MEMORY = 6  # weeks that a week is compared with
_NOON_MIN, _FAR_MIN = 13 * 60, 6 * 60  # most days have their middle here, and never so far away


def slips(history: History, queues: Sequence[QueueRows]) -> Iterator[Finding]:
    """Weeks shifted against the ones before, and whole queues that are busiest at night."""
    for queue in queues:
        rows, minutes, by_week = queue.frame, queue.clock.minutes, queue.clock.by_week
        weeks, shapes = by_week.held, queue.table(by_week)
        enough = shapes.sum(axis=1) >= _LEAST_CALLS
        weeks, shapes = weeks[enough], shapes[enough]
        phases = _phases(shapes, minutes)
        usual = int(pd.Series(phases).mode().iloc[0]) if len(phases) else 0
        for start, stop, phase in _runs(phases - usual):
            mine = rows[np.isin(by_week.held[by_week.of_row], weeks[start:stop])]
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
                f"or times of a zone about {abs(by) // 60:.0f} h away. Look at the heat map: if it "
                "is, read the file again with source_zone=, or shift it by the hours that are sure."
            )
            yield found("suspected zone slip", rows, effect, "shift", "middle of the day", int(by))


def _phases(shapes: np.ndarray, minutes: int) -> np.ndarray:
    """Minutes by which each week is later than the first, in steps of full hours."""
    step = max(60, minutes) // minutes
    reach = _REACH_H * 60 // (step * minutes)
    shifts = sorted(range(-reach, reach + 1), key=abs)
    phases = np.zeros(len(shapes), dtype=int)
    shares = shapes / shapes.sum(axis=1, keepdims=True)
    first = _first_slip(shares, [k * step for k in shifts])
    if first is None:
        return phases
    slots = shapes.shape[1]
    turned = np.stack([(np.arange(slots) + k * step) % slots for k in shifts])
    aligned = shares.copy()
    now = 0
    for number in range(first, len(shares)):
        share = shares[number]
        before = np.roll(aligned[max(number - _MEMORY, 0) : number].mean(axis=0), now * step)
        alike = _alike(share[turned], before)
        best = int(alike.argmax())
        if _better(alike[best], alike[0]):
            now += shifts[best]
        aligned[number] = np.roll(share, -now * step)
        phases[number] = now * step * minutes
    return phases


def _first_slip(shares: np.ndarray, turns: list[int]) -> int | None:
    """The first week that agrees better with those before when it is turned; None where none does.

    Until then no week is turned, so all are compared at once.
    """
    if len(shares) < 2:
        return None
    sums = np.cumsum(np.vstack([np.zeros(shares.shape[1]), shares]), axis=0)
    number = np.arange(1, len(shares))
    begin = np.maximum(number - _MEMORY, 0)
    before = (sums[number] - sums[begin]) / (number - begin)[:, None]
    alike = np.stack([_alike(np.roll(shares[1:], -turn, axis=1), before) for turn in turns])
    hits = np.flatnonzero(_better(alike.max(axis=0), alike[0], slack=_ROUNDING))
    return int(hits[0]) + 1 if len(hits) else None


def _better(best: np.ndarray, plain: np.ndarray, *, slack: float = 0.0) -> np.ndarray:
    """Whether a turned week is alike enough, and enough more alike than as it stands."""
    return np.asarray((best >= _LEAST_ALIKE - slack) & (best - plain >= _LEAST_GAIN - slack))


def _alike(shapes: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Correlation of shapes of the day, each with another or all with one; shape (n,)."""
    a, b = (x - x.mean(axis=-1, keepdims=True) for x in (shapes, other))
    size = np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1))
    return np.asarray(np.divide((a * b).sum(axis=-1), size, out=np.zeros(len(a)), where=size > 0))


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
