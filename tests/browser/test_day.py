"""A planner's day in a real browser: paste, edit, take back, lock, share, print, hand out."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import icalendar
import pandas as pd
import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import choose_first_cell, fetched, figure, quiet, typed
from tests.browser.test_reach import heading, planned
from tests.io.test_write import make
from wfm.core.types import Schedule
from wfm.io import schedule_bytes

pytestmark = pytest.mark.browser
A4_LANDSCAPE = (842, 595)


def opened(page: Page, url: str, project: int, name: str, title: str) -> None:
    page.goto(f"{url}/{name}?project={project}")
    heading(page, title)


def until(page: Page, done: Callable[[], bool], seconds: int = 90) -> None:
    """Wait until the store holds what a click is to bring; the test then looks at it."""
    for _ in range(10 * seconds):
        if done():
            return
        page.wait_for_timeout(100)


def test_two_hundred_agents_are_pasted_at_once(page, app):
    project = planned(app.store)
    opened(page, app.url, project, "people", "People")
    rows = [f"b{i}\tAyşe {i}\tTeam {1 + i % 8}\thalf\tcalls|survey" for i in range(1, 201)]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=app.url)
    page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join(rows))
    choose_first_cell(page)
    page.keyboard.press("Control+V")
    agents = page.get_by_test_id("stMetric").filter(has_text="Agents").first
    expect(agents).to_contain_text("200", timeout=90_000)
    page.reload()
    heading(page, "People")
    assert figure(page, "Agents") == "200"
    table = app.store.table(project, "agents")
    assert table["agent"].tolist() == [f"b{i}" for i in range(1, 201)]
    assert table["name"].iloc[-1] == "Ayşe 200"


def test_an_edit_is_taken_back_and_brought_back_over_a_reload(page, app):
    project = planned(app.store)
    opened(page, app.url, project, "requirement", "Requirement")
    shrinkage = page.get_by_label("Shrinkage %", exact=True).first
    before = "10"
    expect(shrinkage).to_have_value(before)
    typed(page, "Shrinkage %", "22")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    undo.click()
    quiet(page)
    expect(page.get_by_label("Shrinkage %", exact=True).first).to_have_value(before)
    page.reload()
    heading(page, "Requirement")
    expect(page.get_by_label("Shrinkage %", exact=True).first).to_have_value(before)
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_label("Shrinkage %", exact=True).first).to_have_value("22")
    assert app.store.settings(project)["staff"]["shrinkage"] == 0.22


def test_locked_shifts_stay_when_the_week_is_planned_again(page, app):
    project = planned(app.store, rostered=True)
    before = app.store.load(app.store.latest(project, "schedule").id)
    opened(page, app.url, project, "schedule", "Schedule")
    page.get_by_role("tab", name="Change").click()
    page.get_by_text("Locks and planning again").click()
    box = page.get_by_role("combobox", name=re.compile("Lock agents"))
    box.click()
    page.get_by_role("option", name=re.compile(r"\(a1\)$")).click()
    page.keyboard.press("Escape")
    quiet(page)
    page.get_by_role("button", name="Lock as planned").click()
    until(page, lambda: len(app.store.table(project, "locks")) > 0)
    assert set(app.store.table(project, "locks")["agent"]) == {"a1"}
    quiet(page)
    page.get_by_role("button", name="Plan again").click()
    until(page, lambda: app.store.latest(project, "schedule").number == 2)
    newest = app.store.latest(project, "schedule")
    assert newest.number == 2
    after = app.store.load(newest.id)
    ends = [
        s.frame[s.frame["agent"] == "a1"].groupby(s.frame["start"].dt.date) for s in (before, after)
    ]
    spans = [g.agg(start=("start", "min"), end=("end", "max")) for g in ends]
    pd.testing.assert_frame_equal(*spans)


def test_two_planners_on_one_project_do_not_overwrite_each_other(page, app, browser):
    project = planned(app.store)
    opened(page, app.url, project, "requirement", "Requirement")
    context = browser.new_context()
    other = context.new_page()
    opened(other, app.url, project, "requirement", "Requirement")
    typed(page, "Shrinkage %", "17")
    until(page, lambda: app.store.settings(project)["staff"].get("shrinkage") == 0.17)
    field = other.get_by_label("Shrinkage %", exact=True)
    field.fill("31")
    field.press("Enter")
    expect(other.get_by_text("changed meanwhile by someone else")).to_be_visible()
    expect(other.get_by_label("Shrinkage %", exact=True)).to_have_value("17")
    assert app.store.settings(project)["staff"]["shrinkage"] == 0.17
    context.close()


def test_the_page_of_each_team_prints_on_a4(page, app, browser, tmp_path):
    project = planned(app.store, rostered=True)
    opened(page, app.url, project, "reports", "Reports")
    file = fetched(page, "html", tmp_path)
    sheet = browser.new_page()
    sheet.goto(file.as_uri())
    sheet.pdf(path=tmp_path / "teams.pdf", prefer_css_page_size=True)
    sheet.close()
    paper = pypdf.PdfReader(tmp_path / "teams.pdf")
    texts = [sheet.extract_text() for sheet in paper.pages]
    assert len(texts) == 2  # a page a team
    for text, team in zip(texts, ("Team 1", "Team 2"), strict=True):
        assert team in text
        assert "Agent " in text
    for sheet in paper.pages:
        assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == A4_LANDSCAPE


def full_team(people: int) -> Schedule:
    """A week in which everybody works five days with three breaks and two outbound blocks."""
    rows = []
    for number in range(people):
        for weekday in range(5):
            day = pd.Timestamp("2026-03-02 08:00", tz="Europe/Istanbul")
            day += pd.Timedelta(days=(weekday + number) % 7)
            at = 0
            for minutes, activity, queue in (
                *((90, "inbound", "support"), (15, "break", ""), (60, "outbound", "survey")),
                *((45, "inbound", "support"), (30, "lunch", ""), (120, "inbound", "support")),
                *((15, "break", ""), (60, "outbound", "appointment reminders")),
                (75, "inbound", "support"),
            ):
                start = day + pd.Timedelta(minutes=at)
                at += minutes
                rows.append(
                    (f"a{number:03d}", start, day + pd.Timedelta(minutes=at), activity, queue)
                )
    made = make(tuple(f"a{number:03d}" for number in range(people)))
    made.totals["name"] = "Muhammed Ali Kahramanoğlu"
    frame = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue"])
    return replace(made, frame=frame, days=7)


@pytest.mark.parametrize("language", ["en", "ka"])
def test_a_team_of_sixteen_is_one_sheet(browser, tmp_path, language):
    file = tmp_path / "team.html"
    file.write_bytes(schedule_bytes(full_team(16), ".html", project="Demo", language=language))
    sheet = browser.new_page()
    sheet.goto(file.as_uri())
    sheet.pdf(path=tmp_path / "team.pdf", prefer_css_page_size=True)
    sheet.close()
    assert len(pypdf.PdfReader(tmp_path / "team.pdf").pages) == 1


def test_a_calendar_is_published_and_subscribed_to(page, app):
    project = planned(app.store, rostered=True)
    opened(page, app.url, project, "reports", "Reports")
    page.get_by_text("Addresses", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the addresses").click()
    table = pd.read_csv(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert table["address"].str.startswith(f"{app.url}/calendars/{project}/").all()
    address = table["address"].iloc[0]
    assert shifts_of(page, address) == []
    page.get_by_role("button", name="Publish the newest version").click()
    expect(page.get_by_text("The calendars tell the newest schedule.")).to_be_visible()
    made = app.store.load(app.store.latest(project, "schedule").id)
    own = made.frame[made.frame["agent"] == table["agent"].iloc[0]]
    starts = own.groupby(own["start"].dt.date)["start"].min()
    assert shifts_of(page, address) == [s.to_pydatetime() for s in starts]
    page.get_by_role("button", name="New addresses").click()
    page.get_by_role("button", name="Make new addresses").click()
    quiet(page)
    assert page.request.get(address).status == 404
    assert page.request.get(f"{app.url}/calendars/{project}/{'0' * 32}.ics").status == 404


def shifts_of(page: Page, address: str) -> list[object]:
    """Starts of the shifts behind an address, as a calendar program reads them."""
    answer = page.request.get(address)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    return [e["dtstart"].dt for e in icalendar.Calendar.from_ical(answer.body()).walk("VEVENT")]
