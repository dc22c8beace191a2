from datetime import date, timedelta
from zoneinfo import available_timezones

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core import intervals
from wfm.core.errors import DataError

HALF_HOUR = timedelta(minutes=30)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 29), "Europe/Berlin", 23),
        (date(2026, 10, 25), "Europe/Berlin", 25),
        (date(2026, 11, 23), "Europe/Istanbul", 24),
        (date(2026, 3, 27), "Asia/Jerusalem", 23),
        (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
        (date(2026, 9, 6), "America/Santiago", 23),
    ],
)
def test_a_local_day_has_its_own_hours(day, zone, hours):
    assert len(intervals.day_grid(day, 1, HALF_HOUR, zone)) == hours * 2


def test_the_doubled_hour_stands_twice_on_the_same_slots():
    grid = intervals.day_grid(date(2026, 10, 25), 1, timedelta(hours=1), "Europe/Berlin")
    assert list(intervals.slot(grid, timedelta(hours=1))[:5]) == [0, 1, 2, 2, 3]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(date(2010, 1, 1), date(2030, 12, 20)),
    st.sampled_from([5, 15, 30, 60]),
)
def test_days_tile_time_in_every_zone(zone, day, minutes):
    step = timedelta(minutes=minutes)
    whole = intervals.day_grid(day, 3, step, zone)
    parts = [intervals.day_grid(day + timedelta(days=i), 1, step, zone) for i in range(3)]
    assert whole.is_unique
    assert whole.equals(parts[0].append(parts[1]).append(parts[2]))
    assert (np.diff(whole.asi8) == minutes * 60_000_000).all()
    for number, part in enumerate(parts):
        assert set(part.date) == {day + timedelta(days=number)}


@pytest.mark.parametrize("text", ["7min", "half", "", "2h", "0min"])
def test_an_unknown_interval_names_the_known_ones(text):
    with pytest.raises(DataError, match="5, 10, 15, 20, 30 or 60min"):
        intervals.parse_interval(text)


@pytest.mark.parametrize(
    ("text", "days", "count"), [("28D", 28, 0), ("4W", 28, 0), ("48x30min", 0, 48), (7, 7, 0)]
)
def test_horizons(text, days, count):
    assert intervals.parse_horizon(text, HALF_HOUR) == intervals.Horizon(days, count)


@pytest.mark.parametrize("text", ["0D", "soon", "48x15min", "-3D", "900W"])
def test_an_unknown_horizon_is_refused(text):
    with pytest.raises(DataError, match="horizon"):
        intervals.parse_horizon(text, HALF_HOUR)


def test_an_unknown_zone_is_refused():
    with pytest.raises(DataError, match="'Mars/Base'"):
        intervals.zone("Mars/Base")


def test_the_local_day_of_a_stamp_is_its_wall_clock_day():
    stamps = pd.DatetimeIndex(["2026-11-22T21:30Z", "2026-11-22T20:30Z"]).tz_convert(
        "Europe/Istanbul"
    )
    assert list(intervals.local_day(stamps).day) == [23, 22]
