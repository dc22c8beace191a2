"""The inputs of a plan as tables: from core objects to the frames that people fill in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from wfm.core.calendars import Event, Opening, clock_text
from wfm.core.callbacks import Callback
from wfm.core.edits import Lock
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Agent, Contract, ShiftKind
from wfm.core.shrinkage import Shrinkage
from wfm.core.wording import (
    breaks_text,
    hours_cells,
    list_text,
    months_text,
    opening_text,
    rates_text,
    skills_text,
    weekdays_text,
)
from wfm.core.work import Campaign, Queue

CAMPAIGN_LIST = (
    *("records", "attempts", "gap_days", "right_party_rate", "wrong_party_s", "by_hour"),
    *("time_zone", "country", "consent", "do_not_call"),
)
"""Columns of a campaign's list and customers; written where they say something."""
CONTRACT_HOURS = ("min_hours_week", "max_hours_week")
"""Paid hours of a contract; written where one has them."""
# The order in which the columns are written.
ORDER: dict[str, tuple[str, ...]] = {
    "agents": (
        "agent",
        "name",
        "team",
        "time_zone",
        "contract",
        "skills",
        "start_date",
        "end_date",
        "cost_per_h",
    ),
    "absences": ("agent", "from", "to", "reason"),
    "locks": ("agent", "day", "shift"),
    "limits": ("limit", "least", "most", "skill", "team", "hours"),
    "callbacks": ("queue", "day", "time", "minutes"),
    "meetings": ("meeting", "agents", "minutes", "from", "to", "hours", "room", "least"),
    "contracts": (
        "contract",
        "shift_min",
        "paid_min",
        "min_days_week",
        "max_days_week",
        "starts",
        "breaks",
    ),
    "shifts": ("contract", "shift", "shift_min", "paid_min", "starts", "breaks"),
    "campaigns": (
        "campaign",
        "skill",
        "weekdays",
        "hours",
        "target_h",
        "set_up_s",
        "talk_s",
        "wrap_s",
        "connect_rate",
        "deadline",
        "value",
    ),
    "queues": (
        "queue",
        "channel",
        "skill",
        "target",
        "patience_s",
        "aht_s",
        "opening",
        "chats",
        "chat_aht_s",
        "due_h",
        "backlog",
        "deflection",
        "deflected_aht_s",
        "callback_at",
        "callback_share",
        "priority",
        "worked",
    ),
    "events": (
        *("event", "from", "to", "effect", "change", "queues"),
        *("lead_days", "lag_days", "hours", "like"),
    ),
    "shrinkage": ("component", "share", "weekdays", "months", "placed"),
}


def _frame(table: str, records: Iterable[Sequence[object]], days: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(records), columns=list(ORDER[table]))
    for column in days:
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[us]")
    return frame


def agents_table(agents: Iterable[Agent]) -> pd.DataFrame:
    """The table of agents, such that `agents_from` gives them back (with their absences).

    >>> agents_table([Agent("a1", "Ada", "full", frozenset({"mail", "calls"}))])["skills"][0]
    'calls|mail'
    """
    people = list(agents)
    records = [
        (
            a.agent,
            a.name,
            a.team,
            a.time_zone,
            a.contract,
            skills_text(a.skills, a.levels),
            a.start_date,
            a.end_date,
            a.cost_per_h,
        )
        for a in people
    ]
    frame = _frame("agents", records, ("start_date", "end_date"))
    if any(a.hours is not None for a in people):
        frame["hours"] = [opening_text(a.hours) if a.hours else "" for a in people]
    if any(a.preferred_start_min is not None for a in people):
        wishes = [a.preferred_start_min for a in people]
        frame["preferred_start"] = ["" if w is None else clock_text(w) for w in wishes]
    if any(a.site for a in people):
        frame["site"] = [a.site for a in people]
    return frame


def absences_table(agents: Iterable[Agent]) -> pd.DataFrame:
    """The table of the agents' absences."""
    records = [(a.agent, b.first, b.last, b.reason) for a in agents for b in a.absences]
    return _frame("absences", records, ("from", "to"))


def locks_table(locks: Iterable[Lock]) -> pd.DataFrame:
    """The table of locks, such that `locks_from` gives them back."""
    records = [
        (
            k.agent,
            k.day,
            "off" if k.start_min is None else f"{clock_text(k.start_min)} {k.shift}".rstrip(),
        )
        for k in locks
    ]
    return _frame("locks", records, ("day",))


def callbacks_table(callbacks: Iterable[Callback]) -> pd.DataFrame:
    """The table of callbacks, such that `callbacks_from` gives them back."""
    records = [(c.queue, c.day, clock_text(c.at_min), c.minutes) for c in callbacks]
    return _frame("callbacks", records, ("day",))


def meetings_table(meetings: Iterable[Meeting]) -> pd.DataFrame:
    """The table of meetings, such that `meetings_from` gives them back."""
    records = [
        (
            m.meeting,
            list_text(m.agents),
            m.minutes,
            m.first,
            m.last,
            opening_text(m.hours) if m.hours else "",
            m.room,
            m.least,
        )
        for m in meetings
    ]
    return _frame("meetings", records, ("from", "to"))


def limits_table(limits: Iterable[StaffLimit]) -> pd.DataFrame:
    """The table of staff limits, such that `limits_from` gives them back."""
    limits = list(limits)
    records = [
        (n.limit, n.least, n.most, n.skill, n.team, opening_text(n.hours) if n.hours else "")
        for n in limits
    ]
    frame = _frame("limits", records, ())
    if any(n.site for n in limits):
        frame["site"] = [n.site for n in limits]
    return frame


def contracts_table(contracts: Iterable[Contract]) -> pd.DataFrame:
    """The table of contracts, such that `contracts_from` gives them back."""
    contracts = list(contracts)
    records = [
        (
            c.contract,
            c.shift_min,
            c.paid_min,
            c.min_days_week,
            c.max_days_week,
            _starts_text(c.shifts[0]),
            breaks_text(c.breaks),
        )
        for c in contracts
    ]
    frame = _frame("contracts", records, ())
    for column in CONTRACT_HOURS:
        hours = [getattr(c, column) for c in contracts]
        if any(h is not None for h in hours):
            frame[column] = pd.Series(hours, dtype=float)
    return frame


def shifts_table(contracts: Iterable[Contract]) -> pd.DataFrame:
    """The table of further kinds of shift, such that `contracts_from` gives them back."""
    records = [
        (
            c.contract,
            kind.shift,
            kind.shift_min,
            kind.paid_min,
            _starts_text(kind),
            breaks_text(kind.breaks),
        )
        for c in contracts
        for kind in c.more_shifts
    ]
    return _frame("shifts", records, ())


def _starts_text(kind: ShiftKind) -> str:
    return (
        f"{clock_text(kind.start_from_min)}-{clock_text(kind.start_to_min)}/{kind.start_grid_min}"
    )


def campaigns_table(campaigns: Iterable[Campaign]) -> pd.DataFrame:
    """The table of campaigns, such that `campaigns_from` gives them back."""
    campaigns = list(campaigns)
    records = [
        (
            c.campaign,
            c.skill,
            *hours_cells(c.permitted),
            c.target_h,
            c.set_up_s,
            c.talk_s,
            c.wrap_s,
            c.connect_rate,
            c.deadline,
            c.value,
        )
        for c in campaigns
    ]
    frame = _frame("campaigns", records, ("deadline",))
    plain = Campaign("", "", Opening(()), 0.0)
    for column in CAMPAIGN_LIST:
        values = [getattr(c, column) for c in campaigns]
        if any(value != getattr(plain, column) for value in values):
            frame[column] = [rates_text(v) for v in values] if column == "by_hour" else values
    return frame


def queues_table(queues: Iterable[Queue]) -> pd.DataFrame:
    """The table of queues, such that `queues_from` gives them back."""
    records = [
        (
            q.queue,
            q.channel,
            q.skill,
            q.target or "",
            q.patience_s,
            q.aht_s,
            opening_text(q.opening) if q.opening else "",
            q.chats,
            "|".join(f"{seconds:g}" for seconds in q.chat_aht_s),
            q.due_h,
            q.backlog,
            q.deflection,
            q.deflected_aht_s,
            q.callback_at,
            q.callback_share,
            q.priority,
            q.worked,
        )
        for q in queues
    ]
    frame = _frame("queues", records, ())
    kept = ("queue", "channel", "skill", "target", "opening", "chat_aht_s", "priority", "worked")
    for column in ORDER["queues"]:
        if column not in kept:
            frame[column] = frame[column].astype(float)
    return frame


def events_table(events: Iterable[Event]) -> pd.DataFrame:
    """The table of events, such that `events_from` gives them back."""
    records = [
        (
            *(e.name, e.first, e.last, e.effect, e.change, list_text(e.queues)),
            *(e.lead_days, e.lag_days),
            opening_text(e.hours) if isinstance(e.hours, Opening) else "",
            e.like,
        )
        for e in events
    ]
    return _frame("events", records, ("from", "to", "like"))


def shrinkage_table(shrinkage: Shrinkage) -> pd.DataFrame:
    """The table of shrinkage, such that `shrinkage_from` gives it back."""
    records = [
        (
            c.component,
            c.share,
            weekdays_text(frozenset(c.weekdays)),
            months_text(c.months),
            "yes" if c.placed else "",
        )
        for c in shrinkage.components
    ]
    return _frame("shrinkage", records, ())
