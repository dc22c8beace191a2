from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.core.types import Forecast

HALF_HOUR = timedelta(minutes=30)


def two_days() -> Forecast:
    start = pd.date_range("2026-11-23", periods=4, freq="12h", tz="Europe/Istanbul")
    volume = np.array([10.0, 20.0, 30.0, 40.0])
    frame = pd.DataFrame(
        {
            "start": start,
            "queue": "a",
            "volume": volume,
            "volume_q10": volume - 5,
            "volume_q90": volume + 5,
            "aht_s": np.nan,
        }
    )
    bands = pd.DataFrame({0.1: volume - 5, 0.5: volume, 0.9: volume + 5})
    days = pd.DataFrame({"day": start[::2].tz_localize(None), "queue": "a", "volume": [30.0, 70.0]})
    days = pd.concat(
        [days, pd.DataFrame({0.1: [24.0, 60.0], 0.5: [30.0, 70.0], 0.9: [36.0, 80.0]})], axis=1
    )
    return Forecast(frame, HALF_HOUR, bands, days)


def test_quantiles_lie_between_the_known_levels():
    found = two_days().quantiles([0.1, 0.3, 0.9])
    assert list(found.columns) == ["start", "queue", 0.1, 0.3, 0.9]
    assert found[0.3].tolist() == pytest.approx([7.5, 17.5, 27.5, 37.5])


def test_a_level_beyond_the_bands_is_refused():
    with pytest.raises(DataError, match=r"0\.95"):
        two_days().quantiles([0.95])


def test_day_totals_sum_the_mean_and_take_the_days_own_quantiles():
    days = two_days().days()
    assert days["volume"].tolist() == [30.0, 70.0]
    assert days[0.1].tolist() == [24.0, 60.0]


def test_a_forecast_without_bands_says_so():
    plain = Forecast(two_days().frame, HALF_HOUR)
    with pytest.raises(DataError, match="no bands"):
        plain.quantiles([0.5])
    assert list(plain.days().columns) == ["day", "queue", "volume"]


def test_bands_must_match_the_rows():
    forecast = two_days()
    with pytest.raises(DataError, match="rows of bands"):
        Forecast(forecast.frame, HALF_HOUR, forecast.bands.head(2))
    with pytest.raises(DataError, match="sorted"):
        Forecast(forecast.frame.iloc[::-1], HALF_HOUR, forecast.bands)


def test_values_compare_by_content():
    assert two_days().equals(two_days())
    assert not two_days().equals(Forecast(two_days().frame, HALF_HOUR))
