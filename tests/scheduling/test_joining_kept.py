"""Whole schedules under the rules that join shifts: solved, re-planned, carried on, and priced."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import wfm
from wfm.core.people import Absence
from wfm.scheduling.carry import carry_in
from wfm.scheduling.check import check
from wfm.scheduling.finished.edit import days_of
from wfm.scheduling.finished.prices import least_cost
from wfm.scheduling.finished.replan import replan
from wfm.scheduling.roster import read_roster
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

MONDAY = date(2027, 1, 4)
ALL = Rules(
    max_days_in_row=6,
    weekly_rest_min=2100,
    max_nights_week=2,
    max_nights_in_row=2,
    rest_after_nights_min=2160,
    max_hours_average_week=36,
    late_end_min=1320,
    start_after_late_min=600,
)
NAMES = (
    "weekly_rest",
    "nights_per_week",
    "nights_in_row",
    "rest_after_nights",
    "hours_average",
    "next_day",
)


@pytest.fixture(scope="module")
def round_the_clock(make, parts):
    """Twelve people who cover day and night for two weeks from a Thursday on."""

    def build(rules, first=date(2027, 1, 7), days=12, **more):
        everybody = parts["people"](12)
        terms = replace(parts["FULL"], min_days_week=2, max_days_week=6)
        problem = make(
            everybody,
            first=first,
            days=days,
            heads={"voice": 2},
            rules=rules,
            contracts=(terms, parts["PART"]),
            hours=(0, 24),
        )
        return replace(problem, **more)

    return build


@pytest.fixture(scope="module")
def solved(round_the_clock):
    problem = round_the_clock(ALL)
    return problem, solve(problem, moves=3)


def test_a_solved_fortnight_keeps_all_of_them_at_once(solved, round_the_clock):
    problem, made = solved
    assert made.status in ("feasible", "optimal")
    assert check(problem, made.frame) == []
    assert made.bound <= sum(made.terms.values()) + 1e-6


def test_a_search_in_seconds_keeps_them_too(round_the_clock):
    problem = round_the_clock(ALL)
    made = solve(problem, seconds=4)
    assert check(problem, made.frame) == []
    assert made.bound <= sum(made.terms.values()) + 1e-6


def test_without_them_some_are_broken_so_that_they_matter(round_the_clock, solved):
    problem, _ = solved
    free = replace(problem, rules=Rules(max_days_in_row=6))
    made = solve(free, moves=3)
    broken = {v.rule for v in check(problem, made.frame)}
    print(broken)
    assert broken & set(NAMES)
    assert least_cost(free, 120) <= least_cost(problem, 120) + 1e-3


def test_a_sick_call_is_mended_within_the_rules(solved):
    problem, made = solved
    who = problem.agents[3]
    worked = sorted(days_of(problem, read_roster(problem, made.frame))[who.agent])
    day = problem.first_day + timedelta(days=worked[1])
    ill = replace(who, absences=(Absence(day, day + timedelta(days=1)),))
    now = replace(problem, agents=tuple(ill if a is who else a for a in problem.agents))
    again = replan(now, made.frame, seconds=5)
    assert check(now, again.frame) == []


def test_the_next_plan_goes_on_from_the_last_shifts(solved, round_the_clock):
    problem, made = solved
    first = problem.first_day + timedelta(days=12)
    carried = carry_in(made, first)
    some = next(iter(carried.values()))
    assert some.since == problem.first_day
    assert all(begun < ended for begun, ended in some.shifts)
    assert some.shifts[-1][1] == some.last_end
    later = round_the_clock(ALL, first=first, days=7, carried=carried)
    after = solve(later, moves=1)
    assert check(later, after.frame) == []


def test_each_rule_is_priced_by_what_leaving_it_out_saves(parts):
    needs = parts["requirement"](MONDAY, 7, {"voice": 2}, hours=(0, 5))
    terms = (replace(parts["FULL"], max_days_week=7), parts["PART"])
    rules = replace(ALL, max_nights_week=1, max_nights_in_row=1)
    who = parts["people"](4, "voice")
    table = wfm.price_rules(needs, who, terms, rules=rules, seconds=120).set_index("rule")
    print(table)
    for rule in NAMES:
        assert table.loc[rule, "without"] == "none"
    assert table.loc["nights_per_week", "saves"] > 0
