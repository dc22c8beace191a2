"""A published schedule planned again: what is locked stays, and as little as can be changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from wfm.core.edits import Lock
from wfm.core.errors import InfeasibleError
from wfm.core.types import Schedule, Violation
from wfm.scheduling.check import check, hard
from wfm.scheduling.clock import Progress
from wfm.scheduling.counts.linear import Running, lower_bound, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.crew import Crew
from wfm.scheduling.finished.edit import days_of, rows
from wfm.scheduling.finished.explain import crew_of
from wfm.scheduling.people.meet import place_meetings
from wfm.scheduling.people.tours import Tours, keep_passes, place_outbound
from wfm.scheduling.problem import Begin, Problem
from wfm.scheduling.report import make_schedule_value
from wfm.scheduling.roster import Shift, is_as_long, kind_of, read_roster
from wfm.scheduling.rules.meetings import Meetings

TIE = 1e-6
ROUNDS = 6
PROVE_SHARE = 0.3
"""Share of the time kept for the bound."""
MOST_TRIED = 40
"""Agents looked at again once the first of few has been changed."""


def publish(problem: Problem, frame: pd.DataFrame) -> Problem:
    """The problem that pays for every day that differs from a schedule.

    Weekends that are free in it stay free where a rule asks for free weekends.
    """
    starts = days_of(problem, read_roster(problem, frame))
    published = {a.agent: starts.get(a.agent, {}) for a in problem.agents}
    off: dict[str, frozenset[int]] = {}
    if problem.rules.weekends_off_in is not None:
        for name, own in published.items():
            free = [w for w in problem.weekends if not set(w) & set(own)]
            off[name] = frozenset(day for weekend in free for day in weekend)
    return replace(problem, published=published, planned_off=off)


def replan(
    problem: Problem,
    frame: pd.DataFrame,
    *,
    seconds: float = 20.0,
    only: Collection[str] | None = None,
    most_changed: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    prove: bool = True,
    since: int = 0,
) -> Schedule:
    """Make a published schedule legal and good again with few changes.

    Parameters
    ----------
    problem
        What holds now: absences, locks, requirement.
    frame
        The published segments. Days that still can be stay as they are, breaks included.
    seconds
        Wall limit [s].
    only
        Agents who may be changed beside those who must; None for all.
    most_changed
        Most agents changed beside those who must be.
    progress, stop
        As in `solve`.
    prove
        Whether to prove a bound; without it the labour nobody can avoid stands for it.
    since
        First day that may change, by number: what lies before it stays, and what it breaks in the
        published segments too is left at that.

    Returns
    -------
    Schedule
        With the term `change` in its cost. Limits on several people give way where they must, and a
        meeting that has lost its people has no place: both are among its violations.

    Raises
    ------
    InfeasibleError
        Somebody has no legal week left; it carries the nearest schedule.
    """
    began = time.monotonic()
    if since:
        problem = replace(problem, locks=(*problem.locks, *_past_locks(problem, frame, since)))
    run = _Replan(publish(problem, frame), began, seconds, progress, stop)
    if since:
        opening = f"{problem.grid[problem.first_interval[since]]:%Y-%m-%d}"
        run.over_with = {str(v) for v in check(problem, frame) if "" < v.when[4:14] < opening}
    run.begin(frame)
    run.improve(only, most_changed)
    bound = run.prove() if prove else None
    place_meetings(run.crew, int(problem.first_interval[since]))
    segments = run.crew.frame()
    broken = tuple(check(run.problem, segments))
    schedule = make_schedule_value(
        run.problem, segments, broken, bound, run.stopped_by, run.elapsed, problem.seed
    )
    wrong = [v for v in hard(run.new(broken)) if v.rule != Meetings.name]
    if wrong:
        message = f"The changes leave no legal schedule: {'; '.join(str(v) for v in wrong[:3])}"
        raise InfeasibleError(message, nearest=schedule, violations=tuple(wrong))
    return schedule


def _past_locks(problem: Problem, frame: pd.DataFrame, since: int) -> Iterator[Lock]:
    """Everybody's shifts and days off before a day, but those that are locked already."""
    starts = days_of(problem, read_roster(problem, frame))
    for number, agent in enumerate(problem.agents):
        kinds, own = problem.contract_of(number).shifts, starts.get(agent.agent, {})
        for day in range(since):
            if day in problem.locked[number]:
                continue
            begin = own.get(day)
            at = None if begin is None else int(problem.clock[begin.start])
            kind = "" if begin is None or len(kinds) == 1 else kinds[begin.kind].shift
            yield Lock(agent.agent, problem.first_day + timedelta(days=day), at, kind)


@dataclass(eq=False)
class _Replan:
    """One run: named agents around each other, each change at its price."""

    problem: Problem
    began: float
    seconds: float
    progress: Callable[[Progress], None] | None
    stop: Callable[[], bool] | None
    crew: Crew = field(init=False)
    tours: Tours = field(init=False)
    stopped_by: str = "stall"
    told: float = -1.0
    over_with: set[str] = field(default_factory=set)
    """Violations of days that are over."""

    @property
    def elapsed(self) -> float:
        """Seconds since the begin."""
        return time.monotonic() - self.began

    def over(self, share: float = 1.0) -> bool:
        """Whether to stop; tells the progress about twice a second."""
        now = self.elapsed
        if now - self.told > 0.5:
            self.told = now
            if self.progress is not None:
                cost, least = self.crew.cost() * self.problem.scale, self.problem.min_labour
                gap = max(0.0, 1 - least / cost) if cost else 0.0
                self.progress(Progress("re-plan", now, cost, least, gap))
            if self.stop is not None and self.stop():
                self.stopped_by = "cancel"
        if self.stopped_by == "stall" and now > share * self.seconds:
            self.stopped_by = "time"
        return self.stopped_by != "stall"

    def begin(self, frame: pd.DataFrame) -> None:
        """The published shifts that still can be; whose week is illegal gets a legal one."""
        problem = self.problem
        kept = [s for s in read_roster(problem, frame).shifts if self._possible(s)]
        self.crew = crew_of(problem, rows(problem, kept))
        self.tours = Tours(self.crew)
        numbers = {agent.agent: i for i, agent in enumerate(problem.agents)}
        for _ in range(ROUNDS):
            found = self.new(check(problem, self.crew.frame()))
            broken = {numbers[v.agent] for v in found if v.agent}
            if not broken:
                break
            for agent in sorted(broken):
                for week in range(problem.weeks):
                    self.week(agent, week, must=True)
        keep_passes(self.crew)

    def new(self, found: Sequence[Violation]) -> list[Violation]:
        """Violations but those of days that are over."""
        return [v for v in found if str(v) not in self.over_with]

    def _possible(self, shift: Shift) -> bool:
        problem, agent = self.problem, shift.agent
        if not 0 <= shift.start < problem.intervals or not is_as_long(problem, shift):
            return False
        day = int(problem.day[shift.start])
        lock = problem.locked[agent].get(day)
        begin = Begin(shift.start, kind_of(problem, shift))
        return day not in problem.closed[agent] and (lock is None or lock.allows(begin))

    def week(self, agent: int, week: int, *, must: bool = False) -> float:
        """Replace a week if that saves something or must be; returns the change of the cost.

        Days that keep their start keep their breaks and their work.
        """
        crew, problem = self.crew, self.problem
        before = crew.cost()
        days = [d for d in sorted(crew.starts[agent]) if problem.week_of(d) == week]
        old = dict(crew.drop(agent, day) for day in days)
        tour = self.tours.best_week(agent, week)
        if tour is not None:
            new = {begin: old.get(begin, codes) for begin, codes in tour.shifts}
            for begin, codes in new.items():
                crew.put(agent, begin, codes)
            for begin in new.keys() - old.keys():
                place_outbound(crew, agent, begin)
            saved = crew.cost() - before
            if must or saved < -TIE:
                return saved
            for begin in new:
                crew.drop(agent, int(problem.day[begin.start]))
        for begin, codes in old.items():
            crew.put(agent, begin, codes)
        return 0.0

    def improve(self, only: Collection[str] | None, most_changed: int | None) -> None:
        """Change weeks of single agents while that saves more than the changes cost."""
        problem = self.problem
        free = [i for i, a in enumerate(problem.agents) if only is None or a.agent in only]
        if most_changed is not None:
            self._few(free, most_changed)
            return
        for _ in range(ROUNDS):
            saved = 0.0
            for week in range(problem.weeks):
                for agent in free:
                    if self.over(1 - PROVE_SHARE):
                        return
                    saved += self.week(agent, week)
            if saved > -TIE:
                return

    def _few(self, free: list[int], most: int) -> None:
        """The same with few agents: who saves most first, then the next best of those found."""
        tries = [(agent, week) for agent in free for week in range(self.problem.weeks)]
        for _ in range(most):
            saved: list[tuple[float, int, int]] = []
            for agent, week in tries:
                if self.over():
                    break
                saved.append((self._trial(agent, week), agent, week))
            saved = sorted(one for one in saved if one[0] < -TIE)
            if not saved:
                return
            self.week(*saved[0][1:])
            tries = [(agent, week) for _, agent, week in saved[1 : MOST_TRIED + 1]]

    def _trial(self, agent: int, week: int) -> float:
        """What another week of an agent would save; the crew stays."""
        crew, problem = self.crew, self.problem
        before = [s for d, s in crew.starts[agent].items() if problem.week_of(d) == week]
        codes = {begin: crew.plan[agent, crew.span(agent, begin)].copy() for begin in before}
        saved = self.week(agent, week)
        if saved < -TIE:
            for day in [d for d in crew.starts[agent] if problem.week_of(d) == week]:
                crew.drop(agent, day)
            for begin, own in codes.items():
                crew.put(agent, begin, own)
        return saved

    def prove(self) -> float | None:
        """A bound from the linear programme within the time left; changes cost it nothing."""
        left = self.seconds - self.elapsed
        if left <= 0 or self.stopped_by == "cancel":
            return None
        matrix = make_matrix(replace(self.problem, planned_off={}))
        everything = np.ones(len(matrix.cost), dtype=bool)
        part = take_slice(matrix, everything, np.zeros(len(matrix.cost)))
        answer = relax(part, 1e-5, left, Running())
        if answer is None:
            return None
        duals = np.zeros(len(matrix.row_low))
        duals[part.touched] = answer.duals
        bound = lower_bound(matrix, duals) - self.problem.meetings_save
        return max(bound, self.problem.min_labour)
