"""The cheapest line of one person, exactly: a shortest path over the days, many people at once.

A line is what a person has on each day of a stretch: a shift type or a day off. Its state after a
day is the days worked (or free) in a row, what may follow, the weekends worked and the minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wfm.scheduling.rota.problem import OFF, SATURDAY, SUNDAY, RotaProblem

INF = np.float32(1e9)
TOO_DEAR = 1e8
State = tuple[int, int, int, int, int]
"""Days in a row less one, or off -1, -2, ...; class; weekends; days off; units."""
CELLS = 30_000_000
"""States that one batch may hold."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """Days for which lines are sought, what people bring into them and may do in them.

    Parameters
    ----------
    first, last
        First day, and the day after the last.
    before_shift, before_days
        As in `RotaProblem`, shape (P,).
    min_minutes, max_minutes, max_weekends, max_off
        Within the stretch, shape (P,).
    """

    first: int
    last: int
    before_shift: np.ndarray
    before_days: np.ndarray
    min_minutes: np.ndarray
    max_minutes: np.ndarray
    max_weekends: np.ndarray
    max_off: np.ndarray


def whole(problem: RotaProblem) -> Stretch:
    """The whole period."""
    return Stretch(
        0,
        problem.days,
        problem.before_shift,
        problem.before_days,
        problem.min_minutes,
        problem.max_minutes,
        problem.max_weekends,
        problem.days - problem.min_shifts,
    )


class Lines:
    """Finds the cheapest line of each of some people for given prices.

    Types that may be followed by the same types are one class; types of one class and length that
    may follow the same classes are one group, of which only the cheapest counts.
    """

    def __init__(self, problem: RotaProblem, stretch: Stretch) -> None:
        self.problem, self.stretch = problem, stretch
        kinds, self.class_of = np.unique(problem.may_follow, axis=0, return_inverse=True)
        self.class_of = self.class_of.ravel()
        self.classes = len(kinds)
        after = np.array([kinds[:, s] for s in range(len(problem.shifts))])
        self.unit = int(np.gcd.reduce(problem.minutes))
        self.length = problem.minutes // self.unit
        sources, source_of = np.unique(after, axis=0, return_inverse=True)
        self.sources = [np.flatnonzero(row) for row in sources]
        key = np.stack([self.class_of, self.length, source_of.ravel()], axis=1)
        groups, group_of = np.unique(key, axis=0, return_inverse=True)
        members = [np.flatnonzero(group_of.ravel() == g) for g in range(len(groups))]
        self.groups = [
            (int(k), int(n), int(a), m) for (k, n, a), m in zip(groups, members, strict=True)
        ]
        days = stretch.last - stretch.first
        self.days = days
        weekday = problem.weekday[stretch.first : stretch.last]
        self.saturday, self.sunday = weekday == SATURDAY, weekday == SUNDAY
        ends = np.flatnonzero(weekday >= SATURDAY)
        self.weekends = len(np.unique((ends + weekday[0]) // 7))

    def best(self, people: np.ndarray, cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cheapest lines.

        Parameters
        ----------
        people
            Numbers, shape (E,).
        cost
            Of each person, day and type, last a day off; infinite where not allowed. Shape
            (E, days, S + 1).

        Returns
        -------
        numpy.ndarray
            Cost of each line, infinite where there is none, shape (E,).
        numpy.ndarray
            Type of each day or `OFF`, shape (E, days).
        """
        values = np.full(len(people), np.inf)
        lines = np.full((len(people), self.days), OFF, dtype=np.int16)
        priced = np.minimum(cost, INF).astype(np.float32)
        for chosen in self._batches(people):
            batch = _Batch(self, people[chosen], priced[chosen])
            values[chosen], lines[chosen] = batch.solve()
        return values, lines

    def _batches(self, people: np.ndarray) -> Iterator[np.ndarray]:
        """Positions of people who are alike enough to be solved together."""
        p, s = self.problem, self.stretch
        free = s.max_weekends[people] >= self.weekends
        rows = np.stack(
            [
                p.max_in_row[people],
                p.min_in_row[people],
                p.min_off_in_row[people],
                s.before_days[people] == 0,
                np.where(free, -1, 0),
                s.max_off[people] >= self.days,
                np.minimum(s.max_minutes[people], 1440 * self.days) // (2 * 1440),
            ],
            axis=1,
        )
        for row in np.unique(rows, axis=0):
            chosen = np.flatnonzero((rows == row).all(axis=1))
            size = _Batch(self, people[chosen[:1]], None).cells
            step = max(1, int(CELLS // max(size, 1)))
            for i in range(0, len(chosen), step):
                yield chosen[i : i + step]


class _Batch:
    """People with the same limits in a row, solved together."""

    def __init__(self, lines: Lines, people: np.ndarray, cost: np.ndarray | None) -> None:
        self.lines, self.people, self.cost = lines, people, cost
        p, s = lines.problem, lines.stretch
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
        self._minutes()
        width = int((self.high - self.low + 1).max())
        rows = (self.run * lines.classes + self.rest) * self.ends * self.free
        self.cells = rows * (lines.days + 1) * width

    def _minutes(self) -> None:
        """Range of minutes after each day from which the limits can still be kept."""
        lines, s = self.lines, self.lines.stretch
        days, unit = lines.days, lines.unit
        self.min_units = -(-s.min_minutes[self.people] // unit)
        self.max_units = np.minimum(s.max_minutes[self.people] // unit, days * lines.length.max())
        reach = self._reach()
        free = (self.min_units <= 0).all() and (self.max_units >= reach[-1]).all()
        self.length = np.zeros_like(lines.length) if free else lines.length
        if free:
            self.max_units, self.min_units = self.max_units * 0, self.min_units * 0
            reach = reach * 0
        low = np.maximum(self.min_units.min() - reach[::-1], 0)
        high = np.minimum(self.max_units.max(), reach)
        self.low, self.high = np.minimum(low, high), high

    def _reach(self) -> np.ndarray:
        """Most units in 0, 1, ... days, shape (days + 1,)."""
        lines, p = self.lines, self.lines.problem
        count = np.arange(lines.days + 1)
        if not self.endless:
            turns, left = np.divmod(count, self.run + self.rest)
            count = turns * self.run + np.minimum(left, self.run)
        most = p.most_of_type[self.people].max(axis=0)
        order = np.argsort(-lines.length, kind="stable")
        lengths = np.repeat(lines.length[order], np.minimum(most[order], lines.days))[: lines.days]
        total = np.concatenate([[0], np.cumsum(lengths)])
        return np.asarray(total[np.minimum(count, len(total) - 1)])

    def _empty(self, day: int) -> tuple[np.ndarray, np.ndarray]:
        """States after `day` days: of people at work and of people off."""
        people, width = len(self.people), int(self.high[day] - self.low[day] + 1)
        shape = (people, self.run, self.lines.classes, self.ends, self.free, width)
        work = np.full(shape, INF, np.float32)
        return work, np.full((people, self.rest, *shape[3:]), INF, np.float32)

    def _first(self) -> tuple[np.ndarray, np.ndarray]:
        work, off = self._empty(0)
        if self.low[0] > 0:
            return work, off
        s = self.lines.stretch
        for i, person in enumerate(self.people):
            shift, days = int(s.before_shift[person]), int(s.before_days[person])
            if days == 0:
                off[i, self.rest - 1, 0, 0, 0] = 0
            elif shift == OFF:
                off[i, min(days, self.rest) - 1, 0, 0, 0] = 0
            else:
                work[i, min(days, self.run) - 1, self.lines.class_of[shift], 0, 0, 0] = 0
        return work, off

    def _leaves(self, day: int) -> np.ndarray:
        """Days in a row, less one, after which a person may have day `day` off."""
        runs = np.arange(self.run)
        return np.flatnonzero((runs >= self.least - 1) | (self.unknown & (runs == day - 1)))

    def _added(self, day: int) -> tuple[int, int]:
        """Weekends added by work on a day: to who worked the day before, and to who was off."""
        if not self.counts:
            return 0, 0
        if self.lines.saturday[day]:
            return 1, 1
        return 0, int(self.lines.sunday[day])

    def _step(self, day: int, work: np.ndarray, off: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        assert self.cost is not None
        lines, cost = self.lines, self.cost[:, day]
        to_work, to_off = self._empty(day + 1)
        shift = int(self.low[day + 1] - self.low[day])
        here, there = _overlap(off.shape[-1], to_off.shape[-1], -shift)
        idle, f = cost[:, -1, None, None, None], int(self.idles)
        was = slice(self.free - f)
        leaves = self._leaves(day)
        if len(leaves):
            left = work[:, leaves].min(axis=(1, 2))
            to_off[:, 0, :, f:, there] = left[:, :, was, here] + idle
        if self.rest > 1:
            to_off[:, 1:, :, f:, there] = off[:, :-1, :, was, here] + idle[:, None]
        last = to_off[:, -1, :, f:, there]
        np.minimum(last, off[:, -1, :, was, here] + idle, out=last)
        stay, enter = self._added(day)
        before: dict[int, np.ndarray] = {}
        for k, _, a, members in lines.groups:
            units = int(self.length[members[0]])
            here, there = _overlap(off.shape[-1], to_off.shape[-1], units - shift)
            if here.stop <= here.start:
                continue
            if a not in before:
                before[a] = self._before(work, off, lines.sources[a], stay, enter)
            price = cost[:, members].min(axis=1)[:, None, None, None, None]
            target = to_work[:, :, k, :, :, there]
            np.minimum(target, before[a][..., here] + price, out=target)
        return to_work, to_off

    def _before(
        self, work: np.ndarray, off: np.ndarray, classes: np.ndarray, stay: int, enter: int
    ) -> np.ndarray:
        """Least cost by the days in a row that today makes, from a class or from a day off."""
        found = np.full((work.shape[0], self.run, *work.shape[3:]), INF, np.float32)
        ends = self.ends
        found[:, 0, enter:] = off[:, -1, : ends - enter]
        if len(classes):
            every = len(classes) == work.shape[2]
            best = (work if every else work[:, :, classes]).min(axis=2)
            found[:, 1:, stay:] = best[:, :-1, : ends - stay]
            if self.endless:
                last = found[:, -1, stay:]
                np.minimum(last, best[:, -1, : ends - stay], out=last)
        return found

    def solve(self) -> tuple[np.ndarray, np.ndarray]:
        """Cost and line of everybody in the batch."""
        states = [self._first()]
        for day in range(self.lines.days):
            states.append(self._step(day, *states[-1]))
        work, off = states[-1]
        width = np.arange(off.shape[-1]) + self.low[-1]
        fits = (width >= self.min_units[:, None]) & (width <= self.max_units[:, None])
        fits = fits[:, None, None]
        s = self.lines.stretch
        if self.counts:
            ends = np.arange(self.ends) <= s.max_weekends[self.people, None]
            fits = fits & ends[:, :, None, None]
        if self.idles:
            fits = fits & (np.arange(self.free) <= s.max_off[self.people, None])[:, None, :, None]
        flat_work = np.where(fits[:, None, None], work, INF).reshape(len(self.people), -1)
        flat_off = np.where(fits[:, None], off, INF).reshape(len(self.people), -1)
        both = np.concatenate([flat_work, flat_off], axis=1)
        at = both.argmin(axis=1)
        values = both[np.arange(len(both)), at].astype(float)
        lines = np.full((len(self.people), self.lines.days), OFF, dtype=np.int16)
        for i in np.flatnonzero(values < TOO_DEAR):
            if at[i] < flat_work.shape[1]:
                run, k, end, free, m = map(int, np.unravel_index(int(at[i]), work.shape[1:]))
                state = (run, k, end, free, m + int(self.low[-1]))
            else:
                place = int(at[i]) - flat_work.shape[1]
                row, end, free, m = map(int, np.unravel_index(place, off.shape[1:]))
                state = (-1 - row, 0, end, free, m + int(self.low[-1]))
            lines[i] = self._trace(int(i), state, states)
        values[values >= TOO_DEAR] = np.inf
        return values, lines

    def _trace(
        self,
        i: int,
        state: State,
        states: list[tuple[np.ndarray, np.ndarray]],
    ) -> np.ndarray:
        """Walk back from a last state; days off are runs of -1, -2, ..."""
        assert self.cost is not None
        line = np.full(self.lines.days, OFF, dtype=np.int16)
        run, k, end, free, units = state
        for day in range(self.lines.days - 1, -1, -1):
            work, off = states[day][0][i], states[day][1][i]
            low = int(self.low[day])
            if run < 0:
                at, row, free = units - low, -run - 1, free - int(self.idles)
                stays = [row - 1] if row > 0 else []
                stays += [row] if row == self.rest - 1 else []
                found = [(off[j, end, free, at], -1 - j, 0) for j in stays]
                if row == 0:
                    leaves = self._leaves(day)
                    if len(leaves):
                        here = work[leaves, :, end, free, at]
                        j = int(here.argmin())
                        r, c = divmod(j, here.shape[1])
                        found.append((here[r, c], int(leaves[r]), c))
                _, run, k = min(found)
                continue
            state = (run, k, end, free, units)
            run, k, end, units, line[day] = self._back(i, day, state, work, off, low)
        return line

    def _back(
        self,
        i: int,
        day: int,
        state: State,
        work: np.ndarray,
        off: np.ndarray,
        low: int,
    ) -> tuple[int, int, int, int, int]:
        """The best way into a day's work."""
        assert self.cost is not None
        run, k, end, free, units = state
        lines, cost = self.lines, self.cost[i, day]
        stay, enter = self._added(day)
        best, answer = float("inf"), (0, 0, 0, 0, 0)
        rows = ([run - 1] if run > 0 else []) + (
            [run] if self.endless and run == self.run - 1 else []
        )
        for s in np.flatnonzero(lines.class_of == k):
            at = units - int(self.length[s]) - low
            if not 0 <= at < off.shape[-1]:
                continue
            price = float(cost[s])
            if run == 0 and end >= enter and float(off[-1, end - enter, free, at]) + price < best:
                best = float(off[-1, end - enter, free, at]) + price
                answer = (-self.rest, 0, end - enter, at + low, int(s))
            for row in rows:
                if end < stay:
                    continue
                classes = lines.sources[next(a for _, _, a, m in lines.groups if s in m)]
                if not len(classes):
                    continue
                here = work[row, classes, end - stay, free, at]
                c = int(here.argmin())
                if float(here[c]) + price < best:
                    best = float(here[c]) + price
                    answer = (row, int(classes[c]), end - stay, at + low, int(s))
        return answer


def _overlap(size: int, other: int, by: int) -> tuple[slice, slice]:
    """Slices of an axis and of the one it moves into, when moved by some places."""
    first = max(0, -by)
    stop = min(size, other - by)
    return slice(first, max(stop, first)), slice(first + by, max(stop, first) + by)
