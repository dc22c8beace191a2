"""The first day of a schedule: as asked, else the next week, never silently one that is over."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from wfm.core.types import Requirement
from wfm.planning.project_people import first_day_of
from wfm.planning.settings import Settings


@pytest.fixture
def three_weeks() -> Requirement:
    """Noon of 21 days from Monday, 2 March 2026."""
    start = pd.date_range("2026-03-02 12:00", periods=21, freq="D", tz="Europe/Istanbul")
    frame = pd.DataFrame({"start": start, "queue": "a", "agents": 1, "scheduled": 1})
    return Requirement(frame, timedelta(minutes=30))


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (None, "2026-03-02"),  # a script: the same whenever it runs
        ("2026-02-01", "2026-03-02"),
        ("2026-03-02", "2026-03-02"),
        ("2026-03-03", "2026-03-09"),
        ("2026-03-16", "2026-03-16"),
        ("2026-03-17", "2026-03-02"),  # no week is left ahead: the page says that it is over
    ],
)
def test_the_next_week_is_planned(three_weeks, today, first):
    now = None if today is None else date.fromisoformat(today)
    assert str(first_day_of(three_weeks, Settings(), today=now)) == first


def test_a_day_that_is_asked_for_is_taken(three_weeks):
    settings = Settings.model_validate({"schedule": {"first_day": "2026-03-04"}})
    assert first_day_of(three_weeks, settings, today=date(2026, 3, 12)) == date(2026, 3, 4)
