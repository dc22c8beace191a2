"""The dive: days become whole one after the other, each an exact small problem guided by the LP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from wfm.scheduling.build import Matrix
from wfm.scheduling.clock import Clock
from wfm.scheduling.counts import NEAR, set_slacks
from wfm.scheduling.hints import round_day
from wfm.scheduling.linear import Slice, relax, take_slice, whole

ATTEMPTS = ("near", "free", "loose")
"""Working agents at the guide's floor or ceiling; anywhere within the week; anyhow."""
SHARE = 0.75
GUIDE_TOLERANCE = 1e-4
SMALL_GAP = 0.9
RESERVE_S = 2.0
LARGE = 9000
"""Free columns above which a day is solved skill set by skill set."""


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


def dive(
    matrix: Matrix, crude: np.ndarray, guide: np.ndarray, clock: Clock, seed: int
) -> np.ndarray:
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
    steps = [step for week in range(problem.weeks) for step in _pairs(list(problem.days_of(week)))]
    for number, step in enumerate(steps):
        if clock.over:
            break
        clock.tick("days")
        seconds = max((clock.left - RESERVE_S) * SHARE / (len(steps) - number), 0.3)
        is_open[step] = False
        _solve_days(matrix, step, values, target, is_open, seconds, clock, seed + number)
        if number + 1 < len(steps) and is_open.any() and not clock.over:
            _guide_again(
                matrix, values, target, is_open, problem.week_of(steps[number + 1][0]), clock
            )
    set_slacks(matrix, values)
    return values


def _pairs(days: list[int]) -> list[list[int]]:
    """Days of a week, two at a time and never neighbours.

    >>> _pairs([0, 1, 2, 3, 4, 5, 6])
    [[0, 2], [4, 6], [1, 3], [5]]
    """
    pairs = [same[i : i + 2] for same in (days[0::2], days[1::2]) for i in range(0, len(same), 2)]
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
        if clock.over:
            return
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
    return [Chunk(day, (s,), tuple(order[i + 1 :])) for i, s in enumerate(order)]


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
) -> Callable[[], tuple[np.ndarray, np.ndarray] | None]:
    """A call that solves one chunk and gives (columns, values), or None."""

    def run() -> tuple[np.ndarray, np.ndarray] | None:
        for attempt in ATTEMPTS:
            part, hint = _slice(matrix, chunk, days, values, guide, is_open, attempt)
            seconds = max(until - clock.seconds, 0.5)
            found = whole(
                part,
                hint,
                seconds,
                clock.running,
                seed=seed,
                small_gap=SMALL_GAP,
            )
            if found is not None:
                return part.free, found.values
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
) -> tuple[Slice, np.ndarray]:
    """One chunk and a rounding to start from; what is still open counts as the guide says."""
    free = day_columns(matrix, chunk.day, chunk.skill_sets)
    high = matrix.high.copy()
    part = take_slice(matrix, free & (high > matrix.low), values)
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
    for one, n, m in zip(layout.classes, matrix.columns.n, matrix.columns.m, strict=True):
        if one.week != week:
            continue
        count = values[n]
        most_a_day = np.minimum(matrix.high[m], count[:, None])
        wish = np.clip(guide[m], 0, most_a_day)
        down, up = np.floor(wish + NEAR), np.ceil(wish - NEAR)
        fixed = values[m][:, done].sum(axis=1)
        spare = one.most * count - fixed - up[:, partner].sum(axis=1)
        needed = one.fewest * count - fixed - down[:, partner].sum(axis=1)
        at = int(np.flatnonzero(span == day)[0])
        hardest = np.clip(needed - most_a_day[:, later].sum(axis=1), 0, most_a_day[:, at])
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
