"""What offered contacts count: with or without those who hung up at once."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.core.types import History
from wfm.planning import steps
from wfm.planning.by_settings import calendar_of, history_of, requirement_of
from wfm.planning.offered import counted_as
from wfm.planning.settings import settings_from
from wfm.planning.taken import taken
from wfm.store import open_store


def history(short: list[float]) -> History:
    start = pd.date_range("2026-03-02 10:00", periods=len(short), freq="30min", tz="UTC")
    frame = pd.DataFrame(
        {"start": start, "queue": "a", "offered": 10.0, "answered": 7.0, "abandoned": 3.0}
    )
    return History(frame.assign(aht_s=200.0, short_abandoned=short), timedelta(minutes=30))


def test_short_abandons_are_taken_off_where_they_are_counted():
    made = counted_as(history([2.0, 0.0, np.nan]), "less_short")
    assert made.frame["offered"].tolist() == [8.0, 10.0, 10.0]
    assert made.frame["abandoned"].tolist() == [3.0, 3.0, 3.0]
    assert made.counted == "without contacts abandoned within 5 s"


def test_what_the_file_has_stays_when_nothing_is_to_be_taken_off():
    given = history([2.0])
    assert counted_as(given, "all").equals(given)
    without = counted_as(given, "no_short", 3.0)
    assert without.frame.equals(given.frame)
    assert without.counted == "without contacts abandoned within 3 s"


def test_a_file_that_does_not_count_them_is_refused_with_the_way_out():
    silent = history([2.0])
    silent = replace(silent, frame=silent.frame.drop(columns="short_abandoned"))
    with pytest.raises(DataError, match="Choose that it holds none"):
        counted_as(silent, "less_short")


CALLS = pd.DataFrame(
    {
        "queue": "a",
        "arrived": pd.date_range("2026-03-02 09:00", periods=28 * 24, freq="h").astype(str),
        "wait_s": [3, 60, 10, 30] * (7 * 24),
        "talk_s": [None, None, 180, 180] * (7 * 24),
    }
)


def read(tmp_path, counted: str) -> History:
    file = tmp_path / "calls.csv"
    CALLS.to_csv(file, index=False)
    settings = settings_from(
        {"plan": {"time_zone": "UTC"}, "history": {"rows": "call", "offered": counted}}
    )
    return history_of(settings, file, calendar_of(settings), bad_rows="refuse")


def test_call_records_are_counted_without_them_and_the_plan_says_so(tmp_path):
    every, less = read(tmp_path, "all"), read(tmp_path, "less_short")
    assert every.frame["offered"].sum() == 672
    assert less.frame["offered"].sum() == 672 * 3 / 4
    assert "Offered is without 168 contacts abandoned within 5 s." in str(less.report)
    forecast = steps.make_forecast(less, "7D", model="seasonal_mean")
    need = requirement_of(settings_from({}), forecast)
    assert forecast.counted == need.counted == "without contacts abandoned within 5 s"
    assert steps.make_forecast(every, "7D", model="seasonal_mean").counted == ""


def test_two_ways_to_count_are_not_joined(tmp_path):
    store = open_store(tmp_path / "plans.db")
    project = store.create_project("Tiny", settings_from({}).model_dump(mode="json")).id
    old = store.save(project, "history", read(tmp_path, "all"))
    with pytest.raises(DataError, match="those of the history in use are everybody who called"):
        taken(store, project, read(tmp_path, "less_short"), {}, old)
