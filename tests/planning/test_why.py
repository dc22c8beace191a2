"""Why so many agents: by interval, by day, around one interval, and the price of confidence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import wfm
from wfm.core.columns import STEPS
from wfm.planning.demo import demo_history
from wfm.planning.why import requirement_notes, service_around


@pytest.fixture(scope="module")
def forecast() -> wfm.Forecast:
    return wfm.make_forecast(demo_history(12), "7D", calendar=wfm.Calendar("TR"))


@pytest.fixture(scope="module")
def need(forecast: wfm.Forecast) -> wfm.Requirement:
    return wfm.staff(forecast, wfm.ServiceTarget(0.8, confidence=0.8), patience_s=90)


def test_interval_and_day_add_up(need: wfm.Requirement) -> None:
    rows = wfm.explain_requirement(need)
    np.testing.assert_allclose(rows[list(STEPS)].sum(axis=1), rows["scheduled"], atol=1e-9)
    assert rows["scheduled"].tolist() == need.frame["scheduled"].tolist()
    days = wfm.explain_requirement(need, by="day")
    np.testing.assert_allclose(days[list(STEPS)].sum(axis=1), days["scheduled"], atol=1e-9)
    assert days["scheduled"].sum() == pytest.approx(need.frame["scheduled"].sum() / 2)
    assert (
        len(days)
        == need.frame.assign(d=need.frame["start"].dt.date).groupby(["queue", "d"]).ngroups
    )


def test_the_curve_of_an_interval_rises_with_its_agents(need: wfm.Requirement) -> None:
    row = need.frame.sort_values("load").iloc[-1]
    curve = wfm.service_curve(need, row["queue"], row["start"])
    assert curve["change"].tolist() == [-3, -2, -1, 0, 1, 2, 3]
    here = curve[curve["change"] == 0].iloc[0]
    assert here["agents"] == row["agents"]
    assert here["service_level"] == pytest.approx(row["service_level"])
    assert curve["service_level"].is_monotonic_increasing
    assert curve["abandoned"].is_monotonic_decreasing
    assert curve["asa_s"].is_monotonic_decreasing


def test_every_interval_has_its_curve(need: wfm.Requirement) -> None:
    table = service_around(need)
    assert len(table) == len(need.frame)
    ends = need.frame.sort_values("load").index[[0, len(need.frame) // 2, -1]]
    for at in ends:
        row = need.frame.loc[at]
        curve = wfm.service_curve(need, row["queue"], row["start"]).set_index("change")
        for measure in ("service_level", "asa_s", "abandoned", "occupancy"):
            for change in range(-3, 4):
                mine = table.loc[at, f"{measure}{change:+d}"]
                if change in curve.index:
                    assert mine == pytest.approx(curve.loc[change, measure], rel=1e-12)
                else:
                    assert np.isnan(mine)
    np.testing.assert_allclose(table["service_level-1"].fillna(0), need.frame["sl_minus_1"])
    np.testing.assert_allclose(table["service_level+1"], need.frame["sl_plus_1"])


def test_notes_say_what_to_look_at(forecast: wfm.Forecast) -> None:
    offer = [wfm.Queue(name, name, callback_at=2, callback_share=0.5) for name in forecast.queues]
    long = replace(forecast, frame=forecast.frame.assign(aht_s=3600.0))
    need = wfm.staff(long, wfm.ServiceTarget(abandoned=0.20), patience_s=900, queues=offer)
    carried, busy, promised = requirement_notes(need.frame, need.interval)
    count = need.frame["flags"].str.contains("carry_over").sum()
    assert carried.startswith(f"In {count:,} intervals contacts carried over change the need")
    count = need.frame["flags"].str.contains("busy").sum()
    assert busy == f"In {count:,} intervals the occupancy is above 88 %."
    hours = need.frame["deferred_load"].sum() / 2
    assert promised.startswith(f"{hours:,.1f} hours of callbacks are promised.")
    mail = [wfm.Queue(name, name, "email", due_h=12.0) for name in forecast.queues]
    work = wfm.staff(forecast, wfm.ServiceTarget(0.8), queues=mail)
    left = work.frame.groupby("queue")["backlog_h"].last().sum()
    notes = requirement_notes(work.frame, work.interval)
    assert notes == [f"{left:,.1f} hours of work wait at the end; none of it is late."]
    day = wfm.staff(forecast, wfm.ServiceTarget(0.8, scope="day"), patience_s=90)
    saved = -day.frame["step_scope"].sum() / 2
    assert requirement_notes(day.frame, day.interval)[0] == (
        f"Keeping the promise over the day saves {saved:,.0f} contact hours."
    )


def test_confidence_has_a_price(forecast: wfm.Forecast) -> None:
    table = wfm.price_of_confidence(forecast, wfm.ServiceTarget(0.8), (0.5, 0.9), patience_s=90)
    plain = wfm.staff(forecast, wfm.ServiceTarget(0.8), patience_s=90).frame["agents"].sum() / 2
    assert (table["hours"] - table["more"]).tolist() == [plain, plain]
    assert table["hours"].is_monotonic_increasing
    assert table["more"].iloc[1] > 0


def test_unknown_questions_are_refused(need: wfm.Requirement) -> None:
    with pytest.raises(wfm.DataError, match="by='week' is not known"):
        wfm.explain_requirement(need, by="week")
    with pytest.raises(wfm.DataError, match="has no interval at"):
        wfm.service_curve(need, "orders", pd.Timestamp("2001-01-01", tz="UTC"))
    own = wfm.Requirement(need.frame[["start", "queue", "agents", "scheduled"]], need.interval)
    with pytest.raises(wfm.DataError, match="does not say how it came about"):
        wfm.explain_requirement(own)
