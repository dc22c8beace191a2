"""Agents work only on queues and campaigns that they have the skill for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import WORK, Roster, violation

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Skill:
    """Free staff of a skill set is split over its own queues; nobody counts twice."""

    name: str = "skill"
    unit: str = "skills"
    default: str = "as in the table of agents"
    source: str = "The table of agents and the skill each queue and campaign asks for."

    def constrain(self, build: Build) -> None:
        """Columns f: staff of a skill set on each of its queues."""
        time = np.arange(build.problem.intervals)
        for number, skill_set in enumerate(build.layout.skill_sets):
            everywhere = np.ones((len(skill_set.queues), len(time)), dtype=bool)
            f = build.block(
                "f",
                everywhere,
                skill_set.size,
                day=build.problem.day[time],
                at=time,
                skill_set=number,
            )
            build.columns.f.append(f)
            build.add(build.free[number][None, :], f, -1)

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Work without the skill, on nothing known, or of no known kind."""
        queues = {q: problem.queue_skills[q] for q in problem.queues}
        campaigns = {c.campaign: c.skill for c in problem.campaigns}
        found = []
        for shift in roster.shifts:
            skills = problem.agents[shift.agent].skills
            for piece in shift.pieces:
                if piece.activity not in WORK:
                    continue
                names = queues if piece.activity == "inbound" else campaigns
                if piece.queue not in names:
                    text = f"{piece.activity} work on {piece.queue!r}, which is not known."
                elif names[piece.queue] not in skills:
                    text = f"has no skill for {piece.queue}."
                else:
                    continue
                found.append(violation(problem, self.name, shift.agent, piece.start, text))
        return found
