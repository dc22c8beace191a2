"""The database file: restarts, kills, many writers, full disks, wrong files."""

import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import event

from wfm.core.errors import WfmError
from wfm.store import Store, default_url, open_store

NOISE = pd.DataFrame({"x": np.random.default_rng(0).random(50_000)})

WRITER = """
import sys
import numpy as np, pandas as pd
from wfm.store import open_store
store = open_store(sys.argv[1])
for i in range(int(sys.argv[2]), int(sys.argv[3])):
    frame = pd.DataFrame({"i": np.full(20_000, i), "x": np.random.default_rng(i).random(20_000)})
    version = store.save("A", "board", frame, note=str(i))
    store.save_table("A", "agents", pd.DataFrame({"i": [i] * 100}))
    print(i, version.id, flush=True)
"""


def writer(place: str, first: int, last: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, place, str(first), str(last)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def sound(path: Path) -> bool:
    connection = sqlite3.connect(path)
    try:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    finally:
        connection.close()


@pytest.fixture
def store(store: Store) -> Store:
    store.create_project("A", {"x": 1})
    return store


on_file = pytest.mark.parametrize("place", ["sqlite"], indirect=True)


def test_a_new_process_reads_what_the_old_one_wrote(store: Store, place: str) -> None:
    process = writer(place, 0, 2)
    told, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    again = open_store(place)
    for line in told.splitlines():
        i, version = map(int, line.split())
        assert again.load(version)["i"].eq(i).all()
    assert again.table("A", "agents")["i"].tolist() == [1] * 100
    assert again.settings("A") == {"x": 1}
    again.close()


def test_kills_during_saves_lose_nothing_that_was_acknowledged(store: Store, place: str) -> None:
    acknowledged: dict[int, int] = {}
    for attempt in range(5):
        process = writer(place, 1000 * attempt, 1000 * (attempt + 1))
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(0.1 + 0.037 * attempt)
        process.send_signal(signal.SIGKILL)
        lines += process.communicate()[0].splitlines()
        acknowledged |= dict(map(int, line.split()) for line in lines if len(line.split()) == 2)
    assert len(acknowledged) >= 5
    assert "://" in place or sound(Path(place))
    again = open_store(place)
    for i, version in acknowledged.items():
        assert again.load(version)["i"].eq(i).all()
    for info in again.versions("A"):
        assert again.load(info.id)["i"].eq(int(info.note)).all()
    assert again.table("A", "agents")["i"].iloc[0] >= max(acknowledged)
    again.close()


def test_two_writers_at_once_lose_nothing(store: Store, place: str) -> None:
    processes = [writer(place, first, first + 15) for first in (0, 100)]
    for process in processes:
        assert process.communicate(timeout=60)[1] == ""
    infos = store.versions("A", "board")
    assert [info.number for info in infos] == list(range(30, 0, -1))
    assert {int(info.note) for info in infos} == {*range(15), *range(100, 115)}


@pytest.mark.parametrize("_", range(3))
def test_many_that_open_a_new_database_at_once_all_succeed(place: str, _: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(open_store, [place] * 8))
    assert stores[0].create_project("A") == stores[7].project("A")
    for store in stores:
        store.close()


@on_file
def test_a_full_disk_is_said_and_nothing_is_half_written(store: Store) -> None:
    before = store.save("A", "board", NOISE.head(10))
    pages = sqlite3.connect(store.place)
    limit = pages.execute("PRAGMA page_count").fetchone()[0] + 20
    pages.close()

    def shrink(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit}")

    event.listen(store._engine, "connect", shrink)
    with pytest.raises(WfmError, match=r"plans\.db: the disk is full; nothing was saved\. Free"):
        store.save("A", "board", NOISE)
    with pytest.raises(WfmError, match="the disk is full"):
        store.save_table("A", "agents", NOISE)
    event.remove(store._engine, "connect", shrink)
    assert store.versions("A") == [before]
    assert store.load(before.id).equals(NOISE.head(10))
    assert store.tables("A") == []
    assert sound(Path(store.place))
    assert store.save("A", "board", NOISE).number == 2


@on_file
def test_a_lock_that_does_not_end_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wfm.store.database.BUSY_S", 0.2)
    impatient = open_store(store.place)
    holder = sqlite3.connect(store.place, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(WfmError, match="another program is writing to it; nothing was saved"):
        impatient.save_settings("A", {"x": 2})
    assert impatient.settings("A") == {"x": 1}, "readers do not wait"
    holder.execute("ROLLBACK")
    holder.close()
    impatient.save_settings("A", {"x": 2})


def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "week.xlsx"
    path.write_bytes(b"PK\x03\x04 not a database " * 100)
    before = path.read_bytes()
    with pytest.raises(WfmError, match=r"week\.xlsx: this is not a wfm database"):
        open_store(path)
    assert path.read_bytes() == before


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "music.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE songs (name TEXT)")
    connection.close()
    with pytest.raises(WfmError, match="tables of another program"):
        open_store(path)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]
    connection.close()


@on_file
def test_a_damaged_database_is_said(store: Store) -> None:
    store.save("A", "board", NOISE)
    path = Path(store.place)
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 12] = b"\xff" * (4096 * 11)
    path.write_bytes(content)
    with pytest.raises(WfmError, match=r"plans\.db: the file is damaged\. Restore a backup"):
        open_store(path).projects()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WfmError, match=r"folder .* cannot be made .*WFM_DATABASE"):
        open_store(tmp_path / "file" / "plans.db")
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(WfmError, match=r"folder\.db: it cannot be opened"):
        open_store(tmp_path / "folder.db")


def test_a_server_that_does_not_answer_is_said_without_the_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(WfmError, match="the server does not answer") as caught:
        open_store("postgresql://planner:secret@127.0.0.1:1/wfm")
    assert "secret" not in str(caught.value)


def test_a_url_that_cannot_be_read_is_said() -> None:
    with pytest.raises(WfmError, match="the URL cannot be read"):
        open_store("post gresql://")


def test_the_environment_names_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WFM_DATABASE", str(tmp_path / "here.db"))
    assert open_store().place == str(tmp_path / "here.db")
    monkeypatch.delenv("WFM_DATABASE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    if sys.platform == "linux":
        assert default_url() == str(tmp_path / "wfm" / "wfm.db")


def test_the_url_of_a_store_opens_it_again(store: Store) -> None:
    again = open_store(store.url)
    assert again.projects() == store.projects()
    again.close()


@on_file
def test_no_file_stays_open(store: Store) -> None:
    store.projects()
    if Path("/proc/self/fd").exists():
        links = Path("/proc/self/fd").iterdir()
        opened = {str(link.readlink()) for link in links if link.is_symlink()}
        assert store.place not in opened
