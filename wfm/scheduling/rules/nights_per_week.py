"""At most so many nights in a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation
from wfm.scheduling.spells import Spell, own_spells

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class NightsPerWeek:
    """`Rules.max_nights_week`: a night is a shift with enough time inside the night hours.

    It belongs to the week in which it starts, by the agent's clock nights are told from days. In
    counts: the nights of a band in a week are at most the limit for each of its agents, those of a
    group what the weeks that had begun leave them together.
    """

    name: str = "nights_per_week"
    unit: str = "nights"
    default: str = "no limit"
    source: str = (
        "A habit of the trade and of works agreements. What a night is: 3 h between 23:00 and "
        "06:00, as in EU 2003/88 art. 2."
    )

    def constrain(self, build: Build) -> None:
        """Nights by group and week, and by band for each of its agents."""
        problem, layout, columns = build.problem, build.layout, build.columns
        most = problem.rules.max_nights_week
        if most is None:
            return
        for number, group in enumerate(layout.groups):
            night = night_starts(problem, group.agents[0], group.starts, group.length)
            for week in range(problem.weeks):
                here = np.isin(group.start_day, np.array(problem.days_of(week)))
                at = np.flatnonzero(night & here)
                before = [nights_before(problem, a, week) for a in group.agents.tolist()]
                left = [max(most - n, 0) for n in before]
                if len(np.unique(group.start_day[at])) <= min(left):
                    continue
                open_days = set(problem.days_of(week))
                there = [not open_days <= problem.closed[a] for a in group.agents.tolist()]
                total = sum(n for n, here in zip(left, there, strict=True) if here)
                build.at_most([(columns.y[number][at], 1)], total)
                classes = layout.classes_of(number, week)
                for band, x in enumerate(columns.x[number]):
                    n = np.array([columns.n[h][band] for h in classes], dtype=int)
                    if (x[at] >= 0).any():
                        build.at_most([(x[at], 1), (n, -max(left))], 0)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """The first night too many of each week."""
        most, found = problem.rules.max_nights_week, []
        if most is None:
            return []
        for agent, shifts in roster.by_agent().items():
            spells = own_spells(problem, agent, [(s.start, s.end) for s in shifts])
            for week in range(problem.weeks):
                nights = nights_of(problem, spells, week)
                if len(nights) > most and nights[-1].start >= 0:
                    first = max(nights[most].start, next(n.start for n in nights if n.start >= 0))
                    text = f"works {len(nights)} nights this week, at most {most} are allowed."
                    found.append(violation(problem, self.name, agent, first, text))
        return found


def night_starts(
    problem: Problem, agent: int, starts: np.ndarray, length: np.ndarray
) -> np.ndarray:
    """Which shifts, by start and length, are a night by an agent's clock."""
    times = problem.times[problem.agents[agent].time_zone]
    return times.nights(starts, starts + length)


def nights_of(problem: Problem, spells: list[Spell], week: int) -> list[Spell]:
    """Nights that start in a week, in time order."""
    first, last = night_bounds(problem, week)
    return [spell for spell in spells if spell.night and first <= spell.start < last]


def night_bounds(problem: Problem, week: int) -> tuple[int, int]:
    """Interval in which the nights of a week begin, and that after the last one.

    The first week reaches back to where it began before the schedule.
    """
    days = problem.days_of(week)
    first, last = (int(problem.first_interval[d]) for d in (days[0], days[-1] + 1))
    if week == 0:
        first -= problem.week_shift * (24 * 60 // problem.interval_min)
    return first, last if week < problem.weeks - 1 else len(problem.grid)


def nights_before(problem: Problem, agent: int, week: int) -> int:
    """Nights that a week of an agent has before the schedule begins."""
    return len(nights_of(problem, list(problem.past[agent]), week))
