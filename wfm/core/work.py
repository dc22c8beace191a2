"""What there is to do: queues of inbound contacts and campaigns of outbound work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn, TypeVar

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.core.outbound import Campaign
from wfm.core.people import LEVELS

__all__ = ["CHANNELS", "MOST_CHATS", "WORKED", "Campaign", "Queue"]

CHANNELS = {
    "voice": "voice",
    "phone": "voice",
    "chat": "chat",
    "messenger": "chat",
    "email": "deferred",
    "e-mail": "deferred",
    "post": "deferred",
    "callback": "deferred",
    "deferred": "deferred",
}
"""What a queue's channel may be called, and how its work behaves: somebody waits on the line,
several conversations are held at once, or it has to be done by a due time."""

MOST_CHATS = 8
WORKED = ("heads", "quiet")
"""How work with due times is done: by heads of its own, or in quiet periods of the schedule."""


T = TypeVar("T")

PRIORITY = 5
"""Of a queue that says nothing else."""


class OfTable(dict[str, T]):
    """Something by queue, from a table that may know more queues than are planned this time."""


@dataclass(frozen=True)
class Queue:
    """One inbound queue and its settings; None takes the plan's own value.

    Parameters
    ----------
    queue, skill
        Its name and the skill an agent needs for it.
    channel
        A key of `CHANNELS`: how its contacts come.
    target
        Its own promise, as `ServiceTarget.parse` reads it.
    patience_s, aht_s
        Mean patience, and handle time where the history has none [s].
    opening
        Its opening hours.
    chats
        Chat: conversations an agent holds at once, at most.
    chat_aht_s
        Chat: mean handle time [s] while its agent holds 1, 2, ... of them; as many as `chats`.
        Empty: always the forecast's own, which is then an assumption.
    due_h
        E-mail, post, callbacks: hours by which a contact is answered after it came in.
    backlog
        The same: contacts that wait when the plan begins, due as if they came in then.
    deflection
        Share of the forecast contacts that self-service takes.
    deflected_aht_s
        Handle time of those [s]; who remains has the others'. None: they are like all.
    callback_at, callback_share
        From so many callers waiting on a callback is offered, and the share who take it.
    priority
        1 to 9: where the same cover costs the same, it goes to the queue with the lowest number.
    worked
        E-mail, post, callbacks: one of `WORKED`. `quiet` asks for no heads; the schedule places the
        work in blocks beside the inbound queues, after it came in and before it is due.
    """

    queue: str
    skill: str
    channel: str = "voice"
    target: str | None = None
    patience_s: float | None = None
    aht_s: float | None = None
    opening: Opening | None = None
    chats: int | None = None
    chat_aht_s: tuple[float, ...] = ()
    due_h: float | None = None
    backlog: float = 0.0
    deflection: float = 0.0
    deflected_aht_s: float | None = None
    callback_at: int | None = None
    callback_share: float | None = None
    priority: int = PRIORITY
    worked: str = WORKED[0]

    def __post_init__(self) -> None:
        if self.channel not in CHANNELS:
            self._refuse(
                f"channel {self.channel!r} is not known. Use one of {', '.join(CHANNELS)}."
            )
        limits: tuple[tuple[str, float | None, bool, str], ...] = (
            ("chats", self.chats, 1 <= (self.chats or 1) <= MOST_CHATS, f"1 to {MOST_CHATS}"),
            ("due_h", self.due_h, self.due_h is None or self.due_h > 0, "more than 0 hours"),
            ("backlog", self.backlog, self.backlog >= 0, "contacts, 0 or more"),
            ("deflection", self.deflection, 0 <= self.deflection < 1, "a share below 1"),
            (
                "deflected_aht_s",
                self.deflected_aht_s,
                self.deflected_aht_s is None or self.deflected_aht_s > 0,
                "seconds above 0",
            ),
            (
                "callback_at",
                self.callback_at,
                self.callback_at is None or self.callback_at >= 0,
                "callers waiting, 0 or more",
            ),
            (
                "callback_share",
                self.callback_share,
                self.callback_share is None or 0 <= self.callback_share <= 1,
                "a share from 0 to 1",
            ),
            ("priority", self.priority, 1 <= self.priority <= LEVELS, f"1 to {LEVELS}, 1 first"),
        )
        for name, value, fine, cure in limits:
            if not fine:
                self._refuse(f"{name} is {value:g}. Write {cure}.")
        if (self.callback_at is None) != (self.callback_share is None):
            self._refuse("callback_at and callback_share belong together. Give both or neither.")
        if self.worked not in WORKED:
            self._refuse(f"worked {self.worked!r} is not known. Use one of {', '.join(WORKED)}.")
        if self.quiet and self.kind != "deferred":
            self._refuse(
                f"worked is quiet, but {self.channel} cannot wait for quiet periods. Leave it "
                "empty, or use the channel email, post or callback."
            )
        if any(not seconds > 0 for seconds in self.chat_aht_s):
            self._refuse("chat_aht_s holds a time that is not above 0. Write seconds, as 300|340.")
        if self.chat_aht_s and self.chats not in (None, len(self.chat_aht_s)):
            self._refuse(
                f"chats is {self.chats} and chat_aht_s holds {len(self.chat_aht_s)} handle times. "
                "Give one for 1, 2, ... chats at once."
            )

    @property
    def kind(self) -> str:
        """How its work behaves: `voice`, `chat` or `deferred`."""
        return CHANNELS[self.channel]

    @property
    def quiet(self) -> bool:
        """Whether its work waits for quiet periods of the schedule."""
        return self.worked == "quiet"

    def _refuse(self, what: str) -> NoReturn:
        message = f"queue {self.queue!r}: {what}"
        raise DataError(message)
