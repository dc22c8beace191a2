"""Sample paths: they sum, they follow the bands, and their errors go together as was learned."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

import wfm
from wfm.core.errors import DataError
from wfm.core.intervals import day_grid
from wfm.core.types import Forecast, History
from wfm.forecast import make
from wfm.forecast.dependence import Dependence
from wfm.forecast.paths import Paths, sample_paths
from wfm.forecast.rerun import Past

HALF_HOUR = timedelta(minutes=30)
DAYS = 224


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    rng = np.random.default_rng(1)
    index = day_grid(date(2026, 1, 5), DAYS, HALF_HOUR, "Europe/Berlin")
    hour = index.hour.to_numpy() + index.minute.to_numpy() / 60
    high = np.exp(rng.normal(0, 0.15, DAYS + 1))
    day = (index.tz_localize(None).normalize() - pd.Timestamp("2026-01-05")).days
    mean = 60 * np.exp(-(((hour - 13) / 3) ** 2)) * high[day]
    offered = rng.poisson(mean).astype(float)
    keep = (hour >= 8) & (hour < 18)
    frame = pd.DataFrame({"start": index, "queue": "a", "offered": offered})
    frame = frame.assign(answered=offered, abandoned=0.0, aht_s=200.0)[keep]
    other = frame.assign(queue="b", offered=(frame["offered"] / 4).round())
    return make(History(pd.concat([frame, other]), HALF_HOUR), horizon="21D")


@pytest.fixture(scope="module")
def paths(forecast) -> Paths:
    return sample_paths(forecast, 1500, seed=3)


def test_periods_of_every_path_are_sums_of_its_intervals(forecast, paths):
    for by in ("day", "week", "month"):
        named, values = paths.totals(by)
        assert np.allclose(values.sum(axis=1), paths.values.sum(axis=1))
        assert len(named) == values.shape[1]
    _, days = paths.totals("day")
    _, weeks = paths.totals("week")
    assert np.allclose(days[:, :7].sum(axis=1), weeks[:, 0])
    mean = forecast.frame["volume"].groupby(forecast.frame["queue"]).sum()
    named, months = paths.totals("month")
    ratio = months[:, (named["queue"] == "a").to_numpy()].sum(axis=1).mean() / mean["a"]
    assert ratio == pytest.approx(1, abs=0.03)


def test_each_interval_follows_its_own_band(forecast, paths):
    for level in (0.1, 0.5, 0.9):
        limit = forecast.quantiles([level])[level].to_numpy()
        busy = forecast.frame["volume"].to_numpy() > 10
        below = (paths.values <= limit + 1e-9).mean(axis=0)[busy]
        assert below.mean() == pytest.approx(level, abs=0.03)


def test_days_spread_as_far_as_the_backtest_says(forecast, paths):
    told = forecast.days([0.1, 0.9])
    mine = paths.quantiles([0.1, 0.9], by="day")
    width_told = (told[0.9] - told[0.1]).sum()
    width_mine = (mine[0.9] - mine[0.1]).sum()
    assert width_mine / width_told == pytest.approx(1, abs=0.3)


def test_errors_of_intervals_go_together_as_was_learned(forecast, paths):
    rows = np.flatnonzero((forecast.frame["queue"] == "a").to_numpy())[:20]
    volume = forecast.frame["volume"].to_numpy()[rows]
    row = forecast.errors[forecast.errors["queue"] == "a"].iloc[0]
    own = row["own_var"] + 1 / volume
    whole = row["day_var"] + row["part_var"] + own
    first, last = 4, 14
    wanted = row["day_var"] + row["part_var"] * row["rho"] ** (last - first)
    wanted /= np.sqrt(whole[first] * whole[last])
    seen = np.corrcoef(paths.values[:, rows[first]], paths.values[:, rows[last]])[0, 1]
    assert seen == pytest.approx(wanted, abs=0.08)
    assert seen > 0.2


def test_wider_periods_are_relatively_more_certain(paths):
    def relative(by: str) -> float:
        table = paths.quantiles([0.1, 0.5, 0.9], by=by)
        mine = table[(table["queue"] == "a") & (table[0.5] > 0)]
        return float((mine[0.9] - mine[0.1]).sum() / mine[0.5].sum())

    assert relative("interval") > relative("day") > relative("week")


def test_same_seed_same_paths_and_a_queue_stands_alone(forecast):
    one, two = sample_paths(forecast, 5, seed=1), sample_paths(forecast, 5, seed=1)
    assert (one.values == two.values).all()
    assert (sample_paths(forecast, 5, seed=2).values != one.values).any()
    assert (wfm.sample_paths(forecast, 5, seed=1).values == one.values).all()


def test_bad_requests_are_refused_in_one_sentence(forecast, paths):
    with pytest.raises(DataError, match="Draw at least one"):
        sample_paths(forecast, 0)
    with pytest.raises(DataError, match="no bands"):
        sample_paths(Forecast(forecast.frame, HALF_HOUR))
    with pytest.raises(DataError, match="Use one of interval, day, week, month"):
        paths.totals("year")
    with pytest.raises(DataError, match="not between 0 and 1"):
        paths.quantiles([90.0])


def test_the_parts_of_made_up_errors_are_recovered():
    rng = np.random.default_rng(0)
    shape = (13, 28, 40)
    forecast = np.full(shape, 200.0)
    part = np.empty(shape)
    part[..., 0] = rng.normal(size=shape[:2])
    for k in range(1, 40):
        part[..., k] = 0.8 * part[..., k - 1] + 0.6 * rng.normal(size=shape[:2])
    stays = rng.normal(size=(13, 1, 1))
    of_day = np.sqrt(0.5) * stays + np.sqrt(0.5) * rng.normal(size=(13, 28, 1))
    mean = forecast * (1 + 0.1 * of_day + 0.1 * part)
    learned = Dependence.learn(Past(forecast, rng.poisson(np.maximum(mean, 0)).astype(float)))
    assert learned.day.mean() == pytest.approx(0.01, rel=0.5)
    assert learned.part.mean() == pytest.approx(0.01, rel=0.3)
    assert learned.own.mean() < 0.002
    assert learned.rho == pytest.approx(0.8, abs=0.05)
    assert 0.25 < learned.persistent < 0.75
    assert learned.next_day < 0.3
