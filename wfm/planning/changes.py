"""What happens to a schedule after it was made: edits, swaps, sick calls, planning again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wfm.core.edits import Lock, ShiftEdit
from wfm.core.errors import DataError
from wfm.core.people import Absence, Agent, Contract
from wfm.core.ranges import check_range
from wfm.core.terms import term_name
from wfm.core.types import Requirement, Schedule, Violation
from wfm.planning.steps import schedule_problem

if TYPE_CHECKING:
    from wfm.scheduling.problem import Problem
    from wfm.scheduling.solve import Progress

SICK_S = 1.5
SICK_CHANGED = 3
SAME = 1e-6
"""Share of a bound by which a schedule priced again may differ from it."""
SAID_BEFORE = ("under", "over", "labour")  # terms that a comparison tells in hours


@dataclass(frozen=True, eq=False)
class Edited:
    """A schedule after edits by hand, and what they did.

    Parameters
    ----------
    schedule
        As it is now; `schedule.violations` lists every rule it breaks.
    effect
        `what before after change`: agent hours missing and above, paid hours, cost, the cost terms
        that are no hours, and the sum of all.
    coverage
        `start queue required before after`: heads in every interval that changed.
    broken, mended
        Violations that the edits brought, and those they took away.
    """

    schedule: Schedule
    effect: pd.DataFrame
    coverage: pd.DataFrame
    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]


def edit_schedule(
    schedule: Schedule,
    edits: Sequence[ShiftEdit],
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    **settings: Any,
) -> Edited:
    """Change a schedule by hand and see what that does to coverage, cost and rules.

    Parameters
    ----------
    schedule
        Any schedule.
    edits
        In their order. A moved or new shift takes its breaks and queues where they cost least.
        An edit may break a rule: it is done, and the rule is named.
    requirement, agents, contracts, settings
        As for `check_schedule`.

    Returns
    -------
    Edited
        The new schedule and the effect.

    Raises
    ------
    DataError
        An agent, a day or a shift that is not there.
    """
    from wfm.scheduling.check import check
    from wfm.scheduling.finished.edit import apply_edits

    problem = problem_of(schedule, requirement, agents, contracts, settings)
    frame = apply_edits(problem, schedule.frame, edits)
    broken = tuple(check(problem, frame))
    return _edited(problem, schedule, frame, broken)


def _edited(
    problem: Problem, schedule: Schedule, frame: pd.DataFrame, broken: tuple[Violation, ...]
) -> Edited:
    from wfm.scheduling.check import check, price
    from wfm.scheduling.finished.edit import effect

    was = tuple(check(problem, schedule.frame))
    old, new = price(problem, schedule.frame), price(problem, frame)
    before, made = (
        remade(problem, schedule, *one) for one in ((schedule.frame, was), (frame, broken))
    )
    known, now = {str(v) for v in was}, {str(v) for v in broken}
    return Edited(
        schedule=made,
        effect=compare_figures(before, made),
        coverage=effect(problem, old.staff, new.staff),
        broken=tuple(v for v in broken if str(v) not in known),
        mended=tuple(v for v in was if str(v) not in now),
    )


def remade(
    problem: Problem, schedule: Schedule, frame: pd.DataFrame, broken: Sequence[Violation]
) -> Schedule:
    """A schedule with other segments, priced by what it is for now.

    Its bound is kept where it was proven for that, too, and where nothing costs less than it: what
    breaks a rule may.
    """
    from wfm.scheduling.check import price
    from wfm.scheduling.made_for import is_bound_of
    from wfm.scheduling.report import make_schedule_value

    holds = is_bound_of(schedule.made_for, problem)
    holds &= price(problem, frame).objective >= schedule.bound * (1 - SAME)
    return make_schedule_value(
        problem,
        frame,
        tuple(broken),
        schedule.bound if holds else None,
        schedule.stopped_by,
        schedule.seconds,
        schedule.seed,
    )


def compare_figures(before: Schedule, after: Schedule) -> pd.DataFrame:
    """`what before after change` of two schedules: hours short and above, paid, money, cost."""
    found = []
    for schedule in (before, after):
        cover = schedule.coverage.groupby("start")[["under", "over"]].sum().sum()
        starts = schedule.coverage["start"].drop_duplicates().sort_values()
        step = starts.diff().min()
        hours = 0.0 if pd.isna(step) else step / pd.Timedelta(hours=1)
        figures = {
            "Hours short": float(cover["under"]) * hours,
            "Hours above the requirement": float(cover["over"]) * hours,
            "Outbound hours placed": float(schedule.outbound["placed_h"].sum()),
            "Paid hours": schedule.hours,
            "Cost": schedule.cost,
            "Rules broken": float(len(schedule.violations)),
        }
        terms = {name: value for name, value in schedule.terms.items() if name not in SAID_BEFORE}
        figures |= {f"{term_name(name)} [cost units]": float(v) for name, v in terms.items()}
        found.append(figures | {"All [cost units]": schedule.objective})
    names = list(dict.fromkeys([*found[0], *found[1]]))
    table = pd.DataFrame({"what": names})
    table["before"] = [found[0].get(name, 0.0) for name in names]
    table["after"] = [found[1].get(name, 0.0) for name in names]
    return table.assign(change=table["after"] - table["before"])


def swap_partners(
    schedule: Schedule,
    agent: str,
    day: date,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    **settings: Any,
) -> pd.DataFrame:
    """With whom an agent may swap a day, what that changes, and why others may not.

    Parameters
    ----------
    schedule
        Any schedule.
    agent, day
        Whose day, a shift or a day off.
    requirement, agents, contracts, settings
        As for `check_schedule`.

    Returns
    -------
    pandas.DataFrame
        `agent name team now legal why cost under_h`, legal partners first, then the cheapest.
    """
    from wfm.scheduling.finished.swaps import swap_partners as run

    problem = problem_of(schedule, requirement, agents, contracts, settings)
    if not 0 <= (day - problem.first_day).days < problem.days:
        message = f"swap: {day} lies outside the schedule. Choose one of its days."
        raise DataError(message)
    return run(problem, schedule.frame, _number(agents, agent), day)


def replan_schedule(
    published: Schedule,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    change_cost: float = 40.0,
    only: Collection[str] | None = None,
    most_changed: int | None = None,
    seconds: float = 20.0,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    **settings: Any,
) -> Schedule:
    """Plan a published schedule again with as few changes as are worth it.

    Parameters
    ----------
    published
        What people were told.
    requirement, agents, contracts, settings
        As they are now: new absences, locks, contacts. Locked shifts keep everything.
    change_cost
        Price of each agent and day that differs [cost units]; an agent hour of labour is 8.
    only
        Agents who may be changed beside those who must be; None for all.
    most_changed
        Most agents changed beside those who must be.
    seconds, progress, stop
        As for `make_schedule`.

    Returns
    -------
    Schedule
        With a proven bound and the term `change` in its cost; shifts that keep their start keep
        their breaks and their work.

    Raises
    ------
    InfeasibleError
        Somebody has no legal week left; it carries the nearest schedule.
    DataError
        Input that cannot be, such as a lock that breaks a rule.
    """
    from wfm.scheduling.finished.replan import replan
    from wfm.scheduling.settings import Weights

    check_range("schedule", "seconds", seconds)
    weights = replace(settings.pop("weights", None) or Weights(), change=change_cost)
    problem = problem_of(
        published, requirement, agents, contracts, {**settings, "weights": weights}
    )
    return replan(
        problem,
        _still_owed(published.frame, requirement, problem),
        seconds=seconds,
        only=only,
        most_changed=most_changed,
        progress=progress,
        stop=stop,
    )


def place_meetings(
    schedule: Schedule,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    since: date | None = None,
    **settings: Any,
) -> Schedule:
    """Place the meetings of `settings` in a schedule that exists; shifts and breaks stay.

    Parameters
    ----------
    schedule
        Any schedule; meetings that it holds whole stay where they are.
    requirement, agents, contracts, settings
        As for `check_schedule`, with `meetings`.
    since
        First day of the schedule that is not over; None if none is.

    Returns
    -------
    Schedule
        A meeting without a place is a violation of the rule meetings.
    """
    from wfm.scheduling.check import check
    from wfm.scheduling.finished.explain import crew_of
    from wfm.scheduling.people.meet import place_meetings as place

    problem = problem_of(schedule, requirement, agents, contracts, settings)
    crew = crew_of(problem, schedule.frame)
    day = 0 if since is None else min(max((since - problem.first_day).days, 0), problem.days)
    place(crew, int(problem.first_interval[day]))
    frame = crew.frame()
    return remade(problem, schedule, frame, check(problem, frame))


def sick_call(
    published: Schedule,
    agent: str,
    first: date,
    last: date | None,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    *,
    most_changed: int = SICK_CHANGED,
    change_cost: float = 10.0,
    **settings: Any,
) -> Schedule:
    """Repair a published schedule in seconds after somebody called in sick.

    Parameters
    ----------
    published
        What people were told.
    agent, first, last
        Who is away from when to when; `last` None means one day.
    requirement, agents, contracts, settings
        As for `check_schedule`, without the absence.
    most_changed
        Most other agents who get another shift.
    change_cost
        Price of each agent and day that differs [cost units].

    Returns
    -------
    Schedule
        The days of the absence and at most `most_changed` other agents differ, and nothing that
        lies before the absence. Limits on several people give way where they must, and a meeting
        that has lost its people has no place: both are among its violations.
    """
    from wfm.scheduling.finished.replan import replan
    from wfm.scheduling.settings import Weights

    end = last or first
    number = _number(agents, agent)
    away = Absence(first, end, "sick")
    closing = published.first_day + timedelta(days=published.days - 1)
    if end < published.first_day or first > closing:
        message = (
            f"sick call of {agent!r}: {first} to {end} lies outside the schedule, "
            f"{published.first_day} to {closing}. Correct the days, or enter them as an absence."
        )
        raise DataError(message)
    people = list(agents)
    absences = absences_with(agents[number].absences, away)
    people[number] = replace(agents[number], absences=absences)
    weights = replace(settings.pop("weights", None) or Weights(), change=change_cost)
    given = tuple(settings.pop("locks", ()))
    kept = [k for k in given if k.agent != agent or not first <= k.day <= end]
    problem = problem_of(
        published,
        requirement,
        people,
        contracts,
        {**settings, "weights": weights, "locks": kept},
    )
    frame = _still_owed(published.frame, requirement, problem)
    since = max((first - published.first_day).days, 0)
    return replan(
        problem, frame, seconds=SICK_S, most_changed=most_changed, prove=False, since=since
    )


def locks_of(
    schedule: Schedule,
    *,
    agents: Collection[str] | None = None,
    days: Collection[date] | None = None,
    until: date | None = None,
    contracts: Iterable[Contract] = (),
) -> list[Lock]:
    """Locks that keep a schedule as it is: whole agents, whole days, or single ones.

    Parameters
    ----------
    schedule
        What is to stay.
    agents, days
        Which agents and days; None for all.
    until
        Last day to lock; None for the last of the schedule.
    contracts
        Of the agents; a lock then names the kind of shift, where its length tells it.

    Returns
    -------
    list of Lock
        The start of each shift, and days off.
    """
    table = shift_days(schedule)
    starts = {(a, d): s for a, d, s in table[["agent", "day", "start_min"]].to_numpy().tolist()}
    long = (table["end"] - table["start"]).dt.total_seconds() // 60
    minutes = dict(zip(zip(table["agent"], table["day"], strict=True), long, strict=True))
    known = {c.contract: c for c in contracts}
    of = dict(zip(schedule.totals["agent"], schedule.totals["contract"], strict=True))

    def kind(agent: str, day: date) -> str:
        """Name of the only kind as long as the shift of a day, of several."""
        kinds = known[of[agent]].shifts if of[agent] in known else ()
        same = [k.shift for k in kinds if k.shift_min == minutes.get((agent, day))]
        return same[0] if len(kinds) > 1 and len(same) == 1 else ""

    found = []
    for agent in schedule.totals["agent"].tolist():
        if agents is not None and agent not in agents:
            continue
        for i in range(schedule.days):
            day = schedule.first_day + timedelta(days=i)
            if (days is None or day in days) and (until is None or day <= until):
                start = starts.get((agent, day))
                at = None if start is None else int(start)
                found.append(Lock(agent, day, at, kind(agent, day)))
    return found


def shift_days(schedule: Schedule) -> pd.DataFrame:
    """`agent day start end start_min` of each shift; a shift belongs to the day it starts on."""
    frame = schedule.frame.sort_values(["agent", "start"])
    same = frame["agent"].eq(frame["agent"].shift())
    begins = ~(same & frame["start"].eq(frame["end"].shift()))
    table = (
        frame.assign(shift=np.cumsum(begins))
        .groupby("shift")
        .agg(agent=("agent", "first"), start=("start", "first"), end=("end", "last"))
        .reset_index(drop=True)
    )
    clock = table["start"].dt
    table["day"] = pd.Series(clock.date, dtype=object)
    table["start_min"] = clock.hour * 60 + clock.minute
    return table[["agent", "day", "start", "end", "start_min"]]


def absences_with(absences: Sequence[Absence], away: Absence) -> tuple[Absence, ...]:
    """Absences with one more, which takes the days it shares with others."""
    day, kept = timedelta(days=1), [away]
    for one in absences:
        if one.first < away.first:
            kept.append(Absence(one.first, min(one.last, away.first - day), one.reason))
        if one.last > away.last:
            kept.append(Absence(max(one.first, away.last + day), one.last, one.reason))
    return tuple(kept)


def _number(agents: Sequence[Agent], name: str) -> int:
    for number, agent in enumerate(agents):
        if agent.agent == name:
            return number
    message = f"schedule: there is no agent {name!r}. Correct the name."
    raise DataError(message)


def _still_owed(frame: pd.DataFrame, requirement: Requirement, problem: Problem) -> pd.DataFrame:
    """A schedule's segments, with waiting work that the requirement no longer has on a queue.

    Pieces of e-mail and post are named by their queue and when they came in, so another forecast
    can have others.
    """
    pieces = tuple(f"{queue} " for queue in requirement.queues)
    known = {campaign.campaign for campaign in problem.campaigns}
    gone = frame["activity"].eq("outbound") & ~frame["queue"].isin(known)
    gone &= frame["queue"].str.startswith(pieces)
    serves = {
        agent.agent: problem.queues[problem.queues_of(number)[0]]
        for number, agent in enumerate(problem.agents)
    }
    back = frame["agent"].map(serves).fillna(frame["queue"])
    return frame.assign(
        activity=frame["activity"].mask(gone, "inbound"), queue=frame["queue"].mask(gone, back)
    )


def problem_of(
    schedule: Schedule,
    requirement: Requirement,
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    settings: Mapping[str, Any],
) -> Problem:
    """The problem of the days of a schedule."""
    return schedule_problem(
        requirement,
        agents,
        contracts,
        first_day=schedule.first_day,
        days=schedule.days,
        **settings,
    )
