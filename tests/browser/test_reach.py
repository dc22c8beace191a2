"""Who can use the app: every page in every language, and nothing that axe finds serious."""

from __future__ import annotations

import importlib.util
import os
import re
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from wfm.core import tables
from wfm.core.language import LANGUAGES, told
from wfm.planning import steps
from wfm.planning.by_settings import requirement_of
from wfm.store import Store
from wfm.ui.main import PAGES

pytestmark = pytest.mark.browser
TITLES = {screen.name: screen.title for screen in PAGES} | {"start": "Plan a contact centre"}
SERIOUS = ("serious", "critical")
SETTLED = "* { transition: none !important } [data-stale] { opacity: 1 !important }"  # no fading

STYLED = "[...document.querySelectorAll('style')].some(s => s.textContent.includes('stCaption'))"


@cache
def tiny() -> ModuleType:
    """The tiny centre of the page tests."""
    path = Path(__file__).resolve().parents[1] / "ui" / "conftest.py"
    spec = importlib.util.spec_from_file_location("tiny_centre", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def values() -> dict[str, Any]:
    """The tiny centre's values up to its schedule, made once."""
    centre = tiny()
    history = centre.tiny_history()
    forecast = steps.make_forecast(history, "14D", model="seasonal_mean")
    needed = requirement_of(centre.tiny_settings(), forecast)
    schedule = steps.make_schedule(
        needed,
        centre.AGENTS,
        [centre.CONTRACT],
        campaigns=[centre.CAMPAIGN],
        rules=steps.schedule_rules(rest_min=660, band_min=None, outbound_block_min=30),
        first_day=date(2026, 3, 9),
        seconds=3.0,
    )
    return {
        "history": history,
        "forecast": forecast,
        "requirement": needed,
        "schedule": schedule,
    }


def planned(store: Store, *, rostered: bool = False) -> int:
    """A new project planned up to its requirement, or to its schedule."""
    centre = tiny()
    settings = centre.tiny_settings().model_dump(mode="json")
    project = int(store.create_project(f"Tiny {len(store.projects())}", settings).id)
    store.save_table(project, "agents", tables.agents_table(centre.AGENTS))
    store.save_table(project, "contracts", tables.contracts_table([centre.CONTRACT]))
    store.save_table(project, "campaigns", tables.campaigns_table([centre.CAMPAIGN]))
    parents: tuple[int, ...] = ()
    for kind, value in values().items():
        if kind != "schedule" or rostered:
            own = settings["staff"] if kind == "requirement" else {}
            parents = (store.save(project, kind, value, settings=own, parents=parents).id,)
    return project


def rest(page: Page) -> None:
    """Wait until the page's script is at rest."""
    page.wait_for_timeout(300)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=90_000)
    expect(page.locator('[data-stale="true"]')).to_have_count(0, timeout=90_000)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", name=text, exact=True, level=1)).to_be_visible(
        timeout=90_000
    )
    rest(page)


def test_the_language_is_switched_in_the_sidebar_and_kept(page, app):
    project = planned(app.store)
    page.goto(f"{app.url}/requirement?project={project}")
    heading(page, "Requirement")
    box = page.get_by_test_id("stSidebar").get_by_role("combobox", name=re.compile("Language"))
    box.click()
    page.get_by_role("option", name="Türkçe").click()
    heading(page, "İhtiyaç")
    expect(page).to_have_url(re.compile("lang=tr"))
    page.reload()
    heading(page, "İhtiyaç")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Kişiler").click()
    heading(page, "Kişiler")
    assert app.store.kept(project, "language") == "tr"
    page.goto(app.url)  # the same browser without a language in the address
    heading(page, told(TITLES["start"], "tr"))
    other = page.context.browser.new_context(locale="en-GB").new_page()
    other.goto(f"{app.url}/requirement?project={project}")  # another browser, the same project
    heading(other, "İhtiyaç")
    other.context.close()


def newest_axe() -> Axe:
    """The npm package's axe-core where WFM_AXE names its file, else the one of the wheel."""
    own = os.environ.get("WFM_AXE")
    return Axe(Path(own).read_text(encoding="utf-8")) if own else Axe()


@pytest.mark.parametrize(
    ("language", "scheme"), [("en", "light"), ("tr", "dark"), ("az", None), ("ka", None)]
)
def test_every_page_opens_in_every_language_and_axe_finds_nothing_serious(
    page, app, language, scheme
):
    """Each page in each language; in one light and one dark theme axe looks at all of it."""
    project = planned(app.store, rostered=True)
    page.emulate_media(color_scheme=scheme)
    axe, found = newest_axe(), set()
    for name, title in TITLES.items():
        page.goto(f"{app.url}/{'' if name == 'start' else name}?project={project}&lang={language}")
        heading(page, told(title, language))
        expect(page.get_by_test_id("stException")).to_have_count(0)
        if scheme is None:
            continue
        page.add_style_tag(content=SETTLED)
        page.wait_for_function(STYLED)  # on the first page the browser fetches its part last
        rest(page)
        for fault in axe.run(page, context="[data-testid=stMain]").response["violations"]:
            if fault["impact"] in SERIOUS:
                places = {f"{n['html'][:160]} {n['failureSummary']}" for n in fault["nodes"]}
                found |= {(fault["id"], name, place) for place in places}
    assert not found, "\n".join(map(str, sorted(found)))


def test_the_pages_cover_every_language():
    assert set(LANGUAGES) == {"en", "tr", "az", "ka"}
