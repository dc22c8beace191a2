"""Boosted trees beside the day-total regression (extra `boost`)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from wfm.core.calendars import Calendar
from wfm.core.errors import ForecastError
from wfm.forecast import base
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.grid import DayGrid
from wfm.forecast.models.combination import Combination
from wfm.forecast.models.day_total import DayTotal

pytest.importorskip("lightgbm", reason="the extra boost is not installed")
FIRST, DAYS, AHEAD = date(2024, 1, 1), 560, 28


def truth_of(facts: DayFacts) -> np.ndarray:
    """Mondays to Wednesdays of the first half of a month are busier: no other model knows it."""
    busy = (facts.days.day.to_numpy() <= 15) & (facts.weekday < 3)
    return 300 * np.where(busy, 1.5, 1.0)


def half_month_queue(days: int = DAYS, seed: int = 3) -> tuple[DayGrid, DayFacts]:
    facts = day_facts(Calendar(), "a", FIRST, days + AHEAD)
    noise = np.random.default_rng(seed).poisson(truth_of(facts)[:days]).astype(float)
    volume = np.repeat(noise[:, None] / 4, 4, axis=1)
    rows = np.ones(volume.shape, dtype=int)
    grid = DayGrid("a", timedelta(hours=6), "UTC", facts.days[:days], volume, rows)
    return grid, facts


def test_trees_find_a_course_of_the_month_that_the_regression_does_not_know():
    grid, facts = half_month_queue()
    known, ahead = facts.between(0, DAYS), facts.between(DAYS, DAYS + AHEAD)
    truth = truth_of(ahead)
    boosted = base.new_model("boosting").fit(grid, known).predict(ahead).sum(axis=1)
    plain = DayTotal().fit(grid, known).predict(ahead).sum(axis=1)
    assert np.abs(boosted - truth).sum() < 0.75 * np.abs(plain - truth).sum()


def test_auto_uses_the_trees_where_they_helped_on_the_past_and_only_there():
    grid, facts = half_month_queue()
    known, ahead = facts.between(0, DAYS), facts.between(DAYS, DAYS + AHEAD)
    assert Combination().fit(grid, known).boost
    steady = grid.with_volume(np.full(grid.volume.shape, 75.0))
    chosen = Combination().fit(steady, known)
    assert not chosen.boost
    without = Combination(boost=False).fit(steady, known)
    assert (chosen.predict(ahead) == without.predict(ahead)).all()


def test_a_short_history_is_left_to_the_regression():
    grid, facts = half_month_queue(40)
    known, ahead = facts.between(0, 40), facts.between(40, 68)
    one, two = (m.fit(grid, known).predict(ahead) for m in (base.new_model("boosting"), DayTotal()))
    assert (one == two).all()


def test_without_the_extra_it_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.delitem(base.MODELS, "boosting")
    with pytest.raises(ForecastError, match=r"needs the extra boost. Install it with pip install"):
        base.new_model("boosting")
