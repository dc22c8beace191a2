"""The app on a free port of this machine with a database of its own, and a real browser on it.

One server and one browser serve all tests, as they serve a centre; each test works on a project of
its own, in a browser context of its own.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import wfm.ui
from wfm.store import Store, open_store

SCRIPT = Path(wfm.ui.__file__).parent / "script" / "app.py"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class App:
    """A running app: its address, its database and the process that serves it."""

    url: str
    store: Store
    process: subprocess.Popen[bytes]
    log: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(folder: Path) -> App:
    """Start the app as `wfm app` does and wait until it answers."""
    port, database, log = free_port(), folder / "wfm.db", folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(SCRIPT), "--server.port", str(port)],
            env={**os.environ, "WFM_DATABASE": str(database)},
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return App(url, open_store(database), process, log)
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    process.kill()
    pytest.fail(f"the app did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    running = serve(tmp_path_factory.mktemp("app"))
    yield running
    running.process.terminate()
    running.process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        reason = "Chromium is not installed (apt-get install chromium)"
        if os.environ.get("WFM_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, app: App) -> Iterator[Page]:
    """A page that fails the test when it asks any other machine for anything."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, timezone_id="America/New_York"
    )
    strange: list[str] = []
    context.on(
        "request",
        lambda request: strange.append(request.url) if _outside(request.url) else None,
    )
    tab = context.new_page()
    tab.set_default_timeout(90_000)  # nothing waits that long where nothing is wrong
    yield tab
    context.close()
    assert strange == []


def _outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
