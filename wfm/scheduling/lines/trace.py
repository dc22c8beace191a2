"""Back from the best last states to whole lines, many people at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.scheduling.line_terms import OFF
from wfm.scheduling.lines.path import INF, Path, States

TOO_DEAR = 1e8


@dataclass(eq=False)
class _Place:
    """Where people are in the states: a row of -1, -2, ... is of days off. Each of shape (n,)."""

    row: np.ndarray
    kind: np.ndarray
    ends: np.ndarray
    free: np.ndarray
    units: np.ndarray
    who: np.ndarray


def trace(path: Path, states: list[States]) -> tuple[np.ndarray, np.ndarray]:
    """Cost and line of everybody.

    Parameters
    ----------
    path, states
        A walk forward.

    Returns
    -------
    numpy.ndarray
        Cost, infinite where there is no line, shape (n,).
    numpy.ndarray
        Type of each day or `OFF`, shape (n, days).
    """
    days, people = path.lines.days, len(path.people)
    values, place = _last(path, *states[-1])
    lines = np.full((days, people), OFF, dtype=np.int16)
    for day in range(days - 1, -1, -1):
        back = _Back(path, day, *states[day])
        at_work = place.row >= 0
        if at_work.any():
            back.from_work(place, np.flatnonzero(at_work), lines[day])
        if not at_work.all():
            back.from_off(place, np.flatnonzero(~at_work))
    every = np.full(people, np.inf)
    every[place.who] = values
    return every, lines.T


def _last(path: Path, work: np.ndarray, off: np.ndarray) -> tuple[np.ndarray, _Place]:
    """Cost and last state of those who have a line."""
    people = len(path.people)
    width = np.arange(off.shape[-2])[:, None] + path.low[-1]
    fits = (width >= path.min_units) & (width <= path.max_units)
    stretch = path.lines.stretch
    fits = fits[None, None]
    if path.counts:
        ends = np.arange(path.ends)[:, None] <= stretch.max_weekends[path.people]
        fits = fits & ends[:, None, None]
    if path.idles:
        idle = np.arange(path.free)[:, None] <= stretch.max_off[path.people]
        fits = fits & idle[None, :, None]
    bar = np.where(fits, np.float32(0), INF)
    flat_work = (work + bar).reshape(-1, people)
    flat = np.concatenate([flat_work, (off + bar).reshape(-1, people)])
    at = flat.argmin(axis=0)
    values = flat[at, np.arange(people)].astype(float)
    who = np.flatnonzero(values < TOO_DEAR)
    at, values = at[who], values[who]
    inside = at < len(flat_work)
    of_work = np.unravel_index(np.where(inside, at, 0), work.shape[:-1])
    of_off = np.unravel_index(np.where(inside, 0, at - len(flat_work)), off.shape[:-1])
    ends, free, units = (np.where(inside, of_work[i + 2], of_off[i + 1]) for i in range(3))
    row = np.where(inside, of_work[0], -1 - of_off[0])
    return values, _Place(row, of_work[1].copy(), ends, free, units + int(path.low[-1]), who)


class _Back:
    """The step from the states after a day to the best ones before it."""

    def __init__(self, path: Path, day: int, work: np.ndarray, off: np.ndarray) -> None:
        self.path, self.day, self.work, self.off = path, day, work, off
        groups = path.lines.groups
        self.kinds = np.array([group.kind for group in groups])
        self.lengths, self.length_of = np.unique(path.length, return_inverse=True)
        sources = path.lines.sources[[group.source for group in groups]]
        self.closed = np.where(sources, np.float32(0), INF)

    def from_off(self, place: _Place, some: np.ndarray) -> None:
        """Move people who have the day off."""
        path, rest = self.path, self.path.rest
        at = place.units[some] - int(path.low[self.day])
        place.free[some] -= int(path.idles)
        ends, free, who = place.ends[some], place.free[some], place.who[some]
        row = -1 - place.row[some]
        cost = np.full((3, len(some)), np.inf)
        longer, last, first = row > 0, row == rest - 1, row == 0
        cost[0] = np.where(longer, self.off[row - 1, ends, free, at, who], np.inf)
        cost[1] = np.where(last, self.off[row, ends, free, at, who], np.inf)
        leaves = path.leaves(self.day)
        worked = self.work[leaves, :, ends, free, at, who].reshape(-1, len(some))
        if len(worked):
            best = worked.argmin(axis=0)
            cost[2] = np.where(first, worked[best, np.arange(len(some))], np.inf)
            run, kind = np.divmod(best, self.work.shape[1])
        else:
            run = kind = np.zeros(len(some), dtype=int)
        way = cost.argmin(axis=0)
        place.row[some] = np.where(
            way == 0, place.row[some] + 1, np.where(way == 1, place.row[some], leaves.start + run)
        )
        place.kind[some] = kind

    def from_work(self, place: _Place, some: np.ndarray, line: np.ndarray) -> None:
        """Move people who work on the day, and write what they have."""
        path = self.path
        stay, enter = path.added(self.day)
        row, who = place.row[some], place.who[some]
        ends, free = place.ends[some, None], place.free[some, None]
        at = place.units[some, None] - self.lengths - int(path.low[self.day])
        outside = (at < 0) | (at >= self.off.shape[-2])
        at = np.where(outside, 0, at)
        open_ = self.kinds == place.kind[some, None]
        price = np.where(open_, self.path.price[self.day][:, who].T, np.inf)
        price = np.where(outside[:, self.length_of], np.inf, price)
        rested = self.off[-1, np.maximum(ends - enter, 0), free, at, who[:, None]]
        rested = np.where((row[:, None] == 0) & (ends >= enter), rested, INF)
        ways = [price + rested[:, self.length_of]]
        rows, kinds = [-path.rest + row * 0], [np.zeros(ways[0].shape, dtype=int)]
        for before in [row - 1, row] if path.endless else [row - 1]:
            fits = (before >= 0) & (ends[:, 0] >= stay)
            if path.endless and before is row:
                fits &= row == path.run - 1
            here = self.work[
                np.maximum(before, 0)[:, None],
                :,
                np.maximum(ends - stay, 0),
                free,
                at,
                who[:, None],
            ]
            every = here[:, self.length_of] + self.closed
            best = every.argmin(axis=2)
            least = np.take_along_axis(every, best[..., None], axis=2)[..., 0]
            ways.append(np.where(fits[:, None], least, np.inf) + price)
            rows.append(before)
            kinds.append(best)
        cost = np.concatenate(ways, axis=1)
        way, group = np.divmod(cost.argmin(axis=1), len(self.kinds))
        here_too = np.arange(len(some))
        place.row[some] = np.stack(rows)[way, here_too]
        place.kind[some] = np.stack(kinds)[way, here_too, group]
        place.ends[some] -= np.where(way == 0, enter, stay)
        place.units[some] -= np.asarray(path.length)[group]
        line[who] = path.member[self.day, group, who]
