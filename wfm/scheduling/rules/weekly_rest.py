"""So many free minutes without a break in every week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.calendars import DAY_MIN
from wfm.core.types import Violation
from wfm.scheduling.problem import WEEK, Problem
from wfm.scheduling.roster import Roster, Shift, violation
from wfm.scheduling.spells import own_spells

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build

FAR = 10**7
"""An interval beyond any other."""
Span = tuple[int, int]


@dataclass(frozen=True)
class WeeklyRest:
    """`Rules.weekly_rest_min` of unbroken free time for each week, from `Rules.week_start` on.

    The directive asks for it "per each seven-day period" and leaves open which; the Court takes
    fixed periods one after the other (C-306/16), so these are the weeks of the contract. A rest
    often lies across the end of a week, a Sunday off from Saturday's end to Monday's start. It
    counts for the week in which at least half of it lies, and never for two: every week has its
    own. Shifts before the schedule count; what is not known before and after it counts as free.

    In counts: nobody works all days of a week whose bands leave no such time then. That is needed
    and not enough; who gets its week by name has one that keeps the rule.
    """

    name: str = "weekly_rest"
    unit: str = "min"
    default: str = "no rule"
    source: str = (
        "24 h and the 11 h of daily rest per seven days: EU 2003/88 art. 5, periods as in "
        "C-306/16; a rest across two weeks counts for one: as in EC 561/2006 art. 8(9)."
    )

    def constrain(self, build: Build) -> None:
        """A day off for everybody on a band whose days in a row leave no rest."""
        problem, layout = build.problem, build.layout
        need = rest_intervals(problem)
        if need is None:
            return
        for one, n, m in zip(layout.classes, build.columns.n, build.columns.m, strict=True):
            days, group = problem.days_of(one.week), layout.groups[one.group]
            if len(days) < WEEK or one.most < WEEK:
                continue
            spans = [np.full((len(n), 2), -1) for _ in days]
            for span, day in zip(spans, days, strict=True):
                today = np.flatnonzero(group.start_day == day)
                if not len(today):
                    continue
                inside = group.in_band[:, today]
                some = inside.any(axis=1)
                span[some, 0] = np.where(inside, group.ends[today], FAR).min(axis=1)[some]
                span[some, 1] = np.where(inside, group.starts[today], -1).max(axis=1)[some]
            low, high = week_bounds(problem, one.week)
            for band in range(len(n)):
                first, last = np.array([span[band] for span in spans]).T
                gaps = last[1:] - first[:-1]
                before, after = 2 * last[0] - need, 2 * first[-1] + need
                if (first < 0).any() or ((gaps < need).all() and before < low and after > high):
                    rows = build.rows(1, -np.inf, 0)
                    build.add(rows, m[band])
                    build.add(rows, n[band], -(WEEK - 1.0))

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Weeks without their rest, at their first shift."""
        need, found = rest_intervals(problem), []
        if need is None:
            return []
        for agent, shifts in roster.by_agent().items():
            spells = own_spells(problem, agent, [(s.start, s.end) for s in shifts])
            busy = [spell[:2] for spell in spells]
            weeks = [week_bounds(problem, week) for week in range(-1, problem.weeks)]
            for week, rest in enumerate(rests(busy, weeks, need), -1):
                if rest is None and (week >= 0 or owed_before(problem, agent, weeks[0], need)):
                    first = _first_of(shifts, problem, week)
                    asked = problem.rules.weekly_rest_min
                    text = f"has no {asked} min free without a break for this week."
                    if week < 0:
                        text = f"has no {asked} min free without a break for the week before."
                    found.append(violation(problem, self.name, agent, first, text))
        return found


def owed_before(problem: Problem, agent: int, week: Span, need: int) -> bool:
    """Whether the week before could still have had its rest when the schedule began."""
    past = [spell[:2] for spell in problem.past[agent]]
    return bool(past) and rests(past, [week], need)[0] is not None


def _first_of(shifts: Sequence[Shift], problem: Problem, week: int) -> int:
    """Start of the first shift of a week, or of the last before it."""
    begin = int(problem.first_interval[problem.days_of(max(week, 0))[0]])
    starts = [shift.start for shift in shifts]
    return next((start for start in starts if start >= begin), starts[-1])


def rest_intervals(problem: Problem) -> int | None:
    """The rest in intervals, rounded up; None without the rule."""
    need = problem.rules.weekly_rest_min
    return None if not need else -(-need // problem.interval_min)


def week_bounds(problem: Problem, week: int) -> Span:
    """Least and most of twice the middle of a rest that counts for a week.

    Weeks that the schedule cuts, and those beside it, have days of 24 hours outside of it.
    """
    a_day, first = DAY_MIN // problem.interval_min, week * WEEK - problem.week_shift
    return 2 * _midnight(problem, first, a_day), 2 * _midnight(problem, first + WEEK, a_day) - 1


def _midnight(problem: Problem, day: int, a_day: int) -> int:
    inside = min(max(day, 0), problem.days)
    return int(problem.first_interval[inside]) + (day - inside) * a_day


def rests(busy: Sequence[Span], weeks: Sequence[Span], need: int) -> list[Span | None]:
    """The earliest rest of each week, each after that of the week before.

    Parameters
    ----------
    busy
        Shifts (start, end) in time order [intervals].
    weeks
        From `week_bounds`, one after the other.
    need
        Length of a rest [intervals].

    Returns
    -------
    list
        Begin and end by week; None where there is none. Whoever takes the earliest leaves the most
        for later weeks, so this finds rests for all weeks whenever there are some.

    Examples
    --------
    Weeks of 10, rests of 4: one from 3 to 7, and one around the end of the second week.

    >>> rests([(0, 3), (7, 9), (12, 15), (16, 17)], [(0, 19), (20, 39)], 4)
    [(3, 7), (17, 21)]
    """
    found: list[Span | None] = []
    at = -FAR
    for low, high in weeks:
        begin = max(at, -((need - low) // 2))
        for start, end in busy:
            if start >= begin + need:
                break
            begin = max(begin, end)
        kept = 2 * begin + need <= high
        found.append((begin, begin + need) if kept else None)
        at = begin + need if kept else at
    return found


def room_for(
    before: Sequence[Span], after: Sequence[Span], weeks: Sequence[Span], week: int, need: int
) -> Span:
    """Between which intervals a week and its rest may lie so that all others keep theirs.

    Parameters
    ----------
    before, after
        Shifts before the week and after it.
    weeks, need
        As for `rests`.
    week
        Which of `weeks`.

    Returns
    -------
    tuple of int
        Where the rest of the week before ends at the earliest, and where that of the week after
        begins at the latest.
    """
    early = [rest[1] for rest in rests(before, weeks[:week], need) if rest is not None]
    turned = [(-end, -start) for start, end in reversed(after)]
    later = [(-high, -low) for low, high in reversed(weeks[week + 1 :])]
    late = [rest[1] for rest in rests(turned, later, need) if rest is not None]
    return max(early, default=-FAR), -max(late, default=-FAR)


def holds_rest(begin: np.ndarray, end: np.ndarray, room: Span, week: Span, need: int) -> np.ndarray:
    """Whether free times from `begin` to `end` hold a week's rest inside its room."""
    first = np.maximum(np.maximum(begin, room[0]), -((need - week[0]) // 2))
    last = np.minimum(np.minimum(end, room[1]) - need, (week[1] - need) // 2)
    return np.asarray(first <= last)
