"""Rows of days worked and of days off, as rules read and forbid them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.scheduling.line_terms import OFF, LineTerms

if TYPE_CHECKING:
    from wfm.scheduling.lines.build import LineBuild


@dataclass(frozen=True)
class Run:
    """Days of one kind in a row; `begun` and `ended` where what lies beyond is known."""

    first: int
    length: int
    work: bool
    begun: bool
    ended: bool


def runs(asked: LineTerms, roster: np.ndarray, person: int) -> list[Run]:
    """All rows of a person in the order of days, the one from before the period with its past."""
    row = roster[person] != OFF
    edges = np.flatnonzero(np.diff(row)) + 1
    starts, stops = [0, *edges.tolist()], [*edges.tolist(), len(row)]
    known = int(asked.before_days[person])
    worked = bool(asked.before_shift[person] != OFF)
    found = []
    for first, stop in zip(starts, stops, strict=True):
        work, begin = bool(row[first]), first
        if first == 0 and known and work == worked:
            begin = -known
        begun = first > 0 or bool(known)
        found.append(Run(begin, stop - begin, work, begun, stop < len(row)))
    if known and bool(row[0]) != worked:
        found.insert(0, Run(-known, known, worked, True, True))
    return found


def short_runs(
    asked: LineTerms, roster: np.ndarray, least: np.ndarray, *, work: bool
) -> Iterator[tuple[int, Run]]:
    """Rows of one kind that are shorter than a person's limit, with all of them known."""
    for person in range(len(asked.people)):
        for run in runs(asked, roster, person):
            whole = run.begun and run.ended and run.work == work
            if whole and run.length < least[person]:
                yield person, run


def forbid_short(build: LineBuild, least: np.ndarray, *, work: bool) -> None:
    """State that no row of one kind between two of the other is shorter than a limit."""
    for person in build.people:
        for length in range(1, int(least[person])):
            for first in build.windows(length + 2):
                row = [build.work(person, d) for d in range(first, first + length + 2)]
                if any(term is None for term in row):
                    continue
                sign = 1 if work else -1
                inside = [(term, -sign) for term in row[1:-1]]
                limit = 1 - length if work else -1
                build.at_least([(row[0], sign), *inside, (row[-1], sign)], limit)
