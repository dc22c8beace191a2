"""Parts of a rota that are solved on their own: some people, some days, the rest as it stands."""

from __future__ import annotations

import numpy as np

from wfm.scheduling.line_terms import OFF, WEEK, LineTerms
from wfm.scheduling.lines.lines import Stretch, whole
from wfm.scheduling.lines.pricing import Part
from wfm.scheduling.rules.most_weekends import weekends_worked

PACE_SHIFTS = 1.5
"""Shifts by which people may be ahead of an even pace at the end of a stretch."""


def whole_part(asked: LineTerms) -> Part:
    """Everybody on every day."""
    people = np.arange(len(asked.people))
    return Part(people, whole(asked), asked.allowed, asked.most_of_type, asked.required)


def minutes_of(asked: LineTerms, roster: np.ndarray) -> np.ndarray:
    """Working time of each row of a roster."""
    return np.asarray(np.where(roster == OFF, 0, asked.minutes[roster]).sum(axis=1))


def counts_of(asked: LineTerms, roster: np.ndarray) -> np.ndarray:
    """Shifts by type of each row of a roster, shape (rows, S)."""
    return np.stack([(roster == k).sum(axis=1) for k in range(len(asked.shifts))], axis=1)


def state_before(asked: LineTerms, roster: np.ndarray, day: int) -> tuple[np.ndarray, ...]:
    """Last type before a day, and for how many days in a row people have worked or been off.

    A row that touches unknown days counts as long enough.
    """
    if day == 0:
        return asked.before_shift, asked.before_days
    shift = roster[:, day - 1].copy()
    same = (roster[:, :day] != OFF) == (shift != OFF)[:, None]
    length = np.where(same.all(axis=1), day, np.argmin(same[:, ::-1], axis=1))
    least = np.where(shift == OFF, asked.min_off_in_row, asked.min_in_row)
    begins = same.all(axis=1)
    went_on = begins & (asked.before_days > 0)
    went_on &= (asked.before_shift == OFF) == (shift == OFF)
    length = np.where(went_on, length + asked.before_days, length)
    unknown = begins & (asked.before_days == 0)
    return shift, np.where(unknown, np.maximum(length, least), length)


def part_of(
    asked: LineTerms, roster: np.ndarray, people: np.ndarray, first: int, last: int
) -> Part:
    """Some people free on the days `first` to `last`, which begin on a Monday or with the period.

    The stretch goes on over settled days, until what happens in it no longer matters after it.
    """
    after = int((asked.min_in_row[people] + asked.min_off_in_row[people]).max())
    most = asked.max_in_row[people]
    after += int(most[most < asked.days].max(initial=0))
    end = min(asked.days, last + after)
    if end < asked.days:
        end += (-int(asked.weekday[end])) % WEEK
        end = min(asked.days, end)
    inside = roster.copy()
    inside[:, first:end] = OFF
    rows = inside[people]
    allowed = asked.allowed[people, first:end].copy()
    settled = roster[people, last:end]
    kinds = np.arange(len(asked.shifts) + 1)
    now = np.where(settled == OFF, len(asked.shifts), settled)
    allowed[:, last - first :] = now[:, :, None] == kinds
    shift, days = state_before(asked, roster, first)
    used = minutes_of(asked, inside)
    worked = np.minimum(asked.max_weekends - weekends_worked(asked, inside), asked.days)
    idle = (roster == OFF).sum(axis=1) - (roster[:, first:end] == OFF).sum(axis=1)
    others = roster.copy()
    others[people] = OFF
    stretch = Stretch(
        first,
        end,
        shift,
        days,
        np.maximum(asked.min_minutes - used, 0),
        asked.max_minutes - used,
        worked,
        asked.days - asked.min_shifts - idle,
    )
    return Part(
        people,
        stretch,
        allowed,
        asked.most_of_type[people] - counts_of(asked, rows),
        asked.required[first:end] - asked.staff(others)[first:end],
    )


def next_part(asked: LineTerms, roster: np.ndarray, first: int, last: int, *, pace: bool) -> Part:
    """Everybody on the days `first` to `last`, the days before settled and those after still open.

    With `pace`, limits over the period are shared out evenly over its days.
    """
    share = last / asked.days
    before = roster.copy()
    before[:, first:] = OFF
    used, worked = minutes_of(asked, before), weekends_worked(asked, before)
    counts = counts_of(asked, before)
    low = np.maximum(asked.min_minutes - used, 0)
    high, ends = asked.max_minutes - used, asked.max_weekends - worked
    most = asked.most_of_type - counts
    idle = asked.days - asked.min_shifts - (before[:, :first] == OFF).sum(axis=1)
    if last < asked.days:
        low = np.zeros_like(low)
        if pace:
            ahead = PACE_SHIFTS * asked.minutes.max()
            target_low = (asked.min_minutes * share - ahead).astype(int)
            low = np.maximum(target_low - used, 0)
            high = np.minimum(high, (asked.max_minutes * share + ahead).astype(int) - used)
            ends = np.minimum(ends, np.ceil(asked.max_weekends * share).astype(int) - worked)
            paced = np.ceil((asked.days - asked.min_shifts) * share + PACE_SHIFTS).astype(int)
            idle = np.minimum(idle, paced - (before[:, :first] == OFF).sum(axis=1))
            most = np.minimum(most, np.ceil(asked.most_of_type * share).astype(int) - counts)
    shift, days = state_before(asked, roster, first)
    stretch = Stretch(
        first, last, shift, days, low, np.maximum(high, 0), np.clip(ends, 0, asked.days), idle
    )
    return Part(
        np.arange(len(asked.people)),
        stretch,
        asked.allowed[:, first:last],
        np.maximum(most, 0),
        asked.required[first:last],
    )
