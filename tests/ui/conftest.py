"""A tiny centre, saved once as a project, and the way to open a page of the real app on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import wfm.ui
from wfm.core import tables
from wfm.core.calendars import Opening
from wfm.core.people import Agent, Break, Contract
from wfm.core.types import History
from wfm.core.work import Campaign
from wfm.planning import steps
from wfm.planning.by_settings import requirement_of
from wfm.planning.settings import Settings
from wfm.store import Store, open_store
from wfm.ui.parts.tabs import key_of

SCRIPT = Path(wfm.ui.__file__).parent / "script" / "app.py"
ZONE = "Europe/Istanbul"
WEEKS = 9


def tiny_history() -> History:
    """Nine weeks of one queue, open 09:00-13:00 from Monday to Saturday."""
    hours = Opening.parse("Mon-Sat 09:00-13:00")
    grid = pd.date_range("2026-01-05", periods=WEEKS * 7 * 48, freq="30min", tz=ZONE)
    grid = grid[hours.open_at(grid)].as_unit("us")
    slot = (grid.hour * 2 + grid.minute // 30).to_numpy() - 18
    level = np.array([4, 8, 12, 14, 13, 10, 7, 5])[slot]
    offered = np.random.default_rng(1).poisson(level).astype(float)
    frame = pd.DataFrame(
        {
            "start": grid,
            "queue": "calls",
            "offered": offered,
            "answered": offered,
            "abandoned": 0.0,
            "aht_s": 240.0,
        }
    )
    return History(frame, timedelta(minutes=30))


CONTRACT = Contract(
    "half",
    shift_min=240,
    paid_min=240,
    min_days_week=3,
    max_days_week=6,
    start_from_min=9 * 60,
    start_to_min=9 * 60,
    breaks=(Break("break", 15, 60, 150, True),),
)
AGENTS = [
    Agent(f"a{i}", f"Agent {i}", "half", frozenset({"calls", "survey"}), f"Team {1 + i % 2}", "")
    for i in range(1, 9)
]
CAMPAIGN = Campaign(
    "survey", "survey", Opening.parse("Mon-Fri 10:00-13:00"), target_h=4, set_up_s=20, talk_s=100
)


def tiny_settings(name: str = "Tiny") -> Settings:
    """Settings under which everything runs in a few seconds."""
    settings = Settings()
    settings.plan.name, settings.plan.time_zone = name, ZONE
    settings.forecast.horizon, settings.forecast.model = "14D", "seasonal_mean"
    settings.schedule.seconds = 10.0
    settings.schedule.band_min = None
    return settings


@pytest.fixture(scope="session")
def tiny_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with an empty project (1) and the tiny centre (2), planned to the end."""
    path = tmp_path_factory.mktemp("ui") / "tiny.db"
    store = open_store(path)
    store.create_project("Empty", tiny_settings("Empty").model_dump(mode="json"))
    settings = tiny_settings()
    project = store.create_project("Tiny", settings.model_dump(mode="json")).id
    for name, frame in {
        "agents": tables.agents_table(AGENTS),
        "contracts": tables.contracts_table([CONTRACT]),
        "campaigns": tables.campaigns_table([CAMPAIGN]),
    }.items():
        store.save_table(project, name, frame)
    history = tiny_history()
    first = store.save(project, "history", history, note="tiny.csv")
    forecast = steps.make_forecast(history, "14D", model="seasonal_mean")
    second = store.save(project, "forecast", forecast, parents=(first.id,))
    needed = requirement_of(settings, forecast)
    third = store.save(
        project,
        "requirement",
        needed,
        settings=settings.staff.model_dump(mode="json"),
        parents=(second.id,),
    )
    schedule = steps.make_schedule(
        needed,
        AGENTS,
        [CONTRACT],
        campaigns=[CAMPAIGN],
        rules=steps.schedule_rules(rest_min=660, band_min=None, outbound_block_min=30),
        first_day=date(2026, 3, 9),
        seconds=10.0,
    )
    store.save(project, "schedule", schedule, parents=(third.id,))
    return path


@pytest.fixture
def store(tiny_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The tiny database, a copy for each test, as the app finds it."""
    path = tmp_path / "wfm.db"
    shutil.copy(tiny_database, path)
    monkeypatch.setenv("WFM_DATABASE", str(path))
    return open_store(path)


class Number:
    """A field for a number: a text that is read on the server."""

    def __init__(self, field: Any) -> None:
        self.field = field

    @property
    def value(self) -> float | None:
        """The number in it."""
        return float(self.field.value) if self.field.value else None

    def set_value(self, value: float | str | None) -> None:
        """Type a number, or anything else."""
        self.field.set_value(
            value if isinstance(value, str) else "" if value is None else f"{value:.10g}"
        )


class Opened:
    """A page of the app that was opened, and what it says."""

    def __init__(self, app: AppTest) -> None:
        self.app = app

    def run(self) -> Opened:
        """Draw it again, as the browser does after a click."""
        self.app.run()
        return self

    def said(self) -> str:
        """Everything it says, as one text."""
        app = self.app
        kinds = (
            app.title,
            app.markdown,
            app.caption,
            app.error,
            app.info,
            app.warning,
            app.success,
        )
        return "\n".join(str(item.value) for kind in kinds for item in kind)

    def figures(self) -> dict[str, str]:
        """Metrics by label."""
        return {metric.label: str(metric.value) for metric in self.app.metric}

    def field(self, kind: str, label: str) -> Any:
        """A widget by its label; `number_input` is a field for a number."""
        if kind == "number_input":
            return Number(self.field("text_input", label))
        return next(w for w in getattr(self.app, kind) if w.label == label)

    def type_rows(
        self, table: str, *added: dict[str, Any], edited: dict[int, Any] | None = None
    ) -> Opened:
        """Add rows to an editable table and change cells, as the browser sends it."""
        number = self.app.session_state["project"]
        times = (
            self.app.session_state[key]
            if (key := f"count.{table}.{number}") in self.app.session_state
            else 0
        )
        self.app.session_state[f"editor.{table}.{number}.{times}"] = {
            "edited_rows": edited or {},
            "added_rows": list(added),
            "deleted_rows": [],
        }
        return self.run()

    def press(self, label: str) -> Opened:
        """Press a button."""
        self.field("button", label).click()
        return self.run()


Open = Callable[..., Opened]


@pytest.fixture
def open_page(store: Store) -> Open:
    """Open a page of the app as an address does: ``open_page("data", "Tiny")``; and a tab."""

    def run(page: str, project: str | int | None = None, *, tab: str | None = None) -> Opened:
        app = AppTest.from_file(str(SCRIPT), default_timeout=60)
        if tab is not None:
            app.session_state[key_of(page)] = tab
        if project is not None:
            number = store.project(project).id if isinstance(project, str) else project
            app.query_params["project"] = str(number)
        if page != "start":
            app._page_hash = calc_hash(page)
        return Opened(app).run()

    return run
