"""Who serves which queue, interval by interval: cheapest, then best people first, few changes."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from wfm.core.people import LEVELS
from wfm.scheduling.crew import CAMPAIGN, OFF, QUEUE, Crew

PRIORITY, LEVEL, SWITCH = 40.0, 4.0, 1.0
"""Beside each other, where the cost is the same: an agent on a queue one step of priority lower, on
a skill one level lower, and a change of queue."""
ABOVE = 2
"""Slots above the requirement beside those that have somebody."""
NEVER = 1e6


def settle_queues(crew: Crew) -> None:
    """Put everybody who is inbound on a queue, in place: starts, breaks and outbound stay.

    Each interval is an assignment of the agents on duty to the queues' places, of which each is
    worth what it saves; a change of queue costs `Weights.switching`. Of the answers that cost the
    same the one is taken with the least sum of: `PRIORITY` for each agent and step of its queue's
    priority below 1, `LEVEL` for each step of its skill's level below 1, `SWITCH` for each change
    of queue. So spare people go to the queue of the highest priority, a queue has the people who
    serve it best, and neither ever costs coverage: all of it together weighs less than the least
    difference in cost (exactly so while costs are whole numbers).

    Parameters
    ----------
    crew
        Legal but for the queues; who has no skill for a queue it stands on is moved too.
    """
    problem = crew.problem
    if len(problem.queues) == 1:
        return
    able = np.zeros((len(problem.agents), len(problem.queues)), dtype=bool)
    for agent in range(len(problem.agents)):
        able[agent, list(problem.queues_of(agent))] = True
    last = np.full(len(problem.agents), OFF)
    price = problem.weights.switching / problem.scale
    bounds = np.cumsum(problem.widths, axis=0)[:2]
    for t in range(crew.layout.axis):
        codes = crew.plan[:, t]
        last[codes == OFF] = OFF
        here = np.flatnonzero((codes >= QUEUE) & (codes < CAMPAIGN))
        if not len(here):
            continue
        if t < problem.intervals:
            chosen = _assign(crew, here, able[here], last[here], t, bounds[:, :, t], price)
        else:
            kept = np.where(last[here] == OFF, able[here].argmax(axis=1), last[here])
            chosen = kept
        last[here] = chosen
        crew.plan[here, t] = QUEUE + chosen
    crew.recount()


def _assign(
    crew: Crew,
    here: np.ndarray,
    able: np.ndarray,
    last: np.ndarray,
    t: int,
    steps: np.ndarray,
    price: float,
) -> np.ndarray:
    """Queue of each agent on duty in one interval."""
    weights, required = crew.problem.weights, crew.problem.required[:, t]
    alike = (crew.problem.priorities == crew.problem.priorities[0]).all()
    above = 0 if alike else int(np.maximum(crew.staff[:, t] - required, 0).sum())
    rates = np.array(weights.under, dtype=float)
    queue, worth = [], []
    for q in range(len(required)):
        slots = min(
            int(able[:, q].sum()), max(int(required[q]), int(crew.staff[q, t])) + max(above, ABOVE)
        )
        short = required[q] - np.arange(slots)
        level = (short > steps[0, q]).astype(int) + (short > steps[1, q])
        queue.append(np.full(slots, q))
        worth.append(np.where(short > 0, rates[level], -weights.over))
    queues, gains = np.concatenate(queue), np.concatenate(worth)
    cost = np.where(able[:, queues], -gains, NEVER)
    moved = (last[:, None] != OFF) & (last[:, None] != queues)
    lower = PRIORITY * (crew.problem.priorities[queues] - 1)
    worse = lower + LEVEL * (crew.problem.levels[here][:, queues] - 1) + SWITCH * moved
    cost += price * moved + worse * _tie(crew, len(here))
    rows, columns = linear_sum_assignment(cost)
    stays = (last != OFF) & able[np.arange(len(here)), last]
    chosen = np.where(stays, last, np.argmax(able, axis=1))
    good = able[rows, queues[columns]]
    chosen[rows[good]] = queues[columns[good]]
    return np.asarray(chosen)


def _tie(crew: Crew, people: int) -> float:
    """Weight at which the second aim of some people stays below any difference in cost."""
    weights, scale = crew.problem.weights, crew.problem.scale
    rates = (*weights.under, weights.over, weights.switching / scale)
    least = min((rate for rate in rates if rate > 0), default=1.0)
    most = (PRIORITY + LEVEL) * (LEVELS - 1) + SWITCH
    return (1.0 if crew.problem.whole else least / 100) * min(least, 1.0) / (2 * people * most)


def switches(crew: Crew) -> int:
    """Changes of queue within shifts, breaks and outbound between not counting as one."""
    count = 0
    for agent, days in enumerate(crew.starts):
        for begin in days.values():
            codes = crew.plan[agent, crew.span(agent, begin)]
            inbound = codes[(codes >= QUEUE) & (codes < CAMPAIGN)]
            count += int((np.diff(inbound) != 0).sum())
    return count
