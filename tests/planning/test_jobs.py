import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from wfm.core.errors import DataError
from wfm.planning import jobs
from wfm.planning.jobs import cancel_job, job_state, log_file, start_job, sweep
from wfm.store import JobInfo, Store, open_store
from wfm.store.models import Job, now

TINY = "tiny_jobs:JOBS"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    here = str(Path(__file__).parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([here, os.environ.get("PYTHONPATH", "")]))
    store = open_store(tmp_path / "plans.db")
    store.create_project("Istanbul")
    return store


def wait(
    store: Store, job_id: int, until: Callable[[JobInfo], bool], seconds: float = 30
) -> JobInfo:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        state = job_state(store, job_id)
        if until(state):
            return state
        assert not state.ended, state
        time.sleep(0.05)
    raise AssertionError(state)


def ended(state: JobInfo) -> bool:
    return state.ended


def test_a_job_tells_its_progress_and_saves_its_value(store: Store) -> None:
    job_id = start_job(store, "Istanbul", "search", {"steps": 18}, table=TINY)
    half_way = wait(store, job_id, lambda state: state.progress.get("seconds", 0) > 0)
    assert half_way.status == "running"
    assert half_way.progress["phase"] == "search"
    assert half_way.progress["bound"] is None
    state = wait(store, job_id, ended)
    assert (state.status, state.message) == ("done", "")
    assert state.progress["seconds"] == 1.8
    assert state.version_id is not None
    assert store.load(state.version_id)["best"].tolist() == [18]
    assert store.version(state.version_id).settings == {"asked": 18}
    assert state.created_at <= state.started_at <= state.finished_at  # type: ignore[operator]


def test_a_cancel_keeps_the_best(store: Store) -> None:
    job_id = start_job(store, "Istanbul", "search", {"steps": 600}, table=TINY)
    wait(store, job_id, lambda state: state.progress != {})
    asked = time.monotonic()
    cancel_job(store, job_id)
    state = wait(store, job_id, ended)
    assert time.monotonic() - asked < 5
    assert state.status == "cancelled"
    assert "best so far is saved" in state.message
    assert state.version_id is not None
    assert 0 < store.load(state.version_id)["best"].iloc[0] < 600


def test_only_one_job_of_a_kind_at_a_time(store: Store) -> None:
    job_id = start_job(store, "Istanbul", "search", {"steps": 600}, table=TINY)
    with pytest.raises(DataError, match="Wait for it or cancel it"):
        start_job(store, "Istanbul", "search", {"steps": 1}, table=TINY)
    cancel_job(store, job_id)
    wait(store, job_id, ended)


def test_a_refused_input_becomes_the_message(store: Store) -> None:
    state = wait(store, start_job(store, "Istanbul", "refuse", table=TINY), ended)
    assert state.status == "failed"
    assert state.message == "agent 'Ada' has the unknown contract 'x'. Correct it in People."
    assert store.versions("Istanbul") == []


def test_an_unknown_kind_is_named(store: Store) -> None:
    state = wait(store, start_job(store, "Istanbul", "bake", table=TINY), ended)
    assert state.message == "job kind 'bake' is not known. Use one of search, refuse, crash, die."


def test_a_bug_is_called_one_and_its_trace_is_in_the_log(store: Store) -> None:
    job_id = start_job(store, "Istanbul", "crash", table=TINY)
    state = wait(store, job_id, ended)
    assert state.status == "failed"
    assert state.message.startswith("internal error (ZeroDivisionError)")
    log = log_file(store, job_id)
    end = time.monotonic() + 5
    while "ZeroDivisionError" not in log.read_text() and time.monotonic() < end:
        time.sleep(0.05)
    assert "in _crash" in log.read_text()


def test_a_killed_worker_is_seen_at_once(store: Store) -> None:
    state = wait(store, start_job(store, "Istanbul", "die", table=TINY), ended)
    assert (state.status, state.message) == ("failed", jobs.GONE)


def test_the_worker_outlives_the_program_that_started_it(store: Store) -> None:
    starter = (
        "import os, sys\n"
        "from wfm.planning.jobs import start_job\n"
        "from wfm.store import open_store\n"
        f"print(start_job(open_store(), 1, 'search', {{'steps': 15}}, table={TINY!r}))\n"
        "sys.stdout.flush(); os.kill(os.getpid(), 9)\n"
    )
    environment = {**os.environ, "WFM_DATABASE": store.url}
    done = subprocess.run([sys.executable, "-c", starter], env=environment, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    state = wait(store, int(done.stdout), ended)
    assert state.status == "done"
    assert state.version_id is not None


def test_a_job_without_signs_of_life_is_swept_and_others_stay(store: Store) -> None:
    silent, alive, over = (store.create_job(1, kind) for kind in ("a", "b", "c"))
    store.claim(silent, pid=1)
    store.claim(alive, pid=2)
    store.finish(over, "done")
    long_ago = now() - timedelta(seconds=jobs.SILENT_S + 1)
    with store.transaction(write=True) as session:
        session.execute(update(Job).where(Job.id.in_((silent, over))).values(heartbeat_at=long_ago))
    assert sweep(store) == [silent]
    assert store.job(silent).status == "failed"
    assert store.job(silent).message == "the worker ended unexpectedly; start it again"
    assert store.job(alive).status == "running"
    assert store.job(over).status == "done"


def test_a_job_over_its_limit_is_stopped_with_its_best(store: Store) -> None:
    job_id = start_job(store, "Istanbul", "search", {"steps": 600}, limit_s=0.5, table=TINY)
    state = wait(store, job_id, ended)
    assert state.status == "cancelled"
    assert state.version_id is not None


def test_deleting_the_project_ends_its_job(store: Store) -> None:
    job_id = start_job(store, "Istanbul", "search", {"steps": 600}, table=TINY)
    pid = wait(store, job_id, lambda state: state.pid is not None).pid
    store.delete_project("Istanbul")
    end = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
