"""What each rule and each lock costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from wfm.core.edits import Lock
from wfm.core.opening import clock_text
from wfm.core.people import Agent, Contract, ShiftKind
from wfm.core.types import Requirement
from wfm.core.work import Campaign
from wfm.planning.giving_way import changed_rules
from wfm.planning.steps import schedule_problem

if TYPE_CHECKING:
    from wfm.scheduling.problem import Problem
    from wfm.scheduling.settings import Rules

T = TypeVar("T", Contract, ShiftKind)
Eased = tuple[str | tuple[str, str], str, str, dict[str, Any]]
AT_ONCE = 2
"""Linear programmes that are solved side by side."""


def price_rules(
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    rules: Rules | None = None,
    locks: Sequence[Lock] = (),
    most_locks: int = 20,
    seconds: float = 60.0,
    **settings: Any,
) -> pd.DataFrame:
    """What each rule and each lock costs: the proven least cost with it less that without it.

    Parameters
    ----------
    requirement, agents, contracts, rules, locks, settings
        As for `make_schedule`.
    most_locks
        Locks that are priced one by one, in their order; all together are priced in any case.
    seconds
        Wall limit of everything [s]; what is not reached is NaN.

    Returns
    -------
    pandas.DataFrame
        `rule agent now without saves`: the rule (as the checker calls it), whose lock or hours, the
        setting or the staff limit, what it was replaced by, and what that saves [cost units] by the
        linear programme's bounds; the dearest first. In plans too wide for an exact programme
        prices are right to about a thousandth of the cost.
    """
    from wfm.scheduling.finished.prices import least_cost
    from wfm.scheduling.settings import Rules

    have = rules or Rules()
    deadline = _Deadline(seconds)

    def cost(**changed: Any) -> float:
        if deadline.left <= 0:
            return float("nan")
        return least_cost(problem_with(**changed), deadline.left)

    def problem_with(**changed: Any) -> Problem:
        given = {"agents": agents, "contracts": contracts, "rules": have, "locks": tuple(locks)}
        return schedule_problem(requirement, **{**settings, **given, **changed})

    people = _without_of_people(problem_with(), settings.get("campaigns", ()))
    asked = [*_without(have, contracts, locks, most_locks), *people]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        base, *costs = pool.map(lambda changed: cost(**changed), [{}, *(a[3] for a in asked)])
    rows = []
    for (rule, now, without, _), less in zip(asked, costs, strict=True):
        name, agent = rule if isinstance(rule, tuple) else (rule, "")
        saves = base - less
        rows.append({"rule": name, "agent": agent, "now": now, "without": without, "saves": saves})
    table = pd.DataFrame(rows, columns=["rule", "agent", "now", "without", "saves"])
    table["saves"] = table["saves"].where(table["saves"].isna() | (table["saves"] > 0), 0.0)
    return table.sort_values("saves", ascending=False, ignore_index=True)


def _without(
    rules: Rules, contracts: Sequence[Contract], locks: Sequence[Lock], most_locks: int
) -> Iterator[Eased]:
    """Rule (or rule and agent), its setting, what replaces it, and the changed arguments."""
    shorter = max(rules.rest_min - 60, 0)
    yield (
        "rest",
        f"{rules.rest_min:d} min",
        f"{shorter:d} min",
        {"rules": replace(rules, rest_min=shorter)},
    )
    for rule, name, unit in (
        ("band", "band_min", "min"),
        ("days_in_row", "max_days_in_row", "days"),
        ("free_weekends", "weekends_off_in", "weekends"),
        ("weekly_rest", "weekly_rest_min", "min"),
        ("nights_per_week", "max_nights_week", "nights"),
        ("nights_in_row", "max_nights_in_row", "nights"),
        ("rest_after_nights", "rest_after_nights_min", "min"),
        ("hours_average", "max_hours_average_week", "h a week"),
        ("break_bunching", "break_share_max", "of those on duty"),
        ("break_bunching", "break_heads_max", "heads"),
    ):
        value = getattr(rules, name)
        if value is not None:
            yield rule, f"{value} {unit}", "none", {"rules": changed_rules(rules, name, None)}
    if rules.break_gap_min:
        now, off = f"at least {rules.break_gap_min:d} min", replace(rules, break_gap_min=0)
        yield "break_spacing", now, "none", {"rules": off}
    if rules.break_gap_max is not None:
        now, off = f"at most {rules.break_gap_max:d} min", replace(rules, break_gap_max=None)
        yield "break_spacing", now, "none", {"rules": off}
    if rules.late_end_min is not None:
        early, late = clock_text(rules.start_after_late_min), clock_text(rules.late_end_min)
        now = f"{early} after {late}"
        off = replace(rules, late_end_min=None, start_after_late_min=None)
        yield "next_day", now, "none", {"rules": off}
    less = [replace(c, min_days_week=max(c.min_days_week - 1, 0)) for c in contracts]
    yield "days_per_week", "fewest", "one day fewer", {"contracts": less}
    more = [replace(c, max_days_week=min(c.max_days_week + 1, 7)) for c in contracts]
    yield "days_per_week", "most", "one day more", {"contracts": more}
    if any(c.min_hours_week is not None or c.max_hours_week is not None for c in contracts):
        free = [replace(c, min_hours_week=None, max_hours_week=None) for c in contracts]
        yield "hours_week", "as in the contract", "none", {"contracts": free}
    earlier = [
        replace(_any_time(c), more_shifts=tuple(map(_any_time, c.more_shifts))) for c in contracts
    ]
    yield "starts", "as in the contract", "any time of the day", {"contracts": earlier}
    if locks:
        yield "locks", f"{len(locks):d} locks", "none", {"locks": ()}
    for lock in list(locks)[:most_locks]:
        kept = tuple(k for k in locks if k != lock)
        yield ("locks", lock.agent), str(lock.day), "free", {"locks": kept}


def _without_of_people(problem: Problem, campaigns: Sequence[Campaign]) -> Iterator[Eased]:
    """The same for outbound work, people's own hours and each staff limit, where there are any.

    A limit goes on counting its people, so that a skill that only it names stays known.
    """
    rules = problem.rules
    if problem.campaigns and problem.block > 1:
        now, free = f"{rules.outbound_block_min:d} min", replace(rules, outbound_block_min=0)
        yield "outbound_block", now, "none", {"rules": free}
    targets = {c.campaign: c.target_h for c in problem.campaigns}
    lists = {problem.campaigns[one.campaign].campaign for one in problem.passes}
    if lists:
        free_lists = [
            replace(c, gap_days=0, target_h=targets[c.campaign]) if c.campaign in lists else c
            for c in campaigns
        ]
        yield "outbound_tries", f"of {len(lists):d} lists", "any day", {"campaigns": free_lists}
    bound = [agent.agent for agent in problem.agents if agent.hours is not None]
    if bound:
        free_people = [replace(agent, hours=None) for agent in problem.agents]
        told = ("hours", bound[0]) if len(bound) == 1 else "hours"
        yield told, f"of {len(bound):d} agents", "any time", {"agents": free_people}
    for limit in problem.staff_limits:
        others = tuple(
            replace(one, least=0, most=None) if one is limit else one
            for one in problem.staff_limits
        )
        yield "staff_limits", limit.limit, "none", {"limits": others}


def _any_time(shift: T) -> T:
    """A contract or kind of shift that may start at any time of its raster."""
    return replace(
        shift,
        start_from_min=shift.start_from_min % shift.start_grid_min,
        start_to_min=23 * 60 + 30,
    )


class _Deadline:
    """Seconds that are left."""

    def __init__(self, seconds: float) -> None:
        import time

        self._clock = time.monotonic
        self._end = self._clock() + seconds

    @property
    def left(self) -> float:
        """Seconds until the end."""
        return self._end - self._clock()
