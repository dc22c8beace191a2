"""The states of people who are alike, day by day, and the least cost of each.

A state after a day is the days worked (or free) in a row, the class of the last shift, the weekends
worked, the days off and the units of time. Arrays have these axes in this order and the people
last, so that each step works on long rows of memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wfm.scheduling.line_terms import OFF

if TYPE_CHECKING:
    from wfm.scheduling.lines.lines import Lines

INF = np.float32(1e9)
States = tuple[np.ndarray, np.ndarray]
"""Least costs of people at work (row, class, weekends, days off, units, person), and of people off
(row, weekends, days off, units, person)."""


class Path:
    """People with the same limits in a row, solved together.

    Parameters
    ----------
    lines
        Days and shift types.
    people
        Numbers, shape (n,).
    cost
        Single precision, shape (n, days, S + 1); None if only the size is asked.
    """

    def __init__(self, lines: Lines, people: np.ndarray, cost: np.ndarray | None) -> None:
        self.lines, self.people = lines, people
        p, s = lines.asked, lines.stretch
        one = people[0]
        self.unknown = bool(s.before_days[one] == 0)
        self.least, self.rest = int(p.min_in_row[one]), int(p.min_off_in_row[one])
        most = int(p.max_in_row[one])
        self.endless = most > lines.days + int(s.before_days[people].max())
        self.run = self.least if self.endless else most
        self.counts = bool((s.max_weekends[people] < lines.weekends).any())
        self.ends = int(s.max_weekends[people].max()) + 1 if self.counts else 1
        self.idles = bool((s.max_off[people] < lines.days).any())
        self.free = max(int(s.max_off[people].max()), 0) + 1 if self.idles else 1
        self._units()
        if cost is not None:
            self._prices(cost)

    @property
    def cells(self) -> int:
        """States of one person after the day that has most."""
        width = int((self.high - self.low + 1).max())
        return (self.run * self.lines.classes + self.rest) * self.ends * self.free * width

    def _prices(self, cost: np.ndarray) -> None:
        """Prices by day, group or day off and person, and the member that has it."""
        people, days = len(self.people), self.lines.days
        groups = self.lines.groups
        self.price = np.empty((days, len(groups), people), np.float32)
        self.member = np.empty((days, len(groups), people), np.int16)
        for g, group in enumerate(groups):
            inside = cost[:, :, group.members]
            at = inside.argmin(axis=2)
            self.member[:, g] = group.members[at].T
            self.price[:, g] = np.take_along_axis(inside, at[..., None], axis=2)[..., 0].T
        self.idle = np.ascontiguousarray(cost[:, :, -1].T)

    def _units(self) -> None:
        """Range of units after each day from which the limits can still be kept."""
        lines, s = self.lines, self.lines.stretch
        days, unit = lines.days, lines.unit
        self.min_units = -(-s.min_minutes[self.people] // unit)
        self.max_units = np.minimum(s.max_minutes[self.people] // unit, days * lines.length.max())
        reach = self._reach()
        free = (self.min_units <= 0).all() and (self.max_units >= reach[-1]).all()
        self.length = [0 if free else group.length for group in lines.groups]
        if free:
            self.max_units, self.min_units = self.max_units * 0, self.min_units * 0
            reach = reach * 0
        low = np.maximum(self.min_units.min() - reach[::-1], 0)
        high = np.minimum(self.max_units.max(), reach)
        self.low, self.high = np.minimum(low, high), high

    def _reach(self) -> np.ndarray:
        """Most units in 0, 1, ... days, shape (days + 1,)."""
        lines, p = self.lines, self.lines.asked
        count = np.arange(lines.days + 1)
        if not self.endless:
            turns, left = np.divmod(count, self.run + self.rest)
            count = turns * self.run + np.minimum(left, self.run)
        most = p.most_of_type[self.people].max(axis=0)
        order = np.argsort(-lines.length, kind="stable")
        lengths = np.repeat(lines.length[order], np.minimum(most[order], lines.days))[: lines.days]
        total = np.concatenate([[0], np.cumsum(lengths)])
        return np.asarray(total[np.minimum(count, len(total) - 1)])

    def leaves(self, day: int) -> slice:
        """Days in a row, less one, after which a person may have day `day` off."""
        least = self.least - 1
        if self.unknown and 1 <= day <= self.least:
            least = day - 1
        return slice(least, self.run)

    def added(self, day: int) -> tuple[int, int]:
        """Weekends added by work on a day: to who worked the day before, and to who was off."""
        if not self.counts:
            return 0, 0
        if self.lines.saturday[day]:
            return 1, 1
        return 0, int(self.lines.sunday[day])

    def states(self) -> list[States]:
        """After 0, 1, ... days."""
        found = [self._first()]
        for day in range(self.lines.days):
            found.append(self._step(day, *found[-1]))
        return found

    def _empty(self, day: int) -> States:
        width = int(self.high[day] - self.low[day] + 1)
        shape = (self.ends, self.free, width, len(self.people))
        work = np.empty((self.run, self.lines.classes, *shape), np.float32)
        off = np.empty((self.rest, *shape), np.float32)
        work.fill(INF)
        off.fill(INF)
        return work, off

    def _first(self) -> States:
        work, off = self._empty(0)
        if self.low[0] > 0:
            return work, off
        s = self.lines.stretch
        for i, person in enumerate(self.people):
            shift, days = int(s.before_shift[person]), int(s.before_days[person])
            if days == 0:
                off[self.rest - 1, 0, 0, 0, i] = 0
            elif shift == OFF:
                off[min(days, self.rest) - 1, 0, 0, 0, i] = 0
            else:
                work[min(days, self.run) - 1, self.lines.class_of[shift], 0, 0, 0, i] = 0
        return work, off

    def _step(self, day: int, work: np.ndarray, off: np.ndarray) -> States:
        to_work, to_off = self._empty(day + 1)
        shift = int(self.low[day + 1] - self.low[day])
        width, other = off.shape[-2], to_off.shape[-2]
        best = self._by_source(work)
        here, there = _overlap(width, other, -shift)
        f, idle = int(self.idles), self.idle[day]
        was = slice(self.free - f)
        rested, target = off[:, :, was, here], to_off[:, :, f:, there]
        every = best[-1]
        assert every is not None
        left = every[self.leaves(day), :, was, here]
        if len(left):
            np.add(left.min(axis=0), idle, out=target[0])
        np.add(rested[:-1], idle, out=target[1:])
        np.minimum(target[-1], rested[-1] + idle, out=target[-1])
        stay, enter = self.added(day)
        before: dict[int, np.ndarray] = {}
        fresh = set(range(self.lines.classes))
        for g, group in enumerate(self.lines.groups):
            here, there = _overlap(width, other, self.length[g] - shift)
            if here.stop <= here.start:
                continue
            a, price = group.source, self.price[day, g]
            if a not in before:
                before[a] = self._before(best[a], off, stay, enter)
            target = to_work[:, group.kind, :, :, there]
            if group.kind in fresh:
                fresh.remove(group.kind)
                np.add(before[a][..., here, :], price, out=target)
            else:
                np.minimum(target, before[a][..., here, :] + price, out=target)
        return to_work, to_off

    def _by_source(self, work: np.ndarray) -> list[np.ndarray | None]:
        """Least cost over the classes of each set, the last of which holds them all."""
        found: list[np.ndarray | None] = []
        for base, new in self.lines.steps:
            best = None if base is None else found[base]
            for k in new:
                best = work[:, k] if best is None else np.minimum(best, work[:, k])
            found.append(best)
        return found

    def _before(
        self, best: np.ndarray | None, off: np.ndarray, stay: int, enter: int
    ) -> np.ndarray:
        """Least cost by the days in a row that today makes, from work or from a day off."""
        ends = self.ends
        found = np.empty((self.run, *off.shape[1:]), np.float32)
        found[0, :enter] = INF
        found[0, enter:] = off[-1, : ends - enter]
        if best is None:
            found[1:] = INF
            return found
        found[1:, :stay] = INF
        found[1:, stay:] = best[:-1, : ends - stay]
        if self.endless:
            last = found[-1, stay:]
            np.minimum(last, best[-1, : ends - stay], out=last)
        return found


def _overlap(size: int, other: int, by: int) -> tuple[slice, slice]:
    """Slices of an axis and of the one it moves into, when moved by some places."""
    first = max(0, -by)
    stop = min(size, other - by)
    return slice(first, max(stop, first)), slice(first + by, max(stop, first) + by)
