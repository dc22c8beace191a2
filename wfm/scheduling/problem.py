"""The scheduling problem: people, contracts, requirement and campaigns on one time axis. Data only.

Time is counted in grid intervals of real, elapsed time from the local midnight of the first day, so
a day of 23 or 25 hours simply has fewer or more of them. Starts are read by the wall clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.intervals import MINUTES, day_grid, local_day
from wfm.core.people import Agent, Contract
from wfm.core.types import Requirement
from wfm.core.work import Campaign

WEEK = 7
PRICED_MIN = 15
"""Costs are stated for one agent and this many minutes."""


@dataclass(frozen=True)
class Rules:
    """Rules that hold for everybody.

    Parameters
    ----------
    rest_min
        Least time between the end of a shift and the next start [min].
    band_min
        All starts of an agent in a Monday to Sunday week lie within this many minutes from a full
        hour [min]; None lets them differ freely.
    outbound_block_min
        Least unbroken time on one campaign [min].
    band_raster_min
        Raster on which start bands begin [min].
    prorate_days
        In a week of which an agent is there only some days (absent, not employed, or the horizon
        ends), the contract's days a week count in proportion, so that leave is not made up for on
        the days left. False asks for them as far as days are left.
    """

    rest_min: int = 660
    band_min: int | None = 90
    outbound_block_min: int = 30
    band_raster_min: int = 60
    prorate_days: bool = True

    def __post_init__(self) -> None:
        if self.rest_min < 0 or self.outbound_block_min < 0 or (self.band_min or 0) < 0:
            message = "rules: rest, band and outbound block must be 0 minutes or more."
            raise DataError(message)
        if not 0 < self.band_raster_min <= 24 * 60:
            message = f"rules: a band raster of {self.band_raster_min} min is impossible. Use 60."
            raise DataError(message)


@dataclass(frozen=True)
class Weights:
    """Costs of one agent for 15 minutes; on another grid they scale with its length.

    Parameters
    ----------
    under
        Missing on a queue: the first k, the second k, and beyond; k = ceil(R / `under_step`).
    under_step
        Divisor of the requirement R in k.
    over
        Above the requirement.
    labour
        Each paid interval.
    outbound_short, outbound_over
        Below and above a campaign's target.
    """

    under: tuple[float, float, float] = (10, 25, 60)
    under_step: int = 10
    over: float = 1
    labour: float = 2
    outbound_short: float = 3
    outbound_over: float = 1

    def __post_init__(self) -> None:
        rates = (*self.under, self.over, self.labour, self.outbound_short, self.outbound_over)
        if min(rates) < 0 or list(self.under) != sorted(self.under) or self.under_step < 1:
            message = "weights: they must be 0 or more, and missing agents dearer step by step."
            raise DataError(message)

    @property
    def whole(self) -> bool:
        """Whether every cost is a whole number, so that a bound may be rounded up."""
        rates = (*self.under, self.over, self.labour, self.outbound_short, self.outbound_over)
        return all(float(rate).is_integer() for rate in rates)


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything a schedule depends on.

    Parameters
    ----------
    agents, contracts, campaigns
        Who, under which terms, and what outbound work; contracts by name.
    queues
        Names of the inbound queues.
    queue_skills
        Skill that each queue asks for.
    required
        Heads by queue and interval of the horizon, shape (queues, intervals); 0 when closed.
    permitted
        Where a campaign may be worked, shape (campaigns, intervals).
    rules, weights
        Rules for everybody, and the costs.
    first_day, days, time_zone, interval_min
        The horizon and its grid.
    grid
        Local start of each interval, two days past the horizon.
    day, clock
        Day number and minutes after local midnight of each interval of `grid`.
    intervals
        Intervals inside the horizon; the rest of the axis is only run into.
    seed
        Of everything random.
    """

    agents: tuple[Agent, ...]
    contracts: Mapping[str, Contract]
    campaigns: tuple[Campaign, ...]
    queues: tuple[str, ...]
    queue_skills: Mapping[str, str]
    required: np.ndarray
    permitted: np.ndarray
    rules: Rules
    weights: Weights
    first_day: date
    days: int
    time_zone: str
    interval_min: int
    grid: pd.DatetimeIndex
    day: np.ndarray
    clock: np.ndarray
    intervals: int
    seed: int = 0

    @property
    def scale(self) -> float:
        """Cost of an interval in units of the cost of 15 minutes."""
        return self.interval_min / PRICED_MIN

    @property
    def week_shift(self) -> int:
        """Weekday of the first day, Monday 0."""
        return self.first_day.weekday()

    @property
    def weeks(self) -> int:
        """Monday to Sunday weeks that the horizon touches."""
        return -(-(self.days + self.week_shift) // WEEK)

    def week_of(self, day: int) -> int:
        """Number of the Monday to Sunday week of a day of the horizon."""
        return (day + self.week_shift) // WEEK

    def days_of(self, week: int) -> range:
        """Days of the horizon in a week."""
        first = week * WEEK - self.week_shift
        return range(max(first, 0), min(first + WEEK, self.days))

    def count(self, minutes: int) -> int:
        """Intervals in some minutes, which are on the grid."""
        return minutes // self.interval_min

    @cached_property
    def first_interval(self) -> np.ndarray:
        """First interval of each day and of the day after the last, shape (days + 1,)."""
        return np.searchsorted(self.day, np.arange(self.days + 1))

    @cached_property
    def absent(self) -> tuple[frozenset[int], ...]:
        """Days on which each agent cannot start a shift."""
        return tuple(frozenset(a.absent_days(self.first_day, self.days)) for a in self.agents)

    def limits(self, agent: int, week: int) -> tuple[int, int]:
        """Fewest and most shifts of an agent in a week, given the days it is there."""
        contract = self.contracts[self.agents[agent].contract]
        there = sum(day not in self.absent[agent] for day in self.days_of(week))
        if self.rules.prorate_days:
            return contract.min_days_week * there // 7, -(-contract.max_days_week * there // 7)
        return min(contract.min_days_week, there), min(contract.max_days_week, there)

    def starts(self, contract: Contract) -> np.ndarray:
        """Intervals of the horizon in which a shift of this contract may start."""
        clock = self.clock[: self.intervals]
        since = clock - contract.start_from_min
        good = (since >= 0) & (clock <= contract.start_to_min)
        return np.flatnonzero(good & (since % contract.start_grid_min == 0))

    def bands(self, contract: Contract) -> list[tuple[int, int]]:
        """Clock ranges, ends included, of which all starts of a week share one."""
        width, raster = self.rules.band_min, self.rules.band_raster_min
        if width is None:
            return [(0, 24 * 60)]
        return [(first, first + width) for first in range(0, 24 * 60, raster)]

    def queues_of(self, agent: int) -> tuple[int, ...]:
        """Numbers of the queues an agent can serve."""
        skills = self.agents[agent].skills
        return tuple(i for i, q in enumerate(self.queues) if self.queue_skills[q] in skills)

    def campaigns_of(self, agent: int) -> tuple[int, ...]:
        """Numbers of the campaigns an agent can work on."""
        skills = self.agents[agent].skills
        return tuple(i for i, c in enumerate(self.campaigns) if c.skill in skills)

    @cached_property
    def targets(self) -> np.ndarray:
        """Target of each campaign in whole agent-intervals."""
        return np.array([round(c.target_h * 60 / self.interval_min) for c in self.campaigns], int)

    @property
    def block(self) -> int:
        """Least intervals of an outbound block."""
        return max(1, -(-self.rules.outbound_block_min // self.interval_min))

    @cached_property
    def min_labour(self) -> float:
        """Labour cost when everybody works the fewest days allowed [cost units]."""
        paid = [self.contracts[a.contract].paid_min for a in self.agents]
        days = [
            sum(self.limits(i, week)[0] for week in range(self.weeks))
            for i in range(len(self.agents))
        ]
        return self.weights.labour * float(np.dot(paid, days)) / PRICED_MIN

    def stamp(self, interval: int) -> str:
        """Local start of an interval, for messages."""
        return self.grid[interval].strftime("%a %Y-%m-%d %H:%M")


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
    known_skills: Iterable[str] = (),
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
        First local day; None takes the first Monday of the requirement, else its first day.
    days
        Length of the horizon, 1 to 35 days.
    skills
        Skill of each queue; a queue that is not named asks for the skill of its own name.
    known_skills
        Skills that agents may have though nothing here asks for them, such as those of campaigns
        that are not planned this time.
    seed
        Of everything random.

    Returns
    -------
    Problem
        Checked by `feasible.check_input`.

    Raises
    ------
    DataError
        Whatever makes a legal schedule impossible, in one sentence.
    """
    from wfm.scheduling import feasible

    rules, weights = rules or Rules(), weights or Weights()
    people, outbound = tuple(agents), tuple(campaigns)
    terms = contracts.values() if isinstance(contracts, Mapping) else tuple(contracts)
    by_name = {c.contract: c for c in terms}
    feasible.check_people(people, by_name, len(tuple(terms)))
    used = [by_name[name] for name in sorted({a.contract for a in people})]
    time_zone, frame = requirement.time_zone, requirement.frame
    feasible.check_horizon(frame, days)
    step = grid_minutes(int(requirement.interval / timedelta(minutes=1)), used)
    local_days = local_day(pd.DatetimeIndex(frame["start"]))
    first = first_day or _first_day(local_days)
    grid = day_grid(first, days + 2, timedelta(minutes=step), time_zone)
    number = (local_day(grid) - pd.Timestamp(first)).days.to_numpy()
    clock = (grid.hour * 60 + grid.minute).to_numpy()
    intervals = int((number < days).sum())
    queues = tuple(sorted(frame["queue"].unique()))
    required = _heads(frame, queues, grid[0], intervals, step, requirement.interval)
    inside = grid[:intervals]
    permitted = np.zeros((len(outbound), intervals), dtype=bool)
    for i, campaign in enumerate(outbound):
        permitted[i] = campaign.permitted.open_at(inside)
        if campaign.deadline is not None:
            permitted[i] &= number[:intervals] <= (campaign.deadline - first).days
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
        seed=seed,
    )
    feasible.check_input(problem, local_days, frozenset(known_skills))
    return problem


def grid_minutes(interval_min: int, contracts: Sequence[Contract]) -> int:
    """Longest grid that every interval, shift, start and break lies on [min].

    >>> from wfm.core.people import Break
    >>> tea = Break("break", 15, 60, 120, paid=True)
    >>> grid_minutes(30, [Contract("FT", 480, 480, 4, 5, breaks=(tea,))])
    15
    """
    common = interval_min
    for contract in contracts:
        minutes = [contract.shift_min, contract.start_grid_min, contract.start_from_min]
        for pause in contract.breaks:
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


def _first_day(local_days: pd.DatetimeIndex) -> date:
    """First Monday among the days, else the first day."""
    mondays = local_days[local_days.day_of_week == 0]
    chosen: date = (mondays if len(mondays) else local_days).min().date()
    return chosen


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
