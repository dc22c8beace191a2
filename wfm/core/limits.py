"""Fewest and most agents at work: a supervisor at any time, the seats of a site."""

from __future__ import annotations

from dataclasses import dataclass

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.core.opening import as_opening
from wfm.core.people import Agent
from wfm.core.ranges import check_numbers


@dataclass(frozen=True)
class StaffLimit:
    """At least or at most so many of some agents are at work at any time.

    Parameters
    ----------
    limit
        Its name: supervisor, Turkish speaker, seats in Izmir.
    least, most
        Fewest and most heads at work; who is on a break does not count. None: no most.
    skill, team, site
        Whom it counts: those with a skill, of a team, at a site; several have to hold together,
        empty: everybody.
    hours
        Weekly hours in which it holds; None: while any queue is open.
    """

    limit: str
    least: int = 0
    most: int | None = None
    skill: str = ""
    team: str = ""
    hours: Opening | None = None
    site: str = ""

    def __post_init__(self) -> None:
        who = f"limit {self.limit!r}"
        object.__setattr__(self, "hours", as_opening(who, self.hours))
        check_numbers(who, self)
        if self.least < 0 or (self.most is not None and self.most < self.least):
            message = (
                f"limit {self.limit!r}: at least {self.least} and at most {self.most} is "
                "impossible. Write the fewest first."
            )
            raise DataError(message)

    def counts(self, agent: Agent) -> bool:
        """Whether an agent is one of those it counts."""
        return (
            (not self.skill or self.skill in agent.skills)
            and (not self.team or self.team == agent.team)
            and (not self.site or self.site == agent.site)
        )
