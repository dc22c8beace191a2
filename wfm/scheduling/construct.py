"""A first legal schedule in a moment, and the polish of any schedule, agent by agent."""

from __future__ import annotations

from dataclasses import replace

from wfm.core.errors import InfeasibleError
from wfm.scheduling.clock import Clock
from wfm.scheduling.crew import Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.problem import Problem
from wfm.scheduling.tours import Tours, place_outbound

ROUNDS = 4


class NoWeekError(InfeasibleError):
    """An agent has no legal week.

    Parameters
    ----------
    problem
        What was to be scheduled.
    agent, week
        Whose week, by number.
    """

    def __init__(self, problem: Problem, agent: int, week: int) -> None:
        who = problem.agents[agent]
        self.agent, self.week = who.agent, week
        self.fewest = problem.limits(agent, week)[0]
        first = problem.grid[problem.first_interval[problem.days_of(week)[0]]].date()
        super().__init__(
            f"agent {who.agent!r}: no week from {first} keeps {self.fewest} shifts of contract "
            f"{who.contract!r}, the rest of {problem.rules.rest_min} min and the start band "
            "together. Ask fewer days, widen the starts or shorten the rest."
        )


def nearest_crew(problem: Problem, clock: Clock) -> tuple[Problem, Crew, list[NoWeekError]]:
    """A first schedule, where need be with fewer days of the agents that have no legal week.

    Parameters
    ----------
    problem, clock
        As for `first_crew`.

    Returns
    -------
    Problem
        The same, or with days eased one by one as far as is needed (`Problem.eased`).
    Crew
        Legal for it.
    list of NoWeekError
        What gave way, the first refusal of each agent and week.
    """
    clashes: list[NoWeekError] = []
    while True:
        try:
            return problem, first_crew(problem, clock), clashes
        except NoWeekError as clash:
            if clash.fewest == 0:
                raise
            key = clash.agent, clash.week
            if key not in problem.eased:
                clashes.append(clash)
            problem = replace(problem, eased={**problem.eased, key: clash.fewest - 1})


def first_crew(problem: Problem, clock: Clock | None = None) -> Crew:
    """A crude legal schedule: agent by agent the cheapest week around those before.

    Parameters
    ----------
    problem
        What to schedule.
    clock
        Is told the cost.

    Raises
    ------
    NoWeekError
        If an agent has no legal week.
    """
    crew = Crew(make_layout(problem))
    tours = Tours(crew)
    for week in range(problem.weeks):
        for agent in range(len(problem.agents)):
            if not tours.rebuild(agent, week):
                raise NoWeekError(problem, agent, week)
            if clock is not None:
                clock.tick()
    for agent in range(len(problem.agents)):
        for start in list(crew.starts[agent].values()):
            place_outbound(crew, agent, start)
    if clock is not None:
        clock.better(crew.cost() * problem.scale)
    return crew


def polish(crew: Crew, clock: Clock, reserve: float) -> Crew:
    """Replace weeks of single agents while that saves something and time allows."""
    tours, problem = Tours(crew), crew.problem
    for _ in range(ROUNDS):
        saved = False
        for week in range(problem.weeks):
            for agent in range(len(problem.agents)):
                if clock.cancelled or clock.left < reserve:
                    return crew
                saved |= tours.improve(agent, week)
                clock.tick()
        if not saved:
            break
    return crew
