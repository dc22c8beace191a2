"""The two parts of a forecast's error."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.core.types import Forecast
from wfm.erlang import agents_at_confidence, required_agents
from wfm.erlang.risk import split_risk

LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95]
Z = np.array([-1.645, -0.674, 0.0, 0.674, 1.645])
HALF_HOUR = timedelta(minutes=30)
EIGHTY = {"metric": "sl_offered", "target": 0.8, "aht_s": 300.0, "patience_s": 120.0,
          "threshold_s": 20.0}  # fmt: skip


def forecast(day_sd: float, interval_sd: float) -> Forecast:
    start = pd.date_range("2026-03-02 09:00", periods=4, freq="30min", tz="Asia/Baku")
    volume = np.array([60.0, 90.0, 30.0, 0.0])
    total = np.exp(np.hypot(day_sd, interval_sd) * Z)
    frame = pd.DataFrame({"start": start, "queue": "a", "volume": volume, "aht_s": 300.0})
    frame["volume_q10"], frame["volume_q90"] = 0.5 * volume, 1.5 * volume
    bands = pd.DataFrame(volume[:, None] * total, columns=LEVELS)
    days = pd.DataFrame([[pd.Timestamp("2026-03-02"), "a", 180.0, *(180 * np.exp(day_sd * Z))]],
                        columns=["day", "queue", "volume", *LEVELS])  # fmt: skip
    return Forecast(frame, HALF_HOUR, bands=bands, day_bands=days)


def test_two_lognormal_parts_are_found_again() -> None:
    risk = split_risk(forecast(0.1, 0.2))
    for share, z in zip(LEVELS, Z, strict=True):
        expected = np.where([True, True, True, False], np.exp(0.1 * z), risk.day.quantile(share))
        np.testing.assert_allclose(risk.day.quantile(share), expected)
        np.testing.assert_allclose(risk.interval.quantile(share)[:3], np.exp(0.2 * z))
        np.testing.assert_allclose(risk.total.quantile(share)[3], 1.0)


def test_the_two_parts_together_are_in_the_middle_where_the_bands_are() -> None:
    plain = forecast(0.1, 0.2)
    assert plain.bands is not None
    low = Forecast(plain.frame, HALF_HOUR, bands=0.9 * plain.bands, day_bands=plain.day_bands)
    risk = split_risk(low)
    middle = risk.day.quantile(0.5) * risk.interval.quantile(0.5)
    np.testing.assert_allclose(middle[:3], 0.9)


def test_days_that_spread_as_far_as_the_bands_leave_nothing() -> None:
    risk = split_risk(forecast(0.2, 0.0))
    np.testing.assert_allclose(risk.interval.quantile(0.95)[:3], 1.0)
    assert (np.diff(np.asarray(risk.interval.values), axis=1) >= 0).all()


def test_the_bands_as_a_whole_are_the_load_at_their_quantile() -> None:
    plan = forecast(0.1, 0.2)
    load = plan.frame["volume"].to_numpy() * 300 / 1800
    assert plan.bands is not None
    least = agents_at_confidence(
        "erlang_a", load=load, confidence=0.95, day=split_risk(plan).total, **EIGHTY
    )
    high = plan.bands[0.95].to_numpy() * 300 / 1800
    assert least.tolist() == required_agents("erlang_a", load=high, **EIGHTY).tolist()


def test_averaging_the_intervals_part_costs_less_than_insuring_it() -> None:
    plan = forecast(0.1, 0.2)
    load, risk = plan.frame["volume"].to_numpy() * 300 / 1800, split_risk(plan)
    question = {"load": load, "confidence": 0.95, **EIGHTY}
    apart = agents_at_confidence("erlang_a", day=risk.day, interval=risk.interval, **question)
    whole = agents_at_confidence("erlang_a", day=risk.total, **question)
    point = required_agents("erlang_a", load=load, **EIGHTY)
    assert point.sum() < apart.sum() < whole.sum()
    assert apart[3] == whole[3] == 0


def test_a_forecast_without_bands_says_what_to_do() -> None:
    plain = Forecast(forecast(0.1, 0.1).frame, HALF_HOUR)
    with pytest.raises(DataError, match=r"no bands\. Make it with make_forecast"):
        split_risk(plain)
    whole = forecast(0.1, 0.1)
    assert whole.day_bands is not None
    other = Forecast(whole.frame, HALF_HOUR, bands=whole.bands, day_bands=whole.day_bands.iloc[:0])
    with pytest.raises(DataError, match="no row for queue a on 2026-03-02"):
        split_risk(other)
