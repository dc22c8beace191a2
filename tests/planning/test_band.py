"""The band that a planner chose."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.core.types import Forecast
from wfm.planning.band import band_of, forecast_table

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)


def made(*, own: bool = False) -> Forecast:
    """Two intervals whose quantile at p is 100 p; the day's is 200 p."""
    start = pd.date_range("2026-11-20 09:00", periods=2, freq="h", tz="UTC")
    frame = pd.DataFrame(
        {"start": start, "queue": "a", "volume": 50.0, "volume_q10": 10.0, "volume_q90": 90.0}
    ).assign(aht_s=200.0)
    bands = pd.DataFrame({level: [100 * level] * 2 for level in LEVELS})
    day = pd.DataFrame({"day": [pd.Timestamp("2026-11-20")], "queue": "a", "volume": 100.0})
    days = day.assign(**{}).join(pd.DataFrame({level: [200 * level] for level in LEVELS}))
    hour = timedelta(hours=1)
    return Forecast(frame, hour) if own else Forecast(frame, hour, bands, days)


@pytest.mark.parametrize(
    ("share", "low", "high"), [(0.5, 25, 75), (0.8, 10, 90), (0.9, 5, 95), (0.95, 2.5, 97.5)]
)
def test_as_much_lies_above_as_below(share, low, high):
    found = band_of(made(), share)
    np.testing.assert_allclose(found[["low", "high"]], [[low, high]] * 2)
    np.testing.assert_allclose(
        band_of(made(), share, "day")[["low", "high"]], [[2 * low, 2 * high]]
    )


def test_a_forecast_of_ones_own_knows_the_band_of_80_percent_at_most():
    assert band_of(made(own=True))[["low", "high"]].values.tolist() == [[10.0, 90.0]] * 2
    assert band_of(made(own=True), 0.9)[["low", "high"]].isna().all(axis=None)
    assert band_of(made(own=True), 0.9, "day")[["low", "high"]].isna().all(axis=None)


def test_the_table_to_hand_out_has_the_edges_of_the_chosen_band():
    assert forecast_table(made()).equals(made().frame)
    table = forecast_table(made(), 0.9)
    assert table["volume_q5"].tolist() == [5.0, 5.0]
    assert table["volume_q95"].tolist() == [95.0, 95.0]
    assert {"volume_q2.5", "volume_q97.5"} <= set(forecast_table(made(), 0.95).columns)
    assert {"volume_q25", "volume_q75"} <= set(forecast_table(made(), 0.5).columns)


def test_a_band_wider_than_what_is_known_is_refused():
    with pytest.raises(DataError, match=r"0\.005"):
        band_of(made(), 0.99)
