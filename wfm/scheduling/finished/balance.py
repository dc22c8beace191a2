"""Unpopular shifts spread over people: first for nothing, then at a price."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from wfm.scheduling.check import check
from wfm.scheduling.crew import MEETING_CODE, Crew
from wfm.scheduling.finished.explain import crew_of
from wfm.scheduling.people.exchange import BROKEN, NONE, held_options, rules_broken
from wfm.scheduling.people.tours import Tours, place_outbound
from wfm.scheduling.problem import Begin, Problem

TIE = 1e-6
ROUNDS = 4
FREE = 1e-3
"""Weight of fairness where it may cost nothing."""


@dataclass(frozen=True, eq=False)
class Burden:
    """What weighs on people.

    Parameters
    ----------
    marks
        1 where a start in an interval counts, by contract and time zone of the agent, shape (kinds,
        measures, intervals).
    before
        Counts before this schedule, shape (agents, measures).
    fair
        Fair share of everything, before and in this schedule, shape (agents, measures).
    """

    marks: dict[tuple[str, str], np.ndarray]
    before: np.ndarray
    fair: np.ndarray


def balance(
    problem: Problem,
    frame: pd.DataFrame,
    burden: Burden,
    *,
    weight: float,
    seconds: float = 20.0,
) -> pd.DataFrame:
    """Spread unpopular shifts over people.

    Parameters
    ----------
    problem, frame
        A legal schedule and what it is for.
    burden
        What counts, what was, and what is fair.
    weight
        Cost units that a squared shift above or below the fair share is worth. 0 only gives weeks
        to other agents of the same contract, skills and hours, which costs neither coverage nor
        hours.
    seconds
        Wall limit [s].

    Returns
    -------
    pandas.DataFrame
        The segments of the fairer schedule, legal if the given one was.
    """
    run = _Balance(problem, crew_of(problem, frame), burden, time.monotonic() + seconds)
    for _ in range(ROUNDS):
        changed = run.exchange(max(weight, FREE))
        if weight > 0:
            changed |= run.move(weight)
        if not changed or run.over:
            break
    return run.crew.frame()


@dataclass(eq=False)
class _Balance:
    """One run on named agents."""

    problem: Problem
    crew: Crew
    burden: Burden
    until: float
    tours: Tours = field(init=False)

    def __post_init__(self) -> None:
        self.tours = Tours(self.crew)
        self.known = {str(v) for v in check(self.problem, self.crew.frame())}

    @property
    def over(self) -> bool:
        """Whether time is up."""
        return time.monotonic() > self.until

    def marks(self, agent: int, starts: np.ndarray, kinds: np.ndarray) -> np.ndarray:
        """What each shift counts for, shape (measures, shifts)."""
        who = self.problem.agents[agent]
        return self.burden.marks[who.contract, who.time_zone][kinds, :, starts].T

    def above(self, agent: int, but_week: int | None = None) -> np.ndarray:
        """Count less fair share by measure, without one week if so asked."""
        problem = self.problem
        own = [d for d in self.crew.starts[agent] if problem.week_of(d) != but_week]
        begins = [self.crew.starts[agent][d] for d in own]
        count = self.marks(agent, *_parted(begins)).sum(axis=1)
        return np.asarray(self.burden.before[agent] + count - self.burden.fair[agent])

    def unfair(self) -> float:
        """Sum of the squared deviations."""
        return float(sum((self.above(a) ** 2).sum() for a in range(len(self.problem.agents))))

    def exchange(self, weight: float) -> bool:
        """Weeks change hands between alike agents where that is fairer by more than wishes lose."""
        changed = False
        for week in range(self.problem.weeks):
            for number in range(len(self.crew.layout.groups)):
                if self.over:
                    return changed
                changed |= self._exchange(number, week, weight)
        return changed

    def _exchange(self, number: int, week: int, weight: float) -> bool:
        crew, problem = self.crew, self.problem
        agents = [int(a) for a in crew.layout.groups[number].agents]
        days = problem.days_of(week)
        group, weeks = crew.layout.groups[number], held_options(crew, number, agents, days)
        cost = BROKEN * 1e3 * rules_broken(crew, number, agents, weeks, days)
        held = [w[w != NONE] for w in weeks]
        counts = np.array(
            [self.marks(agents[0], group.starts[w], group.kind[w]).sum(axis=1) for w in held]
        )
        for row, agent in enumerate(agents):
            rest = self.above(agent, week)
            cost[row] += weight * ((rest + counts) ** 2).sum(axis=1)
            if problem.has_own_costs(agent):
                cost[row] += [
                    sum(problem.own_cost(agent, group.options[i]) for i in w) for w in held
                ]
        cost += FREE * 1e-3 * ~np.eye(len(agents), dtype=bool)
        rows, chosen = linear_sum_assignment(cost)
        if cost[rows, chosen].sum() >= np.trace(cost) - TIE * 1e-3:
            return False
        self._give(agents, chosen.tolist(), days)
        if {str(v) for v in check(problem, crew.frame())} <= self.known:
            return True
        back = np.argsort(chosen)
        self._give(agents, back.tolist(), days)
        return False

    def _give(self, agents: list[int], chosen: list[int], days: range) -> None:
        """Each agent takes the week of another, with everything in it."""
        crew = self.crew
        held = [
            [crew.drop(agent, d) for d in sorted(crew.starts[agent]) if d in days]
            for agent in agents
        ]
        for agent, other in zip(agents, chosen, strict=True):
            for begin, codes in held[other]:
                crew.put(agent, begin, codes)

    def move(self, weight: float) -> bool:
        """Single weeks are planned anew where fairness is worth what that costs."""
        changed = False
        for week in range(self.problem.weeks):
            for agent in range(len(self.problem.agents)):
                if self.over:
                    return changed
                changed |= self._move(agent, week, weight)
        return changed

    def _move(self, agent: int, week: int, weight: float) -> bool:
        crew, problem = self.crew, self.problem
        group, scale = crew.layout.groups[crew.group_of[agent]], problem.scale
        if (crew.plan[agent] >= MEETING_CODE).any():
            return False
        before = crew.cost() + weight / scale * float((self.above(agent) ** 2).sum())
        old = [crew.drop(agent, d) for d in self._days(agent, week)]
        slope = 2 * self.above(agent) + 1
        leaning = weight / scale * (slope @ self.marks(agent, group.starts, group.kind))
        tour = self.tours.best_week(agent, week, leaning)
        if tour is not None:
            for begin, codes in tour.shifts:
                crew.put(agent, begin, codes)
                place_outbound(crew, agent, begin)
            after = crew.cost() + weight / scale * float((self.above(agent) ** 2).sum())
            if after < before - TIE:
                return True
            for day in self._days(agent, week):
                crew.drop(agent, day)
        for begin, codes in old:
            crew.put(agent, begin, codes)
        return False

    def _days(self, agent: int, week: int) -> list[int]:
        return [d for d in sorted(self.crew.starts[agent]) if self.problem.week_of(d) == week]


def _parted(begins: list[Begin]) -> tuple[np.ndarray, np.ndarray]:
    """Starts and kinds of some shifts."""
    pairs = np.array(begins, dtype=int).reshape(len(begins), 2)
    return pairs[:, 0], pairs[:, 1]
