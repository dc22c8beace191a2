"""Day totals as a series without closed weekdays, and the statsmodels models on it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from wfm.core.calendars import Calendar
from wfm.forecast.base import new_model
from wfm.forecast.facts import DayFacts, day_facts
from wfm.forecast.grid import DayGrid

FIVE = np.array([1.3, 1.0, 0.9, 1.0, 0.8, 0.0, 0.0])
MODELS = ["ets", "harmonic", "mstl_ets", "sarimax", "unobserved_components"]
STATE_SPACE = ["harmonic", "sarimax", "unobserved_components"]


def queue_of(days: int = 280, growth: float = 0.0, country: str | None = None):
    """Five open weekdays, ten slots; 0.3 of the contacts on a holiday."""
    facts = day_facts(Calendar(country=country), "a", date(2025, 1, 6), days + 28)
    holiday = np.where(facts.holiday, 0.3, 1.0)
    mean = 500 * FIVE[facts.weekday] * np.exp(growth * np.arange(days + 28)) * holiday
    volume = np.random.default_rng(0).poisson(mean[:, None] / 10, (days + 28, 10)).astype(float)
    volume[facts.weekday >= 5] = np.nan
    known = facts.between(0, days)
    rows = np.isfinite(volume[:days]).astype(int)
    grid = DayGrid("a", timedelta(hours=1), "UTC", known.days, volume[:days], rows)
    return grid, known, facts.between(days, days + 28), mean[days:]


@pytest.mark.parametrize("name", MODELS)
def test_a_week_of_five_days_is_recovered_and_the_weekend_stays_empty(name):
    grid, known, ahead, truth = queue_of()
    told = new_model(name).fit(grid, known).predict(ahead).sum(axis=1)
    assert (told[ahead.weekday >= 5] == 0).all()
    opened = truth > 0
    assert np.abs(told[opened] / truth[opened] - 1).max() < 0.09


@pytest.mark.parametrize("name", MODELS)
def test_growth_is_followed(name):
    grid, known, ahead, truth = queue_of(growth=0.003)
    told = new_model(name).fit(grid, known).predict(ahead).sum(axis=1)
    assert told.sum() / truth.sum() == pytest.approx(1, abs=0.12)


@pytest.mark.parametrize("name", STATE_SPACE)
def test_holidays_are_regressors(name):
    grid, known, ahead, _ = queue_of(days=343, country="DE")  # on to Christmas
    told = new_model(name).fit(grid, known).predict(ahead).sum(axis=1)
    christmas = np.flatnonzero(ahead.holiday & (ahead.weekday < 5))[0]
    plain = told[(ahead.weekday == ahead.weekday[christmas]) & ~ahead.holiday].mean()
    assert told[christmas] / plain < 0.6


@pytest.mark.parametrize("name", STATE_SPACE)
def test_past_origins_take_the_parameters_that_were_found(name):
    grid, known, ahead, _ = queue_of()
    model = new_model(name).fit(grid, known)
    again = model.again().fit(grid, known)
    assert np.allclose(again.parameters, model.parameters)
    assert np.allclose(again.predict(ahead), model.predict(ahead), rtol=1e-3)


@pytest.mark.parametrize("name", MODELS)
def test_three_weeks_are_the_mean_of_each_weekday(name):
    grid, known, _, _ = queue_of(days=19)
    ahead: DayFacts = day_facts(Calendar(), "a", date(2025, 1, 27), 5)
    told = new_model(name).fit(grid, known).predict(ahead).sum(axis=1)
    root = np.sqrt(grid.totals() + 0.25)
    for day in range(5):
        mine = known.weekday == day
        assert told[day] == pytest.approx(np.nanmean(root[mine]) ** 2, rel=0.1)
