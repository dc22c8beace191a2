from datetime import UTC, date

import pandas as pd
import pytest

from wfm.core.errors import DataError, WfmError
from wfm.store import Store


def test_a_project_keeps_its_name_and_settings(store: Store) -> None:
    made = store.create_project(" Çağrı merkezi ", {"staff": {"target": "80/20"}})
    assert made.name == "Çağrı merkezi"
    assert made.created_at.tzinfo == UTC
    assert store.project(made.id) == store.project("Çağrı merkezi") == made
    assert store.settings(made.id) == {"staff": {"target": "80/20"}}


def test_names_are_unique_and_not_empty(store: Store) -> None:
    store.create_project("A")
    store.create_project("B")
    with pytest.raises(DataError, match="'A' exists already"):
        store.create_project("A")
    with pytest.raises(DataError, match="'A' exists already"):
        store.rename_project("B", "A")
    with pytest.raises(DataError, match="1 to 200"):
        store.create_project("  ")
    with pytest.raises(DataError, match="cannot be shown"):
        store.create_project("a\x00b")
    assert [p.name for p in store.projects()] == ["B", "A"]


def test_the_last_changed_project_comes_first(store: Store) -> None:
    for name in ("A", "B", "C"):
        store.create_project(name)
    store.save_table("A", "agents", pd.DataFrame({"agent": ["a1"]}))
    assert store.projects()[0].name == "A"


def test_an_unknown_project_is_named(store: Store) -> None:
    with pytest.raises(DataError, match="project 'X' does not exist"):
        store.table("X", "agents")


def test_deleting_a_project_takes_everything_of_it_and_nothing_else(store: Store) -> None:
    frame = pd.DataFrame({"x": [1]})
    for name in ("A", "B"):
        store.create_project(name)
        store.save_table(name, "agents", frame)
        store.save(name, "board", frame)
        store.create_job(name, "schedule")
    store.delete_project("A")
    assert [p.name for p in store.projects()] == ["B"]
    assert len(store.versions("B")) == len(store.jobs()) == len(store.tables("B")) == 1
    assert store.create_project("A").id == 3
    assert store.tables("A") == []


def test_an_id_is_never_used_twice(store: Store) -> None:
    store.create_project("A")
    version = store.save("A", "board", pd.DataFrame({"x": [1]}))
    job_id = store.create_job("A", "schedule")
    store.delete_project("A")
    assert store.create_project("B").id == 2
    assert store.save("B", "board", pd.DataFrame({"x": [1]})).id == version.id + 1
    assert store.create_job("B", "schedule") == job_id + 1


def test_stale_settings_are_refused_and_nothing_changes(store: Store) -> None:
    mine = store.create_project("A", {"x": 0})
    assert store.save_settings("A", {"x": 1}, seen=mine.revision) == mine.revision + 1
    with pytest.raises(WfmError, match="changed meanwhile"):
        store.save_settings("A", {"x": 2}, seen=mine.revision)
    assert store.settings("A") == {"x": 1}
    store.save_settings("A", {"x": 3})
    assert store.settings("A") == {"x": 3}


def test_saving_versions_and_tables_leaves_the_settings_revision_alone(store: Store) -> None:
    seen = store.create_project("A").revision
    store.save("A", "board", pd.DataFrame({"x": [1]}))
    store.save_table("A", "agents", pd.DataFrame({"x": [1]}))
    assert store.project("A").revision == seen
    assert store.save_settings("A", {"x": 1}, seen=seen) == seen + 1


def test_a_stale_table_is_refused_and_nothing_changes(store: Store) -> None:
    store.create_project("A")
    seen = store.table("A", "agents").attrs["revision"]
    assert seen == 0
    first, second = pd.DataFrame({"agent": ["a1"]}), pd.DataFrame({"agent": ["a2"]})
    assert store.save_table("A", "agents", first, seen=seen) == 1
    with pytest.raises(WfmError, match=r"table 'agents': changed meanwhile"):
        store.save_table("A", "agents", second, seen=seen)
    assert store.table("A", "agents").equals(first)
    assert store.save_table("A", "agents", first, seen=1) == 1, "the same again is no change"
    assert store.save_table("A", "agents", second, seen=1) == 2


def test_tables_keep_days_and_gaps(store: Store) -> None:
    store.create_project("A")
    frame = pd.DataFrame({"agent": ["a1", "a2"], "end_date": [date(2026, 3, 2), None]})
    store.save_table("A", "agents", frame)
    assert store.table("A", "agents").equals(frame)
    assert store.tables("A") == ["agents"]


def test_a_table_that_was_never_saved_has_its_columns(store: Store) -> None:
    store.create_project("A")
    assert list(store.table("A", "absences")) == ["agent", "from", "to", "reason"]
    assert store.table("A", "my own").empty


def test_two_sessions_that_write_the_same_row_cannot_both_win(store: Store) -> None:
    """Even a writer that gives no revision is refused when another one is quicker by a blink."""
    store.create_project("A", {"x": 0})
    with store.transaction() as slow:
        row = store._project(slow, "A")
    store.save_settings("A", {"x": 1})
    row.settings = {"x": 2}
    with pytest.raises(WfmError, match="changed meanwhile"), store.transaction(write=True) as late:
        late.add(row)
    assert store.settings("A") == {"x": 1}
