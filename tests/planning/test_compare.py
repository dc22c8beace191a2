"""Two versions side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

import wfm
from wfm.planning.demo import demo_history


@pytest.fixture(scope="module")
def forecast() -> wfm.Forecast:
    return wfm.make_forecast(demo_history(12), "7D", model="seasonal_mean")


def schedule(*rows: tuple[str, str, str, str, str]) -> wfm.Schedule:
    """A schedule of these blocks: agent, start, end, activity, queue."""
    frame = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue"])
    for column in ("start", "end"):
        frame[column] = pd.to_datetime(frame[column]).dt.tz_localize("Asia/Baku").dt.as_unit("us")
    start = pd.date_range("2026-03-02 08:00", periods=4, freq="30min", tz="Asia/Baku")
    cover = pd.DataFrame({"start": start, "queue": "a", "required": 2})
    cover["scheduled"], cover["under"], cover["over"] = 1, 1, 0
    outbound = pd.DataFrame({"campaign": ["c"], "target_h": [4.0], "placed_h": [3.0]})
    totals = pd.DataFrame({"agent": ["x"], "paid_h": [8.0], "cost": [80.0]})
    return wfm.Schedule(
        frame, timedelta(minutes=30), date(2026, 3, 2), 1, "feasible", "time", 100.0, 90.0, 50.0,
        {}, cover, outbound, totals, 1.0, 0,
    )  # fmt: skip


def row(table: pd.DataFrame, measure: str) -> list[float]:
    found = table[table["measure"] == measure].iloc[0]
    return [float(found[name]) for name in ("first", "second", "change")]


def test_a_forecast_a_fifth_larger_says_so(forecast: wfm.Forecast) -> None:
    frame = forecast.frame.assign(volume=forecast.frame["volume"] * 1.2)
    table = wfm.compare(forecast, replace(forecast, frame=frame))
    total = forecast.frame["volume"].sum()
    assert row(table, "Contacts") == pytest.approx([total, 1.2 * total, 0.2 * total])
    days = wfm.compare_days(forecast, replace(forecast, frame=frame))
    assert days["second"].sum() == pytest.approx(1.2 * days["first"].sum())


def test_a_better_promise_costs_hours(forecast: wfm.Forecast) -> None:
    one, two = (wfm.staff(forecast, wfm.ServiceTarget(s), patience_s=90) for s in (0.7, 0.9))
    table = wfm.compare(one, two)
    assert row(table, "On contacts")[2] == (two.frame["agents"] - one.frame["agents"]).sum() / 2
    assert row(table, "On contacts")[2] > 0
    assert row(table, "Service level")[2] > 0
    assert row(table, "Abandoned")[2] < 0


def test_a_queue_without_a_level_leaves_the_others_theirs(forecast: wfm.Forecast) -> None:
    need = wfm.staff(forecast, wfm.ServiceTarget(0.8))
    mail = need.frame[need.frame["queue"] == need.frame["queue"].iloc[0]]
    mail = mail.assign(queue="zz mail", service_level=float("nan"))
    more = replace(need, frame=pd.concat([need.frame, mail], ignore_index=True))
    found = wfm.compare(need, more).set_index("measure")
    assert found.loc["Service level", "second"] == pytest.approx(
        found.loc["Service level", "first"]
    )


def test_only_the_shifts_that_differ_are_shown() -> None:
    morning = ("x", "2026-03-02 08:00", "2026-03-02 10:00", "inbound", "a")
    pause = ("x", "2026-03-02 10:00", "2026-03-02 10:30", "break", "")
    rest = ("x", "2026-03-02 10:30", "2026-03-02 12:00", "inbound", "a")
    other = ("y", "2026-03-02 09:00", "2026-03-02 12:00", "inbound", "a")
    late = ("y", "2026-03-02 09:30", "2026-03-02 12:30", "inbound", "a")
    new = ("z", "2026-03-02 09:00", "2026-03-02 12:00", "inbound", "a")
    one, two = schedule(morning, pause, rest, other), schedule(morning, pause, rest, late, new)
    found = wfm.changed_shifts(one, two)
    assert found[["agent", "first", "second"]].values.tolist() == [
        ["y", "09:00-12:00", "09:30-12:30"],
        ["z", "", "09:00-12:00"],
    ]
    table = wfm.compare(one, two)
    assert row(table, "Shifts") == [2, 3, 1]
    assert row(table, "Missing") == [2.0, 2.0, 0.0]
    assert wfm.changed_shifts(one, one).empty


def test_two_kinds_cannot_be_compared(forecast: wfm.Forecast) -> None:
    need = wfm.staff(forecast, wfm.ServiceTarget(0.8))
    with pytest.raises(wfm.DataError, match="Forecast and Requirement cannot be compared"):
        wfm.compare(forecast, need)  # type: ignore[arg-type]
