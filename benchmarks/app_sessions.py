"""The app under load: many sessions at once, each page by itself, and others while it solves.

    python benchmarks/app_sessions.py --sessions 50 --runs 10

A demo centre of 200 agents is planned into a database of its own, and the app is served on this
machine only. Sessions speak to it over websockets as a browser does. Printed: errors, median and
95th percentile of a page run and the growth of the server's memory; the median of each page
beside an empty page of the same app and a script of one line; and the page runs of others before
and while a schedule is being solved. Everything stops by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

import wfm.ui
from wfm.core import tables
from wfm.core.calendars import Calendar
from wfm.planning.by_settings import People, requirement_of, schedule_of
from wfm.planning.demo_project import create_demo
from wfm.planning.jobs import cancel_job, job_state, start_job
from wfm.planning.settings import settings_from
from wfm.planning.steps import make_forecast
from wfm.store import Store, open_store

SCRIPT = Path(wfm.ui.__file__).parent / "script" / "app.py"
BARE = 'import streamlit as st\n\nst.write("one line")\n'
START = "start"  # stands at the root of the address
PAGES = (
    START, "data", "calendar", "forecast", "requirement", "people", "schedule", "outbound",
    "compare", "reports",
)  # fmt: skip
EMPTY = "forecast"  # of a project without a history: the frame, a title and what to do next
GANTT = "schedule"  # draws every block of the week: no limit is set for it
MOST_RATIO, MOST_GROWTH, MOST_SLOWED = 4.0, 0.20, 1.5
LONGEST_S = 120.0  # for one page run; then the benchmark ends with an error


@dataclass
class Runs:
    """Seconds of page runs, and what went wrong in them."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def at(self, share: float) -> float:
        """A quantile of the seconds, in milliseconds."""
        return 1e3 * float(np.quantile(self.seconds, share))


def plan(store: Store, agents: int, seconds: float) -> int:
    """Plan the demo centre's week into the store, as the pages do."""
    project = create_demo(store, agents)
    settings = settings_from(store.project(project).settings)
    settings.schedule.seconds = seconds
    history = store.latest(project, "history")
    assert history is not None
    typed = {n: store.table(project, n) for n in ("agents", "absences", "contracts", "campaigns")}
    queues = tables.queues_from(store.table(project, "queues"))
    calendar = Calendar(settings.calendar.country, opening={q.queue: q.opening for q in queues})
    forecast = make_forecast(store.load(history.id), settings.forecast.horizon, calendar=calendar)
    made = store.save(project, "forecast", forecast, parents=(history.id,))
    requirement = requirement_of(settings, forecast, queues)
    need = store.save(project, "requirement", requirement, parents=(made.id,))
    people = People(
        tables.agents_from(typed["agents"], typed["absences"]),
        tables.contracts_from(typed["contracts"]),
        tables.campaigns_from(typed["campaigns"]),
    )
    schedule = schedule_of(settings, requirement, people, queues)
    store.save(project, "schedule", schedule, parents=(need.id,))
    return project


@contextmanager
def served(script: Path, database: Path, log: Path) -> Iterator[tuple[int, int]]:
    """A server of a script: its port and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    command += ["--browser.gatherUsageStats", "false"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, "WFM_DATABASE": str(database)},
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
        )
    try:
        _wait(port, process, log)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    message = f"the server did not start: {log.read_text()}"
    raise SystemExit(message)


def memory_mb(pid: int) -> float:
    """Resident memory of a process [MB]."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


async def session(port: int, pages: Sequence[str], project: int | None, into: Runs) -> None:
    """One browser tab that opens pages one after the other."""
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(url, subprotocols=["streamlit"], max_size=None) as tab:  # type: ignore[list-item]
        for page in pages:
            began = time.perf_counter()
            try:
                async with asyncio.timeout(LONGEST_S):
                    into.errors += await _run(tab, page, project)
            except TimeoutError:
                into.errors.append(f"{page}: no answer within {LONGEST_S:g} s")
                return
            into.seconds.append(time.perf_counter() - began)


async def _run(tab: ClientConnection, page: str, project: int | None) -> list[str]:
    """One page run to its end; the errors that it drew."""
    ask = BackMsg()
    ask.rerun_script.page_name = "" if page == START else page
    ask.rerun_script.query_string = "" if project is None else f"project={project}"
    await tab.send(ask.SerializeToString())
    errors = []
    while True:
        told = ForwardMsg()
        raw = await tab.recv()
        told.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
        kind = told.WhichOneof("type")
        if kind == "delta" and told.delta.new_element.WhichOneof("type") == "exception":
            errors.append(f"{page}: {told.delta.new_element.exception.message}")
        if kind == "page_not_found":
            errors.append(f"{page}: no such page")
        if kind == "script_finished":
            if told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                continue  # the page asked for another run at once: that one counts
            if told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                errors.append(f"{page}: the script did not finish")
            return errors


async def many(port: int, sessions: int, runs: int, project: int) -> Runs:
    """Sessions at once, each opening so many pages, starting at different ones."""
    into = Runs()
    order = [[PAGES[(first + k) % len(PAGES)] for k in range(runs)] for first in range(sessions)]
    await asyncio.gather(*(session(port, pages, project, into) for pages in order))
    return into


def alone(port: int, page: str, project: int | None, runs: int) -> Runs:
    """One session that opens the same page again and again; the first run warms it up."""
    asyncio.run(session(port, [page], project, Runs()))
    into = Runs()
    asyncio.run(session(port, [page] * (runs + 1), project, into))
    del into.seconds[0]
    return into


def under_load(port: int, pid: int, sessions: int, runs: int, project: int) -> bool:
    """Many sessions at once: errors, times and memory."""
    asyncio.run(many(port, sessions, runs, project))  # every cache is filled, every page loaded
    before, began = memory_mb(pid), time.perf_counter()
    found = asyncio.run(many(port, sessions, runs, project))
    seconds = time.perf_counter() - began
    growth = memory_mb(pid) / before - 1.0
    rate = len(found.seconds) / seconds
    print(f"{sessions} sessions x {runs} page runs without a pause: {rate:.1f} runs a second")
    print(f"  median {found.at(0.5):,.0f} ms, 95th percentile {found.at(0.95):,.0f} ms")
    fine = _bar("errors", len(found.errors), 0, "d")
    for error in sorted(set(found.errors))[:10]:
        print(f"    {error}")
    return _bar(f"growth of memory from {before:,.0f} MB", growth, MOST_GROWTH, ".1%") and fine


def by_page(port: int, bare_port: int, project: int, empty: int, runs: int) -> bool:
    """Each page's median beside an empty page."""
    bare = alone(bare_port, "", None, runs).at(0.5)
    none = alone(port, EMPTY, empty, runs).at(0.5)
    print(
        f"page runs of a 200-agent week: script of one line {bare:.1f} ms, empty page {none:.1f} ms"
    )
    fine = True
    for page in PAGES:
        found = alone(port, page, project, runs)
        text = f"{page:12} median {found.at(0.5):7.1f} ms, times an empty page"
        if page == GANTT:
            print(f"  {text:64} {found.at(0.5) / none:8.1f}  no limit: it draws the Gantt")
        else:
            fine &= _bar(text, found.at(0.5) / none, MOST_RATIO, ".1f")
        fine &= not found.errors
    return fine


def while_solving(port: int, store: Store, project: int, runs: int) -> bool:
    """Page runs of others before and while a schedule is solved."""
    pages = [page for page in PAGES if page != GANTT]

    def others() -> Runs:
        into = Runs()
        asyncio.run(session(port, pages * runs, project, into))
        return into

    before = others()
    job = start_job(store, project, "schedule", {"seconds": 60.0})
    time.sleep(5.0)
    during = others()
    working = job_state(store, job).status
    cancel_job(store, job)
    until = time.monotonic() + 30
    while job_state(store, job).status in ("waiting", "running") and time.monotonic() < until:
        time.sleep(0.2)
    print(f"page runs of others while a schedule is solved (the job was {working} to the end)")
    print(f"  95th percentile before {before.at(0.95):,.0f} ms, while {during.at(0.95):,.0f} ms")
    slowed = during.at(0.95) / before.at(0.95)
    return _bar("95th percentile, times the one before", slowed, MOST_SLOWED, ".2f")


def _bar(text: str, value: float, most: float, form: str) -> bool:
    fine = value <= most
    print(f"  {text:64} {value:>8{form}}  at most {most:{form}}  {'PASS' if fine else 'FAIL'}")
    return fine


def main() -> int:
    """Run everything and print what must hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--runs", type=int, default=10, help="page runs of each session")
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=40.0, help="to solve the week once")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = folder / "wfm.db"
        store = open_store(database)
        project = plan(store, asked.agents, asked.seconds)
        settings = store.project(project).settings
        empty = store.create_project("Nothing yet", {**settings, "history": {}}).id
        bare = folder / "bare.py"
        bare.write_text(BARE)
        with (
            served(SCRIPT, database, folder / "app.log") as (port, pid),
            served(bare, database, folder / "bare.log") as (bare_port, _),
        ):
            fine = by_page(port, bare_port, project, empty, asked.runs)
            fine &= under_load(port, pid, asked.sessions, asked.runs, project)
            fine &= while_solving(port, store, project, asked.runs)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
