"""What may not follow what, as counts of people who are alike: shared by rules on two shifts."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


NEVER = np.zeros(0, dtype=int)


class Follow(NamedTuple):
    """Starts of a day (by number in the group) and those of a later one that nobody has both of.

    But for who has one of `unless` in between.
    """

    day: int
    after: int
    late: np.ndarray
    early: np.ndarray
    unless: np.ndarray = NEVER


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
        terms = [(y[pair.late], 1.0), (y[pair.early], 1.0), (y[pair.unless], -1.0)]
        build.at_most(terms, len(here))
        return
    classes = layout.classes_of(number, week)
    for band, x in enumerate(columns.x[number]):
        if (x[pair.late] >= 0).any() and (x[pair.early] >= 0).any():
            n = np.array([columns.n[h][band] for h in classes], dtype=int)
            terms = [(x[pair.late], 1), (x[pair.early], 1), (x[pair.unless], -1), (n, -1)]
            build.at_most(terms, 0)


def state_after(
    build: Build,
    number: int,
    day: int,
    tired: Collection[int],
    early: np.ndarray,
    unless: np.ndarray,
) -> None:
    """Say that nobody of some agents has a start that is too soon after those before the schedule.

    Parameters
    ----------
    build
        Gets the row.
    number
        Of the group.
    day
        Of the starts.
    tired
        Agents of the group.
    early, unless
        Starts of the day, and others of which who has one may have one of the first, too.
    """
    if not (len(tired) and len(early)):
        return
    problem, y = build.problem, build.columns.y[number]
    there = [a for a in build.layout.groups[number].agents.tolist() if day not in problem.closed[a]]
    rested = sum(a not in tired for a in there)
    build.at_most([(y[early], 1.0), (y[unless], -1.0)], rested)
