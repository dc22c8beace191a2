"""Who serves which queue, interval by interval: cheapest, then with the fewest changes of queue."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from wfm.scheduling.crew import CAMPAIGN, OFF, QUEUE, Crew

TIE = 1e-3
"""Price of a change of queue that costs nothing else."""
ABOVE = 2
"""Slots above the requirement beside those that have somebody."""
NEVER = 1e6


def settle_queues(crew: Crew) -> None:
    """Put everybody who is inbound on a queue, in place: starts, breaks and outbound stay.

    Each interval is an assignment of the agents on duty to the queues' places, of which each is
    worth what it saves; a change of queue costs `Weights.switching`, and of equal answers the one
    with the fewest changes is taken. The cost never rises while changes are free.

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
    price = max(problem.weights.switching / problem.scale, TIE)
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
    rates = np.array(weights.under, dtype=float)
    queue, worth = [], []
    for q in range(len(required)):
        slots = min(int(able[:, q].sum()), max(int(required[q]), int(crew.staff[q, t])) + ABOVE)
        short = required[q] - np.arange(slots)
        level = (short > steps[0, q]).astype(int) + (short > steps[1, q])
        queue.append(np.full(slots, q))
        worth.append(np.where(short > 0, rates[level], -weights.over))
    queues, gains = np.concatenate(queue), np.concatenate(worth)
    cost = np.where(able[:, queues], -gains, NEVER)
    cost += price * ((last[:, None] != OFF) & (last[:, None] != queues))
    rows, columns = linear_sum_assignment(cost)
    stays = (last != OFF) & able[np.arange(len(here)), last]
    chosen = np.where(stays, last, np.argmax(able, axis=1))
    good = able[rows, queues[columns]]
    chosen[rows[good]] = queues[columns[good]]
    return np.asarray(chosen)


def switches(crew: Crew) -> int:
    """Changes of queue within shifts, breaks and outbound between not counting as one."""
    count = 0
    for agent, days in enumerate(crew.starts):
        length = crew.layout.groups[crew.group_of[agent]].length
        for start in days.values():
            codes = crew.plan[agent, start : start + length]
            inbound = codes[(codes >= QUEUE) & (codes < CAMPAIGN)]
            count += int((np.diff(inbound) != 0).sum())
    return count
