"""A night that is short only because nobody knows who began the day before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from wfm.core.types import Schedule
from wfm.planning.first_night import first_night


def night(*, begins: str = "2026-03-02 03:00", under: int = 2) -> Schedule:
    """One agent from `begins` on, required around the clock, in half hours of one day."""
    start = pd.date_range("2026-03-02", periods=48, freq="30min", tz="Europe/Istanbul")
    at = pd.Timestamp(begins, tz="Europe/Istanbul")
    early = start < at
    coverage = pd.DataFrame({"start": start, "queue": "a", "required": 2, "over": 0})
    coverage["under"] = [under if e else 0 for e in early]
    coverage["scheduled"] = coverage["required"] - coverage["under"]
    frame = pd.DataFrame(
        {
            "agent": ["x"],
            "start": [at],
            "end": [at + pd.Timedelta(hours=8)],
            "activity": ["inbound"],
            "queue": ["a"],
        }
    )
    return Schedule(
        frame=frame,
        interval=timedelta(minutes=15),
        first_day=date(2026, 3, 2),
        days=1,
        status="feasible",
        stopped_by="time",
        objective=1.0,
        bound=1.0,
        min_labour=1.0,
        terms={},
        coverage=coverage,
        outbound=pd.DataFrame({"campaign": [], "target_h": [], "placed_h": [], "blocks": []}),
        totals=pd.DataFrame({"agent": ["x"], "paid_h": [8.0], "cost": [0.0]}),
        seconds=1.0,
        seed=0,
    )


def test_two_heads_are_short_until_three():
    found = first_night(night())
    assert found is not None
    assert found.until == pd.Timestamp("2026-03-02 03:00", tz="Europe/Istanbul")
    assert found.hours == 6.0  # six half hours of two heads


def test_a_night_that_is_covered_is_no_cause():
    assert first_night(night(under=0)) is None


def test_what_is_short_later_has_other_causes():
    later = night(begins="2026-03-02 00:00", under=0)
    coverage = later.coverage.assign(under=1)
    assert first_night(replace(later, coverage=coverage)) is None
