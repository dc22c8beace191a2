"""Each break of a shift's kind once, in order, with its length, begun inside its window."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.counts.stock import Stock
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import MEETING, WORK, Roster, Shift, kind_of, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build
    from wfm.scheduling.groups import Group, Layout


@dataclass(frozen=True)
class Breaks:
    """Windows count from the shift's start, both ends allowed.

    In counts, breaks are stocks: a shift whose window opens puts one in, a break begun takes one
    out. The r-th window to open takes the r-th break, so whole counts always give every shift its
    break; as that needs windows as wide as each other only, one stock serves all breaks of a skill
    set that are as long in windows as wide.
    """

    name: str = "breaks"
    unit: str = "min after the start"
    default: str = "as in the contract"
    source: str = "The contract; breaks of long days: EU 2003/88 art. 4."

    def constrain(self, build: Build) -> None:
        """Columns k (breaks begun) and w (still due); breaks leave the free staff."""
        layout, begun = build.layout, build.columns.k
        begun += [[np.zeros(0, dtype=int)] * len(group.pauses) for group in layout.groups]
        for skill_set, length, breaks in _alike(build.problem, layout):
            stock = self._stock(build, skill_set, length, breaks)
            build.columns.stocks.append(stock)
            for number, i in breaks:
                begun[number][i] = stock.k
            for offset in range(length):
                at = np.arange(build.problem.intervals - offset) + offset
                build.add(build.free[skill_set][at], stock.k[: len(at)], -1)
        for number, group in enumerate(layout.groups):
            for i, j in overlapping(group):
                waiting(build, number, begun[number][i], group.pauses[i][0], begun[number][j])

    def _stock(
        self, build: Build, skill_set: int, length: int, breaks: tuple[tuple[int, int], ...]
    ) -> Stock:
        """Columns k and w of some breaks, over the whole axis."""
        layout = build.layout
        open_now, open_after = np.zeros((2, layout.axis), dtype=bool)
        shifts = []
        for number, i in breaks:
            group, (_, earliest, latest) = layout.groups[number], layout.groups[number].pauses[i]
            own = group.of_kind(group.pause_kind[i])
            reach = group.starts[own, None] + np.arange(earliest, latest + 1)
            open_now[reach.ravel()] = open_after[reach[:, :-1].ravel()] = True
            shifts.append((build.columns.y[number][own], reach))
        time = np.arange(layout.axis)
        size = sum(layout.groups[number].size for number in {number for number, _ in breaks})
        k, w = (
            build.block(
                kind, where, size, day=build.problem.day[time], at=time, skill_set=skill_set
            )
            for kind, where in (("k", open_now), ("w", open_after))
        )
        rows, caps = np.full((2, layout.axis), -1)
        rows[open_now] = build.rows(int(open_now.sum()), 0, 0)
        build.add(rows, w)
        build.add(rows, k)
        build.add(rows[1:], w[:-1], -1)
        caps[open_after] = build.rows(int(open_after.sum()), -np.inf, 0)
        build.add(caps, w)
        for y, reach in shifts:
            build.add(rows[reach[:, 0]], y, -1)
            build.add(caps[reach[:, :-1]], y[:, None], -1)
        return Stock(skill_set, length, breaks, k, w)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Breaks that are missing, too many, of the wrong kind or length, or out of place."""
        return [v for shift in roster.shifts for v in self._shift(problem, shift)]

    def _shift(self, problem: Problem, shift: Shift) -> list[Violation]:
        wanted = problem.contract_of(shift.agent).shifts[kind_of(problem, shift)].breaks
        taken = [piece for piece in shift.pieces if piece.activity not in (*WORK, MEETING)]
        found = []
        if len(taken) != len(wanted):
            text = f"{len(taken)} breaks instead of {len(wanted)}."
            found.append(violation(problem, self.name, shift.agent, shift.start, text))
        for piece, want in zip(taken, wanted, strict=False):
            minutes = (piece.end - piece.start) * problem.interval_min
            offset = (piece.start - shift.start) * problem.interval_min
            text = ""
            if piece.activity != want.name or minutes != want.length_min or piece.queue:
                text = f"expected {want.name} of {want.length_min} min here, in this order."
            elif not want.earliest_min <= offset <= want.latest_min:
                text = f"{want.name} begins {offset} min into the shift, outside its window."
            if text:
                found.append(violation(problem, self.name, shift.agent, piece.start, text))
        return found


def _alike(
    problem: Problem, layout: Layout
) -> Iterator[tuple[int, int, tuple[tuple[int, int], ...]]]:
    """Skill set, length and (group, number) of the breaks that one stock can serve.

    Those whose order in the shift is a matter of rows have a stock of their own, and so have those
    of people whose heads on a break a limit counts.
    """
    alike: dict[tuple[Hashable, ...], list[tuple[int, int]]] = {}
    for number, group in enumerate(layout.groups):
        first = group.agents[0]
        counted = (problem.limit_members[:, first].any(), problem.break_teams[:, first].any())
        ordered = {i for pair in overlapping(group) for i in pair}
        for i, (length, earliest, latest) in enumerate(group.pauses):
            alone = any(counted) or problem.break_gap != (0, None) or i in ordered
            own = (number, i) if alone else ()
            key = (group.skill_set, length, latest - earliest, group.works_before(i), own)
            alike.setdefault(key, []).append((number, i))
    for breaks in alike.values():
        number, i = breaks[0]
        group = layout.groups[number]
        yield group.skill_set, group.pauses[i][0], tuple(breaks)


def overlapping(group: Group) -> list[tuple[int, int]]:
    """Pairs of breaks of one shift whose windows alone do not say which comes first."""
    return [
        (i, j)
        for kind in range(len(group.lengths))
        for (i, (length, _, latest)), (j, (_, first, _)) in pairwise(group.breaks_of(kind))
        if latest + length > first
    ]


def waiting(
    build: Build, number: int, came: np.ndarray, lag: int, went: np.ndarray, late: int = 0
) -> None:
    """Of a group's breaks never more have `went`, `late` ago, than `came`, `lag` ago.

    Parameters
    ----------
    build
        What is stated to.
    number
        Of the group.
    came, went
        Columns of breaks begun, shape (axis,).
    lag, late
        Time they count later [intervals].
    """
    group = build.layout.groups[number]
    time = np.arange(len(came))
    into, out = _later(came, lag), _later(went, late)
    used = np.cumsum((into >= 0) | (out >= 0)) > 0
    stock = build.block(
        "w",
        used,
        group.size * build.problem.days,
        day=build.problem.day[time],
        at=time,
        group=number,
        skill_set=group.skill_set,
    )
    rows = np.full(len(came), -1)
    rows[used] = build.rows(int(used.sum()), 0, 0)
    build.add(rows, stock)
    build.add(rows[1:], stock[:-1], -1)
    build.add(rows, into, -1)
    build.add(rows, out)
    build.columns.waiting.append((into, out, stock))


def _later(columns: np.ndarray, by: int) -> np.ndarray:
    """Columns moved to a later interval; -1 where none is."""
    return np.concatenate([np.full(by, -1), columns])[: len(columns)]
