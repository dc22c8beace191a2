from datetime import UTC, timedelta

import pandas as pd
import pytest
from sqlalchemy import update

from wfm.core.errors import DataError, WfmError
from wfm.core.types import History
from wfm.store import Store
from wfm.store.models import Version


@pytest.fixture
def store(store: Store) -> Store:
    store.create_project("A")
    store.create_project("B")
    return store


def history(offered: float = 1.0) -> History:
    start = pd.date_range("2026-03-02", periods=4, freq="30min", tz="Europe/Istanbul")
    frame = pd.DataFrame({"start": start, "queue": "sales", "offered": offered})
    frame[["answered", "abandoned", "aht_s"]] = float("nan")
    return History(frame, timedelta(minutes=30))


def test_versions_count_by_project_and_kind(store: Store) -> None:
    made = [
        store.save("A", "history", history(1)),
        store.save("A", "history", history(2)),
        store.save("A", "board", history(2).frame),
        store.save("B", "history", history(1)),
    ]
    assert [v.number for v in made] == [1, 2, 1, 1]
    assert store.versions("A", "history") == made[1::-1]
    assert store.versions("A") == made[2::-1]
    assert store.latest("A", "history") == made[1]
    assert store.latest("B", "schedule") is None
    assert made[0].created_at.tzinfo == UTC


def test_a_version_remembers_what_it_was_made_from(store: Store) -> None:
    parent = store.save("A", "history", history())
    board = store.save(
        "A", "board", history().frame, settings={"origins": 8}, parents=[parent.id], note="first"
    )
    assert store.version(board.id) == board
    assert (board.parents, board.settings, board.note) == ((parent.id,), {"origins": 8}, "first")
    assert board.program
    assert len(board.data_hash) == 64


def test_saving_the_same_again_makes_no_new_version(store: Store) -> None:
    first = store.save("A", "history", history(), settings={"x": 1})
    assert store.save("A", "history", store.load(first.id), settings={"x": 1}) == first
    assert store.save("A", "history", history(), settings={"x": 2}).number == 2


def test_going_back_to_an_older_value_makes_it_the_latest(store: Store) -> None:
    for offered in (1, 2, 1):
        store.save("A", "history", history(offered))
    latest = store.latest("A", "history")
    assert latest is not None
    assert latest.number == 3
    assert store.load(latest.id).equals(history(1))


def test_parents_of_another_project_are_refused(store: Store) -> None:
    other = store.save("B", "history", history())
    with pytest.raises(DataError, match=f"parent {other.id} is not"):
        store.save("A", "board", history().frame, parents=[other.id])
    assert store.versions("A") == []


def test_an_unknown_kind_or_version_is_named(store: Store) -> None:
    with pytest.raises(DataError, match="kind 'guess' is not known"):
        store.save("A", "guess", history())
    with pytest.raises(DataError, match="version 99 does not exist"):
        store.load(99)


def test_a_value_that_changed_on_disk_is_refused(store: Store) -> None:
    saved = store.save("A", "history", history())
    with store.transaction(write=True) as session:
        payload = session.get_one(Version, saved.id).payload
        damaged = payload[:200] + bytes([payload[200] ^ 1]) + payload[201:]
        session.execute(update(Version).values(payload=damaged))
    with pytest.raises(WfmError, match="history version 1 is damaged in the database"):
        store.load(saved.id)
