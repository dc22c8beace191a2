"""Poisson regression: against closed forms, and on small counts that a logarithm cannot take."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.calendars import Calendar
from wfm.forecast.facts import day_facts
from wfm.forecast.grid import DayGrid
from wfm.forecast.models.poisson_glm import PoissonGlm, poisson


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 99), groups=st.integers(2, 7))
def test_group_means_are_found_exactly(seed, groups):
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), 20)
    y = rng.poisson(np.exp(rng.normal(1, 1, groups))[group]).astype(float) + 0.5
    x = (group[:, None] == np.arange(groups)).astype(float)
    found = np.exp(poisson(x, y, np.ones(len(y)), np.zeros(groups)))
    assert np.allclose(found, [y[group == g].mean() for g in range(groups)], rtol=1e-4)


def test_a_ridge_draws_to_zero():
    x, y = np.ones((10, 1)), np.full(10, 5.0)
    loose, tight = (poisson(x, y, np.ones(10), np.array([r]))[0] for r in (0.0, 1e4))
    assert loose == pytest.approx(np.log(5))
    assert abs(tight) < 0.1


def test_a_queue_of_few_contacts_keeps_its_mean_and_curve():
    facts = day_facts(Calendar(), "a", date(2026, 1, 5), 228)
    shape = np.exp(-0.5 * ((np.arange(24) - 12) / 3) ** 2)
    mean = 3 * shape / shape.sum()
    volume = np.random.default_rng(0).poisson(mean, (200, 24)).astype(float)
    grid = DayGrid(
        "a", timedelta(hours=1), "UTC", facts.days[:200], volume, np.ones((200, 24), dtype=int)
    )
    told = PoissonGlm().fit(grid, facts.between(0, 200)).predict(facts.between(200, 228))
    assert told.sum(axis=1).mean() == pytest.approx(3, rel=0.2)
    assert np.abs(told.mean(axis=0) - mean).max() < 0.12
