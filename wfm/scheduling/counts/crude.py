"""Whole counts: bands by cumulative rounding, and a crude whole schedule to start the dive from."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.counts.build import Matrix

NEAR = 0.02
"""A guide's value this close to a whole number is meant to be it."""


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


def crude_counts(matrix: Matrix, guide: np.ndarray) -> np.ndarray:
    """A whole schedule in counts: days and starts rounded, breaks as early as can be.

    Parameters
    ----------
    matrix
        Of the whole problem.
    guide
        An LP answer in which the columns n are whole.
    """
    layout, columns, problem = matrix.layout, matrix.columns, matrix.layout.problem
    values = np.zeros_like(guide)
    for n in columns.n:
        values[n] = np.round(guide[n])
    for number, group in enumerate(layout.groups):
        for week in range(problem.weeks):
            for h in layout.classes_of(number, week):
                _round_days(matrix, h, guide, values)
        x = columns.x[number]
        for band in range(len(x)):
            for day in range(problem.days):
                at = np.flatnonzero((group.start_day == day) & (x[band] >= 0))
                week = problem.week_of(day)
                offset = day - problem.days_of(week)[0]
                working = sum(
                    float(values[columns.m[h][band, offset]])
                    for h in layout.classes_of(number, week)
                )
                if len(at) and working:
                    values[x[band, at]] = share_out(guide[x[band, at]], int(working))
        y = columns.y[number]
        values[y] = np.where(x >= 0, values[x], 0).sum(axis=0)
        for kind in range(len(group.lengths)):
            taken_to = 0
            for i, (length, earliest, _) in group.breaks_of(kind):
                offset = max(earliest, taken_to)
                taken_to = offset + length
                own = group.of_kind(kind)
                np.add.at(values, columns.k[number][i][group.starts[own] + offset], values[y[own]])
    matrix.count_due(values)
    settle(matrix, values)
    count_ended(matrix, values)
    return values


def _round_days(matrix: Matrix, h: int, guide: np.ndarray, values: np.ndarray) -> None:
    """Working agents by band and day, whole, inside the weekly limits."""
    one, n, m = matrix.layout.classes[h], matrix.columns.n[h], matrix.columns.m[h]
    carried = np.zeros(m.shape[1])
    for band in range(len(n)):
        count = values[n[band]]
        if count == 0:
            continue
        caps = np.minimum(matrix.high[m[band]], count)
        wish = guide[m[band]] + carried
        total = int(np.clip(round(guide[m[band]].sum()), one.fewest * count, one.most * count))
        values[m[band]] = share_out(wish, total, caps)
        carried += guide[m[band]] - values[m[band]]


def share_out(wish: np.ndarray, total: int, caps: np.ndarray | None = None) -> np.ndarray:
    """Whole numbers with a given sum near some wishes, at most `caps`.

    >>> share_out(np.array([1.4, 0.6, 0.0]), 2)
    array([1., 1., 0.])
    """
    limit = np.full(len(wish), np.inf) if caps is None else caps
    result: np.ndarray = np.minimum(np.floor(np.maximum(wish, 0) + NEAR), limit)
    while result.sum() > total:
        result[int(np.argmax(np.where(result > 0, result - wish, -np.inf)))] -= 1
    while result.sum() < total and (result < limit).any():
        result[int(np.argmax(np.where(result < limit, wish - result, -np.inf)))] += 1
    return result


def settle(matrix: Matrix, values: np.ndarray) -> None:
    """Put free staff on queues, without outbound, and set what is short, in place."""
    columns, layout = matrix.columns, matrix.layout
    for blocks in columns.o:
        for o in blocks.values():
            values[o[o >= 0]] = 0
    for number, skill_set in enumerate(layout.skill_sets):
        values[columns.f[number]] = 0
        free = -(matrix.rows @ values)[free_rows(matrix, number)]
        need = np.array(layout.problem.required)[list(skill_set.queues)].astype(float)
        shares = np.cumsum(need, axis=0) / np.maximum(need.sum(axis=0), 1)
        shares[-1] = 1
        running = np.round(-free * shares)
        values[columns.f[number]] = np.diff(running, axis=0, prepend=0.0)
    set_slacks(matrix, values)


def free_rows(matrix: Matrix, skill_set: int) -> np.ndarray:
    """Rows that balance the free staff of a skill set, by interval."""
    intervals = matrix.layout.problem.intervals
    return np.arange(skill_set * intervals, (skill_set + 1) * intervals)


def set_slacks(matrix: Matrix, values: np.ndarray) -> None:
    """Set what is missing and above, of queues and campaigns, from the other columns, in place."""
    columns, problem = matrix.columns, matrix.layout.problem
    sets = matrix.layout.skill_sets
    for queue, required in enumerate(problem.required):
        staff = np.zeros(problem.intervals)
        for skill_set, f in zip(sets, columns.f, strict=True):
            if queue in skill_set.queues:
                staff += values[f[skill_set.queues.index(queue)]]
        left = np.maximum(required - staff, 0)
        for column in columns.under[queue]:
            most = np.where(column >= 0, matrix.high[column], 0)
            part = np.minimum(left, most)
            values[column[column >= 0]] = part[column >= 0]
            left = left - part
        over, column = np.maximum(staff - required, 0), columns.over[queue]
        values[column[column >= 0]] = over[column >= 0]
    for campaign, target in enumerate(problem.targets):
        placed = 0.0
        for blocks in columns.o:
            if campaign in blocks:
                o = blocks[campaign]
                lengths = problem.block + np.arange(len(o))[:, None]
                placed += float((np.where(o >= 0, values[o], 0) * lengths).sum())
        values[columns.short[campaign]] = max(target - placed, 0)
        values[columns.excess[campaign]] = max(placed - target, 0)
    _set_limits(matrix, values)


def _set_limits(matrix: Matrix, values: np.ndarray) -> None:
    """Heads outside staff limits and those too many on a break, in place."""
    for _, slack, _ in matrix.columns.limits:
        values[slack[slack >= 0]] = 0.0
    rows = matrix.rows.tocsr() if matrix.columns.limits else matrix.rows
    gaps = []
    for at, slack, value in matrix.columns.limits:
        used = at[at >= 0]
        heads = np.asarray(rows[used] @ values)
        gap = matrix.row_low[used] - heads if value > 0 else heads - matrix.row_high[used]
        gaps.append((slack[slack >= 0], np.ceil(gap / abs(value) - NEAR)))
    for slack, gap in gaps:
        values[slack] = np.maximum(values[slack], gap)


def broken_rows(matrix: Matrix, values: np.ndarray) -> np.ndarray:
    """Rows that some values break."""
    done = matrix.rows @ values
    return np.flatnonzero((done < matrix.row_low - NEAR) | (done > matrix.row_high + NEAR))


def count_ended(matrix: Matrix, values: np.ndarray) -> None:
    """Breaks ended whose successor has not begun, where their order is stated, in place."""
    for came, went, stock in matrix.columns.waiting:
        running = np.cumsum(
            np.where(came >= 0, values[came], 0) - np.where(went >= 0, values[went], 0)
        )
        values[stock[stock >= 0]] = running[stock >= 0]
