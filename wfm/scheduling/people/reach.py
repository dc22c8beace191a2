"""Campaigns that are all but done are brought to what counts as done, and end at their target."""

from __future__ import annotations

import math

import numpy as np

from wfm.scheduling.crew import CAMPAIGN, QUEUE, Crew
from wfm.scheduling.roster import stretches

REACHED, NEAR = 0.98, 0.95
"""Share of a campaign's target that counts as done, and from which it is worth an agent missing."""


def reach_targets(crew: Crew) -> bool:
    """Bring each campaign that is within 5 % of its target to 98 % of it, in place.

    The costs alone would leave its last hours undone wherever each takes an agent from a queue that
    then misses one. Whoever is on a queue does them where that costs least: beside an hour on the
    same campaign, or in a block of the least length. Where a queue would miss more than the first,
    cheapest agents, the campaign stays as it was.

    Parameters
    ----------
    crew
        Everybody on the queue they serve; starts, breaks and all other work stay.

    Returns
    -------
    bool
        Whether anybody's work changed.
    """
    changed = False
    for campaign, target in enumerate(crew.problem.targets.tolist()):
        wanted = math.ceil(REACHED * target)
        added: list[tuple[int, int, np.ndarray]] = []
        if crew.placed[campaign] < NEAR * target:
            continue
        while crew.placed[campaign] < wanted:
            found = _cheapest(crew, campaign)
            if found is None:
                break
            agent, first, length = found
            added.append((agent, first, crew.plan[agent, first : first + length].copy()))
            crew.recode(agent, first, np.full(length, CAMPAIGN + campaign, dtype=np.int16))
        if crew.placed[campaign] < wanted:
            for agent, first, codes in reversed(added):
                crew.recode(agent, first, codes)
        else:
            changed |= bool(added)
    return changed


def end_at_targets(crew: Crew) -> bool:
    """Put what is placed beyond a target back on the queues, in place.

    Ends of long blocks go first, and whole blocks where the excess is as long: on a queue they cost
    no more than beyond the target. What is left is shorter than a block.

    Parameters
    ----------
    crew
        Everybody on the queue they serve; starts, breaks and all other work stay.

    Returns
    -------
    bool
        Whether anybody's work changed.
    """
    changed = False
    for campaign, target in enumerate(crew.problem.targets.tolist()):
        while (excess := int(crew.placed[campaign] - target)) > 0:
            found = _least_missed(crew, campaign, excess)
            if found is None:
                break
            agent, first, length = found
            queues = np.array(crew.problem.queues_of(agent))
            adding = crew.adding()[queues, first : first + length]
            codes = (QUEUE + queues[adding.argmin(axis=0)]).astype(np.int16)
            crew.recode(agent, first, codes)
            changed = True
    return changed


def _least_missed(crew: Crew, campaign: int, excess: int) -> tuple[int, int, int] | None:
    """Agent, first interval and length of the stretch that helps a queue most, or costs least."""
    problem, adding = crew.problem, crew.adding()
    here = crew.plan[:, : problem.intervals] == CAMPAIGN + campaign
    best: tuple[float, int, int, int] | None = None
    for agent in np.flatnonzero(here.any(axis=1)).tolist():
        price = adding[list(problem.queues_of(agent))].min(axis=0)
        for first, length in stretches(here[agent]):
            if length > problem.block:
                cuts = [(first, 1), (first + length - 1, 1)]
            else:
                cuts = [(first, length)] if length <= excess else []
            for at, cut in cuts:
                cost = float(price[at : at + cut].mean())
                if best is None or cost < best[0]:
                    best = cost, agent, at, cut
    return None if best is None else best[1:]


def _cheapest(crew: Crew, campaign: int) -> tuple[int, int, int] | None:
    """Agent, first interval and length of the stretch that costs least for each interval."""
    problem, block = crew.problem, crew.problem.block
    codes = crew.plan[:, : problem.intervals]
    on_queue = (codes >= QUEUE) & (codes < CAMPAIGN)
    loss = crew.removing()[np.where(on_queue, codes - QUEUE, 0), np.arange(problem.intervals)]
    may = on_queue & problem.permitted[campaign] & (loss <= problem.weights.under[0])
    able = [campaign in problem.campaigns_of(agent) for agent in range(len(codes))]
    may &= np.array(able)[:, None]
    loss = np.where(may, loss, np.inf)
    beside = np.zeros_like(may)
    here = codes == CAMPAIGN + campaign
    beside[:, 1:] |= here[:, :-1]
    beside[:, :-1] |= here[:, 1:]
    spare = crew.spare(campaign)
    alone = np.where(beside & (spare >= 1), loss, np.inf)
    blocks = _of_blocks(np.where(spare >= block, loss, np.inf), block)
    best: tuple[float, int, int, int] | None = None
    for length, each in ((1, alone), (block, blocks)):
        if not each.size:
            continue
        agent, first = np.unravel_index(int(np.argmin(each)), each.shape)
        found = float(each[agent, first]), int(agent), int(first), length
        if np.isfinite(found[0]) and (best is None or found[0] < best[0]):
            best = found
    return None if best is None else best[1:]


def _of_blocks(loss: np.ndarray, block: int) -> np.ndarray:
    """Mean of each stretch of a length, shape (agents, intervals - length + 1).

    >>> _of_blocks(np.array([[1.0, 3.0, np.inf]]), 2)
    array([[ 2., inf]])
    """
    if loss.shape[1] < block:
        return np.zeros((len(loss), 0))
    return np.asarray(np.lib.stride_tricks.sliding_window_view(loss, block, axis=1).mean(axis=2))
