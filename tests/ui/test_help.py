"""Every field and every column that is typed into says what it is for."""

from __future__ import annotations

import json

import pytest

from wfm.ui.main import PAGES

KINDS = ("text_input", "selectbox", "multiselect", "date_input", "time_input", "radio")
PLAIN = {  # a choice of what is shown, not a setting
    *(
        "Language",
        "Day",
        "Days",
        "Week",
        "Queue",
        "Queues",
        "First",
        "Second",
        "Version",
        "Schedules",
    ),
    *("What to do", "What is there already", "Interval"),
}


def columns(app):
    """Heading and help of each column of the editable tables."""
    for table in [*app.get("dataframe"), *app.get("arrow_data_frame")]:
        proto = table.proto
        if proto.editing_mode == 0 or not proto.columns:
            continue
        for name, own in json.loads(proto.columns).items():
            if name != "_index":
                yield own.get("label") or name, own.get("help")


@pytest.mark.parametrize("name", [screen.name for screen in PAGES])
def test_every_field_has_a_help_text(open_page, name):
    page = open_page(name, "Tiny", tab="Change" if name == "schedule" else None)
    assert not page.app.exception
    bare = {w.label for kind in KINDS for w in getattr(page.app, kind) if not w.help}
    bare |= {heading for heading, help_ in columns(page.app) if not help_}
    assert bare <= PLAIN, sorted(bare - PLAIN)
