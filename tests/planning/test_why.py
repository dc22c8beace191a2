"""Why so many agents: by interval, by day, around one interval, and the price of confidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import wfm
from wfm.core.columns import STEPS
from wfm.planning.demo import demo_history


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
