"""Make the pictures of the guides: the demo centre, planned in a real browser.

Run it as ``python docs/make_screenshots.py``; it needs Chromium and some minutes, and writes
`docs/images/<page>.png`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

IMAGES = Path(__file__).parent / "images"
SCRIPT = Path(__file__).resolve().parents[1] / "wfm" / "ui" / "script" / "app.py"
WIDTH = 1440
SOLVE_S = 120  # a small gap on a busy machine, too
HEIGHTS = {
    "start": 1020,
    "data": 1330,
    "calendar": 1000,
    "forecast": 1180,
    "requirement": 1900,
    "people": 860,
    "schedule": 1540,
    "outbound": 1420,
    "compare": 1090,
    "reports": 900,
}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Wait until the server answers."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    message = "the app did not start"
    raise SystemExit(message)


UNFINISHED = ", ".join(
    [
        *(f'[data-testid="{name}"]' for name in ("stStatusWidget", "stSkeleton", "stSpinner")),
        '[data-stale="true"]',
    ]
)
"""What stands on a page that is still being drawn."""


def rest(page: Page) -> None:
    """Wait until the page is drawn."""
    page.wait_for_timeout(500)
    unfinished = page.locator(UNFINISHED)
    expect(unfinished).to_have_count(0, timeout=120_000)
    page.wait_for_timeout(1500)
    expect(unfinished).to_have_count(0, timeout=120_000)


def visit(page: Page, title: str) -> None:
    """Go to a page by the navigation."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
    rest(page)


def shoot(page: Page, name: str, *, height: int | None = None) -> None:
    """Take a picture and pack it well."""
    page.set_viewport_size({"width": WIDTH, "height": height or HEIGHTS[name]})
    page.mouse.move(5, 700)
    rest(page)
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").save(path, optimize=True)
    print(path)


def journey(page: Page, url: str) -> None:
    """Plan the demo centre and take a picture of every page."""
    page.goto(url)
    page.get_by_role("button", name="Open the demo centre").click()
    expect(page.get_by_text("When contacts arrive")).to_be_visible()
    shoot(page, "data")
    visit(page, "Calendar")
    shoot(page, "calendar")
    visit(page, "Forecast")
    page.get_by_role("button", name="Run forecast").click()
    expect(page.get_by_text("One day by interval")).to_be_visible()
    shoot(page, "forecast")
    page.get_by_role("tab", name="Accuracy").click()
    page.get_by_role("button", name="Compare models").click()
    expect(page.get_by_text("Error of each model on your own past")).to_be_visible()
    shoot(page, "accuracy", height=1000)
    visit(page, "Requirement")
    page.get_by_test_id("stMain").get_by_text("support", exact=True).first.click()
    shoot(page, "requirement")
    visit(page, "People")
    shoot(page, "people")
    visit(page, "Schedule")
    page.get_by_label("Search [s]", exact=True).fill(str(SOLVE_S))
    page.keyboard.press("Enter")
    rest(page)
    rules = page.get_by_role("button", name="Rules for everybody")
    rules.click()
    shoot(page, "rules", height=1180)
    rules.click()
    page.get_by_role("button", name="Build schedule").click()
    expect(page.get_by_text("Over and short")).to_be_visible()
    shoot(page, "schedule")
    page.get_by_role("tab", name="Day plan").click()
    shoot(page, "day-plan", height=1440)
    visit(page, "Outbound")
    shoot(page, "outbound")
    visit(page, "Requirement")
    page.get_by_label("Shrinkage %", exact=True).fill("14")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Shrinkage of 14%")).to_be_visible()
    visit(page, "Compare")
    page.get_by_text("Requirements", exact=True).first.click()
    expect(page.get_by_text("Figures")).to_be_visible()
    shoot(page, "compare")
    visit(page, "Reports")
    shoot(page, "reports")
    visit(page, "Start")
    shoot(page, "start")


def main() -> None:
    """Start the app on an empty database, plan, take pictures."""
    IMAGES.mkdir(exist_ok=True)
    expect.set_options(timeout=900_000)
    url = f"http://127.0.0.1:{(port := free_port())}"
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(SCRIPT), "--server.port", str(port)],
            env={**os.environ, "WFM_DATABASE": str(Path(folder) / "wfm.db")},
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(url)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=ARGUMENTS
                )
                size = {"width": WIDTH, "height": 1000}
                page = browser.new_page(viewport=size, timezone_id="Europe/Istanbul")
                page.set_default_timeout(900_000)
                journey(page, url)
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=20)


if __name__ == "__main__":
    main()
