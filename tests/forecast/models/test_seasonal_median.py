"""The median of the last same weekdays, by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from wfm.core.calendars import Calendar
from wfm.forecast.facts import day_facts
from wfm.forecast.grid import DayGrid
from wfm.forecast.models.seasonal_median import SeasonalMedian


def test_one_wild_week_does_not_move_it_and_the_shape_is_kept():
    facts = day_facts(Calendar(), "a", date(2026, 1, 5), 63)
    volume = np.tile([30.0, 70.0], (56, 1))
    volume[49:56] *= 10
    grid = DayGrid("a", timedelta(hours=12), "UTC", facts.days[:56], volume, np.ones((56, 2), int))
    told = SeasonalMedian().fit(grid, facts.between(0, 56)).predict(facts.between(56, 63))
    assert np.allclose(told.sum(axis=1), 100)
    assert np.allclose(told[:, 0], 30)
