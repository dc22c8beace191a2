"""The dive: days become whole one after the other, each an exact small problem guided by the LP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wfm.scheduling.build import Matrix
from wfm.scheduling.clock import Clock
from wfm.scheduling.counts import NEAR, set_slacks
from wfm.scheduling.linear import Slice, relax, take_slice, whole

ATTEMPTS = ("near", "free", "loose")
"""Days at the guide's floor or ceiling; anywhere within the week; without the weekly limits."""
SHARE = 0.75
GUIDE_TOLERANCE = 1e-3
SMALL_GAP = 0.9
RESERVE_S = 2.0
LARGE = 9000
"""Free columns above which a day is solved skill set by skill set."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """One day, for all skill sets or some of them."""

    day: int
    skill_sets: tuple[int, ...] | None = None


def day_columns(matrix: Matrix, day: int, skill_sets: tuple[int, ...] | None = None) -> np.ndarray:
    """Mask of the columns that a day's shifts decide: days, starts, and all work until their end."""
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
    return mask | with_slacks(matrix, window)


def with_slacks(matrix: Matrix, window: np.ndarray) -> np.ndarray:
    """Mask of what is missing or above in some intervals, and of all campaigns."""
    return matrix.of_kind("slack") & (window | (matrix.at < 0))


def dive(matrix: Matrix, crude: np.ndarray, guide: np.ndarray, clock: Clock, seed: int) -> np.ndarray:
    """Make the guide whole, two days at a time that are not neighbours.

    Parameters
    ----------
    matrix
        Of the whole problem.
    crude
        A whole schedule in counts; days that get no answer keep it.
    guide
        LP answer with the same columns n.
    clock
        Its time left is shared out over the days.
    seed
        Of the searches.

    Returns
    -------
    numpy.ndarray
        Whole values of all columns; weekly rows can be off where a day got no answer.
    """
    problem = matrix.layout.problem
    values, target = crude.copy(), guide.copy()
    is_open = np.ones(problem.days, dtype=bool)
    steps = [
        step
        for week in range(problem.weeks)
        for step in _pairs(list(problem.days_of(week)))
    ]
    for number, step in enumerate(steps):
        if clock.over:
            break
        clock.tick("days")
        seconds = max((clock.left - RESERVE_S) * SHARE / (len(steps) - number), 0.3)
        is_open[step] = False
        _solve_days(matrix, step, values, target, is_open, seconds, clock, seed + number)
        if number + 1 < len(steps) and is_open.any() and not clock.over:
            _guide_again(matrix, values, target, is_open, problem.week_of(steps[number + 1][0]), clock)
    set_slacks(matrix, values)
    return values


def _pairs(days: list[int]) -> list[list[int]]:
    """Days of a week, two at a time and never neighbours.

    >>> _pairs([0, 1, 2, 3, 4, 5, 6])
    [[0, 2], [4, 6], [1, 3], [5]]
    """
    pairs = [
        same[i : i + 2] for same in (days[0::2], days[1::2]) for i in range(0, len(same), 2)
    ]
    return pairs[:-1] + [[day] for day in pairs[-1]]


def _solve_days(
    matrix: Matrix,
    days: list[int],
    values: np.ndarray,
    guide: np.ndarray,
    is_open: np.ndarray,
    seconds: float,
    clock: Clock,
    seed: int,
) -> None:
    """Solve some days side by side and take their answers over, in place."""
    chunks: list[list[Chunk]] = [_chunks(matrix, day) for day in days]
    for parts in zip(*chunks, strict=True):
        until = clock.seconds + seconds / len(chunks[0])
        tasks = [
            _task(matrix, part, days, values, guide, is_open, until, clock, seed) for part in parts
        ]
        answers = clock.together(tasks)
        for answer in answers:
            if answer is not None:
                free, found = answer
                values[free] = found
        set_slacks(matrix, values)


def _chunks(matrix: Matrix, day: int) -> list[Chunk]:
    """A day as one problem, or skill set by skill set, those with the fewest queues first."""
    size = int((day_columns(matrix, day) & (matrix.high > matrix.low)).sum())
    sets = matrix.layout.skill_sets
    if size <= LARGE or len(sets) == 1:
        return [Chunk(day)]
    order = sorted(range(len(sets)), key=lambda s: (len(sets[s].queues), -sets[s].size))
    return [Chunk(day, (s,)) for s in order]


def _task(
    matrix: Matrix,
    chunk: Chunk,
    days: Sequence[int],
    values: np.ndarray,
    guide: np.ndarray,
    is_open: np.ndarray,
    until: float,
    clock: Clock,
    seed: int,
):  # type: ignore[no-untyped-def]
    """A call that solves one chunk and gives (columns, values), or None."""

    def run() -> tuple[np.ndarray, np.ndarray] | None:
        for attempt in ATTEMPTS:
            part = _slice(matrix, chunk, days, values, guide, is_open, attempt)
            seconds = max(until - clock.seconds, 0.5)
            found = whole(
                part,
                values[part.free],
                seconds,
                clock.running,
                seed=seed,
                small_gap=SMALL_GAP,
            )
            if found is not None:
                return part.free, found
            if clock.running.stopped:
                return None
        return None

    return run


def _slice(
    matrix: Matrix,
    chunk: Chunk,
    days: Sequence[int],
    values: np.ndarray,
    guide: np.ndarray,
    is_open: np.ndarray,
    attempt: str,
) -> Slice:
    """One chunk; the partner counts at its worst rounding, days still open at their best."""
    free = day_columns(matrix, chunk.day, chunk.skill_sets)
    high = matrix.high.copy()
    part = take_slice(matrix, free & (high > matrix.low), values)
    weekly = matrix.weekly[part.touched]
    rows = part.touched[weekly]
    has_day = matrix.day >= 0
    later = np.zeros_like(has_day)
    later[has_day] = np.append(is_open, [False, False])[matrix.day[has_day]]
    partner = has_day & np.isin(matrix.day, [d for d in days if d != chunk.day])
    index = np.flatnonzero((later | partner) & ~free)
    cells = matrix.rows[:, index].tocsr()[rows]
    likely = guide[index]
    up, down = np.ceil(likely - NEAR), np.floor(likely + NEAR)
    if attempt == "free":
        up, down = matrix.high[index], np.zeros(len(index))
    is_days, is_partner = matrix.of_kind("m")[index], partner[index]
    most = np.where(is_days, np.where(is_partner, up, down), likely) - values[index]
    least = np.where(is_days, np.where(is_partner, down, up), likely) - values[index]
    equal = matrix.row_low[rows] == matrix.row_high[rows]
    middle = np.round(cells @ (likely - values[index]))
    part.row_low[weekly] -= np.where(equal, middle, cells @ least)
    part.row_high[weekly] -= np.where(equal, middle, np.floor(cells @ most))
    if attempt == "loose":
        part.row_low[np.flatnonzero(weekly)[~equal]] = -np.inf
        part.row_high[np.flatnonzero(weekly)[~equal]] = np.inf
    if attempt == "near":
        own = matrix.of_kind("m")[part.free]
        wish = guide[part.free[own]]
        part.low[own] = np.maximum(part.low[own], np.floor(wish + NEAR))
        part.high[own] = np.minimum(part.high[own], np.ceil(wish - NEAR))
        part.low[own] = np.minimum(part.low[own], part.high[own])
    return part


def _guide_again(
    matrix: Matrix,
    values: np.ndarray,
    guide: np.ndarray,
    is_open: np.ndarray,
    week: int,
    clock: Clock,
) -> None:
    """Solve the LP of the open days of a week around the days that are whole, in place."""
    problem = matrix.layout.problem
    days = [d for d in problem.days_of(week) if is_open[d]]
    free = np.zeros(len(matrix.cost), dtype=bool)
    for day in days:
        free |= day_columns(matrix, day)
    base = guide.copy()
    done = matrix.day >= 0
    done[done] = ~np.append(is_open, [True, True])[matrix.day[done]]
    base[done] = values[done]
    part = take_slice(matrix, free & (matrix.high > matrix.low), base)
    found = clock.together(
        [lambda: relax(part, GUIDE_TOLERANCE, min(clock.left / 8, 6.0), clock.running)]
    )[0]
    if found is not None:
        guide[part.free] = found.values
