"""Which days of a week an agent may work, and the cheapest starts on them."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from wfm.scheduling.groups import Group
from wfm.scheduling.problem import Problem

if TYPE_CHECKING:
    from wfm.scheduling.people.chains import Begun, Chains

TRIED = 24
"""Patterns of a band that are tried in order of cost where rest decides between starts."""


@lru_cache(maxsize=4096)
def legal_patterns(
    days: int,
    limits: tuple[int, int],
    most_in_row: int | None,
    must: tuple[int, ...],
    before: int,
    after: int,
) -> np.ndarray:
    """Days worked, shape (patterns, days), that keep the rules about days.

    Parameters
    ----------
    days
        Of the week.
    limits
        Fewest and most days worked.
    most_in_row
        Most days worked one after the other; None for no limit.
    must
        Days that have to be worked.
    before, after
        Days worked in a row up to the week, and from the day after it.

    Examples
    --------
    Three days of which one before was worked, at most two in a row, two to work:

    >>> legal_patterns(3, (2, 2), 2, (), 1, 0).astype(int).tolist()
    [[0, 1, 1], [1, 0, 1]]
    """
    found = []
    for pattern in product((False, True), repeat=days):
        if not limits[0] <= sum(pattern) <= limits[1] or not all(pattern[d] for d in must):
            continue
        if most_in_row is None or _longest(pattern, before, after) <= most_in_row:
            found.append(pattern)
    return np.array(found, dtype=bool).reshape(len(found), days)


def own_patterns(
    problem: Problem,
    agent: int,
    week: int,
    limits: tuple[int, int] | None = None,
    off: Set[int] = frozenset(),
) -> np.ndarray:
    """Days of a week that an agent may work, shape (patterns, days of the week).

    Parameters
    ----------
    problem
        Locks, absences, past and rules; other weeks of the schedule are left out.
    agent, week
        By number.
    limits
        Fewest and most days worked; those of the problem unless given.
    off
        Days of the horizon on which the agent shall be off besides.
    """
    days = problem.days_of(week)
    patterns = legal_patterns(
        len(days),
        problem.limits(agent, week) if limits is None else limits,
        problem.rules.max_days_in_row,
        tuple(d - days[0] for d, s in problem.locked[agent].items() if s is not None and d in days),
        problem.before(agent).days_in_row if week == 0 else 0,
        0,
    )
    closed = [d - days[0] for d in problem.closed[agent] | off if d in days]
    return np.asarray(patterns[~patterns[:, closed].any(axis=1)])


def _longest(pattern: tuple[bool, ...], before: int, after: int) -> int:
    """Longest row of working days that the week has a part in."""
    run = before if pattern[0] else 0
    longest = 0
    for works in pattern:
        run = run + 1 if works else 0
        longest = max(longest, run)
    return max(longest, run + after) if pattern[-1] else longest


def choose_pattern(
    group: Group,
    legal: np.ndarray,
    costs: np.ndarray,
    patterns: np.ndarray,
    first: int,
    rested: np.ndarray,
    chains: Chains | None = None,
) -> tuple[float, list[int]] | None:
    """The cheapest options of a week on the days of one pattern, in one band; None if none fits.

    Parameters
    ----------
    group
        Gives options and bands.
    legal
        Options that absences, locks and other weeks allow.
    costs
        Of a shift by option.
    patterns
        From `legal_patterns`.
    first
        First day of the week.
    rested
        First interval in which a shift may follow each option.
    chains
        Where more than that joins the shifts of a person.
    """
    if not len(patterns):
        return None
    size = patterns.shape[1]
    masked = np.where(group.in_band & legal, costs, np.inf)
    least = np.full((len(masked), size), np.inf)
    for day in range(size):
        today = group.start_day == first + day
        if today.any():
            least[:, day] = masked[:, today].min(axis=1)
    worked = np.where(np.isfinite(least), least, 1e12) @ patterns.T.astype(float)
    if chains is not None:
        worked[chains.hopeless(masked, patterns, first)] = 1e12
    best: tuple[float, list[int]] | None = None
    begun: list[Begun] = [{} for _ in masked]
    order = np.argsort(worked, axis=None, kind="stable")
    for tried, flat in enumerate(order.tolist()):
        band, number = divmod(flat, len(patterns))
        if worked[band, number] >= 1e11 or (best is not None and worked[band, number] >= best[0]):
            break
        if tried > TRIED * len(masked) and best is not None:
            break
        days = (np.flatnonzero(patterns[number]) + first).tolist()
        if chains is None:
            found = _chain(group, masked[band], days, rested)
        else:
            found = chains.cheapest(masked[band], days, begun[band])
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    return best


def _chain(
    group: Group, costs: np.ndarray, days: list[int], rested: np.ndarray
) -> tuple[float, list[int]] | None:
    """Cheapest options, one on each of some days, each after the `rested` of the one before."""
    if not days:
        return 0.0, []
    steps: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for day in days:
        at = np.flatnonzero((group.start_day == day) & np.isfinite(costs))
        if not len(at):
            return None
        total, came = costs[at], np.zeros(len(at), dtype=int)
        if steps:
            earlier, before, _ = steps[-1]
            fits = rested[earlier][None, :] <= group.starts[at][:, None]
            ways = np.where(fits, before[None, :], np.inf)
            came = ways.argmin(axis=1)
            total = total + ways.min(axis=1)
        steps.append((at, total, came))
    last = int(np.argmin(steps[-1][1]))
    cost = float(steps[-1][1][last])
    if not np.isfinite(cost):
        return None
    chosen: list[int] = []
    for at, _, came in reversed(steps):
        chosen.append(int(at[last]))
        last = int(came[last])
    return cost, chosen[::-1]


class Together(NamedTuple):
    """Fewest and most days that some agents work together on some days of a week."""

    days: list[int]
    fewest: float
    most: float


def days_together(problem: Problem, agents: np.ndarray, week: int) -> list[Together]:
    """What single agents' locks and days in a row leave alike agents together.

    For any set of days the sum over the agents of the most that each can work of them; the fewest
    likewise. Only sets are given that say more than their parts and the limits of a week.

    Parameters
    ----------
    problem
        Locks, past and rules.
    agents
        By number, there on the same days and with the same limits.
    week
        Number of the week; days are counted from its first.
    """
    days = problem.days_of(week)
    subsets = np.array(list(product((False, True), repeat=len(days))), dtype=bool)
    high, low = np.zeros((2, len(subsets)), dtype=int)
    plain_high, plain_low = np.zeros((2, len(subsets)), dtype=int)
    for agent in agents.tolist():
        limits = problem.limits(agent, week)
        patterns = own_patterns(problem, agent, week)
        if not len(patterns):
            return []
        worked = subsets.astype(int) @ patterns.T.astype(int)
        high += worked.max(axis=1)
        low += worked.min(axis=1)
        there = np.isin(np.array(days), list(problem.closed[agent]), invert=True)
        size = subsets.astype(int) @ there
        plain_high += np.minimum(size, limits[1])
        plain_low += np.maximum(limits[0] - (there.sum() - size), 0)
    number = {subset.tobytes(): i for i, subset in enumerate(subsets)}
    found = []
    for i, subset in enumerate(subsets):
        inside = np.flatnonzero(subset)
        most_parts, fewest_parts = int(plain_high[i]), int(plain_low[i])
        for day in inside if len(inside) > 1 else []:
            alone = np.arange(len(days)) == day
            rest = number[(subset & ~alone).tobytes()]
            most_parts = min(most_parts, int(high[rest] + high[number[alone.tobytes()]]))
            fewest_parts = max(fewest_parts, int(low[rest] + low[number[alone.tobytes()]]))
        least = float(low[i]) if low[i] > fewest_parts else -np.inf
        most_here = float(high[i]) if high[i] < most_parts else np.inf
        if np.isfinite(least) or np.isfinite(most_here):
            found.append(Together(inside.tolist(), least, most_here))
    return found
