"""The inputs of a plan as tables: from frames that people fill in to core objects and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar

import pandas as pd

from wfm.core.calendars import Event, Opening, parse_clock, parse_weekdays
from wfm.core.callbacks import Callback
from wfm.core.cell import Row, rows
from wfm.core.edits import Lock
from wfm.core.errors import DataError
from wfm.core.intervals import zone
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Absence, Agent, Break, Contract, ShiftKind
from wfm.core.shrinkage import Shrinkage, ShrinkageComponent
from wfm.core.tables_out import (
    CAMPAIGN_LIST,
    CONTRACT_HOURS,
    ORDER,
    absences_table,
    agents_table,
    callbacks_table,
    campaigns_table,
    contracts_table,
    events_table,
    limits_table,
    locks_table,
    meetings_table,
    queues_table,
    shifts_table,
    shrinkage_table,
)
from wfm.core.types import ServiceTarget
from wfm.core.wording import (
    breaks_from,
    parse_hours,
    parse_list,
    parse_months,
    parse_rates,
    parse_seconds,
    parse_skills,
    parse_starts,
    parse_truth,
)
from wfm.core.work import PRIORITY, WORKED, Campaign, Queue

__all__ = [
    "COLUMNS",
    "ORDER",
    "absences_table",
    "agents_from",
    "agents_table",
    "callbacks_from",
    "callbacks_table",
    "campaigns_from",
    "campaigns_table",
    "check_people",
    "contracts_from",
    "contracts_table",
    "events_from",
    "events_table",
    "limits_from",
    "limits_table",
    "locks_from",
    "locks_table",
    "meetings_from",
    "meetings_table",
    "queues_from",
    "queues_table",
    "shifts_table",
    "shrinkage_from",
    "shrinkage_table",
    "with_patience",
]

T = TypeVar("T")

# Table: its columns, those that must be there first.
COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "agents": (
        ("agent", "contract", "skills"),
        (
            "name",
            "team",
            "time_zone",
            "start_date",
            "end_date",
            "cost_per_h",
            "hours",
            "preferred_start",
            "site",
        ),
    ),
    "locks": (("agent", "day", "shift"), ()),
    "absences": (("agent", "from"), ("to", "reason")),
    "limits": (("limit",), ("least", "most", "skill", "team", "hours", "site")),
    "callbacks": (("queue", "day", "time", "minutes"), ()),
    "meetings": (("meeting", "agents", "minutes"), ("from", "to", "hours", "room", "least")),
    "contracts": (
        ("contract", "shift_min", "max_days_week"),
        ("paid_min", "min_days_week", "starts", "breaks", *CONTRACT_HOURS),
    ),
    "shifts": (("contract", "shift", "shift_min"), ("paid_min", "starts", "breaks")),
    "campaigns": (
        ("campaign", "skill", "hours"),
        (
            *("target_h", "weekdays", "set_up_s", "talk_s", "wrap_s", "connect_rate"),
            *("deadline", "value", *CAMPAIGN_LIST),
        ),
    ),
    "queues": (("queue",), ORDER["queues"][1:]),
    "events": (
        ("event", "from"),
        ("to", "effect", "change", "queues", "lead_days", "lag_days", "hours", "like"),
    ),
    "shrinkage": (("component", "share"), ("weekdays", "months", "placed")),
}


def agents_from(
    frame: pd.DataFrame,
    absences: pd.DataFrame | None = None,
    *,
    lines: Sequence[int] | None = None,
    absence_lines: Sequence[int] | None = None,
) -> tuple[Agent, ...]:
    """Agents from their table and, where given, that of their absences.

    Parameters
    ----------
    frame
        `agent contract skills` and, where wanted, `name team time_zone start_date end_date
        cost_per_h hours preferred_start site`; skills are separated by ``|``, each with a level if
        it is not a first choice (``mail|sales:2``), `hours` reads as opening hours do,
        `preferred_start` as HH:MM.
    absences
        `agent from to reason`, days included; an empty `to` means one day.
    lines, absence_lines
        Line of each row in its file, for messages.

    Raises
    ------
    DataError
        A cell cannot be read, an agent is there twice, or an absence names nobody.

    Examples
    --------
    >>> agents_from(pd.DataFrame({"agent": ["a1"], "contract": ["full"], "skills": ["calls|mail"]}))
    (Agent(agent='a1', name='a1', contract='full', ...
    """
    away: dict[str, list[Absence]] = {}
    where: dict[str, Row] = {}
    if absences is not None:
        for row in rows(absences, "absences", *COLUMNS["absences"], lines=absence_lines):
            first = row.day("from")
            last = row.day("to", first)
            agent = row.text("agent")
            where.setdefault(agent, row)
            absence = _made(row, "to", Absence, first, last, row.text("reason", ""))
            away.setdefault(agent, []).append(absence)
    found: dict[str, Agent] = {}
    for row in rows(frame, "agents", *COLUMNS["agents"], lines=lines):
        agent = row.text("agent")
        _once(row, "agent", agent, found)
        first_day, last_day = _day(row, "start_date"), _day(row, "end_date")
        if first_day and last_day and last_day < first_day:
            row.refuse("end_date", f"{last_day} is before the start date. Swap the two.")
        cost = row.number("cost_per_h", 0.0)
        if cost < 0:
            row.refuse("cost_per_h", f"{cost:g} is negative. Write 0 or more.")
        skills, levels = parse_skills(row.text("skills"))
        found[agent] = Agent(
            agent=agent,
            name=row.text("name", agent),
            contract=row.text("contract"),
            skills=skills,
            team=row.text("team", ""),
            time_zone=row.parsed("time_zone", lambda t: zone(t).key, ""),
            start_date=first_day,
            end_date=last_day,
            cost_per_h=cost,
            absences=tuple(sorted(away.get(agent, []), key=lambda a: (a.first, a.last, a.reason))),
            hours=row.parsed("hours", Opening.parse, None),
            preferred_start_min=row.parsed("preferred_start", parse_clock, None),
            levels=levels,
            site=row.text("site", ""),
        )
    for agent, row in where.items():
        if agent not in found:
            what = f"there is no agent {agent!r}. Correct the name or add the agent."
            row.refuse("agent", what)
    return tuple(found.values())


def locks_from(frame: pd.DataFrame, *, lines: Sequence[int] | None = None) -> tuple[Lock, ...]:
    """Locks from their table.

    Parameters
    ----------
    frame
        `agent day shift`; the shift is its start as HH:MM, or ``off``.
    lines
        Line of each row in its file, for messages.

    Raises
    ------
    DataError
        A cell cannot be read.

    Examples
    --------
    >>> locks_from(pd.DataFrame({"agent": ["a1"], "day": ["2027-01-04"], "shift": ["off"]}))
    (Lock(agent='a1', day=datetime.date(2027, 1, 4), start_min=None, shift=''),)
    """
    found = []
    for row in rows(frame, "locks", *COLUMNS["locks"], lines=lines):
        agent, day, shift = row.text("agent"), row.day("day"), row.text("shift")
        found.append(_made(row, "shift", Lock.parse, agent, day, shift))
    return tuple(found)


def callbacks_from(
    frame: pd.DataFrame, *, lines: Sequence[int] | None = None
) -> tuple[Callback, ...]:
    """Promised callbacks from their table; `time` is the centre's clock.

    Raises
    ------
    DataError
        A cell cannot be read.

    Examples
    --------
    >>> table = pd.DataFrame({"queue": ["a"], "day": ["2026-03-02"], "time": ["10:05"],
    ...                       "minutes": [20]})
    >>> callbacks_from(table)[0].at_min
    605
    """
    return tuple(
        _made(
            row,
            "minutes",
            Callback,
            row.text("queue"),
            row.day("day"),
            row.parsed("time", parse_clock),
            row.number("minutes"),
        )
        for row in rows(frame, "callbacks", *COLUMNS["callbacks"], lines=lines)
    )


def meetings_from(
    frame: pd.DataFrame, *, lines: Sequence[int] | None = None
) -> tuple[Meeting, ...]:
    """Meetings from their table; agents are separated by ``|``.

    Raises
    ------
    DataError
        A cell cannot be read, or a meeting is there twice.

    Examples
    --------
    >>> table = pd.DataFrame({"meeting": ["Team"], "agents": ["a1|a2"], "minutes": [30]})
    >>> meetings_from(table)[0].agents
    ('a1', 'a2')
    """
    found: dict[str, Meeting] = {}
    for row in rows(frame, "meetings", *COLUMNS["meetings"], lines=lines):
        name = row.text("meeting")
        _once(row, "meeting", name, found)
        found[name] = _made(
            row,
            "meeting",
            Meeting,
            name,
            tuple(parse_list(row.text("agents"))),
            row.whole("minutes"),
            _day(row, "from"),
            _day(row, "to"),
            row.parsed("hours", Opening.parse, None),
            row.text("room", ""),
            row.whole("least", None),
        )
    return tuple(found.values())


def limits_from(
    frame: pd.DataFrame, *, lines: Sequence[int] | None = None
) -> tuple[StaffLimit, ...]:
    """Staff limits from their table.

    Raises
    ------
    DataError
        A cell cannot be read, or a limit is there twice.

    Examples
    --------
    >>> limits_from(pd.DataFrame({"limit": ["lead"], "least": [1], "skill": ["lead"]}))[0].least
    1
    """
    found: dict[str, StaffLimit] = {}
    for row in rows(frame, "limits", *COLUMNS["limits"], lines=lines):
        name = row.text("limit")
        _once(row, "limit", name, found)
        found[name] = _made(
            row,
            "limit",
            StaffLimit,
            name,
            row.whole("least", 0),
            row.whole("most", None),
            row.text("skill", ""),
            row.text("team", ""),
            row.parsed("hours", Opening.parse, None),
            row.text("site", ""),
        )
    return tuple(found.values())


def contracts_from(
    frame: pd.DataFrame,
    shifts: pd.DataFrame | None = None,
    *,
    lines: Sequence[int] | None = None,
    shift_lines: Sequence[int] | None = None,
) -> tuple[Contract, ...]:
    """Contracts from their table and, where given, that of further kinds of shift.

    Parameters
    ----------
    frame
        `contract shift_min max_days_week` and, where wanted, `paid_min min_days_week starts breaks
        min_hours_week max_hours_week`; an empty `paid_min` is the shift less its unpaid breaks.
    shifts
        `contract shift shift_min` and, where wanted, `paid_min starts breaks`: one row a further
        kind; empty `starts` are the contract's.
    lines, shift_lines
        Line of each row in its file, for messages.

    Raises
    ------
    DataError
        A cell cannot be read, a contract is there twice, nobody can fulfil it, or a kind of shift
        names no contract.

    Examples
    --------
    >>> full = pd.DataFrame({"contract": ["full"], "shift_min": [480], "max_days_week": [5]})
    >>> short = pd.DataFrame({"contract": ["full"], "shift": ["short"], "shift_min": [240]})
    >>> [kind.shift for kind in contracts_from(full, short)[0].shifts]
    ['full', 'short']
    """
    found: dict[str, Contract] = {}
    for row in rows(frame, "contracts", *COLUMNS["contracts"], lines=lines):
        name = row.text("contract")
        _once(row, "contract", name, found)
        length, paid, starts, breaks = _shift_cells(row, (0, 23 * 60 + 30, 30))
        found[name] = _made(
            row,
            "contract",
            Contract,
            name,
            length,
            paid,
            row.whole("min_days_week", 0),
            row.whole("max_days_week"),
            *starts,
            breaks,
            (),
            *(row.number(column, None) for column in CONTRACT_HOURS),
        )
    for row in (
        [] if shifts is None else rows(shifts, "shifts", *COLUMNS["shifts"], lines=shift_lines)
    ):
        name = row.text("contract")
        own = found.get(name)
        if own is None:
            row.refuse("contract", f"{name!r} is none of the contracts. Use {', '.join(found)}.")
        assert own is not None
        usual = own.start_from_min, own.start_to_min, own.start_grid_min
        length, paid, starts, breaks = _shift_cells(row, usual)
        kind = _made(row, "shift", ShiftKind, row.text("shift"), length, paid, *starts, breaks)
        more = (*own.more_shifts, kind)
        found[name] = _made(row, "shift", partial(replace, own, more_shifts=more))
    return tuple(found.values())


def _shift_cells(
    row: Row, usual: tuple[int, int, int]
) -> tuple[int, int, tuple[int, int, int], tuple[Break, ...]]:
    """Length, paid time, starts and breaks of a kind of shift."""
    length = row.whole("shift_min")
    breaks = row.parsed("breaks", lambda text: breaks_from(text, length), ())
    unpaid = sum(b.length_min for b in breaks if not b.paid)
    return (
        length,
        row.whole("paid_min", length - unpaid),
        row.parsed("starts", parse_starts, usual),
        breaks,
    )


def campaigns_from(
    frame: pd.DataFrame, *, lines: Sequence[int] | None = None
) -> tuple[Campaign, ...]:
    """Campaigns from their table.

    `weekdays` and `hours` as ``Mon-Sat`` and ``10:00-20:00``, or all of it in `hours`. Without
    `target_h` the list says how many hours are needed: `records`, `attempts` and the times.

    Raises
    ------
    DataError
        A cell cannot be read or a campaign is there twice.
    """
    found: dict[str, Campaign] = {}
    for row in rows(frame, "campaigns", *COLUMNS["campaigns"], lines=lines):
        name = row.text("campaign")
        _once(row, "campaign", name, found)
        weekdays = row.text("weekdays", "")
        seconds = [row.number(column, 0.0) for column in ("set_up_s", "talk_s", "wrap_s")]
        for column, value in zip(("set_up_s", "talk_s", "wrap_s"), seconds, strict=True):
            if value < 0:
                row.refuse(column, f"{value:g} is negative. Write 0 or more.")
        found[name] = _made(
            row,
            "campaign",
            Campaign,
            name,
            row.text("skill"),
            row.parsed("hours", lambda text, days=weekdays: parse_hours(days, text)),  # type: ignore[misc]
            row.number("target_h", float("nan")),
            *seconds,
            row.number("connect_rate", 1.0),
            _day(row, "deadline"),
            row.number("value", 1.0),
            row.number("records", None),
            row.whole("attempts", 1),
            row.whole("gap_days", 1),
            row.number("right_party_rate", 1.0),
            row.number("wrong_party_s", 0.0),
            row.parsed("by_hour", parse_rates, ()),
            row.parsed("time_zone", lambda t: zone(t).key, ""),
            row.text("country", ""),
            row.number("consent", 1.0),
            row.number("do_not_call", 0.0),
        )
    return tuple(found.values())


def queues_from(frame: pd.DataFrame, *, lines: Sequence[int] | None = None) -> tuple[Queue, ...]:
    """Queues from their table; an empty `skill` is called like the queue.

    Raises
    ------
    DataError
        A cell cannot be read or a queue is there twice.
    """
    found: dict[str, Queue] = {}
    for row in rows(frame, "queues", *COLUMNS["queues"], lines=lines):
        name = row.text("queue")
        _once(row, "queue", name, found)
        for column in ("patience_s", "aht_s"):
            if row.maybe(column) and not row.number(column) > 0:
                row.refuse(column, f"{row.number(column):g} is not more than 0 seconds. Raise it.")
        row.parsed("target", ServiceTarget.parse, None)
        found[name] = _made(
            row,
            "queue",
            Queue,
            name,
            row.text("skill", name),
            row.text("channel", "voice").lower(),
            row.text("target", None) if row.maybe("target") else None,
            row.number("patience_s", None),
            row.number("aht_s", None),
            row.parsed("opening", Opening.parse, None),
            row.whole("chats", None),
            row.parsed("chat_aht_s", parse_seconds, ()),
            row.number("due_h", None),
            row.number("backlog", 0.0),
            row.number("deflection", 0.0),
            row.number("deflected_aht_s", None),
            row.whole("callback_at", None),
            row.number("callback_share", None),
            row.whole("priority", PRIORITY),
            row.text("worked", WORKED[0]).lower(),
        )
    return tuple(found.values())


def shrinkage_from(frame: pd.DataFrame, *, lines: Sequence[int] | None = None) -> Shrinkage:
    """Shrinkage from its table; empty `weekdays` or `months` mean all of them.

    Raises
    ------
    DataError
        A cell cannot be read, or the shares of a day add up to too much.

    Examples
    --------
    >>> table = pd.DataFrame({"component": ["sickness", "breaks"], "share": ["5 %", 0.08],
    ...                       "placed": ["", "yes"]})
    >>> shrinkage_from(table).most()
    0.05
    """
    components = []
    for row in rows(frame, "shrinkage", *COLUMNS["shrinkage"], lines=lines):
        components.append(
            _made(
                row,
                "share",
                ShrinkageComponent,
                row.text("component"),
                row.number("share"),
                tuple(sorted(row.parsed("weekdays", parse_weekdays, frozenset()))),
                row.parsed("months", parse_months, ()),
                row.parsed("placed", parse_truth, False),
            )
        )
    return Shrinkage(tuple(components))


def with_patience(queues: pd.DataFrame, patience_s: Mapping[str, float]) -> pd.DataFrame:
    """The table of queues with these patiences [s] in it, queues added that it lacks.

    >>> with_patience(pd.DataFrame({"queue": ["a"], "patience_s": [60.0]}), {"b": 90.0})
      queue  patience_s
    0     a        60.0
    1     b        90.0
    """
    table = queues.copy()
    if "patience_s" in table:
        table["patience_s"] = table["patience_s"].astype(object)  # it may hold a typing error
    for name, seconds in patience_s.items():
        if name not in set(table["queue"]):
            table = pd.concat([table, pd.DataFrame({"queue": [name]})], ignore_index=True)
        table.loc[table["queue"] == name, "patience_s"] = round(float(seconds), 1)
    return table


def events_from(frame: pd.DataFrame, *, lines: Sequence[int] | None = None) -> tuple[Event, ...]:
    """Events from their table; an empty `to` means one day, empty `queues` all.

    Raises
    ------
    DataError
        A cell cannot be read.
    """
    found = []
    for row in rows(frame, "events", *COLUMNS["events"], lines=lines):
        first = row.day("from")
        event = _made(
            row,
            "effect",
            Event,
            row.text("event"),
            first,
            row.day("to", first),
            row.text("effect", "learn"),
            row.number("change", 0.0),
            parse_list(row.text("queues", "")),
            row.whole("lead_days", 0),
            row.whole("lag_days", 0),
            row.text("hours", "") or None,
            _day(row, "like"),
        )
        found.append(event)
    return tuple(found)


def _made(row: Row, column: str, kind: Callable[..., T], *values: object) -> T:
    """An object whose own checks name the row when they refuse."""
    try:
        return kind(*values)
    except DataError as error:
        row.refuse(column, str(error))


def _once(row: Row, column: str, name: str, found: Mapping[str, object]) -> None:
    if name in found:
        row.refuse(column, f"{name!r} is there twice. Keep one row for each.")


def _day(row: Row, column: str) -> date | None:
    return row.day(column) if row.maybe(column) else None


def check_people(
    agents: Iterable[Agent],
    contracts: Iterable[Contract],
    campaigns: Iterable[Campaign] = (),
    queues: Iterable[Queue] = (),
) -> None:
    """Refuse agents whose contract or skill is not known.

    Parameters
    ----------
    agents, contracts
        People and what they work under.
    campaigns, queues
        Their skills are the known ones; without either, skills are not checked.

    Raises
    ------
    DataError
        The first such agent, with the names that are known.
    """
    known = {c.contract for c in contracts}
    skills = {c.skill for c in campaigns} | {q.skill for q in queues}
    for agent in agents:
        if agent.contract not in known:
            message = (
                f"agent {agent.agent!r}: there is no contract {agent.contract!r}; known are "
                f"{', '.join(sorted(known)) or 'none'}. Correct the agent or add the contract."
            )
            raise DataError(message)
        strange = sorted(agent.skills - skills) if skills else []
        if strange:
            message = (
                f"agent {agent.agent!r}: no queue or campaign needs the skill {strange[0]!r}; "
                f"known are {', '.join(sorted(skills))}. Correct the agent or add the queue."
            )
            raise DataError(message)
