"""A first legal schedule in a moment, and the polish of any schedule, agent by agent."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from wfm.core.errors import InfeasibleError
from wfm.core.people import Contract
from wfm.scheduling.clock import Clock
from wfm.scheduling.crew import Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.people.alone import Alone, other_weekends, what_decides, work_alone
from wfm.scheduling.people.tours import Tours, place_outbound
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import violation

ROUNDS = 4
Known = dict[Hashable, Alone]
"""Weeks of single agents by what decides about them."""
JOINING: dict[str, dict[str, Any]] = {
    "weekly_rest": {"weekly_rest_min": None},
    "nights_per_week": {"max_nights_week": None},
    "nights_in_row": {"max_nights_in_row": None},
    "rest_after_nights": {"rest_after_nights_min": None},
    "next_day": {"late_end_min": None, "start_after_late_min": None},
    "hours_average": {"max_hours_average_week": None},
}
"""Rules that join several shifts of somebody, and what leaves each of them out."""


class NoWeekError(InfeasibleError):
    """An agent has no legal week.

    Parameters
    ----------
    problem
        What was to be scheduled.
    agent, week
        Whose week, by number.
    causes
        Rules of which each alone would leave a week if it gave way.
    proven
        Whether it is proven that there is none.
    """

    def __init__(
        self,
        problem: Problem,
        agent: int,
        week: int,
        causes: tuple[str, ...] = (),
        *,
        proven: bool = True,
    ) -> None:
        who, self.proven = problem.agents[agent], proven
        self.agent, self.week, self.causes = who.agent, week, causes
        self.fewest = problem.limits(agent, week)[0]
        self.number, self._case = agent, (problem, agent)
        first = problem.grid[problem.first_interval[problem.days_of(week)[0]]].date()
        if self.fewest:
            refused = (
                f"agent {who.agent!r}: no week from {first} keeps {self.fewest} shifts of contract "
                f"{who.contract!r}, the rest of {problem.rules.rest_min} min and the start band "
                "together. Ask fewer days, widen the starts or shorten the rest."
            )
        else:
            refused = (
                f"agent {who.agent!r}: no week from {first} keeps its locked shifts and every rule "
                "together. Drop a lock or ease a rule."
            )
        if causes:
            refused = f"{refused} One of these alone would do if it gave way: {', '.join(causes)}."
        at = int(problem.first_interval[problem.days_of(week)[0]])
        asked = violation(problem, "days_per_week", agent, at, f"{self.fewest} shifts do not fit.")
        text = "the days a week could be kept if this rule gave way."
        others = [violation(problem, rule, agent, at, text) for rule in causes]
        super().__init__(refused, violations=(asked, *others))

    def explained(self) -> NoWeekError:
        """The same with its causes, found by leaving out one rule after the other."""
        problem, agent = self._case
        alone = replace(problem, agents=(problem.agents[agent],), staff_limits=(), meetings=())
        causes = tuple(rule for rule, eased in _eased(alone) if _has_weeks(eased))
        return NoWeekError(problem, agent, self.week, causes, proven=self.proven)


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
    known: Known = {}
    while True:
        try:
            planned, crew = planned_crew(problem, clock, known)
            return planned, crew, [c.explained() for c in clashes[:1]] + clashes[1:]
        except NoWeekError as clash:
            if clash.fewest == 0:
                raise clash.explained() from clash
            key = clash.agent, clash.week
            if key not in problem.eased:
                clashes.append(clash)
            problem = replace(problem, eased={**problem.eased, key: clash.fewest - 1})


def planned_crew(
    problem: Problem, clock: Clock | None = None, known: Known | None = None
) -> tuple[Problem, Crew]:
    """A first schedule, with other free weekends of those whom the planned ones leave no week.

    Parameters
    ----------
    problem, clock, known
        As for `first_crew`.

    Returns
    -------
    Problem
        The same, or with such weekends.
    Crew
        Legal for it.

    Raises
    ------
    NoWeekError
        If an agent has no legal week.
    """
    known = {} if known is None else known
    while True:
        try:
            return problem, first_crew(problem, clock, known)
        except NoWeekError as clash:
            changed, proven = other_weekends(problem, clash.number)
            if changed is None:
                clash.proven &= proven
                raise
            problem = changed


def first_crew(problem: Problem, clock: Clock | None = None, known: Known | None = None) -> Crew:
    """A crude legal schedule: agent by agent the cheapest week around those before.

    Parameters
    ----------
    problem
        What to schedule.
    clock
        Is told the cost.
    known
        What has been found of single agents before; what is found is added.

    Raises
    ------
    NoWeekError
        If an agent has no legal week.
    """
    crew = Crew(make_layout(problem))
    tours = Tours(crew)
    done: set[int] = set()
    known = {} if known is None else known
    for week in range(problem.weeks):
        for agent in range(len(problem.agents)):
            if agent in done:
                continue
            if not tours.rebuild(agent, week) and not rebuild_around(tours, agent, week):
                _all_weeks(tours, agent, week, known)
                done.add(agent)
            if clock is not None:
                clock.tick()
    for agent in range(len(problem.agents)):
        for start in list(crew.starts[agent].values()):
            place_outbound(crew, agent, start)
    if clock is not None:
        clock.better(crew.cost() * problem.scale)
    return crew


def _all_weeks(tours: Tours, agent: int, week: int, known: Known) -> None:
    """Plan all weeks of an agent at once, where one after the other leaves none for a week."""
    crew, problem = tours.crew, tours.crew.problem
    if problem.weeks == 1:
        raise NoWeekError(problem, agent, week)
    key = what_decides(problem, agent)
    if key not in known:
        known[key] = work_alone(problem, agent)
    found = known[key]
    if found.begins is None:
        raise NoWeekError(problem, agent, week, proven=found.proven)
    for day in list(crew.starts[agent]):
        crew.drop(agent, day)
    price, code = tours.prices(agent)
    for begin in found.begins:
        crew.put(agent, begin, tours.codes(agent, begin, price, code))


def rebuild_around(tours: Tours, agent: int, week: int) -> bool:
    """Plan a week anew that the one before or after leaves no room for, then that one around it.

    Parameters
    ----------
    tours
        With the crew, which is changed.
    agent, week
        By number.

    Returns
    -------
    bool
        False, and nothing is changed, if neither neighbour can be settled so.
    """
    crew, problem = tours.crew, tours.crew.problem
    for other in (week - 1, week + 1):
        if not 0 <= other < problem.weeks:
            continue
        both = [d for d in sorted(crew.starts[agent]) if problem.week_of(d) in (week, other)]
        dropped = [crew.drop(agent, day) for day in both]
        if tours.rebuild(agent, week) and tours.rebuild(agent, other):
            return True
        for day in [d for d in crew.starts[agent] if problem.week_of(d) in (week, other)]:
            crew.drop(agent, day)
        for start, codes in dropped:
            crew.put(agent, start, codes)
    return False


def _has_weeks(problem: Problem) -> bool:
    """Whether everybody has a legal schedule alone."""
    try:
        planned_crew(problem)
    except NoWeekError:
        return False
    return True


def _eased(problem: Problem) -> Iterator[tuple[str, Problem]]:
    """One agent's problem with one rule after the other left out."""
    who, rules = problem.agents[0], problem.rules
    free = replace(problem, planned_off={})
    yield "absence", replace(problem, agents=(replace(who, absences=()),))
    yield "hours", replace(problem, agents=(replace(who, hours=None),))
    yield "locks", replace(problem, locks=())
    yield "rest", replace(problem, rules=replace(rules, rest_min=0))
    yield "band", replace(problem, rules=replace(rules, band_min=None))
    yield "hours_week", replace(problem, contracts=_any_hours(problem.contracts))
    yield "days_in_row", replace(problem, rules=replace(rules, max_days_in_row=None))
    yield "free_weekends", replace(free, rules=replace(rules, weekends_off_in=None))
    for rule, off in JOINING.items():
        if any(getattr(rules, name) is not None for name in off):
            yield rule, replace(problem, rules=replace(rules, **off))


def _any_hours(contracts: Mapping[str, Contract]) -> Mapping[str, Contract]:
    """Contracts without paid hours a week."""
    return {
        name: replace(contract, min_hours_week=None, max_hours_week=None)
        for name, contract in contracts.items()
    }


def polish(crew: Crew, clock: Clock, reserve: float, first: Collection[int] = ()) -> Crew:
    """Replace weeks of single agents while that saves something and time allows.

    Parameters
    ----------
    crew
        Is changed.
    clock, reserve
        Time is up when no more than the reserve is left.
    first
        Weeks to begin with, such as those in which somebody was planned anew.
    """
    tours, problem = Tours(crew), crew.problem
    weeks = sorted(range(problem.weeks), key=lambda week: week not in first)
    for _ in range(ROUNDS):
        saved = False
        for week in weeks:
            for agent in range(len(problem.agents)):
                if clock.cancelled or clock.left < reserve:
                    return crew
                saved |= tours.improve(agent, week)
                clock.tick()
        if not saved:
            break
    return crew
