"""Opening hours that change on a day: by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.calendars import Calendar, Opening
from wfm.core.errors import DataError
from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.core.wording import opening_text
from wfm.forecast import make

HOUR = timedelta(hours=1)
CHANGE = date(2026, 3, 2)  # a Monday
FIRST, DAYS = date(2026, 1, 5), 84  # to 29 March: eight weeks before the change, four after


def queue_with(opening: Opening, by_hour: dict[int, float]) -> History:
    """So many contacts in each open hour, day after day."""
    index = day_grid(FIRST, DAYS, HOUR, "UTC")
    index = index[opening.open_at(index)]
    offered = np.array([by_hour[hour] for hour in index.hour], dtype=float)
    frame = pd.DataFrame({"start": index, "queue": "a", "offered": offered})
    return History(frame.assign(answered=offered, abandoned=0.0, aht_s=200.0), HOUR)


def by_hour(history: History, opening: Opening, horizon: str = "7D") -> pd.Series:
    made = make(history, horizon=horizon, calendar=Calendar(opening=opening)).frame
    return made.groupby(made["start"].dt.hour)["volume"].mean()


def test_hours_hold_up_to_their_change_and_the_new_ones_from_it_on():
    opening = Opening.parse("Mon-Fri 08:00-10:00 from 2026-03-02: Mon-Sat 08:00-09:00")
    wall = pd.DatetimeIndex(
        ["2026-02-27 09:00", "2026-02-28 08:00", "2026-03-02 09:00", "2026-03-07 08:00"]
    )
    assert opening.open_at(wall).tolist() == [True, False, False, True]
    assert opening.open_at(wall.tz_localize("Asia/Tbilisi")).tolist() == [True, False, False, True]


def test_a_night_belongs_to_the_day_on_which_it_begins():
    opening = Opening.parse("22:00-02:00 from 2026-03-02: 08:00-10:00")
    wall = pd.DatetimeIndex(["2026-03-01 23:00", "2026-03-02 01:00", "2026-03-03 01:00"])
    assert opening.open_at(wall).tolist() == [True, True, False]


def test_changing_hours_are_written_as_they_are_read():
    text = "Mon-Fri 08:00-18:00 from 2026-03-01: 24/7 from 2027-01-01: Mon-Sat 08:00-20:00"
    assert opening_text(Opening.parse(text)) == text


@pytest.mark.parametrize("text", ["08:00-18:00 from March: 24/7", "08:00-18:00 from 2026-3: 24/7"])
def test_a_day_that_cannot_be_read_is_refused(text):
    with pytest.raises(DataError, match="is not a day"):
        Opening.parse(text)
    with pytest.raises(DataError, match="not in order"):
        Opening.parse("24/7 from 2026-03-02: 08:00-18:00 from 2026-03-01: 24/7")


def test_an_hour_that_closed_has_no_row_and_takes_nothing_from_the_others():
    opening = Opening.parse(f"08:00-11:00 from {CHANGE}: 08:00-10:00")
    expected = by_hour(queue_with(opening, {8: 30.0, 9: 20.0, 10: 50.0}), opening)
    assert expected.index.tolist() == [8, 9]
    assert expected.to_numpy() == pytest.approx([30, 20], rel=0.01)


def test_an_hour_that_opened_is_forecast_as_it_has_come_since():
    opening = Opening.parse(f"08:00-10:00 from {CHANGE}: 08:00-11:00")
    expected = by_hour(queue_with(opening, {8: 30.0, 9: 20.0, 10: 50.0}), opening)
    assert expected.to_numpy() == pytest.approx([30, 20, 50], rel=0.02)


def test_saturdays_that_opened_are_forecast():
    opening = Opening.parse(f"Mon-Fri 08:00-10:00 from {CHANGE}: Mon-Sat 08:00-10:00")
    made = make(
        queue_with(opening, {8: 30.0, 9: 20.0}), horizon="7D", calendar=Calendar(opening=opening)
    ).frame
    weekday = made["start"].dt.day_of_week
    assert sorted(weekday.unique()) == [0, 1, 2, 3, 4, 5]
    assert made["volume"][weekday == 5].to_numpy() == pytest.approx([30, 20], rel=0.05)


def test_a_change_within_the_days_to_come_closes_the_hour_from_then_on():
    opening = Opening.parse("08:00-11:00 from 2026-04-02: 08:00-10:00")
    history = queue_with(opening, {8: 30.0, 9: 20.0, 10: 50.0})
    made = make(history, horizon="7D", calendar=Calendar(opening=opening)).frame
    last = made[made["start"].dt.hour == 10]
    assert last["start"].max().date() == date(2026, 4, 1)
    assert last["volume"].to_numpy() == pytest.approx([50] * 3, rel=0.01)
    assert made["volume"][made["start"].dt.hour == 8].to_numpy() == pytest.approx(30, rel=0.01)


def test_an_unknown_region_is_told_with_the_regions_there_are():
    with pytest.raises(DataError, match=r"'US' has no region 'XX'. Use one of AK, AL"):
        Calendar(country="US", subdiv="XX")
    with pytest.raises(DataError, match=r"country 'XX' is not known. Use an ISO code"):
        Calendar(country="XX")
