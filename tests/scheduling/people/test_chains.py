"""Weeks of single people under rules that join shifts, against every week there is."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scheduling.joining import broken
from wfm.core.intervals import day_grid
from wfm.core.people import Agent, CarryIn, Contract, ShiftKind
from wfm.core.types import Requirement
from wfm.scheduling.assemble import build_problem
from wfm.scheduling.check import check
from wfm.scheduling.counts.linear import WHOLE
from wfm.scheduling.crew import QUEUE, Crew
from wfm.scheduling.finished.prices import least_cost
from wfm.scheduling.groups import make_layout
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.roster import Piece, Roster, Shift
from wfm.scheduling.rules import RULES
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

ZONE = ZoneInfo("Europe/Istanbul")
MONDAY = date(2027, 1, 4)
THREE = Contract("three", 480, 480, 0, 7, 360, 1320, 480)
"""Shifts from 06:00, 14:00 and 22:00."""
KINDS = Contract(
    "three",
    480,
    480,
    0,
    7,
    360,
    1320,
    960,
    more_shifts=(ShiftKind("short", 240, 240, 360, 360, 60),),
)
"""Shifts from 06:00 of 8 or 4 hours, and from 22:00."""
NAMES = {
    "next_day",
    "rest_after_nights",
    "nights_in_row",
    "nights_per_week",
    "weekly_rest",
    "hours_average",
}


def problem_of(
    rules, *, first=MONDAY, days=5, people=1, heads=None, carried=None, zone="", terms=THREE
):
    grid = day_grid(first, days, timedelta(minutes=60), "Europe/Istanbul")
    need = np.ones(len(grid), dtype=int) if heads is None else np.resize(heads, len(grid))
    frame = pd.DataFrame({"start": grid, "queue": "voice", "agents": need, "scheduled": need})
    needs = Requirement(frame, timedelta(minutes=60))
    who = [
        Agent(f"a{i}", f"a{i}", "three", frozenset({"voice"}), time_zone=zone)
        for i in range(people)
    ]
    return build_problem(needs, who, (terms,), (), rules, None, first, days, carried=carried)


def rules_drawn(draw):
    some = st.none()
    late = draw(some | st.sampled_from([(780, 900), (1320, 840), (1320, 1380)]))
    return Rules(
        rest_min=draw(st.sampled_from([60, 660])),
        band_min=draw(st.sampled_from([None, None, 480])),
        prorate_days=False,
        max_days_in_row=draw(some | st.just(4)),
        weekly_rest_min=draw(some | st.sampled_from([1440, 2100, 2880])),
        max_nights_week=draw(some | st.integers(0, 2)),
        max_nights_in_row=draw(some | st.integers(1, 2)),
        rest_after_nights_min=draw(some | st.sampled_from([1440, 2160, 2880])),
        max_hours_average_week=draw(some | st.sampled_from([20.0, 33.0, 40.0])),
        late_end_min=None if late is None else late[0],
        start_after_late_min=None if late is None else late[1],
    )


def past_drawn(draw, first=MONDAY):
    """Shifts of the week before, or nothing, or only the end of the last one."""
    kind = draw(st.sampled_from(["none", "end", "shifts"]))
    if kind == "none":
        return None, [], None
    starts = draw(st.lists(st.sampled_from([None, 6, 14, 22]), min_size=7, max_size=7))
    begun = [
        datetime(first.year, first.month, first.day, hour, tzinfo=ZONE) - timedelta(days=7 - i)
        for i, hour in enumerate(starts)
        if hour is not None
    ]
    stints = [(b, b + timedelta(hours=8)) for b in begun]
    stints = [s for s, t in zip(stints, [*stints[1:], None], strict=False) if not t or s[1] <= t[0]]
    if not stints:
        return None, [], None
    run = 0
    while first - timedelta(days=run + 1) in {b.date() for b, _ in stints}:
        run += 1
    if kind == "end":
        return CarryIn(stints[-1][1], run), stints[-1:], None
    since = first - timedelta(days=7)
    return CarryIn(stints[-1][1], run, (), tuple(stints), since), stints, since


def spans(problem, week):
    hour = timedelta(hours=1)
    return [
        (problem.grid[s].to_pydatetime(), problem.grid[s].to_pydatetime() + hours * hour)
        for s, hours in week
    ]


def weeks_there_are(problem):
    """Every choice of a shift (start in intervals, hours) or none on each day."""
    hours = [kind.shift_min // 60 for kind in problem.contract_of(0).shifts]
    every = [(int(s), hours[k]) for s, k in zip(*problem.options_of(0), strict=True)]
    options = [
        [None, *(one for one in every if problem.day[one[0]] == day)] for day in range(problem.days)
    ]
    return [[one for one in choice if one is not None] for choice in product(*options)]


def hours_begun(first, past, since):
    """Hours of known shifts in the week that a schedule begins in, before it."""
    monday = first - timedelta(days=first.weekday())
    known = past if since is not None else []
    return sum(
        (end - begun) // timedelta(hours=1) for begun, end in known if begun.date() >= monday
    )


def keeps_the_rest(problem, shifts, run, past, terms=THREE, begun=0):
    """Rest, band, days in a row, paid hours: written again, plainly."""
    rules = problem.rules
    starts, ends = [s for s, _ in shifts], [s + hours for s, hours in shifts]
    paid = [0] * problem.weeks
    for start, hours in shifts:
        paid[problem.week_of(int(problem.day[start]))] += hours
    paid[0] += begun if paid[0] else 0  # what was worked before cannot be undone
    if terms.max_hours_week is not None and max(paid) > terms.max_hours_week:
        return False
    rest = rules.rest_min / 60
    if any(b - a < rest for a, b in zip(ends, starts[1:], strict=False)):
        return False
    if starts and past:
        before = (problem.grid[starts[0]] - pd.Timestamp(past[-1][1])) / pd.Timedelta(hours=1)
        if before < rest:
            return False
    for week in range(problem.weeks):
        clocks = {s % 24 for s in starts if problem.week_of(s // 24) == week}
        if rules.band_min is not None and len(clocks) > 1:
            width = rules.band_min // 60
            if not any(all(a <= c <= a + width for c in clocks) for a in range(24)):
                return False
    if rules.max_days_in_row is not None:
        worked = {s // 24 for s in starts}
        for day in range(problem.days):
            run = run + 1 if day in worked else 0
            if run > rules.max_days_in_row:
                return False
    return True


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_checker_and_cheapest_week_agree_with_every_week_there_is(data):
    """The checker against minutes counted one by one; the path against all other weeks."""
    rules = rules_drawn(data.draw)
    first = data.draw(st.sampled_from([MONDAY, MONDAY - timedelta(days=2)]))
    before, past, since = past_drawn(data.draw, first)
    shape = data.draw(st.sampled_from([THREE, KINDS]))
    terms = dataclasses.replace(shape, max_hours_week=data.draw(st.sampled_from([None, 12, 20])))
    own = data.draw(st.sampled_from(["", "", "Europe/Berlin", "Asia/Tokyo"]))
    zone = ZoneInfo(own) if own else ZONE
    carried = {"a0": before} if before else None
    problem = problem_of(rules, first=first, days=4, carried=carried, zone=own, terms=terms)
    run = before.days_in_row if before else 0
    begun = hours_begun(first, past, since)
    asked = [rule for rule in RULES if rule.name in NAMES]
    legal = []
    for week in weeks_there_are(problem):
        paid = 60 * sum(hours for _, hours in week)
        faults = broken(rules, past, spans(problem, week), zone, first, 4, 480, ZONE, since, paid)
        shifts = [Shift(0, (Piece(s, s + h, "inbound", "voice"),)) for s, h in week]
        roster = Roster(tuple(shifts), ())
        assert {v.rule for rule in asked for v in rule.violations(problem, roster)} == faults
        if not faults and keeps_the_rest(problem, week, run, past, terms, begun):
            legal.append(week)
    crew = Crew(make_layout(problem))
    tours = Tours(crew)
    group = crew.layout.groups[0]
    of = {(b.start, group.lengths[b.kind]): b for b in group.options}
    chosen = data.draw(st.sampled_from(legal))
    number = data.draw(st.integers(0, problem.weeks - 1))
    kept = [s for s in chosen if problem.week_of(int(problem.day[s[0]])) != number]
    for one in kept:
        crew.put(0, of[one], np.full(one[1], QUEUE, dtype=np.int16))
    price = tours.prices(0)[0]
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    leaning = random.normal(-2.0, 9.0, len(group.options))
    costs = tours.start_costs(group, price) + leaning
    tour = tours.best_week(0, number, leaning)
    free = [[s for s in one if s not in kept] for one in legal if set(kept) <= set(one)]
    free = [w for w in free if all(problem.week_of(int(problem.day[s])) == number for s, _ in w)]
    best = min(sum(costs[group.number[of[s]]] for s in one) for one in free)
    assert tour is not None
    found = [(b.start, group.lengths[b.kind]) for b, _ in tour.shifts]
    assert found in free
    assert sum(costs[group.number[of[s]]] for s in found) == pytest.approx(best)


def test_a_last_shift_of_which_only_the_end_is_known_began_before_the_schedule():
    """It ended on Monday at 06:00: a night, after which 14:00 is too soon and a night goes on."""
    before = CarryIn(datetime(2027, 1, 4, 6, tzinfo=ZONE), 1)
    rules = Rules(rest_min=60, band_min=None, rest_after_nights_min=2160, prorate_days=False)
    short = dataclasses.replace(THREE, shift_min=300, paid_min=300)
    problem = problem_of(rules, carried={"a0": before}, terms=short)
    spell = problem.past[0][-1]
    assert (spell.start, spell.end, spell.day, spell.night) == (-1, 6, -1, True)
    crew = Crew(make_layout(problem))
    leaning = np.full(len(crew.layout.groups[0].options), -99.0)
    tour = Tours(crew).best_week(0, 0, leaning)
    assert tour is not None
    assert min(begin.start for begin, _ in tour.shifts) == 22


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_no_schedule_of_two_is_cheaper_than_the_bound(data):
    """All schedules of two people on four days, priced one by one."""
    rules = rules_drawn(data.draw)
    first = data.draw(st.sampled_from([MONDAY, MONDAY - timedelta(days=2)]))
    before, past, since = past_drawn(data.draw, first)
    heads = data.draw(st.lists(st.integers(0, 2), min_size=4, max_size=24))
    carried = {"a0": before} if before else None
    problem = problem_of(rules, first=first, days=4, people=2, heads=heads, carried=carried)
    legal = [[], []]
    for starts in weeks_there_are(problem):
        for who, (ran, known, day) in enumerate(
            [(before.days_in_row if before else 0, past, since), (0, [], None)]
        ):
            faults = broken(rules, known, spans(problem, starts), ZONE, first, 4, 480, ZONE, day)
            if not faults and keeps_the_rest(problem, starts, ran, known):
                legal[who].append(starts)
    staff = [[on_duty(problem, starts) for starts in own] for own in legal]
    one, other = np.array(staff[0]), np.array(staff[1])
    least = np.inf
    paid = one.sum(axis=1)[:, None] + other.sum(axis=1)[None, :]
    inside = problem.intervals
    need = problem.required[0]
    for row, mine in enumerate(one[:, :inside]):
        both = mine + other[:, :inside]
        missing = np.maximum(need - both, 0)
        under = np.zeros(len(both))
        for width, rate in zip(problem.widths[:, 0], problem.weights.under, strict=True):
            step = np.minimum(missing, width)
            under += rate * step.sum(axis=1)
            missing = missing - step
        over = problem.weights.over * np.maximum(both - need, 0).sum(axis=1)
        least = min(least, float((under + over + problem.weights.labour * paid[row]).min()))
    least *= problem.scale
    assert least_cost(problem, 10) <= least + WHOLE
    found = solve(problem, seconds=5, seed=0, moves=4)
    assert check(problem, found.frame) == []
    assert found.bound is None or found.bound <= least + WHOLE
    assert sum(found.terms.values()) >= least - WHOLE


def on_duty(problem, starts):
    """1 where one person with these shifts is on duty, past the horizon too."""
    busy = np.zeros(len(problem.grid), dtype=int)
    for start, hours in starts:
        busy[start : start + hours] = 1
    return busy
