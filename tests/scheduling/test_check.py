"""Every rule broken once is found by name; the price is right by hand."""

import dataclasses
from datetime import date

import pandas as pd
import pytest

from wfm.core.people import Absence
from wfm.scheduling.check import check, price
from wfm.scheduling.rules import RULES
from wfm.scheduling.settings import Rules

HEAD = ["agent", "start", "end", "activity", "queue"]


def stamp(text):
    """Local time of "day hour:minute" of January; hours past 24 are the next day's."""
    day, clock = text.split()
    hours, minutes = clock.split(":")
    since = pd.Timedelta(days=int(day) - 1, hours=int(hours), minutes=int(minutes))
    return (pd.Timestamp("2027-01-01") + since).tz_localize("Europe/Istanbul")


def rows(*segments):
    """Rows `agent, day clock, day clock, activity, queue` with January days."""
    table = [(a, stamp(s), stamp(e), kind, queue) for a, s, e, kind, queue in segments]
    if not table:
        return rows(*shift())[:0]
    frame = pd.DataFrame(table, columns=HEAD)
    for column in ("start", "end"):
        frame[column] = pd.to_datetime(frame[column]).dt.tz_convert("Europe/Istanbul")
    return frame


def shift(agent="a1", day="04", begin=8):
    """A legal full shift: break an hour in, lunch after three hours, no outbound."""
    at = [
        f"{day} {begin + h:02d}:{m:02d}"
        for h, m in [(0, 0), (1, 0), (1, 15), (3, 0), (3, 30), (8, 0)]
    ]
    kinds = [
        ("inbound", "voice"),
        ("break", ""),
        ("inbound", "voice"),
        ("lunch", ""),
        ("inbound", "voice"),
    ]
    return [(agent, at[i], at[i + 1], *kind) for i, kind in enumerate(kinds)]


@pytest.fixture
def one(make, parts):
    return make(parts["people"](1))


def broken(problem, *segments):
    return {v.rule for v in check(problem, rows(*segments))}


def test_a_legal_shift_breaks_nothing(one):
    assert broken(one, *shift()) == set()


def test_order_of_rows_does_not_matter(one):
    assert broken(one, *reversed(shift())) == set()


def test_format_and_overlap(one):
    assert "format" in broken(one, *shift(), *shift("nobody"))
    assert "format" in broken(one, *shift(), ("a1", "05 10:07", "05 11:00", "inbound", "voice"))
    assert "format" in broken(one, *shift(), ("a1", "05 11:00", "05 11:00", "inbound", "voice"))
    assert "overlap" in broken(one, *shift(), ("a1", "04 10:00", "04 10:15", "inbound", "voice"))


def test_horizon(one):
    assert "horizon" in broken(one, *shift(), *shift(day="06"))


def test_starts(one, make, parts):
    moved = [
        (a, s.replace(":00", ":15") if i == 0 else s, e, k, q)
        for i, (a, s, e, k, q) in enumerate(shift())
    ]
    assert "starts" in broken(one, *moved)
    early = make([dataclasses.replace(parts["people"](1)[0], contract="part")])
    hours = [
        ("a1", "04 05:00", "04 06:00", "inbound", "voice"),
        ("a1", "04 06:00", "04 06:15", "break", ""),
        ("a1", "04 06:15", "04 09:00", "inbound", "voice"),
    ]
    assert broken(early, *hours) == {"starts"}


def test_shift_length(one):
    assert "shift_length" in broken(
        one, *shift()[:-1], ("a1", "04 11:30", "04 15:45", "inbound", "voice")
    )


@pytest.mark.parametrize(
    "change",
    [
        {1: ("a1", "04 09:00", "04 09:15", "inbound", "voice")},
        {1: ("a1", "04 09:00", "04 09:15", "lunch", "")},
        {1: ("a1", "04 09:00", "04 09:15", "break", "voice")},
        {
            0: ("a1", "04 08:00", "04 08:45", "inbound", "voice"),
            1: ("a1", "04 08:45", "04 09:00", "break", ""),
            2: ("a1", "04 09:00", "04 11:00", "inbound", "voice"),
        },
        {
            2: ("a1", "04 09:15", "04 10:45", "inbound", "voice"),
            3: ("a1", "04 10:45", "04 11:30", "lunch", ""),
        },
        {2: ("a1", "04 09:15", "04 11:00", "tea", "")},
    ],
)
def test_breaks(one, change):
    segments = [change.get(i, row) for i, row in enumerate(shift())]
    assert broken(one, *segments) == {"breaks"}


def test_one_shift_a_day_and_rest(one):
    assert {"one_shift_a_day", "rest"} <= broken(one, *shift(begin=0), *shift(begin=14))


def test_rest_between_days(make, parts):
    problem = make(parts["people"](1), rules=Rules(band_min=None))
    assert broken(problem, *shift(begin=16), *shift(day="05", begin=10)) == {"rest"}
    assert broken(problem, *shift(begin=16), *shift(day="05", begin=11)) == set()


def test_absence(make, parts):
    away = (Absence(date(2027, 1, 5), date(2027, 1, 5)),)
    problem = make(parts["people"](1, absences=away))
    assert broken(problem, *shift(day="05")) == {"absence"} | {"absence"}
    assert broken(problem, *shift()) == set()


def test_days_per_week(make, one, parts):
    assert broken(one) == {"days_per_week"}
    few = dataclasses.replace(parts["FULL"], max_days_week=1)
    problem = make(parts["people"](1), contracts=(few,))
    assert broken(problem, *shift(), *shift(day="05")) == {"days_per_week"}


def test_band(one):
    assert broken(one, *shift(begin=8), *shift(day="05", begin=9)) == set()
    assert broken(one, *shift(begin=8), *shift(day="05", begin=10)) == {"band"}


def test_skill(make, parts, one):
    assert broken(one, *shift()[:-1], ("a1", "04 11:30", "04 16:00", "inbound", "fax")) == {"skill"}
    agents = [*parts["people"](1), *parts["people"](2, skills="voice")[1:]]
    problem = make(agents)
    surveys = [*shift("a2")[:-1], ("a2", "04 11:30", "04 16:00", "outbound", "surveys")]
    assert broken(problem, *shift(), *surveys) == {"skill"}


def outbound(begin, end):
    first = [] if begin == "11:30" else [("a1", "04 11:30", f"04 {begin}", "inbound", "voice")]
    last = [("a1", f"04 {end}", "04 16:00", "inbound", "voice")]
    return [*shift()[:-1], *first, ("a1", f"04 {begin}", f"04 {end}", "outbound", "surveys"), *last]


def test_outbound_block(one):
    assert broken(one, *outbound("12:00", "12:30")) == set()
    assert broken(one, *outbound("12:00", "12:15")) == {"outbound_block"}


def test_outbound_hours(one):
    early = [("a1", "04 08:00", "04 09:00", "outbound", "surveys"), *shift()[1:]]
    assert broken(one, *early) == {"outbound_hours"}


def test_two_rows_of_one_block_count_as_one(one):
    halves = [
        *shift()[:-1],
        ("a1", "04 11:30", "04 11:45", "outbound", "surveys"),
        ("a1", "04 11:45", "04 12:00", "outbound", "surveys"),
        ("a1", "04 12:00", "04 16:00", "inbound", "voice"),
    ]
    assert broken(one, *halves) == set()
    assert price(one, rows(*halves)).blocks.tolist() == [1]


def test_price_by_hand(one):
    """Need 2 from 8 to 20 on two days (step 1); one agent from 8 to 16, 45 min off, 30 outbound."""
    priced = price(one, rows(*outbound("12:00", "12:30")))
    inbound = 32 - 3 - 2
    assert priced.terms["under"] == 10 * 48 * 2 + 25 * (48 * 2 - inbound)
    assert priced.terms["over"] == 0
    assert priced.terms["labour"] == 2 * 30
    assert priced.terms["outbound_short"] == 3 * (12 - 2)
    assert priced.terms["outbound_over"] == 0
    assert priced.objective == sum(priced.terms.values())
    assert priced.paid_min.tolist() == [450]
    assert priced.outbound_min.tolist() == [30]


def test_a_shift_past_the_end_is_paid_and_covers_nothing_there(one):
    late = [
        ("a1", "05 23:00", "06 00:00", "inbound", "voice"),
        ("a1", "06 00:00", "06 00:15", "break", ""),
        ("a1", "06 00:15", "06 02:00", "inbound", "voice"),
        ("a1", "06 02:00", "06 02:30", "lunch", ""),
        ("a1", "06 02:30", "06 07:00", "inbound", "voice"),
    ]
    assert broken(one, *late) == set()
    priced = price(one, rows(*late))
    assert priced.staff.sum() == 4
    assert priced.terms["labour"] == 60


def test_every_rule_has_its_own_name():
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)


def test_the_frame_comes_back_unchanged(one):
    frame = rows(*shift())
    before = frame.copy()
    check(one, frame)
    price(one, frame)
    assert frame.equals(before)
