"""Bands of clock time: whole numbers of people on them, and what is open around these."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.linear import Slice, take_slice


def round_bands(matrix: Matrix, guide: np.ndarray) -> np.ndarray:
    """Whole agents on each band, near the guide's in running sums over the day.

    Parameters
    ----------
    matrix
        Of the whole problem.
    guide
        Value of each column in the LP.

    Returns
    -------
    numpy.ndarray
        A copy of `guide` with whole values in the columns n.
    """
    layout, columns = matrix.layout, matrix.columns
    values = guide.copy()
    for week in range(layout.problem.weeks):
        errors: dict[int, np.ndarray] = {}
        for number, group in sorted(enumerate(layout.groups), key=lambda g: -g[1].size):
            classes = layout.classes_of(number, week)
            if not classes:
                continue
            shares = np.array([guide[columns.n[h]] for h in classes])
            sizes = [layout.classes[h].size for h in classes]
            error = errors.setdefault(group.skill_set, np.zeros(24 * 60))
            clocks, paid = layout.problem.clock[group.starts], max(group.paid)
            first = np.array([clocks[row].min() for row in group.in_band])
            totals, error = _cumulative(shares.sum(axis=0), sum(sizes), first, paid, error)
            errors[group.skill_set] = error
            allowed = np.array([matrix.high[columns.n[h]] > 0 for h in classes])
            for h, row in zip(classes, _fill(shares, sizes, totals, allowed), strict=True):
                values[columns.n[h]] = row
    return values


def _cumulative(
    shares: np.ndarray, size: int, clocks: np.ndarray, paid: float, error: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Whole totals by band with the offset that keeps the paid running error of all small."""
    running = np.cumsum(shares) * (size / max(float(shares.sum()), 1e-9))
    best: tuple[float, np.ndarray, np.ndarray] | None = None
    for offset in np.linspace(0.05, 0.95, 19):
        rounded = np.minimum(np.floor(running + offset), size)
        rounded[-1] = size
        steps = np.zeros(24 * 60)
        np.add.at(steps, clocks, np.diff(rounded - running, prepend=0.0) * paid)
        total = error + np.cumsum(steps)
        badness = float((total**2).sum())
        if best is None or badness < best[0] - 1e-9:
            best = badness, np.diff(rounded, prepend=0.0), total
    if best is None:
        return np.zeros_like(shares), error
    return best[1], best[2]


def _fill(
    shares: np.ndarray, sizes: list[int], totals: np.ndarray, allowed: np.ndarray
) -> np.ndarray:
    """Totals by band shared out to the classes, small classes first, by their largest shares.

    `allowed` are the bands that locks leave a class.
    """
    left, result = totals.copy(), np.zeros_like(shares)
    for row in np.argsort(sizes, kind="stable"):
        for _ in range(sizes[row]):
            good = allowed[row] & (left > 0)
            wish = np.where(
                good if good.any() else allowed[row], shares[row] - result[row], -np.inf
            )
            band = int(np.argmax(wish))
            result[row, band] += 1
            left[band] -= 1
    return result


def empty_bands(matrix: Matrix, guide: np.ndarray) -> np.ndarray:
    """Mask of the days and starts of bands on which nobody is."""
    empty = np.zeros(len(matrix.cost), dtype=bool)
    for n, m in zip(matrix.columns.n, matrix.columns.m, strict=True):
        empty[m[guide[n] == 0].ravel()] = True
    layout = matrix.layout
    for number, x in enumerate(matrix.columns.x):
        for week in range(layout.problem.weeks):
            classes = layout.classes_of(number, week)
            used = sum((guide[matrix.columns.n[h]] for h in classes), np.zeros(len(x)))
            days = np.isin(layout.groups[number].start_day, np.array(layout.problem.days_of(week)))
            unused = x[used == 0][:, days]
            empty[unused[unused >= 0]] = True
    return empty


def around_bands(matrix: Matrix, guide: np.ndarray) -> Slice:
    """All that whole bands leave open, where somebody is on them."""
    free = ~matrix.of_kind("n") & ~empty_bands(matrix, guide) & (matrix.high > matrix.low)
    return take_slice(matrix, free, np.where(matrix.of_kind("n"), guide, 0.0))
