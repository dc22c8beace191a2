"""No text of a page is cut at 1280 pixels, in any language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.test_reach import TITLES, heading, planned, rest
from wfm.core.language import LANGUAGES, told

pytestmark = pytest.mark.browser
PAGES = tuple(TITLES)
MAIN = "[data-testid=stMain] *, [data-testid=stSidebar] *"
CUT = """() => {
  const hides = e => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX);
  const cut = e => hides(e) && e.scrollWidth > e.clientWidth + 1;
  const apart = '[data-testid=stDataFrame], svg, canvas, [data-testid=stVegaLiteChart]';
  return [...document.querySelectorAll('MAIN')]
    .filter(e => e.textContent.trim() && e.clientWidth > 1 && e.clientHeight > 1)
    .filter(e => !e.closest(apart) && cut(e) && ![...e.children].some(cut))
    .map(e => `${e.textContent.trim().slice(0, 60)}: ${e.scrollWidth} in ${e.clientWidth}`);
}""".replace("MAIN", MAIN)


def opened_texts(page: Page) -> Iterator[str]:
    """What is cut in each expander and popover."""
    expanders = page.get_by_test_id("stMain").locator("summary")
    for number in range(expanders.count()):
        expanders.nth(number).click()
        rest(page)
    yield from page.evaluate(CUT)
    popovers = page.get_by_test_id("stMain").get_by_test_id("stPopover").get_by_role("button")
    for number in range(popovers.count()):
        popovers.nth(number).click()
        rest(page)
        yield from page.evaluate(CUT.replace(MAIN, "[data-testid=stPopoverBody] *"))
        page.keyboard.press("Escape")
        rest(page)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_options_labels_and_buttons_are_whole(page, app, language):
    project = planned(app.store, rostered=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    found = set()
    for name in PAGES:
        page.goto(f"{app.url}/{'' if name == 'start' else name}?project={project}&lang={language}")
        heading(page, told(TITLES[name], language))
        tabs = page.get_by_test_id("stMain").get_by_role("tab")
        for number in range(max(tabs.count(), 1)):
            if tabs.count():
                tabs.nth(number).click()
                rest(page)
            found |= {f"{name}: {text}" for text in page.evaluate(CUT)}
        for text in opened_texts(page):
            found.add(f"{name}: {text}")
    assert not found, "\n".join(sorted(found))
