"""With whom an agent may swap a day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from wfm.scheduling.check import check
from wfm.scheduling.crew import CAMPAIGN, QUEUE, Crew
from wfm.scheduling.finished.explain import crew_of
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.problem import Begin, Problem

COLUMNS = ["agent", "name", "team", "now", "legal", "why", "cost", "under_h"]


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
        keeps every rule and else what it breaks, and what it changes [cost units, agent hours
        missing]; legal ones first, then the cheapest.
    """
    crew, number = crew_of(problem, frame), (day - problem.first_day).days
    known = {str(v) for v in check(problem, frame)}
    cost, missing = crew.cost(), _missing(crew)
    found = []
    for other, who in enumerate(problem.agents):
        theirs = crew.starts[other].get(number)
        if other == agent or (theirs is None and number not in crew.starts[agent]):
            continue
        swapped = swap(crew, agent, other, number)
        pair = swapped.frame()
        pair = pair[pair["agent"].isin([problem.agents[agent].agent, who.agent])]
        names = {problem.agents[agent].agent, who.agent}
        wrong = [v for v in check(problem, pair) if v.agent in names and str(v) not in known]
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
