"""The rest of a day: learned shrinkage, narrowing bands, and what must not move."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wfm
from wfm.core.errors import DataError
from wfm.core.intervals import day_grid
from wfm.core.types import Forecast, History
from wfm.forecast import make
from wfm.forecast.follow import covariance
from wfm.forecast.intraday import reforecast

HALF_HOUR = timedelta(minutes=30)
DAYS = 200


def busy_history(spread: float, size: float = 1200.0, seed: int = 0) -> History:
    """Days that run high or low as a whole by `spread`."""
    rng = np.random.default_rng(seed)
    index = day_grid(date(2026, 1, 5), DAYS, HALF_HOUR, "UTC")
    hour = np.arange(48) / 2
    shape = np.where((hour >= 8) & (hour < 20), 1.0, 0.0)
    high = np.exp(rng.normal(0, spread, DAYS))
    offered = rng.poisson(size * high[:, None] * shape / shape.sum()).ravel().astype(float)
    keep = np.tile(shape > 0, DAYS)
    frame = pd.DataFrame({"start": index, "queue": "a", "offered": offered})[keep]
    return History(frame.assign(answered=np.nan, abandoned=np.nan, aht_s=300.0), HALF_HOUR)


@pytest.fixture(scope="module")
def wild() -> Forecast:
    return make(busy_history(0.25), horizon="3D")


@pytest.fixture(scope="module")
def steady() -> Forecast:
    return make(busy_history(0.0, size=120), horizon="3D")


def so_far(forecast: Forecast, rows: int, factor: float) -> pd.DataFrame:
    head = forecast.frame.iloc[:rows]
    return head[["start", "queue"]].assign(offered=(head["volume"] * factor).round())


def test_days_that_run_high_as_a_whole_are_followed_and_chance_is_not(wild, steady):
    def moved(forecast: Forecast) -> float:
        after = reforecast(forecast, so_far(forecast, 10, 1.3)).frame["volume"][10:24].sum()
        return float(after / forecast.frame["volume"][10:24].sum())

    assert 1.18 < moved(wild) < 1.31
    assert 0.98 < moved(steady) < 1.08


@settings(max_examples=10, deadline=None)
@given(rows=st.integers(1, 23), factor=st.floats(0, 3))
def test_known_intervals_stand_other_days_stay_and_bands_never_widen(wild, rows, factor):
    came = so_far(wild, rows, factor)
    after = reforecast(wild, came)
    assert (after.frame["volume"][:rows] == came["offered"]).all()
    pd.testing.assert_frame_equal(after.frame[24:], wild.frame[24:])
    left = after.frame["volume"][rows:24] / wild.frame["volume"][rows:24]
    assert left.between(1 / 3 - 1e-9, 3 + 1e-9).all()
    width = (after.bands[0.9] - after.bands[0.1]) / after.frame["volume"].clip(lower=1)
    before = (wild.bands[0.9] - wild.bands[0.1]) / wild.frame["volume"].clip(lower=1)
    assert (width[rows:24] <= before[rows:24] + 1e-9).all()
    assert (np.diff(after.bands.to_numpy(), axis=1) >= -1e-9).all()


def test_the_band_of_the_day_narrows_as_the_day_goes_on(wild):
    widths = []
    for rows in (1, 6, 12, 18, 23):
        day = reforecast(wild, so_far(wild, rows, 1.0)).days().iloc[0]
        widths.append(day[0.9] - day[0.1])
    assert (np.diff(widths) < 0).all()
    assert widths[-1] < 0.25 * widths[0]


def test_the_day_total_is_what_came_plus_what_is_still_open(wild):
    after = reforecast(wild, so_far(wild, 12, 1.2))
    first = after.days().iloc[0]
    assert first["volume"] == pytest.approx(after.frame["volume"][:24].sum())
    assert first["volume"] == pytest.approx(float(after.day_bands["volume"].iloc[0]))
    assert first[0.1] <= first["volume"] <= first[0.9]


def test_a_day_that_goes_as_forecast_changes_nothing(wild):
    head = wild.frame.iloc[:12][["start", "queue"]].assign(offered=wild.frame["volume"][:12])
    after = reforecast(wild, head)
    assert np.allclose(after.frame["volume"], wild.frame["volume"])


def test_it_is_the_best_linear_prediction_by_hand():
    cover = covariance(np.array([10.0, 10.0]), 0.1, 0.0, 0.0, 0.8)
    assert cover.tolist() == [[20, 10], [10, 20]]


def test_the_truth_that_made_the_days_is_recovered():
    """Days that run high by 25 % and counts of 50: the share of the day's part is known."""
    forecast = make(busy_history(0.25), horizon="1D")
    assert forecast.errors["day_var"].iloc[0] == pytest.approx(0.0625, rel=0.5)
    assert forecast.errors["part_var"].iloc[0] < 0.01


def test_the_public_name_is_the_same(wild):
    came = so_far(wild, 5, 1.1)
    assert wfm.reforecast(wild, came).equals(reforecast(wild, came))


def test_edited_forecasts_are_updated_from_where_they_stand(wild):
    edited = wfm.apply_edits(wild, [wfm.Edit("2026-07-24", "2026-07-24", "+20%", reason="x")])
    after = reforecast(edited, so_far(edited, 10, 1.0))
    assert after.frame["volume"][10:24].sum() == pytest.approx(
        edited.frame["volume"][10:24].sum(), rel=0.01
    )
    told = wfm.explain_forecast(after)
    assert np.allclose(
        told[["level", "trend", "weekday", "season", "calendar", "edit", "update"]].sum(axis=1),
        told["volume"],
    )
    assert told["edit"].iloc[0] > 0.1 * told["volume"].iloc[0]


def test_what_does_not_belong_is_refused_in_one_sentence(wild):
    came = so_far(wild, 3, 1.0)
    with pytest.raises(DataError, match="missing columns offered"):
        reforecast(wild, came.drop(columns="offered"))
    with pytest.raises(DataError, match="has no time zone"):
        reforecast(wild, came.assign(start=came["start"].dt.tz_localize(None)))
    with pytest.raises(DataError, match="no known volume falls on an interval"):
        reforecast(wild, came.assign(start=came["start"] - pd.Timedelta(days=90)))
    with pytest.raises(DataError, match="doubled rows"):
        reforecast(wild, pd.concat([came, came]))
    with pytest.raises(DataError, match="below 0"):
        reforecast(wild, came.assign(offered=-1.0))
    own = Forecast(wild.frame, wild.interval)
    with pytest.raises(DataError, match="holds no learned errors"):
        reforecast(own, came)
