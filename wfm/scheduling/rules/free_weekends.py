"""One weekend in so many is free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, day_at, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class FreeWeekends:
    """`Rules.weekends_off_in`: of so many weekends in a row one has no start on it.

    A shift that runs into Saturday does not count. Whose weekends before were all worked has the
    first one off; which later ones are free is planned ahead (`weekends.plan_weekends`).
    """

    name: str = "free_weekends"
    unit: str = "weekends"
    default: str = "no rule"
    source: str = "A habit of the trade and of many works agreements, not a legal limit."

    def constrain(self, build: Build) -> None:
        """Nothing to add: days on which an agent starts nothing are closed to its class."""

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Weekends worked though all of those before were too."""
        every = problem.rules.weekends_off_in
        found: list[Violation] = []
        if every is None:
            return found
        for agent, shifts in roster.by_agent().items():
            worked = {day_at(problem, shift.start): shift.start for shift in shifts}
            past, begun = problem.weekends_past(agent)
            row = list(past)
            for days in problem.weekends[begun:]:
                here = [worked[day] for day in days if day in worked]
                row.append(bool(here))
                if len(row) >= every and all(row[-every:]):
                    text = f"works {every} weekends in a row; one of them has to be free."
                    found.append(violation(problem, self.name, agent, here[0], text))
        return found
