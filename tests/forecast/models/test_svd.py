"""Factors of the day: what began yesterday goes on, and fades."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from wfm.core.calendars import Calendar
from wfm.forecast.facts import day_facts
from wfm.forecast.grid import DayGrid
from wfm.forecast.models.svd import SvdFactors

SLOT = np.arange(24)
EVENING = np.exp(-0.5 * ((SLOT - 19) / 2) ** 2)


def queue_of(scores: np.ndarray) -> DayGrid:
    """An evening that is busier when the score is high."""
    days = len(scores)
    mean = 200 + 150 * np.outer(scores, EVENING)
    volume = np.random.default_rng(1).poisson(np.maximum(mean, 1)).astype(float)
    facts = day_facts(Calendar(), "a", date(2026, 1, 5), days)
    rows = np.ones(volume.shape, dtype=int)
    return DayGrid("a", timedelta(hours=1), "UTC", facts.days, volume, rows)


def test_a_busy_evening_carries_over_to_the_next_day_and_fades():
    rng = np.random.default_rng(0)
    scores = np.zeros(150)
    for day in range(1, 150):
        scores[day] = 0.8 * scores[day - 1] + 0.6 * rng.normal()
    scores[-1] = 2.0
    facts = day_facts(Calendar(), "a", date(2026, 1, 5), 164)
    told = (
        SvdFactors().fit(queue_of(scores), facts.between(0, 150)).predict(facts.between(150, 164))
    )
    evening = told[:, 19]
    assert evening[0] == pytest.approx(200 + 150 * 1.6, rel=0.15)
    assert evening[0] > evening[3] > evening[9]
    assert told[:, 3] == pytest.approx(200, rel=0.08)


def test_scores_without_a_memory_carry_nothing_over():
    scores = np.random.default_rng(0).normal(size=150)
    facts = day_facts(Calendar(), "a", date(2026, 1, 5), 151)
    model = SvdFactors().fit(queue_of(scores), facts.between(0, 150))
    assert (model.carry < 0.35).all()
