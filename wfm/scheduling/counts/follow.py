"""What may not follow what, as counts of people who are alike: shared by rules on two shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


class Follow(NamedTuple):
    """Starts of a day (by number in the group) and those of a later one that nobody has both of."""

    day: int
    after: int
    late: np.ndarray
    early: np.ndarray


def state_pairs(build: Build, number: int, pair: Follow) -> None:
    """Say that people with one of `late` and people with one of `early` are different people.

    By band inside a week, by group across weeks: those who can start on either day.

    Parameters
    ----------
    build
        Gets the rows.
    number
        Of the group.
    pair
        Any start of `early` has to be too soon after any of `late`.
    """
    problem, layout, columns = build.problem, build.layout, build.columns
    week, y = problem.week_of(pair.day), columns.y[number]
    if not (len(pair.late) and len(pair.early)):
        return
    if week != problem.week_of(pair.after):
        agents = layout.groups[number].agents.tolist()
        here = [a for a in agents if not {pair.day, pair.after} <= problem.closed[a]]
        build.at_most([(y[pair.late], 1), (y[pair.early], 1)], len(here), weekly=True)
        return
    classes = layout.classes_of(number, week)
    for band, x in enumerate(columns.x[number]):
        if (x[pair.late] >= 0).any() and (x[pair.early] >= 0).any():
            n = np.array([columns.n[h][band] for h in classes], dtype=int)
            build.at_most([(x[pair.late], 1), (x[pair.early], 1), (n, -1)], 0, weekly=True)
