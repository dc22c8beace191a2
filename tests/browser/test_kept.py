"""What a planner does is kept, in a real browser: large files, two planners, her name."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.test_day import opened
from tests.browser.test_journey import choose_first_cell, create, figure, quiet, typed
from tests.browser.test_reach import planned

pytestmark = pytest.mark.browser


def until(true, seconds: float = 60.0) -> None:
    """Wait until something is so: what is typed reaches the database a moment later."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def large_csv(path: Path, queues: int) -> Path:
    """Two years of quarter hours."""
    start = pd.date_range("2024-01-01", periods=2 * 365 * 96, freq="15min", tz="UTC")
    one = pd.DataFrame(
        {
            "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "queue": "q0",
            "offered": np.random.default_rng(0).poisson(9.0, len(start)),
            "aht": 240,
        }
    ).to_csv(index=False, header=False)
    with path.open("w", encoding="utf-8") as file:
        file.write("start,queue,offered,aht\n")
        file.writelines(one.replace(",q0,", f",q{i},") for i in range(queues))
    return path


def test_a_large_file_is_taken_in_with_its_progress(page, app, tmp_path):
    file = large_csv(tmp_path / "large.csv", queues=2)
    assert file.stat().st_size > 2**20
    create(page, app.url, "Large")
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(file)
    expect(page.get_by_text("A file is being taken in")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    metric = page.get_by_test_id("stMetric").filter(has_text="Contacts offered")
    expect(metric).to_be_visible(timeout=120_000)
    history = app.store.load(app.store.latest("Large", "history").id).frame
    assert len(history) == 2 * 731 * 48
    assert figure(page, "Contacts offered") == f"{history['offered'].sum():,.0f}"
    page.reload()
    expect(metric).to_be_visible(timeout=60_000)


def test_a_large_file_is_cancelled_and_nothing_is_imported(page, app, tmp_path):
    file = large_csv(tmp_path / "large.csv", queues=90)  # seconds of work
    create(page, app.url, "Cancelled")
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(file)
    expect(page.get_by_text("A file is being taken in")).to_be_visible(timeout=120_000)
    page.get_by_role("button", name="Cancel", exact=True).click()
    until(lambda: app.store.jobs("Cancelled")[0].ended)
    expect(page.get_by_text("A file is being taken in")).to_have_count(0, timeout=60_000)
    assert app.store.latest("Cancelled", "history") is None
    page.get_by_role("button", name="Take it in again").click()
    until(lambda: len(app.store.jobs("Cancelled")) == 2)
    page.get_by_role("button", name="Cancel", exact=True).click()
    until(lambda: app.store.jobs("Cancelled")[0].ended)
    assert {job.status for job in app.store.jobs("Cancelled")} == {"cancelled"}


def test_undo_and_redo_say_what_they_take_back(page, app):
    project = planned(app.store)
    opened(page, app.url, project, "requirement", "Requirement")
    typed(page, "Shrinkage %", "17")
    until(lambda: app.store.settings(project)["staff"]["shrinkage"] == 0.17)
    typed(page, "Shrinkage %", "19")
    page.get_by_role("button", name="Undo").hover()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Shrinkage %", exact=True).first).to_have_value("17")
    quiet(page)
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_label("Shrinkage %", exact=True).first).to_have_value("19")
    page.reload()
    expect(page.get_by_label("Shrinkage %", exact=True).first).to_have_value("19")


def test_a_click_that_the_next_one_overtakes_is_not_lost(page, app):
    project = planned(app.store)
    opened(page, app.url, project, "requirement", "Requirement")
    field = page.get_by_label("Shrinkage %", exact=True).first
    expect(field).to_have_value("10")
    for value in ("17", "19"):  # typed on while the page is being drawn
        field.fill(value)
        field.press("Enter")
        page.wait_for_timeout(50)
    until(lambda: app.store.settings(project)["staff"]["shrinkage"] == 0.19)
    expect(page.get_by_text("changed meanwhile by someone else")).to_have_count(0)
    for value in (0.21, 0.23):
        typed(page, "Shrinkage %", f"{100 * value:.0f}")
        until(lambda now=value: app.store.settings(project)["staff"]["shrinkage"] == now)
    quiet(page)
    for button, last in (("Undo", "19"), ("Redo", "23")):
        page.get_by_role("button", name=button).click()
        page.wait_for_timeout(200)  # pressed again while the page is being drawn
        page.get_by_role("button", name=button).click()
        expect(field).to_have_value(last)
        quiet(page)


def test_a_browser_keeps_the_planner_s_name(page, app):
    project = planned(app.store)
    opened(page, app.url, project, "requirement", "Requirement")
    name = page.get_by_role("textbox", name="Your name")
    name.fill("Ayşe; Yılmaz")
    name.press("Enter")
    quiet(page)
    page.wait_for_timeout(1000)
    page.goto(f"{app.url}/requirement?project={project}")
    expect(page.get_by_role("textbox", name="Your name")).to_have_value("Ayşe; Yılmaz")
    typed(page, "Shrinkage %", "21")
    until(lambda: app.store.changes(project)["author"].iloc[0] == "Ayşe; Yılmaz")
    name = page.get_by_role("textbox", name="Your name")
    name.fill("")
    name.press("Enter")
    quiet(page)
    page.wait_for_timeout(1000)
    page.goto(f"{app.url}/requirement?project={project}")
    expect(page.get_by_role("textbox", name="Your name")).to_have_value("")


def test_two_planners_of_one_table_see_both_versions(page, app, browser):
    project = planned(app.store)
    opened(page, app.url, project, "people", "People")
    theirs = app.store.table(project, "agents")
    quiet(page)
    theirs.loc[0, "name"] = "Theirs"
    app.store.by("Mehmet").save_table(
        project, "agents", theirs, seen=theirs.attrs.get("revision", 0)
    )
    choose_first_cell(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=app.url)
    page.evaluate("text => navigator.clipboard.writeText(text)", "mine")
    page.keyboard.press("Control+V")
    expect(page.get_by_text("was changed meanwhile by Mehmet")).to_be_visible()
    page.get_by_role("button", name="Keep mine").first.click()
    quiet(page)
    until(lambda: app.store.table(project, "agents")["agent"].iloc[0] == "mine")
    expect(page.get_by_text("was changed meanwhile")).to_have_count(0)
