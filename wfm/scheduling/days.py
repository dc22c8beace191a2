"""One day as a problem of its own: its columns, its limits from the week, and what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wfm.scheduling.build import Matrix
from wfm.scheduling.counts import NEAR
from wfm.scheduling.hints import round_day
from wfm.scheduling.linear import Slice, take_slice

ATTEMPTS = ("near", "free", "loose")
"""Working agents at the guide's floor or ceiling; anywhere within the week; anyhow."""
LARGE = 9000
"""Free columns above which a day is solved by parts of its skill sets."""
JOINED = 6000
"""Free columns of such a part."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """One day, for all skill sets or some of them."""

    day: int
    skill_sets: tuple[int, ...] | None = None
    open_sets: tuple[int, ...] = ()


def day_columns(matrix: Matrix, day: int, skill_sets: tuple[int, ...] | None = None) -> np.ndarray:
    """Mask of what a day's shifts decide: days, starts, and all work until their end."""
    layout, problem = matrix.layout, matrix.layout.problem
    first, last = problem.first_interval[day], problem.first_interval[day + 1]
    longest = max(group.length for group in layout.groups)
    shifts = matrix.of_kind("m", "x", "y") & (matrix.day == day)
    window = (matrix.at >= first) & (matrix.at < last + longest)
    work = matrix.of_kind("k", "w", "f", "o") & window
    mask = shifts | work
    if skill_sets is not None:
        of_group = np.array([group.skill_set for group in layout.groups])
        own = np.where(matrix.group >= 0, of_group[matrix.group], matrix.skill_set)
        mask &= np.isin(own, skill_sets)
    return np.asarray(mask | with_slacks(matrix, window))


def with_slacks(matrix: Matrix, window: np.ndarray) -> np.ndarray:
    """Mask of what is missing or above in some intervals, and of all campaigns."""
    return np.asarray(matrix.of_kind("slack") & (window | (matrix.at < 0)))


def chunks_of_day(matrix: Matrix, day: int) -> list[Chunk]:
    """A day as one problem, or skill set by skill set, those with the fewest queues first."""
    size = int((day_columns(matrix, day) & (matrix.high > matrix.low)).sum())
    sets = matrix.layout.skill_sets
    if size <= LARGE or len(sets) == 1:
        return [Chunk(day)]
    order = sorted(range(len(sets)), key=lambda s: (len(sets[s].queues), -sets[s].size))
    parts: list[list[int]] = [[order[0]]]
    for s in order[1:]:
        together = day_columns(matrix, day, (*parts[-1], s)) & (matrix.high > matrix.low)
        if together.sum() <= JOINED:
            parts[-1].append(s)
        else:
            parts.append([s])
    return [
        Chunk(day, tuple(part), tuple(s for later in parts[i + 1 :] for s in later))
        for i, part in enumerate(parts)
    ]


def slice_day(
    matrix: Matrix,
    chunk: Chunk,
    days: Sequence[int],
    values: np.ndarray,
    guide: np.ndarray,
    prices: np.ndarray,
    is_open: np.ndarray,
    attempt: str,
) -> tuple[Slice, np.ndarray]:
    """One chunk and a rounding to start from; what is still open counts as the guide says.

    `prices` says what a column costs beyond its day, see `week_prices`.
    """
    free = day_columns(matrix, chunk.day, chunk.skill_sets)
    high = matrix.high.copy()
    part = take_slice(matrix, free & (high > matrix.low), values)
    part = replace(part, cost=part.cost + prices[part.free])
    weekly = matrix.weekly[part.touched]
    rows = part.touched[weekly]
    later, partner = _other_days(matrix, chunk, days, is_open)
    _count_open_sets(matrix, chunk, values, guide, part)
    index = np.flatnonzero((later | partner) & ~free)
    likely = matrix.rows[:, index].tocsr()[rows] @ (guide[index] - values[index])
    part.row_low[weekly] -= np.round(likely)
    part.row_high[weekly] -= np.round(likely)
    joins = matrix.joins_days[part.touched]
    part.row_low[joins], part.row_high[joins] = -np.inf, np.inf
    if attempt == "loose":
        only_most = weekly & np.isinf(part.row_low)
        part.row_high[only_most] = np.inf
    low, high = day_limits(matrix, chunk.day, days, values, guide, is_open, attempt)
    own = matrix.of_kind("m")[part.free]
    part.low[own], part.high[own] = low[part.free[own]], high[part.free[own]]
    sets = chunk.skill_sets or tuple(range(len(matrix.layout.skill_sets)))
    return part, round_day(matrix, chunk.day, values, guide, low, high, sets)[part.free]


def week_prices(matrix: Matrix, duals: np.ndarray) -> np.ndarray:
    """What each column costs by using up its agents' days of the week, from the LP's duals."""
    return np.asarray(-(matrix.rows.T @ np.where(matrix.joins_days, duals, 0.0)))


def _count_open_sets(
    matrix: Matrix, chunk: Chunk, values: np.ndarray, guide: np.ndarray, part: Slice
) -> None:
    """Let the skill sets to come cover what the guide says, rounded in running sums, in place."""
    if not chunk.open_sets:
        return
    problem = matrix.layout.problem
    first, last = problem.first_interval[chunk.day], problem.first_interval[chunk.day + 1]
    today = (matrix.at >= first) & (matrix.at < last)
    work = matrix.of_kind("f", "o") & np.isin(matrix.skill_set, chunk.open_sets) & today
    index = np.flatnonzero(work)
    shift = matrix.rows[:, index].tocsr()[part.touched] @ (guide[index] - values[index])
    whole_shift = np.diff(np.round(np.cumsum(shift)), prepend=0.0)
    part.row_low[:] -= whole_shift
    part.row_high[:] -= whole_shift


def _other_days(
    matrix: Matrix, chunk: Chunk, days: Sequence[int], is_open: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Masks of the columns of days still open, and of the day solved at the same time."""
    has_day = matrix.day >= 0
    later = np.zeros_like(has_day)
    later[has_day] = np.append(is_open, [False, False])[matrix.day[has_day]]
    return later, has_day & np.isin(matrix.day, [d for d in days if d != chunk.day])


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

    Of the other days, those done count as they are, the one solved at the same time at its worst
    rounding, and those open at their best.

    Returns
    -------
    tuple of numpy.ndarray
        Limits of all columns; only the day's columns m have meaning.
    """
    layout, problem = matrix.layout, matrix.layout.problem
    low, high = matrix.low.copy(), matrix.high.copy()
    week = problem.week_of(day)
    span = np.array(problem.days_of(week))
    partner = np.isin(span, [d for d in days if d != day])
    later = is_open[span] & ~partner & (span != day)
    done = ~later & ~partner & (span != day)
    most_in_row = problem.rules.max_days_in_row or len(span)
    for one, n, m in zip(layout.classes, matrix.columns.n, matrix.columns.m, strict=True):
        if one.week != week:
            continue
        count = values[n]
        most_a_day = np.minimum(matrix.high[m], count[:, None])
        wish = np.clip(guide[m], 0, most_a_day)
        down, up = np.floor(wish + NEAR), np.ceil(wish - NEAR)
        at = int(np.flatnonzero(span == day)[0])
        settled = np.isin(np.arange(len(span)), [day for day, _ in one.locked])
        down[:, settled] = up[:, settled] = count[:, None]
        fixed = values[m][:, done].sum(axis=1)
        spare = one.most * count - fixed - up[:, partner].sum(axis=1)
        spare -= count * (later & settled).sum()
        needed = one.fewest * count - fixed - down[:, partner].sum(axis=1)
        still = most_a_day[:, later].sum(axis=1)
        if one.before:
            early = np.arange(len(span)) <= most_in_row - one.before
            used = values[m][:, done & early].sum(axis=1)
            room = (early.sum() - 1) * count - used - up[:, partner & early].sum(axis=1)
            if early[at]:
                room = room - count * (later & early & settled).sum()
                spare = np.minimum(spare, room)
            else:
                late = most_a_day[:, later & ~early].sum(axis=1)
                still = late + np.minimum(most_a_day[:, later & early].sum(axis=1), room)
        if settled[at]:
            needed = count + still
        hardest = np.clip(needed - still, 0, most_a_day[:, at])
        softest = np.clip(spare, hardest, most_a_day[:, at])
        if attempt == "near":
            least = np.maximum(down[:, at], needed - up[:, later].sum(axis=1))
            most = np.minimum(up[:, at], spare - down[:, later].sum(axis=1))
            middle = np.clip(np.round(wish[:, at]), hardest, softest)
            clash = least > most
            least = np.clip(np.where(clash, middle, least), hardest, softest)
            most = np.clip(np.where(clash, middle, most), hardest, softest)
        elif attempt == "free":
            least, most = hardest, softest
        else:
            least, most = np.zeros(len(n)), most_a_day[:, at]
        low[m[:, at]], high[m[:, at]] = least, most
    return low, high
