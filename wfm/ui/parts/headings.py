"""What the columns of typed tables are called on the pages, for messages about their cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wfm.ui.said import say

TITLES = {
    "agents": "Agents",
    "absences": "Absences",
    "contracts": "Contracts",
    "shifts": "Kinds of shift",
    "queues": "Queues",
    "limits": "Seats and limits",
    "campaigns": "Campaigns",
    "callbacks": "Promised callbacks",
    "events": "Own events",
    "shrinkage": "Shrinkage by component",
    "meetings": "Meetings",
    "locks": "Locks",
    "edits": "Edits",
    "rates": "Rates by hour",
}
_CELL = re.compile(r"^(?P<table>\w+): (?P<row>[^:,]+, [^:']*)'(?P<column>\w+)'")
_NAME = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
"""A column that a message names by itself: those with an underscore, which are no words."""
_SETTING = re.compile(r"(?:^|(?<=; ))(\w+)\.(\w+)(?=: )")
_COLUMN = re.compile(r"(?<=, )(\w+)(?=: )")
_known: dict[str, dict[str, str]] = {}
_fields: dict[tuple[str, str], str] = {}


def register(table: str, config: Mapping[str, Any]) -> None:
    """Remember the headings of a table, as its columns are configured."""
    _known.setdefault(table, {}).update(
        {name: str(own["label"]) for name, own in config.items() if own and own.get("label")}
    )


def name_field(section: str, name: str, label: str) -> None:
    """Remember what stands above the field of a setting."""
    _fields[section, name] = label


def label_of(section: str, name: str) -> str | None:
    """What stands above the field of a setting; None before it was first drawn."""
    return _fields.get((section, name))


def change_in_headings(what: str, text: str) -> str:
    """What a line of the change log held, with what stands above the fields and columns.

    `what` is the name of a table, or anything else for settings; a place that was not drawn yet
    keeps its name.

    >>> name_field("staff", "target", "Target")
    >>> change_in_headings("project settings", "staff.target: 80/20; staff.unseen: 1")
    'Target: 80/20; staff.unseen: 1'
    >>> register("agents", {"cost_per_h": {"label": "Cost per hour"}})
    >>> change_in_headings("agents", "a01, cost_per_h: 12.5")
    'a01, Cost per hour: 12.5'
    """
    if what in TITLES:
        labels = _known.get(what, {})
        return _COLUMN.sub(lambda m: say(labels.get(m[1], m[1])), text)
    return _SETTING.sub(lambda m: say(_fields.get((m[1], m[2]), m[0])), text)


def in_headings(message: str) -> str:
    """A message about a cell, in any language, with the headings that stand above the table.

    >>> register("agents", {"cost_per_h": {"label": "Cost per hour"}})
    >>> in_headings("agents: row 3, column 'cost_per_h': 'x' cannot be read. Write a number.")
    "*Agents*, row 3, column *Cost per hour*: 'x' cannot be read. Write a number."
    """
    found = _CELL.match(message)
    if found is None:
        return message
    labels = _known.get(found["table"], {})
    label = labels.get(found["column"], found["column"])
    title = TITLES.get(found["table"], found["table"])
    rest = _NAME.sub(
        lambda m: f"*{say(labels[m[0]])}*" if m[0] in labels else m[0], message[found.end() :]
    )
    return f"*{say(title)}*, {found['row']}*{say(label)}*{rest}"
