"""Reports: every file is offered, and a script makes the same plan from the project's zip."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile

import openpyxl
import pandas as pd
import pytest
from starlette.requests import Request

from wfm.planning import steps
from wfm.planning.bundle import project_zip
from wfm.planning.feeds import feed_paths
from wfm.planning.money import contact_costs
from wfm.ui import feeds
from wfm.ui.pages import reports_snippets


def test_every_file_is_offered(open_page):
    page = open_page("reports", "Tiny")
    assert not page.app.exception
    labels = [button.label for button in page.app.get("download_button")]
    kinds = [label.removeprefix("Download ") for label in labels]
    assert kinds == [
        "xlsx",
        "html",
        "zip",
        "the addresses",
        "csv",
        "json",
        "csv",
        "csv",
        "zip",
        "csv",
    ]


def test_an_empty_project_says_what_to_do(open_page):
    page = open_page("reports", "Empty")
    assert "Run a forecast first." in page.said()


def test_pictures_are_drawn_of_every_chart(open_page, store):
    rows = [("calls", "seasonal_naive", 0.1), ("calls", "seasonal_mean", 0.2)]
    board = pd.DataFrame(rows, columns=["queue", "model", "wape"])
    store.save("Tiny", "board", board)
    history = store.latest("Tiny", "history")
    told = steps.make_forecast(store.load(history.id), "14D", model="day_process")
    store.save("Tiny", "forecast", told, parents=(history.id,))
    page = open_page("reports", "Tiny").press("Draw pictures")
    assert not page.app.exception
    newest: dict[str, str] = {}
    for version in store.versions("Tiny"):
        newest.setdefault(version.kind, str(version.id))
    drawn = page.app.session_state[f"pictures.{'-'.join(newest.values())}.en"]
    pack = zipfile.ZipFile(io.BytesIO(drawn))
    names = pack.namelist()
    assert len(names) == len(set(names)) >= 2 * 12
    for name in names:
        start = pack.read(name)[:8]
        assert start == b"\x89PNG\r\n\x1a\n" if name.endswith("png") else start.startswith(b"<svg")
    plain = [re.sub(r"^\d+-|\.\w+$", "", name) for name in names]
    for title in (
        *("contacts-that-came", "over-and-short", "where-outbound-work-sits-in-the-day"),
        *("error-of-each-model-on-your-own-past", "what-one-more-agent-would-save"),
        "what-more-fairness-costs",
    ):
        assert title in plain
    assert any(re.fullmatch(r"why-calls-\d+-\d+-\d+", name) for name in plain)
    text = pack.read(next(n for n in names if n.endswith("own-past.svg"))).decode()
    assert "Smallest error: Last week (simple) with 10.0%" in text


def test_publishing_fills_the_calendars(open_page, store):
    page = open_page("reports", "Tiny")
    assert "Nothing is published" in page.said()
    page.press("Publish the newest version")
    assert "The calendars tell the newest schedule." in page.said()
    assert store.latest("Tiny", "schedule").state == "published"


def asked(path: str, project: int, token: str) -> object:
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    return feeds.calendar(Request(scope | {"path_params": {"project": project, "token": token}}))


def test_the_server_answers_for_a_calendar_and_for_no_other(store):
    number = store.project("Tiny").id
    newest = store.latest("Tiny", "schedule")
    store.set_state(newest.id, "published")
    store.keep(number, "language", "tr")
    agent = store.load(newest.id).frame["agent"].iloc[0]
    path = feed_paths(store, number, [agent])[agent]
    token = path.rpartition("/")[2].removesuffix(".ics")
    feeds._store.cache_clear()
    good = asked(path, number, token)
    assert good.status_code == 200
    assert good.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:Vardiya 09:00-13:00" in good.body.decode()
    for project, wrong in ((number, "0" * 32), (99, token), (1, token)):
        bad = asked(path, project, wrong)
        assert (bad.status_code, bad.body) == (404, b"There is no calendar here.\n")
    feeds._store.cache_clear()


def test_the_secret_is_in_no_zip(store):
    feed_paths(store, "Tiny", ["a1"])
    secret = store.kept("Tiny", "feeds.secret")
    pack = zipfile.ZipFile(io.BytesIO(project_zip(store, "Tiny")))
    assert not [n for n in pack.namelist() if secret.encode() in pack.read(n)]


@pytest.fixture
def folder(store, tmp_path):
    (tmp_path / "tiny-plan.zip").write_bytes(project_zip(store, "Tiny"))
    return tmp_path


@pytest.mark.slow
def test_both_snippets_make_the_plan_of_the_app(store, folder):
    forecast = store.load(store.latest("Tiny", "forecast").id)
    requirement = store.load(store.latest("Tiny", "requirement").id)
    schedule = store.load(store.latest("Tiny", "schedule").id)
    code = reports_snippets.python("tiny") + "\nprint(plan.schedule.objective, costs['cost'].sum())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    (folder / "tiny" / "out").rename(folder / "by-python")
    for line in reports_snippets.command_line("tiny").splitlines():
        words = line.replace("python ", f"{sys.executable} ").replace(
            "wfm ", f"{sys.executable} -m wfm.cli "
        )
        subprocess.run(words.split(), cwd=folder, check=True, capture_output=True)
    out = folder / "tiny" / "out"
    for name in ("forecast.csv", "requirement.csv"):
        assert (out / name).read_bytes() == (folder / "by-python" / name).read_bytes(), name
    made = pd.read_csv(out / "forecast.csv")
    assert made["volume"].tolist() == pytest.approx(forecast.frame["volume"].tolist())
    made = pd.read_csv(out / "requirement.csv")
    assert made["scheduled"].tolist() == requirement.frame["scheduled"].tolist()
    cost, money = map(float, done.stdout.split())
    assert cost == pytest.approx(schedule.objective)
    assert money == pytest.approx(contact_costs(schedule)["cost"].sum())
    book = openpyxl.load_workbook(out / "schedule.xlsx")
    assert len(book["Charts"]._charts) >= 3
    rows = list(book["Summary"].iter_rows(values_only=True))
    titles = [str(row[0]) for row in rows]
    terms = rows[titles.index("Parts of the objective [cost units]") + 1 :]
    # several schedules cost the same and a search in seconds may end with any, so not by its bytes
    assert sum(row[1] for row in terms) == pytest.approx(cost)
