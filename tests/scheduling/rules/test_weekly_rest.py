"""The weekly rest by hand: which week a rest counts for, and what the past leaves owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from wfm.core.errors import DataError
from wfm.core.people import CarryIn
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.roster import Piece, Roster, Shift
from wfm.scheduling.rules.weekly_rest import WeeklyRest, holds_rest, rests, room_for, week_bounds
from wfm.scheduling.settings import Rules

ZONE = ZoneInfo("Europe/Istanbul")
MONDAY = date(2027, 1, 4)
HOUR = 4
"""Intervals of 15 minutes in an hour."""


def broken(problem, days, at=10):
    """Weeks without rest when one person works from `at` for 8 hours on some days."""
    starts = [int(problem.first_interval[d]) + at * HOUR for d in days]
    shifts = [Shift(0, (Piece(s, s + 8 * HOUR, "inbound", "voice"),)) for s in starts]
    return WeeklyRest().violations(problem, Roster(tuple(shifts), ()))


@pytest.fixture
def fortnight(make):
    return make(1, days=14, rules=Rules(prorate_days=False, weekly_rest_min=2100))


def test_one_day_off_at_the_end_of_a_week_is_enough(fortnight):
    """Saturday 18:00 to Monday 10:00 is 40 hours, 30 of them in the week that ends."""
    assert broken(fortnight, [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]) == []


def test_one_rest_across_two_weeks_counts_for_one(fortnight):
    """Sunday off is the first week's; the second week works on until its Sunday and has none."""
    found = broken(fortnight, [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13])
    assert [v.when[4:14] for v in found] == ["2027-01-11"]
    two = broken(fortnight, [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13])
    assert [v.when[4:14] for v in two] == ["2027-01-11"]


def test_a_long_rest_across_two_weeks_counts_for_both(fortnight):
    """Saturday 18:00 to Tuesday 10:00 is 64 h and too short for two; Friday 18:00 is 88 h."""
    assert len(broken(fortnight, [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13])) == 1
    assert broken(fortnight, [0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13]) == []


def test_what_is_not_known_after_the_schedule_counts_as_free(fortnight):
    assert broken(fortnight, [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]) == []
    assert len(broken(fortnight, list(range(14)))) == 2


def test_last_week_is_owed_its_rest_by_the_next_schedule(fortnight):
    """Mon to Sat worked until 18:00: the first start may be Monday 05:00, 35 hours later."""
    begun = [datetime(2026, 12, 28 + i, 10, tzinfo=ZONE) for i in range(4)]
    begun += [datetime(2027, 1, day, 10, tzinfo=ZONE) for day in (1, 2)]
    known = tuple((b, b + timedelta(hours=8)) for b in begun)
    carried = {"a1": CarryIn(known[-1][1], 6, (True,), known, date(2026, 12, 28))}
    problem = replace(fortnight, carried=carried)
    assert broken(problem, [0], at=6) == []
    found = broken(problem, [0], at=4)
    assert ["week before" in str(v) for v in found] == [True]
    assert broken(replace(problem, carried={}), [0], at=4) == []


def test_a_week_that_had_its_rest_before_the_schedule_owes_none(make):
    """The plan begins on a Thursday; Monday and Tuesday were free."""
    rules = Rules(prorate_days=False, weekly_rest_min=2100)
    problem = make(1, first=date(2027, 1, 7), days=4, rules=rules)
    begun = datetime(2027, 1, 6, 10, tzinfo=ZONE)
    one = ((begun, begun + timedelta(hours=8)),)
    rested = replace(problem, carried={"a1": CarryIn(one[0][1], 1, (), one, MONDAY)})
    assert broken(rested, [0, 1, 2, 3]) == []
    days = [timedelta(days=d) for d in (2, 1, 0)]
    week = tuple((begun - d, begun + timedelta(hours=8) - d) for d in days)
    worn = replace(problem, carried={"a1": CarryIn(one[0][1], 3, (), week, MONDAY)})
    assert len(broken(worn, [0, 1, 2, 3])) == 1
    assert broken(worn, [0, 1, 2]) == []


def test_room_is_what_the_other_weeks_leave():
    """Weeks of ten, rests of four; the middle one works, the others need theirs."""
    weeks = [(0, 19), (20, 39), (40, 59)]
    room = room_for([(0, 7)], [(23, 29)], weeks, 1, 4)
    assert room[0] == 11, "the first week rests from 7 to 11"
    assert room[1] == 19, "the last one from 19 to 23, before its shift"
    held = holds_rest(np.array([11, 12]), np.array([15, 15]), room, weeks[1], 4)
    assert held.tolist() == [True, False]
    assert rests([(-1, 30)], weeks[:2], 4) == [None, None]


def test_all_seven_days_are_closed_in_counts_only_where_no_rest_can_be(make, parts):
    """In a band no gap of seven days is 35 hours; a free first start leaves some before it."""
    seven = replace(parts["FULL"], max_days_week=7)

    def rows(**rules):
        problem = make(2, days=7, rules=Rules(prorate_days=False, **rules), contracts=(seven,))
        matrix = make_matrix(problem)
        return int((matrix.row_rule == "weekly_rest").sum())

    assert rows(weekly_rest_min=2100) > 0
    assert rows(weekly_rest_min=2100, band_min=None) == 0
    assert rows() == 0


def test_weeks_are_those_of_the_plan(make):
    rules = Rules(prorate_days=False, weekly_rest_min=2100, week_start="Sun")
    problem = make(1, days=7, rules=rules)
    first, last = week_bounds(problem, 0)
    assert (first, last) == (-2 * 24 * HOUR, 2 * 6 * 24 * HOUR - 1)


def test_values_that_cannot_be_meant_are_refused():
    for wrong in ({"weekly_rest_min": 9000}, {"max_nights_week": -1}, {"late_end_min": 1320}):
        with pytest.raises(DataError, match="rules: "):
            Rules(**wrong)
    with pytest.raises(DataError, match="Write 23:00 and 06:00"):
        Rules(night_from_min=300, night_to_min=300)
    with pytest.raises(DataError, match="Write 48"):
        Rules(max_hours_average_week=0)
