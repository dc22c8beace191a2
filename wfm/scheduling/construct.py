"""A first legal schedule in a moment, and the polish of any schedule, agent by agent."""

from __future__ import annotations

from wfm.core.errors import InfeasibleError
from wfm.scheduling.clock import Clock
from wfm.scheduling.crew import Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.problem import Problem
from wfm.scheduling.tours import Tours, place_outbound

ROUNDS = 4


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
    InfeasibleError
        If an agent has no legal week.
    """
    crew = Crew(make_layout(problem))
    tours = Tours(crew)
    for week in range(problem.weeks):
        for agent in range(len(problem.agents)):
            if not tours.rebuild(agent, week):
                _refuse(problem, agent, week)
            if clock is not None:
                clock.tick()
    for agent in range(len(problem.agents)):
        for start in list(crew.starts[agent].values()):
            place_outbound(crew, agent, start)
    if clock is not None:
        clock.better(crew.cost() * problem.scale)
    return crew


def _refuse(problem: Problem, agent: int, week: int) -> None:
    who, fewest = problem.agents[agent], problem.limits(agent, week)[0]
    first = problem.grid[problem.first_interval[problem.days_of(week)[0]]].date()
    message = (
        f"agent {who.agent!r}: no week from {first} keeps {fewest} shifts of contract "
        f"{who.contract!r}, the rest of {problem.rules.rest_min} min and the start band together. "
        "Ask fewer days, widen the starts or shorten the rest."
    )
    raise InfeasibleError(message)


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
