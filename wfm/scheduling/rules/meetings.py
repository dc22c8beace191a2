"""Meetings have their people together, whole, in time, and a room of their own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from wfm.core.types import Violation
from wfm.scheduling.problem import Problem
from wfm.scheduling.roster import MEETING, Piece, Roster, violation, when

if TYPE_CHECKING:
    from wfm.scheduling.counts.build import Build


@dataclass(frozen=True)
class Meetings:
    """Each meeting is once, at one time for all who take part, with enough of them.

    They are placed when everybody has a name and a shift (`meet.place_meetings`), where their
    people are missed least.
    """

    name: str = "meetings"
    unit: str = "agents"
    default: str = "all who are invited"
    source: str = "The planner's own table."

    def constrain(self, build: Build) -> None:
        """Nothing to add: meetings are placed on named shifts."""

    def violations(self, problem: Problem, roster: Roster) -> list[Violation]:
        """Meetings that are missing, unknown, too small, cut, out of time, or share a room."""
        return [fault.violation for fault in faults(problem, roster)]


class Fault(NamedTuple):
    """A meeting and what is wrong with it."""

    meeting: str
    violation: Violation


def faults(problem: Problem, roster: Roster) -> list[Fault]:
    """What is wrong with which meeting; of two in one room it is the first."""
    held: dict[str, list[tuple[int, Piece]]] = {m.meeting: [] for m in problem.meetings}
    invited = {m.meeting: set(m.agents) for m in problem.meetings}
    found: list[Fault] = []
    for shift in roster.shifts:
        for piece in shift.pieces:
            if piece.activity != MEETING:
                continue
            name = problem.agents[shift.agent].agent
            if piece.queue not in held or name not in invited[piece.queue]:
                text = f"is not invited to {piece.queue!r}."
                wrong = violation(problem, Meetings.name, shift.agent, piece.start, text)
                found.append(Fault(piece.queue, wrong))
            else:
                held[piece.queue].append((shift.agent, piece))
    rooms: dict[str, list[tuple[int, int, str]]] = {}
    for meeting in problem.meetings:
        pieces = held[meeting.meeting]
        times = Counter((p.start, p.end) for _, p in pieces)
        text, at = "", 0
        if not pieces:
            text = f"{meeting.meeting!r} has no place."
        else:
            (start, end), most = times.most_common(1)[0]
            at = start
            here = problem.meeting_open(meeting)[max(start, 0) : end]
            if len(times) > 1:
                text = f"{meeting.meeting!r} is at {len(times)} times."
            elif most < meeting.needed:
                text = f"{meeting.meeting!r} has {most} of {meeting.needed} agents."
            elif end - start != problem.count(meeting.minutes):
                text = f"{meeting.meeting!r} does not last {meeting.minutes} min."
            elif start < 0 or len(here) < end - start or not here.all():
                text = f"{meeting.meeting!r} lies outside its days or hours."
            if meeting.room:
                rooms.setdefault(meeting.room, []).append((start, end, meeting.meeting))
        if text:
            stamp = when(problem, at) if pieces else ""
            found.append(Fault(meeting.meeting, Violation(Meetings.name, text, "", stamp)))
    for room, uses in rooms.items():
        ordered = sorted(uses)
        for one, other in pairwise(ordered):
            if other[0] < one[1]:
                text = f"{one[2]!r} and {other[2]!r} are both in {room}."
                stamp = when(problem, other[0])
                found.append(Fault(one[2], Violation(Meetings.name, text, "", stamp)))
    return found
