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
        state = job_state(store, job_id, table=TINY)
        if until(state):
            return state
        assert not state.ended, state
        time.sleep(0.05)
    raise AssertionError(state)


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet does not."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def gone(pid: int, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)


def most_at_once(found: list[JobInfo]) -> int:
    """How many jobs ran at the same time."""
    edges = [(job.started_at, 1) for job in found] + [(job.finished_at, -1) for job in found]
    running = most = 0
    for _, step in sorted(edges, key=lambda edge: (edge[0], edge[1])):
        running += step
        most = max(most, running)
    return most


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
    assert state.message.startswith("job kind 'bake' is not known. Use one of search, refuse, ")


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


def test_a_worker_that_is_slow_to_start_is_not_taken_for_gone(store: Store) -> None:
    slow, lost = (store.create_job(1, kind) for kind in ("a", "b"))
    assert [store.launch_next("here", server=9, project=9) for _ in range(2)] == [slow, lost]
    for job_id, seconds in ((slow, jobs.START_S - 30), (lost, jobs.START_S + 1)):
        at = now() - timedelta(seconds=seconds)
        with store.transaction(write=True) as session:
            session.execute(update(Job).where(Job.id == job_id).values(heartbeat_at=at))
    assert sweep(store) == [lost]
    assert store.job(slow).status == "queued"
    assert store.claim(slow, pid=1), "and it begins in its own time"


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


@pytest.mark.slow
def test_ten_jobs_asked_for_at_once_run_two_at_a_time_and_all_finish(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WFM_JOBS", "2")
    monkeypatch.setenv("WFM_JOBS_PROJECT", "10")
    asked = [
        start_job(store, "Istanbul", "search", {"steps": 10, "i": i}, table=TINY, alone=False)
        for i in range(10)
    ]
    assert sum(job.waiting or job.ended for job in store.jobs("Istanbul")) >= 7
    for job_id in asked:
        assert wait(store, job_id, ended, seconds=120).status == "done"
    found = store.jobs("Istanbul")
    assert most_at_once(found) == 2
    assert sorted(found, key=lambda job: job.launched_at or now()) == found[::-1], "first come"
    assert len(store.versions("Istanbul", "board")) == 1, "the same result is one version"


@pytest.mark.slow
def test_a_project_has_its_own_limit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WFM_JOBS", "3")
    monkeypatch.setenv("WFM_JOBS_PROJECT", "1")
    store.create_project("Baku")
    asked = [
        start_job(store, project, "search", {"steps": 3}, table=TINY, alone=False)
        for project in ("Istanbul", "Istanbul", "Baku")
    ]
    assert [store.job(job_id).waiting for job_id in asked] == [False, True, False]
    for job_id in asked:
        assert wait(store, job_id, ended).status == "done"
    assert most_at_once(store.jobs("Istanbul")) == 1


@pytest.mark.slow
def test_jobs_that_wait_go_on_when_the_server_is_killed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each worker that ends starts the next; nobody looks meanwhile."""
    starter = (
        "import os, sys\n"
        "from wfm.planning.jobs import start_job\n"
        "from wfm.store import open_store\n"
        "for _ in range(4):\n"
        f"    start_job(open_store(), 1, 'search', {{'steps': 2}}, table={TINY!r}, alone=False)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    environment = {**os.environ, "WFM_DATABASE": store.url, "WFM_JOBS": "1"}
    killed = subprocess.run([sys.executable, "-c", starter], env=environment, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len(store.jobs("Istanbul")) == 4
    end = time.monotonic() + 60
    while not all(job.ended for job in store.jobs("Istanbul")) and time.monotonic() < end:
        time.sleep(0.2)
    found = store.jobs("Istanbul")
    assert [job.status for job in found] == ["done"] * 4
    assert most_at_once(found) == 1
    assert all(gone(job.pid) for job in found if job.pid)


def test_a_job_that_waits_can_be_cancelled(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WFM_JOBS", "1")
    first = start_job(store, "Istanbul", "search", {"steps": 600}, table=TINY)
    second = start_job(store, "Istanbul", "search", {"steps": 1}, table=TINY, alone=False)
    cancel_job(store, second)
    assert store.job(second).status == "cancelled"
    cancel_job(store, first)
    wait(store, first, ended)
    assert store.job(second).started_at is None


def test_a_job_that_waits_long_is_not_taken_for_dead(store: Store) -> None:
    waiting = store.create_job(1, "search")
    assert store.job(waiting).waiting
    assert store.fail_silent("gone", after_s=-1, start_s=-1) == []
    assert store.launch_next("desk", server=2, project=2) == waiting
    assert store.launch_next("desk", server=2, project=2) is None
    assert store.fail_silent("gone", after_s=-1, start_s=-1) == [waiting]


@pytest.mark.parametrize("how", ["cancel", "limit"])
def test_a_job_that_does_not_stop_is_ended_with_all_it_started(
    how: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WFM_JOBS_GRACE_S", "1")
    limit_s = 1.0 if how == "limit" else 600.0
    job_id = start_job(store, "Istanbul", "deaf", limit_s=limit_s, table=TINY)
    state = wait(store, job_id, lambda state: state.progress != {})
    if how == "cancel":
        cancel_job(store, job_id)
    state = wait(store, job_id, ended)
    expected = {
        "cancel": ("cancelled", "cancelled; nothing was kept."),
        "limit": ("failed", "it took longer than its limit of 1 s and was ended."),
    }
    assert (state.status, state.message) == expected[how]
    assert state.pid is not None
    assert gone(state.pid)
    assert gone(int(state.progress["seconds"]))


@pytest.mark.slow
def test_a_job_that_holds_the_interpreter_is_ended_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WFM_JOBS_GRACE_S", "1")
    job_id = start_job(store, "Istanbul", "stuck", limit_s=1, table=TINY)
    state = wait(store, job_id, ended)
    assert (state.status, state.message) == ("failed", jobs.GONE)
    assert state.pid is not None
    assert gone(state.pid)
    assert "in _stuck" in log_file(store, job_id).read_text()


def test_what_a_killed_worker_started_ends_with_it(store: Store, tmp_path: Path) -> None:
    note = tmp_path / "child"
    job_id = start_job(store, "Istanbul", "orphan", {"note": str(note)}, table=TINY)
    assert wait(store, job_id, ended).message == jobs.GONE
    assert gone(int(note.read_text()))


def test_a_result_names_who_asked_for_it(store: Store) -> None:
    job_id = start_job(store, "Istanbul", "search", {"steps": 1}, table=TINY, author="ayse")
    wait(store, job_id, ended)
    line = store.changes("Istanbul").iloc[0]
    assert (line["what"], line["author"], line["reason"]) == (
        *("board 1", "ayse", f"job {job_id} (search)"),
    )


def test_wrong_limits_are_told_before_a_job_is_made(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in ("many", "0", "1.5"):
        monkeypatch.setenv("WFM_JOBS", wrong)
        with pytest.raises(DataError, match=f"WFM_JOBS={wrong}: not a number above 0"):
            start_job(store, "Istanbul", "search", {"steps": 1}, table=TINY)
    assert store.jobs("Istanbul") == []


def test_logs_lie_beside_the_database(store: Store) -> None:
    assert log_file(store, 3) == store.file.parent / "logs" / "plans-job-3.log"
