"""How long the intervals of a file are, and whether they are of one length."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from wfm.core.errors import DataError

_COARSE_MIN = (2, 5, 10, 15, 20, 30, 60, 120)
_LONG_RUN = 3
_HOUR_MIN, _DAY_MIN = 60, 24 * 60


@dataclass(frozen=True)
class Rows:
    """Where rows are: code of the queue, instant [s UTC], line in the file; shape (n,)."""

    queue: np.ndarray
    at_s: np.ndarray
    line: np.ndarray

    def of(self, queues: np.ndarray) -> Rows:
        """The same rows with the queue that each code stands for."""
        return Rows(queues[self.queue], self.at_s, self.line)

    def and_those(self, others: Rows) -> Rows:
        """These rows, then others."""
        both = (
            np.concatenate([getattr(self, name), getattr(others, name)])
            for name in ("queue", "at_s", "line")
        )
        return Rows(*both)


def in_order(rows: Rows, *, strictly: bool = False) -> bool:
    """Whether the rows stand queue by queue and in time; `strictly`: none of them twice."""
    queue, at_s = rows.queue, rows.at_s
    good = at_s[1:] > at_s[:-1] if strictly else at_s[1:] >= at_s[:-1]
    good &= queue[1:] == queue[:-1]
    good |= queue[1:] > queue[:-1]
    return bool(good.all())


def different(rows: Rows) -> np.ndarray:
    """Instants of the rows, each about once [s UTC]; queues that have the same share them."""
    if (rows.queue[1:] < rows.queue[:-1]).any():
        return pd.unique(rows.at_s)
    found: list[np.ndarray] = [rows.at_s[:0]]
    last = int(rows.queue.max(initial=-1)) + 1
    bounds = np.searchsorted(rows.queue, np.arange(last + 1, dtype=rows.queue.dtype))
    for begin, end in pairwise(bounds):
        if not np.array_equal(rows.at_s[begin:end], found[-1]):
            found.append(rows.at_s[begin:end])
    return pd.unique(np.concatenate(found))


def find_spacing(
    rows: Rows, queues: list[str], source: str, wanted_min: int, given_min: int | None
) -> np.ndarray:
    """Length of each queue's intervals in the file [min].

    It is the shortest step between rows of the file, or a queue's own where its rows stand
    without gaps at a longer one: a file may leave out intervals without contacts.

    Raises
    ------
    DataError
        One queue has intervals of two lengths, or they are longer than wanted or do not fit it.
    """
    count = len(queues)
    if given_min is not None:
        spacing = np.full(count, given_min)
        _fit(spacing, queues, source, wanted_min)
        return spacing
    queue, line, at_s = rows.queue, rows.line, rows.at_s
    if not in_order(rows):
        order = np.lexsort((at_s, queue))
        queue, line, at_s = queue[order], line[order], at_s[order]
    bounds = np.searchsorted(queue, np.arange(count + 1, dtype=queue.dtype))
    by_queue = [slice(a, b) for a, b in pairwise(bounds)]
    least = [_least_step(at_s[mine]) for mine in by_queue]
    shortest = min(least)
    if np.isinf(shortest):
        return np.full(count, wanted_min)
    if wanted_min % shortest and shortest < wanted_min:
        step = np.concatenate([np.diff(at_s[mine]) / 60 for mine in by_queue])
        _uneven(rows, queues, source, step[step > 0], shortest, wanted_min)
    if shortest > wanted_min and _in_runs(np.diff(at_s) / 60 == shortest)[0] <= 0.5:
        shortest = _common(rows.at_s, shortest, wanted_min)
    spacing = np.full(count, shortest)
    before = at_s[:0]
    for q, (mine, own) in enumerate(zip(by_queue, least, strict=True)):
        if np.isinf(own):
            continue
        if np.array_equal(at_s[mine], before):
            spacing[q] = spacing[q - 1]
            continue
        before = at_s[mine]
        steps = np.diff(before) / 60
        if own > shortest and _in_runs(steps == own)[0] > 0.5:
            spacing[q] = own
        if own != spacing[q]:
            continue
        for coarse in _COARSE_MIN:
            if coarse <= own:
                continue
            share, first = _in_runs(steps == coarse)
            if share > 0.5:
                message = (
                    f"{source}: queue {queues[q]!r} has intervals of {own:g} and of {coarse} min, "
                    f"the latter from line {line[bounds[q] + first]} on. Export it with one "
                    "interval; if intervals without contacts are left out of the file, say "
                    f"source_interval='{own:g}min'."
                )
                raise DataError(message)
    _fit(spacing, queues, source, wanted_min)
    return spacing.astype(int)


def _least_step(at_s: np.ndarray) -> float:
    """Shortest step between instants in order [min], inf where there is none."""
    steps = np.diff(at_s)
    steps = steps[steps > 0]
    return float(steps.min() / 60) if len(steps) else np.inf


def _in_runs(hits: np.ndarray) -> tuple[float, int]:
    """Share of the hits that stand in long unbroken runs, and where the first such run begins."""
    if hits.sum() < _LONG_RUN:
        return 0.0, 0
    edges = np.flatnonzero(np.diff(np.concatenate(([0], hits.astype(np.int8), [0]))))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    long = lengths >= _LONG_RUN
    return (float(lengths[long].sum() / hits.sum()), int(starts[long][0])) if long.any() else (0, 0)


def _common(at_s: np.ndarray, shortest: float, wanted_min: int) -> float:
    """The grid of rows far apart: what is wanted, when all stand on it and on no longer one."""
    apart = int(np.gcd.reduce(at_s - at_s.min())) / 60
    longer = apart == shortest and (shortest <= _HOUR_MIN or shortest % _DAY_MIN == 0)
    return shortest if longer or apart % wanted_min else float(wanted_min)


def _uneven(
    rows: Rows,
    queues: list[str],
    source: str,
    steps: np.ndarray,
    shortest: float,
    wanted_min: int,
) -> None:
    """Name the row that does not stand where the others do."""
    lengths, counts = np.unique(steps, return_counts=True)
    usual = float(lengths[counts.argmax()])
    phase = pd.Series(rows.at_s % round(usual * 60))
    off = np.flatnonzero(phase != phase.mode().iloc[0])
    if len(off) and usual != shortest:
        first = off[np.argmin(rows.line[off])]
        message = (
            f"{source}: line {rows.line[first]} (queue {queues[rows.queue[first]]!r}) does not "
            f"stand on the {usual:g}-min grid of the other rows (rows like it: {len(off)}). "
            "Correct its time, or export the file with one interval."
        )
        raise DataError(message)
    message = (
        f"{source}: its rows are {shortest:g} min apart, which does not fit into {wanted_min} min. "
        "Ask for an interval that is a multiple of it."
    )
    raise DataError(message)


def _fit(spacing: np.ndarray, queues: list[str], source: str, wanted_min: int) -> None:
    for q, minutes in enumerate(spacing):
        if minutes > wanted_min:
            message = (
                f"{source}: the intervals of queue {queues[q]!r} are {minutes:g} min long, coarser "
                f"than the {wanted_min} min asked for. Use interval='{minutes:g}min' or a finer "
                "export; if intervals without contacts are left out of the file, say "
                f"source_interval='{wanted_min}min'."
            )
            if minutes > 60:
                message = (
                    f"{source}: the rows of queue {queues[q]!r} are {minutes:g} min apart; "
                    "intervals of 5 to 60 min are needed. Export the file by interval."
                )
            raise DataError(message)
        if wanted_min % minutes:
            message = (
                f"{source}: intervals of {minutes:g} min do not fit into {wanted_min} min. "
                "Ask for an interval that is a multiple of it."
            )
            raise DataError(message)
