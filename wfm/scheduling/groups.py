"""Who is alike: agents of one contract and skill set are counted together, not named."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wfm.core.calendars import Opening
from wfm.scheduling.problem import ANY, Begin, Problem
from wfm.scheduling.windows import Window

Days = tuple[int, ...]
Signature = tuple[Days, int, int, frozenset[int], tuple[int, int] | None]
"""Days of a week, fewest and most of them worked, days that a plan leaves off, and paid time."""


@dataclass(frozen=True, eq=False)
class Group:
    """Agents of one contract, skill set and time zone, the same hours, staff limits and breaks.

    Each shift that they may have, a start and a kind, is an option; `starts` says in which interval
    each starts, `start_day` and `kind` on which day and of which kind it is, `in_band` which bands
    it lies in, shape (bands, options); options are in the order of their starts. By kind there are
    `lengths` and `paid`, the labour cost of a shift. `pauses` are the breaks of all kinds (length,
    earliest, latest), one kind after the other, and `pause_kind` says whose. Lengths and windows
    are in intervals.
    """

    contract: str
    skill_set: int
    agents: np.ndarray
    starts: np.ndarray
    start_day: np.ndarray
    kind: np.ndarray
    in_band: np.ndarray
    lengths: tuple[int, ...]
    paid: tuple[float, ...]
    pauses: tuple[Window, ...]
    pause_kind: tuple[int, ...]

    @property
    def size(self) -> int:
        """Number of agents."""
        return len(self.agents)

    @cached_property
    def length(self) -> np.ndarray:
        """Of each option [intervals]."""
        return np.asarray(np.array(self.lengths)[self.kind])

    @cached_property
    def ends(self) -> np.ndarray:
        """Interval after each option."""
        return np.asarray(self.starts + self.length)

    @cached_property
    def labour(self) -> np.ndarray:
        """Cost of each option's paid time [units of an interval]."""
        return np.asarray(np.array(self.paid)[self.kind])

    @cached_property
    def options(self) -> list[Begin]:
        """Start and kind of each option."""
        return [Begin(s, k) for s, k in zip(self.starts.tolist(), self.kind.tolist(), strict=True)]

    @cached_property
    def number(self) -> dict[Begin, int]:
        """Number of each option."""
        return {begin: i for i, begin in enumerate(self.options)}

    def allowed(self, lock: Begin) -> np.ndarray:
        """Numbers of the options that a lock allows."""
        same = self.starts == lock.start
        return np.flatnonzero(same if lock.kind == ANY else same & (self.kind == lock.kind))

    def clear_of(self, begin: Begin, rest: int) -> np.ndarray:
        """Mask of the options that keep a rest [intervals] from a shift."""
        after = self.starts >= begin.start + self.lengths[begin.kind] + rest
        return np.asarray(after | (self.ends + rest <= begin.start))

    def of_kind(self, kind: int) -> np.ndarray:
        """Numbers of the options of a kind."""
        return np.flatnonzero(self.kind == kind)

    def breaks_of(self, kind: int) -> list[tuple[int, Window]]:
        """Number and window of each break of a kind, in their order."""
        return [
            (i, pause)
            for i, (pause, whose) in enumerate(zip(self.pauses, self.pause_kind, strict=True))
            if whose == kind
        ]

    def works_before(self, i: int) -> bool:
        """Whether a break always begins after work, not at the start or right after another."""
        before = [
            latest + length
            for j, (length, _, latest) in self.breaks_of(self.pause_kind[i])
            if j < i
        ]
        return self.pauses[i][1] > max(before, default=0)


@dataclass(frozen=True, eq=False)
class AbsenceClass:
    """Agents of a group who are there on the same days of a week, with the same limits.

    In an exact layout (`kinds.exact_layout`) they are alike in everything: days worked in a row
    `before` the week, `locked` shifts (day of the week, lock), and bands by day on which they
    `may` start. `paid` is the least and most paid time of a week [min].
    """

    group: int
    week: int
    days: tuple[int, ...]
    agents: np.ndarray
    fewest: int
    most: int
    before: int = 0
    locked: tuple[tuple[int, Begin], ...] = ()
    may: np.ndarray | None = None
    paid: tuple[int, int] | None = None

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
    personal: bool = False
    """Whether everybody is a class, and rows keep what joins somebody's weeks."""

    @property
    def longest(self) -> int:
        """Longest shift of anybody [intervals]."""
        return self.axis - self.problem.intervals

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
            for (days, fewest, most, _, paid), same in alike.items():
                if days:
                    own = np.array(same)
                    classes.append(AbsenceClass(number, week, days, own, fewest, most, paid=paid))
    return Layout(
        problem,
        groups,
        tuple(classes),
        tuple(SkillSet(queues, work, len(who)) for (queues, work), who in sets.items()),
        problem.intervals + max(max(group.lengths) for group in groups),
    )


def _signature(problem: Problem, agent: int, week: int) -> Signature:
    """What makes agents of a group alike in a week."""
    days = tuple(d for d in problem.days_of(week) if d not in problem.closed[agent])
    paid = problem.paid_limits(agent, week)
    return days, *problem.limits(agent, week), problem.plan_of(agent), paid


def _group(problem: Problem, name: str, skill_set: int, agents: list[int]) -> Group:
    shifts = problem.contracts[name].shifts
    starts, kind = problem.options_of(agents[0])
    clocks = problem.clock[starts]
    inside = np.array([(clocks >= a) & (clocks <= b) for a, b in problem.bands])
    inside = inside[_kept(inside)]
    used = inside.any(axis=0)
    windows = [(i, window) for i, k in enumerate(shifts) for window in problem.windows_of(k)]
    return Group(
        contract=name,
        skill_set=skill_set,
        agents=np.array(agents),
        starts=starts[used],
        start_day=problem.day[starts[used]],
        kind=kind[used],
        in_band=inside[:, used],
        lengths=tuple(problem.count(k.shift_min) for k in shifts),
        paid=tuple(problem.weights.labour * k.paid_min / problem.interval_min for k in shifts),
        pauses=tuple(window for _, window in windows),
        pause_kind=tuple(i for i, _ in windows),
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
