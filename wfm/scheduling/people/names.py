"""Counts to people: shifts with breaks in turn, outbound to who fits, then weeks to agents."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.counts.stock import Stock
from wfm.scheduling.crew import CAMPAIGN, OFF, QUEUE, Crew
from wfm.scheduling.people.exchange import exchange_weeks
from wfm.scheduling.people.mend import mend_weeks
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.people.weeks import name_week
from wfm.scheduling.problem import Begin

ENDLESS_S, FAIR = 3600.0, 3
"""Where nobody waits; of the time left, the part that one group's week may take."""
Shift = tuple[Begin, np.ndarray]
"""When it starts, its kind and what is done in each interval, see `Crew.plan`."""


def name_counts(
    matrix: Matrix,
    values: np.ndarray,
    best: Crew | None = None,
    *,
    kept: bool = False,
    seconds: float = ENDLESS_S,
    late: Callable[[], bool] = lambda: False,
) -> Crew:
    """Give whole counts to named agents.

    Parameters
    ----------
    matrix
        Of the whole problem.
    values
        Whole values of all columns.
    best, kept
        A crew whose bands and days of work stay as they are, or do if time is too short.
    seconds
        Wall limit of the search for who works when, where people of a class differ.
    late
        Says when no more weeks and days change hands.

    Returns
    -------
    Crew
        Every count on somebody. Where people of a class differ, a few shifts can begin at another
        time than counted. Weeks in which a rule is broken are left for repair.
    """
    layout = matrix.layout
    named, began = Crew(layout), time.monotonic()
    for week in range(layout.problem.weeks):
        for number in range(len(layout.groups)):
            left = max(seconds - (time.monotonic() - began), 0.0) / FAIR
            name_week(matrix, values, named, number, week, left, best, kept=kept, late=late)
    if layout.problem.weeks > 1:
        weeks = list(range(layout.problem.weeks))
        for week in [*reversed(weeks), *weeks]:
            for number in range(len(layout.groups)):
                exchange_weeks(named, number, week)
                mend_weeks(named, number, week, late)
    crew = Crew(layout)
    missing = []
    for group, shifts in zip(layout.groups, _shifts(matrix, values), strict=True):
        stock: dict[Begin, list[np.ndarray]] = {}
        for begin, codes in shifts:
            stock.setdefault(begin, []).append(codes)
        for agent in group.agents.tolist():
            for begin in named.starts[agent].values():
                if stock.get(begin):
                    crew.put(agent, begin, stock[begin].pop(0))
                else:
                    missing.append((agent, begin))
    tours = Tours(crew)
    for agent, begin in missing:
        crew.put(agent, begin, tours.codes(agent, begin, *tours.prices(agent)))
    return crew


def _shifts(matrix: Matrix, values: np.ndarray) -> list[list[Shift]]:
    """By group: the shifts that some counts say, in the order of their starts."""
    layout = matrix.layout
    options = [
        np.repeat(np.arange(len(y)), np.round(values[y]).astype(int)) for y in matrix.columns.y
    ]
    plans = []
    for group, own in zip(layout.groups, options, strict=True):
        plan = np.full((len(own), layout.axis), OFF, dtype=np.int16)
        for row, option in enumerate(own):
            plan[row, group.starts[option] : group.ends[option]] = QUEUE
        plans.append(plan)
    for stock in matrix.columns.stocks:
        _take_breaks(matrix, values, stock, options, plans)
    for number in range(len(layout.skill_sets)):
        members = [i for i, group in enumerate(layout.groups) if group.skill_set == number]
        plan = _share_work(matrix, values, number, np.concatenate([plans[i] for i in members]))
        ends = np.cumsum([len(plans[i]) for i in members])[:-1]
        for i, part in zip(members, np.split(plan, ends), strict=True):
            plans[i] = part
    return [
        [
            (group.options[i], plan[row, group.starts[i] : group.ends[i]].copy())
            for row, i in enumerate(own.tolist())
        ]
        for group, own, plan in zip(layout.groups, options, plans, strict=True)
    ]


def _take_breaks(
    matrix: Matrix,
    values: np.ndarray,
    stock: Stock,
    options: list[np.ndarray],
    plans: list[np.ndarray],
) -> None:
    """The r-th window to open takes the r-th break of a stock."""
    due = []
    for number, i in stock.breaks:
        group = matrix.layout.groups[number]
        rows = np.flatnonzero(group.kind[options[number]] == group.pause_kind[i])
        opens = group.starts[options[number][rows]] + group.pauses[i][1]
        due += [(at, number, row, i) for at, row in zip(opens.tolist(), rows.tolist(), strict=True)]
    due.sort()
    at = np.flatnonzero(stock.k >= 0)
    begun = np.repeat(at, np.round(values[stock.k[at]]).astype(int)).tolist()
    if len(begun) != len(due):
        begun = [opens for opens, *_ in due]
    for (_, number, row, i), begin in zip(due, begun, strict=True):
        plans[number][row, begin : begin + stock.length] = i


def _share_work(matrix: Matrix, values: np.ndarray, number: int, plan: np.ndarray) -> np.ndarray:
    """Outbound blocks and queues of a skill set to its shifts, interval by interval."""
    layout, columns = matrix.layout, matrix.columns
    skill_set, problem = layout.skill_sets[number], layout.problem
    working = plan >= QUEUE
    run = np.zeros(plan.shape, dtype=int)
    for t in range(plan.shape[1] - 1, -1, -1):
        after = run[:, t + 1] if t + 1 < plan.shape[1] else 0
        run[:, t] = np.where(working[:, t], after + 1, 0)
    until = np.zeros(len(plan), dtype=int)
    last = np.full(len(plan), OFF)
    queue_codes = [QUEUE + q for q in skill_set.queues]
    for t in range(plan.shape[1]):
        here = working[:, t]
        if not here.any():
            continue
        idle = here & (until <= t)
        if t < problem.intervals:
            for campaign, length in _blocks_at(matrix, values, number, t):
                fits = np.flatnonzero(idle & (run[:, t] >= length))
                if not len(fits):
                    continue
                code = CAMPAIGN + campaign
                chosen = fits[np.lexsort((run[fits, t], last[fits] != code))[0]]
                plan[chosen, t : t + length] = code
                until[chosen], idle[chosen] = t + length, False
            quota = np.round(values[columns.f[number][:, t]]).astype(int)
        else:
            quota = np.zeros(len(queue_codes), dtype=int)
        left = np.flatnonzero(idle)
        plan[left, t] = _split(last[left], queue_codes, quota)
        last[here] = plan[here, t]
        last[~here] = OFF
    return plan


def _blocks_at(matrix: Matrix, values: np.ndarray, number: int, t: int) -> list[tuple[int, int]]:
    """Outbound blocks (campaign, length) that begin at an interval, the longest first."""
    least = matrix.layout.problem.block
    found: list[tuple[int, int]] = []
    for campaign, o in matrix.columns.o[number].items():
        for row in range(len(o) - 1, -1, -1):
            if o[row, t] >= 0:
                found += [(campaign, least + row)] * round(values[o[row, t]])
    return sorted(found, key=lambda block: -block[1])


def _split(before: np.ndarray, codes: list[int], quota: np.ndarray) -> np.ndarray:
    """Queue codes for idle agents: who was on a queue stays while it needs anybody."""
    result = np.full(len(before), OFF)
    left = quota.copy()
    for i, code in enumerate(codes):
        stay = np.flatnonzero((before == code) & (result == OFF))[: left[i]]
        result[stay] = code
        left[i] -= len(stay)
    rest = np.flatnonzero(result == OFF)
    wanted = np.repeat(codes, np.maximum(left, 0))
    given = min(len(rest), len(wanted))
    result[rest[:given]] = wanted[:given]
    for i in rest[given:]:
        result[i] = before[i] if before[i] in codes else codes[0]
    return result
