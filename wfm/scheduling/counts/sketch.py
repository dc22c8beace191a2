"""A sketch: a whole schedule in counts near the guide, from which the search sets out.

Each rounding passes on what it leaves too little or too much: days of work from band to band,
starts from one band to the next that has them, and breaks keep the place between the first and the
last moment that the guide gives them. Outbound work is left out: names find room for it.
"""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.derived import NEAR, count_ended, free_rows, set_slacks
from wfm.scheduling.counts.stock import Stock
from wfm.scheduling.counts.within_week import Week

UNDECIDED = 1e-6


def sketch(matrix: Matrix, guide: np.ndarray) -> np.ndarray:
    """Whole values of all columns near the guide.

    Parameters
    ----------
    matrix
        Of the whole problem.
    guide
        Value of each column in the LP, whole in bands.

    Returns
    -------
    numpy.ndarray
        Days of work keep the limits on the days of a week if any do. What joins weeks, and the
        order of breaks that have one, can be off. Nobody does outbound work.
    """
    values = np.where(matrix.of_kind("n"), np.round(guide), 0.0)
    for week in range(matrix.layout.problem.weeks):
        _round_days(matrix, week, values, guide)
    for number in range(len(matrix.layout.groups)):
        _round_starts(matrix, number, values, guide)
    for stock in matrix.columns.stocks:
        _round_breaks(matrix, stock, values, guide)
    matrix.count_due(values)
    for number, f in enumerate(matrix.columns.f):
        free = np.maximum((matrix.rows @ values)[free_rows(matrix, number)], 0)
        shares = np.cumsum(np.maximum(guide[f], 0) + UNDECIDED, axis=0)
        values[f] = np.diff(np.round(free * shares / shares[-1]), axis=0, prepend=0.0)
    set_slacks(matrix, values)
    count_ended(matrix, values)
    return values


def _round_days(matrix: Matrix, number: int, values: np.ndarray, guide: np.ndarray) -> None:
    """Days of work of a week by class and band, in place."""
    week = Week(matrix, number, values, guide)
    order = np.lexsort((_clocks(matrix, number), matrix.skill_set[week.columns[:, 0]]))
    for day, columns in enumerate(week.columns.T):
        low, high = week.range_of(day)
        carried = 0.0
        for row in order.tolist():
            wish = guide[columns[row]] + carried
            found = min(max(round(wish), low[row]), high[row])
            values[columns[row]], carried = found, wish - found
        week.settle(day, values[columns])


def _clocks(matrix: Matrix, week: int) -> np.ndarray:
    """First start of each class and band of a week, as `Week` has them, minutes of the day."""
    layout, found = matrix.layout, []
    for one in layout.classes:
        if one.week == week:
            group = layout.groups[one.group]
            clocks = layout.problem.clock[group.starts]
            found += [clocks[row].min() for row in group.in_band]
    return np.array(found)


def _round_starts(matrix: Matrix, number: int, values: np.ndarray, guide: np.ndarray) -> None:
    """Who works to starts, day by day and band by band, in place."""
    layout, columns = matrix.layout, matrix.columns
    problem, x = layout.problem, columns.x[number]
    for week in range(problem.weeks):
        classes = layout.classes_of(number, week)
        for at, day in enumerate(problem.days_of(week)):
            starts = np.flatnonzero(layout.groups[number].start_day == day)
            carried = np.zeros(len(starts))
            for band, row in enumerate(x[:, starts]):
                inside = row >= 0
                if not inside.any():
                    continue
                working = sum(values[columns.m[h][band, at]] for h in classes)
                wish = guide[row[inside]] + carried[inside]
                values[row[inside]] = share_out(wish, round(working))
                carried[inside] = wish - values[row[inside]]
    values[columns.y[number]] = np.where(x >= 0, values[x], 0).sum(axis=0)


def share_out(wish: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers with a given sum near some wishes.

    >>> share_out(np.array([1.4, 0.6, 0.0]), 2)
    array([1., 1., 0.])
    """
    result: np.ndarray = np.floor(np.maximum(wish, 0) + NEAR)
    while result.sum() > total:
        result[int(np.argmax(np.where(result > 0, result - wish, -np.inf)))] -= 1
    while result.sum() < total:
        result[int(np.argmax(wish - result))] += 1
    return result


def _round_breaks(matrix: Matrix, stock: Stock, values: np.ndarray, guide: np.ndarray) -> None:
    """Breaks begun, in place.

    Of the windows open at a moment, the guide's share has a break still to come.
    """
    due, begun = stock.w >= 0, stock.k >= 0
    closed, opened = _windows(matrix, stock, values)
    guide_closed, guide_opened = _windows(matrix, stock, guide)
    room = guide_opened - guide_closed
    share = np.full(len(room), 0.5)
    np.divide(guide[stock.w], room, out=share, where=due & (room > UNDECIDED))
    still = np.round(share.clip(0, 1) * (opened - closed))
    running = np.maximum.accumulate(opened - still)
    values[stock.k[begun]] = np.diff(running, prepend=0.0)[begun]


def _windows(matrix: Matrix, stock: Stock, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Windows closed by the end of each interval, and opened by then, in running sums."""
    ends, opens = (matrix.windows(stock, values, end=end) for end in (True, False))
    return np.cumsum(ends), np.cumsum(opens)
