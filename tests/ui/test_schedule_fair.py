"""A planner reads fairness and what outbound hours bring in the app and in the workbook."""

from __future__ import annotations

from io import BytesIO

import openpyxl

from tests.ui.conftest import AGENTS, CAMPAIGN, CONTRACT
from wfm import io
from wfm.planning.sheets import schedule_sheets


def test_fairness_is_told_in_words_shared_for_nothing_and_priced(open_page, store):
    page = open_page("schedule", "Tiny", tab="Fairness")
    before = store.load(store.latest("Tiny", "schedule").id)
    tables = [str(t.value) for t in page.app.dataframe]
    assert any("weekend days worked" in text for text in tables)
    page.press("Price of fairness")
    assert not page.app.exception
    assert "What more fairness costs" in page.said()
    page.press("Share more evenly at no cost")
    after = store.load(store.latest("Tiny", "schedule").id)
    assert after.coverage.equals(before.coverage)
    shared = "shared" in store.latest("Tiny", "schedule").note
    assert shared != ("No exchange of weeks" in page.said())


def test_the_outbound_page_tells_what_one_more_hour_brings(open_page):
    page = open_page("outbound", "Tiny")
    page.press("What one more agent hour brings")
    assert not page.app.exception
    assert any("free_h" in table.value for table in page.app.dataframe)


def test_the_workbook_holds_fairness_causes_and_outbound_work(store):
    version = store.latest("Tiny", "schedule")
    schedule = store.load(version.id)
    needed = store.load(version.parents[0])
    centre = {"agents": AGENTS, "contracts": [CONTRACT], "campaigns": [CAMPAIGN]}
    sheets = schedule_sheets(schedule, needed, centre)
    book = openpyxl.load_workbook(BytesIO(io.schedule_bytes(schedule, ".xlsx", sheets=sheets)))
    assert {
        "Fairness",
        "Fairness measures",
        "Why short",
        "What would help",
        "One more agent",
        "Outbound work",
    } <= set(book.sheetnames)
    words = [cell.value for cell in book["Fairness"][2]]
    assert any("shifts:" in str(word) for word in words)


def test_schedules_stand_side_by_side(open_page, store):
    version = store.latest("Tiny", "schedule")
    page = open_page("schedule", "Tiny", tab="Change")
    page.field("selectbox", "Change").set_value("off")
    page.press("Show the effect").press("Keep")
    assert store.latest("Tiny", "schedule").id != version.id
    page = open_page("schedule", "Tiny", tab="Scenarios")
    tables = [t.value for t in page.app.dataframe]
    table = next(t for t in tables if "Measure" in t and len(t.columns) == 3)
    paid = table[table["Measure"] == "Paid"].iloc[0]
    first, second = (float(text.removesuffix(" h").replace(",", "")) for text in paid.iloc[1:])
    assert first == second - 4


def test_the_day_plan_is_filtered_by_skill(open_page):
    page = open_page("schedule", "Tiny", tab="Day plan")
    page.field("selectbox", "Has the skill").set_value("survey")
    page.run()
    assert not page.app.exception
    assert "agents" in page.said()
