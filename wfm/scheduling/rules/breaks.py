"""Each break of a shift's kind once, in order, with its length, begun inside its window."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import MEETING, WORK, Roster, Shift, kind_of, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Breaks:
    """Windows count from the shift's start, both ends allowed.

    In counts, each break of a kind of shift is an inventory: a shift whose window opens puts one
    in, a break begun takes one out. The r-th shift of the kind to start takes the r-th break, so
    whole counts always give every shift its break.
    """

    name: str = "breaks"
    unit: str = "min after the start"
    default: str = "as in the contract"
    source: str = "The contract; breaks of long days: EU 2003/88 art. 4."

    def constrain(self, build: Build) -> None:
        """Columns k (breaks begun) and w (still due); breaks leave the free staff."""
        for number, group in enumerate(build.layout.groups):
            begun: list[np.ndarray] = []
            due: list[np.ndarray] = []
            for kind, (length, earliest, latest) in zip(
                group.pause_kind, group.pauses, strict=True
            ):
                k, w = self._inventory(build, number, kind, earliest, latest)
                begun.append(k)
                due.append(w)
                for offset in range(length):
                    at = np.arange(build.problem.intervals - offset) + offset
                    build.add(build.free[group.skill_set][at], k[: len(at)], -1)
            for kind in range(len(group.lengths)):
                for (i, (length, _, latest)), (j, (_, first, _)) in pairwise(group.breaks_of(kind)):
                    if latest + length > first:
                        waiting(build, number, begun[i], length, begun[j])
            build.columns.k.append(begun)
            build.columns.w.append(due)

    def _inventory(
        self, build: Build, number: int, kind: int, earliest: int, latest: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Columns k and w of one break of one kind of a group's shifts, over the whole axis."""
        group, axis = build.layout.groups[number], build.layout.axis
        own = group.of_kind(kind)
        y = build.columns.y[number][own]
        reach = group.starts[own, None] + np.arange(earliest, latest + 1)
        open_now, open_after = np.zeros(axis, bool), np.zeros(axis, bool)
        open_now[reach.ravel()] = True
        open_after[reach[:, :-1].ravel()] = True
        time = np.arange(axis)
        k, w = (
            build.block(
                block,
                where,
                group.size,
                day=build.problem.day[time],
                at=time,
                group=number,
                skill_set=group.skill_set,
            )
            for block, where in (("k", open_now), ("w", open_after))
        )
        rows = np.full(axis, -1)
        rows[open_now] = build.rows(int(open_now.sum()), 0, 0)
        build.add(rows, w)
        build.add(rows, k)
        build.add(rows[1:], w[:-1], -1)
        build.add(rows[reach[:, 0]], y, -1)
        caps = np.full(axis, -1)
        caps[open_after] = build.rows(int(open_after.sum()), -np.inf, 0)
        build.add(caps, w)
        build.add(caps[reach[:, :-1]], y[:, None], -1)
        return k, w

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
