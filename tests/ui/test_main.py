"""The frame of the app: every page opens, in every state a project can be in."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import wfm.ui
from wfm.core.language import told
from wfm.ui.main import PAGES

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(wfm.ui.__file__).parent / "script" / "app.py"
NAMES = [screen.name for screen in PAGES]


def test_pages_come_in_the_order_of_the_work():
    assert NAMES == [
        "start",
        "data",
        "calendar",
        "forecast",
        "requirement",
        "people",
        "schedule",
        "outbound",
        "compare",
        "reports",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_page_without_a_project_leads_to_start(open_page, name):
    page = open_page(name)
    assert not page.app.exception
    assert not page.app.error
    if name != "start":
        assert "No project is open." in page.said()


@pytest.mark.parametrize("name", NAMES)
def test_page_of_an_empty_project_says_what_to_do(open_page, name):
    page = open_page(name, "Empty")
    assert not page.app.exception
    assert not page.app.error
    assert any(word in page.said() for word in ("yet", "to do", "No country"))


@pytest.mark.parametrize("name", NAMES)
def test_page_of_a_planned_project_shows_it(open_page, name):
    page = open_page(name, "Tiny")
    assert not page.app.exception
    assert not page.app.error
    if name != "start":
        assert "Tiny · Europe/Istanbul · every 30 min" in page.said()


def test_an_unknown_project_in_the_address_is_forgotten(open_page):
    page = open_page("data", 99)
    assert "No project is open." in page.said()
    assert "project" not in page.app.query_params


def test_both_copies_of_the_settings_agree_and_keep_the_server_on_this_machine():
    inside = ROOT / "wfm" / "ui" / "script" / ".streamlit" / "config.toml"
    text = inside.read_text(encoding="utf-8")
    assert (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8") == text
    settings = tomllib.loads(text)
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"


def test_no_folder_of_pages_lies_beside_the_script():
    for script in (ROOT / "app.py", ROOT / "wfm" / "ui" / "script" / "app.py"):
        assert script.is_file()
        assert not (script.parent / "pages").exists()


def test_a_database_that_cannot_be_opened_is_told_in_words(open_page, tmp_path, monkeypatch):
    (tmp_path / "notes.txt").write_text("not a database at all, only some notes" * 50)
    monkeypatch.setenv("WFM_DATABASE", str(tmp_path / "notes.txt"))
    page = open_page("start")
    assert not page.app.exception
    assert "not a wfm database" in page.app.error[0].value


@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_a_guide_with_its_picture(name):
    guide = (ROOT / "docs" / "guides" / f"{name}.md").read_text(encoding="utf-8")
    assert guide.splitlines()[0].endswith("?")
    assert f"(../images/{name}.png)" in guide
    assert (ROOT / "docs" / "images" / f"{name}.png").stat().st_size > 10_000


def test_a_damaged_database_is_shown_and_its_backup_is_a_press_away(open_page, store):
    backup = store.backup()
    held = bytearray(store.file.read_bytes())
    held[len(held) // 2 : len(held) // 2 + 9000] = b"\xff" * 9000
    store.file.write_bytes(held)
    page = open_page("start")
    assert "is damaged" in page.app.error[0].value
    assert str(backup) in page.said()
    page.press("Restore this backup")
    assert not page.app.exception
    assert "damaged" not in page.said()
    assert "Tiny" in page.said()


def test_only_the_open_tab_is_drawn_and_it_stays_open(open_page):
    page = open_page("schedule", "Tiny")
    assert "Over and short" in page.said()
    assert "What to do" not in {c.label for c in page.app.segmented_control}
    page = open_page("schedule", "Tiny", tab="Change")
    assert "Over and short" not in page.said()
    assert "What to do" in {c.label for c in page.run().app.segmented_control}


def test_a_repair_without_a_bound_has_no_gap(open_page, store):
    version = store.latest("Tiny", "schedule")
    schedule = store.load(version.id)
    made = replace(schedule, bound=schedule.min_labour - 1)
    store.save("Tiny", "schedule", made, parents=tuple(version.parents))
    assert open_page("schedule", "Tiny").figures()["Gap"] == "not proven"


@pytest.mark.parametrize(("language", "share"), [("en", r"\d+\.\d%"), ("tr", r"%\d+,\d")])
def test_shares_are_written_with_one_decimal_each(store, language, share):
    app = AppTest.from_file(str(SCRIPT), default_timeout=60)
    app.session_state[f"kept.tab.schedule.{language}"] = told("Service", language)
    app.query_params.update(project=str(store.project("Tiny").id), lang=language)
    app._page_hash = calc_hash("schedule")
    app.run()
    table = next(t for t in app.dataframe if "service_level" in t.value)
    assert table.value["service_level"].between(0, 1).all()
    assert re.search(share, table.proto.arrow_data.styler.display_values.decode("latin-1"))


def test_the_address_start_is_the_page_start(open_page):
    page = open_page("start", "Tiny")
    other = AppTest.from_file(str(SCRIPT), default_timeout=60)
    other.query_params["project"] = page.app.query_params["project"]
    other._page_hash = calc_hash("start")
    other.run()
    assert not other.exception
    assert [t.value for t in other.title] == [t.value for t in page.app.title]


def test_each_page_leads_on_to_the_next(open_page):
    page = open_page("data", "Tiny")
    assert any(link.label == "Next: Calendar" for link in page.app.get("page_link"))
