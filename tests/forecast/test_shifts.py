"""Steps of the level: found where they are, and not where there are none."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.calendars import Calendar
from wfm.forecast.facts import day_facts
from wfm.forecast.shifts import find_shifts

FACTS = day_facts(Calendar(), "a", date(2026, 1, 5), 200)
WEEK = np.array([1.2, 1.0, 1.0, 0.95, 0.9, 0.5, 0.4])


def totals_of(level: np.ndarray, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(level * WEEK[FACTS.weekday] * np.exp(rng.normal(0, 0.06, 200))).astype(float)


@pytest.mark.parametrize("factor", [0.2, 0.5, 2.0, 8.0])
def test_a_step_is_found_on_its_day_with_its_size(factor):
    found = find_shifts(totals_of(np.where(np.arange(200) < 120, 900.0, 900 * factor)), FACTS)
    assert len(found) == 1
    assert abs(found[0].day - 120) <= 1
    assert found[0].factor == pytest.approx(factor, rel=0.1)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), size=st.floats(20, 5000))
def test_a_queue_that_grows_by_a_third_in_a_year_has_no_step(seed, size):
    assert find_shifts(totals_of(size * np.exp(0.3 * np.arange(200) / 365), seed), FACTS) == []


def test_one_wild_week_is_no_step():
    totals = totals_of(np.full(200, 900.0))
    totals[100:106] *= 4
    assert find_shifts(totals, FACTS) == []


def test_nine_days_are_not_enough():
    totals = totals_of(np.where(np.arange(200) < 191, 900.0, 2700.0))
    assert find_shifts(totals, FACTS) == []
