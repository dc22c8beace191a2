"""Single days change hands inside a group until rules are kept: no coverage is lost."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

from wfm.scheduling.crew import Crew
from wfm.scheduling.kinds import run_after, run_before
from wfm.scheduling.people.chains import JoinedRules
from wfm.scheduling.people.exchange import DEAR, hours_off
from wfm.scheduling.problem import Begin

Days = dict[int, Begin]
"""Shift of each day worked."""
TRIED = 3000
"""Changes looked at for one of an agent's broken rules, the next agents first."""
WALK, LOOKED_AT, TABU = 10, 200, 20
"""Steps for each broken rule that is left, changes looked at in one, and steps for which a day that
was given away stays away."""
_Change = tuple[int, int, int | None]


def mend_weeks(crew: Crew, group: int, week: int, late: Callable[[], bool] = lambda: False) -> None:
    """Take days from those whose week breaks a rule, in place.

    Everybody of a group has the contract and skills of the others. So a start may go to somebody
    who is off that day, with or without one in return, and every count stays. A change is made
    where fewer rules are broken after it; what is left is handed on, from one to the next, until
    somebody can take it.

    Parameters
    ----------
    crew
        With the starts of this week and others; breaks and work are not looked at.
    group, week
        Whose weeks.
    late
        Says when to leave the rest broken.
    """
    mend = _Mend(crew, group, week, late)
    for agent in list(mend.broken):
        while mend.broken[agent] and mend.better(agent):
            pass
    mend.walk()


class _Mend:
    """A group's week: who has what, and how many rules that breaks."""

    def __init__(self, crew: Crew, group: int, week: int, late: Callable[[], bool]) -> None:
        self.crew, self.problem, self.own = crew, crew.problem, crew.layout.groups[group]
        self.late = late
        self.week, self.days = week, crew.problem.days_of(week)
        agents = self.own.agents.tolist()
        self.has: dict[int, Days] = {
            a: {d: s for d, s in crew.starts[a].items() if d in self.days} for a in agents
        }
        self.run = {a: run_before(crew, a, self.days[0]) for a in agents}
        self.free = {a: self._free_from(a) for a in agents}
        self.next = {a: self._next(a) for a in agents}
        self.after = {a: run_after(crew, a, self.days[-1]) for a in agents}
        self.joined = JoinedRules(crew.problem)
        self.limits = {a: crew.problem.limits(a, week) for a in agents}
        self.paid = {a: crew.problem.paid_limits(a, week) for a in agents}
        self.allowed = {a: self._allowed(a) for a in agents}
        self._known: dict[tuple[int, tuple[Begin, ...]], int] = {}
        self.broken = {a: self.count(a, self.has[a]) for a in agents}

    def _free_from(self, agent: int) -> int:
        earlier = [s for d, s in self.crew.starts[agent].items() if d < self.days[0]]
        return max([self.problem.free_from(agent), *map(self._rested, earlier)])

    def _rested(self, begin: Begin) -> int:
        """First interval in which a shift may follow one."""
        return begin.start + self.own.lengths[begin.kind] + self.problem.rest

    def _next(self, agent: int) -> list[Begin]:
        """The first shift after the week, if there is one."""
        later = [s for d, s in self.crew.starts[agent].items() if d > self.days[-1]]
        return [min(later)] if later else []

    def _allowed(self, agent: int) -> int | None:
        """Most shifts of the week within the average of hours."""
        allowed = self.problem.shifts_allowed(agent)
        elsewhere = sum(d not in self.days for d in self.crew.starts[agent])
        return None if allowed is None else allowed - elsewhere

    def count(self, agent: int, days: Days) -> int:
        """Rules that a week breaks for an agent; those that no later change mends count more."""
        key = agent, tuple(sorted(days.values()))
        if key not in self._known:
            self._known[key] = self._count(agent, days)
        return self._known[key]

    def _count(self, agent: int, days: Days) -> int:
        problem = self.problem
        fewest, most = self.limits[agent]
        broken = max(fewest - len(days), 0) + max(len(days) - most, 0)
        closed, locked = problem.closed[agent], problem.locked[agent]
        broken += DEAR * sum(day in closed for day in days)
        broken += DEAR * sum(
            not lock.allows(days.get(d)) for d, lock in locked.items() if lock and d in self.days
        )
        shifts, rested = [days[day] for day in sorted(days)], self.free[agent]
        for begin in (*shifts, *self.next[agent]):
            broken += begin.start < rested
            rested = self._rested(begin)
        held = self.own.in_band[:, [self.own.number[begin] for begin in shifts]]
        broken += DEAR * (not held.all(axis=1).any())
        broken += hours_off(self.problem, agent, shifts, self.paid[agent])
        limit = problem.rules.max_days_in_row
        if limit is not None:
            run = self.run[agent]
            for day in self.days:
                run = run + 1 if day in days else 0
                broken += run > limit
            if run:
                broken += max(min(run + self.after[agent] - limit, self.after[agent]), 0)
        allowed = self.allowed[agent]
        if allowed is not None:
            broken += max(len(days) - allowed, 0)
        if problem.rules.joins_shifts:
            kept = [s for d, s in self.crew.starts[agent].items() if d not in self.days]
            broken += self.joined.broken(agent, [*kept, *days.values()], self.own.lengths)
        return int(broken)

    def better(self, agent: int) -> bool:
        """Make the change with somebody else that leaves the fewest rules broken, if fewer."""
        best: tuple[int, _Change] | None = None
        for change in islice(self._changes(agent), TRIED):
            if self.late():
                break
            saved = self._saved(agent, change)
            if saved is not None and (best is None or saved > best[0]):
                best = saved, change
                if self.broken[agent] == saved:
                    break
        if best is None:
            return False
        self._make(agent, best[1])
        return True

    def walk(self) -> None:
        """Hand broken rules on: changes after which no more are broken, nothing soon given back."""
        draw = random.Random(self.week)
        given: dict[tuple[int, int], int] = {}
        for step in range(WALK * sum(self.broken.values())):
            hurt = [agent for agent, count in self.broken.items() if count]
            if not hurt or self.late():
                return
            agent = draw.choice(hurt)
            best: tuple[int, _Change] | None = None
            for change in islice(self._changes(agent, draw.randrange(len(self.has))), LOOKED_AT):
                other, give, take = change
                days = [(other, give)] if take is None else [(other, give), (agent, take)]
                if any(given.get(day, -TABU) > step - TABU for day in days):
                    continue
                saved = self._saved(agent, change, least=0)
                if saved is not None and (best is None or saved > best[0]):
                    best = saved, change
                    if saved == self.broken[agent]:
                        break
            if best is not None:
                other, give, take = best[1]
                given[agent, give] = step
                if take is not None:
                    given[other, take] = step
                self._make(agent, best[1])

    def _make(self, agent: int, change: _Change) -> None:
        """Make a change, in place."""
        for who, days in zip((agent, change[0]), self._after(agent, change), strict=True):
            own = self.crew.starts[who]
            kept = {d: s for d, s in own.items() if d not in self.days}
            own.clear()
            own.update(dict(sorted({**kept, **days}.items())))
            self.has[who], self.broken[who] = days, self.count(who, days)

    def _changes(self, agent: int, at: int | None = None) -> Iterator[_Change]:
        """Who else, a day to give, and one to take in return if any; a day both work is swapped.

        The others in their order, from the one after `at` on: by number, else the agent's own.
        """
        mine, agents = self.has[agent], list(self.has)
        at = agents.index(agent) if at is None else at
        for other in agents[at + 1 :] + agents[: at + 1]:
            if other == agent:
                continue
            theirs = self.has[other]
            for give in mine:
                if give in theirs:
                    if mine[give] != theirs[give]:
                        yield other, give, give
                else:
                    yield other, give, None
                    yield from ((other, give, day) for day in theirs if day not in mine)

    def _after(self, agent: int, change: _Change) -> tuple[Days, Days]:
        """What both have after a change."""
        other, give, take = change
        mine, theirs = dict(self.has[agent]), dict(self.has[other])
        begin = mine.pop(give)
        if take is not None:
            mine[take] = theirs.pop(take)
        theirs[give] = begin
        return mine, theirs

    def _saved(self, agent: int, change: _Change, least: int = 1) -> int | None:
        """Broken rules that a change saves; None if under the least or nothing for the agent."""
        mine, theirs = self._after(agent, change)
        saved = self.broken[agent] - self.count(agent, mine)
        if saved <= 0:
            return None
        saved += self.broken[change[0]] - self.count(change[0], theirs)
        return saved if saved >= least else None


def broken_weeks(crew: Crew, group: int, week: int) -> np.ndarray:
    """Rules that each agent's week breaks, in the order of the group, shape (agents,)."""
    return np.array(list(_Mend(crew, group, week, lambda: False).broken.values()))
