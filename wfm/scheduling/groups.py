"""Who is alike: agents of one contract and skill set are counted together, not named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.core.calendars import Opening
from wfm.scheduling.problem import Problem

Days = tuple[int, ...]
Signature = tuple[Days, int, int, frozenset[int]]
"""Days of a week, fewest and most of them worked, and days that a plan leaves off."""


@dataclass(frozen=True, eq=False)
class Group:
    """Agents of one contract, skill set and time zone, the same hours, staff limits and breaks.

    `starts` are the intervals in which a shift may start, `in_band` says which bands each lies in,
    shape (bands, starts). Lengths and break windows are in intervals.
    """

    contract: str
    skill_set: int
    agents: np.ndarray
    length: int
    starts: np.ndarray
    start_day: np.ndarray
    in_band: np.ndarray
    pauses: tuple[tuple[int, int, int], ...]
    labour: float

    @property
    def size(self) -> int:
        """Number of agents."""
        return len(self.agents)


@dataclass(frozen=True, eq=False)
class AbsenceClass:
    """Agents of a group who are there on the same days of a week, with the same limits.

    In an exact layout (`kinds.exact_layout`) they are alike in everything: days worked in a row
    `before` the week, `locked` shifts (day of the week, start), and bands by day on which they
    `may` start.
    """

    group: int
    week: int
    days: tuple[int, ...]
    agents: np.ndarray
    fewest: int
    most: int
    before: int = 0
    locked: tuple[tuple[int, int], ...] = ()
    may: np.ndarray | None = None

    @property
    def size(self) -> int:
        """Number of agents."""
        return len(self.agents)


@dataclass(frozen=True, eq=False)
class SkillSet:
    """Queues and campaigns that some agents can serve, by number, and how many agents."""

    queues: tuple[int, ...]
    campaigns: tuple[int, ...]
    size: int


@dataclass(frozen=True, eq=False)
class Layout:
    """Groups, classes and skill sets of a problem."""

    problem: Problem
    groups: tuple[Group, ...]
    classes: tuple[AbsenceClass, ...]
    skill_sets: tuple[SkillSet, ...]
    axis: int
    """Intervals of the axis: the horizon and the longest shift after it."""
    exact: bool = False
    """Whether agents of a class are alike in everything."""

    def classes_of(self, group: int, week: int) -> list[int]:
        """Numbers of the classes of a group in a week."""
        return [i for i, c in enumerate(self.classes) if c.group == group and c.week == week]

    def present(self, group: int, day: int) -> int:
        """Agents of a group who may start a shift on a day."""
        closed = self.problem.closed
        return sum(day not in closed[a] for a in self.groups[group].agents)


def make_layout(problem: Problem) -> Layout:
    """Sort the agents of a problem into skill sets, groups and absence classes."""
    sets: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = {}
    members: dict[tuple[str, int, Opening | None, str, tuple[bool, ...]], list[int]] = {}
    for i, agent in enumerate(problem.agents):
        key = (problem.queues_of(i), problem.campaigns_of(i))
        sets.setdefault(key, []).append(i)
        number = list(sets).index(key)
        counted = (*problem.limit_members[:, i].tolist(), *problem.break_teams[:, i].tolist())
        member = (agent.contract, number, agent.hours, agent.time_zone, counted)
        members.setdefault(member, []).append(i)
    groups = tuple(
        _group(problem, contract, number, agents)
        for (contract, number, *_), agents in members.items()
    )
    classes = []
    for number, group in enumerate(groups):
        for week in range(problem.weeks):
            alike: dict[Signature, list[int]] = {}
            for agent in group.agents.tolist():
                alike.setdefault(_signature(problem, agent, week), []).append(agent)
            for (days, fewest, most, _), same in alike.items():
                if days:
                    classes.append(AbsenceClass(number, week, days, np.array(same), fewest, most))
    longest = max(group.length for group in groups)
    return Layout(
        problem,
        groups,
        tuple(classes),
        tuple(SkillSet(queues, work, len(who)) for (queues, work), who in sets.items()),
        problem.intervals + longest,
    )


def _signature(problem: Problem, agent: int, week: int) -> Signature:
    """What makes agents of a group alike in a week."""
    days = tuple(d for d in problem.days_of(week) if d not in problem.closed[agent])
    return days, *problem.limits(agent, week), problem.plan_of(agent)


def _group(problem: Problem, name: str, skill_set: int, agents: list[int]) -> Group:
    contract = problem.contracts[name]
    starts = problem.starts_of(agents[0])
    clocks = problem.clock[starts]
    inside = np.array([(clocks >= a) & (clocks <= b) for a, b in problem.bands(contract)])
    inside = inside[_kept(inside)]
    used = inside.any(axis=0)
    return Group(
        contract=name,
        skill_set=skill_set,
        agents=np.array(agents),
        length=problem.count(contract.shift_min),
        starts=starts[used],
        start_day=problem.day[starts[used]],
        in_band=inside[:, used],
        pauses=problem.windows_of(contract),
        labour=problem.weights.labour * contract.paid_min / problem.interval_min,
    )


def _kept(inside: np.ndarray) -> list[int]:
    """Bands that no other one contains."""
    kept: list[int] = []
    for i, row in enumerate(inside):
        contained = any(
            not (row & ~other).any() and ((other & ~row).any() or j < i)
            for j, other in enumerate(inside)
            if j != i
        )
        if row.any() and not contained:
            kept.append(i)
    return kept
