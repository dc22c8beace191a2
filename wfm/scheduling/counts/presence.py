"""Bands made whole so that who is there by half hour stays near the guide's.

A small linear programme of bands, days and starts alone, without breaks, queues and campaigns, is
rounded until bands are whole; days and starts stay fractions, as in the linear programme around
the bands that follows. Everybody may choose between the own band and some others drawn by lot,
again and again; many people are asked some at a time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

from wfm.scheduling.clock import WORKERS, Clock
from wfm.scheduling.counts.build import KINDS, Matrix
from wfm.scheduling.counts.linear import Running, Slice, simplex, take_slice
from wfm.scheduling.counts.rounding import round_kinds
from wfm.scheduling.groups import Group

SLOT_MIN = 30
"""Length of the slots by which presence is compared [min]."""
CHOICES, FEW = 5, 200
"""Other bands that everybody may choose, and all people together if that is more."""
TOGETHER = 9000
"""Columns up to which people are asked together."""
TIMES = 4
"""How many times everybody is asked at most."""
PART = 6
"""Of the time left, the part after which nobody is asked."""


def meet_presence(
    matrix: Matrix, rough: Matrix, target: np.ndarray, guide: np.ndarray, clock: Clock
) -> None:
    """Move people to bands with which the presence of a target can be met best, in place.

    Parameters
    ----------
    matrix, rough, target
        As for `presences`.
    guide
        Value of each column of `matrix`, whole in bands, the only ones that change.
    clock
        A part of its time left is used.
    """
    models = presences(matrix, rough, target)
    until = clock.seconds + clock.left / PART
    for first in range(0, len(models), WORKERS):
        turns = -(-(len(models) - first) // WORKERS)
        seconds = (until - clock.seconds) / turns
        now = models[first : first + WORKERS]
        tasks = [partial(model.bands, guide, seconds, clock.running) for model in now]
        for model, bands in zip(now, clock.together(tasks), strict=True):
            if bands is not None:
                guide[model.numbers[model.is_band]] = bands


def presences(matrix: Matrix, rough: Matrix, target: np.ndarray) -> list[Presence]:
    """The small linear programmes, one a week and skill set.

    Parameters
    ----------
    matrix
        Of the whole problem.
    rough
        Of the same problem and groups, maybe with fewer classes.
    target
        Value of each column of `rough` in the LP.
    """
    layout = matrix.layout
    weeks, sets = range(layout.problem.weeks), range(len(layout.skill_sets))
    return [_presence(matrix, rough, target, week, number) for week in weeks for number in sets]


@dataclass(frozen=True, eq=False)
class Presence:
    """Bands, days and starts of a skill set in a week, and what each slot is short of or above.

    `part` has the columns of the matrix named in `numbers`, then two a slot. `people` has for each
    class its bands, the days of each of them, and its group's starts; -1 where there is no column.
    """

    part: Slice
    numbers: np.ndarray
    people: list[tuple[np.ndarray, np.ndarray, np.ndarray]]

    @property
    def is_band(self) -> np.ndarray:
        """Mask of the bands among `numbers`."""
        return np.asarray(self.part.kind[: len(self.numbers)] == KINDS.index("n"))

    def bands(
        self, guide: np.ndarray, seconds: float, running: Running, seed: int = 0
    ) -> np.ndarray | None:
        """Whole values of the bands; None without time for a first look."""
        until, random = time.monotonic() + seconds, np.random.default_rng(seed)
        bands = self.part.kind == KINDS.index("n")
        values = np.zeros(len(self.part.free))
        values[bands] = guide[self.numbers[self.is_band]]
        around = take_slice(self.part, ~bands, values)
        vertex = simplex(around, seconds, running)
        if vertex is None:
            return None
        values[around.free] = vertex.values
        left = [h for _ in range(TIMES) for h in random.permutation(len(self.people)).tolist()]
        while left and time.monotonic() < until and not running.stopped:
            free = np.arange(len(values)) >= len(self.numbers)
            self._open(left.pop(), values, free, random)
            while left and free.sum() < TOGETHER:
                self._open(left.pop(), values, free, random)
            asked = take_slice(self.part, free, values)
            found = round_kinds(asked, ("n",), until - time.monotonic(), running, seed=seed)
            if found is not None and asked.cost @ found < asked.cost @ values[asked.free]:
                values[asked.free] = found
                values[bands] = np.round(values[bands])
        return np.asarray(values[bands])

    def _open(
        self, number: int, values: np.ndarray, free: np.ndarray, random: np.random.Generator
    ) -> None:
        """Free bands of a class, those that it is on and some others, days and starts, in place."""
        n, m, starts = self.people[number]
        there = n >= 0
        used = there & (values[n] > 0)
        count = max(CHOICES, FEW // len(self.people))
        others = random.permutation(np.flatnonzero(there & ~used))[:count]
        chosen = np.concatenate([np.flatnonzero(used), others])
        free[n[chosen]] = True
        for columns in (m[chosen], starts):
            free[columns[columns >= 0]] = True


def _presence(
    matrix: Matrix, rough: Matrix, target: np.ndarray, week: int, skill_set: int
) -> Presence:
    layout, columns = matrix.layout, matrix.columns
    groups = [i for i, group in enumerate(layout.groups) if group.skill_set == skill_set]
    days = np.array(layout.problem.days_of(week))
    classes = [h for number in groups for h in layout.classes_of(number, week)]
    here = {number: np.isin(layout.groups[number].start_day, days) for number in groups}
    starts = {number: np.where(here[number], columns.x[number], -1) for number in groups}
    own = [array.ravel() for h in classes for array in (columns.n[h], columns.m[h])]
    numbers = np.unique(np.concatenate([*own, *(x.ravel() for x in starts.values())]))
    numbers = numbers[(numbers >= 0) & (matrix.high[numbers] > 0)]
    place = np.full(len(matrix.cost) + 1, -1)  # the last one is of no column
    place[numbers] = np.arange(len(numbers))
    covers, wanted = [], np.zeros(layout.axis)
    for number in groups:
        slots = _slots(layout.groups[number], layout.axis, layout.problem.interval_min)
        x = rough.columns.x[number]
        wanted += slots @ np.where((x >= 0) & here[number], target[x], 0.0).sum(axis=0)
        at = place[starts[number]]
        band, option = np.nonzero(at >= 0)
        cells = np.ones(len(band)), (option, at[band, option])
        covers.append(slots @ sparse.csr_array(cells, shape=(slots.shape[1], len(numbers))))
    people = [
        (place[columns.n[h]], place[columns.m[h]], place[starts[layout.classes[h].group]])
        for h in classes
    ]
    return Presence(
        _with_slots(matrix, numbers, sum(covers[1:], covers[0]), wanted), numbers, people
    )


def _with_slots(
    matrix: Matrix, numbers: np.ndarray, covers: sparse.csr_array, wanted: np.ndarray
) -> Slice:
    """Columns and the rules of these alone; then each slot's heads that are short or too many."""
    own = matrix.rows[:, numbers].tocsr()
    others = matrix.high > 0
    others[numbers] = False
    alone = np.diff(matrix.rows[:, np.flatnonzero(others)].tocsr().indptr) == 0
    rules = np.flatnonzero(alone & (np.diff(own.indptr) > 0))
    used = np.flatnonzero((np.diff(covers.indptr) > 0) | (wanted > 0))
    one, none = sparse.eye_array(len(used)), sparse.csr_array((len(rules), 2 * len(used)))
    parts = [sparse.hstack([own[rules], none]), sparse.hstack([covers[used], one, -one])]
    rows = sparse.csr_array(sparse.vstack(parts))
    weights, slack = matrix.layout.problem.weights, np.zeros(2 * len(used))
    prices = [float(weights.under[0]), float(weights.over + weights.labour)]
    return Slice(
        np.arange(rows.shape[1]),
        np.concatenate([matrix.kind[numbers], np.full(len(slack), KINDS.index("slack"))]),
        rows,
        np.concatenate([matrix.row_low[rules], wanted[used]]),
        np.concatenate([matrix.row_high[rules], wanted[used]]),
        np.concatenate([matrix.low[numbers], slack]),
        np.concatenate([matrix.high[numbers], slack + np.inf]),
        np.arange(rows.shape[0]),
        np.concatenate([np.zeros(len(numbers)), np.repeat(prices, len(used))]),
    )


def _slots(group: Group, axis: int, interval_min: int) -> sparse.csr_array:
    """Intervals of each slot that a shift of each option covers, shape (axis, options)."""
    size = max(SLOT_MIN // interval_min, 1)
    on_duty = group.starts[:, None] + np.arange(max(group.lengths))
    there = (np.arange(max(group.lengths)) < group.length[:, None]) & (on_duty < axis)
    option = np.broadcast_to(np.arange(len(group.starts))[:, None], on_duty.shape)[there]
    cells = np.ones(int(there.sum())), (on_duty[there] // size, option)
    return sparse.csr_array(cells, shape=(axis, len(group.starts)))
