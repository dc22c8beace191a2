"""Covariances of the day process: valid, and each part where it belongs."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.calendars import Calendar, Event
from wfm.forecast.covariance import (
    Designer,
    Drift,
    calendar_covariance,
    step_covariance,
    time_covariance,
)
from wfm.forecast.facts import day_facts


def designer(steps: tuple[int, ...] = ()) -> Designer:
    return Designer(np.zeros(7), ("Christmas Day",), ("sale",), steps)


@settings(max_examples=10, deadline=None)
@given(level=st.floats(0.1, 10), season=st.floats(0, 0.3), days=st.integers(30, 500))
def test_the_covariance_of_any_days_is_positive_definite(level, season, days):
    facts = day_facts(Calendar(country="DE"), "a", date(2025, 11, 1), days)
    design = designer().design(facts)
    whole = time_covariance(design.day, design.day, Drift(level, season))
    whole += calendar_covariance(design, design) + 1e-6 * np.eye(days)
    assert np.allclose(whole, whole.T)
    assert np.linalg.eigvalsh(whole)[0] > 0


def test_the_parts_add_up_to_the_whole():
    day = np.arange(50)
    drift = Drift(0.7, 0.1)
    parts = [time_covariance(day, day, drift, (p,)) for p in ("level", "season", "weekday")]
    assert np.allclose(sum(parts), time_covariance(day, day, drift))


def test_last_year_is_near_only_where_a_fine_course_is_asked_for():
    day, before = np.array([400]), np.array([400 - 365, 400 - 300])
    plain = time_covariance(day, before, Drift(1.0), ("season",))[0]
    fine = time_covariance(day, before, Drift(1.0, 0.2), ("season",))[0]
    assert fine[0] - plain[0] > 0.03
    assert abs(fine[1] - plain[1]) < 0.001


def test_holidays_share_an_effect_and_events_have_their_own():
    events = (Event("sale", date(2025, 12, 9), date(2025, 12, 9), "learn"),)
    facts = day_facts(Calendar(country="DE", events=events), "a", date(2025, 12, 8), 25)
    design = designer().design(facts)
    shared = calendar_covariance(design, design)
    christmas, boxing, sale, plain = 17, 18, 1, 4
    assert shared[christmas, boxing] > 0.9
    assert abs(shared[sale, christmas]) < 0.05
    assert abs(shared[plain, christmas]) < 0.05


def test_a_step_ties_together_the_days_after_it_only():
    facts = day_facts(Calendar(), "a", date(2026, 1, 1), 20)
    number = int(np.datetime64("2026-01-11").astype(int))
    design = designer((number,)).design(facts)
    shared = step_covariance(design, design)
    assert (shared[:10] == 0).all()
    assert (shared[10:, 10:] == 9).all()
