"""The phases in order: a first schedule, guide, bound, days, improvement, names, verification."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from wfm.core.errors import InfeasibleError
from wfm.core.types import Schedule, Violation
from wfm.scheduling.check import check, hard
from wfm.scheduling.clock import Clock, Progress
from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.guide import TOLERANCE, make_guide
from wfm.scheduling.counts.improve import Improve
from wfm.scheduling.counts.linear import relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix, own_matrix, settled_matrix
from wfm.scheduling.counts.moves import ENDLESS_S, improve_by_moves
from wfm.scheduling.counts.proving import Proving
from wfm.scheduling.counts.sketch import sketch
from wfm.scheduling.crew import Crew
from wfm.scheduling.line_terms import LineTerms
from wfm.scheduling.lines.solve import solve_lines
from wfm.scheduling.parts import join_parts, split_problem
from wfm.scheduling.people.construct import ROUNDS, nearest_crew, polish, rebuild_around
from wfm.scheduling.people.meet import place_meetings
from wfm.scheduling.people.names import name_counts
from wfm.scheduling.people.reach import end_at_targets, reach_targets
from wfm.scheduling.people.settle import settle_queues
from wfm.scheduling.people.tours import TIE, Tours, keep_passes, place_outbound
from wfm.scheduling.people.weekends import plan_weekends
from wfm.scheduling.problem import Problem
from wfm.scheduling.report import make_schedule_value
from wfm.scheduling.roster import frame_of_types

__all__ = ["Progress", "solve"]

EARLY_S, EARLY_SHARE = 1.5, 0.03
"""Polish of the first schedule: at most so long, and this share of the time; of names that have
cost nothing at most so long, too."""
SHOWN = 3
"""Broken rules that a message lists."""
NAMES = 0.3
"""Share of the time left for who works when, where counts do not say it."""
AGAIN = 0.3
"""Share of the time kept to improve once more what names have cost: everybody's days stay."""
CANCEL_S = 0.7
"""Time to name what the solver has when a run is cancelled."""
MEANWHILE_S = 3.0
"""Polish of names after which days are improved once more: at most so long."""
POLISHED = 1.5
"""The same beside the time that such names and their mending took together."""
OWN_WEEKS = 2500
"""Weeks of single people up to which a matrix of everybody alone is made: 800 take a second."""
AFTER_NAMES, END = 3.0, 0.15
"""Reserve for the end of a run, beside the time that checking and mending names took before, and
the most of it as a share of the time."""


def solve(
    problem: Problem,
    *,
    seconds: float = 60,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    gap: float = 0.0,
    moves: int | None = None,
) -> Schedule:
    """Make a schedule and prove how good it is.

    Parameters
    ----------
    problem
        From `problem.build_problem`.
    seconds
        Wall limit, start to end [s]. A limit in time cannot promise the same schedule twice.
    seed
        Of everything random.
    progress
        Called about twice a second in the calling thread.
    stop
        Asked five times a second; True ends within about a second and keeps the best.
    gap
        Share at which the schedule is good enough.
    moves
        Count the search in moves instead of seconds: the same problem, seed and moves give the
        same schedule. A search in seconds finds more in the same time.

    Returns
    -------
    Schedule
        `optimal` when nothing can be cheaper, else `feasible`; `nearest` with violations if the
        checker finds any.

    Raises
    ------
    InfeasibleError
        If the rules leave an agent no legal week; it carries the nearest schedule, in which such
        agents work fewer days than they should, and what gives way there.
    """
    clock = Clock(seconds if moves is None else ENDLESS_S, progress, stop)
    clock.wanted_gap, clock.saved_later = gap, problem.meetings_save
    clock.tick("start")
    if problem.lines is None:
        frame, clashes, why = _by_counts(problem, clock, seed, moves)
    else:
        frame, clashes, why = _by_lines(problem, problem.lines, clock, seed)
    clock.tick("finish")
    if clock.cancelled:
        stopped_by = "cancel"
    elif clock.reached:
        stopped_by = "gap"
    else:
        stopped_by = why or ("time" if moves is None else "stall")
    violations = tuple(check(problem, frame))
    schedule = make_schedule_value(
        problem, frame, violations, clock.proven, stopped_by, clock.seconds, seed
    )
    if clashes:
        found = "; ".join(str(v) for v in violations[:SHOWN])
        message = f"{clashes[0]} The nearest schedule has: {found}"
        raise InfeasibleError(message, nearest=schedule, violations=violations)
    return schedule


def _by_lines(
    problem: Problem, asked: LineTerms, clock: Clock, seed: int
) -> tuple[pd.DataFrame, list[str], str]:
    """Segments of a schedule by shift type, what clashes in it, and why the search ended."""
    types, clashed = solve_lines(asked, clock, seed)
    clashes = [f"Nobody's rules can all be kept by {', '.join(clashed)}."] if clashed else []
    return frame_of_types(problem, types), clashes, ""


def _by_counts(
    problem: Problem, clock: Clock, seed: int, moves: int | None
) -> tuple[pd.DataFrame, list[str], str]:
    """The same where cover is by interval: people who are alike are counted until the end."""
    parts = split_problem(plan_weekends(replace(problem, meetings=())))
    runs, clashes = [], []
    for part in parts:
        began = clock.seconds
        eased, first, refused = nearest_crew(part.problem, clock)
        runs.append(_Run(eased, clock, seed, first, moves))
        runs[-1].hold(clock.seconds - began)  # the end takes about as long on this machine
        clashes += refused
    why = _solve_parts(runs, [len(part.agents) for part in parts], clock, clock.wanted_gap)
    clock.tick("finish")
    crew = join_parts(problem, parts, [run.best for run in runs])
    settle_queues(crew)
    if end_at_targets(crew) | reach_targets(crew):
        settle_queues(crew)
    place_meetings(crew)
    return crew.frame(), [str(clash) for clash in clashes], why


def _solve_parts(runs: list[_Run], sizes: list[int], clock: Clock, gap: float) -> str:
    """Solve the parts one after the other, each with its share of the time left; says why it ended.

    A first schedule that leaves less time than its end takes is the answer.
    """
    objectives = [run.best.cost() * run.problem.scale for run in runs]
    bounds = [run.problem.min_labour for run in runs]
    clock.better(sum(objectives))
    if clock.over or clock.left < sum(run.reserve for run in runs):
        return "first"
    if len(runs) == 1:
        return runs[0].go()
    reasons = []
    for i, run in enumerate(runs):
        if clock.over:
            return ""

        def relay(seen: Progress, i: int = i) -> None:
            objectives[i] = objectives[i] if seen.objective is None else seen.objective
            bounds[i] = max(bounds[i], seen.bound or 0.0)
            clock.bound = sum(bounds)
            clock.objective = sum(objectives)
            clock.tick(seen.phase)

        share = sizes[i] / sum(sizes[i:]) if run.moves is None else 1.0
        run.clock = Clock(clock.left * share, relay, lambda: clock.over)
        run.clock.wanted_gap = gap
        reasons.append(run.go())
        run.clock.tick("finish")
    return "stall" if set(reasons) == {"stall"} else ""


@dataclass(eq=False)
class _Run:
    """One run: what it works on and the best so far."""

    problem: Problem
    clock: Clock
    seed: int
    best: Crew
    moves: int | None = None

    def __post_init__(self) -> None:
        people = len(self.problem.agents) * self.problem.weeks
        self.reserve = 0.4 + 0.0025 * people

    def hold(self, seconds: float) -> None:
        """Keep at least so much time for the end, but no more than a share of all."""
        self.reserve = max(self.reserve, min(seconds, END * (self.clock.left + self.clock.seconds)))

    def go(self) -> str:
        """All phases; says why it ended, or nothing when the clock knows."""
        clock = self.clock
        if self.moves is not None:
            return self._by_moves(self.moves)
        polish(self.best, clock, clock.left - min(EARLY_S, EARLY_SHARE * clock.left))
        clock.better(self.best.cost() * self.problem.scale)
        matrix = make_matrix(self.problem)
        proving = Proving(matrix, clock, lambda: self.reserve)
        if proving.small:
            proving.begin()
        try:
            why = self._search(matrix, proving)
            if why == "stall" and not clock.over:
                proving.wait()
        finally:
            proving.end()
        clock.better(self.best.cost() * self.problem.scale)
        return why

    def _by_moves(self, moves: int) -> str:
        """Everything one after the other, and nothing decided by the clock."""
        polish(self.best, self.clock, 0.0)
        matrix = make_matrix(self.problem)
        free = np.ones(len(matrix.cost), dtype=bool)
        part = take_slice(matrix, free, np.zeros(len(matrix.cost)))
        found = relax(part, TOLERANCE, self.clock.left, self.clock.running)
        if found is not None and not self.problem.planned_off:
            Proving(matrix, self.clock, lambda: self.reserve).take(matrix, part, found)
        values = count_crew(matrix, self.best)
        values = improve_by_moves(matrix, values, self.clock, self.seed, moves)
        self._keep(self._named(matrix, values))
        return "stall"

    def _search(self, matrix: Matrix, proving: Proving) -> str:
        clock = self.clock
        guide = make_guide(
            matrix,
            clock,
            proving.answered,
            exact=self._individual,
            proving=proving.guides,
            seed=self.seed,
        )
        if guide is not None and not clock.over:
            matrix = guide.matrix
            clock.tick("days")
            self._keep(self._named(matrix, sketch(matrix, guide.values), last=False))
        if self._differ(matrix) and not clock.over:
            if not matrix.layout.exact:
                self._improve(matrix, self.reserve + AGAIN * clock.left)
            own = own_matrix if self._days_may_move(matrix) else settled_matrix
            matrix = own(matrix, self.best)
        return "" if clock.over else self._improve(matrix, self.reserve)

    def _improve(self, matrix: Matrix, reserve: float) -> str:
        """Improve the best until a reserve of time is left, and name it; says why that ended."""
        values = count_crew(matrix, self.best)
        improve = Improve(matrix, values, self.clock, self.seed, reserve, self.best.wishes)
        why = improve.run()
        self.clock.tick("names")
        if improve.cost < self.best.cost() - self.best.wishes:
            self._keep(self._named(matrix, improve.values))
        return why

    @property
    def _individual(self) -> bool:
        """Whether names may break rules that counts keep, so that the repair is worth a search."""
        problem = self.problem
        rules = problem.rules
        asked = rules.max_days_in_row or rules.joins_shifts or rules.max_hours_average_week
        return bool(asked or problem.locks or problem.carried)

    def _days_may_move(self, matrix: Matrix) -> bool:
        """Whether all that joins somebody's days can be stated for everybody alone."""
        rules, weeks = self.problem.rules, len(self.problem.agents) * self.problem.weeks
        more = rules.joins_shifts or rules.max_hours_average_week is not None
        return matrix.layout.exact and not more and weeks <= OWN_WEEKS

    def _open(self, matrix: Matrix) -> bool:
        """Whether counts leave open who works when: not in a week of people alike in everything."""
        return self.problem.weeks > 1 or not matrix.layout.exact

    def _differ(self, matrix: Matrix) -> bool:
        """Whether names can cost what counts do not show."""
        return self._individual and self._open(matrix)

    def _named(self, matrix: Matrix, values: np.ndarray, *, last: bool = True) -> Crew:
        """Counts on people, weeks that break a rule rebuilt, then polished while time allows.

        Where a search follows (not `last`), for a moment only.
        """
        kept = self._open(matrix) and (matrix.low > 0)[matrix.of_kind("m")].any()
        since = self.clock.seconds
        seconds = NAMES * max(self.clock.left - self.reserve, 0.0)
        late = partial(self._late, since, 0.5)
        crew = name_counts(matrix, values, self.best, kept=bool(kept), seconds=seconds, late=late)
        keep_passes(crew)
        tours = Tours(crew)
        numbers = {agent.agent: i for i, agent in enumerate(self.problem.agents)}
        named = self.clock.seconds
        rebuilt: set[int] = set()
        for number in range(ROUNDS):
            broken = hard(check(self.problem, crew.frame()))
            if not broken:
                break
            weeks = {(numbers[v.agent], w) for v in broken for w in self._weeks(v, number)}
            for agent, week in sorted(weeks):
                if self._late(since, 1.0):
                    return self.best
                rebuilt.add(week)
                if not tours.rebuild(agent, week):
                    rebuild_around(tours, agent, week)
        for agent, days in enumerate(crew.starts):
            for start in days.values():
                place_outbound(crew, agent, start)
        self.hold(AFTER_NAMES * (self.clock.seconds - named))
        closing = self.reserve / 2
        if not last and self._differ(matrix):
            self.hold(POLISHED * (self.clock.seconds - since))
        reserve = closing if last else max(closing, self.clock.left - MEANWHILE_S)
        if crew.cost() - crew.wishes <= float(matrix.cost @ values) + TIE:
            reserve = max(reserve, self.clock.left - EARLY_S)
        return polish(crew, self.clock, reserve, rebuilt)

    def _late(self, since: float, share: float) -> bool:
        """Whether a share of the time for names is gone, where the run ends or was cancelled."""
        clock = self.clock
        cancelled = clock.cancelled and clock.seconds - since > share * CANCEL_S
        return cancelled or clock.left < (1 - share) * self.reserve

    def _weeks(self, broken: Violation, number: int) -> Sequence[int]:
        """Weeks to plan anew for a broken rule: its own, and all of them where that did not do."""
        problem, day = self.problem, broken.when[4:14]
        if not day or number >= ROUNDS // 2:
            return range(problem.weeks)
        past = (date.fromisoformat(day) - problem.first_day).days
        return [problem.week_of(min(max(past, 0), problem.days - 1))]

    def _keep(self, crew: Crew) -> None:
        """Take a crew over if it is cheaper and breaks nothing."""
        if crew.cost() < self.best.cost() and not hard(check(self.problem, crew.frame())):
            self.best = crew
        self.clock.better(self.best.cost() * self.problem.scale)
