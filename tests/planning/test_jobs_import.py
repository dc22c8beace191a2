"""Imports as jobs: the same as reading the file, with a row that tells how it went."""

from pathlib import Path

import pytest

from wfm import io
from wfm.core.errors import WfmError
from wfm.planning.job_kinds import JOBS, run_import
from wfm.planning.uploads import keep_upload
from wfm.planning.worker import run_job
from wfm.store import Store, open_store

INTERVALS = "start;queue;offered;answered;aht\n" + "".join(
    f"2026-03-0{day} {hour:02}:00;sales;{hour};{hour};180\n"
    for day in range(2, 7)
    for hour in range(9, 17)
)
CALLS = "start,queue,wait,talk,outcome\n" + "".join(
    f"2026-03-02 09:{minute:02}:00,sales,5,60,answered\n" for minute in range(30)
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(tmp_path / "plans.db")
    store.create_project("A")
    return store


def imported(store: Store, **arguments: object) -> int:
    job_id = store.create_job("A", "import", arguments, author="ayse")
    run_job(store, job_id, JOBS)
    return job_id


def test_intervals_become_the_history_that_reading_gives(store: Store, tmp_path: Path) -> None:
    (tmp_path / "week.csv").write_text(INTERVALS)
    options = {"time_zone": "Europe/Istanbul", "interval": "60min"}
    job = store.job(imported(store, file=str(tmp_path / "week.csv"), **options))
    assert (job.status, job.message) == ("done", "imported from week.csv")
    assert job.progress["phase"] == "saving"
    assert job.version_id is not None
    history = store.load(job.version_id)
    assert history.frame.equals(io.read_history(tmp_path / "week.csv", **options).frame)
    assert store.version(job.version_id).settings["interval"] == "60min"
    assert store.changes("A")["author"].iloc[0] == "ayse"


def test_calls_are_rolled_up(store: Store, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(CALLS)
    file = str(tmp_path / "calls.csv")
    job = store.job(imported(store, file=file, rows="calls", time_zone="Europe/Istanbul"))
    assert job.status == "done", job.message
    assert job.version_id is not None
    assert store.load(job.version_id).frame["offered"].sum() == 30


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"file": "none.csv"}, "the file none.csv is not there"),
        ({}, "is not there. Upload it again"),
        ({"file": "bad.csv", "rows": "agents"}, "rows='agents' is not known"),
        ({"file": "{here}", "colour": "red"}, "the option 'colour' is not known"),
        ({"file": "{here}"}, "bad.csv"),
    ],
)
def test_what_cannot_be_read_keeps_nothing(
    arguments: dict[str, str], told: str, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text("a;b\n1;2\n")
    here = {key: value.format(here=tmp_path / "bad.csv") for key, value in arguments.items()}
    job = store.job(imported(store, **here))
    assert job.status == "failed"
    assert told in job.message
    assert store.versions("A") == []


def test_a_stopped_import_keeps_nothing_and_removes_its_upload(store: Store) -> None:
    file = keep_upload(store, INTERVALS.encode(), "week.csv")
    store.save_settings("A", {"plan": {"time_zone": "Europe/Istanbul", "interval": "60min"}})
    told: list[object] = []
    with pytest.raises(WfmError, match="nothing was imported"):
        run_import(store, 1, {"file": str(file), "how": "join"}, told.append, lambda: True)
    assert not file.exists()
    assert store.latest("A", "history") is None
    assert store.tables("A") == []


def test_a_file_of_the_planner_stays_where_it_is(store: Store, tmp_path: Path) -> None:
    (tmp_path / "week.csv").write_text(INTERVALS)
    store.save_settings("A", {"plan": {"time_zone": "Europe/Istanbul", "interval": "60min"}})
    job = store.job(imported(store, file=str(tmp_path / "week.csv"), how="join"))
    assert job.status == "done", job.message
    assert (tmp_path / "week.csv").exists()
