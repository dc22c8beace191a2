"""A workbook to fill in: people, contracts and their kinds of shift, work, events, shrinkage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from wfm.core.calendars import EFFECTS, Event, Opening
from wfm.core.language import told
from wfm.core.people import Absence, Agent, Break, Contract, ShiftKind
from wfm.core.shrinkage import Shrinkage, ShrinkageComponent
from wfm.core.tables import (
    absences_table,
    agents_table,
    campaigns_table,
    contracts_table,
    events_table,
    queues_table,
    shifts_table,
    shrinkage_table,
)
from wfm.core.work import Campaign, Queue
from wfm.io.write.atomic import write_bytes
from wfm.io.write.book import Book, Field

_MADE = date(2026, 1, 1)
_ROWS = 2000
_DAYS = ("start_date", "end_date", "from", "to", "deadline")
HELP: Mapping[str, Mapping[str, str]] = {
    "agents": {
        "agent": "Short name of the person, each once, for example a personnel number.",
        "name": "Name on the schedule. Empty: the same as agent.",
        "team": "Team, for grouping. May be empty.",
        "time_zone": "IANA zone such as Europe/Istanbul. Empty: that of the plan.",
        "contract": "One of the sheet contracts.",
        "skills": "Skills of queues and campaigns, separated by |; sales:2 is a second choice.",
        "start_date": "First day of employment. May be empty.",
        "end_date": "Last day of employment. May be empty.",
        "cost_per_h": "Cost of a paid hour in the plan's currency. Empty: 0.",
    },
    "absences": {
        "agent": "One of the sheet agents.",
        "from": "First day away.",
        "to": "Last day away. Empty: the same day.",
        "reason": "For people to read. May be empty.",
    },
    "contracts": {
        "contract": "Name, each once.",
        "shift_min": "Length of a shift with its breaks, in minutes.",
        "paid_min": "Paid minutes of a shift. Empty: the shift less its unpaid breaks.",
        "min_days_week": "Least shifts in a week. Empty: 0.",
        "max_days_week": "Most shifts in a week.",
        "starts": "Earliest-latest/grid, such as 07:00-11:00/30. Empty: any half hour.",
        "breaks": "name:length:earliest:latest:paid, in minutes from the shift's start, parted by "
        "commas, in the order they are taken.",
        "min_hours_week": "Least paid hours in a week, beside the days. Empty: no limit.",
        "max_hours_week": "Most paid hours in a week. Empty: no limit.",
    },
    "shifts": {
        "contract": "One of the sheet contracts, of which this is a further kind of shift.",
        "shift": "Name of the kind, each once in a contract.",
        "shift_min": "Length of a shift with its breaks, in minutes.",
        "paid_min": "Paid minutes of a shift. Empty: the shift less its unpaid breaks.",
        "starts": "Earliest-latest/grid, such as 07:00-11:00/30. Empty: the contract's.",
        "breaks": "As in the sheet contracts; a split shift has a long unpaid one, such as "
        "gap:180:240:240:unpaid.",
    },
    "campaigns": {
        "campaign": "Name, each once.",
        "skill": "Skill that an agent needs for it.",
        "weekdays": "Mon-Sat or Mon,Wed,Fri. Empty: all, or as hours says.",
        "hours": "Permitted hours: 10:00-20:00, or in full Mon-Thu 16:00-20:30; Fri 14:00-19:00.",
        "target_h": "Agent hours to place within the schedule.",
        "set_up_s": "Seconds of each attempt before anyone answers.",
        "talk_s": "Seconds of talk of an answered attempt.",
        "wrap_s": "Seconds of work after it.",
        "connect_rate": "Share of attempts that are answered, above 0 and at most 1. Empty: 1.",
        "deadline": "Last day on which it may be worked. May be empty.",
        "value": "Worth of an hour beside other campaigns. Empty: 1.",
    },
    "queues": {
        "queue": "Name as in the history, each once.",
        "channel": "voice, chat, messenger, email, post or callback. Empty: voice.",
        "skill": "Skill that an agent needs for it. Empty: the queue's name.",
        "target": "80/20 (80 % in 20 s), ASA 30, abandoned 5% or occupancy 85%. Empty: the plan's.",
        "patience_s": "Mean patience of callers in seconds. Empty: the plan's.",
        "aht_s": "Mean handle time in seconds. Empty: from the history.",
        "opening": "24/7 or Mon-Fri 08:00-18:00; Sat 09:00-13:00. Empty: from the history.",
        "chats": "Chat: conversations an agent holds at once, at most. Empty: 2.",
        "chat_aht_s": "Chat: handle time with 1, 2, ... at once, as 300|340. Empty: the same.",
        "due_h": "E-mail, post, callback: hours by which a contact is answered. Empty: 24.",
        "backlog": "The same: contacts that wait when the plan begins. Empty: 0.",
        "deflection": "Share of the contacts that self-service takes. Empty: 0.",
        "deflected_aht_s": "Handle time of those; the others keep theirs. Empty: as all.",
        "callback_at": "Callers waiting from which on a callback is offered. Empty: never.",
        "callback_share": "Share of them who take it.",
        "priority": "1 to 9: 1 gets spare people first. Empty: 5.",
        "worked": "E-mail, post, callback: heads (of its own) or quiet (in quiet periods of the "
        "schedule). Empty: heads.",
    },
    "events": {
        "event": "Name; events of one name share their effect.",
        "from": "First day.",
        "to": "Last day. Empty: the same day.",
        "effect": "exclude (do not learn from it), learn, close, change, hours (a half day) or "
        "like (copy a day).",
        "change": "With change, hours or like: 0.2 for 20 % more, -0.1 for 10 % less.",
        "queues": "Queues it counts for, separated by |. Empty: all.",
        "lead_days": "Days before it with effects of their own, to be learned. Empty: 0.",
        "lag_days": "Days after it with effects of their own, to be learned. Empty: 0.",
        "hours": "With hours: when it is open, for example 08:00-13:00.",
        "like": "With like: the day of the history that is copied.",
    },
    "shrinkage": {
        "component": "Reason for paid time away from contacts, for example sickness.",
        "share": "Of paid time, such as 5 %. The components of a day add up.",
        "weekdays": "Days on which it applies, as Mon-Fri. Empty: all.",
        "months": "Months in which it applies, as Dec-Feb. Empty: all.",
        "placed": "yes where the schedule places it itself, as breaks; not counted here then.",
    },
}


def example_tables() -> dict[str, pd.DataFrame]:
    """Two rows of each sheet."""
    breaks = (Break("break", 15, 60, 150, True), Break("lunch", 30, 210, 300, False))
    agents = (
        Agent(
            "a1",
            "Ada Example",
            "full",
            frozenset({"support", "survey"}),
            team="North",
            start_date=date(2025, 9, 1),
            cost_per_h=20.0,
            absences=(Absence(date(2026, 3, 2), date(2026, 3, 6), "leave"),),
        ),
        Agent(
            "a2",
            "Ben Example",
            "part",
            frozenset({"support", "orders"}),
            team="South",
            cost_per_h=18.5,
            absences=(Absence(date(2026, 3, 9), date(2026, 3, 9), "training"),),
        ),
    )
    contracts = (
        Contract("full", 510, 480, 5, 5, 420, 660, 30, breaks),
        Contract(
            *("part", 300, 300, 3, 5, 480, 960, 30, breaks[:1]),
            more_shifts=(
                ShiftKind("short", 240, 240, 600, 1020, 30, breaks[:1]),
                ShiftKind("split", 480, 300, 480, 600, 30, (Break("gap", 180, 150, 150, False),)),
            ),
            min_hours_week=15,
            max_hours_week=25,
        ),
    )
    campaigns = (
        Campaign(
            "survey", "survey", Opening.parse("Mon-Sat 10:00-20:00"), 20.0, 20.0, 120.0, 30.0, 0.35
        ),
        Campaign(
            "reminders",
            "orders",
            Opening.parse("Mon-Thu 16:00-20:30; Fri 14:00-19:00"),
            10.0,
            15.0,
            60.0,
            15.0,
            0.5,
            date(2026, 3, 31),
        ),
    )
    queues = (
        Queue("support", "support", target="80/20", patience_s=120.0, aht_s=300.0),
        Queue("orders", "orders", opening=Opening.parse("Mon-Fri 08:00-18:00; Sat 09:00-13:00")),
        Queue("chat", "chat", "chat", chat_aht_s=(420.0, 480.0)),
        Queue("mail", "mail", "email", due_h=24.0, backlog=40.0),
    )
    events = (
        Event("price change", date(2026, 4, 1), date(2026, 4, 3), "change", 0.2, ("support",)),
        Event("outage", date(2026, 2, 11), date(2026, 2, 11), "exclude"),
    )
    shrinkage = Shrinkage(
        (
            ShrinkageComponent("sickness", 0.05),
            ShrinkageComponent("coaching", 0.02, weekdays=(0, 1, 2, 3, 4)),
            ShrinkageComponent("breaks", 0.08, placed=True),
        )
    )
    return {
        "agents": agents_table(agents),
        "absences": absences_table(agents),
        "contracts": contracts_table(contracts),
        "shifts": shifts_table(contracts),
        "campaigns": campaigns_table(campaigns),
        "queues": queues_table(queues),
        "events": events_table(events),
        "shrinkage": shrinkage_table(shrinkage),
    }


def template(path: str | Path) -> Path:
    """Write a workbook to fill in; as it is, it can be read.

    Parameters
    ----------
    path
        Ends in ``.xlsx``.

    Raises
    ------
    DataError
        It cannot be saved.
    """
    return write_bytes(path, template_bytes())


def template_bytes(
    tables: Mapping[str, pd.DataFrame] | None = None, *, language: str = "en"
) -> bytes:
    """The workbook of `template`; with tables of one's own in place of the examples.

    Parameters
    ----------
    tables
        As `example_tables` gives them; None: the examples.
    language
        Language of its explanations; names of sheets and columns stay, as they are read again.
    """
    tables = tables if tables is not None else example_tables()
    book = Book(_MADE)
    _help(book, language)
    for name, columns in HELP.items():
        frame = tables[name]
        sheet = book.sheet(name)
        fields = [
            Field(c, c, "day" if c in _DAYS else "text", _width(c, frame)) for c in frame.columns
        ]
        book.table(sheet, frame, fields, freeze=(1, 1), filters=False)
        for c, column in enumerate(frame.columns):
            sheet.write_comment(0, c, told(columns[column], language), {"x_scale": 2})
            _validation(sheet, c, column)
    return book.bytes()


def _width(column: str, frame: pd.DataFrame) -> float:
    longest = max((len(str(v)) for v in frame[column]), default=0)
    return 16 if column in _DAYS else min(max(longest, len(column)) + 4, 60)


def _help(book: Book, language: str) -> None:
    """The sheet that explains; no reader looks at it."""
    sheet = book.sheet("Help", portrait=True)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, 90)
    title = told("People, contracts and work of a plan", language)
    book.put(sheet, 0, 0, title, book.format("title"))
    notes = (
        "Fill in one row for each; the two rows of each sheet are examples, replace them.",
        "Keep the sheets' names and their first row. Columns that may be empty say so.",
    )
    for r, note in enumerate(notes, start=1):
        book.put(sheet, r, 0, told(note, language), book.format("note"))
    for c, text in enumerate(("Sheet", "Column", "What it holds")):
        book.put(sheet, 4, c, told(text, language), book.format("head"))
    sheet.freeze_panes(5, 0)
    row = 5
    for name, columns in HELP.items():
        for column, text in columns.items():
            book.put(sheet, row, 0, name, book.format("label"))
            book.put(sheet, row, 1, column, book.format())
            book.put(sheet, row, 2, told(text, language), book.format("wrap"))
            row += 1


def _validation(sheet: Any, c: int, column: str) -> None:
    """Lists to choose from and limits, where a column has them."""
    earliest = date(2000, 1, 1)
    rules: dict[str, dict[str, Any]] = {
        "effect": {"validate": "list", "source": list(EFFECTS)},
        "contract": {"validate": "list", "source": f"=contracts!$A$2:$A${_ROWS}"},
        "channel": {
            "validate": "list",
            "source": ["voice", "chat", "email", "callback", "post"],
            "error_type": "warning",
        },
        "connect_rate": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1},
        "cost_per_h": {"validate": "decimal", "criteria": ">=", "value": 0},
        "target_h": {"validate": "decimal", "criteria": ">=", "value": 0},
        "shift_min": {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 1440},
        "min_days_week": {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 7},
        "max_days_week": {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 7},
        "min_hours_week": {"validate": "decimal", "criteria": "between", "minimum": 0}
        | {"maximum": 168},
        "max_hours_week": {"validate": "decimal", "criteria": "between", "minimum": 0}
        | {"maximum": 168},
    }
    rules |= {
        day: {"validate": "date", "criteria": "between", "minimum": earliest}
        | {"maximum": earliest + timedelta(days=36500)}
        for day in _DAYS
    }
    if column in rules and not (column == "contract" and sheet.get_name() == "contracts"):
        sheet.data_validation(1, c, _ROWS, c, rules[column])
    if column == "agent" and sheet.get_name() == "absences":
        sheet.data_validation(
            1, c, _ROWS, c, {"validate": "list", "source": f"=agents!$A$2:$A${_ROWS}"}
        )


SHEETS: Sequence[str] = tuple(HELP)
