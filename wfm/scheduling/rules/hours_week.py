"""Least and most paid hours of an agent in a week."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem, paid_totals
from wfm.scheduling.roster import Roster, day_at, kind_of, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build
    from wfm.scheduling.groups import AbsenceClass


@dataclass(frozen=True)
class HoursWeek:
    """`Contract.min_hours_week` and `max_hours_week`, less where an agent is there on fewer days.

    Of a week that began before the schedule, what is known to have been paid counts.

    In counts: of the shifts of a band, paid time and days together lie where those of its agents
    can, each with whole shifts: a row for each side of the convex hull of an agent's weeks. Which
    of them has the long ones is settled when they are named (`allot`).
    """

    name: str = "hours_week"
    unit: str = "paid hours a week"
    default: str = "no rule"
    source: str = "The contract; 48 h a week on average: EU 2003/88 art. 6."

    def constrain(self, build: Build) -> None:
        """Paid time less a slope times days, of a band's shifts in a week, at least and at most."""
        problem, layout, columns = build.problem, build.layout, build.columns
        for number, group in enumerate(layout.groups):
            minutes = tuple(k.paid_min for k in problem.contracts[group.contract].shifts)
            unit = math.gcd(*minutes)
            paid = np.array(minutes)[group.kind] // unit
            for week in range(problem.weeks):
                classes = layout.classes_of(number, week)
                weeks = [paid_weeks(layout.classes[h], minutes) // (1, unit) for h in classes]
                if not any(len(points) for points in weeks):
                    continue
                here = np.isin(group.start_day, np.array(problem.days_of(week)))
                x = columns.x[number][:, here]
                for run, rise in sorted({s for points in weeks for s in slopes(points)}):
                    worth = [run * points[:, 1] - rise * points[:, 0] for points in weeks]
                    for low, high, end in ((0.0, np.inf, np.min), (-np.inf, 0.0, np.max)):
                        rows = build.rows(len(x), low, high)
                        build.add(rows[:, None], x, run * paid[here] - rise)
                        for h, own in zip(classes, worth, strict=True):
                            build.add(rows, columns.n[h], -float(end(own)))

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Weeks of an agent that are paid too little or too much."""
        paid = np.zeros((len(problem.agents), problem.weeks), dtype=int)
        for shift in roster.shifts:
            day = day_at(problem, shift.start)
            if day is not None:
                kind = problem.contract_of(shift.agent).shifts[kind_of(problem, shift)]
                paid[shift.agent, problem.week_of(day)] += kind.paid_min
        found = []
        for agent in range(len(problem.agents)):
            for week in range(problem.weeks):
                limits = problem.paid_limits(agent, week)
                if limits is None or limits[0] <= paid[agent, week] <= limits[1]:
                    continue
                hours, least, most = (m / 60 for m in (int(paid[agent, week]), *limits))
                text = f"{hours:g} paid hours this week, {least:g} to {most:g} are allowed."
                first = int(problem.first_interval[problem.days_of(week)[0]])
                found.append(violation(problem, self.name, agent, first, text))
        return found


def paid_weeks(one: AbsenceClass, minutes: tuple[int, ...]) -> np.ndarray:
    """Days and paid time [min] of all weeks that an agent of a class may have, shape (weeks, 2).

    Parameters
    ----------
    one
        Gives fewest and most days and the limits of paid time; none without limits.
    minutes
        Paid time of each kind of shift.
    """
    if one.paid is None:
        return np.zeros((0, 2), dtype=int)
    least, most = one.paid
    every = [
        (days, total)
        for days in range(one.fewest, one.most + 1)
        for total in sorted(paid_totals(minutes, days))
    ]
    return np.array([point for point in every if least <= point[1] <= most] or every)


def slopes(points: np.ndarray) -> set[tuple[int, int]]:
    """Run and rise of the sides of the convex hull of some points, flat ones and no upright ones.

    Examples
    --------
    Four days of 36 to 40 hours or five of 40:

    >>> sorted(slopes(np.array([[4, 2160], [4, 2280], [4, 2400], [5, 2400]])))
    [(1, 0), (1, 240)]
    """
    found = {(1, 0)} if len(points) else set()
    for i, (day, total) in enumerate(points):
        for other, more in points[i + 1 :]:
            run, rise = int(other - day), int(more - total)
            if run:
                worth = run * points[:, 1] - rise * points[:, 0]
                own = run * total - rise * day
                if own in (worth.min(), worth.max()):
                    common = math.gcd(run, rise)
                    found.add((run // common, rise // common))
    return found
