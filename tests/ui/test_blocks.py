"""Bad blocks pasted into every table: kept as typed, and told in one sentence by its heading."""

from __future__ import annotations

import re

import pytest

from wfm.core import tables

FREE = {  # any text is a name
    *("agent", "name", "team", "contract", "skills", "site", "reason", "campaign", "skill"),
    *("queue", "limit", "event", "queues", "component", "meeting", "agents", "room", "author"),
    *("country", "made"),
}
WHOLE = {
    "agents": {"agent": "z1", "contract": "half", "skills": "calls"},
    "absences": {"agent": "a1", "from": "2026-03-10"},
    "contracts": {"contract": "z", "shift_min": "240", "max_days_week": "5"},
    "queues": {"queue": "calls"},
    "limits": {"limit": "z", "least": "1"},
    "events": {"event": "z", "from": "2026-03-10"},
    "campaigns": {"campaign": "z", "skill": "calls", "hours": "10:00-12:00", "target_h": "2"},
    "callbacks": {"queue": "calls", "day": "2026-03-10", "time": "10:00", "minutes": "10"},
    "shrinkage": {"component": "z", "share": "5 %"},
    "meetings": {"meeting": "z", "agents": "a1", "minutes": "30"},
    "locks": {"agent": "a1", "day": "2026-03-10", "shift": "09:00"},
}
PAGES = {
    "people": ("agents", "absences", "contracts", "queues", "limits"),
    "calendar": ("events",),
    "outbound": ("campaigns", "callbacks"),
    "requirement": ("shrinkage",),
    "schedule": ("meetings", "locks"),
}
CASES = [(page, table) for page, tables in PAGES.items() for table in tables]
HOW = {"meetings": "Meetings", "locks": "Locks and planning again"}


@pytest.mark.parametrize(("name", "table"), CASES)
def test_a_bad_cell_of_any_column_is_told_by_its_heading(open_page, store, name, table):
    page = open_page(name, "Tiny", tab="Change" if table in HOW else None)
    if table in HOW:
        page.app.session_state[f"change.how.{store.project('Tiny').id}"] = HOW[table]
        page.run()
    columns = [c for group in tables.COLUMNS[table] for c in group if c not in FREE]
    assert columns
    for column in columns:
        page.type_rows(table, {**WHOLE[table], column: "?!x"})
        assert not page.app.exception, column
        told = [e.value for e in page.app.error if "?!x" in e.value]
        assert told, (column, page.said())
        assert re.match(r"^\*[^*]+\*, row \d+, column \*[^*]+\*: ", told[0]), told[0]
        assert "?!x" in store.table("Tiny", table)[column].tolist()
