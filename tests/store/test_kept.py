import pytest

from wfm.core.errors import DataError
from wfm.store import Store


def test_a_fact_is_kept_replaced_and_goes_with_its_project(store: Store) -> None:
    first, second = store.create_project("A").id, store.create_project("B").id
    assert store.kept(first, "language") is None
    store.keep(first, "language", "tr")
    store.keep(first, "language", "az")
    assert store.kept("A", "language") == "az"
    assert store.kept(second, "language") is None
    store.delete_project("A")
    with pytest.raises(DataError, match="does not exist"):
        store.kept(first, "language")


def test_a_fact_is_no_edit(store: Store) -> None:
    project = store.create_project("A")
    before = len(store.changes("A"))
    store.keep("A", "language", "ka")
    assert len(store.changes("A")) == before
    assert store.project("A") == project
