"""The day after a late end, by hand."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from wfm.core.people import CarryIn
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.roster import Piece, Roster, Shift
from wfm.scheduling.rules.next_day import NextDay
from wfm.scheduling.settings import Rules

RULES = Rules(prorate_days=False, late_end_min=22 * 60, start_after_late_min=12 * 60, rest_min=0)


def broken(problem, clocks):
    starts = [int(problem.first_interval[d]) + 4 * clock for d, clock in clocks.items()]
    shifts = [Shift(0, (Piece(s, s + 32, "inbound", "voice"),)) for s in starts]
    return [v.when[12:14] for v in NextDay().violations(problem, Roster(tuple(shifts), ()))]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [(14, 8, True), (15, 11, False), (15, 12, True), (22, 11, False), (22, 13, True)],
)
def test_a_late_end_moves_the_start_of_the_next_day(make, first, second, kept):
    problem = make(1, days=4, rules=RULES)
    assert broken(problem, {0: first, 1: second}) == ([] if kept else ["05"])
    assert broken(problem, {0: first, 2: second}) == []


def test_the_last_shift_before_the_schedule_counts(make):
    problem = make(1, days=4, rules=RULES)
    end = datetime(2027, 1, 3, 23, tzinfo=ZoneInfo("Europe/Istanbul"))
    object.__setattr__(problem, "carried", {"a1": CarryIn(end, 1)})
    assert broken(problem, {0: 11}) == ["04"]
    assert broken(problem, {0: 12}) == []
    assert problem.first_day == date(2027, 1, 4)


def test_counts_keep_late_and_early_people_apart(make):
    """On a band that holds both there are rows; a week of late bands alone needs none."""
    matrix = make_matrix(make(3, days=4, rules=RULES))
    assert not (matrix.row_rule == "next_day").any()
    free = Rules(prorate_days=False, late_end_min=1320, start_after_late_min=720, band_min=None)
    matrix = make_matrix(make(3, days=4, rules=free))
    assert (matrix.row_rule == "next_day").any()
