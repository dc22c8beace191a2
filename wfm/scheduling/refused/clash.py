"""Which rule somebody's locks, past and contract clash with, and when: told without a solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from wfm.core.errors import ClashError, DataError
from wfm.core.meetings import Meeting
from wfm.core.people import ShiftKind
from wfm.core.types import Violation
from wfm.scheduling.people.alone import what_decides
from wfm.scheduling.people.construct import NoWeekError, planned_crew
from wfm.scheduling.people.weekends import plan_weekends
from wfm.scheduling.problem import ANY, Begin, Problem
from wfm.scheduling.roster import Piece, Roster, Shift, violation, when
from wfm.scheduling.rules import RULES

OF_DAYS = (
    "one_shift_a_day",
    "absence",
    "starts",
    "hours",
    "rest",
    "band",
    "days_per_week",
    "hours_week",
)
OF_ROWS = ("days_in_row", "free_weekends", "weekly_rest", "hours_average", "next_day")
OF_NIGHTS = ("nights_per_week", "nights_in_row", "rest_after_nights")


@contextmanager
def named(problem: Problem) -> Iterator[None]:
    """Give a refusal of somebody's locks or days the rule, the agent and the day it is about.

    Parameters
    ----------
    problem
        What is checked inside.

    Raises
    ------
    ClashError
        Instead of a plain `DataError`; also where locks break a rule that nothing else refused.
    """
    try:
        yield
    except DataError as refused:
        message, found = str(refused), locked_clashes(problem)
        if found and found[0].when[4:14] not in message:
            message = f"{message} It shows first on {found[0].when}."
        found += unkept_limits(problem) + unkept_breaks(problem) + unkept_meetings(problem)
        found = found or short_weeks(problem)
        if found:
            raise ClashError(message, found) from refused
        raise
    found = locked_clashes(problem)
    if found:
        message = f"agent {found[0].agent!r}: locks break the rule {found[0]} Move or drop one."
        raise ClashError(message, found)


def locked_clashes(problem: Problem) -> list[Violation]:
    """What the locked shifts alone break: nothing that is added to them can mend that.

    Parameters
    ----------
    problem
        Its locks are read one by one, so that two of a day are seen.

    Returns
    -------
    list of Violation
        With agent and local time; empty when a schedule may keep all locks.
    """
    shifts = sorted(_locked_shifts(problem), key=lambda s: (s.agent, s.start))
    if not shifts:
        return []
    lenient = {
        name: replace(c, min_days_week=0, min_hours_week=None)
        for name, c in problem.contracts.items()
    }
    alone = replace(problem, contracts=lenient)
    roster = Roster(tuple(shifts), ())
    rules = [rule for rule in RULES if rule.name in (*OF_DAYS, *OF_ROWS, *OF_NIGHTS)]
    found = [v for rule in rules for v in rule.violations(alone, roster)]
    off_grid = [v for lock in problem.locks for v in _off_the_grid(problem, lock.agent, lock.day)]
    return found + off_grid


def _locked_shifts(problem: Problem) -> Iterator[Shift]:
    numbers = {a.agent: i for i, a in enumerate(problem.agents)}
    for lock in problem.locks:
        day = (lock.day - problem.first_day).days
        if lock.agent not in numbers or lock.start_min is None or not 0 <= day < problem.days:
            continue
        agent = numbers[lock.agent]
        begin = problem.locked_begin(agent, lock)
        assert begin is not None
        shortest = min(kind.shift_min for kind in problem.kinds_of(agent, begin))
        end = begin.start + problem.count(shortest)
        yield Shift(agent, (Piece(begin.start, end, "inbound", ""),))


def _off_the_grid(problem: Problem, name: str, day: object) -> Iterator[Violation]:
    """Locked starts that the grid does not know."""
    for lock in problem.locks:
        number = (lock.day - problem.first_day).days
        if (lock.agent, lock.day) != (name, day) or lock.start_min is None:
            continue
        if 0 <= number < problem.days:
            start = problem.interval_at(number, lock.start_min)
            if int(problem.clock[start]) != lock.start_min:
                text = "the locked start is not one of the contract's."
                yield Violation("starts", text, name, when(problem, start))


def short_weeks(problem: Problem) -> list[Violation]:
    """Weeks in which an agent alone cannot work the days of its contract, whatever others do.

    Parameters
    ----------
    problem
        Agents who are alike in all that decides this are looked at once.

    Returns
    -------
    list of Violation
        The days a week, and each rule that alone would leave enough of them if it gave way.
    """
    known: dict[object, NoWeekError | None] = {}
    for agent in range(len(problem.agents)):
        key = what_decides(problem, agent)
        if key not in known:
            known[key] = _refused(problem, agent)
    return [v for refused in known.values() if refused is not None for v in refused.violations]


def _refused(problem: Problem, agent: int) -> NoWeekError | None:
    """Why an agent has no schedule of its own."""
    alone = replace(problem, agents=(problem.agents[agent],), staff_limits=(), meetings=())
    try:
        planned_crew(plan_weekends(alone))
    except NoWeekError as refused:
        return refused.explained()
    return None


def unkept_limits(problem: Problem) -> list[Violation]:
    """Where a staff limit cannot be kept, whoever works when.

    Parameters
    ----------
    problem
        Its limits, absences, hours, starts and locks decide.

    Returns
    -------
    list of Violation
        One for each limit and day: too few who could be there, or more locked than are allowed;
        `agent` is the first of those who are away, or of those who are locked.
    """
    found, everybody = [], range(len(problem.agents))
    could, must = _could_be_there(problem, everybody), _locked_there(problem)
    for number, limit in enumerate(problem.staff_limits):
        members = np.flatnonzero(problem.limit_members[number])
        holds = problem.limit_open[number]
        most = len(problem.agents) if limit.most is None else limit.most
        for day in range(problem.days):
            span = slice(*problem.first_interval[day : day + 2].tolist())
            few = holds[span] & (could[members, span].sum(axis=0) < limit.least)
            many = holds[span] & (must[members, span].sum(axis=0) > most)
            scarce = f"{limit.limit!r}: too few can be at work from here on."
            crowded = f"{limit.limit!r}: too many are locked at work from here on."
            for wrong, here, text in ((few, ~could, scarce), (many, must, crowded)):
                if not wrong.any():
                    continue
                at = span.start + int(np.argmax(wrong))
                who = members[here[members, at]]
                name = problem.agents[who[0]].agent if len(who) else ""
                found.append(Violation("staff_limits", text, name, when(problem, at)))
    return found


def unkept_breaks(problem: Problem) -> list[Violation]:
    """Where locked shifts alone have more people on a break than are allowed.

    Parameters
    ----------
    problem
        Its locks decide, and the windows of breaks so narrow that they always cover some time.

    Returns
    -------
    list of Violation
        One for each team and day, about the first who is locked there.
    """
    found = []
    everybody = range(len(problem.agents))
    rests, could = _locked_breaks(problem), _could_be_there(problem, everybody)
    for team in problem.break_teams:
        members = np.flatnonzero(team)
        most = problem.breaks_allowed(could[members].sum(axis=0))
        crowded = rests[members].sum(axis=0) > most
        for day in range(problem.days):
            span = slice(*problem.first_interval[day : day + 2].tolist())
            if crowded[span].any():
                at = span.start + int(np.argmax(crowded[span]))
                who = members[rests[members, at]]
                text = f"{len(who)} locked shifts have their break here, at most {most[at]} may."
                found.append(violation(problem, "break_bunching", int(who[0]), at, text))
    return found


def _locked_breaks(problem: Problem) -> np.ndarray:
    """Whether a locked shift has a break in each interval anyhow, shape (agents, intervals)."""
    found = np.zeros((len(problem.agents), problem.intervals), dtype=bool)
    for shift in _locked_shifts(problem):
        kinds = _kinds_then(problem, shift)
        if len(kinds) == 1:  # else another kind may rest at another time
            for length, first, last in problem.windows_of(kinds[0]):
                found[shift.agent, shift.start + last : shift.start + first + length] = True
    return found


def _could_be_there(problem: Problem, agents: Sequence[int]) -> np.ndarray:
    """Whether some start that an agent may have covers each interval, shape (agents, intervals)."""
    found = np.zeros((len(agents), problem.intervals), dtype=bool)
    for row, agent in enumerate(agents):
        lengths = [problem.count(kind.shift_min) for kind in problem.contract_of(agent).shifts]
        starts, kinds = problem.options_of(agent)
        days = problem.day[starts]
        good = ~np.isin(days, list(problem.closed[agent]))
        for day, lock in problem.locked[agent].items():
            if lock is not None:
                good &= (days != day) | (starts == lock.start)
        edges = np.zeros(problem.intervals + max(lengths) + 1, dtype=int)
        np.add.at(edges, starts[good], 1)
        np.add.at(edges, (starts + np.array(lengths)[kinds])[good], -1)
        found[row] = np.cumsum(edges)[: problem.intervals] > 0
    return found


def _locked_there(problem: Problem) -> np.ndarray:
    """Whether a locked shift covers each interval and no break can, shape (agents, intervals)."""
    found = np.zeros((len(problem.agents), problem.intervals), dtype=bool)
    for shift in _locked_shifts(problem):
        found[shift.agent, shift.start : shift.end] = True
        for pause in (p for kind in _kinds_then(problem, shift) for p in kind.breaks):
            first = shift.start + problem.count(pause.earliest_min)
            last = shift.start + problem.count(pause.latest_min + pause.length_min)
            found[shift.agent, first:last] = False
    return found


def _kinds_then(problem: Problem, shift: Shift) -> tuple[ShiftKind, ...]:
    """The kinds that a locked shift can be."""
    lock = problem.locked[shift.agent].get(int(problem.day[shift.start]))
    return problem.kinds_of(shift.agent, lock or Begin(shift.start, ANY))


def unkept_meetings(problem: Problem) -> list[Violation]:
    """Meetings that too few of those invited can attend at any one time.

    Parameters
    ----------
    problem
        Its meetings, absences, days off, hours, starts and locks decide.

    Returns
    -------
    list of Violation
        For each such meeting the first who cannot be there, at the time that suits most.
    """
    found = []
    for meeting in problem.meetings:
        there, opens = _may_attend(problem, meeting), problem.meeting_open(meeting)
        count = there.sum(axis=0)
        if opens.any() and count.max() < meeting.needed:
            at = int(np.argmax(count)) if count.any() else int(np.argmax(opens))
            agent = _invited(problem, meeting)[int(np.argmin(there[:, min(at, len(count) - 1)]))]
            text = (
                f"{meeting.meeting!r} needs {meeting.needed} agents, but this one cannot be there."
            )
            found.append(violation(problem, "meetings", agent, at, text))
    return found


def attendance(problem: Problem, meeting: Meeting) -> int:
    """Most of those invited who can be there together, whole, at one of the times of a meeting."""
    return int(_may_attend(problem, meeting).sum(axis=0).max(initial=0))


def _may_attend(problem: Problem, meeting: Meeting) -> np.ndarray:
    """Who of those invited could be there by the start of a meeting, shape (invited, starts)."""
    could = _could_be_there(problem, _invited(problem, meeting)) & problem.meeting_open(meeting)
    length = problem.count(meeting.minutes)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(could, length, axis=1).all(axis=2))


def _invited(problem: Problem, meeting: Meeting) -> list[int]:
    numbers = {a.agent: i for i, a in enumerate(problem.agents)}
    return [numbers[name] for name in meeting.agents if name in numbers]
