"""A whole schedule of one day near the guide: where the exact search of the day starts from."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.crude import free_rows, set_slacks, share_out
from wfm.scheduling.counts.stock import Stock

UNDECIDED = 1e-6


def round_day(
    matrix: Matrix,
    day: int,
    values: np.ndarray,
    guide: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    skill_sets: tuple[int, ...],
) -> np.ndarray:
    """Round a day's shifts, breaks and work; other days stay.

    Parameters
    ----------
    matrix
        Of the whole problem.
    day
        The day to round.
    values, guide
        Whole values of all columns, and the LP's.
    low, high
        Limits of the columns m.
    skill_sets
        The agents it concerns.

    Returns
    -------
    numpy.ndarray
        Values of all columns, without outbound work on that day.
    """
    layout, problem = matrix.layout, matrix.layout.problem
    new = values.copy()
    first = int(problem.first_interval[day])
    last = int(problem.first_interval[day + 1]) + layout.longest
    for number, group in enumerate(layout.groups):
        if group.skill_set not in skill_sets:
            continue
        _round_shifts(matrix, number, day, new, guide, low, high)
    for stock in matrix.columns.stocks:
        if stock.skill_set in skill_sets:
            _round_breaks(matrix, stock, values, new, guide, (first, last))
    window = slice(first, min(last, problem.intervals))
    for number in skill_sets:
        for o in matrix.columns.o[number].values():
            today = o[:, first : int(problem.first_interval[day + 1])]
            new[today[today >= 0]] = 0
        f = matrix.columns.f[number][:, window]
        new[f] = 0
        free = np.maximum((matrix.rows @ new)[free_rows(matrix, number)][window], 0)
        shares = np.cumsum(np.maximum(guide[f], 0) + UNDECIDED, axis=0)
        running = np.round(free * shares / shares[-1])
        new[f] = np.diff(running, axis=0, prepend=0.0)
    set_slacks(matrix, new)
    return new


def _round_shifts(
    matrix: Matrix,
    number: int,
    day: int,
    new: np.ndarray,
    guide: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
) -> None:
    """Working agents by band within their limits, and their starts, in place."""
    layout, columns = matrix.layout, matrix.columns
    week = layout.problem.week_of(day)
    at = day - layout.problem.days_of(week)[0]
    working = np.zeros(len(columns.x[number]))
    for h in layout.classes_of(number, week):
        column, carried = columns.m[h][:, at], 0.0
        for band, one in enumerate(column):
            wish = guide[one] + carried
            new[one] = np.clip(np.round(wish), low[one], high[one])
            carried = wish - new[one]
            working[band] += new[one]
    starts = np.flatnonzero(layout.groups[number].start_day == day)
    for band, x in enumerate(columns.x[number][:, starts]):
        inside = x[x >= 0]
        if len(inside):
            new[inside] = share_out(guide[inside], round(working[band]))
    x = columns.x[number][:, starts]
    new[columns.y[number][starts]] = np.where(x >= 0, new[x], 0).sum(axis=0)


def _round_breaks(
    matrix: Matrix,
    stock: Stock,
    old: np.ndarray,
    new: np.ndarray,
    guide: np.ndarray,
    window: tuple[int, int],
) -> None:
    """Breaks begun follow the guide's running sum, as far as the windows allow, in place.

    In running sums breaks begun lie between the shifts whose window has opened and those whose
    window has closed; both only rise, so the clipped sum does too.
    """
    k, w = stock.k, stock.w
    first, last = window[0], min(window[1], matrix.layout.axis)
    opened = np.cumsum(matrix.windows(stock, new))
    due = np.cumsum(matrix.windows(stock, new, end=True))
    known = np.where(k >= 0, old[k], 0)
    before = float(known[:first].sum())
    today, more = matrix.layout.problem.day[first], 0.0
    for number, i in stock.breaks:
        group = matrix.layout.groups[number]
        own = (group.start_day == today) & (group.kind == group.pause_kind[i])
        y = matrix.columns.y[number][own]
        more += float((new[y] - old[y]).sum())
    end = before + float(known[first:last].sum()) + more
    wish = before + np.cumsum(np.where(k >= 0, guide[k], 0)[first:last])
    running = np.clip(np.round(wish), due[first:last], opened[first:last])
    running = np.minimum(np.maximum(running, before), end)
    if len(running):
        running[-1] = end
    begun = known.copy()
    begun[first:last] = np.diff(running, prepend=before)
    new[k[k >= 0]] = begun[k >= 0]
    left = opened - np.cumsum(begun)
    new[w[w >= 0]] = left[w >= 0]
