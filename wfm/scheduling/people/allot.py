"""Which kind of shift everybody of a group works on each day of a week, as some counts say."""

from __future__ import annotations

from collections import Counter

import numpy as np

from wfm.scheduling.counts.build import Matrix
from wfm.scheduling.people.appoint import Post


def allot_kinds(
    matrix: Matrix, values: np.ndarray, group: int, week: int, posts: dict[int, Post]
) -> dict[tuple[int, int], int]:
    """Kinds of shift to people, so that the paid hours of those on one band are alike.

    Day by day the longest shifts of a band go to those who are furthest behind.

    Parameters
    ----------
    matrix
        Of the whole problem.
    values
        Whole values of all columns.
    group, week
        Whose shifts.
    posts
        Band and days by agent.

    Returns
    -------
    dict
        Kind by agent and day; a locked shift is of the kind that its lock names, or of one that
        may start then. Empty where the group has one kind.
    """
    own, problem = matrix.layout.groups[group], matrix.layout.problem
    if len(own.lengths) == 1:
        return {}
    paid = np.array(own.paid)
    days = problem.days_of(week)
    x = np.where(matrix.columns.x[group] >= 0, values[matrix.columns.x[group]], 0.0)
    count = np.zeros((len(x), len(days), len(paid)), dtype=int)
    for i, day in enumerate(days):
        for kind in range(len(paid)):
            here = (own.start_day == day) & (own.kind == kind)
            count[:, i, kind] = np.round(x[:, here].sum(axis=1)).astype(int)
    people = Counter(post.band for post in posts.values())
    target = (count @ paid).sum(axis=1) / np.array([max(people[b], 1) for b in range(len(x))])
    had = dict.fromkeys(posts, 0.0)
    found: dict[tuple[int, int], int] = {}

    def behind(agent: int, day: int) -> float:
        """Paid time for each day that is left."""
        post = posts[agent]
        left = sum(other >= day for other in post.days)
        return float((target[post.band] - had[agent]) / left)

    def give(agent: int, day: int, kind: int) -> None:
        found[agent, day] = kind
        had[agent] += paid[kind]

    for i, day in enumerate(days):
        at_work = [a for a, post in posts.items() if day in post.days]
        waiting: list[int] = []
        for agent in at_work:
            lock = problem.locked[agent].get(day)
            if lock is None:
                waiting.append(agent)
                continue
            kinds = own.kind[own.allowed(lock)].tolist()
            left = count[posts[agent].band, i]
            kind = max(kinds, key=lambda k: (left[k] > 0, -abs(paid[k] - behind(agent, day))))
            left[kind] -= left[kind] > 0
            give(agent, day, kind)
        without: list[int] = []
        for band in range(len(x)):
            mine = [a for a in waiting if posts[a].band == band]
            mine.sort(key=lambda a: (-behind(a, day), a))
            kinds = np.repeat(np.arange(len(paid)), count[band, i])
            kinds = kinds[np.argsort(-paid[kinds], kind="stable")]
            for agent, kind in zip(mine, kinds.tolist(), strict=False):
                give(agent, day, kind)
                count[band, i, kind] -= 1
            without += mine[len(kinds) :]
        for agent in without:
            left = count[:, i].sum(axis=0)
            open_now = own.in_band[posts[agent].band] & (own.start_day == day)
            kinds = np.unique(own.kind[open_now]).tolist() or [0]
            kind = max(kinds, key=lambda k: (left[k] > 0, -abs(paid[k] - behind(agent, day))))
            if left[kind] > 0:
                count[int(np.argmax(count[:, i, kind])), i, kind] -= 1
            give(agent, day, kind)
    return found
