"""Profiles: what they sum to, what they borrow, what they leave alone."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.calendars import Calendar
from wfm.forecast.facts import day_facts
from wfm.forecast.grid import DayGrid
from wfm.forecast.profiles import profiles


def learned(volume: np.ndarray, country: str | None = None) -> np.ndarray:
    days = pd.date_range("2025-01-06", periods=len(volume), freq="D")
    grid = DayGrid("a", timedelta(hours=1), "UTC", days, volume, np.ones(volume.shape, dtype=int))
    facts = day_facts(Calendar(country=country), "a", date(2025, 1, 6), len(volume))
    return profiles(grid, volume.sum(axis=1), facts)


@settings(max_examples=15, deadline=None)
@given(days=st.integers(7, 60), size=st.floats(1, 100), seed=st.integers(0, 99))
def test_shares_sum_to_one(days, size, seed):
    volume = np.random.default_rng(seed).poisson(size, (days, 24)).astype(float)
    assert np.allclose(learned(volume).sum(axis=1), 1.0)


def test_profiles_do_not_depend_on_the_size_of_the_queue():
    volume = np.random.default_rng(1).poisson(5, (50, 24)).astype(float)
    assert np.allclose(learned(volume), learned(3 * volume))


def test_days_of_like_shape_borrow_and_a_day_of_another_shape_keeps_its_own():
    rng = np.random.default_rng(2)
    shape = np.full((7, 24), 1 / 24)
    shape[5] = np.where(np.arange(24) < 12, 1 / 12, 0)
    volume = rng.poisson(400 * shape[np.arange(84) % 7]).astype(float)
    found = learned(volume)
    raw = np.stack([volume[d::7].sum(axis=0) / volume[d::7].sum() for d in range(7)])
    plain = [0, 1, 2, 3, 4, 6]
    assert np.abs(found - shape[np.array([*range(7), 0])])[plain].sum() < (
        0.7 * np.abs(raw - shape)[plain].sum()
    )
    assert found[5, 12:].sum() < 0.05


def test_holidays_share_one_profile():
    shape = np.where(np.arange(24) < 12, 2.0, 1.0)
    volume = np.tile(10 * shape, (200, 1))
    facts = day_facts(Calendar(country="FR"), "a", date(2025, 1, 6), 200)
    volume[facts.holiday] = 10 * shape[::-1]
    found = learned(volume, "FR")
    assert found[7, 0] < found[7, 23]
    assert found[0, 0] > found[0, 23]
