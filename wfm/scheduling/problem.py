"""The scheduling problem: people, contracts, requirement and campaigns on one time axis. Data only.

Time is counted in grid intervals of real, elapsed time from the local midnight of the first day, so
a day of 23 or 25 hours simply has fewer or more of them. Starts are read by the wall clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache
from math import ceil
from typing import NamedTuple

import numpy as np
import pandas as pd

from wfm.core.calendars import DAY_MIN
from wfm.core.edits import Lock
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Agent, CarryIn, Contract, ShiftKind
from wfm.core.weeks import week_start_number
from wfm.core.work import PRIORITY, Campaign
from wfm.scheduling.line_terms import LineTerms
from wfm.scheduling.settings import Rules, Weights
from wfm.scheduling.spells import Spell, Times, past_spells, times_of
from wfm.scheduling.windows import Window, fitting

WEEK = 7
PRICED_MIN = 15
"""Costs are stated for one agent and this many minutes."""
ANY = -1
"""Stands for the kind of a shift where each will do."""
NOTHING_BEFORE = CarryIn()
NEAR = 1e-9


class Begin(NamedTuple):
    """When a shift starts [interval], and which of its contract's kinds it is."""

    start: int
    kind: int = 0

    def allows(self, other: Begin | None) -> bool:
        """Whether a shift is as this lock says.

        >>> Begin(8, ANY).allows(Begin(8, 2)), Begin(8, 1).allows(Begin(8, 2))
        (True, False)
        """
        return other is not None and self.start == other.start and self.kind in (ANY, other.kind)


class Pass(NamedTuple):
    """Most agent-intervals of a campaign in some intervals of the horizon."""

    campaign: int
    when: slice
    most: int


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
    queue_priorities
        1 to 9 by queue, 1 the highest; a queue that is not named has `core.work.PRIORITY`.
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
    locks, carried
        What is settled already, and what agents bring from before, by agent.
    planned_off
        Days by agent that a plan of free weekends leaves off; a choice, not a rule.
    eased
        Fewer days than the contract asks, by agent and week, where no week keeps every rule.
    pooled_widths
        Of pooled queues (`pool.pool_queues`): heads that may be missing at each price.
    meetings
        To be placed on the shifts.
    staff_limits
        Fewest and most heads at work.
    published
        Shifts by agent and day of a schedule that is handed out already; each day that differs
        costs `Weights.change`.
    lines
        What is asked of whole lines of days where cover is by shift type; each type is a queue
        then, served by who has it. None where cover is by interval.
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
    locks: tuple[Lock, ...] = ()
    carried: Mapping[str, CarryIn] = field(default_factory=dict)
    planned_off: Mapping[str, frozenset[int]] = field(default_factory=dict)
    eased: Mapping[tuple[str, int], int] = field(default_factory=dict)
    pooled_widths: np.ndarray | None = None
    published: Mapping[str, Mapping[int, Begin]] = field(default_factory=dict)
    queue_priorities: Mapping[str, int] = field(default_factory=dict)
    meetings: tuple[Meeting, ...] = ()
    staff_limits: tuple[StaffLimit, ...] = ()
    lines: LineTerms | None = None

    @cached_property
    def widths(self) -> np.ndarray:
        """Heads that may be missing at each price, shape (3, queues, intervals)."""
        if self.pooled_widths is not None:
            return self.pooled_widths
        return under_widths(self.required, self.weights)

    @property
    def scale(self) -> float:
        """Cost of an interval in units of the cost of 15 minutes."""
        return self.interval_min / PRICED_MIN

    @property
    def week_shift(self) -> int:
        """Days of the first week that lie before the horizon."""
        return (self.first_day.weekday() - week_start_number(self.rules.week_start)) % WEEK

    @property
    def weeks(self) -> int:
        """Weeks that the horizon touches, from `Rules.week_start` on."""
        return -(-(self.days + self.week_shift) // WEEK)

    def week_of(self, day: int) -> int:
        """Number of the week of a day of the horizon."""
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

    @cached_property
    def locked(self) -> tuple[Mapping[int, Begin | None], ...]:
        """By agent: the locked shift of a day, None for a day off."""
        numbers = {a.agent: i for i, a in enumerate(self.agents)}
        found: list[dict[int, Begin | None]] = [{} for _ in self.agents]
        for lock in self.locks:
            day = (lock.day - self.first_day).days
            if lock.agent in numbers and 0 <= day < self.days:
                found[numbers[lock.agent]][day] = self.locked_begin(numbers[lock.agent], lock)
        return tuple(found)

    def locked_begin(self, agent: int, lock: Lock) -> Begin | None:
        """The shift that a lock settles, of any kind unless it names one; None for a day off."""
        if lock.start_min is None:
            return None
        names = [kind.shift for kind in self.contract_of(agent).shifts]
        kind = names.index(lock.shift) if lock.shift in names else ANY
        return Begin(self.interval_at((lock.day - self.first_day).days, lock.start_min), kind)

    def contract_of(self, agent: int) -> Contract:
        """Contract of an agent."""
        return self.contracts[self.agents[agent].contract]

    def kinds_of(self, agent: int, begin: Begin) -> tuple[ShiftKind, ...]:
        """The kinds that a shift can be: its own, or all that start then."""
        shifts = self.contract_of(agent).shifts
        if begin.kind != ANY:
            return (shifts[begin.kind],)
        zone = self.agents[agent].time_zone
        return tuple(kind for kind in shifts if begin.start in self.starts(kind, zone)) or shifts

    def interval_at(self, day: int, clock_min: int) -> int:
        """Interval of a day that begins at a time of the clock; its first if none does.

        The day may be the one after the last.
        """
        first, last = np.searchsorted(self.day, [day, day + 1])
        here = np.flatnonzero(self.clock[first:last] == clock_min)
        return int(first + here[0]) if len(here) else int(first)

    @cached_property
    def closed(self) -> tuple[frozenset[int], ...]:
        """Days on which each agent starts nothing: absent, locked off, or due a free weekend."""
        found = []
        for i, agent in enumerate(self.agents):
            off = {d for d, start in self.locked[i].items() if start is None}
            off |= self.owed_weekend(i) | self.planned_off.get(agent.agent, frozenset())
            if agent.hours is not None:
                off |= set(range(self.days)) - set(self.day[self.starts_of(i)].tolist())
            found.append(self.absent[i] | off)
        return tuple(found)

    @cached_property
    def weekends(self) -> list[tuple[int, ...]]:
        """Days of each Saturday and Sunday that the horizon touches, whenever weeks begin."""
        found: dict[int, list[int]] = {}
        for day in range(self.days):
            number, weekday = divmod(day + self.first_day.weekday(), WEEK)
            if weekday >= WEEK - 2:
                found.setdefault(number, []).append(day)
        return [tuple(days) for days in found.values()]

    def weekends_past(self, agent: int) -> tuple[tuple[bool, ...], int]:
        """Whether the weekends up to the first open one were worked, and how many are planned here.

        A schedule that begins on a Sunday begins inside a weekend, the last one that is known: if
        its Saturday was worked, nothing here changes that it is a weekend worked.
        """
        known = self.before(agent).weekends
        if not known or self.first_day.weekday() != WEEK - 1:
            return known, 0
        return (known, 1) if known[-1] else (known[:-1], 0)

    def owed_weekend(self, agent: int) -> set[int]:
        """Days of the first open weekend when the weekends before leave no other choice."""
        every = self.rules.weekends_off_in
        past, begun = self.weekends_past(agent)
        if every is None or len(past) < every - 1 or not all(past[-(every - 1) :]):
            return set()
        return {day for weekend in self.weekends[begun : begun + 1] for day in weekend}

    def plan_of(self, agent: int) -> frozenset[int]:
        """Days that a plan of free weekends leaves an agent off, where rows of days are limited."""
        if self.rules.max_days_in_row is None:
            return frozenset()
        return self.planned_off.get(self.agents[agent].agent, frozenset())

    def before(self, agent: int) -> CarryIn:
        """What an agent brings from before."""
        return self.carried.get(self.agents[agent].agent, NOTHING_BEFORE)

    @cached_property
    def past(self) -> tuple[tuple[Spell, ...], ...]:
        """By agent: its shifts before the schedule, as far as they are known."""
        return tuple(past_spells(self, agent) for agent in range(len(self.agents)))

    @cached_property
    def times(self) -> Mapping[str, Times]:
        """The axis by each agent's clock, by time zone."""
        return {zone: times_of(self, zone) for zone in {a.time_zone for a in self.agents}}

    def free_from(self, agent: int) -> int:
        """First interval in which an agent may start after the rest since its last shift."""
        return self._rested[agent]

    @cached_property
    def _rested(self) -> tuple[int, ...]:
        return tuple(self._rested_from(self.before(a).last_end) for a in range(len(self.agents)))

    def _rested_from(self, end: datetime | None) -> int:
        if end is None:
            return 0
        since = (pd.Timestamp(end) - self.grid[0]) / pd.Timedelta(minutes=1)
        return max(0, -(-int(since + self.rules.rest_min) // self.interval_min))

    def starts_of(self, agent: int) -> np.ndarray:
        """Intervals in which a shift of an agent may start, whatever its kind."""
        return np.unique(self.options_of(agent)[0])

    def options_of(self, agent: int) -> tuple[np.ndarray, np.ndarray]:
        """Start [interval] and kind of each shift that an agent may have, in order of the starts.

        Its contract and its own hours decide.
        """
        who = self.agents[agent]
        running = None
        if who.hours is not None:
            inside = who.hours.open_at(self.grid_of(who.time_zone))
            running = np.concatenate([[0], np.cumsum(inside)])
        starts, kinds = [], []
        for number, kind in enumerate(self.contracts[who.contract].shifts):
            own, length = self.starts(kind, who.time_zone), self.count(kind.shift_min)
            if running is not None:
                own = own[running[own + length] - running[own] == length]
            starts.append(own)
            kinds.append(np.full(len(own), number))
        start, kind_of = np.concatenate(starts), np.concatenate(kinds)
        order = np.lexsort((kind_of, start))
        return start[order], kind_of[order]

    def misses(self, agent: int, start: int) -> bool:
        """Whether a start is far from the one the agent prefers."""
        wish = self.agents[agent].preferred_start_min
        if wish is None:
            return False
        apart = abs(int(self.clock_of(self.agents[agent].time_zone)[start]) - wish)
        return min(apart, 24 * 60 - apart) > self.rules.preferred_within_min

    def own_cost(self, agent: int, begin: Begin) -> float:
        """What a shift costs because of who has it: wish missed, change [cost units].

        Against `unchanged_cost` a published shift saves a change, another one of that day costs
        none and one on a day off costs one, so that the sum counts the days that differ.
        """
        name = self.agents[agent].agent
        cost = self.weights.preference * self.misses(agent, begin.start)
        if name in self.published:
            before = self.published[name].get(int(self.day[begin.start]))
            cost += self.weights.change * (1 if before is None else -(before == begin))
        return cost

    def has_own_costs(self, agent: int) -> bool:
        """Whether it matters to the cost which of alike agents has a start."""
        who = self.agents[agent]
        wish = who.preferred_start_min is not None
        return wish or who.agent in self.published

    @cached_property
    def unchanged_cost(self) -> float:
        """Cost if every published shift were taken away [cost units]."""
        known = {agent.agent for agent in self.agents}
        days = sum(len(shifts) for name, shifts in self.published.items() if name in known)
        return self.weights.change * days

    def paid_allowed(self, agent: int) -> int | None:
        """Most paid time of an agent within its average of hours [min]; None without a limit."""
        most = self.rules.max_hours_average_week
        if most is None:
            return None
        known, days = self._known_before(agent)
        return max(int(round(60 * most * (self.days + days) / WEEK, 6)) - known, 0)

    def shifts_allowed(self, agent: int) -> int | None:
        """Most shifts, the shortest ones, within the same; None without a limit."""
        allowed = self.paid_allowed(agent)
        shortest = min(kind.paid_min for kind in self.contract_of(agent).shifts)
        return None if allowed is None else allowed // shortest

    def paid_of(self, agent: int, begins: Iterable[Begin]) -> int:
        """Paid time of some shifts of an agent [min]."""
        shifts = self.contract_of(agent).shifts
        return sum(shifts[begin.kind].paid_min for begin in begins)

    def average_hours(self, agent: int, paid_min: int) -> float:
        """Hours a week of an agent with so much paid time, earlier known days included [h]."""
        known, days = self._known_before(agent)
        return round((paid_min + known) / 60 * WEEK / (self.days + days), 1)

    def _known_before(self, agent: int) -> tuple[int, int]:
        """Paid time [min] and days before the schedule that are known.

        A shift is paid as the kind of the contract that is nearest to its length.
        """
        before = self.before(agent)
        if before.since is None:
            return 0, 0
        return self._paid(agent, before.shifts), max((self.first_day - before.since).days, 0)

    def limits(self, agent: int, week: int) -> tuple[int, int]:
        """Fewest and most shifts of an agent in a week: its days, its hours, and other weeks'."""
        fewest, most = self._days_by_hours(agent, week)
        allowed = self.shifts_allowed(agent)
        if allowed is None:
            return fewest, most
        others = [self._days_by_hours(agent, w)[0] for w in range(self.weeks) if w != week]
        return fewest, min(most, max(allowed - sum(others), fewest))

    def _days_by_hours(self, agent: int, week: int) -> tuple[int, int]:
        """Its contract's days (`asked_days`), and of those what its paid hours leave."""
        fewest, most = self.asked_days(agent, week)
        hours = self.paid_limits(agent, week)
        if hours is None:
            return fewest, most
        paid = tuple(kind.paid_min for kind in self.contract_of(agent).shifts)
        good = [
            days
            for days in range(fewest, most + 1)
            if any(hours[0] <= total <= hours[1] for total in paid_totals(paid, days))
        ]
        return (good[0], good[-1]) if good else (fewest, most)

    def asked_days(self, agent: int, week: int) -> tuple[int, int]:
        """Fewest and most shifts of a week by the contract, given the days an agent is there.

        Of a week that began before the schedule, known days count.
        """
        contract = self.contracts[self.agents[agent].contract]
        there = self._there(agent, week)
        if self.rules.prorate_days:
            fewest = contract.min_days_week * there // WEEK
            most = -(-contract.max_days_week * there // WEEK)
        else:
            fewest, most = min(contract.min_days_week, there), min(contract.max_days_week, there)
        if fewest == 0 and all(day in self.closed[agent] for day in self.days_of(week)):
            most = 0
        if week == 0:
            worked = self._begun[agent][0]
            fewest = min(fewest, max(contract.min_days_week - worked, 0))
            most = min(most, max(contract.max_days_week - worked, 0))
        eased = self.eased.get((self.agents[agent].agent, week), fewest)
        return min(fewest, eased, self._workable(agent, week)), most

    def paid_limits(self, agent: int, week: int) -> tuple[int, int] | None:
        """Least and most paid time of an agent in a week [min]; None where nothing limits it.

        The contract's hours. Where the agent is there on fewer days they shrink as days do, to the
        next totals that whole shifts can have, and never to more than those of a whole week.
        """
        contract = self.contracts[self.agents[agent].contract]
        if contract.min_hours_week is None and contract.max_hours_week is None:
            return None
        least = round(60 * (contract.min_hours_week or 0.0))
        most = WEEK * DAY_MIN
        if contract.max_hours_week is not None:
            most = round(60 * contract.max_hours_week)
        there, whole_week = self._there(agent, week), most
        fewest, days = self.asked_days(agent, week)
        eased = (self.agents[agent].agent, week) in self.eased
        held = fewest if eased else min(days, self._workable(agent, week))
        if there == WEEK and held == contract.max_days_week:
            return least, most
        if self.rules.prorate_days:
            least, most = least * there // WEEK, -(-most * there // WEEK)
        paid = tuple(kind.paid_min for kind in contract.shifts)
        totals = {t for n in range(fewest, max(held, fewest) + 1) for t in paid_totals(paid, n)}
        if week == 0:
            whole_week = max(whole_week - self._begun[agent][1], 0)
        least = max((t for t in totals if t <= min(least, whole_week)), default=min(totals))
        most = min((t for t in totals if t >= most), default=most)
        return least, max(least, min(most, whole_week))

    @cached_property
    def _begun(self) -> tuple[tuple[int, int], ...]:
        """Days worked and paid time [min] of the first week before the schedule, by agent."""
        if not self.week_shift:
            return ((0, 0),) * len(self.agents)
        week_begins = self.first_day - timedelta(days=self.week_shift)
        found = []
        for agent in range(len(self.agents)):
            own = [s for s in self.before(agent).shifts if self._day_of(s[0]) >= week_begins]
            found.append((len({self._day_of(s[0]) for s in own}), self._paid(agent, own)))
        return tuple(found)

    def _day_of(self, moment: datetime) -> date:
        """Day of the plan in which a moment lies."""
        return pd.Timestamp(moment).tz_convert(self.time_zone).date()

    def _paid(self, agent: int, shifts: Iterable[tuple[datetime, datetime]]) -> int:
        """Paid time of known shifts, each taken for the kind nearest in length [min]."""
        kinds, paid = self.contract_of(agent).shifts, 0
        for begun, ended in shifts:
            minutes = (ended - begun).total_seconds() / 60
            paid += min(kinds, key=lambda kind: abs(kind.shift_min - minutes)).paid_min
        return paid

    def _there(self, agent: int, week: int) -> int:
        """Days of a week on which an agent is not away."""
        return sum(day not in self.absent[agent] for day in self.days_of(week))

    def _workable(self, agent: int, week: int) -> int:
        """Most days of a week that an owed weekend and the days in a row leave an agent."""
        off, most = self.absent[agent] | self.owed_weekend(agent), self.rules.max_days_in_row
        run = self.before(agent).days_in_row if week == 0 else 0
        count = 0
        for day in self.days_of(week):
            works = day not in off and (most is None or run < most)
            run = run + 1 if works else 0
            count += works
        return count

    def grid_of(self, time_zone: str) -> pd.DatetimeIndex:
        """Start of each interval by the clock of a time zone; empty: that of the plan."""
        return self.grid.tz_convert(time_zone) if time_zone else self.grid

    def clock_of(self, time_zone: str) -> np.ndarray:
        """Minutes after midnight of each interval in a time zone; empty: that of the plan."""
        if time_zone in ("", self.time_zone):
            return self.clock
        grid = self.grid_of(time_zone)
        return np.asarray(grid.hour * 60 + grid.minute, dtype=int)

    def starts(self, kind: ShiftKind, time_zone: str = "") -> np.ndarray:
        """Intervals of the horizon in which a shift may start, by the clock of a time zone."""
        clock = self.clock_of(time_zone)[: self.intervals]
        since = clock - kind.start_from_min
        good = (since >= 0) & (clock <= kind.start_to_min)
        return np.flatnonzero(good & (since % kind.start_grid_min == 0))

    @property
    def bands(self) -> list[tuple[int, int]]:
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
    def levels(self) -> np.ndarray:
        """Level of each agent's skill for each queue, 1 the best, shape (agents, queues)."""
        asked = [self.queue_skills[queue] for queue in self.queues]
        found = [[agent.level(skill) for skill in asked] for agent in self.agents]
        return np.array(found, dtype=int).reshape(len(self.agents), len(asked))

    @cached_property
    def priorities(self) -> np.ndarray:
        """Priority of each queue, 1 the highest, shape (queues,)."""
        return np.array([self.queue_priorities.get(q, PRIORITY) for q in self.queues], dtype=int)

    @cached_property
    def targets(self) -> np.ndarray:
        """Target of each campaign in whole agent-intervals."""
        return np.array([round(c.target_h * 60 / self.interval_min) for c in self.campaigns], int)

    @cached_property
    def passes(self) -> tuple[Pass, ...]:
        """Where a list bounds the work on a campaign: days in which each record is tried once.

        One for each `gap_days` days in a row by the customers' clock, of campaigns whose target
        takes longer than one try of every record.
        """
        found = []
        for number, campaign in enumerate(self.campaigns):
            seconds = campaign.pass_s(self.grid[: self.intervals], self.interval_min)
            if seconds is None or not campaign.gap_days:
                continue
            most = max(ceil(seconds / 60 / self.interval_min - NEAR), self.block)
            if self.targets[number] <= most:
                continue
            dates = campaign.local(self.grid[: self.intervals]).date
            starts = [0, *(np.flatnonzero(dates[1:] != dates[:-1]) + 1).tolist(), self.intervals]
            days = len(starts) - 1
            for day in range(max(days - campaign.gap_days, 0) + 1):
                until = starts[min(day + campaign.gap_days, days)]
                found.append(Pass(number, slice(starts[day], until), most))
        return tuple(found)

    @cached_property
    def limit_members(self) -> np.ndarray:
        """Whom each staff limit counts, shape (limits, agents), bool."""
        found = [[limit.counts(agent) for agent in self.agents] for limit in self.staff_limits]
        return np.array(found, dtype=bool).reshape(len(self.staff_limits), len(self.agents))

    @cached_property
    def limit_open(self) -> np.ndarray:
        """Where each staff limit holds, shape (limits, intervals), bool."""
        inside, busy = self.grid[: self.intervals], self.required.any(axis=0)
        found = [busy if n.hours is None else n.hours.open_at(inside) for n in self.staff_limits]
        return np.array(found, dtype=bool).reshape(len(self.staff_limits), self.intervals)

    def meeting_open(self, meeting: Meeting) -> np.ndarray:
        """Where a meeting may be, shape (intervals,)."""
        return meeting.open_at(self.grid[: self.intervals])

    @cached_property
    def outbound_short(self) -> np.ndarray:
        """Cost of an agent-interval below the target, by campaign: dearest where worth most."""
        return self.weights.outbound_short * np.array([c.value for c in self.campaigns], float)

    @property
    def outbound_excess(self) -> float:
        """What an agent-interval beyond a target costs in the search: more than on any queue.

        At `Weights.outbound_over` alone, people for whom there is nothing else to do would go on
        with a campaign that is done, since that costs no more. Where it costs less by the weights
        asked for, it does here too, so that bounds stay below every schedule.
        """
        over, beyond = self.weights.over, self.weights.outbound_over
        return beyond + over if over <= beyond else beyond

    @property
    def meetings_save(self) -> float:
        """What meetings can save at most by who is off a queue then [cost units].

        Linear programmes know no meetings, so that their bounds are to be lower by this: in place
        of every meeting its people could be on a queue, at most one too many each.
        """
        times = sum(len(m.agents) * self.count(m.minutes) for m in self.meetings)
        return self.weights.over * times * self.scale

    @property
    def whole(self) -> bool:
        """Whether every cost is a whole number, so that a bound may be rounded up."""
        whole = (self.outbound_short % 1 == 0).all() and self.weights.limit % 1 == 0
        return self.weights.whole and bool(whole)

    @property
    def rest(self) -> int:
        """Least rest between two shifts [intervals]."""
        return -(-self.rules.rest_min // self.interval_min)

    @property
    def block(self) -> int:
        """Least intervals of an outbound block."""
        return max(1, -(-self.rules.outbound_block_min // self.interval_min))

    @property
    def break_gap(self) -> tuple[int, int | None]:
        """Least and most work beside a break [intervals]."""
        least, most = self.rules.break_gap_min, self.rules.break_gap_max
        return -(-least // self.interval_min), None if most is None else most // self.interval_min

    @cached_property
    def break_share(self) -> Fraction | None:
        """Share of those on duty who may be on a break, to the nearest per cent."""
        share = self.rules.break_share_max
        return None if share is None else Fraction(max(round(100 * share), 1), 100)

    @cached_property
    def break_teams(self) -> np.ndarray:
        """Whose breaks are limited together, shape (teams, agents), bool; no team without a rule.

        By team in the order of their names.
        """
        if self.rules.break_share_max is None and self.rules.break_heads_max is None:
            return np.zeros((0, len(self.agents)), dtype=bool)
        if not self.rules.break_by_team:
            return np.ones((1, len(self.agents)), dtype=bool)
        of = np.array([agent.team for agent in self.agents], dtype=object)
        return np.array([of == team for team in sorted(set(of))], dtype=bool)

    def breaks_allowed(self, duty: np.ndarray) -> np.ndarray:
        """Most heads on a break where so many are on duty, they included.

        Examples
        --------
        A fifth of 1, 5 and 6 is 1, 1 and, rounded up, 2.
        """
        most = np.full(duty.shape, len(self.agents))
        if self.break_share is not None:
            part = duty * self.break_share.numerator
            most = np.minimum(most, -(-part // self.break_share.denominator))
        if self.rules.break_heads_max is not None:
            most = np.minimum(most, self.rules.break_heads_max)
        return most

    def windows_of(self, kind: ShiftKind) -> tuple[Window, ...]:
        """Length, earliest and latest begin of the breaks of a kind of shift [intervals]."""
        windows = [
            (self.count(p.length_min), self.count(p.earliest_min), self.count(p.latest_min))
            for p in kind.breaks
        ]
        return fitting(windows, self.count(kind.shift_min), *self.break_gap)

    @cached_property
    def min_labour(self) -> float:
        """Labour cost when everybody works the least allowed [cost units]."""
        paid = sum(
            self._least_paid(agent, week)
            for agent in range(len(self.agents))
            for week in range(self.weeks)
        )
        return self.weights.labour * float(paid) / PRICED_MIN

    def _least_paid(self, agent: int, week: int) -> int:
        """Paid time that nobody can take from an agent's week [min]."""
        shortest = min(kind.paid_min for kind in self.contract_of(agent).shifts)
        limits = self.paid_limits(agent, week)
        days = self.limits(agent, week)[0] * shortest
        return days if limits is None else max(days, limits[0])

    def stamp(self, interval: int) -> str:
        """Local start of an interval, for messages."""
        return self.grid[interval].strftime("%a %Y-%m-%d %H:%M")


@lru_cache(maxsize=1024)
def paid_totals(paid: tuple[int, ...], days: int) -> frozenset[int]:
    """Paid time that some shifts can have together.

    Parameters
    ----------
    paid
        Of each kind of shift [min].
    days
        How many shifts.

    Examples
    --------
    >>> sorted(paid_totals((240, 360), 2))
    [480, 600, 720]
    """
    totals = {0}
    for _ in range(days):
        totals = {total + one for total in totals for one in paid}
    return frozenset(totals)


def under_widths(required: np.ndarray, weights: Weights) -> np.ndarray:
    """Heads that may be missing at each of the three prices, shape (3, ...).

    >>> under_widths(np.array([0, 5, 15]), Weights()).tolist()
    [[0, 1, 2], [0, 1, 2], [0, 3, 11]]
    """
    step = -(-required // weights.under_step)
    first = np.minimum(step, required)
    second = np.minimum(step, required - first)
    return np.array([first, second, required - first - second])
