"""A problem whose people and queues fall apart is solved part by part; costs and bounds add up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wfm.scheduling.crew import CAMPAIGN, QUEUE, Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.pool import pool_queues
from wfm.scheduling.problem import Problem


@dataclass(frozen=True, eq=False)
class Part:
    """Agents that share no queue and no campaign with anybody else, and their work.

    `agents` and `campaigns` are numbers in the whole problem, `pools` the queues, also by number,
    that each queue of the part stands for.
    """

    problem: Problem
    agents: np.ndarray
    pools: list[list[int]]
    campaigns: np.ndarray


def split_problem(problem: Problem) -> list[Part]:
    """The independent parts of a problem with their queues pooled, the smallest first.

    Parameters
    ----------
    problem
        As asked.

    Returns
    -------
    list of Part
        Together everybody who can start a shift, and everything; work that nobody can do goes with
        the last part.
    """
    pooled, pools = pool_queues(problem)
    work = [
        {("q", q) for q in pooled.queues_of(a)}
        | {("c", c) for c in pooled.campaigns_of(a)}
        | {("l", n) for n in np.flatnonzero(pooled.limit_members[:, a]).tolist()}
        | {("b", n) for n in np.flatnonzero(pooled.break_teams[:, a]).tolist()}
        for a in range(len(pooled.agents))
    ]
    joined: list[tuple[list[int], set[tuple[str, int]]]] = []
    for agent, own in enumerate(work):
        if not len(pooled.starts_of(agent)):
            continue
        members, done = [agent], set(own)
        apart = []
        for part in joined:
            if part[1] & done:
                members, done = part[0] + members, done | part[1]
            else:
                apart.append(part)
        joined = [*apart, (members, done)]
    joined.sort(key=lambda part: len(part[0]))
    known = set[tuple[str, int]]().union(*(done for _, done in joined))
    every = {("q", q) for q in range(len(pooled.queues))}
    every |= {("c", c) for c in range(len(pooled.campaigns))}
    joined[-1][1].update(every - known)
    return [_part(pooled, pools, sorted(members), done) for members, done in joined]


def _part(
    pooled: Problem, pools: list[list[int]], agents: list[int], work: set[tuple[str, int]]
) -> Part:
    queues = sorted(number for kind, number in work if kind == "q")
    campaigns = sorted(number for kind, number in work if kind == "c")
    problem = replace(
        pooled,
        agents=tuple(pooled.agents[a] for a in agents),
        queues=tuple(pooled.queues[q] for q in queues),
        required=pooled.required[queues],
        pooled_widths=pooled.widths[:, queues],
        campaigns=tuple(pooled.campaigns[c] for c in campaigns),
        permitted=pooled.permitted[campaigns],
        staff_limits=tuple(pooled.staff_limits[n] for kind, n in sorted(work) if kind == "l"),
    )
    own = [pools[q] for q in queues]
    return Part(problem, np.array(agents), own, np.array(campaigns, dtype=int))


def join_parts(problem: Problem, parts: list[Part], crews: list[Crew]) -> Crew:
    """One crew of the whole problem; pooled queues stand on the first of their pool.

    Parameters
    ----------
    problem
        As asked.
    parts, crews
        Its parts and a crew of each.
    """
    whole = Crew(make_layout(problem))
    for part, crew in zip(parts, crews, strict=True):
        queues = np.array([pool[0] for pool in part.pools])
        for number, agent in enumerate(part.agents.tolist()):
            for begin in crew.starts[number].values():
                codes = crew.plan[number, crew.span(number, begin)].copy()
                outbound = codes >= CAMPAIGN
                inbound = (codes >= QUEUE) & ~outbound
                codes[inbound] = QUEUE + queues[codes[inbound] - QUEUE]
                codes[outbound] = CAMPAIGN + part.campaigns[codes[outbound] - CAMPAIGN]
                whole.put(agent, begin, codes)
    return whole
