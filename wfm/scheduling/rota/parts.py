"""Parts of a rota that are solved on their own: some people, some days, the rest as it stands."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.rota.lines import Stretch, whole
from wfm.scheduling.rota.pricing import Part
from wfm.scheduling.rota.problem import OFF, WEEK, RotaProblem
from wfm.scheduling.rota.rules.weekends import weekends_worked

PACE_SHIFTS = 1.5
"""Shifts by which people may be ahead of an even pace at the end of a stretch."""


def whole_part(problem: RotaProblem) -> Part:
    """Everybody on every day."""
    people = np.arange(len(problem.people))
    return Part(people, whole(problem), problem.allowed, problem.most_of_type, problem.required)


def minutes_of(problem: RotaProblem, roster: np.ndarray) -> np.ndarray:
    """Working time of each row of a roster."""
    return np.asarray(np.where(roster == OFF, 0, problem.minutes[roster]).sum(axis=1))


def counts_of(problem: RotaProblem, roster: np.ndarray) -> np.ndarray:
    """Shifts by type of each row of a roster, shape (rows, S)."""
    return np.stack([(roster == k).sum(axis=1) for k in range(len(problem.shifts))], axis=1)


def state_before(problem: RotaProblem, roster: np.ndarray, day: int) -> tuple[np.ndarray, ...]:
    """Last type before a day, and for how many days in a row people have worked or been off.

    A row that touches unknown days counts as long enough.
    """
    if day == 0:
        return problem.before_shift, problem.before_days
    shift = roster[:, day - 1].copy()
    same = (roster[:, :day] != OFF) == (shift != OFF)[:, None]
    length = np.where(same.all(axis=1), day, np.argmin(same[:, ::-1], axis=1))
    least = np.where(shift == OFF, problem.min_off_in_row, problem.min_in_row)
    begins = same.all(axis=1)
    went_on = begins & (problem.before_days > 0)
    went_on &= (problem.before_shift == OFF) == (shift == OFF)
    length = np.where(went_on, length + problem.before_days, length)
    unknown = begins & (problem.before_days == 0)
    return shift, np.where(unknown, np.maximum(length, least), length)


def part_of(
    problem: RotaProblem, roster: np.ndarray, people: np.ndarray, first: int, last: int
) -> Part:
    """Some people free on the days `first` to `last`, which begin on a Monday or with the period.

    The stretch goes on over settled days, until what happens in it no longer matters after it.
    """
    after = int((problem.min_in_row[people] + problem.min_off_in_row[people]).max())
    most = problem.max_in_row[people]
    after += int(most[most < problem.days].max(initial=0))
    end = min(problem.days, last + after)
    if end < problem.days:
        end += (-int(problem.weekday[end])) % WEEK
        end = min(problem.days, end)
    inside = roster.copy()
    inside[:, first:end] = OFF
    rows = inside[people]
    allowed = problem.allowed[people, first:end].copy()
    settled = roster[people, last:end]
    kinds = np.arange(len(problem.shifts) + 1)
    now = np.where(settled == OFF, len(problem.shifts), settled)
    allowed[:, last - first :] = now[:, :, None] == kinds
    shift, days = state_before(problem, roster, first)
    used = minutes_of(problem, inside)
    worked = np.minimum(problem.max_weekends - weekends_worked(problem, inside), problem.days)
    idle = (roster == OFF).sum(axis=1) - (roster[:, first:end] == OFF).sum(axis=1)
    others = roster.copy()
    others[people] = OFF
    stretch = Stretch(
        first,
        end,
        shift,
        days,
        np.maximum(problem.min_minutes - used, 0),
        problem.max_minutes - used,
        worked,
        problem.days - problem.min_shifts - idle,
    )
    return Part(
        people,
        stretch,
        allowed,
        problem.most_of_type[people] - counts_of(problem, rows),
        problem.required[first:end] - problem.staff(others)[first:end],
    )


def next_part(
    problem: RotaProblem, roster: np.ndarray, first: int, last: int, *, pace: bool
) -> Part:
    """Everybody on the days `first` to `last`, the days before settled and those after still open.

    With `pace`, limits over the period are shared out evenly over its days.
    """
    share = last / problem.days
    before = roster.copy()
    before[:, first:] = OFF
    used, worked = minutes_of(problem, before), weekends_worked(problem, before)
    counts = counts_of(problem, before)
    low = np.maximum(problem.min_minutes - used, 0)
    high, ends = problem.max_minutes - used, problem.max_weekends - worked
    most = problem.most_of_type - counts
    idle = problem.days - problem.min_shifts - (before[:, :first] == OFF).sum(axis=1)
    if last < problem.days:
        low = np.zeros_like(low)
        if pace:
            ahead = PACE_SHIFTS * problem.minutes.max()
            target_low = (problem.min_minutes * share - ahead).astype(int)
            low = np.maximum(target_low - used, 0)
            high = np.minimum(high, (problem.max_minutes * share + ahead).astype(int) - used)
            ends = np.minimum(ends, np.ceil(problem.max_weekends * share).astype(int) - worked)
            paced = np.ceil((problem.days - problem.min_shifts) * share + PACE_SHIFTS).astype(int)
            idle = np.minimum(idle, paced - (before[:, :first] == OFF).sum(axis=1))
            most = np.minimum(most, np.ceil(problem.most_of_type * share).astype(int) - counts)
    shift, days = state_before(problem, roster, first)
    stretch = Stretch(
        first, last, shift, days, low, np.maximum(high, 0), np.clip(ends, 0, problem.days), idle
    )
    return Part(
        np.arange(len(problem.people)),
        stretch,
        problem.allowed[:, first:last],
        np.maximum(most, 0),
        problem.required[first:last],
    )
