"""Whose name stands in the log."""

import getpass

import pytest

from wfm.store import Store, open_store


@pytest.fixture
def store(tmp_path) -> Store:
    return open_store(tmp_path / "plans.db")


def test_a_store_of_one_person_names_her_in_every_change_and_job(store):
    mine = store.by("Ayşe")
    mine.create_project("A")
    mine.save_settings("A", {"x": 1})
    assert set(store.changes("A")["author"]) == {"Ayşe"}
    assert store.job(mine.create_job("A", "import")).author == "Ayşe"
    assert store.author is None, "the store itself stays nobody's"


def test_who_is_named_goes_before_the_store_and_the_environment(store, monkeypatch):
    monkeypatch.setenv("WFM_USER", "planner")
    store.create_project("A")
    store.by("Ayşe").save_settings("A", {"x": 1}, author="Mehmet")
    assert list(store.changes("A")["author"]) == ["Mehmet", "planner"]


def test_without_a_name_it_is_the_user_of_the_machine(store, monkeypatch):
    monkeypatch.delenv("WFM_USER", raising=False)
    store.create_project("A")
    assert store.changes("A")["author"].tolist() == [getpass.getuser()]
