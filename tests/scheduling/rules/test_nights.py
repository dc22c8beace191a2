"""Nights by hand: what is one, how many a week and in a row, and the rest after them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from wfm.core.people import CarryIn
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.roster import Piece, Roster, Shift
from wfm.scheduling.rules.nights_in_row import NightsInRow
from wfm.scheduling.rules.nights_per_week import NightsPerWeek
from wfm.scheduling.rules.rest_after_nights import RestAfterNights
from wfm.scheduling.settings import Rules

ZONE = ZoneInfo("Europe/Istanbul")


def broken(rule, problem, clocks):
    """Days on which shifts of 8 hours, day to clock [h], break a rule."""
    starts = [int(problem.first_interval[d]) + round(4 * clock) for d, clock in clocks.items()]
    shifts = [Shift(0, (Piece(s, s + 32, "inbound", "voice"),)) for s in starts]
    return [v.when[12:14] for v in rule.violations(problem, Roster(tuple(shifts), ()))]


@pytest.fixture
def week(make):
    def build(agents=1, **rules):
        return make(agents, days=7, rules=Rules(prorate_days=False, **rules))

    return build


def test_a_night_has_three_hours_between_23_and_6(week):
    problem = week(max_nights_week=0)
    assert broken(NightsPerWeek(), problem, {0: 18}) == ["04"]  # until 02:00: three hours
    assert broken(NightsPerWeek(), problem, {0: 17.75}) == []
    assert broken(NightsPerWeek(), problem, {1: 3}) == ["05"]  # from 03:00: three hours
    assert broken(NightsPerWeek(), problem, {1: 3.25}) == []
    short = week(max_nights_week=0, night_from_min=0, night_to_min=300)
    assert broken(NightsPerWeek(), short, {0: 18}) == []
    more = week(max_nights_week=0, night_least_min=120)
    assert broken(NightsPerWeek(), more, {0: 17}) == ["04"]


def test_a_night_is_one_by_the_agents_own_clock(make, parts):
    who = [replace(parts["people"](1)[0], time_zone="Europe/Berlin")]
    rules = Rules(prorate_days=False, max_nights_week=0)
    problem = make(who, days=7, rules=rules)
    assert broken(NightsPerWeek(), problem, {0: 18}) == []  # 16:00 to midnight in Berlin
    assert broken(NightsPerWeek(), problem, {0: 20}) == ["04"]


def test_the_first_night_too_many_is_named(week):
    problem = week(max_nights_week=2, max_nights_in_row=2)
    assert broken(NightsPerWeek(), problem, {0: 22, 2: 22, 4: 22, 6: 22}) == ["08"]
    assert broken(NightsInRow(), problem, {0: 22, 2: 22, 4: 22, 6: 22}) == []
    assert broken(NightsInRow(), problem, {1: 22, 2: 22, 3: 22, 4: 22}) == ["07"]


def test_nights_before_the_schedule_count(week):
    begun = [datetime(2027, 1, day, 22, tzinfo=ZONE) for day in (2, 3)]
    known = tuple((b, b + timedelta(hours=8)) for b in begun)
    problem = week(max_nights_in_row=2, rest_after_nights_min=2880)
    carried = {"a1": CarryIn(known[-1][1], 2, (True,), known, date(2027, 1, 2))}
    problem = replace(problem, carried=carried)
    assert broken(NightsInRow(), problem, {0: 22}) == ["04"]
    assert broken(NightsInRow(), problem, {1: 22}) == []
    assert broken(RestAfterNights(), problem, {1: 22}) == ["05"]
    assert broken(RestAfterNights(), problem, {2: 6}) == []
    only_end = {"a1": CarryIn(known[-1][1], 2, (True,))}
    assert broken(NightsInRow(), replace(problem, carried=only_end), {0: 22, 1: 22}) == ["05"]


def test_the_rest_is_asked_after_the_last_night_of_a_row(week):
    problem = week(rest_after_nights_min=2880)
    assert broken(RestAfterNights(), problem, {0: 22, 1: 22, 4: 6}) == []
    assert broken(RestAfterNights(), problem, {0: 22, 1: 22, 3: 22}) == ["07"]
    assert broken(RestAfterNights(), problem, {0: 22, 2: 10}) == ["06"]
    assert broken(RestAfterNights(), problem, {0: 9, 1: 9}) == []


def test_counts_of_nights_are_limited_by_group_and_band(week):
    problem = week(agents=2, max_nights_week=1, max_nights_in_row=1)
    matrix = make_matrix(problem)
    rows = matrix.row_rule == "nights_per_week"
    assert rows.any()
    assert np.isfinite(matrix.row_high[rows]).all()
    off = make_matrix(week(agents=2))
    joined = ("nights_per_week", "nights_in_row", "rest_after_nights", "next_day", "weekly_rest")
    assert not np.isin(off.row_rule, joined).any()
