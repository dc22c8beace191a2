"""What call records tell: the service level as counted, and patience."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

import wfm
from wfm.planning.by_settings import calendar_of, history_of
from wfm.planning.settings import settings_from


def calls(count: int = 4000, patience_s: float = 100.0) -> pd.DataFrame:
    """Calls of two days whose answer comes after 40 s on average, if they wait so long."""
    rng = np.random.default_rng(5)
    day = rng.integers(0, 2, count)
    arrival = pd.Timestamp("2026-03-02 08:00") + pd.to_timedelta(
        day * 86400 + rng.integers(0, 8 * 3600, count), unit="s"
    )
    offered, patience = rng.exponential(40, count), rng.exponential(patience_s, count)
    lost = patience < offered
    return pd.DataFrame(
        {
            "ContactID": np.arange(count),
            "Queue_Name": np.where(rng.random(count) < 0.5, "sales", "help"),
            "Queue_EnqueueTimestamp": arrival.strftime("%Y-%m-%d %H:%M:%S"),
            "Queue_Duration": np.minimum(offered, patience).round(3),
            "Abandoned": np.where(lost, "true", "false"),
            "Agent_AgentInteractionDuration": np.where(lost, np.nan, 180),
        }
    )


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return calls()


@pytest.fixture(scope="module")
def history(table: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> wfm.History:
    file = tmp_path_factory.mktemp("calls") / "calls.csv"
    table.to_csv(file, index=False)
    asked = {"plan": {"time_zone": "Asia/Baku"}, "history": {"rows": "call", "threshold_s": 30.0}}
    settings = settings_from(asked)
    return history_of(settings, file, calendar_of(settings), bad_rows="refuse")


def test_the_service_level_is_counted_from_the_calls(
    history: wfm.History, table: pd.DataFrame
) -> None:
    lost = table["Abandoned"] == "true"
    in_time = table["Queue_Duration"] <= 30
    for name, rows in table.groupby("Queue_Name"):
        answered = int((in_time & ~lost)[rows.index].sum())
        found = wfm.measured_service(history).set_index("queue").loc[name]
        assert found["answered_within"] == answered
        assert found["service_level"] == pytest.approx(answered / len(rows))
    days = wfm.measured_service(history, "sl_handled", by="day")
    assert len(days) == 4
    assert days["answered"].sum() == (~lost).sum()
    assert (days["service_level"] == days["answered_within"] / days["answered"]).all()


def test_patience_is_found_again(history: wfm.History, table: pd.DataFrame) -> None:
    found = wfm.measured_patience(history)
    assert sorted(found) == ["help", "sales"]
    lost = (table["Abandoned"] == "true").sum()
    assert sum(one.abandonments for one in found.values()) == lost
    for one in found.values():
        assert one.low_s < 100.0 < one.high_s


def test_an_interval_file_tells_neither(history: wfm.History) -> None:
    plain = wfm.History(
        history.frame[["start", "queue", "offered", "answered", "abandoned", "aht_s"]],
        timedelta(minutes=30),
    )
    assert wfm.measured_patience(plain) == {}
    with pytest.raises(wfm.DataError, match="no service level can be counted without"):
        wfm.measured_service(plain)
    with pytest.raises(wfm.DataError, match="by='week' is not known"):
        wfm.measured_service(history, by="week")
