"""A link pressed right after something was typed opens its page, and what was typed is kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_day import opened
from tests.browser.test_journey import choose_first_cell
from tests.browser.test_reach import heading, planned

pytestmark = pytest.mark.browser
AT_ONCE = "link => { document.activeElement.blur(); link.click(); }"
"""As on a busy machine: the browser hears of the link before it sends what was typed."""


def beside(page: Page, name: str) -> Locator:
    links = page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True)
    return links.first


def onward(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=re.compile(f"^Next: {name}")).first


def test_ten_links_pressed_while_typing_are_not_lost(page, app):
    project = planned(app.store)
    opened(page, app.url, project, "requirement", "Requirement")
    for value in range(11, 21):
        page.get_by_label("Shrinkage %", exact=True).first.fill(str(value))
        link = onward(page, "People") if value % 2 else beside(page, "People")
        link.evaluate(AT_ONCE)
        heading(page, "People")
        assert app.store.settings(project)["staff"]["shrinkage"] == value / 100
        beside(page, "Requirement").click()
        heading(page, "Requirement")


def test_a_link_pressed_while_a_cell_is_typed_in_is_not_lost(page, app):
    project = planned(app.store)
    opened(page, app.url, project, "people", "People")
    for name in ("b1", "b2"):
        choose_first_cell(page)
        page.keyboard.press(name[0])  # it opens the cell; on a busy machine that takes a while
        field = page.locator("#portal textarea")
        expect(field).to_have_value(name[0])
        page.keyboard.type(name[1:])
        beside(page, "Data").click()
        heading(page, "Data")
        assert name in set(app.store.table(project, "agents")["agent"])
        beside(page, "People").click()
        heading(page, "People")


def test_a_link_after_another_waits_for_nothing(page, app):
    project = planned(app.store)
    opened(page, app.url, project, "data", "Data")
    for name in ("Compare", "People"):
        beside(page, name).click()
        assert page.locator("a[aria-busy]").count() == 0
    heading(page, "People")
