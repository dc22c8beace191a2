"""Work before, between and after the breaks of a shift is neither too short nor too long."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import MEETING, WORK, Roster, violation
from wfm.scheduling.rules.breaks import waiting

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class BreakSpacing:
    """`Rules.break_gap_min` and `Rules.break_gap_max`.

    Begin and end of the shift narrow the windows of its breaks (`windows.fitting`). Between two
    breaks counts are enough: the r-th shift takes the r-th break of each kind, so the r-th of one
    kind begins long enough after the r-th of the kind before has ended, and soon enough.
    """

    name: str = "break_spacing"
    unit: str = "min"
    default: str = "no rule"
    source: str = "A habit of the trade; breaks of long days: EU 2003/88 art. 4."

    def constrain(self, build: Build) -> None:
        """Breaks ended long enough ago, and those begun in time, by group and pair of kinds."""
        least, most = build.problem.break_gap
        for number, group in enumerate(build.layout.groups):
            begun = build.columns.k[number]
            pairs = [
                pair
                for kind in range(len(group.lengths))
                for pair in pairwise(group.breaks_of(kind))
            ]
            for (i, one), (j, other) in pairs:
                length, first, last = one
                if least and other[1] < last + length + least:
                    waiting(build, number, begun[i], length + least, begun[j])
                if most is not None and other[2] > first + length + most:
                    waiting(build, number, begun[j], 0, begun[i], length + most)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Stretches of work that are too short or too long, each where it begins."""
        least, most = problem.rules.break_gap_min, problem.rules.break_gap_max
        found: list[Violation] = []
        if not least and most is None:
            return found
        for shift in roster.shifts:
            pauses = [p for p in shift.pieces if p.activity not in (*WORK, MEETING)]
            begins = [shift.start, *(p.end for p in pauses)]
            ends = [*(p.start for p in pauses), shift.end]
            for begin, end in zip(begins, ends, strict=True):
                minutes = (end - begin) * problem.interval_min
                text = ""
                if minutes < least:
                    text = f"{minutes} min of work beside a break, at least {least} are needed."
                elif most is not None and minutes > most:
                    text = f"{minutes} min of work without a break, at most {most} are allowed."
                if text:
                    found.append(violation(problem, self.name, shift.agent, begin, text))
        return found
