"""Handle time: the known truth recovered, small numbers shrunk, level and trend followed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.calendars import Calendar
from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.forecast.aht import HandleTime
from wfm.forecast.facts import day_facts
from wfm.forecast.grid import day_grid_of

HOUR = timedelta(hours=1)
FIRST = date(2025, 1, 6)


def learned(days: int = 200, calls: float = 60, level: object = 1.0, seed: int = 0):
    """Handle time of 300 s, 30 % longer in the evening, mean of log-normal calls."""
    rng = np.random.default_rng(seed)
    index = day_grid(FIRST, days, HOUR, "UTC")
    hour, t = index.hour.to_numpy(), np.arange(len(index)) // 24
    offered = rng.poisson(calls, len(index)).astype(float)
    mean = 300 * np.where(hour >= 18, 1.3, 1.0) * np.broadcast_to(level, days)[t]
    noise = rng.normal(0, 1, len(index)) * np.sqrt(np.log1p(0.64 / np.maximum(offered, 1)))
    aht = np.where(offered > 0, mean * np.exp(noise), np.nan)
    frame = pd.DataFrame({"start": index, "queue": "a", "offered": offered})
    history = History(frame.assign(answered=offered, abandoned=0.0, aht_s=aht), HOUR)
    facts = day_facts(Calendar(), "a", FIRST, days + 28)
    grid = day_grid_of(history, "a")
    return HandleTime.learn(history, grid, facts.between(0, days)), facts.between(days, days + 28)


def test_the_known_curve_is_recovered():
    model, ahead = learned()
    told = model.predict(ahead)
    assert told.shape == (28, 24)
    assert told[:, :18].mean() == pytest.approx(300, rel=0.02)
    assert told[:, 18:].mean() == pytest.approx(390, rel=0.02)
    assert np.abs(told[:, :18] / 300 - 1).max() < 0.06


def test_a_slot_with_few_calls_is_drawn_to_the_others():
    model, _ = learned(days=14, calls=0.5, seed=3)
    assert model.table.std() / model.table.mean() < 0.25


def test_a_new_level_is_followed_within_two_weeks():
    level = np.where(np.arange(200) < 170, 1.0, 1.2)
    model, ahead = learned(level=level)
    assert model.predict(ahead)[:, :18].mean() == pytest.approx(360, rel=0.06)


def test_a_steady_trend_goes_on_and_chance_makes_none():
    growing, ahead = learned(level=np.exp(0.001 * np.arange(200)))
    assert growing.trend == pytest.approx(0.001, rel=0.3)
    told = growing.predict(ahead)[:, :18].mean(axis=1)
    assert told[-1] > told[0]
    assert told[13] == pytest.approx(300 * np.exp(0.214), rel=0.04)
    assert abs(learned(calls=5, seed=2)[0].trend) < 0.0004


def test_without_any_handle_time_it_is_unknown():
    history = History(
        pd.DataFrame(
            {
                "start": day_grid(FIRST, 14, HOUR, "UTC"),
                "queue": "a",
                "offered": 5.0,
                "answered": 5.0,
                "abandoned": 0.0,
                "aht_s": np.nan,
            }
        ),
        HOUR,
    )
    facts = day_facts(Calendar(), "a", FIRST, 14)
    model = HandleTime.learn(history, day_grid_of(history, "a"), facts)
    assert np.isnan(model.predict(facts)).all()
