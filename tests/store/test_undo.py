import itertools
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.types import History
from wfm.store import ChangedMeanwhile, Store


def agents(*names: str) -> pd.DataFrame:
    return pd.DataFrame({"agent": list(names), "cost_per_h": [9.5] * len(names)})


@pytest.fixture
def store(store: Store) -> Store:
    store.create_project("A", {"x": 0})
    return store


def test_edits_go_back_one_by_one_and_come_again(store: Store) -> None:
    store.save_table("A", "agents", agents("Ada"))
    store.save_settings("A", {"x": 1})
    store.save_table("A", "agents", agents("Ada", "Bo"))
    assert store.undo("A").what == "table 'agents'"
    assert store.table("A", "agents")["agent"].tolist() == ["Ada"]
    assert store.undo("A").what == "project settings"
    assert store.settings("A") == {"x": 0}
    store.undo("A")
    assert store.tables("A") == []
    assert list(store.table("A", "agents"))[:2] == ["agent", "name"]
    assert store.can_undo("A") is None
    with pytest.raises(DataError, match="nothing to undo in project 'A'"):
        store.undo("A")
    for _ in range(3):
        store.redo("A")
    assert store.table("A", "agents")["agent"].tolist() == ["Ada", "Bo"]
    assert store.settings("A") == {"x": 1}
    with pytest.raises(DataError, match="nothing to redo"):
        store.redo("A")
    assert store.changes("A")["action"].tolist() == [
        *("redo", "redo", "redo", "undo", "undo", "undo", "edit", "edit", "edit", "start"),
    ]


def test_the_sentence_says_what_would_happen(store: Store) -> None:
    store.save_table("A", "agents", agents("Ada"), author="ayse")
    store.save_table("A", "agents", agents("Ada").assign(cost_per_h=10.0), author="bo")
    step = store.can_undo("A")
    assert step is not None
    assert step.author == "bo"
    assert step.sentence == (
        "Undo: table 'agents', Ada, cost_per_h from 10.0 back to 9.5 (changed by bo)"
    )
    assert store.undo("A", seen=step.change) == step
    again = store.can_redo("A")
    assert again is not None
    assert (
        again.sentence == "Redo: table 'agents', Ada, cost_per_h from 9.5 to 10.0 (changed by bo)"
    )


def test_a_new_edit_cuts_what_was_taken_back(store: Store) -> None:
    store.save_settings("A", {"x": 1})
    store.undo("A")
    store.save_table("A", "agents", agents("Ada"))
    assert store.can_redo("A") is None
    store.undo("A")
    assert store.can_undo("A") is None
    assert store.settings("A", revision=2) == {"x": 1}, "it stays in the log"


def test_projects_do_not_undo_each_other(store: Store) -> None:
    store.create_project("B")
    store.save_settings("A", {"x": 1})
    store.save_settings("B", {"x": 1})
    store.undo("A")
    assert (store.settings("A"), store.settings("B")) == ({"x": 0}, {"x": 1})


def test_a_button_shown_before_someone_elses_edit_undoes_nothing(store: Store) -> None:
    store.save_settings("A", {"x": 1})
    step = store.can_undo("A")
    assert step is not None
    store.save_table("A", "agents", agents("Ada"), author="bo")
    with pytest.raises(ChangedMeanwhile, match=r"changed meanwhile by someone else \(bo\)"):
        store.undo("A", seen=step.change)
    assert store.settings("A") == {"x": 1}
    assert store.tables("A") == ["agents"]


def test_an_editor_opened_before_an_undo_is_told(store: Store) -> None:
    """The table that an undo empties keeps counting: a stale editor never matches by chance."""
    first = store.save_table("A", "agents", agents("Ada"))
    store.undo("A")
    assert store.table("A", "agents").attrs["revision"] == first + 1
    store.save_table("A", "agents", agents("Bo"))
    with pytest.raises(ChangedMeanwhile):
        store.save_table("A", "agents", agents("Ada", "Cy"), seen=first)
    assert store.table("A", "agents")["agent"].tolist() == ["Bo"]


def history(offered: float) -> History:
    start = pd.date_range("2026-03-02 09:00", periods=2, freq="h", tz="Europe/Istanbul")
    frame = pd.DataFrame({"start": start, "queue": "a", "offered": offered, "answered": 1.0})
    return History(frame.assign(abandoned=0.0, aht_s=60.0), timedelta(hours=1))


def test_a_history_goes_back_and_comes_again_with_what_it_was_made_of(store: Store) -> None:
    first = store.save("A", "history", history(1.0), settings={"repairs": []}, note="calls.csv")
    assert store.can_undo("A") is None, "there is nothing before the first"
    repaired = store.save(
        "A", "history", history(2.0), settings={"repairs": [1]}, parents=(first.id,),
        author="ayse", reason="repair: a gap",
    )  # fmt: skip
    step = store.can_undo("A")
    assert step is not None
    assert step.sentence == "Undo: history 2, repair: a gap (changed by ayse)"
    store.undo("A")
    back = store.latest("A", "history")
    assert (back.number, back.settings, back.note) == (3, {"repairs": []}, "calls.csv")
    assert store.load(back.id).equals(history(1.0))
    assert store.changes("A")[["what", "action", "after"]].iloc[0].tolist() == [
        "history 3", "undo", "history 3: history 2",
    ]  # fmt: skip
    store.redo("A")
    again = store.latest("A", "history")
    assert (again.settings, again.parents) == (repaired.settings, (first.id,))
    assert store.load(again.id).equals(history(2.0))
    store.save("A", "history", history(3.0))
    assert store.can_redo("A") is None, "a new one cuts what was taken back"


def test_a_table_that_goes_with_a_value_is_no_edit(store: Store) -> None:
    store.save_settings("A", {"x": 1})
    store.undo("A")
    store.save_table("A", "notes", agents("Ada"), undo=False)
    assert store.can_undo("A") is None
    assert store.can_redo("A") is not None


@given(st.lists(st.sampled_from(["edit", "table", "history", "undo", "redo"]), max_size=25))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_order_of_edits_undos_and_redos_agrees_with_two_stacks(
    store: Store, actions: list[str]
) -> None:
    name = f"P{next(NAMES)}"
    store.create_project(name)
    store.save(name, "history", history(-0.0))
    present: dict[str, int] = {}
    done: list[dict[str, int]] = []
    undone: list[dict[str, int]] = []
    for i, action in enumerate(actions):
        if action in ("edit", "table", "history"):
            done, undone, present = [*done, present], [], {**present, action: i}
            if action == "edit":
                store.save_settings(name, {"i": i})
            elif action == "history":
                store.save(name, "history", history(i))
            else:
                store.save_table(name, "t", pd.DataFrame({"i": [i]}))
        elif action == "undo" and done:
            undone, present, done = [*undone, present], done[-1], done[:-1]
            store.undo(name)
        elif action == "redo" and undone:
            done, present, undone = [*done, present], undone[-1], undone[:-1]
            store.redo(name)
        table = store.table(name, "t")
        assert store.settings(name) == ({"i": present["edit"]} if "edit" in present else {})
        assert table.get("i", pd.Series(dtype="int64")).tolist() == (
            [present["table"]] if "table" in present else []
        )
        value = store.load(store.latest(name, "history").id)
        assert value.equals(history(present.get("history", -0.0)))
        assert (store.can_undo(name) is not None) == bool(done)
        assert (store.can_redo(name) is not None) == bool(undone)


NAMES = itertools.count()
