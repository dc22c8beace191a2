"""At most so many days worked one after the other, those before the schedule included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.line_rule import LineRule
from wfm.scheduling.line_terms import OFF, LineTerms
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, day_at, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build
    from wfm.scheduling.lines.build import LineBuild


@dataclass(frozen=True)
class DaysInRow(LineRule):
    """`Rules.max_days_in_row`: a day on which a shift starts is a day worked.

    In a rota each contract has its own, `RotaContract.max_in_row`.

    In counts: of a class on one band, each window of one day more than the limit leaves everybody a
    day off. Across weeks the same holds for those of a group with the same weekends off; days
    before count in what its people can work together (`days_per_week`), and exactly when people get
    their weeks (`appoint`).
    """

    name: str = "days_in_row"
    unit: str = "days"
    default: str = "no limit"
    source: str = "Weekly rest of 24 h, EU 2003/88 art. 5; a habit of the trade, not a legal limit."

    def constrain(self, build: Build) -> None:
        """Windows inside a week by class and band, across weeks by group and weekends off."""
        most = build.problem.rules.max_days_in_row
        if most is None:
            return
        layout, columns = build.layout, build.columns
        for one, n, m in zip(layout.classes, columns.n, columns.m, strict=True):
            days = build.problem.days_of(one.week)
            windows = [(first, most + 1, most) for first in range(len(days) - most)]
            for first, length, limit in windows:
                if first + length <= len(days):
                    rows = build.rows(len(n), -np.inf, 0)
                    build.add(rows[:, None], m[:, first : first + length])
                    build.add(rows, n, -limit)
            if one.before:
                rows = build.rows(len(n), -np.inf, 0)
                build.add(rows[:, None], m[:, : most - one.before + 1])
                build.add(rows, n, one.before - most)
        self._across_weeks(build, most)

    def _across_weeks(self, build: Build, most: int) -> None:
        problem, layout = build.problem, build.layout
        for first in range(problem.days - most):
            window = range(first, first + most + 1)
            if problem.week_of(window[0]) == problem.week_of(window[-1]):
                continue
            rows: dict[tuple[int, frozenset[int]], np.ndarray] = {}
            for number, group in enumerate(layout.groups):
                for off, size in Counter(problem.plan_of(int(a)) for a in group.agents).items():
                    rows[number, off] = build.rows(1, -np.inf, most * size)
            for one, m in zip(layout.classes, build.columns.m, strict=True):
                days = problem.days_of(one.week)
                inside = [d - days[0] for d in window if d in days]
                if inside:
                    off = problem.plan_of(int(one.agents[0]))
                    build.add(rows[one.group, off], m[:, inside].ravel())

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """The first day too many of each row."""
        if problem.lines is not None:
            return super().violations(problem, roster)
        most = problem.rules.max_days_in_row
        found: list[Violation] = []
        if most is None:
            return found
        for agent, shifts in roster.by_agent().items():
            starts = {day_at(problem, shift.start): shift.start for shift in shifts}
            worked = [day in starts for day in range(problem.days)]
            for day, text in too_long_rows(worked, problem.before(agent).days_in_row, most):
                found.append(violation(problem, self.name, agent, starts[day], text))
        return found

    def constrain_lines(self, build: LineBuild) -> None:
        """Each window of one day more than the limit holds a day off."""
        asked = build.asked
        for person in build.people:
            most = int(asked.max_in_row[person])
            if most >= asked.days + asked.before_days[person]:
                continue
            for first in build.windows(most + 1):
                row = [build.work(person, d) for d in range(first, first + most + 1)]
                if all(term is not None for term in row):
                    build.at_most([(term, 1) for term in row], most)

    def broken(self, asked: LineTerms, types: np.ndarray) -> list[Violation]:
        """The first day too many of each row."""
        worked = np.where(asked.before_shift != OFF, asked.before_days, 0)
        return [
            Violation(self.name, text, asked.people[person], asked.date_of(day))
            for person, row in enumerate((types != OFF).tolist())
            for day, text in too_long_rows(row, int(worked[person]), int(asked.max_in_row[person]))
        ]


def too_long_rows(worked: Sequence[bool], before: int, most: int) -> Iterator[tuple[int, str]]:
    """Rows of days worked that are longer than a limit.

    Parameters
    ----------
    worked
        Of one person, a value a day.
    before
        Days worked in a row up to the day before the first.
    most
        The limit [days].

    Yields
    ------
    tuple of int and str
        The first day too many, from 0, and what is wrong.

    Examples
    --------
    >>> list(too_long_rows([True, False, True, True, True], before=1, most=2))
    [(4, 'works 3 days in a row, at most 2 are allowed.')]
    """
    run, first = before, -before
    for day, at_work in enumerate([*worked, False]):
        if at_work:
            run += 1
            continue
        if run > most and day > 0 and first + run == day:
            yield max(first + most, 0), f"works {run} days in a row, at most {most} are allowed."
        run, first = 0, day + 1
