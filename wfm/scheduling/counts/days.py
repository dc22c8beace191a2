"""One day as a problem of its own: its columns, its limits from the week, and what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.hints import round_day
from wfm.scheduling.counts.linear import Slice, take_slice
from wfm.scheduling.counts.within_week import day_limits

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
    longest = layout.longest
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


def round_open_days(
    matrix: Matrix, week: int, values: np.ndarray, guide: np.ndarray, is_open: np.ndarray
) -> None:
    """Round the open days of a week near the guide, in place.

    A day is planned beside its neighbours' nights, so these are to be what will come. What joins
    days can be off; the day's own rows hold.
    """
    sets = tuple(range(len(matrix.layout.skill_sets)))
    for day in matrix.layout.problem.days_of(week):
        if is_open[day]:
            low, high = day_limits(matrix, day, [day], values, guide, is_open, ATTEMPTS[0])
            values[:] = round_day(matrix, day, values, guide, low, high, sets)


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
