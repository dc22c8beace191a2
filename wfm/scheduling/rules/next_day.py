"""After a late end the next day starts late, or is a day off."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.opening import clock_text
from wfm.core.types import Violation
from wfm.scheduling.counts.follow import NEVER, Follow, state_after, state_pairs
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation
from wfm.scheduling.settings import Rules
from wfm.scheduling.spells import Spell, own_spells, same_days

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class NextDay:
    """After a shift that ends later than `late_end_min`, none on the next day before another time.

    Both are times of the agent's clock; an end past midnight is later than any time of the day on
    which the shift began. In counts: people with a late end and people with an early start on the
    next day are different people, as far as their days begin when the plan's do.
    """

    name: str = "next_day"
    unit: str = "min after midnight"
    default: str = "no rule"
    source: str = (
        "A habit of the trade and of works agreements, for sleep beyond the daily rest; not a "
        "legal limit."
    )

    def constrain(self, build: Build) -> None:
        """Late ends and early starts of the next day fit into the agents there are."""
        problem = build.problem
        late, early = problem.rules.late_end_min, problem.rules.start_after_late_min
        if late is None or early is None:
            return
        for number, group in enumerate(build.layout.groups):
            if not same_days(problem, group.agents[0], group.starts):
                continue
            times = problem.times[problem.agents[group.agents[0]].time_zone]
            starts, days = group.starts, group.start_day
            ends_late = times.ends(starts, starts + group.length) > late
            begins_early = times.clock[starts] < early
            last = {a: problem.past[a][-1] for a in group.agents.tolist() if problem.past[a]}
            tired = [a for a, one in last.items() if one.day == -1 and one.ends > late]
            first = np.flatnonzero(begins_early & (days == 0))
            state_after(build, number, 0, tired, first, NEVER)
            for day in range(problem.days - 1):
                today = np.flatnonzero(ends_late & (days == day))
                after = np.flatnonzero(begins_early & (days == day + 1))
                state_pairs(build, number, Follow(day, day + 1, today, after))

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Shifts that start too early after a late one."""
        rules, found = problem.rules, []
        if rules.late_end_min is None or rules.start_after_late_min is None:
            return []
        for agent, shifts in roster.by_agent().items():
            spells = own_spells(problem, agent, [(s.start, s.end) for s in shifts])
            for one, other in pairwise(spells):
                if other.start >= 0 and too_early(rules, one, other):
                    late = clock_text(rules.late_end_min)
                    early = clock_text(rules.start_after_late_min)
                    text = f"the day before ended later than {late}, so no start before {early}."
                    found.append(violation(problem, self.name, agent, other.start, text))
        return found


def too_early(rules: Rules, one: Spell, other: Spell) -> bool:
    """Whether a shift of the next day starts too early after a late end."""
    late, early = rules.late_end_min, rules.start_after_late_min
    if late is None or early is None:
        return False
    return other.day == one.day + 1 and one.ends > late and other.clock < early
