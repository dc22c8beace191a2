"""From the agents needed to the shifts of named people: problem, schedule, check, explain."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from wfm.core.edits import Lock
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Agent, CarryIn, Contract
from wfm.core.ranges import check_range
from wfm.core.types import Requirement, Schedule, Violation
from wfm.core.work import Campaign
from wfm.planning.callbacks import callback_skills
from wfm.planning.lists import with_targets
from wfm.planning.quiet import quiet_campaigns

if TYPE_CHECKING:
    from wfm.scheduling.finished.explain import Explanation
    from wfm.scheduling.problem import Problem
    from wfm.scheduling.settings import Rules, Weights
    from wfm.scheduling.solve import Progress


def schedule_problem(
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    rules: Rules | None = None,
    weights: Weights | None = None,
    campaigns: Sequence[Campaign] = (),
    skills: Mapping[str, str] | None = None,
    priorities: Mapping[str, int] | None = None,
    first_day: date | None = None,
    days: int = 7,
    locks: Sequence[Lock] = (),
    carry_in: Schedule | Mapping[str, CarryIn] | None = None,
    meetings: Sequence[Meeting] = (),
    limits: Sequence[StaffLimit] = (),
) -> Problem:
    """Return the checked scheduling problem: everything that can be refused is refused here."""
    from wfm.scheduling.assemble import build_problem
    from wfm.scheduling.carry import carry_in as read_carry
    from wfm.scheduling.refused.feasible import check_asked, check_queues

    before = {} if carry_in is None or isinstance(carry_in, Schedule) else carry_in
    check_asked(first_day, days, before, agents)
    days = int(days)
    for what, by_queue in (("skills", skills), ("priorities", priorities)):
        check_queues(what, by_queue or {}, requirement.queues)
    first = first_day or requirement.first_day(rules.week_start if rules else "Mon", days)
    if isinstance(carry_in, Schedule):
        carry_in = read_carry(carry_in, first)
    if any(c.target_h != c.target_h for c in campaigns):  # NaN: the list says how many
        campaigns = with_targets(campaigns, first, days, requirement.time_zone)
    skills = callback_skills(requirement.queues, skills)
    most = max((c.value for c in campaigns), default=1.0)
    waiting = quiet_campaigns(requirement, first, days, skills=skills, value=most)
    return build_problem(
        requirement,
        agents,
        contracts,
        [*campaigns, *waiting],
        rules=rules,
        weights=weights,
        skills=skills,
        priorities=priorities,
        first_day=first,
        days=days,
        locks=locks,
        carried=carry_in,
        meetings=meetings,
        limits=limits,
    )


def make_schedule(
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    rules: Rules | None = None,
    weights: Weights | None = None,
    campaigns: Sequence[Campaign] = (),
    skills: Mapping[str, str] | None = None,
    priorities: Mapping[str, int] | None = None,
    first_day: date | None = None,
    days: int = 7,
    locks: Sequence[Lock] = (),
    carry_in: Schedule | Mapping[str, CarryIn] | None = None,
    meetings: Sequence[Meeting] = (),
    limits: Sequence[StaffLimit] = (),
    seconds: float = 60.0,
    moves: int | None = None,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Schedule:
    """Build a legal schedule of named people with breaks, and outbound work in quiet periods.

    Parameters
    ----------
    requirement
        Its `scheduled` heads are covered; work that waits for quiet periods (`quiet_h`) is placed
        like a campaign, worth as much as the most valuable one.
    agents, contracts
        People and what they owe.
    rules, weights
        What is forbidden and what costs how much; None takes the defaults.
    campaigns
        Outbound work to place.
    skills
        Skill that each queue asks for; a queue that is not named asks for its own name.
    priorities
        1 to 9 by queue, 1 the highest: who gets people where it costs the same; 5 where not named.
    first_day, days
        Local days to plan; None starts with the first whole week: see `Requirement.first_day`.
    locks
        Shifts and days off that are settled.
    carry_in
        The schedule of the days before, or what agents bring from them.
    meetings
        Meetings, coaching and training to place where their people are missed least.
    limits
        Fewest and most heads at work: a supervisor at any time, the seats of a site.
    seconds
        Wall time at most.
    moves
        Count the search in moves instead: same seed and moves, same schedule.
    seed
        Of everything random.
    progress, stop
        Called about once a second; a true `stop()` ends the search and keeps the best.

    Returns
    -------
    Schedule
        With status, bound, gap, cost terms, coverage, outbound and totals.
    """
    began = time.monotonic()
    from wfm.scheduling.solve import solve  # takes a second when first asked for

    check_range("schedule", "seconds", seconds)
    check_range("schedule", "moves", moves)
    problem = schedule_problem(
        requirement,
        agents,
        contracts,
        rules=rules,
        weights=weights,
        campaigns=campaigns,
        skills=skills,
        priorities=priorities,
        first_day=first_day,
        days=days,
        locks=locks,
        carry_in=carry_in,
        meetings=meetings,
        limits=limits,
    )
    left = max(seconds - (time.monotonic() - began), 0.0)
    return solve(problem, seconds=left, seed=seed, progress=progress, stop=stop, moves=moves)


def check_schedule(
    schedule: Schedule,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    **settings: Any,
) -> list[Violation]:
    """List every broken rule, from the schedule's blocks alone and without the solver.

    Parameters
    ----------
    schedule
        Any schedule, also one that was changed by hand.
    requirement, agents, contracts
        What it was made for.
    settings
        Those of `make_schedule` that shape the problem: rules, campaigns, skills, locks, carry_in.

    Returns
    -------
    list of Violation
        Empty for a legal schedule.
    """
    from wfm.scheduling.check import check

    problem = schedule_problem(
        requirement,
        agents,
        contracts,
        first_day=schedule.first_day,
        days=schedule.days,
        **settings,
    )
    return check(problem, schedule.frame)


def find_clashes(
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    **settings: Any,
) -> list[Violation]:
    """List what cannot be kept, whatever the schedule: rule, agent and day, without the solver.

    Parameters
    ----------
    requirement, agents, contracts
        As for `make_schedule`.
    settings
        Those of `make_schedule` that shape the problem: rules, locks, carry_in, limits, meetings.

    Returns
    -------
    list of Violation
        Locks, contracts and skills that `make_schedule` refuses; else limits and meetings that
        give way and weeks that hold too few shifts. Empty promises no schedule.

    Raises
    ------
    DataError
        What cannot be read as a problem at all, such as a lock of an unknown agent.
    """
    from wfm.core.errors import ClashError
    from wfm.scheduling.refused.clash import (
        short_weeks,
        unkept_breaks,
        unkept_limits,
        unkept_meetings,
    )

    try:
        problem = schedule_problem(requirement, agents, contracts, **settings)
    except ClashError as refused:
        return list(refused.violations)
    shared = unkept_limits(problem) + unkept_breaks(problem) + unkept_meetings(problem)
    return shared + short_weeks(problem)


def explain_schedule(
    schedule: Schedule,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    **settings: Any,
) -> Explanation:
    """Say why intervals are short of staff, what cures that cheapest, and what an agent is worth.

    Parameters
    ----------
    schedule
        A legal schedule.
    requirement, agents, contracts
        What it was made for.
    settings
        Those of `make_schedule` that shape the problem: rules, campaigns, skills, locks, carry_in.

    Returns
    -------
    Explanation
        `frame` has one row for each interval and queue that is short, with cause, cure and what
        the cure saves; `prices` what one more agent would save by queue and interval.
    """
    from wfm.scheduling.finished.explain import explain

    problem = schedule_problem(
        requirement,
        agents,
        contracts,
        first_day=schedule.first_day,
        days=schedule.days,
        **settings,
    )
    return explain(problem, schedule.frame)
