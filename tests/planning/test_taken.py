"""A project's history: files joined, repairs kept, taken back, and carried by its zip."""

from __future__ import annotations

import io as streams
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from wfm import io
from wfm.core.errors import DataError
from wfm.io import Repair
from wfm.planning.bundle import project_files, project_zip
from wfm.planning.bundle_in import import_project
from wfm.planning.repair_entries import from_entry, read_repairs, repairs_csv, to_entry
from wfm.planning.taken import add_repair, layers, take_back, taken
from wfm.store import ChangedMeanwhile, Store, VersionInfo, open_store

ZONE = "Europe/Berlin"
DOUBLED = [("2026-03-28 09:00", 12), ("2026-03-28 09:00", 12), ("2026-03-28 09:30", 4),
           ("2026-03-28 09:30", 5), ("2026-03-29 02:30", 7), ("2026-03-29 03:30", 5)]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(tmp_path / "plans.db")
    store.create_project("A")
    return store


def read(rows: list[tuple[str, int]]):
    file = pd.DataFrame(rows, columns=["start", "offered"]).assign(queue="a", AHT=200)
    return io.read_history(file, time_zone=ZONE, bad_rows="report")


def take_in(store: Store, rows: list[tuple[str, int]], onto: VersionInfo | None = None):
    made = taken(store, "A", read(rows), {}, onto)
    return store.save("A", "history", made.value, settings=made.settings, parents=made.parents)


def total(store: Store) -> float:
    return store.load(store.latest("A", "history").id).frame["offered"].sum()


def test_each_repair_of_a_file_is_taken_back_alone_and_made_again(store: Store) -> None:
    version = take_in(store, DOUBLED)
    actions = [one.action for one in layers(version).repairs]
    assert actions == ["skip", "contradicted", "once"]
    assert total(store) == 12 + 5
    for number, more in ((0, 7), (1, 9), (2, 12)):
        version = take_back(store, "A", version, number, author="ayse")
        assert total(store) == 17 + more
        assert layers(version).repairs[number].author == "ayse"
        version = take_back(store, "A", version, number, again=True)
        assert total(store) == 17
    with pytest.raises(DataError, match="repair 3: there is none"):
        take_back(store, "A", version, 3)
    take_in(store, DOUBLED, version)
    with pytest.raises(ChangedMeanwhile):
        take_back(store, "A", version, 0)


def test_no_half_of_a_history_is_the_latest_when_saving_stops(store: Store) -> None:
    first = take_in(store, [("2026-03-01 09:00", 1)])
    taken(store, "A", read(DOUBLED), {}, first)
    assert store.latest("A", "history") == first


def test_a_corrected_file_goes_before_what_was_put_for_the_old_one(store: Store) -> None:
    version = take_in(store, DOUBLED)
    corrected = [("2026-03-28 09:00", 20), ("2026-03-28 09:30", 4), ("2026-03-30 09:00", 1)]
    version = take_in(store, corrected, version)
    assert [one.action for one in layers(version).repairs] == ["skip"]
    assert total(store) == 20 + 4 + 5 + 1


def test_a_repair_that_is_made_twice_is_listed_once(store: Store) -> None:
    version = take_in(store, [("2026-03-28 09:00", 12), ("2026-03-28 09:30", 4)])
    start = pd.Timestamp("2026-03-28 09:00", tz=ZONE)
    one = Repair("unknown", "a", (start,), reason="test calls", effect="Too much.")
    version = add_repair(store, "A", version, one, author="ayse")
    version = take_back(store, "A", version, 0)
    version = add_repair(store, "A", version, one, author="bo")
    (again,) = layers(version).repairs
    assert (again.author, again.effect, again.stands) == ("bo", "Too much.", True)
    assert again.at is not None
    assert (datetime.now(UTC) - again.at).total_seconds() < 600


def test_a_project_s_zip_carries_repairs_and_what_they_replaced(store: Store) -> None:
    version = take_in(store, DOUBLED)
    start = pd.Timestamp("2026-03-29 03:30", tz=ZONE)
    version = add_repair(
        store, "A", version, Repair("aht_unknown", "a", (start,), reason='"x", =1')
    )
    version = take_back(store, "A", version, 2)
    data = project_zip(store, "A")
    again = import_project(store, streams.BytesIO(data), name="B")
    copy = store.latest("B", "history")
    assert copy is not None
    assert layers(copy).repairs == layers(version).repairs
    assert store.load(copy.id).equals(store.load(version.id))
    for number in (0, 1, 3):
        copy = take_back(store, again.id, copy, number)
        version = take_back(store, "A", version, number)
    assert store.load(copy.id).equals(store.load(version.id))
    assert store.load(copy.id).frame["offered"].sum() == sum(n for _, n in DOUBLED)


def test_a_history_changed_by_hand_in_a_zip_counts_as_it_stands(
    store: Store, tmp_path: Path
) -> None:
    take_in(store, DOUBLED)
    for name, content in project_files(store, "A").items():
        path = tmp_path / "plan" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content)
    file = tmp_path / "plan" / "history.csv"
    file.write_text(file.read_text().replace(",12.0,", ",99.0,"))
    info = import_project(store, tmp_path / "plan" / "plan.toml", name="B")
    version = store.latest(info.id, "history")
    assert version is not None
    assert layers(version).repairs == ()
    assert store.load(version.id).frame["offered"].sum() == 99 + 5
    (tmp_path / "plan" / "repairs.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"repairs\.csv: it is not as the app wrote it"):
        import_project(store, tmp_path / "plan" / "plan.toml", name="C")


def test_entries_and_the_table_keep_everything_of_a_repair() -> None:
    start = pd.date_range("2026-10-25 01:00", periods=5, freq="30min", tz=ZONE)
    rows = pd.DataFrame({"start": start[:3], "offered": [1 / 3, float("nan"), 0.0], "aht_s": 1e-9})
    repairs = (
        Repair("once", 'a,"b"', tuple(start), reason="=doubled", rows=rows, at=datetime.now(UTC)),
        Repair("shift", "a", tuple(start[:1]), -60, author="Ayşe", effect="Çok.", stands=False),
        Repair("skip", "a", tuple(start[1:2]), rows=rows.iloc[:0]),
    )
    for again in (
        tuple(from_entry(to_entry(one)) for one in repairs),
        read_repairs(streams.BytesIO(repairs_csv(repairs, ZONE)), ZONE),
    ):
        assert again == repairs
        for one, other in zip(again, repairs, strict=True):
            assert (one.rows is None) == (other.rows is None)
            if one.rows is not None:
                mine = one.rows.assign(start=one.rows["start"].dt.tz_convert(ZONE))
                pd.testing.assert_frame_equal(
                    mine[["start", "offered", "aht_s"]], other.rows, check_dtype=False
                )


def test_an_entry_of_the_first_kind_is_still_read() -> None:
    entry = {"action": "unknown", "queue": "a", "starts": ["2026-03-28T09:00:00+01:00"],
             "minutes": 0, "reason": "outage", "author": "ayse"}  # fmt: skip
    one = from_entry(entry)
    assert one == replace(one, starts=(pd.Timestamp("2026-03-28 09:00", tz=ZONE),))
    assert one.stands
