"""The same of every model: shape, order, zone, clock changes, an empty queue, same answer."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.calendars import Calendar
from wfm.core.errors import ForecastError
from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.forecast import MODELS, make
from wfm.forecast.base import new_model
from wfm.forecast.facts import day_facts
from wfm.forecast.grid import day_grid_of

HOUR = timedelta(hours=1)
SHARES = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.4, 0.3])


def history_of(first: date, days: int, mask: object = None, seed: int = 7) -> History:
    index = day_grid(first, days, HOUR, "Europe/Berlin")
    mean = 30 * SHARES[index.day_of_week] * (0.2 + np.sin(np.pi * index.hour / 24) ** 2)
    offered = np.random.default_rng(seed).poisson(mean).astype(float)
    frame = pd.DataFrame({"start": index, "queue": "a", "offered": offered})
    frame = frame.assign(answered=offered, abandoned=0.0, aht_s=200.0)
    return History(frame[mask(frame)] if callable(mask) else frame, HOUR)


@pytest.fixture(params=sorted(MODELS))
def model(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_rows_are_the_open_intervals_in_order_in_the_zone_of_the_history(model):
    history = history_of(date(2025, 6, 2), 70)
    forecast = make(history, model=model, horizon="14D")
    expected = day_grid(date(2025, 8, 11), 14, HOUR, "Europe/Berlin")
    assert pd.DatetimeIndex(forecast.frame["start"]).equals(expected)
    assert forecast.time_zone == history.time_zone
    assert (forecast.frame["volume"] >= 0).all()
    assert (forecast.frame["volume_q10"] <= forecast.frame["volume_q90"]).all()
    assert forecast.model == {"a": model}


def test_clock_changes_in_history_and_horizon_are_carried(model):
    spring = make(history_of(date(2024, 9, 30), 180), model=model, horizon="4D")  # to 28 March
    assert len(spring.frame) == 24 + 23 + 24 + 24
    autumn = make(history_of(date(2025, 3, 3), 236), model=model, horizon="4D")  # to 24 October
    assert len(autumn.frame) == 24 + 25 + 24 + 24
    total = autumn.frame.groupby(autumn.frame["start"].dt.date)["volume"].sum()
    assert 0.8 < total[date(2025, 10, 26)] / (30 * 0.3 * 24 * 0.7) < 1.2


def test_the_mean_of_a_steady_queue_is_recovered(model):
    forecast = make(history_of(date(2025, 6, 2), 70), model=model, horizon="14D").frame
    weekday = forecast["start"].dt.day_of_week.to_numpy()
    truth = 30 * SHARES[weekday] * (0.2 + np.sin(np.pi * forecast["start"].dt.hour / 24) ** 2)
    low = 0.85 if model == "seasonal_naive" else 0.95
    assert low < forecast["volume"].sum() / truth.sum() < 2 - low


def test_an_empty_queue_is_refused(model):
    history = history_of(date(2025, 6, 2), 70)
    for offered in (0.0, np.nan):
        empty = History(history.frame.assign(offered=offered), HOUR)
        with pytest.raises(ForecastError):
            make(empty, model=model)


def test_weekdays_without_rows_stay_without(model):
    history = history_of(date(2025, 6, 2), 70, lambda f: f["start"].dt.day_of_week.isin([6, 0, 1]))
    forecast = make(history, model=model, horizon="14D").frame
    assert sorted(forecast["start"].dt.day_of_week.unique()) == [0, 1, 6]
    assert (forecast.groupby(forecast["start"].dt.date)["volume"].sum() > 100).all()


def test_unknown_days_and_a_gap_before_the_start_are_carried(model):
    def holes(frame: pd.DataFrame) -> pd.Series:
        return ~frame["start"].dt.date.between(date(2025, 7, 1), date(2025, 7, 9))

    history = history_of(date(2025, 6, 2), 70, holes)
    forecast = make(history, model=model, horizon="7D", start=date(2025, 8, 20)).frame
    assert len(forecast) == 7 * 24
    wednesday = forecast[forecast["start"].dt.date == date(2025, 8, 20)]["volume"].sum()
    sunday = forecast[forecast["start"].dt.date == date(2025, 8, 24)]["volume"].sum()
    assert wednesday > 2 * sunday


def test_the_least_history_is_enough(model):
    forecast = make(history_of(date(2025, 6, 2), 7), model=model, horizon="7D")
    assert np.isfinite(forecast.frame["volume"]).all()
    assert 0.7 < forecast.frame["volume"].sum() / (30 * SHARES.sum() * 24 * 0.7) < 1.3


def test_same_seed_same_answer_and_a_fit_leaves_its_input_alone(model):
    history = history_of(date(2025, 6, 2), 42)
    grid = day_grid_of(history, "a")
    before = grid.volume.copy()
    facts = day_facts(Calendar(country="DE"), "a", date(2025, 6, 2), 49)
    one, two = (new_model(model).fit(grid, facts.between(0, 42)) for _ in range(2))
    assert (one.predict(facts.between(42, 49)) == two.predict(facts.between(42, 49))).all()
    assert (grid.volume == before).all()


def test_the_package_loads_no_slow_library():
    code = (
        "import sys, wfm.forecast, wfm.forecast.backtest; "
        "slow = {'statsmodels', 'scipy.stats', 'ortools', 'streamlit'} & set(sys.modules); "
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
