"""The cheapest line of one person, exactly: a shortest path over the days, many people at once.

A line is what a person has on each day of a stretch: a shift type or a day off. This module knows
the days and the shift types; `path` walks forward over the states of people who are alike, `trace`
back along the best of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wfm.scheduling.line_terms import OFF, SATURDAY, SUNDAY, LineTerms
from wfm.scheduling.lines.path import INF, Path
from wfm.scheduling.lines.trace import trace

CELLS = 250_000
"""States of one day that one batch may hold: they stay in the processor's second cache."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """Days for which lines are sought, what people bring into them and may do in them.

    Parameters
    ----------
    first, last
        First day, and the day after the last.
    before_shift, before_days
        As in `LineTerms`, shape (P,).
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


def whole(asked: LineTerms) -> Stretch:
    """The whole period."""
    return Stretch(
        0,
        asked.days,
        asked.before_shift,
        asked.before_days,
        asked.min_minutes,
        asked.max_minutes,
        asked.max_weekends,
        asked.days - asked.min_shifts,
    )


@dataclass(frozen=True, eq=False)
class Group:
    """Types of one class and length that may follow the same classes: only the cheapest counts.

    Parameters
    ----------
    kind
        Their class: types of one class may be followed by the same types.
    length
        In units.
    source
        Number of the set of classes that they may follow.
    members
        Their numbers.
    """

    kind: int
    length: int
    source: int
    members: np.ndarray


class Lines:
    """Finds the cheapest line of each of some people for given prices.

    Parameters
    ----------
    asked, stretch
        Types, rules and days.
    """

    def __init__(self, asked: LineTerms, stretch: Stretch) -> None:
        self.asked, self.stretch = asked, stretch
        kinds, class_of = np.unique(asked.may_follow, axis=0, return_inverse=True)
        self.class_of = class_of.ravel()
        self.classes = len(kinds)
        self.unit = int(np.gcd.reduce(asked.minutes))
        self.length = asked.minutes // self.unit
        after = kinds.T
        sets = np.unique(np.vstack([after, np.ones(self.classes, dtype=bool)]), axis=0)
        self.sources = sets[np.argsort(sets.sum(axis=1), kind="stable")]
        source_of = [int((self.sources == row).all(axis=1).argmax()) for row in after]
        key = np.stack([self.class_of, self.length, source_of], axis=1)
        groups, group_of = np.unique(key, axis=0, return_inverse=True)
        self.groups = [
            Group(int(k), int(n), int(a), np.flatnonzero(group_of.ravel() == g))
            for g, (k, n, a) in enumerate(groups)
        ]
        self.steps = [self._step(number) for number in range(len(self.sources))]
        self.days = stretch.last - stretch.first
        weekday = asked.weekday[stretch.first : stretch.last]
        self.saturday, self.sunday = weekday == SATURDAY, weekday == SUNDAY
        ends = np.flatnonzero(weekday >= SATURDAY)
        self.weekends = len(np.unique((ends + weekday[0]) // 7))

    def _step(self, number: int) -> tuple[int | None, list[int]]:
        """A set of classes as the largest set before it and the classes that come to that."""
        wanted = self.sources[number]
        inside = [n for n in range(number) if not (self.sources[n] & ~wanted).any()]
        inside = [n for n in inside if self.sources[n].any()]
        best = max(inside, key=lambda n: int(self.sources[n].sum()), default=None)
        new = wanted if best is None else wanted & ~self.sources[best]
        return best, np.flatnonzero(new).tolist()

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
            path = Path(self, people[chosen], priced[chosen])
            values[chosen], lines[chosen] = trace(path, path.states())
        return values, lines

    def _batches(self, people: np.ndarray) -> Iterator[np.ndarray]:
        """Positions of people who are alike enough to be solved together."""
        p, s = self.asked, self.stretch
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
            size = Path(self, people[chosen], None).cells
            turns = max(1, round(len(chosen) * size / CELLS))
            yield from (some for some in np.array_split(chosen, turns) if len(some))
