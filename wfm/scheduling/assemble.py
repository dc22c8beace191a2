"""People, contracts, campaigns and a requirement put on one grid, and checked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from wfm.core.edits import Lock
from wfm.core.errors import DataError
from wfm.core.intervals import MINUTES, day_grid, local_day
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Agent, CarryIn, Contract
from wfm.core.types import Requirement
from wfm.core.work import Campaign
from wfm.scheduling.problem import WEEK, Problem
from wfm.scheduling.refused import clash, feasible, persons
from wfm.scheduling.settings import Rules, Weights


def build_problem(
    requirement: Requirement,
    agents: Iterable[Agent],
    contracts: Iterable[Contract] | Mapping[str, Contract],
    campaigns: Iterable[Campaign] = (),
    rules: Rules | None = None,
    weights: Weights | None = None,
    first_day: date | None = None,
    days: int = WEEK,
    *,
    skills: Mapping[str, str] | None = None,
    priorities: Mapping[str, int] | None = None,
    known_skills: Iterable[str] = (),
    locks: Iterable[Lock] = (),
    carried: Mapping[str, CarryIn] | None = None,
    meetings: Iterable[Meeting] = (),
    limits: Iterable[StaffLimit] = (),
    seed: int = 0,
) -> Problem:
    """Put people, contracts, campaigns and a requirement on one grid, and check them.

    Parameters
    ----------
    requirement
        Its `scheduled` heads are covered; an interval without a row is closed.
    agents, contracts, campaigns
        Who, under which terms, and the outbound work.
    rules, weights
        Rules for everybody and costs; None takes the defaults.
    first_day
        First local day; None takes `Requirement.first_day`: the first whole week.
    days
        Length of the horizon, 1 to 35 days.
    skills
        Skill of each queue; a queue that is not named asks for the skill of its own name.
    priorities
        1 to 9 by queue, 1 the highest: who gets people where it costs the same.
    known_skills
        Skills that agents may have though nothing here asks for them, such as those of campaigns
        that are not planned this time.
    locks
        What is settled for agents and days.
    carried
        What agents bring from before, by agent.
    meetings
        To be placed on the shifts.
    limits
        Fewest and most heads at work.
    seed
        Of everything random.

    Returns
    -------
    Problem
        Checked by `feasible.check_input`.

    Raises
    ------
    DataError
        Whatever makes a legal schedule impossible, in one sentence; a `ClashError` names rule,
        agent and day.
    """
    rules, weights = rules or Rules(), weights or Weights()
    people, outbound = tuple(agents), tuple(campaigns)
    terms = contracts.values() if isinstance(contracts, Mapping) else tuple(contracts)
    by_name = {c.contract: c for c in terms}
    feasible.check_people(people, by_name, len(tuple(terms)))
    used = [by_name[name] for name in sorted({a.contract for a in people})]
    time_zone, frame = requirement.time_zone, requirement.frame
    feasible.check_horizon(frame, days)
    meetings, staff_limits = tuple(meetings), tuple(limits)
    feasible.check_names([f"campaign {c.campaign!r}" for c in outbound])
    feasible.check_names([f"meeting {m.meeting!r}" for m in meetings])
    feasible.check_names([f"limit {n.limit!r}" for n in staff_limits])
    lengths = [meeting.minutes for meeting in meetings]
    step = grid_minutes(int(requirement.interval / timedelta(minutes=1)), used, lengths)
    local_days = local_day(pd.DatetimeIndex(frame["start"]))
    first = first_day or requirement.first_day(rules.week_start, days)
    grid = day_grid(first, days + 2, timedelta(minutes=step), time_zone)
    number = (local_day(grid) - pd.Timestamp(first)).days.to_numpy()
    clock = (grid.hour * 60 + grid.minute).to_numpy()
    intervals = int((number < days).sum())
    queues = tuple(sorted(frame["queue"].unique()))
    required = _heads(frame, queues, grid[0], intervals, step, requirement.interval)
    inside = grid[:intervals]
    outbound = _worth(outbound)
    permitted = np.zeros((len(outbound), intervals), dtype=bool)
    for i, campaign in enumerate(outbound):
        permitted[i] = campaign.open_at(inside, step)
    names = skills or {}
    problem = Problem(
        agents=people,
        contracts=by_name,
        campaigns=outbound,
        queues=queues,
        queue_skills={queue: queue for queue in queues} | dict(names),
        required=required,
        permitted=permitted,
        rules=rules,
        weights=weights,
        first_day=first,
        days=days,
        time_zone=time_zone,
        interval_min=step,
        grid=grid,
        day=number,
        clock=np.asarray(clock, dtype=int),
        intervals=intervals,
        locks=tuple(locks),
        carried=dict(carried or {}),
        meetings=meetings,
        staff_limits=staff_limits,
        queue_priorities=dict(priorities or {}),
        seed=seed,
    )
    known = frozenset(known_skills) | {n.skill for n in staff_limits if n.skill}
    feasible.check_input(problem, local_days, known)
    with clash.named(problem):
        persons.check_persons(problem)
    return problem


def _worth(campaigns: tuple[Campaign, ...]) -> tuple[Campaign, ...]:
    """Campaigns with their value as a share of the most valuable one's."""
    most = max((c.value for c in campaigns), default=0.0)
    return tuple(replace(c, value=c.value / most if most > 0 else 1.0) for c in campaigns)


def grid_minutes(
    interval_min: int, contracts: Sequence[Contract], lengths: Sequence[int] = ()
) -> int:
    """Longest grid that every interval, shift, start and break lies on [min].

    >>> from wfm.core.people import Break
    >>> tea = Break("break", 15, 60, 120, paid=True)
    >>> grid_minutes(30, [Contract("FT", 480, 480, 4, 5, breaks=(tea,))])
    15
    """
    common = math.gcd(interval_min, *lengths)
    if common % MINUTES[0]:
        message = "meetings: a length is no multiple of 5 minutes. Round it to 5 minutes."
        raise DataError(message)
    for contract in contracts:
        minutes: list[int] = []
        for kind in contract.shifts:
            minutes += [kind.shift_min, kind.start_grid_min, kind.start_from_min]
        for pause in contract.pauses:
            minutes += [pause.length_min, pause.earliest_min, pause.latest_min]
        own = math.gcd(*minutes)
        if own % MINUTES[0]:
            message = (
                f"contract {contract.contract!r}: its shift, starts and breaks do not lie on a "
                "raster of 5 minutes. Round them to 5 minutes."
            )
            raise DataError(message)
        common = math.gcd(common, own)
    return max(minutes for minutes in MINUTES if common % minutes == 0)


def _heads(
    frame: pd.DataFrame,
    queues: tuple[str, ...],
    origin: pd.Timestamp,
    intervals: int,
    step: int,
    interval: timedelta,
) -> np.ndarray:
    """Heads to roster by queue and interval of the grid; rows outside are left out."""
    heads = np.zeros((len(queues), intervals), dtype=int)
    first = ((frame["start"] - origin) // pd.Timedelta(minutes=step)).to_numpy()
    row = frame["queue"].map({queue: i for i, queue in enumerate(queues)}).to_numpy()
    for offset in range(int(interval / timedelta(minutes=step))):
        at = first + offset
        good = (at >= 0) & (at < intervals)
        heads[row[good], at[good]] = frame["scheduled"].to_numpy()[good]
    return heads
