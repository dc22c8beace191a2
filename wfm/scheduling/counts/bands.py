"""Bands in use."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.linear import Slice, take_slice


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
