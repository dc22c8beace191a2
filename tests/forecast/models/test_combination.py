"""Weights, the guard, and the combination on queues where one candidate must win."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.calendars import Calendar
from wfm.core.intervals import day_grid
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.grid import DayGrid
from wfm.forecast.models.combination import Combination, guard
from wfm.forecast.models.seasonal_mean import SeasonalMean
from wfm.forecast.weigh import KINDS, LEADS_FROM, Weights, kind_of_day

WEEK = np.array([1.2, 1.0, 1.0, 1.0, 0.9, 0.5, 0.3])


def queue_of(totals: np.ndarray, seed: int = 0) -> tuple[DayGrid, DayFacts]:
    """A queue of hourly counts with the given mean day totals."""
    days = len(totals)
    facts = day_facts(Calendar(), "a", date(2024, 1, 1), days)
    shape = 0.1 + np.sin(np.pi * np.arange(24) / 24) ** 2
    mean = totals[:, None] * WEEK[facts.weekday][:, None] * shape / shape.sum()
    volume = np.random.default_rng(seed).poisson(mean).astype(float)
    index = day_grid(date(2024, 1, 1), days, timedelta(hours=1), "UTC")
    assert len(index) == volume.size
    grid = DayGrid(
        "a", timedelta(hours=1), "UTC", facts.days, volume, np.ones(volume.shape, dtype=int)
    )
    return grid, facts


def ahead_of(facts: DayFacts, days: int = 28) -> DayFacts:
    last = facts.days[-1].date()
    return day_facts(Calendar(), "a", last + timedelta(days=1), days)


@settings(max_examples=20, deadline=None)
@given(
    errors=st.lists(st.floats(0.01, 100), min_size=2, max_size=5),
    origins=st.integers(1, 13),
    leads=st.integers(1, 28),
)
def test_weights_are_shares_and_the_better_candidate_never_has_the_smaller(errors, origins, leads):
    actual = np.full((origins, leads), 100.0)
    forecast = np.stack([actual + error for error in errors])
    kind = np.zeros((origins, leads), dtype=int)
    table = Weights.learn(forecast, actual, kind, np.ones(len(errors))).table
    assert table.shape == (len(LEADS_FROM), KINDS, len(errors))
    assert np.allclose(table.sum(axis=2), 1)
    assert (table > 0).all()
    order = np.argsort(errors)
    assert (np.diff(table[0, 0][order]) <= 1e-12).all()


def test_without_a_past_the_prior_is_taken():
    none = Weights.learn(
        np.zeros((2, 0, 7)), np.zeros((0, 7)), np.zeros((0, 7), dtype=int), np.array([3.0, 1.0])
    )
    assert np.allclose(none.table, [0.75, 0.25])


def test_near_days_may_trust_another_candidate_than_far_ones():
    actual = np.full((13, 28), 100.0)
    near_good, far_good = actual.copy(), actual.copy()
    near_good[:, 3:] += 20
    far_good[:, :3] += 60
    near_good[:, :3] += 1
    far_good[:, 3:] += 6
    kind = np.zeros((13, 28), dtype=int)
    both = Weights.learn(np.stack([near_good, far_good]), actual, kind, np.ones(2))
    ordinary = np.zeros(2, dtype=int)
    near, far = both.at(np.array([0, 20]), ordinary)
    assert near[0] > far[0] + 0.05


def test_kinds_of_days():
    facts = day_facts(Calendar(country="DE"), "a", date(2025, 12, 22), 7)
    kinds = kind_of_day(facts, np.array([10, 10, 10, 10, 10, 5, 4]))
    assert kinds.tolist() == [0, 0, 2, 2, 2, 2, 1]


def test_a_forecast_that_did_worse_than_the_baseline_gives_way():
    one = np.ones((4, 28, 2))
    assert guard(105 * one, 110 * one, 100 * one) == 1
    assert guard(120 * one, 110 * one, 100 * one) < 0.001
    assert 0.2 < guard(111 * one, 110 * one, 100 * one) < 0.4


def test_it_is_no_worse_than_the_simple_mean_on_queues_without_any_pattern():
    errors = []
    for seed in range(6):
        grid, facts = queue_of(np.full(278, 300.0), seed)
        known, ahead = facts.between(0, 250), facts.between(250, 278)
        came = grid.volume[250:].sum(axis=1)
        ours = Combination().fit(grid.until(250), known).predict(ahead).sum(axis=1)
        simple = SeasonalMean().fit(grid.until(250), known).predict(ahead).sum(axis=1)
        errors.append((np.abs(ours - came).sum(), np.abs(simple - came).sum()))
    ours, simple = np.array(errors).sum(axis=0)
    assert ours <= 1.02 * simple


def test_growth_and_a_yearly_course_are_followed_better_than_by_the_simple_mean():
    t = np.arange(758)
    course = 800 * np.exp(0.3 * t / 365) * (1 + 0.25 * np.sin(2 * np.pi * t / 365.25))
    errors = []
    for end in (500, 600, 730):
        grid, facts = queue_of(course[:end])
        ahead = ahead_of(facts)
        truth = course[end : end + 28] * WEEK[ahead.weekday]
        ours = Combination().fit(grid, facts).predict(ahead).sum(axis=1)
        simple = SeasonalMean().fit(grid, facts).predict(ahead).sum(axis=1)
        errors.append((np.abs(ours - truth).sum(), np.abs(simple - truth).sum()))
    ours, simple = np.array(errors).sum(axis=0)
    assert ours < 0.6 * simple
