"""How many of some people may work on a day so that their week can still be met.

Days worked by people of one band, added up from the first day of the week, are numbers of which
only differences are limited: each day, a week, a row of days. What such limits imply together is
the shortest path from one number to another (Cormen et al., Introduction to Algorithms, on
difference constraints); whole limits leave whole ranges, and the rest of the week can be met from
every number in such a range.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.crude import NEAR
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
    values, guide
        Of all columns: whole numbers, and those of the LP.
    is_done
        Days of the week whose numbers stay, shape (days,).
    """

    def __init__(
        self, matrix: Matrix, week: int, values: np.ndarray, guide: np.ndarray, is_done: np.ndarray
    ) -> None:
        layout, columns = matrix.layout, matrix.columns
        classes = [h for h, one in enumerate(layout.classes) if one.week == week]
        self.columns = np.concatenate([columns.m[h] for h in classes])
        of = np.repeat(classes, [len(columns.n[h]) for h in classes])
        count = values[np.concatenate([columns.n[h] for h in classes])]
        cap = np.minimum(matrix.high[self.columns], count[:, None])
        settled = np.array([self._settled(layout.classes[h].locked, cap) for h in classes])
        here = settled[np.searchsorted(classes, of)]
        self.cap = np.where(here, count[:, None], cap)
        self.floor = np.where(here, count[:, None], 0.0)
        self.cap[:, is_done] = self.floor[:, is_done] = values[self.columns][:, is_done]
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

    def range_of(
        self, day: int, known: dict[int, np.ndarray], *, near: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Least and most of a day around known numbers of others, each shape (cases,).

        Near the guide, its floor or ceiling on every day, or where that cannot be on this day;
        else any number.
        """
        low, high = self.floor.copy(), self.cap.copy()
        for other, number in known.items():
            low[:, other] = high[:, other] = number
        wide = self.implied(low, high)
        least, most = -wide[:, day + 1, day], wide[:, day, day + 1]
        possible = np.diagonal(wide, axis1=1, axis2=2).min(axis=1) >= 0
        down, up = np.floor(self.wish + NEAR), np.ceil(self.wish - NEAR)
        least = np.where(possible, least, down[:, day])
        most = np.where(possible, most, up[:, day])
        if not near:
            return least, most
        close = self.implied(np.clip(down, low, high), np.clip(up, low, high))
        good = np.diagonal(close, axis1=1, axis2=2).min(axis=1) >= 0
        return (
            np.where(good, -close[:, day + 1, day], np.clip(down[:, day], least, most)),
            np.where(good, close[:, day, day + 1], np.clip(up[:, day], least, most)),
        )

    def range_beside(
        self, day: int, other: int, low: np.ndarray, high: np.ndarray, *, near: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """What a day may be whatever another one is between two numbers; crossed where nothing."""
        ends = [self.range_of(day, {other: end}, near=near) for end in (low, high)]
        return np.maximum(ends[0][0], ends[1][0]), np.minimum(ends[0][1], ends[1][1])


def day_limits(
    matrix: Matrix,
    day: int,
    days: Sequence[int],
    values: np.ndarray,
    guide: np.ndarray,
    is_open: np.ndarray,
    attempt: str,
) -> tuple[np.ndarray, np.ndarray]:
    """Least and most working agents by class and band of a day, so that the week can still be met.

    Days done count as they are, and whatever a day solved at the same time becomes within its own
    limits, the week can be met.

    Parameters
    ----------
    matrix
        Of the whole problem.
    day, days
        The day, and those solved at the same time, itself among them, at most two.
    values, guide
        Whole values of all columns, and the LP's.
    is_open
        Days that come later.
    attempt
        `near` the guide, `free` within the week, or `loose`: at most all agents.

    Returns
    -------
    tuple of numpy.ndarray
        Limits of all columns; only the day's columns m have meaning.
    """
    problem = matrix.layout.problem
    span = problem.days_of(problem.week_of(day))
    is_done = np.array([not is_open[d] and d not in days for d in span])
    week = Week(matrix, problem.week_of(day), values, guide, is_done)
    low, high = matrix.low.copy(), matrix.high.copy()
    at = day - span[0]
    together = sorted(d - span[0] for d in days if d in span)
    limits = _pair(week, together) if len(together) > 1 else {}
    if attempt == "loose":
        found = np.zeros(len(week.cap)), week.cap[:, at]
    elif attempt == "near" and limits:
        found = limits[at]
    elif limits:
        other = next(d for d in together if d != at)
        least, most = week.range_beside(at, other, *limits[other], near=False)
        crossed = least > most
        found = np.where(crossed, limits[at][0], least), np.where(crossed, limits[at][1], most)
    else:
        found = week.range_of(at, {}, near=attempt == "near")
    own = week.columns[:, at]
    low[own], high[own] = found
    return low, high


def _pair(week: Week, days: list[int]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Limits of two days that fit together: where they do not, the first is settled before."""
    first, second = days
    low, high = week.range_of(first, {}, near=True)
    least, most = week.range_beside(second, first, low, high, near=True)
    crossed = least > most
    if crossed.any():
        middle = np.clip(np.round(week.wish[:, first]), low, high)
        low, high = np.where(crossed, middle, low), np.where(crossed, middle, high)
        least, most = week.range_beside(second, first, low, high, near=True)
    return {first: (low, high), second: (least, most)}
