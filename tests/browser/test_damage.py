"""A damaged database in a real browser; the app has a database of its own here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import App, serve
from tests.browser.test_journey import typed
from tests.browser.test_kept import until
from tests.browser.test_reach import planned

pytestmark = pytest.mark.browser


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    running = serve(tmp_path)
    yield running
    running.process.terminate()
    running.process.wait(timeout=20)


def test_a_damaged_database_is_shown_and_its_backup_is_one_press_away(page, app):
    project = planned(app.store)
    app.store.backup()
    app.store.close()
    with app.store.file.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        for at in range(8192, size, 4096):
            file.seek(at + 100)
            file.write(os.urandom(400))
    page.goto(f"{app.url}/requirement?project={project}")
    expect(page.get_by_role("button", name="Restore this backup")).to_be_visible()
    expect(page.get_by_text("open_store")).to_have_count(0)
    page.get_by_role("button", name="Restore this backup").click()
    expect(page.get_by_text("is damaged")).to_have_count(0)
    page.goto(f"{app.url}/requirement?project={project}")
    typed(page, "Shrinkage %", "23")
    until(lambda: app.store.settings(project)["staff"]["shrinkage"] == 0.23)
    assert list(app.store.file.parent.glob("*damaged*"))
