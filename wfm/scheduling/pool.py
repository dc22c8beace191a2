"""Queues that the same people serve are planned as one: who of them takes what is settled later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wfm.scheduling.problem import Problem


def pool_queues(problem: Problem) -> tuple[Problem, list[list[int]]]:
    """Join the queues that exactly the same agents can serve.

    Staff of a pool can be split over its queues at will, so what is missing fills the cheapest
    steps of all of them first: the widths of the steps add up and nothing is lost.

    Parameters
    ----------
    problem
        As asked.

    Returns
    -------
    Problem
        With one queue a pool.
    list of list of int
        The queues of each pool, by number.
    """
    able: dict[tuple[int, ...], list[int]] = {}
    serves = [set(problem.queues_of(a)) for a in range(len(problem.agents))]
    for queue in range(len(problem.queues)):
        who = tuple(a for a, queues in enumerate(serves) if queue in queues)
        able.setdefault(who, []).append(queue)
    pools = list(able.values())
    if len(pools) == len(problem.queues):
        return problem, pools
    names = tuple(" + ".join(problem.queues[q] for q in pool) for pool in pools)
    pooled = replace(
        problem,
        queues=names,
        queue_skills={
            name: problem.queue_skills[problem.queues[pool[0]]]
            for name, pool in zip(names, pools, strict=True)
        },
        required=np.array([problem.required[pool].sum(axis=0) for pool in pools]),
        pooled_widths=np.stack([problem.widths[:, p].sum(axis=1) for p in pools], axis=1),
    )
    return pooled, pools
