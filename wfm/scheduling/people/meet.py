"""Meetings placed on named shifts where their people are missed least."""

from __future__ import annotations

import numpy as np

from wfm.core.meetings import Meeting
from wfm.scheduling.crew import CAMPAIGN, MEETING_CODE, QUEUE, Crew

ROUNDS = 2


def place_meetings(crew: Crew, since: int = 0) -> list[Meeting]:
    """Give every meeting its time, in place.

    Each is put where taking its people off their queues costs least, the largest first; then each
    is looked at again beside all others. Breaks and outbound blocks stay where they are.

    Parameters
    ----------
    crew
        Named agents with their shifts; meetings that it holds already stay if they still can.
    since
        First interval in which one may be placed; what was before stays.

    Returns
    -------
    list of Meeting
        Those for which no time has enough of their people on duty.
    """
    problem = crew.problem
    order = sorted(
        range(len(problem.meetings)),
        key=lambda m: -problem.meetings[m].needed * problem.meetings[m].minutes,
    )
    missing: list[Meeting] = []
    begun = {m for m in order if (crew.plan[:, :since] == MEETING_CODE + m).any()}
    kept = begun | {m for m in order if _is_held(crew, m)}
    for turn in range(ROUNDS):
        for number in order:
            if number in kept:
                continue
            _take_away(crew, number)
            found = _best(crew, number, since)
            if found is not None:
                _put(crew, number, *found)
            elif turn == 0:
                missing.append(problem.meetings[number])
    return missing


def _is_held(crew: Crew, number: int) -> bool:
    """Whether enough people are in a meeting already, at one time and for all of it."""
    meeting = crew.problem.meetings[number]
    here = crew.plan == MEETING_CODE + number
    length = crew.problem.count(meeting.minutes)
    at = np.flatnonzero(here.any(axis=0))
    whole = here.any(axis=1) == (here.sum(axis=1) == length)
    return len(at) == length and bool(whole.all()) and here.any(axis=1).sum() >= meeting.needed


def _best(crew: Crew, number: int, since: int) -> tuple[int, list[int]] | None:
    """The cheapest start of a meeting and who comes; None where there is none."""
    problem, meeting = crew.problem, crew.problem.meetings[number]
    length = problem.count(meeting.minutes)
    numbers = {a.agent: i for i, a in enumerate(problem.agents)}
    people = [numbers[name] for name in meeting.agents]
    plan = crew.plan[people, : problem.intervals]
    on_queue = (plan >= QUEUE) & (plan < CAMPAIGN)
    queue = np.where(on_queue, plan - QUEUE, 0)
    loss = np.where(on_queue, crew.removing()[queue, np.arange(problem.intervals)], np.inf)
    good = problem.meeting_open(meeting) & ~_taken(crew, number)
    good[:since] = False
    loss[:, ~good] = np.inf
    windows = np.lib.stride_tricks.sliding_window_view(loss, length, axis=1).sum(axis=2)
    free = np.isfinite(windows).sum(axis=0)
    enough = free >= meeting.needed
    if not enough.any():
        return None
    total = np.where(np.isfinite(windows), windows, 0.0).sum(axis=0)
    mean = np.where(enough, total / np.maximum(free, 1), np.inf)
    shortfall = len(people) - free
    start = int(np.lexsort((np.arange(len(mean)), mean, np.where(enough, shortfall, 10**6)))[0])
    return start, [people[i] for i in np.flatnonzero(np.isfinite(windows[:, start]))]


def _taken(crew: Crew, number: int) -> np.ndarray:
    """Intervals in which the room of a meeting is taken by another."""
    problem, room = crew.problem, crew.problem.meetings[number].room
    taken = np.zeros(problem.intervals, dtype=bool)
    for other, meeting in enumerate(problem.meetings):
        if room and other != number and meeting.room == room:
            taken |= (crew.plan[:, : problem.intervals] == MEETING_CODE + other).any(axis=0)
    return taken


def _take_away(crew: Crew, number: int) -> None:
    """Put the people of a meeting back on their cheapest queue."""
    problem = crew.problem
    for agent in np.flatnonzero((crew.plan == MEETING_CODE + number).any(axis=1)).tolist():
        where = np.flatnonzero(crew.plan[agent] == MEETING_CODE + number)
        start, end = int(where[0]), int(where[-1]) + 1
        queues = np.array(problem.queues_of(agent))
        best = queues[np.argmin(crew.adding()[queues][:, start:end].sum(axis=1))]
        crew.recode(agent, start, np.full(end - start, QUEUE + best, dtype=np.int16))


def _put(crew: Crew, number: int, start: int, people: list[int]) -> None:
    length = crew.problem.count(crew.problem.meetings[number].minutes)
    for agent in people:
        crew.recode(agent, start, np.full(length, MEETING_CODE + number, dtype=np.int16))
