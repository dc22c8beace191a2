"""Shifts lie inside the hours in which an agent can work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import Roster, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Hours:
    """`Agent.hours`, weekly and local: the whole shift, breaks included."""

    name: str = "hours"
    unit: str = "weekly hours"
    default: str = "any"
    source: str = "The table of agents."

    def constrain(self, build: Build) -> None:
        """Nothing to add: agents of other hours are groups of their own, with their own starts."""

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Shifts that begin or end outside."""
        found = []
        for agent, shifts in roster.by_agent().items():
            hours = problem.agents[agent].hours
            if hours is None:
                continue
            inside = hours.open_at(problem.grid_of(problem.agents[agent].time_zone))
            for shift in shifts:
                if not inside[max(shift.start, 0) : shift.end].all():
                    text = "the shift lies outside the hours in which the agent can work."
                    found.append(violation(problem, self.name, agent, shift.start, text))
        return found
