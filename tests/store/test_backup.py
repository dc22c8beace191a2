"""Backups, damage, and the way back."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from wfm.core.errors import DataError, WfmError
from wfm.store import DamagedError, Store, open_store, restore_backup
from wfm.store.backup import KEPT, copy_file, daily, last_backup
from wfm.store.copies import file_to_server
from wfm.store.database import connect, url_of

AGENTS = pd.DataFrame({"agent": ["Ada", "Bo"], "cost_per_h": [9.5, 10.0]})


def fill(store: Store) -> None:
    store.create_project("A", {"x": 1})
    store.save_table("A", "agents", AGENTS.head(1))
    store.save_table("A", "agents", AGENTS)
    for i in range(5):
        store.save("A", "board", pd.DataFrame({"i": range(i, i + 2000)}), note=str(i))
    store.create_job("A", "schedule")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    fill(open_store(tmp_path / "plans.db"))
    return tmp_path / "plans.db"


def content(store: Store) -> list[object]:
    return [
        store.projects(),
        store.settings("A"),
        store.table("A", "agents").to_csv(),
        store.table("A", "agents", revision=1).to_csv(),
        store.changes().to_csv(),
        store.versions("A"),
        [store.load(info.id).to_csv() for info in store.versions("A")],
        store.jobs(),
    ]


def test_a_backup_is_a_whole_database(store: Store, tmp_path: Path) -> None:
    fill(store)
    copy = store.backup(tmp_path / "copies" / "mine.db")
    assert content(open_store(copy)) == content(store)
    assert [path.name for path in copy.parent.iterdir() if path.is_file()] == ["mine.db"]


def test_a_backup_without_a_name_lies_in_its_folder(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    fill(store)
    assert store.backups() == []
    first, second = store.backup(), store.backup()
    assert store.backups() == [second, first]
    assert first.parent.name == "backups"


@pytest.mark.slow
def test_a_backup_fills_an_empty_server(file: Path, new_database: Callable[[], str]) -> None:
    url, before = new_database(), content(open_store(file))
    engine = connect(url_of(url))
    file_to_server(open_store(file).backup(), engine)
    store = open_store(url)
    assert content(store) == before
    assert store.create_project("B").id == 2, "the counters go on"
    store.undo("A")
    with pytest.raises(DataError, match="it is not empty"):
        file_to_server(open_store(file).backup(), engine)
    store.close()
    engine.dispose()


def test_the_first_opening_of_a_day_keeps_a_copy_and_seven_stay(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 11):
        at = datetime(2026, 11, day, 8, tzinfo=UTC)
        monkeypatch.setattr("wfm.store.backup.now", lambda at=at: at)
        open_store(file)
        open_store(file)
    names = sorted(path.name for path in (file.parent / "backups").iterdir())
    assert names == [f"plans-2026-11-{day:02}.db" for day in range(11 - KEPT, 11)]


def test_a_server_that_runs_for_days_keeps_copies_too(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(file)
    assert len(store.backups()) == 1
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr("wfm.store.backup.now", lambda: tomorrow)
    monkeypatch.setattr("wfm.store.database.today", tomorrow.date)
    store.settings("A")
    assert len(store.backups()) == 1
    store.save_settings("A", {"x": 2})
    store.save_settings("A", {"x": 3})
    assert len(store.backups()) == 2
    assert open_store(store.backups()[0]).settings("A") == {"x": 1}


def test_a_new_database_has_nothing_to_copy(tmp_path: Path) -> None:
    fill(open_store(tmp_path / "plans.db"))
    assert not (tmp_path / "backups").exists()


def test_a_copy_that_fails_is_told_and_keeps_no_one_from_working(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wfm.store.backup.copy_file", full)
    store = open_store(file)
    assert "today's backup could not be written" in store.backup_problem
    store.save_settings("A", {"x": 2})
    monkeypatch.setattr("wfm.store.repository.copy_file", full)
    with pytest.raises(WfmError, match=r"backup .*: it could not be written"):
        store.backup()


def test_a_backup_is_steady_while_others_write(file: Path) -> None:
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE project SET name = 'half done'")
    copy = copy_file(file, file.with_name("copy.db"))
    writer.execute("ROLLBACK")
    writer.close()
    assert [p.name for p in open_store(copy).projects()] == ["A"]


def damage(file: Path) -> None:
    held = bytearray(file.read_bytes())
    held[4096 : 4096 * 12] = b"\xff" * (4096 * 11)
    file.write_bytes(held)


def test_a_damaged_file_offers_the_last_backup_and_comes_back(file: Path) -> None:
    before = content(open_store(file))
    first = open_store(file).backup()
    damage(file)
    with pytest.raises(DamagedError, match=r"plans\.db: the file is damaged\. Restore") as caught:
        open_store(file)
    assert caught.value.backup == first
    assert str(first) in str(caught.value)
    aside = restore_backup(first, file)
    assert aside is not None
    assert aside.name.startswith("plans.db.damaged-")
    assert content(open_store(file)) == before


def test_a_damaged_backup_is_not_offered_and_not_restored(file: Path) -> None:
    sound = daily(file)
    later = open_store(file).backup()
    damage(later)
    damage(file)
    held = file.read_bytes()
    assert last_backup(file) == sound
    with pytest.raises(DataError, match="missing or damaged; nothing was changed"):
        restore_backup(later, file)
    assert file.read_bytes() == held
    with pytest.raises(DamagedError):
        copy_file(file, file.with_name("never.db"))
    assert not file.with_name("never.db").exists()


def test_a_file_that_is_no_database_any_more_offers_the_backup(file: Path) -> None:
    open_store(file)
    file.write_bytes(b"\x00" * 8192)
    with pytest.raises(DamagedError) as caught:
        open_store(file)
    assert caught.value.backup is not None


def test_damage_while_it_is_open_is_said(file: Path) -> None:
    store = open_store(file)
    damage(file)
    with pytest.raises(DamagedError, match="The last backup is"):
        content(store)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE project SET created_at = '20r6-11-22 05:06:29.828906'",
        "UPDATE version SET created_at = '2026-13-22 05:06:29.828906'",
        "UPDATE version SET settings = '{\"x'",
        "UPDATE plan_table SET content = '{\"x'",
        "UPDATE change SET differences = CAST(x'ff22' AS TEXT)",
        "UPDATE version SET note = CAST(x'ff22' AS TEXT)",
    ],
)
def test_a_value_that_cannot_be_read_is_called_damage(file: Path, change: str) -> None:
    store = open_store(file)
    connection = sqlite3.connect(file)
    connection.execute(change)
    connection.commit()
    connection.close()
    with pytest.raises(DamagedError, match="The last backup is"):
        content(store)


def test_read_only_shows_everything_and_writes_nothing(file: Path) -> None:
    before, held = content(open_store(file)), file.read_bytes()
    store = open_store(file, read_only=True)
    assert content(store) == before
    for write in (
        lambda: store.save_settings("A", {"x": 2}),
        lambda: store.save_table("A", "agents", AGENTS.head(1)),
        lambda: store.undo("A"),
        lambda: store.create_project("B"),
    ):
        with pytest.raises(WfmError, match="opened to read only; nothing was saved"):
            write()
    assert file.read_bytes() == held
    with pytest.raises(WfmError, match="it cannot be opened"):
        open_store(file.with_name("none.db"), read_only=True).projects()
    assert not file.with_name("none.db").exists()


@pytest.mark.slow
def test_flipped_bytes_are_told_or_do_not_matter(file: Path, tmp_path: Path) -> None:
    """A hundred files with a flipped byte each: never a wrong figure, never a traceback."""
    before = content(open_store(file))
    good, chance = file.read_bytes(), random.Random(1)
    told = 0
    for i in range(100):
        held = bytearray(good)
        held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
        bad = tmp_path / str(i) / "plans.db"
        bad.parent.mkdir()
        bad.write_bytes(held)
        shutil.copytree(file.parent / "backups", bad.parent / "backups")
        try:
            found = content(open_store(bad))
        except WfmError:
            told += 1
        else:
            assert figures(found) == figures(before)
        if i % 10 == 0:
            backup = file.parent / "backups" / f"plans-{datetime.now(UTC):%Y-%m-%d}.db"
            restore_backup(backup, bad)
            assert content(open_store(bad)) == before
    assert told > 20, "the others fell on free space"


def figures(found: list[object]) -> list[object]:
    """What plans are made of; the words beside it (notes, who, when) have no check of their own."""
    return [*found[1:4], found[6]]


def test_a_hundred_bytes_at_once_are_always_told(file: Path) -> None:
    open_store(file)
    good = file.read_bytes()
    for seed in range(20):
        held, chance = bytearray(good), random.Random(seed)
        for _ in range(100):
            held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
        file.write_bytes(held)
        with pytest.raises(WfmError):
            content(open_store(file))
        with pytest.raises(WfmError):
            content(open_store(file, read_only=True))
