"""Jobs of real worker processes on a server: the same limits and the same end."""

import os
import time
from pathlib import Path

import pytest

from wfm.planning.jobs import job_state, log_file, start_job
from wfm.store import Store

TINY = "tiny_jobs:JOBS"
PLANNING = Path(__file__).parents[1] / "planning"


@pytest.mark.slow
def test_jobs_take_turns_on_each_kind_of_database(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [str(PLANNING), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("WFM_JOBS", "2")
    store.create_project("A")
    asked = [
        start_job(store, "A", "search", {"steps": 3, "i": i}, table=TINY, alone=False)
        for i in range(4)
    ]
    waited, end = set(), time.monotonic() + 90
    while time.monotonic() < end:
        states = [job_state(store, job_id, table=TINY) for job_id in asked]
        waited |= {state.id for state in states if state.waiting}
        assert sum(state.status == "running" for state in states) <= 2
        if all(state.ended for state in states):
            break
        time.sleep(0.1)
    assert [state.status for state in states] == ["done"] * 4
    assert waited >= set(asked[2:])
    end = time.monotonic() + 10
    while any(log_file(store, job_id).exists() for job_id in asked) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(log_file(store, job_id).exists() for job_id in asked), "empty logs go"
