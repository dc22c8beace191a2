from datetime import date

import pandas as pd
import pytest

from wfm.core.calendars import Calendar, Event, Opening, parse_clock, parse_weekdays
from wfm.core.errors import DataError


def hours(text: str, day: str) -> list[int]:
    grid = pd.date_range(day, periods=24, freq="1h", tz="Europe/Istanbul")
    return [int(h) for h in grid.hour[Opening.parse(text).open_at(grid)]]


def test_opening_hours_by_weekday():
    text = "Mon-Fri 08:00-11:00; Sat 09:00-10:00"
    assert hours(text, "2026-11-23") == [8, 9, 10]
    assert hours(text, "2026-11-28") == [9]
    assert hours(text, "2026-11-29") == []


def test_a_night_queue_runs_past_midnight():
    assert hours("Fri 22:00-02:00", "2026-11-27") == [22, 23]
    assert hours("Fri 22:00-02:00", "2026-11-28") == [0, 1]


def test_around_the_clock():
    assert hours("24/7", "2026-11-29") == list(range(24))
    assert hours("00:00-24:00", "2026-11-29") == list(range(24))


@pytest.mark.parametrize("text", ["", "always", "Mon-Fri 8-18", "Moon 08:00-10:00", "25:00-26:00"])
def test_unknown_hours_are_refused(text):
    with pytest.raises(DataError):
        Opening.parse(text)


def test_weekdays_wrap_around_the_week():
    assert parse_weekdays("Sat-Mon") == {5, 6, 0}
    assert parse_weekdays("") == set(range(7))
    assert parse_weekdays("0,2,4") == {0, 2, 4}


def test_clock_times():
    assert parse_clock("24:00") == 1440
    with pytest.raises(DataError, match="HH:MM"):
        parse_clock("7.30")


def test_turkish_holidays_of_two_years():
    found = Calendar(country="TR").holidays(date(2026, 12, 1), date(2027, 1, 31))
    assert list(found) == [date(2027, 1, 1)]


def test_unknown_country_and_region_are_refused():
    with pytest.raises(DataError, match="'XX'"):
        Calendar(country="XX")
    with pytest.raises(DataError, match="'QQ'"):
        Calendar(country="US", subdiv="QQ")


def test_an_event_that_ends_before_it_starts_is_refused():
    with pytest.raises(DataError, match="before it starts"):
        Event("sale", date(2026, 11, 28), date(2026, 11, 27))


@pytest.mark.parametrize("change", [20.0, 0.0, -1.5])
def test_a_change_that_cannot_be_meant_is_refused(change):
    with pytest.raises(DataError, match=r"'sale'.*0\.2 for"):
        Event("sale", date(2026, 11, 27), date(2026, 11, 28), "change", change)


def test_events_by_queue_and_effect():
    event = Event("sale", date(2026, 11, 27), date(2026, 11, 28), "change", 0.2, ("orders",))
    calendar = Calendar(events=(event,))
    assert list(calendar.events_of("orders", "change")) == [date(2026, 11, 27), date(2026, 11, 28)]
    assert calendar.events_of("support", "change") == {}
    assert calendar.events_of("orders", "close") == {}


def test_opening_hours_may_differ_by_queue():
    calendar = Calendar(opening={"a": Opening.parse("24/7")})
    assert calendar.opening_of("a") == Opening.parse("24/7")
    assert calendar.opening_of("b") is None
