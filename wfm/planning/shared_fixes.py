"""Limits on several people together that give way: as little as can be, proven where it can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from wfm.core.errors import InfeasibleError
from wfm.core.meetings import Meeting
from wfm.core.types import Requirement, Schedule
from wfm.planning.changes import edit_schedule, place_meetings
from wfm.planning.steps import make_schedule, schedule_problem

SEARCH = ("moves", "seed", "progress", "stop")
"""Arguments of `make_schedule` that say how it searches, not what for."""


class Easing:
    """Limits, breaks and meetings of a schedule that breaks them, and how far each gives way.

    Parameters
    ----------
    requirement, asked, further
        As for `make_schedule`: `asked` holds what may give way, `further` the rest.
    seconds
        Wall limit of each schedule that is tried [s].
    schedule
        One that breaks some of what is asked.
    """

    def __init__(
        self,
        requirement: Requirement,
        asked: Mapping[str, Any],
        further: Mapping[str, Any],
        seconds: float,
        schedule: Schedule,
    ) -> None:
        self.requirement, self.further, self.seconds = requirement, further, seconds
        self.shape = {name: value for name, value in further.items() if name not in SEARCH}
        self.problem = schedule_problem(requirement, **asked, **self.shape)
        self.made = dict(asked)
        self.rows: list[dict[str, Any]] = []
        self._proven: set[tuple[int, str]] = set()
        self._take(schedule)

    def run(self) -> Schedule:
        """Ease what has to be; returns a schedule that keeps all of it."""
        limits, rules = self.problem.staff_limits, self.problem.rules
        for number, side in product(range(len(limits)), ("least", "most")):
            self._halve(number, side, getattr(limits[number], side))
        if rules.break_share_max is None:
            self._halve(-1, "break_heads_max", rules.break_heads_max)
        self._tell()
        schedule = edit_schedule(self.schedule, [], self.requirement, **self._given).schedule
        told: dict[str, tuple[str, bool]] = {}
        while lost := self._lost(schedule):
            self.made["meetings"] = list(self._eased_meetings(lost, told))
            schedule = place_meetings(schedule, self.requirement, **self._given)
        for fix, proven in told.values():
            self._row("meetings", fix, proven=proven)
        return schedule

    @property
    def _given(self) -> dict[str, Any]:
        """Arguments as they are now of functions that take the days from a schedule."""
        given = {**self.made, **self.shape}
        return {name: value for name, value in given.items() if name not in ("first_day", "days")}

    def _lost(self, schedule: Schedule) -> set[str]:
        """Meetings that a schedule does not hold as they should be."""
        from wfm.scheduling.roster import read_roster
        from wfm.scheduling.rules.meetings import faults

        problem = schedule_problem(self.requirement, **self.made, **self.shape)
        return {fault.meeting for fault in faults(problem, read_roster(problem, schedule.frame))}

    def _eased_meetings(
        self, lost: set[str], told: dict[str, tuple[str, bool]]
    ) -> Iterator[Meeting]:
        """Meetings with those who can be there; what did not help is left out.

        More than can be there are proven not to be; a meeting that nobody can come to has no place.
        """
        from wfm.scheduling.refused.clash import attendance

        for meeting in self.made["meetings"]:
            name, there = meeting.meeting, attendance(self.problem, meeting)
            if name not in lost:
                yield meeting
            elif 0 < there < meeting.needed:
                fix = f"hold {name} with {there} instead of {meeting.needed} agents"
                told[name] = fix, True
                yield replace(meeting, least=there)
            else:
                told[name] = f"leave out {name}, or give it other days and hours", there == 0

    def _take(self, schedule: Schedule) -> None:
        """Limits as near to those asked for as a schedule keeps."""
        from wfm.scheduling.roster import read_roster
        from wfm.scheduling.rules.break_bunching import eased_breaks
        from wfm.scheduling.rules.staff_limits import eased

        roster = read_roster(self.problem, schedule.frame)
        if "limits" in self.made:
            every = range(len(self.problem.staff_limits))
            self.made["limits"] = [eased(self.problem, n, roster) for n in every]
        self.made["rules"] = eased_breaks(self.problem, roster)
        self.schedule = schedule

    def _halve(self, number: int, side: str, bad: int | None) -> None:
        """Halve the way from what is kept to what is not until there is no number between.

        What is not kept is proven to be out of reach where the linear programme can tell.
        """
        proven = False
        while bad is not None:
            good = getattr(self._kept(number), side)
            if good == bad:
                return
            if abs(good - bad) == 1:
                if proven or self._impossible(self._changed(number, side, bad)):
                    self._proven.add((number, side))
                return
            between = (good + bad) // 2
            changed = self._changed(number, side, between)
            impossible = self._impossible(changed)
            found = None if impossible else self._keeping(changed)
            if found is None:
                bad, proven = between, impossible
            else:
                self._take(found)

    def _kept(self, number: int) -> Any:
        return self.made["limits"][number] if number >= 0 else self.made["rules"]

    def _changed(self, number: int, side: str, value: int) -> dict[str, Any]:
        """What is asked with one side of a limit at another value."""
        tried = replace(self._kept(number), **{side: value})
        if number < 0:
            return {**self.made, "rules": tried}
        limits = [tried if n == number else k for n, k in enumerate(self.made["limits"])]
        return {**self.made, "limits": limits}

    def _impossible(self, made: Mapping[str, Any]) -> bool:
        """Whether it is proven that nothing keeps what is asked."""
        from wfm.scheduling.finished.proofs import no_schedule_keeps_limits
        from wfm.scheduling.refused.clash import unkept_limits

        problem = schedule_problem(self.requirement, **made, **self.shape)
        return bool(unkept_limits(problem)) or no_schedule_keeps_limits(problem, self.seconds)

    def _keeping(self, made: Mapping[str, Any]) -> Schedule | None:
        """A schedule that keeps other limits; None where none is found."""
        from wfm.scheduling.check import PRICED

        asked: dict[str, Any] = {**made, **self.further, "seconds": self.seconds}
        try:
            found = make_schedule(self.requirement, **asked)
        except InfeasibleError:
            return None
        return None if any(v.rule in PRICED for v in found.violations) else found

    def _tell(self) -> None:
        limits = zip(self.problem.staff_limits, self.made.get("limits", ()), strict=True)
        for number, (old, new) in enumerate(limits):
            texts = {
                "least": f"at least {new.least} instead of {old.least} at work: {old.limit}",
                "most": f"at most {new.most} instead of {old.most} at work: {old.limit}",
            }
            for side, text in texts.items():
                if getattr(old, side) != getattr(new, side):
                    self._row("staff_limits", text, proven=(number, side) in self._proven)
        if self.made["rules"] != self.problem.rules:
            spread, proven = self.made["rules"], (-1, "break_heads_max") in self._proven
            self._row(
                "break_bunching",
                f"up to {spread.break_heads_max} on a break at once",
                proven=proven,
            )

    def _row(self, rule: str, fix: str, *, proven: bool) -> None:
        self.rows.append({"agent": "", "rule": rule, "fix": fix, "other": "", "proven": proven})
