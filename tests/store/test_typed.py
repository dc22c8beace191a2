"""Two planners on the same table or settings."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import WfmError
from wfm.store import ChangedMeanwhile, Store, open_store
from wfm.store.differences import differences, merged
from wfm.store.plain import table_to_json


def agents(**costs: float) -> pd.DataFrame:
    return pd.DataFrame({"agent": list(costs), "cost_per_h": list(costs.values())})


@pytest.fixture
def store(store: Store) -> Store:
    store.create_project("A", {"x": 0, "y": 0})
    return store


def test_the_second_planner_gets_both_versions_and_decides(store: Store) -> None:
    seen = store.save_table("A", "agents", agents(Ada=9.0, Bo=9.0))
    theirs, mine = agents(Ada=10.0, Bo=9.0), agents(Ada=11.0, Bo=9.5)
    store.save_table("A", "agents", theirs, seen=seen, author="ayse")
    with pytest.raises(ChangedMeanwhile, match=r"\(ayse\); nothing") as caught:
        store.save_table("A", "agents", mine, seen=seen)
    conflict = caught.value
    assert conflict.mine.equals(mine)
    assert conflict.theirs.equals(theirs)
    assert conflict.base.equals(agents(Ada=9.0, Bo=9.0))
    assert (conflict.author, conflict.revision) == ("ayse", 2)
    assert conflict.rows is not None
    assert conflict.rows.to_numpy().tolist() == [
        ["Ada, cost_per_h", "9.0", "10.0", "11.0"],
        ["Bo, cost_per_h", "9.0", "9.0", "9.5"],
    ]
    assert store.table("A", "agents").equals(theirs)
    assert store.save_table("A", "agents", conflict.mine, seen=conflict.revision) == 3
    assert store.table("A", "agents").equals(mine)


def test_settings_conflict_with_both_versions(store: Store) -> None:
    seen = store.project("A").revision
    store.save_settings("A", {"x": 1, "y": 0}, seen=seen, author="ayse")
    with pytest.raises(ChangedMeanwhile) as caught:
        store.save_settings("A", {"x": 0, "y": 2}, seen=seen)
    assert (caught.value.base, caught.value.theirs, caught.value.mine) == (
        {"x": 0, "y": 0},
        {"x": 1, "y": 0},
        {"x": 0, "y": 2},
    )
    assert caught.value.rows is not None
    assert caught.value.rows["place"].tolist() == ["x", "y"]
    assert caught.value.merged == {"x": 1, "y": 2}
    store.save_settings("A", caught.value.merged, seen=caught.value.revision)
    with pytest.raises(ChangedMeanwhile) as caught:
        store.save_settings("A", {"x": 5, "y": 0}, seen=seen)
    assert caught.value.merged is None, "both changed x"


VALUES = st.dictionaries(
    st.sampled_from("abc"),
    st.integers(0, 2) | st.none() | st.dictionaries(st.sampled_from("de"), st.integers(0, 2)),
)


@given(VALUES, VALUES, VALUES)
@settings(max_examples=300, deadline=None)
def test_merged_settings_hold_the_changes_of_both(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    both = merged(base, theirs, mine)
    assert both == merged(base, mine, theirs)
    assert merged(base, theirs, base) == theirs
    assert merged(base, theirs, theirs) == theirs
    if both is None:
        return
    for side in (theirs, mine):
        for key in {*base, *side}:
            kept = (key in side, side.get(key)) == (key in base, base.get(key))
            nested = isinstance(both.get(key), dict)
            assert kept or nested or (key in both, both.get(key)) == (key in side, side.get(key))


def test_a_first_save_that_comes_second_conflicts_too(store: Store) -> None:
    store.save_table("A", "agents", agents(Ada=1.0))
    with pytest.raises(ChangedMeanwhile) as caught:
        store.save_table("A", "agents", agents(Bo=1.0), seen=0)
    assert caught.value.rows is not None
    assert caught.value.rows["place"].tolist() == ["Ada", "Bo"]


def test_what_changed_and_came_back_is_no_conflict(store: Store) -> None:
    seen = store.project("A").revision
    store.rename_project("A", "B")
    store.save_settings("B", {"x": 1})
    store.undo("B")
    store.save_settings("B", {"x": 2}, seen=seen)
    assert store.settings("B") == {"x": 2}


def test_the_same_change_twice_is_no_conflict(store: Store) -> None:
    seen = store.save_table("A", "agents", agents(Ada=9.0))
    now = store.save_table("A", "agents", agents(Ada=10.0), seen=seen)
    assert store.save_table("A", "agents", agents(Ada=10.0), seen=seen) == now


def test_ten_planners_at_once_one_wins_and_nine_are_told(store: Store, place: str) -> None:
    seen = store.save_table("A", "agents", agents(Ada=0.0))
    start = threading.Barrier(10)

    def save(i: int) -> bool:
        mine = open_store(place)
        try:
            start.wait()
            mine.save_table("A", "agents", agents(Ada=i), seen=seen, author=str(i))
        except ChangedMeanwhile as error:
            return not error.mine.equals(agents(Ada=i))
        finally:
            mine.close()
        return True

    with ThreadPoolExecutor(10) as pool:
        won = list(pool.map(save, range(1, 11)))
    assert won.count(True) == 1
    assert store.table("A", "agents").equals(agents(Ada=won.index(True) + 1))
    assert len(store.changes("A")) == 3


def test_ten_writers_at_once_all_succeed_and_all_are_logged(store: Store, place: str) -> None:
    def save(i: int) -> None:
        mine = open_store(place)
        try:
            for j in range(5):
                mine.save_table("A", f"table {i}", agents(Ada=j), author=str(i))
                mine.save_table("A", "shared", agents(Ada=10 * i + j), author=str(i))
        finally:
            mine.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(save, range(1, 11)))
    assert len(store.changes("A", limit=1000)) == 101
    assert store.table("A", "shared").attrs["revision"] == 50
    for _ in range(100):
        store.undo("A")
    assert store.tables("A") == []


def frame(*rows: tuple[object, ...]) -> dict[str, object]:
    return table_to_json(pd.DataFrame(list(rows), columns=["a", "b"]), name="t")


def test_differences_are_found_row_by_row() -> None:
    old = frame(("x", 1), ("y", 2), ("z", 3))
    assert differences(old, frame(("x", 1), ("z", 4))) == [("y", "y, 2", ""), ("z, b", "3", "4")]
    doubled = frame(("x", 1), ("x", 2))
    assert differences(doubled, frame(("x", 1), ("x", 3))) == [("row 2, b", "2", "3")]
    assert differences({}, frame(("x", 1))) == [("x", "", "x, 1")]
    wider = table_to_json(pd.DataFrame({"a": ["x"], "c": [1]}), name="t")
    assert differences(frame(("x", 1)), wider) == [("column b", "b", ""), ("column c", "", "c")]
    turned = frame(("z", 3), ("y", 2), ("x", 1))
    assert differences(old, turned)[0].place == "order or kind of the columns and rows"
    assert differences(old, old) == []


def test_a_conflict_is_an_error_that_pages_already_show() -> None:
    assert issubclass(ChangedMeanwhile, WfmError)
