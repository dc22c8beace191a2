"""What there is to do: queues of inbound contacts and campaigns of outbound work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wfm.core.calendars import Opening
from wfm.core.errors import DataError


@dataclass(frozen=True)
class Queue:
    """One inbound queue and its settings; None takes the plan's own value."""

    queue: str
    skill: str
    channel: str = "voice"
    target: str | None = None
    patience_s: float | None = None
    aht_s: float | None = None
    opening: Opening | None = None


@dataclass(frozen=True)
class Campaign:
    """Outbound work to be placed in quiet periods.

    Parameters
    ----------
    campaign, skill
        Its name and the skill an agent needs for it.
    permitted
        Weekly hours in which it may be worked, in local time.
    target_h
        Agent hours to place within the schedule [h].
    set_up_s, talk_s, wrap_s
        Parts of one attempt's handle time [s]; talk and wrap only when it connects.
    connect_rate
        Share of attempts that are answered.
    deadline
        Last day on which it may be worked.
    value
        Worth of one hour beside other campaigns, any unit.
    """

    campaign: str
    skill: str
    permitted: Opening
    target_h: float
    set_up_s: float = 0.0
    talk_s: float = 0.0
    wrap_s: float = 0.0
    connect_rate: float = 1.0
    deadline: date | None = None
    value: float = 1.0

    def __post_init__(self) -> None:
        if self.target_h < 0:
            message = f"campaign {self.campaign!r}: target_h is {self.target_h:g}. Use 0 or more."
            raise DataError(message)
        if not 0 < self.connect_rate <= 1:
            message = (
                f"campaign {self.campaign!r}: connect_rate is {self.connect_rate:g}. "
                "Write a share above 0 and at most 1."
            )
            raise DataError(message)

    def connects_per_h(self) -> float | None:
        """Answered attempts an agent hour brings; None when no handle time is given."""
        attempt_s = self.set_up_s + self.connect_rate * (self.talk_s + self.wrap_s)
        return 3600 / attempt_s * self.connect_rate if attempt_s > 0 else None
