"""With whom an agent may swap a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from wfm.core.types import Violation
from wfm.scheduling.check import check
from wfm.scheduling.crew import CAMPAIGN, MEETING_CODE, QUEUE, Crew
from wfm.scheduling.finished.explain import crew_of
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.problem import Begin, Problem
from wfm.scheduling.roster import Roster, read_roster
from wfm.scheduling.rules import RULES
from wfm.scheduling.rules.break_bunching import duty_and_breaks
from wfm.scheduling.rules.break_bunching import told as told_breaks
from wfm.scheduling.rules.meetings import Meetings
from wfm.scheduling.rules.staff_limits import heads_at_work, outside
from wfm.scheduling.rules.staff_limits import told as told_limits

COLUMNS = ["agent", "name", "team", "now", "legal", "why", "cost", "under_h"]
TOGETHER = ("staff_limits", "break_bunching", "meetings")
"""Rules on several people at once."""


def swap_partners(problem: Problem, frame: pd.DataFrame, agent: int, day: date) -> pd.DataFrame:
    """With whom an agent may swap a day, what that changes, and why others may not.

    Parameters
    ----------
    problem, frame
        The schedule as it is.
    agent, day
        Whose day.

    Returns
    -------
    pandas.DataFrame
        `agent name team now legal why cost under_h`: what each has that day, whether the swap
        breaks nothing that was kept before and else what, and what it changes [cost units, agent
        hours missing]; legal ones first, then the cheapest.
    """
    crew, number = crew_of(problem, frame), (day - problem.first_day).days
    shared = _Shared(crew, frame)
    known = {str(v) for v in check(problem, frame)}
    cost, missing = crew.cost(), _missing(crew)
    found = []
    for other, who in enumerate(problem.agents):
        theirs = crew.starts[other].get(number)
        if other == agent or (theirs is None and number not in crew.starts[agent]):
            continue
        swapped = swap(crew, agent, other, number)
        wrong = [v for v in _own(swapped, agent, other) if str(v) not in known]
        wrong = wrong or shared.broken(swapped, agent, other, known)
        found.append(
            {
                "agent": who.agent,
                "name": who.name,
                "team": who.team,
                "now": "off" if theirs is None else problem.stamp(theirs.start)[-5:],
                "legal": not wrong,
                "why": str(wrong[0]) if wrong else "",
                "cost": (swapped.cost() - cost) * problem.scale,
                "under_h": (_missing(swapped) - missing) * problem.interval_min / 60,
            }
        )
    table = pd.DataFrame(found, columns=COLUMNS)
    return table.sort_values(["legal", "cost"], ascending=[False, True], ignore_index=True)


def _own(crew: Crew, agent: int, other: int) -> list[Violation]:
    """What two agents break by themselves, whatever the others do."""
    pair = (agent, other)
    alone = replace(crew.problem, agents=tuple(crew.problem.agents[a] for a in pair))
    shifts = [replace(s, agent=n) for n, a in enumerate(pair) for s in crew.shifts(a)]
    roster = Roster(tuple(shifts), ())
    rules = [rule for rule in RULES if rule.name not in TOGETHER]
    return [v for rule in rules for v in rule.violations(alone, roster)]


class _Shared:
    """Rules on several people together, judged beside a schedule by what a swap changes in it."""

    def __init__(self, crew: Crew, frame: pd.DataFrame) -> None:
        self.crew, self.problem = crew, crew.problem
        self.roster = read_roster(crew.problem, frame)
        limits = range(len(self.problem.staff_limits))
        self.heads = [heads_at_work(self.problem, n, self.roster) for n in limits]
        self.duty, self.breaks = duty_and_breaks(self.problem, self.roster)

    def broken(self, swapped: Crew, agent: int, other: int, known: set[str]) -> list[Violation]:
        """What a swap breaks that was kept before, or breaks more than before."""
        problem, found = self.problem, []
        for n, heads in enumerate(self.heads):
            now = heads + swapped.present[n] - self.crew.present[n]
            pairs = zip(outside(problem, n, heads), outside(problem, n, now), strict=True)
            few, many = (np.where(after > before, after, 0) for before, after in pairs)
            found += told_limits(problem, n, (few, many))
        duty = self.duty + swapped.duty - self.crew.duty
        breaks = self.breaks + swapped.breaks - self.crew.breaks
        before, after = (
            np.maximum(b - problem.breaks_allowed(d), 0)
            for d, b in ((self.duty, self.breaks), (duty, breaks))
        )
        found += told_breaks(problem, np.where(after > before, after, 0))
        return found + self._meetings(swapped, agent, other, known)

    def _meetings(self, swapped: Crew, agent: int, other: int, known: set[str]) -> list[Violation]:
        pair = [agent, other]
        old, new = (np.maximum(c.plan[pair], MEETING_CODE - 1) for c in (self.crew, swapped))
        if (old == new).all():
            return []
        taken = [shift for a in pair for shift in swapped.shifts(a)]
        kept = [s for s in self.roster.shifts if s.agent not in pair]
        found = Meetings().violations(self.problem, Roster((*kept, *taken), ()))
        return [v for v in found if str(v) not in known]


def swap(crew: Crew, agent: int, other: int, day: int) -> Crew:
    """A crew in which two agents have changed their days; shifts keep their work where they can."""
    after = crew.copy()
    given = {
        taker: after.drop(giver, day)
        for giver, taker in ((agent, other), (other, agent))
        if day in after.starts[giver]
    }
    for taker, (begin, codes) in given.items():
        giver = agent if taker == other else other
        problem = crew.problem
        same = problem.agents[giver].contract == problem.agents[taker].contract
        able = {QUEUE + q for q in problem.queues_of(taker)}
        able |= {CAMPAIGN + c for c in problem.campaigns_of(taker)}
        invited = problem.agents[taker].agent
        able |= {MEETING_CODE + n for n, m in enumerate(problem.meetings) if invited in m.agents}
        if not same or not set(codes[codes >= QUEUE].tolist()) <= able:
            tours = Tours(after)
            begin = begin if same else _nearest(problem, taker, begin, len(codes))
            codes = tours.codes(taker, begin, *tours.prices(taker))
        after.put(taker, begin, codes)
    return after


def _nearest(problem: Problem, agent: int, begin: Begin, length: int) -> Begin:
    """A shift of the agent's own contract at the same time, as long as that allows."""
    kinds = problem.contract_of(agent).shifts
    apart = [abs(problem.count(kind.shift_min) - length) for kind in kinds]
    return Begin(begin.start, apart.index(min(apart)))


def _missing(crew: Crew) -> float:
    """Agent-intervals that are short."""
    return float(np.maximum(crew.problem.required - crew.staff, 0).sum())
