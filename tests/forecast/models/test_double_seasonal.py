"""Double-seasonal smoothing: day and week found, and the last error carried on for hours only."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from wfm.core.calendars import Calendar
from wfm.forecast.facts import day_facts
from wfm.forecast.grid import DayGrid
from wfm.forecast.models.double_seasonal import DoubleSeasonal

FACTS = day_facts(Calendar(), "a", date(2026, 1, 5), 112)
CURVE = 50 + 40 * np.sin(np.pi * np.arange(24) / 24)
WEEK = np.array([1.2, 1.0, 1.0, 1.0, 1.0, 0.6, 0.5])


def fitted(last: float = 1.0) -> np.ndarray:
    mean = CURVE * WEEK[FACTS.weekday][:, None]
    volume = np.random.default_rng(0).poisson(mean[:98]).astype(float)
    volume[97, 20:] = np.round(volume[97, 20:] * last)
    rows = np.ones(volume.shape, dtype=int)
    grid = DayGrid("a", timedelta(hours=1), "UTC", FACTS.days[:98], volume, rows)
    return DoubleSeasonal().fit(grid, FACTS.between(0, 98)).predict(FACTS.between(98, 112))


def test_the_course_of_day_and_week_is_found():
    truth = CURVE * WEEK[FACTS.weekday[98:]][:, None]
    told = fitted()
    assert told.sum() / truth.sum() == pytest.approx(1, abs=0.03)
    assert np.abs(told / truth - 1).mean() < 0.08


def test_a_high_evening_lifts_the_next_hours_and_not_the_next_week():
    plain, high = fitted(), fitted(1.6)
    assert high[0, 0] > 1.1 * plain[0, 0]
    assert high[10:].sum() / plain[10:].sum() == pytest.approx(1, abs=0.03)
