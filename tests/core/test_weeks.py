"""Where a week begins."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.weeks import WEEK_STARTS, week_of, week_start_number, weekdays_from

SATURDAY = pd.Timestamp("2027-05-01 23:30")


@pytest.mark.parametrize(
    ("week_start", "first"), [("Mon", "2027-04-26"), ("Sun", "2027-04-25"), ("Sat", "2027-05-01")]
)
def test_a_saturday_belongs_to_the_week_that_began_last(week_start, first):
    assert week_of(pd.DatetimeIndex([SATURDAY]), week_start)[0] == pd.Timestamp(first)


def test_the_local_clock_decides():
    utc = pd.Series(pd.DatetimeIndex(["2027-05-01 22:30"], tz="UTC"))
    there = utc.dt.tz_convert("Europe/Istanbul")  # Sunday 01:30
    assert week_of(utc, "Sun")[0] == pd.Timestamp("2027-04-25")
    assert week_of(there, "Sun")[0] == pd.Timestamp("2027-05-02")


@given(st.datetimes(pd.Timestamp("2000-01-01"), pd.Timestamp("2060-01-01")))
def test_a_week_begins_on_its_weekday_within_the_last_seven_days(moment):
    for week_start in WEEK_STARTS:
        begin = week_of(pd.DatetimeIndex([moment]), week_start)[0]
        assert begin.day_of_week == week_start_number(week_start)
        assert 0 <= (pd.Timestamp(moment).normalize() - begin).days < 7
        assert weekdays_from(week_start)[0] == f"{begin:%a}"


def test_another_day_is_refused_in_one_sentence():
    with pytest.raises(DataError, match=r"'Wed' is not known\. Use Mon, Sun, Sat"):
        week_of(pd.DatetimeIndex([SATURDAY]), "Wed")
