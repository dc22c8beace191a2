"""The real work of the worker, on a centre of one queue and five people."""

import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wfm.core import tables
from wfm.core.errors import DataError
from wfm.core.intervals import day_grid
from wfm.core.types import History, Requirement, Schedule
from wfm.planning import steps
from wfm.planning.job_kinds import run_backtest, run_schedule
from wfm.planning.jobs import cancel_job, job_state, start_job
from wfm.store import JobInfo, Store, open_store

MONDAY = date(2026, 3, 2)
HALF_HOUR = timedelta(minutes=30)
AGENTS = pd.DataFrame(
    {
        "agent": [f"a{i}" for i in range(1, 6)],
        "contract": "full",
        "skills": "sales|survey",
        "cost_per_h": 10.0,
    }
)
CONTRACTS = pd.DataFrame(
    {
        "contract": ["full"],
        "shift_min": [480],
        "paid_min": [450],
        "min_days_week": [1],
        "max_days_week": [5],
        "starts": ["08:00-12:00/30"],
        "breaks": ["lunch:30:180:300:no"],
    }
)
CAMPAIGNS = pd.DataFrame(
    {"campaign": ["survey"], "skill": ["survey"], "hours": ["10:00-18:00"], "target_h": [2.0]}
)


def requirement(days: int = 7) -> Requirement:
    grid = day_grid(MONDAY, days, HALF_HOUR, "Europe/Istanbul")
    start = grid[(grid.hour >= 8) & (grid.hour < 20)]
    frame = pd.DataFrame({"start": start, "queue": "sales", "agents": 1, "scheduled": 2})
    return Requirement(frame, HALF_HOUR)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(tmp_path / "plans.db")
    schedule = {"first_day": "2026-03-02", "days": 7, "seconds": 4, "band_min": None}
    store.create_project("A", {"schedule": schedule})
    store.save("A", "requirement", requirement())
    for name, frame in (("agents", AGENTS), ("contracts", CONTRACTS), ("campaigns", CAMPAIGNS)):
        store.save_table("A", name, frame)
    return store


def wait(store: Store, job_id: int, seconds: float = 60) -> JobInfo:
    end = time.monotonic() + seconds
    state = job_state(store, job_id)
    while not state.ended and time.monotonic() < end:
        time.sleep(0.1)
        state = job_state(store, job_id)
    assert state.ended, state
    return state


def test_the_worker_saves_a_legal_schedule_of_the_projects_people(store: Store) -> None:
    state = wait(store, start_job(store, "A", "schedule"))
    assert state.status == "done", state.message
    assert state.version_id is not None
    made, info = store.load(state.version_id), store.version(state.version_id)
    assert isinstance(made, Schedule)
    assert (made.first_day, made.days) == (MONDAY, 7)
    assert set(made.frame["agent"]) <= set(AGENTS["agent"])
    assert made.outbound["placed_h"].sum() > 0
    needed = store.latest("A", "requirement")
    assert needed is not None
    assert info.parents == (needed.id,)
    assert info.settings["seconds"] == 4
    assert info.settings["tables"]["agents"] == store.table("A", "agents").attrs["revision"]
    assert state.progress["objective"] == made.objective
    broken = steps.check_schedule(
        made,
        requirement(),
        tables.agents_from(AGENTS),
        tables.contracts_from(CONTRACTS),
        campaigns=tables.campaigns_from(CAMPAIGNS),
        rules=steps.schedule_rules(band_min=None),
    )
    assert broken == []


def test_a_cancelled_schedule_is_kept(store: Store) -> None:
    job_id = start_job(store, "A", "schedule", {"seconds": 120})
    end = time.monotonic() + 30
    while not job_state(store, job_id).progress and time.monotonic() < end:
        time.sleep(0.1)
    cancel_job(store, job_id)
    state = wait(store, job_id, seconds=15)
    assert state.version_id is not None, state
    made = store.load(state.version_id)
    assert (state.status, made.stopped_by) in {("cancelled", "cancel"), ("done", "gap")}


def nothing(_report: object) -> None:
    return


def never() -> bool:
    return False


def test_a_project_without_a_requirement_is_told_so(store: Store) -> None:
    empty = store.create_project("B").id
    with pytest.raises(DataError, match=r"no requirement yet\. Make one first"):
        run_schedule(store, empty, {}, nothing, never)


def test_a_version_of_another_project_or_kind_is_refused(store: Store) -> None:
    empty = store.create_project("B").id
    other = store.latest("A", "requirement")
    assert other is not None
    with pytest.raises(DataError, match="is not a requirement of this project"):
        run_schedule(store, empty, {"requirement": other.id}, nothing, never)


def test_an_argument_that_is_no_setting_is_refused(store: Store) -> None:
    with pytest.raises(DataError, match=r"\[schedule\] second"):
        run_schedule(store, 1, {"second": 5}, nothing, never)


def test_a_backtest_saves_its_board(store: Store) -> None:
    days = 200
    start = day_grid(MONDAY - timedelta(days=days), days, timedelta(hours=1), "Europe/Istanbul")
    start = start[(start.hour >= 8) & (start.hour < 12)]
    offered = np.random.default_rng(0).poisson(20, len(start)).astype(float)
    frame = pd.DataFrame({"start": start, "queue": "sales", "offered": offered})
    frame[["answered", "abandoned", "aht_s"]] = np.nan
    history = store.save("A", "history", History(frame, timedelta(hours=1)))
    arguments = {"origins": 2, "models": ["seasonal_mean", "seasonal_naive"], "horizon": "7D"}
    outcome = run_backtest(store, 1, arguments, nothing, never)
    assert (outcome.kind, outcome.parents, outcome.settings) == ("board", (history.id,), arguments)
    saved = store.save(1, "board", outcome.value)
    assert store.load(saved.id).equals(outcome.value)
    assert set(outcome.value["model"]) >= {"seasonal_mean", "seasonal_naive"}
    leads = outcome.value.groupby("lead")["model"].nunique()
    assert set(leads.index) == {"all", "day 1", "week 1"}
    assert leads.nunique() == 1
