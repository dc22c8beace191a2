from datetime import UTC

import pandas as pd
import pytest
from sqlalchemy import update

from wfm.core.errors import DataError, WfmError
from wfm.store import Store
from wfm.store.differences import Difference, differences, three_ways
from wfm.store.models import PlanTable, Project


def agents(cost: float = 9.5, *more: str) -> pd.DataFrame:
    names = ["Ada", *more]
    return pd.DataFrame({"agent": names, "cost_per_h": [cost] * len(names)})


@pytest.fixture
def store(store: Store) -> Store:
    store.create_project("A", {"staff": {"target": 80}}, author="lead", reason="new site")
    return store


def test_who_when_before_after_and_why_are_kept(store: Store) -> None:
    store.save_table("A", "agents", agents(), author="ayse")
    store.save_table("A", "agents", agents(10.0), author="ayse", reason="new contract")
    store.save_settings("A", {"staff": {"target": 90}}, author="bo", reason="client asks")
    version = store.save("A", "board", agents(), author="bo", note="first")
    store.set_state(version.id, "published", author="ayse", reason="agreed")
    lines = store.changes("A")
    assert lines["author"].tolist() == ["ayse", "bo", "bo", "ayse", "ayse", "lead"]
    assert lines["what"].tolist() == [
        *("board 1", "board 1", "project settings"),
        *("table 'agents'", "table 'agents'", "project settings"),
    ]
    assert lines["action"].tolist() == ["published", "save", "edit", "edit", "edit", "start"]
    assert lines["reason"].tolist()[2:4] == ["client asks", "new contract"]
    assert lines["before"].tolist()[:4] == [
        *("board 1: draft", "", "staff.target: 80", "Ada, cost_per_h: 9.5"),
    ]
    assert lines["after"].tolist()[:4] == [
        *("board 1: published", "board 1: first", "staff.target: 90", "Ada, cost_per_h: 10.0"),
    ]
    assert lines["revision"].tolist()[2:] == [2, 2, 1, 1]
    assert lines["at"].is_monotonic_decreasing
    assert str(lines["at"].dt.tz) == "UTC"
    assert len(store.changes("A", limit=2)) == 2


def test_a_line_has_the_whole_contents(store: Store) -> None:
    store.save_table("A", "agents", agents())
    store.save_table("A", "agents", agents(10.0))
    line = store.change(int(store.changes("A")["change"].iloc[0]))
    assert line.before.equals(agents())
    assert line.after.equals(agents(10.0))
    assert line.at.tzinfo == UTC
    with pytest.raises(DataError, match="change 99 does not exist"):
        store.change(99)


def test_the_user_of_the_machine_is_the_author_unless_another_is_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "planner7")
    store.save_table("A", "agents", agents())
    assert store.changes("A")["author"].iloc[0] == "planner7"


def test_what_changes_nothing_is_not_logged(store: Store) -> None:
    store.save_table("A", "agents", agents())
    before = store.changes("A")
    store.save_table("A", "agents", agents())
    store.save_settings("A", store.settings("A"))
    assert store.changes("A").equals(before)


def test_a_change_that_fails_leaves_no_line(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(*_: object, **__: object) -> None:
        message = "power cut"
        raise RuntimeError(message)

    monkeypatch.setattr("wfm.store.typed.touch", power_cut)
    with pytest.raises(RuntimeError, match="power cut"):
        store.save_table("A", "agents", agents())
    monkeypatch.undo()
    monkeypatch.setattr("wfm.store.typed.log", power_cut)
    with pytest.raises(RuntimeError, match="power cut"):
        store.save_table("A", "agents", agents())
    assert len(store.changes("A")) == 1
    assert store.tables("A") == []


def test_a_table_is_read_as_it_was_at_any_revision(store: Store) -> None:
    states = [agents(), agents(10.0), agents(10.0, "Bo"), agents()]
    for frame in states:
        store.save_table("A", "agents", frame)
    for revision, frame in enumerate(states, 1):
        earlier = store.table("A", "agents", revision=revision)
        pd.testing.assert_frame_equal(earlier, frame)
        assert earlier.attrs["revision"] == revision
    with pytest.raises(DataError, match=r"table 'agents': revision 9 is not kept"):
        store.table("A", "agents", revision=9)
    store.save_settings("A", {"x": 1})
    store.rename_project("A", "B")
    assert store.settings("B", revision=1) == {"staff": {"target": 80}}
    assert store.settings("B", revision=store.project("B").revision) == {"x": 1}


def test_a_deleted_project_leaves_one_line(store: Store) -> None:
    store.save_table("A", "agents", agents())
    store.undo("A")
    store.delete_project("A", author="lead", reason="site closed")
    lines = store.changes()
    assert lines[["author", "action", "before", "reason"]].to_numpy().tolist() == [
        ["lead", "delete", "project: A", "site closed"]
    ]


def test_typed_content_that_changed_on_disk_is_refused(store: Store) -> None:
    store.save_table("A", "agents", agents())
    damaged = {"columns": ["agent", "cost_per_h"], "types": ["str", "float64"]}
    with store.transaction(write=True) as session:
        rows = {**damaged, "rows": [["Ada", 8.5]]}
        session.execute(update(PlanTable).values(content=rows))
    with pytest.raises(WfmError, match="table 'agents': damaged in the database"):
        store.table("A", "agents")
    assert store.table("A", "agents", revision=1).equals(agents())
    store.save_table("A", "agents", store.table("A", "agents", revision=1))
    assert store.table("A", "agents").equals(agents())
    with store.transaction(write=True) as session:
        session.execute(update(Project).values(settings={"staff": {"target": 81}}))
    with pytest.raises(WfmError, match="project 'A': its settings are damaged"):
        store.settings("A")
    store.save_settings("A", store.settings("A", revision=1))
    assert store.settings("A") == {"staff": {"target": 80}}


def test_an_empty_cell_is_empty_however_it_is_kept() -> None:
    one = {"columns": ["agent", "team"], "types": [], "rows": [["a", None], ["b", "x"]]}
    other = {**one, "rows": [["a", ""], ["b", None]]}
    assert differences(one, other) == [Difference("b, team", "x", "")]


def test_a_row_that_one_planner_took_out_shows_what_the_other_made_of_it() -> None:
    base = {"columns": ["agent", "name"], "types": [], "rows": [["a", "Ada"], ["b", "Bo"]]}
    theirs = {**base, "rows": [["a", "Ada L."], ["b", "Bo"]]}
    mine = {**base, "rows": [["b", "Bo"]]}
    found = three_ways(base, theirs, mine).set_index("place")
    assert found.loc["a"].tolist() == ["a, Ada", "a, Ada L.", ""]
