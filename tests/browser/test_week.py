"""A week of 200 agents in a real browser: edited, locked, undone, reloaded, redone, compared.

Each step says how long it took from the click to its result (``pytest -s``).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_day import opened
from tests.browser.test_journey import quiet, visit
from tests.browser.test_kept import until
from tests.browser.test_reach import rest
from wfm.core import tables
from wfm.core.calendars import Opening
from wfm.core.people import Agent, Break, Contract
from wfm.core.types import History
from wfm.planning import steps
from wfm.planning.by_settings import requirement_of
from wfm.planning.settings import Settings
from wfm.store import Store

pytestmark = pytest.mark.browser
ZONE, FIRST = "Europe/Istanbul", date(2026, 3, 9)
FULL = Contract(
    "full",
    shift_min=480,
    paid_min=450,
    min_days_week=4,
    max_days_week=5,
    start_from_min=8 * 60,
    start_to_min=12 * 60,
    breaks=(Break("lunch", 30, 180, 300, False),),
)
PEOPLE = [
    Agent(f"a{n:03d}", f"Agent {n}", "full", frozenset({"calls"}), f"Team {1 + n % 10}", "")
    for n in range(1, 201)
]


def big_centre(store: Store) -> int:
    """A project of 200 agents, planned to its schedule: 08:00-20:00 on six days."""
    grid = pd.date_range("2026-01-05", periods=9 * 7 * 48, freq="30min", tz=ZONE)
    grid = grid[Opening.parse("Mon-Sat 08:00-20:00").open_at(grid)].as_unit("us")
    hour = (grid.hour + grid.minute / 60).to_numpy()
    level = 330 + 330 * np.exp(-(((hour - 13.5) / 3.0) ** 2))
    offered = np.random.default_rng(5).poisson(level).astype(float)
    frame = pd.DataFrame({"start": grid, "queue": "calls", "offered": offered, "aht_s": 300.0})
    frame = frame.assign(answered=offered, abandoned=0.0)
    history = History(frame, timedelta(minutes=30))
    settings = Settings()
    settings.plan.name, settings.plan.time_zone = "Two hundred", ZONE
    settings.forecast.horizon, settings.forecast.model = "14D", "seasonal_mean"
    settings.schedule.first_day = FIRST
    forecast = steps.make_forecast(history, "14D", model="seasonal_mean")
    needed = requirement_of(settings, forecast)
    schedule = steps.make_schedule(
        needed, PEOPLE, [FULL], rules=steps.schedule_rules(), first_day=FIRST, seconds=5.0
    )
    project = int(store.create_project("Two hundred", settings.model_dump(mode="json")).id)
    store.save_table(project, "agents", tables.agents_table(PEOPLE))
    store.save_table(project, "contracts", tables.contracts_table([FULL]))
    parents: tuple[int, ...] = ()
    for kind, value in zip(
        ("history", "forecast", "requirement", "schedule"),
        (history, forecast, needed, schedule),
        strict=True,
    ):
        own = settings.staff.model_dump(mode="json") if kind == "requirement" else {}
        parents = (store.save(project, kind, value, settings=own, parents=parents).id,)
    return project


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Say how long a step took."""
    since = time.monotonic()
    yield
    print(f"{step}: {time.monotonic() - since:.1f} s")


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select box."""
    page.get_by_role("combobox", name=re.compile(label)).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_week_of_two_hundred_is_edited_locked_undone_reloaded_redone_and_compared(page, app):
    store, project = app.store, big_centre(app.store)
    before = store.load(store.latest(project, "schedule").id)
    assert before.totals["agent"].nunique() == 200
    own = before.frame[before.frame["agent"] == "a001"]
    day = own["start"].iloc[0].date()

    with timed("open the page Schedule"):
        opened(page, app.url, project, "schedule", "Schedule")
    with timed("open the tab Change"):
        page.get_by_role("tab", name="Change").click()
        expect(page.get_by_role("button", name="Show the effect")).to_be_visible()
        rest(page)

    choose(page, "^.*Change$|^Selected.*Change", "Give the day off")
    rest(page)
    choose(page, "Day", f"{day:%a %d %b %Y}")
    rest(page)
    with timed("show the effect of an edit"):
        page.get_by_role("button", name="Show the effect").click()
        expect(page.get_by_text("Edits: ")).to_be_visible()
    with timed("keep the edit"):
        page.get_by_role("button", name="Keep", exact=True).click()
        until(lambda: store.latest(project, "schedule").number == 2)
        rest(page)
    edited = store.load(store.latest(project, "schedule").id)
    left = edited.frame[edited.frame["agent"] == "a001"]["start"].dt.date
    assert day not in set(left)

    page.get_by_text("Locks and planning again").click()
    rest(page)
    page.get_by_role("combobox", name=re.compile("Lock agents")).click()
    page.get_by_role("option", name=re.compile(r"\(a002\)$")).click()
    page.keyboard.press("Escape")
    rest(page)
    with timed("lock an agent's week"):
        page.get_by_role("button", name="Lock as planned").click()
        until(lambda: len(store.table(project, "locks")) > 0)
        rest(page)
    locks = store.table(project, "locks")
    assert set(locks["agent"]) == {"a002"}
    assert len(locks) == before.days

    with timed("undo"):
        page.get_by_role("button", name="Undo").click()
        until(lambda: len(store.table(project, "locks")) == 0)
        rest(page)
    with timed("reload"):
        page.reload()
        expect(page.get_by_role("heading", name="Schedule", level=1)).to_be_visible()
        rest(page)
    assert len(store.table(project, "locks")) == 0
    with timed("redo"):
        page.get_by_role("button", name="Redo").click()
        until(lambda: len(store.table(project, "locks")) > 0)
        rest(page)
    pd.testing.assert_frame_equal(store.table(project, "locks"), locks)

    with timed("compare both weeks"):
        visit(page, "Compare")
        expect(page.get_by_text("1 shifts of 1 people differ")).to_be_visible()
    quiet(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
