"""Bands of people who all differ: some are decided, then the linear programme is solved again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wfm.scheduling.build import Matrix

SHARE, LEAST = 0.4, 4
"""Of the classes left, decided at a time, and how many at least; more where rounds are few."""
NEAR = 0.02
USED = 0.02
"""Agents of a group on a band below which it is left out."""


def close_bands(matrix: Matrix, rough: Matrix, guide: np.ndarray) -> None:
    """Leave to each group the bands on which the guide has somebody, in place.

    Parameters
    ----------
    matrix
        Of an exact layout; a class keeps the bands that it can work if it can work no other.
    rough
        Of the same problem with fewer classes.
    guide
        Value of each column of `rough` in the LP.
    """
    layout = rough.layout
    for number in range(len(layout.groups)):
        for week in range(layout.problem.weeks):
            used = sum(guide[rough.columns.n[h]] for h in layout.classes_of(number, week))
            for h in matrix.layout.classes_of(number, week):
                n, may = matrix.columns.n[h], matrix.layout.classes[h].may
                can = np.ones(len(n), dtype=bool) if may is None else may.any(axis=1)
                if can.any():
                    matrix.high[n[~can]] = 0.0
                if (can & (used >= USED)).any():
                    matrix.high[n[used < USED]] = 0.0


def decide_bands(
    matrix: Matrix,
    guide: np.ndarray,
    again: Callable[[np.ndarray], np.ndarray | None],
    rounds: int,
) -> np.ndarray:
    """Whole agents on each band, near the guide's for every group together.

    Parameters
    ----------
    matrix
        Of a layout with many small classes.
    guide
        Value of each column in the LP.
    again
        Solves the LP with the values of the columns n that are decided, NaN elsewhere; gives the
        values of all columns, or None.
    rounds
        Most calls of it.

    Returns
    -------
    numpy.ndarray
        A copy of the last guide with whole values in the columns n.
    """
    columns, layout = matrix.columns, matrix.layout
    decided = np.full(len(matrix.cost), np.nan)
    open_classes = list(range(len(layout.classes)))
    for number in range(rounds + 1):
        sure = [float(_divided(guide[columns.n[h]])) for h in open_classes]
        order = [open_classes[i] for i in np.argsort(sure, kind="stable")]
        whole = sum(s <= NEAR for s in sure)
        share = max(SHARE, 1 / (rounds + 1 - number))
        some = max(int(share * len(order)), whole, LEAST)
        error: dict[tuple[int, int], np.ndarray] = {}
        for h in order[:some]:
            one, n = layout.classes[h], columns.n[h]
            key = one.group, one.week
            wish = guide[n] + error.get(key, np.zeros(len(n)))
            result = np.zeros(len(n))
            allowed = guide[n] >= min(USED, guide[n].max())
            for _ in range(one.size):
                result[int(np.argmax(np.where(allowed, wish - result, -np.inf)))] += 1
            error[key] = wish - result
            decided[n] = result
        open_classes = order[some:]
        if not open_classes:
            break
        found = again(decided)
        guide = guide if found is None else found
    values = guide.copy()
    known = ~np.isnan(decided)
    values[known] = decided[known]
    return values


def _divided(share: np.ndarray) -> float:
    """How far a class is from whole counts."""
    return float(np.abs(share - np.round(share)).sum())
