"""What makes a legal schedule impossible, found before any solver and said in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from numbers import Integral

import numpy as np
import pandas as pd

from wfm.core.calendars import DAY_MIN
from wfm.core.errors import ClashError, DataError
from wfm.core.people import LEVELS, Agent, Contract
from wfm.core.ranges import check_range
from wfm.core.types import Violation
from wfm.core.wording import opening_text
from wfm.core.work import OfTable
from wfm.scheduling.problem import WEEK, Problem, paid_totals

MOST_DAYS = 35
SHOWN_KINDS = 2
"""Kinds of shift that a message lists."""


def check_people(agents: Sequence[Agent], contracts: Mapping[str, Contract], given: int) -> None:
    """Every agent once and under a known contract, every contract once."""
    if not agents:
        _refuse("agents: there are none. Add at least one.")
    if given != len(contracts):
        _refuse("contracts: a name stands twice. Give each contract its own name.")
    name, times = _most_often([agent.agent for agent in agents])
    if times > 1:
        _refuse(f"agents: {name!r} stands {times} times. Keep one row an agent.")
    for agent in agents:
        if agent.contract not in contracts:
            _refuse(
                f"agent {agent.agent!r}: contract {agent.contract!r} is not known. "
                f"Use one of {_list(contracts)}."
            )


def check_names(names: Sequence[str]) -> None:
    """Every campaign, meeting or staff limit under a name of its own: schedules know them by it."""
    name, times = _most_often(names)
    if times > 1:
        _refuse(f"{name}: it stands {times} times. Give each its own name.")


def _most_often(names: Sequence[str]) -> tuple[str, int]:
    """The name that stands most often, and how often."""
    return next(iter(Counter(names).most_common(1)), ("", 0))


def check_asked(
    first_day: date | None,
    days: int,
    carried: Mapping[str, object],
    agents: Sequence[Agent],
) -> None:
    """Days that are days, and something from before of somebody who is there.

    Parameters
    ----------
    first_day, days
        As they are given.
    carried
        What agents bring from before, by agent.
    agents
        Everybody.
    """
    if not isinstance(first_day, date | None):
        _refuse(
            f"schedule: first_day is {first_day!r}, which is no date. "
            "Write date(2027, 1, 4), for example."
        )
    if not isinstance(days, Integral):
        _refuse(f"schedule: days is {days!r}. Write a whole number.")
    if carried and not set(carried) & {agent.agent for agent in agents}:
        _refuse(f"carry-in: there is no agent {min(carried)!r}. Correct the name.")


def check_queues(what: str, given: Mapping[str, object], queues: Collection[str]) -> None:
    """Refuse something by queue that names one which is not there, much like one that is.

    Parameters
    ----------
    what
        How a message calls it.
    given
        By queue; it may know more queues than a week has, and leave some out.
    queues
        Of the requirement.
    """
    left_out = sorted(set(queues) - set(given))
    for name in sorted(set(given) - set(queues)):
        if not isinstance(given, OfTable) and get_close_matches(name, left_out):
            _refuse(
                f"{what}: {name!r} is no queue of the requirement, which has "
                f"{', '.join(sorted(queues))}. Correct the name."
            )


def check_horizon(frame: pd.DataFrame, days: int) -> None:
    """A length that can be planned, and something to plan."""
    if not 1 <= days <= MOST_DAYS:
        _refuse(f"schedule: {days} days cannot be planned at once. Use 1 to {MOST_DAYS}.")
    if frame.empty:
        _refuse("requirement: it has no rows. Staff a forecast first.")


def check_input(
    problem: Problem, required_days: pd.DatetimeIndex, known_skills: frozenset[str] = frozenset()
) -> None:
    """Check each part on its own.

    Parameters
    ----------
    problem
        As built.
    required_days
        Local day of each row of the requirement.
    known_skills
        Skills that mean something elsewhere.

    Raises
    ------
    DataError
        Naming the agent, contract, campaign or day, and what to do; a `ClashError` carries the rule
        and the agent.
    """
    _weeks(problem, required_days)
    for name in sorted({a.contract for a in problem.agents}):
        _contract(problem, problem.contracts[name])
    _skills(problem, known_skills)
    for queue, priority in problem.queue_priorities.items():
        check_range("priorities", repr(queue), priority, 1, LEVELS)
    for i, campaign in enumerate(problem.campaigns):
        if campaign.campaign in problem.queues:
            _refuse(
                f"campaign {campaign.campaign!r}: a queue has this name. Give the campaign another "
                "one."
            )
        if not problem.permitted[i].any() and problem.targets[i] > 0:
            _refuse(
                f"campaign {campaign.campaign!r}: its permitted hours never open before its "
                "deadline within the horizon. Change its hours, deadline or the first day.",
                "outbound_hours",
            )
        longest = _longest_run(problem.permitted[i])
        if problem.targets[i] > 0 and longest < problem.block:
            _refuse(
                f"campaign {campaign.campaign!r}: its permitted hours are shorter than a block of "
                f"{problem.rules.outbound_block_min} min. Widen them or shorten the block.",
                "outbound_block",
            )
        if problem.targets[i] > 0 and campaign.due is None:
            _reached(problem, i)


def _reached(problem: Problem, number: int) -> None:
    """Some shift of somebody with the skill holds a block of a campaign, in its weekly hours.

    A campaign that begins, ends or rests on a holiday has weeks without a place, and is left short.
    """
    campaign, shown = problem.campaigns[number], []
    any_week = replace(campaign, not_before=None, deadline=None, country="")
    hours_open = any_week.open_at(problem.grid[: problem.intervals], problem.interval_min)
    edges = np.zeros(len(problem.grid) + 1, dtype=int)
    alike = {
        (agent.contract, agent.time_zone, agent.hours): i
        for i, agent in enumerate(problem.agents)
        if campaign.skill in agent.skills
    }
    for (_, time_zone, _), i in alike.items():
        shifts = problem.contract_of(i).shifts
        lengths = np.array([problem.count(kind.shift_min) for kind in shifts])
        starts, of = problem.options_of(i)
        np.add.at(edges, starts, 1)
        np.add.at(edges, starts + lengths[of], -1)
        shown += [
            f"{kind.shift} starts {_clock(kind.start_from_min)}-{_clock(kind.start_to_min)}"
            f"{_by_clock(time_zone)} for {kind.shift_min} min"
            for kind in shifts
        ]
    reached = np.cumsum(edges)[: problem.intervals] > 0
    if _longest_run(hours_open & reached) < problem.block:
        hours = opening_text(campaign.permitted) + _by_clock(campaign.time_zone)
        _refuse(
            f"campaign {campaign.campaign!r}: no shift of those with the skill "
            f"{campaign.skill!r} holds a block within its hours, {hours}: "
            f"{', '.join(list(dict.fromkeys(shown))[:SHOWN_KINDS])}. Change the hours or the "
            "starts.",
            "outbound_hours",
        )


def _by_clock(time_zone: str) -> str:
    """Whose clock it is, where that is not the plan's."""
    return f" in {time_zone}" if time_zone else ""


def _weeks(problem: Problem, required_days: pd.DatetimeIndex) -> None:
    """Every week of the horizon has a requirement on some day, and none is cut off by its end.

    A day after the last one required may be closed; one whose weekday is open at other times says
    that the requirement ends before the schedule does.
    """
    number = (required_days - pd.Timestamp(problem.first_day)).days.to_numpy()
    known = {int(d) for d in np.unique(number)}
    for week in range(problem.weeks):
        days = problem.days_of(week)
        if not known.intersection(days):
            first = problem.grid[problem.first_interval[days[0]]].date()
            span = f"{required_days.min():%Y-%m-%d} to {required_days.max():%Y-%m-%d}"
            _refuse(
                f"schedule: the requirement ({span}) has no row in the week of {first}. "
                "Choose a first day and days inside it, or staff more days."
            )
    last, weekdays = max(known), {day % WEEK for day in known}
    cut = [day for day in range(last + 1, problem.days) if day % WEEK in weekdays]
    if cut:
        day = problem.grid[problem.first_interval[cut[0]]].date()
        _refuse(
            f"schedule: the requirement ends on {required_days.max().date()}, but {day} is to be "
            f"planned too. Forecast and staff more days, or plan {last + 1} days."
        )


def _contract(problem: Problem, contract: Contract) -> None:
    """Starts exist, and the fewest days and hours fit beside the rest."""
    name = f"contract {contract.contract!r}"
    who = next(a.agent for a in problem.agents if a.contract == contract.contract)
    usable: list[int] = []
    for kind in contract.shifts:
        where = name if len(contract.shifts) == 1 else f"{name}: shift {kind.shift!r}"
        clocks = np.unique(problem.clock[problem.starts(kind)]).tolist()
        inside = [c for c in clocks if any(low <= c <= high for low, high in problem.bands)]
        if not inside:
            _refuse(
                f"{where}: no start from {_clock(kind.start_from_min)} to "
                f"{_clock(kind.start_to_min)} lies inside a start band. Widen its starts.",
                "band",
                who,
            )
        usable += clocks
        least, most = problem.rules.break_gap_min, problem.rules.break_gap_max
        long = most is not None and not kind.breaks and kind.shift_min > most
        if long or any(last < first for _, first, last in problem.windows_of(kind)):
            span = f"at least {least:d}" if most is None else f"{least:d} to {most:d}"
            _refuse(
                f"{where}: no places of its breaks leave {span} min of work before, between and "
                "after them. Widen their windows or that rule.",
                "break_spacing",
                who,
            )
    shortest = min(kind.shift_min for kind in contract.shifts)
    width = DAY_MIN if problem.rules.band_min is None else problem.rules.band_min
    spread = min(width, max(usable) - min(usable))
    fitting = _most_days(shortest + problem.rules.rest_min, spread)
    if contract.min_days_week > fitting:
        _refuse(
            f"{name}: {contract.min_days_week} shifts of {shortest} min a week cannot "
            f"keep {problem.rules.rest_min} min of rest; {fitting} can. Shorten the shift, the "
            "rest or the days.",
            "rest",
            who,
        )
    _hours(contract, who)


def _hours(contract: Contract, who: str) -> None:
    """Some number of days and some kinds of shift meet the paid hours of a week."""
    least = round(60 * (contract.min_hours_week or 0.0))
    most = 7 * DAY_MIN if contract.max_hours_week is None else round(60 * contract.max_hours_week)
    paid = tuple(kind.paid_min for kind in contract.shifts)
    days = range(contract.min_days_week, contract.max_days_week + 1)
    totals = [total for count in days for total in paid_totals(paid, count)]
    if any(least <= total <= most for total in totals):
        return
    near = min(totals, key=lambda total: max(least - total, total - most))
    off = max(least - near, near - most) / 60
    asked = f"{least / 60:g}" if least == most else f"{least / 60:g} to {most / 60:g}"
    way = "too few" if near < least else "too many"
    _refuse(
        f"contract {contract.contract!r}: {days[0]} to {days[-1]} days of its shifts can never be "
        f"{asked} paid hours a week; the nearest is {near / 60:g} h, {off:g} h {way}. "
        "Change the hours, the days or the shifts.",
        "hours_week",
        who,
    )


def _most_days(turn_min: int, spread_min: int) -> int:
    """Most starts in seven days, each `turn_min` after the last, within `spread_min` of the clock.

    >>> _most_days(24 * 60, 0), _most_days(25 * 60, 0), _most_days(25 * 60, 90)
    (7, 4, 5)
    """
    at, count = 0, 0
    while at < 7 * DAY_MIN:
        count += 1
        day, clock = divmod(at + turn_min, DAY_MIN)
        day, clock = (day + 1, 0) if clock > spread_min else (day, clock)
        at = max(day * DAY_MIN + clock, at - at % DAY_MIN + DAY_MIN)
    return count


def _skills(problem: Problem, elsewhere: frozenset[str]) -> None:
    """Skills that mean something, and somebody for every campaign."""
    queues = {problem.queue_skills[queue] for queue in problem.queues}
    known = set(problem.queue_skills.values()) | {c.skill for c in problem.campaigns} | elsewhere
    for agent in problem.agents:
        unknown = sorted(agent.skills - known)
        if unknown:
            _refuse(
                f"agent {agent.agent!r}: skill {unknown[0]!r} names no queue and no campaign. "
                f"Use one of {_list(known)}.",
                "skill",
                agent.agent,
            )
        if not agent.skills & queues:
            _refuse(
                f"agent {agent.agent!r}: has no skill for any queue of the requirement. "
                f"Give at least one of {_list(queues)}.",
                "skill",
                agent.agent,
            )
    have = {skill for agent in problem.agents for skill in agent.skills}
    for campaign in problem.campaigns:
        if campaign.skill not in have and campaign.target_h > 0:
            _refuse(
                f"campaign {campaign.campaign!r}: nobody has the skill {campaign.skill!r}. "
                "Give it to an agent or drop the campaign.",
                "skill",
            )


def _longest_run(mask: np.ndarray) -> int:
    """Most True in a row."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _list(names: Mapping[str, object] | set[str]) -> str:
    return ", ".join(sorted(names)) or "(none)"


def _refuse(message: str, rule: str = "", agent: str = "") -> None:
    if rule:
        raise ClashError(message, (Violation(rule, message, agent),))
    raise DataError(message)
