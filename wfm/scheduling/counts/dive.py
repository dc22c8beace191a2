"""The dive: days become whole one after the other, each an exact small problem guided by the LP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

import numpy as np

from wfm.scheduling.clock import WORKERS, Clock
from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.crude import set_slacks
from wfm.scheduling.counts.days import (
    ATTEMPTS,
    Chunk,
    chunks_of_day,
    day_columns,
    round_open_days,
    slice_day,
    week_prices,
)
from wfm.scheduling.counts.linear import forgive, holds, relax, take_slice, whole
from wfm.scheduling.counts.rounding import exact_slice, round_slice

SHARE, SHARE_A_STEP, MOST_SHARE = 0.6, 0.0125, 0.85
"""Of the time left, for all days together, and more for each step of a longer horizon."""
CHUNKED = 0.6
"""Factor to that where days go in parts: improving them as a whole afterwards is worth more."""
FINE, ROUGH = 3e-4, 1e-3
"""Tolerance of the guide between days where people differ, in a week and over several weeks."""
NAMED = 0.6
"""The same where people differ over several weeks: mending their names and a polish take time."""
GUIDE_TOLERANCE = 1e-4
WIDE, WIDER = 30000, 10
"""Columns above which the guide is content with a wider tolerance, and how much wider."""
AROUND = 4000
"""Columns of the guide around whole days up to which the simplex method is the faster one."""
AGAIN_S, AGAIN_PART = 8.0, 6
"""Such a guide of a one-week problem gets at most so long, and this part of the time left."""
SMALL_GAP = 0.9
LEAST_S = 0.3
ROUNDING, ROUNDING_S = 0.8, 2.0
"""Share of a day's time that its rounding may take, and what it may take in any case [s]."""
POLISH_S, POLISH_SHARE = 2.0, 0.025
"""Exact search after a rounding: at most so long, and this share of the time left."""


def dive(
    matrix: Matrix,
    crude: np.ndarray,
    guide: np.ndarray,
    duals: np.ndarray,
    clock: Clock,
    seed: int,
    reserve: float,
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
    duals
        Of that answer, one a row.
    clock
        Its time left is shared out over the days.
    seed
        Of the searches.
    reserve
        Seconds that are not shared out.

    Returns
    -------
    numpy.ndarray
        Whole values of all columns; weekly rows can be off where a day got no answer.
    """
    problem = matrix.layout.problem
    values, target, duals = crude.copy(), guide.copy(), duals.copy()
    prices = week_prices(matrix, duals)
    is_open = np.ones(problem.days, dtype=bool)
    steps = [step for week in range(problem.weeks) for step in _pairs(list(problem.days_of(week)))]
    share = min(SHARE + SHARE_A_STEP * len(steps), MOST_SHARE)
    if len(chunks_of_day(matrix, steps[0][0])) > 1:
        share *= CHUNKED
    if matrix.layout.exact and problem.weeks > 1:
        share *= NAMED
    until = clock.seconds + max(clock.left - reserve, 0.0) * share
    guiding = 0.0
    for number, step in enumerate(steps):
        if clock.over:
            break
        clock.tick("days")
        round_open_days(matrix, problem.week_of(step[0]), values, target, is_open)
        left = (until - clock.seconds) / (len(steps) - number)
        seconds = max(left - guiding / max(number, 1), LEAST_S)
        is_open[step] = False
        _solve_days(matrix, step, values, target, prices, is_open, seconds, clock, seed + number)
        if number + 1 < len(steps) and is_open.any() and not clock.over:
            week, began = problem.week_of(steps[number + 1][0]), clock.seconds
            _guide_again(matrix, values, target, duals, prices, is_open, week, clock)
            guiding += clock.seconds - began
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
    prices: np.ndarray,
    is_open: np.ndarray,
    seconds: float,
    clock: Clock,
    seed: int,
) -> None:
    """Solve some days side by side and take their answers over, in place."""
    chunks: list[list[Chunk]] = [chunks_of_day(matrix, day) for day in days]
    for parts in zip_longest(*chunks):
        if clock.over:
            return
        until = clock.seconds + seconds / max(map(len, chunks))
        tasks = [
            _task(matrix, part, days, values, guide, prices, is_open, until, clock, seed)
            for part in parts
            if part
        ]
        answers = clock.together(tasks)
        for answer in answers:
            if answer is not None:
                free, found = answer
                values[free] = found
        set_slacks(matrix, values)


def _task(
    matrix: Matrix,
    chunk: Chunk,
    days: Sequence[int],
    values: np.ndarray,
    guide: np.ndarray,
    prices: np.ndarray,
    is_open: np.ndarray,
    until: float,
    clock: Clock,
    seed: int,
) -> Callable[[], tuple[np.ndarray, np.ndarray] | None]:
    """A call that solves one chunk and gives (columns, values), or None."""

    def run() -> tuple[np.ndarray, np.ndarray] | None:
        for attempt in ATTEMPTS:
            part, hint = slice_day(matrix, chunk, days, values, guide, prices, is_open, attempt)
            left = max((until - clock.seconds) * ROUNDING, ROUNDING_S)
            rounded = round_slice(part, left, clock.running)
            left = until - clock.seconds
            if rounded is not None:
                left = min(left, POLISH_S, POLISH_SHARE * clock.left)
                if left < LEAST_S:
                    return part.free, rounded
                found = exact_slice(
                    part, rounded, left, clock.running, seed=seed, small_gap=SMALL_GAP
                )
                return part.free, rounded if found is None else found.values
            left = max(left, LEAST_S)
            found = whole(part, hint, left, clock.running, seed=seed, small_gap=SMALL_GAP)
            if found is not None:
                return part.free, found.values
            if attempt == ATTEMPTS[0] and holds(part, hint):
                return part.free, hint
            if clock.running.stopped:
                return None
        return None

    return run


def _guide_again(
    matrix: Matrix,
    values: np.ndarray,
    guide: np.ndarray,
    duals: np.ndarray,
    prices: np.ndarray,
    is_open: np.ndarray,
    week: int,
    clock: Clock,
) -> None:
    """Solve the LP of the open days of a week around the days that are whole, in place.

    It begins from the guide before and is what it has become when its time is over.
    """
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
    forgive(matrix, part, guide)
    size = len(part.free) if matrix.layout.exact else len(matrix.cost)
    tolerance = GUIDE_TOLERANCE * (WIDER if size > WIDE else 1)
    if matrix.layout.exact:
        tolerance = max(tolerance, ROUGH if problem.weeks > 1 else FINE)
    seconds = min(clock.left / AGAIN_PART, AGAIN_S / problem.weeks)
    found = clock.together(
        [
            lambda: relax(
                part,
                tolerance,
                seconds,
                clock.running,
                threads=WORKERS,
                small=AROUND,
                cut_short=True,
                start=(guide[part.free], duals[part.touched]),
            )
        ]
    )[0]
    if found is not None:
        guide[part.free] = found.values
        duals[part.touched] = found.duals
        here = np.zeros(len(duals))
        here[part.touched] = found.duals
        prices[part.free] = week_prices(matrix, here)[part.free]
