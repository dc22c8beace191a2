"""Bad input through the public functions: one sentence, place and cure, nothing half-written."""

import errno
import os
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import wfm
from wfm.erlang import evaluate

ZONE = "Europe/Istanbul"
HEAD = "start,queue,offered\n"


def csv(tmp_path: Path, text: str | bytes) -> Path:
    file = tmp_path / "calls.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def rows(*volumes: object, minutes: int = 30) -> str:
    start = pd.date_range("2026-11-23 09:00", periods=len(volumes), freq=f"{minutes}min")
    return "".join(f"{s:%Y-%m-%d %H:%M},support,{v}\n" for s, v in zip(start, volumes, strict=True))


BAD_FILES = {
    "missing columns": (HEAD.replace("offered", "colour") + rows("red"), ["calls.csv", "colour"]),
    "mixed intervals": (
        HEAD + rows(*range(8)) + rows(*range(8), minutes=15).replace("11-23", "11-24"),
        ["calls.csv", "15", "30"],
    ),
    "doubled rows": (HEAD + rows(1, 2) + rows(1), ["line 2", "line 4"]),
    "text in a number column": (HEAD + rows(1, "many", 3), ["line 3", "offered", "many"]),
    "negative volumes": (HEAD + rows(1, 2, -3), ["line 4", "offered", "-3"]),
    "an empty file": ("", ["calls.csv", "empty"]),
    "headings alone": (HEAD, ["calls.csv"]),
    "a binary file": (bytes(range(256)) * 20, ["calls.csv"]),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_history_is_refused_with_its_place(case, tmp_path):
    text, words = BAD_FILES[case]
    with pytest.raises(wfm.DataError) as caught:
        wfm.read_history(csv(tmp_path, text), time_zone=ZONE)
    assert_one_sentence(str(caught.value), words)


def assert_one_sentence(message: str, words: list[str]) -> None:
    assert "\n" not in message
    assert len(message) < 400, message
    for word in words:
        assert word in message, message


def test_stamps_without_a_zone_are_refused(tmp_path):
    with pytest.raises(wfm.DataError) as caught:
        wfm.read_history(csv(tmp_path, HEAD + rows(1, 2)))
    assert_one_sentence(str(caught.value), ["calls.csv", "time zone", "time_zone="])


def requirement(heads: int = 2) -> wfm.Requirement:
    start = pd.date_range("2026-11-23 09:00", periods=18, freq="30min", tz=ZONE)
    frame = pd.DataFrame({"start": start, "queue": "support", "agents": heads, "scheduled": heads})
    return wfm.Requirement(frame, timedelta(minutes=30))


def contract(**changes: object) -> wfm.Contract:
    plain = {"shift_min": 240, "paid_min": 240, "min_days_week": 0, "max_days_week": 5}
    return wfm.Contract("short", **(plain | changes))


def agent(**changes: object) -> wfm.Agent:
    plain = {"agent": "a1", "name": "Ada", "contract": "short", "skills": frozenset({"support"})}
    return wfm.Agent(**(plain | changes))


@pytest.mark.parametrize(
    ("people", "contracts", "words"),
    [
        ([agent(skills=frozenset({"juggling"}))], [contract()], ["a1", "juggling"]),
        ([agent(contract="lifelong")], [contract()], ["a1", "lifelong"]),
        ([agent(), agent()], [contract()], ["a1"]),
        ([], [contract()], ["agent"]),
    ],
)
def test_people_who_do_not_fit_are_refused_by_name(people, contracts, words):
    with pytest.raises(wfm.DataError) as caught:
        wfm.make_schedule(requirement(), people, contracts, seconds=1)
    assert_one_sentence(str(caught.value), words)


def test_a_contract_nobody_can_fulfil_is_refused_by_name():
    with pytest.raises(wfm.DataError) as caught:
        wfm.make_schedule(
            requirement(),
            [agent()],
            [contract(shift_min=900, paid_min=900, min_days_week=5)],
            seconds=1,
        )
    assert_one_sentence(str(caught.value), ["short"])


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_target_of_nothing_or_everything_is_refused(share):
    with pytest.raises(wfm.DataError) as caught:
        wfm.ServiceTarget(share, within_s=20)
    assert_one_sentence(str(caught.value), ["above 0 and below 1", "0.80"])


def test_more_load_than_the_formula_allows_names_the_way_out():
    with pytest.raises(wfm.DataError) as caught:
        evaluate("erlang_c", load=10.0, agents=10, aht_s=300, threshold_s=20)
    assert_one_sentence(str(caught.value), ["10", "11", "Erlang A"])


def test_an_unknown_handle_time_is_not_guessed():
    start = pd.date_range("2026-11-23 09:00", periods=2, freq="30min", tz=ZONE)
    frame = pd.DataFrame(
        {
            "start": start,
            "queue": "support",
            "volume": 10.0,
            "volume_q10": np.nan,
            "volume_q90": np.nan,
            "aht_s": np.nan,
        }
    )
    forecast = wfm.Forecast(frame, timedelta(minutes=30))
    with pytest.raises(wfm.DataError) as caught:
        wfm.staff(forecast, wfm.ServiceTarget(0.8))
    assert_one_sentence(str(caught.value), ["support", "aht_s"])


def test_an_event_for_a_queue_that_is_not_there_is_refused(tmp_path):
    history = wfm.read_history(csv(tmp_path, HEAD + rows(1, 2)), time_zone=ZONE)
    day = history.frame["start"].iloc[0].date()
    calendar = wfm.Calendar(events=(wfm.Event("sale", day, day, "learn", queues=("suport",)),))
    with pytest.raises(wfm.DataError) as caught:
        wfm.make_forecast(history, calendar=calendar)
    assert_one_sentence(str(caught.value), ["'sale'", "'suport'", "support"])


@pytest.mark.parametrize("name", ["week.xlsx", "week.csv", "week.json"])
def test_a_full_disk_leaves_the_old_file_whole(name, tmp_path, monkeypatch):
    schedule = wfm.make_schedule(requirement(), [agent()], [contract()], seconds=2)
    file = tmp_path / name
    file.write_bytes(b"the old one")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(wfm.WfmError) as caught:
        wfm.write_schedule(schedule, file)
    assert_one_sentence(str(caught.value), [name])
    assert file.read_bytes() == b"the old one"
    assert [p.name for p in tmp_path.iterdir()] == [name]
