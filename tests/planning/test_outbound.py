"""Campaigns: what lists need, where they may be worked, what they bring, callbacks and e-mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs
from wfm.core import tables
from wfm.core.calendars import Opening
from wfm.core.intervals import day_grid
from wfm.planning.lists import list_needs

ZONE = "Europe/Istanbul"
SURVEY = wfm.Campaign(
    "survey",
    "survey",
    Opening.parse("Mon-Fri 10:00-18:00"),
    float("nan"),
    set_up_s=24,
    talk_s=240,
    connect_rate=0.5,
    records=100,
    attempts=2,
)


def people(count: int = 12) -> list[wfm.Agent]:
    return [wfm.Agent(f"a{i}", "", "full", frozenset({"voice", "survey"})) for i in range(count)]


CENTRE = {"requirement": needs(3), "agents": people(), "contracts": [CONTRACT]}


def test_a_list_needs_the_hours_of_the_textbook() -> None:
    needed = list_needs(SURVEY, MONDAY, 7, ZONE)
    assert needed["attempts"].sum() == pytest.approx(150)
    assert needed["hours"].sum() == pytest.approx(6)
    part = list_needs(replace(SURVEY, consent=0.6, do_not_call=10), MONDAY, 7, ZONE)
    assert part["attempts"].sum() == pytest.approx(75)


def test_days_between_tries_and_a_late_deadline_leave_fewer_hours_this_week() -> None:
    wide = replace(SURVEY, gap_days=7)
    assert list_needs(wide, MONDAY, 7, ZONE)["attempts"].sum() == pytest.approx(100)
    later = replace(SURVEY, deadline=MONDAY + timedelta(days=13))
    assert list_needs(later, MONDAY, 7, ZONE)["hours"].sum() == pytest.approx(3)


def test_the_schedule_places_what_the_list_needs_and_expects_its_results() -> None:
    made = wfm.make_schedule(**CENTRE, campaigns=[SURVEY], first_day=MONDAY, moves=3)
    row = made.outbound.set_index("campaign").loc["survey"]
    assert row["target_h"] == pytest.approx(6)
    assert row["attempts"] == pytest.approx(row["placed_h"] * 3600 / 144)
    assert row["right_parties"] == pytest.approx(row["attempts"] * 0.5)
    told = wfm.outbound_report(made, **CENTRE, campaigns=[SURVEY]).iloc[0]
    assert told["needed_h"] == pytest.approx(6)
    assert told["free_h"] >= told["placed_h"] > 0
    assert told["more_cost"] >= 0


def test_results_follow_the_rates_of_the_hours_in_which_work_is_placed() -> None:
    evening = replace(
        SURVEY,
        permitted=Opening.parse("Mon-Fri 17:00-18:00"),
        by_hour=((17, 0.25, 0.5),),
        target_h=2,
    )
    made = wfm.make_schedule(**CENTRE, campaigns=[evening], first_day=MONDAY, moves=3)
    row = made.outbound.iloc[0]
    assert row["placed_h"] > 0
    each = 24 + 0.25 * 0.5 * 240
    assert row["attempts"] == pytest.approx(row["placed_h"] * 3600 / each)
    assert row["right_parties"] == pytest.approx(row["attempts"] * 0.125)


def test_nothing_is_called_on_the_customers_holidays_or_outside_their_clock() -> None:
    first = date(2026, 10, 26)  # a Monday; Thursday 29 October is Republic Day
    grid = day_grid(first, 7, timedelta(minutes=30), ZONE)
    turkish = replace(SURVEY, country="TR")
    days = set(grid[turkish.open_at(grid, 30)].day)
    assert days == {26, 27, 28, 30}
    london = replace(SURVEY, time_zone="Europe/London")
    hours = grid[london.open_at(grid, 30)]
    assert hours.tz_convert("Europe/London").hour.min() == 10
    assert hours.hour.min() == 13  # three hours ahead once London's summer time has ended


clocks = st.integers(0, 24 * 12 - 1).map(lambda n: n * 5)


@given(
    start=clocks,
    length=st.integers(1, 150).map(lambda n: n * 5),
    step=st.sampled_from([5, 15, 30, 60]),
    zone=st.sampled_from(["", "America/New_York", "Asia/Kathmandu", "Europe/London"]),
    country=st.sampled_from(["", "TR", "GB"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_minute_of_a_permitted_interval_lies_outside_the_hours(
    start: int, length: int, step: int, zone: str, country: str
) -> None:
    end = (start + length) % (24 * 60)
    text = f"Mon-Sat {start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    work = replace(
        SURVEY,
        permitted=Opening.parse(text),
        time_zone=zone,
        country=country,
        deadline=date(2027, 3, 29),
    )
    grid = day_grid(date(2027, 3, 26), 5, timedelta(minutes=step), "Europe/Berlin")
    off = wfm.Calendar(country=country or None).holidays(date(2027, 3, 20), date(2027, 4, 5))
    for begin in grid[work.open_at(grid, step)]:
        minutes = pd.date_range(begin, periods=step, freq="1min")
        local = minutes.tz_convert(zone) if zone else minutes
        assert work.permitted.open_at(local).all()
        assert max(local.date) <= date(2027, 3, 29)
        assert not set(local.date) & set(off)


@given(
    hours=st.sampled_from(["10:10-17:50", "09:00-12:20", "14:05-19:35"]),
    seed=st.integers(0, 3),
)
@settings(max_examples=6, deadline=None)
def test_no_placed_minute_lies_outside_the_hours(hours: str, seed: int) -> None:
    work = replace(SURVEY, permitted=Opening.parse(f"Mon-Fri {hours}"), target_h=8)
    made = wfm.make_schedule(
        **CENTRE, campaigns=[work], first_day=MONDAY, days=3, moves=1, seed=seed
    )
    for row in made.frame[made.frame["activity"] == "outbound"].itertuples():
        minutes = pd.date_range(row.start, row.end, freq="1min", inclusive="left")
        assert work.permitted.open_at(minutes).all()


def test_the_more_valuable_campaign_is_placed_first() -> None:
    rich = replace(SURVEY, campaign="rich", target_h=60, value=9, records=None)
    poor = replace(SURVEY, campaign="poor", target_h=60, value=1, records=None)
    made = wfm.make_schedule(
        **{**CENTRE, "requirement": needs(7)}, campaigns=[poor, rich], first_day=MONDAY, moves=3
    )
    placed = made.outbound.set_index("campaign")["placed_h"]
    assert placed["rich"] > placed["poor"]


def test_a_campaign_table_keeps_its_list_and_customers() -> None:
    full = replace(
        SURVEY,
        by_hour=((10, 0.3, 0.7), (17, 0.45, 0.8)),
        time_zone="Europe/London",
        country="GB",
        consent=0.9,
        do_not_call=5,
        gap_days=2,
    )
    back = tables.campaigns_from(tables.campaigns_table([full]))[0]
    assert np.isnan(back.target_h)
    assert replace(back, target_h=0) == replace(full, target_h=0)


def test_a_campaign_without_target_and_list_or_with_wrong_rates_is_refused() -> None:
    with pytest.raises(wfm.DataError, match="neither target_h nor records"):
        replace(SURVEY, records=None)
    with pytest.raises(wfm.DataError, match=r"by_hour is 1\.2"):
        replace(SURVEY, by_hour=((10, 1.2, 0.5),))
    with pytest.raises(wfm.DataError, match="handle times"):
        replace(SURVEY, set_up_s=0, talk_s=0)
    closed = replace(SURVEY, target_h=5, permitted=Opening.parse("Sun 10:00-12:00"))
    with pytest.raises(wfm.DataError, match="never open"):
        wfm.make_schedule(**CENTRE, campaigns=[closed], first_day=MONDAY, days=5, moves=1)


def test_a_campaign_that_came_after_the_schedule_has_nothing_placed() -> None:
    made = wfm.make_schedule(**CENTRE, campaigns=[SURVEY], first_day=MONDAY, moves=1)
    late = replace(SURVEY, campaign="late", records=50)
    told = wfm.outbound_report(made, **CENTRE, campaigns=[late, SURVEY]).set_index("campaign")
    assert told.loc["late", ["placed_h", "blocks", "attempts"]].tolist() == [0, 0, 0]
    assert told.loc["late", "needed_h"] == pytest.approx(3)
    assert told.loc["survey", "placed_h"] == made.outbound["placed_h"].iloc[0] > 0


def test_callbacks_of_other_days_wait_or_are_over() -> None:
    from wfm.core.callbacks import Callback
    from wfm.planning.callbacks import callbacks_within

    days = [MONDAY + timedelta(days=i) for i in (-7, 0, 6, 7)]
    calls = [Callback("voice", day, 600, 20.0) for day in days]
    assert [call.day for call in callbacks_within(needs(3), calls)] == days[1:3]


def test_the_price_of_days_between_tries_is_told_beside_any_other_campaign() -> None:
    """Thirty calls of ten minutes are five hours; without the rule all who work do calls at nine.

    Most of what is wanted is undone either way. A campaign of five times the value makes an hour
    undone of the list a fifth as dear, and so is what the rule costs of it; that people have
    nothing else to do costs 1 a quarter beside.
    """
    nine = Opening.parse("Mon-Sun 09:00-10:00")
    crew = [replace(a, skills=frozenset({"voice", "out"})) for a in people()]
    calls = wfm.Campaign("calls", "out", nine, 120)
    calls = replace(calls, records=30, talk_s=600, attempts=5, gap_days=7)
    dear = wfm.Campaign("dear", "out", nine, 0.5, value=5.0)
    asked = {"requirement": needs(1), "agents": crew, "contracts": [CONTRACT], "first_day": MONDAY}
    price = [
        wfm.price_rules(**asked, campaigns=campaigns).set_index("rule")["saves"]["outbound_tries"]
        for campaigns in ([calls], [calls, dear])
    ]
    assert price[1] / price[0] == pytest.approx((3 / 5 + 1) / (3 + 1), rel=0.08)
