"""From a csv to the workbook in a real browser, checked against the Python functions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from wfm import io
from wfm.core import tables
from wfm.core.calendars import Opening
from wfm.core.types import Requirement, Schedule
from wfm.planning import steps
from wfm.planning.by_settings import requirement_of
from wfm.planning.settings import settings_from

pytestmark = pytest.mark.browser
expect.set_options(timeout=90_000)

ZONE = "Europe/Istanbul"
LEVELS = {"orders": 6.0, "support": 10.0}


def small_csv(path: Path) -> Path:
    """Twenty weeks of two queues, 08:00-18:00 from Monday to Friday, with one wrong cell."""
    rng = np.random.default_rng(3)
    grid = pd.date_range("2026-01-05", periods=20 * 7 * 48, freq="30min", tz=ZONE)
    grid = grid[Opening.parse("Mon-Fri 08:00-18:00").open_at(grid)]
    hour = (grid.hour + grid.minute / 60).to_numpy()
    shape = 0.4 + np.exp(-(((hour - 11) / 2.5) ** 2))
    parts = []
    for queue, level in LEVELS.items():
        offered = rng.poisson(level * shape)
        parts.append(
            pd.DataFrame(
                {
                    "Interval start": grid.strftime("%d.%m.%Y %H:%M"),
                    "Queue": queue,
                    "Calls offered": offered.astype(str),
                    "AHT (s)": rng.normal(240, 15, len(grid)).round(1).astype(str),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    table.loc[17, "Calls offered"] = "n/a?"
    table["AHT (s)"] = table["AHT (s)"].str.replace(".", ",")
    table.to_csv(path, sep=";", index=False, encoding="cp1254")
    return path


def figure(page: Page, label: str) -> str:
    """The value of a metric, once it is there."""
    metric = page.get_by_test_id("stMetric").filter(has_text=label).first
    expect(metric).to_be_visible()
    return metric.get_by_test_id("stMetricValue").inner_text()


def quiet(page: Page) -> None:
    """Wait until the page's script is at rest; the mark of a running one is drawn later than that.

    A click or a typed number reaches the server in the moment before.
    """
    page.wait_for_timeout(300)
    at_rest = page.get_by_test_id("stApp").and_(page.locator("[data-test-script-state=notRunning]"))
    expect(at_rest).to_have_count(1, timeout=90_000)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=90_000)


def visit(page: Page, name: str) -> None:
    """Go to another page by the navigation, once this one is at rest."""
    quiet(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, exact=True, level=1)).to_be_visible()
    quiet(page)


def create(page: Page, url: str, name: str) -> None:
    """Create a project in the centre's zone."""
    page.goto(url)
    page.get_by_label("Name of the centre", exact=True).fill(name)
    zone = page.get_by_role("combobox", name=re.compile("Time zone"))
    zone.click()
    zone.fill(ZONE)
    page.get_by_role("option", name=ZONE).first.click()
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_role("heading", name="Data", level=1)).to_be_visible()


def typed(page: Page, label: str, value: str) -> None:
    """Type a number and leave the field."""
    field = page.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Enter")
    quiet(page)


def choose_first_cell(page: Page) -> None:
    """Click the first cell of the first grid until the grid itself says that a cell is chosen.

    On a busy machine a grid may be drawn late, or without a width until the page is loaded again.
    """
    grid = page.get_by_test_id("stDataFrame").first
    chosen = grid.locator("[role=gridcell][aria-selected=true]")
    for _ in range(20):
        if grid.is_visible():
            grid.click(position={"x": 60, "y": 52})
        page.wait_for_timeout(500)
        if chosen.count():
            return
        if not grid.is_visible():
            page.reload()
            quiet(page)
    expect(chosen).not_to_have_count(0)


def fetched(page: Page, ending: str, folder: Path) -> Path:
    """Press the download button of a kind of file and return the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download {ending}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def sheet(book: Any, name: str) -> pd.DataFrame:
    """A sheet of a workbook as a frame, its first row the headings."""
    rows = list(book[name].iter_rows(values_only=True))
    return pd.DataFrame(rows[1:], columns=rows[0])


def test_from_a_csv_to_the_workbook(page, app, tmp_path):
    file = small_csv(tmp_path / "calls.csv")
    expected = io.read_history(file, time_zone=ZONE, bad_rows="report")

    create(page, app.url, "Journey")
    page.locator("input[type=file]").first.set_input_files(file)
    total = f"{expected.frame['offered'].sum():,.0f}"
    assert figure(page, "Contacts offered") == total
    expect(page.get_by_test_id("stVegaLiteChart").first.locator("svg, canvas")).to_be_visible()

    page.reload()
    assert figure(page, "Contacts offered") == total

    visit(page, "Forecast")
    page.get_by_role("button", name="Run forecast").click()
    forecast = steps.make_forecast(expected, "42D", model="auto")
    largest = forecast.frame.groupby("queue")["volume"].sum().max()
    assert figure(page, "Contacts expected") == f"{largest:,.0f}"

    visit(page, "Requirement")
    typed(page, "Shrinkage %", "20")
    page.reload()
    expect(page.get_by_label("Shrinkage %", exact=True)).to_have_value("20")

    visit(page, "People")
    page.get_by_role("button", name="Make people to fit").click()
    page.get_by_role("button", name="Make them").click()
    expect(page.get_by_role("button", name="Make them")).to_be_hidden()
    agents = figure(page, "Agents")

    visit(page, "Schedule")
    typed(page, "Search [s]", "6")
    page.get_by_role("button", name="Build schedule").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Schedule", level=1)).to_be_visible()
    expect(page.get_by_text("Over and short")).to_be_visible(timeout=90_000)
    assert figure(page, "Status") in ("Legal", "Proven best")

    visit(page, "Reports")
    workbook = openpyxl.load_workbook(fetched(page, "xlsx", tmp_path))
    schedule = io.read_schedule(fetched(page, "json", tmp_path))

    settings = settings_from(app.store.settings("Journey"))
    assert settings.staff.shrinkage == pytest.approx(0.2)
    requirement = requirement_of(settings, forecast)
    people = tables.agents_from(app.store.table("Journey", "agents"))
    contracts = tables.contracts_from(app.store.table("Journey", "contracts"))
    assert agents == f"{len(people):,}"
    _same_requirement(sheet(workbook, "Requirement"), requirement)
    _same_coverage(sheet(workbook, "Coverage"), schedule)
    rules = steps.schedule_rules(
        rest_min=settings.schedule.rest_min,
        band_min=settings.schedule.band_min,
        outbound_block_min=settings.schedule.outbound_block_min,
    )
    assert steps.check_schedule(schedule, requirement, people, contracts, rules=rules) == []
    totals = sheet(workbook, "Agents")
    assert totals["Paid [h]"].sum() == pytest.approx(schedule.hours)
    assert len([name for name in workbook.sheetnames if re.match(r"(Mon|Tue|Wed|Thu|Fri)", name)])
    assert all(
        cell.data_type != "f" for part in workbook for row in part.iter_rows() for cell in row
    )


def _same_requirement(found: pd.DataFrame, requirement: Requirement) -> None:
    """The workbook's requirement is what the functions give for the same file."""
    frame = requirement.frame
    assert found["Queue"].tolist() == frame["queue"].tolist()
    np.testing.assert_allclose(found["Volume [contacts]"].astype(float), frame["volume"], rtol=1e-9)
    assert found["Agents [heads]"].astype(int).tolist() == frame["agents"].astype(int).tolist()
    assert found["To roster [heads]"].astype(int).tolist() == frame["scheduled"].tolist()


def _same_coverage(found: pd.DataFrame, schedule: Schedule) -> None:
    """The workbook's coverage is what its blocks cover in open hours, counted anew."""
    blocks = schedule.frame[schedule.frame["activity"] == "inbound"]
    every = schedule.coverage
    cover = every[(every["required"] > 0) | (every["scheduled"] > 0)]
    counted = [
        int(((blocks["queue"] == q) & (blocks["start"] <= s) & (blocks["end"] > s)).sum())
        for s, q in zip(cover["start"], cover["queue"], strict=True)
    ]
    assert found["Rostered [heads]"].astype(int).tolist() == counted
    assert found["Required [heads]"].astype(int).tolist() == cover["required"].astype(int).tolist()


def test_cancel_keeps_the_best_and_a_reload_loses_nothing(page, app, tmp_path):
    file = small_csv(tmp_path / "calls.csv")
    create(page, app.url, "Cancel")
    page.locator("input[type=file]").first.set_input_files(file)
    figure(page, "Contacts offered")
    visit(page, "Forecast")
    model = page.get_by_role("combobox", name=re.compile("^Selected.*Model|Model"))
    model.click()
    page.get_by_role("option", name="Mean of the last 8 same weekdays").click()
    quiet(page)
    page.get_by_role("button", name="Run forecast").click()
    figure(page, "Contacts expected")
    visit(page, "People")
    page.get_by_role("button", name="Make people to fit").click()
    page.get_by_role("button", name="Make them").click()
    figure(page, "Agents")

    visit(page, "Schedule")
    typed(page, "Search [s]", "600")
    page.get_by_role("button", name="Build schedule").click()
    cost = page.get_by_test_id("stMetric").filter(has_text="Cost so far")
    expect(cost.get_by_test_id("stMetricValue")).to_contain_text(re.compile(r"\d"), timeout=90_000)
    page.reload()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Over and short")).to_be_visible(timeout=90_000)
    expect(page.get_by_text(re.compile("best so far"))).to_be_visible()
    job = app.store.jobs("Cancel", kind="schedule")[0]
    assert job.status == "cancelled"
    schedule = app.store.load(job.version_id)
    assert schedule.stopped_by == "cancel"
    assert len(schedule.frame)
    assert json.dumps(job.progress)


PASTED = """b1\tAda Öz\tTeam 1\thalf\tcalls\nb2\t=1+1\tTeam 2\thalf\tcalls|survey"""


def test_a_block_from_excel_is_pasted_checked_and_kept(page, app):
    create(page, app.url, "Paste")
    visit(page, "People")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=app.url)
    page.evaluate("text => navigator.clipboard.writeText(text)", PASTED)
    choose_first_cell(page)
    page.keyboard.press("Control+V")
    expect(page.get_by_text("there is no contract 'half'")).to_be_visible()
    assert app.store.table("Paste", "agents")["name"].tolist() == ["Ada Öz", "=1+1"]
    page.reload()
    expect(page.get_by_text("there is no contract 'half'")).to_be_visible()
    quiet(page)
    assert app.store.table("Paste", "agents")["agent"].tolist() == ["b1", "b2"]
