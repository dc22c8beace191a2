from datetime import date
from pathlib import Path

import pytest

from wfm.core.errors import DataError
from wfm.planning.settings import Settings, read_settings, settings_from, write_settings


def test_an_empty_plan_has_the_fields_usual_defaults():
    plain = Settings()
    assert plain.staff.target == "80/20"
    assert plain.staff.shrinkage == 0.10
    assert plain.schedule.days == 7


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"stuff": {}}, ["[stuff]", "not known", "staff"]),
        ({"staff": {"shrink": 0.1}}, ["[staff] shrink", "not known", "shrinkage"]),
        ({"staff": {"shrinkage": 1.0}}, ["[staff] shrinkage = 1.0", "less than 0.95"]),
        ({"staff": {"target": "100/20"}}, ["[staff] target", "below 1"]),
        ({"staff": {"target": "0/20"}}, ["[staff] target", "above 0"]),
        ({"plan": {"time_zone": "Istanbul"}}, ["[plan] time_zone", "'Istanbul'"]),
        ({"plan": {"interval": "25min"}}, ["[plan] interval", "25min"]),
        ({"schedule": {"days": "seven"}}, ["[schedule] days = 'seven'"]),
        ({"history": {"opening": "often"}}, ["[history] opening", "'often'"]),
    ],
)
def test_a_wrong_key_is_named_with_its_section(data, words):
    with pytest.raises(DataError) as caught:
        settings_from(data)
    for word in words:
        assert word in str(caught.value)


def test_the_file_and_back(tmp_path):
    made = settings_from(
        {
            "plan": {"name": 'The "north" centre\\1', "time_zone": "Europe/Istanbul"},
            "history": {"file": "a.csv", "columns": {"start": "Tarih"}, "queues": ["a", "b"]},
            "forecast": {"start": date(2026, 11, 23)},
            "people": {"fit": True},
            "staff": {"aht_s": 300.0},
        }
    )
    write_settings(made, tmp_path / "plan.toml")
    assert read_settings(tmp_path / "plan.toml") == made


def test_a_missing_or_broken_file_is_named(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_settings(tmp_path / "plan.toml")
    (tmp_path / "plan.toml").write_text("[staff\n", encoding="utf-8")
    with pytest.raises(DataError, match="not a TOML file"):
        read_settings(tmp_path / "plan.toml")


def test_a_plan_from_a_windows_editor_is_read(tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text('[plan]\nname = "Mine"\n', encoding="utf-8-sig")
    assert read_settings(file).plan.name == "Mine"


def test_a_folder_instead_of_a_plan_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be opened"):
        read_settings(tmp_path)


@pytest.mark.parametrize(
    ("section", "key", "value", "told"),
    [
        ("staff", "shrinkage", 1.5, "less than 0.95"),
        ("staff", "shrinkage", -1, "at least 0"),
        ("staff", "aht_s", 0, "more than 0"),
        ("schedule", "days", 99, "at most 35"),
        ("schedule", "days", "x", "a whole number"),
        ("staff", "shrinkage", "x", "a number"),
        ("staff", "model", "b", "one of 'erlang_a' or 'erlang_c'"),
        ("schedule", "first_day", "soon", "a day such as 2026-03-02"),
        ("schedule", "break_by_team", "maybe", "true or false"),
        ("plan", "name", 3, "a text in quotes"),
        ("history", "queues", "a", "a list in brackets"),
        ("history", "columns", 3, "a table in braces"),
    ],
)
def test_what_a_setting_has_to_be_is_told_in_our_words(section, key, value, told):
    with pytest.raises(DataError) as refused:
        settings_from({section: {key: value}})
    assert told in str(refused.value)
    assert "nput should" not in str(refused.value)
