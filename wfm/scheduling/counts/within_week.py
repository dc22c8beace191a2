"""How many of some people may work on a day so that their week can still be met.

Days worked by people of one band, added up from the first day of the week, are numbers of which
only differences are limited: each day, a week, a row of days. What such limits imply together is
the shortest path from one number to another (Cormen et al., Introduction to Algorithms, on
difference constraints); whole limits leave whole ranges, and the rest of the week can be met from
every number in such a range.
"""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.derived import NEAR
from wfm.scheduling.problem import Begin


def tighten(most: np.ndarray) -> np.ndarray:
    """What limits on differences imply: least sums of limits from each number to each other.

    Parameters
    ----------
    most
        By how much number j may exceed number i, shape (cases, numbers, numbers), [i, j].

    Returns
    -------
    numpy.ndarray
        The same shape; below zero on the diagonal where the limits cannot hold together.

    Examples
    --------
    One day of at most 1 and one of at most 3, together at most 2:

    >>> most = np.array([[[0.0, 1.0, 2.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]]])
    >>> float(tighten(most)[0, 1, 2])
    2.0
    """
    found = most.copy()
    for middle in range(found.shape[1]):
        np.minimum(found, found[:, :, middle, None] + found[:, middle, None, :], out=found)
    return found


class Week:
    """All that limits the days worked by people of a class on one band, a row for each such case.

    Parameters
    ----------
    matrix
        Of the whole problem.
    week
        By number.
    bands, guide
        Of all columns: whole numbers of people on bands, and what the LP says.
    """

    def __init__(self, matrix: Matrix, week: int, bands: np.ndarray, guide: np.ndarray) -> None:
        layout, columns = matrix.layout, matrix.columns
        classes = [h for h, one in enumerate(layout.classes) if one.week == week]
        self.columns = np.concatenate([columns.m[h] for h in classes])
        of = np.repeat(classes, [len(columns.n[h]) for h in classes])
        count = bands[np.concatenate([columns.n[h] for h in classes])]
        cap = np.minimum(matrix.high[self.columns], count[:, None])
        settled = np.array([self._settled(layout.classes[h].locked, cap) for h in classes])
        here = settled[np.searchsorted(classes, of)]
        self.cap = np.where(here, count[:, None], cap)
        self.floor = np.where(here, count[:, None], 0.0)
        self.wish = np.clip(guide[self.columns], self.floor, self.cap)
        self.joint = self._joint(matrix, of, count)

    @staticmethod
    def _settled(locked: tuple[tuple[int, Begin], ...], cap: np.ndarray) -> np.ndarray:
        return np.isin(np.arange(cap.shape[1]), [day for day, _ in locked])

    def _joint(self, matrix: Matrix, of: np.ndarray, count: np.ndarray) -> np.ndarray:
        """Limits on several days together, see `tighten`."""
        size = self.cap.shape[1]
        joint = np.full((len(of), size + 1, size + 1), np.inf)
        joint[:, np.arange(size + 1), np.arange(size + 1)] = 0.0
        limits = [(one.fewest, one.most, one.before) for one in matrix.layout.classes]
        fewest, most, before = np.array(limits)[of].T
        joint[:, 0, size] = most * count
        joint[:, size, 0] = -fewest * count
        in_row = matrix.layout.problem.rules.max_days_in_row
        if in_row is not None:
            for first in range(size - in_row):
                last = first + in_row + 1
                joint[:, first, last] = np.minimum(joint[:, first, last], in_row * count)
            for row in np.flatnonzero(before):
                left = in_row - before[row]
                if left < size:
                    joint[row, 0, left + 1] = min(joint[row, 0, left + 1], left * count[row])
        return joint

    def implied(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """All limits on differences where each day lies between two numbers."""
        most = self.joint.copy()
        days = np.arange(self.cap.shape[1])
        most[:, days, days + 1] = np.minimum(most[:, days, days + 1], high)
        most[:, days + 1, days] = np.minimum(most[:, days + 1, days], -low)
        return tighten(most)

    def range_of(self, day: int) -> tuple[np.ndarray, np.ndarray]:
        """Least and most of a day near the guide, each shape (cases,).

        Its floor or ceiling on every day still open; where the week cannot be met so, the nearest
        to them with which it can.
        """
        wide = self.implied(self.floor, self.cap)
        least, most = -wide[:, day + 1, day], wide[:, day, day + 1]
        possible = np.diagonal(wide, axis1=1, axis2=2).min(axis=1) >= 0
        down, up = np.floor(self.wish + NEAR), np.ceil(self.wish - NEAR)
        least = np.where(possible, least, down[:, day])
        most = np.where(possible, most, up[:, day])
        low, high = (np.clip(side, self.floor, self.cap) for side in (down, up))
        close = self.implied(low, high)
        good = np.diagonal(close, axis1=1, axis2=2).min(axis=1) >= 0
        return (
            np.where(good, -close[:, day + 1, day], np.clip(down[:, day], least, most)),
            np.where(good, close[:, day, day + 1], np.clip(up[:, day], least, most)),
        )

    def settle(self, day: int, numbers: np.ndarray) -> None:
        """Take the numbers of a day as they are from now on, shape (cases,)."""
        self.floor[:, day] = self.cap[:, day] = numbers
