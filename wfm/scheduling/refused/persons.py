"""What one agent's hours, locks and past make impossible, said in one sentence."""

from __future__ import annotations

from itertools import pairwise

from wfm.core.edits import Lock
from wfm.core.errors import ClashError, DataError
from wfm.core.meetings import Meeting
from wfm.core.people import ShiftKind
from wfm.core.types import Violation
from wfm.scheduling.patterns import own_patterns
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import violation


def check_persons(problem: Problem) -> None:
    """Check every agent on its own.

    Raises
    ------
    DataError
        Naming the agent, the day and the rule, and what to do.
    """
    for agent in problem.agents:
        for one, other in pairwise(sorted(agent.absences, key=lambda a: (a.first, a.last))):
            if other.first <= one.last:
                _refuse(
                    f"agent {agent.agent!r}: absences from {one.first} and from {other.first} "
                    "overlap. Join them."
                )
    names = {agent.agent: i for i, agent in enumerate(problem.agents)}
    seen: set[tuple[str, object]] = set()
    for lock in problem.locks:
        if lock.agent not in names:
            _refuse(f"lock of {lock.day}: there is no agent {lock.agent!r}. Correct the name.")
        if (lock.agent, lock.day) in seen:
            _refuse(f"agent {lock.agent!r}: two locks on {lock.day}. Keep one.")
        seen.add((lock.agent, lock.day))
        _lock(problem, names[lock.agent], lock)
    for number, limit in enumerate(problem.staff_limits):
        counted = int(problem.limit_members[number].sum())
        if counted < limit.least:
            _refuse(
                f"limit {limit.limit!r}: at least {limit.least} at work are asked, but it counts "
                f"{counted} agents. Ask fewer, or correct its skill and team."
            )
    for meeting in problem.meetings:
        lost = [name for name in meeting.agents if name not in names]
        if lost:
            _refuse(
                f"meeting {meeting.meeting!r}: there is no agent {lost[0]!r}. Correct the name."
            )
        if not problem.meeting_open(meeting).any():
            _refuse(
                f"meeting {meeting.meeting!r}: its days and hours never open within the schedule. "
                "Widen them."
            )
        _meeting(problem, meeting, [names[name] for name in meeting.agents])
    everybody = range(len(problem.agents))
    for i in everybody:
        _starts(problem, i)
        _rest(problem, i)
        _average(problem, i)
        for week in range(problem.weeks):
            _week(problem, i, week)
    if not any(len(problem.starts_of(i)) for i in everybody):
        _refuse(
            "agents: nobody's hours hold a shift within the schedule's days. Widen the hours, or "
            "plan other days."
        )


def _meeting(problem: Problem, meeting: Meeting, invited: list[int]) -> None:
    """Enough of those invited have a shift that holds the meeting between two breaks."""
    longest = {
        i: max(_stretch(problem, kind) for kind in problem.contract_of(i).shifts)
        for i in set(invited)
    }
    most = sorted(longest.values(), reverse=True)[meeting.needed - 1]
    if most >= meeting.minutes:
        return
    what = (
        f"meeting {meeting.meeting!r}: it lasts {meeting.minutes} min, but its people's shifts "
        f"leave at most {most} min between two breaks. Shorten it, or hold it in parts."
    )
    raise ClashError(what, (Violation("meetings", what),))


def _stretch(problem: Problem, kind: ShiftKind) -> int:
    """Longest time between two breaks that a kind of shift can have [min]."""
    free, longest = 0, 0
    for length, first, last in problem.windows_of(kind):
        longest, free = max(longest, last - free), first + length
    return max(longest, problem.count(kind.shift_min) - free) * problem.interval_min


def _lock(problem: Problem, agent: int, lock: Lock) -> None:
    day = (lock.day - problem.first_day).days
    who = f"agent {lock.agent!r}: the lock on {lock.day}"
    if not 0 <= day < problem.days:
        _refuse(f"{who} lies outside the schedule. Drop it or plan that day.")
    if lock.start_min is None:
        return
    if day in problem.absent[agent]:
        _refuse(f"{who} breaks the rule absence: the agent is away. Drop one of them.")
    if day in problem.owed_weekend(agent):
        _refuse(f"{who} breaks the rule free_weekends: this weekend has to be free. Drop it.")
    start = problem.interval_at(day, lock.start_min)
    clock = f"{lock.start_min // 60:02d}:{lock.start_min % 60:02d}"
    contract, zone = problem.contract_of(agent), problem.agents[agent].time_zone
    names = [kind.shift for kind in contract.shifts]
    if lock.shift and lock.shift not in names:
        _refuse(
            f"{who}: contract {contract.contract!r} has no shift {lock.shift!r}. Use one of "
            f"{', '.join(names)}, or name none for any."
        )
    kinds = [kind for kind in contract.shifts if lock.shift in ("", kind.shift)]
    on_grid = int(problem.clock[start]) == lock.start_min
    if not on_grid or not any(start in problem.starts(kind, zone) for kind in kinds):
        what = lock.shift or contract.contract
        _refuse(f"{who} breaks the rule starts: {clock} is no start of {what!r}.")
    starts, numbers = problem.options_of(agent)
    if not any(contract.shifts[k] in kinds for k in numbers[starts == start].tolist()):
        _refuse(f"{who} breaks the rule hours: a shift from {clock} leaves the agent's hours.")
    if start < problem.free_from(agent):
        _refuse(
            f"{who} breaks the rule rest: less than {problem.rules.rest_min} min since the last "
            "shift before the schedule. Start later."
        )


def _starts(problem: Problem, agent: int) -> None:
    who = problem.agents[agent]
    clock = who.time_zone or problem.time_zone
    kinds = problem.contracts[who.contract].shifts
    if not any(len(problem.starts(kind, who.time_zone)) for kind in kinds):
        _refuse(
            f"agent {who.agent!r}: no start of contract {who.contract!r} falls on the schedule's "
            f"grid of {problem.interval_min} min by the clock of {clock}. "
            "Give the contract other starts, or plan in shorter intervals."
        )


def _rest(problem: Problem, agent: int) -> None:
    for one, other in pairwise(sorted(s for s in problem.locked[agent].values() if s is not None)):
        shortest = min(kind.shift_min for kind in problem.kinds_of(agent, one))
        if other.start < one.start + problem.count(shortest) + problem.rest:
            _refuse(
                f"agent {problem.agents[agent].agent!r}: the locks on {problem.stamp(one.start)} "
                f"and {problem.stamp(other.start)} break the rule rest of "
                f"{problem.rules.rest_min} min. Move one."
            )


def _average(problem: Problem, agent: int) -> None:
    """The fewest days of all weeks are within the average paid hours."""
    allowed = problem.shifts_allowed(agent)
    asked = sum(problem.limits(agent, week)[0] for week in range(problem.weeks))
    if allowed is None or asked <= allowed:
        return
    who, most = problem.agents[agent], problem.rules.max_hours_average_week
    shortest = min(kind.paid_min for kind in problem.contract_of(agent).shifts)
    hours, last = (
        problem.average_hours(agent, asked * shortest),
        problem.grid[problem.intervals - 1].date(),
    )
    message = (
        f"agent {who.agent!r}: contract {who.contract!r} asks at least {asked} shifts from "
        f"{problem.first_day} to {last}, {hours:g} paid hours a week on average; "
        f"the rule hours_average allows {most:g}. Ask fewer days or shorter shifts, or allow more."
    )
    first = violation(problem, "hours_average", agent, 0, f"{asked} shifts, {allowed} allowed.")
    raise ClashError(message, (first,))


def _week(problem: Problem, agent: int, week: int) -> None:
    who, days = problem.agents[agent], problem.days_of(week)
    first = problem.grid[problem.first_interval[days[0]]].date()
    where = f"agent {who.agent!r}, week of {first}"
    fewest, most = problem.limits(agent, week)
    locked = {d: s for d, s in problem.locked[agent].items() if d in days and s is not None}
    clocks = [int(problem.clock[s.start]) for s in locked.values()]
    contract = problem.contracts[who.contract]
    if not any(all(low <= c <= high for c in clocks) for low, high in problem.bands):
        _refuse(
            f"{where}: the locked starts break the rule band, they differ by more than "
            f"{problem.rules.band_min} min. Move one."
        )
    if len(locked) > most:
        rule = _limiting(problem, agent, week, len(locked))
        _refuse(
            f"{where}: {len(locked)} locked shifts break the rule {rule}, at most {most}. "
            "Drop some."
        )
    there = [d for d in days if d not in problem.closed[agent]]
    if len(there) < fewest:
        short = (fewest - len(there)) * min(kind.paid_min for kind in contract.shifts) / 60
        _refuse(
            f"{where}: contract {contract.contract!r} asks {fewest} shifts, but hours, locks and "
            f"absences leave {len(there)} days; {short:g} paid hours are missing. Ask fewer days "
            "or free some."
        )
    if not len(own_patterns(problem, agent, week)):
        row = problem.rules.max_days_in_row
        before = problem.before(agent).days_in_row if week == 0 else 0
        _refuse(
            f"{where}: no {fewest} to {most} days keep the rule days_in_row (at most {row}, "
            f"{before} before) beside its locks and days off. Free or drop a lock."
        )


def _limiting(problem: Problem, agent: int, week: int, shifts: int) -> str:
    """Which rule so many shifts of a week are too many for."""
    if shifts > problem.asked_days(agent, week)[1]:
        return "days_per_week"
    hours = problem.paid_limits(agent, week)
    shortest = min(kind.paid_min for kind in problem.contract_of(agent).shifts)
    return "hours_week" if hours and shifts * shortest > hours[1] else "hours_average"


def _refuse(message: str) -> None:
    raise DataError(message)
