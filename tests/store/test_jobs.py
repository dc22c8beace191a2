import pytest

from wfm.core.errors import DataError
from wfm.store import Store


@pytest.fixture
def store(store: Store) -> Store:
    store.create_project("A")
    return store


def test_only_one_worker_gets_a_job(store: Store) -> None:
    job_id = store.create_job("A", "schedule", {"seconds": 60})
    assert store.job(job_id).status == "queued"
    assert store.claim(job_id, pid=11)
    assert not store.claim(job_id, pid=12)
    job = store.job(job_id)
    assert (job.status, job.pid, job.arguments) == ("running", 11, {"seconds": 60})


def test_progress_is_kept_and_a_cancel_is_heard(store: Store) -> None:
    job_id = store.create_job("A", "schedule")
    store.claim(job_id, pid=1)
    assert not store.update_progress(job_id, {"phase": "bound", "gap": 0.1})
    assert store.job(job_id).progress == {"phase": "bound", "gap": 0.1}
    store.request_cancel(job_id)
    assert store.update_progress(job_id)
    assert store.job(job_id).progress == {"phase": "bound", "gap": 0.1}


def test_a_cancel_before_the_start_ends_the_job(store: Store) -> None:
    job_id = store.create_job("A", "schedule")
    store.request_cancel(job_id)
    assert store.job(job_id).status == "cancelled"
    assert not store.claim(job_id, pid=1)


def test_a_cancel_after_the_end_changes_nothing(store: Store) -> None:
    job_id = store.create_job("A", "schedule")
    store.claim(job_id, pid=1)
    store.finish(job_id, "done", "all well")
    before = store.job(job_id)
    store.request_cancel(job_id)
    assert store.job(job_id) == before
    assert not store.fail_if_open(job_id, "late")
    assert store.job(job_id) == before


def test_a_worker_taken_for_dead_may_still_finish(store: Store) -> None:
    job_id = store.create_job("A", "schedule")
    store.claim(job_id, pid=1)
    assert store.fail_silent("gone", after_s=-1, start_s=-1) == [job_id]
    assert store.finish(job_id, "done")
    assert store.job(job_id).ended
    assert store.job(job_id).status == "done"


def test_jobs_are_listed_newest_first_by_project_kind_and_status(store: Store) -> None:
    store.create_project("B")
    first, second = store.create_job("A", "schedule"), store.create_job("A", "backtest")
    other = store.create_job("B", "schedule")
    store.finish(first, "failed", "x")
    assert [job.id for job in store.jobs()] == [other, second, first]
    assert [job.id for job in store.jobs("A", kind="schedule")] == [first]
    assert [job.id for job in store.jobs(status="queued")] == [other, second]
    assert [job.id for job in store.jobs("A", status=("queued", "failed"))] == [second, first]


def test_a_lone_job_refuses_company(store: Store) -> None:
    first = store.create_job("A", "schedule", alone=True)
    with pytest.raises(DataError, match="a schedule job of this project is queued"):
        store.create_job("A", "schedule", alone=True)
    store.create_job("A", "backtest", alone=True)
    store.finish(first, "failed")
    store.create_job("A", "schedule", alone=True)


def test_an_unknown_job_or_status_is_named(store: Store) -> None:
    with pytest.raises(DataError, match="job 9 does not exist"):
        store.job(9)
    with pytest.raises(DataError, match="status 'over' is not one of"):
        store.finish(1, "over")
