from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.core.people import Absence, Agent, Break, Contract
from wfm.core.work import Campaign
from wfm.scheduling.assemble import build_problem, grid_minutes
from wfm.scheduling.settings import Rules, Weights


def test_the_grid_is_the_longest_raster_all_times_lie_on(make):
    assert make().interval_min == 15
    plain = Contract("plain", 480, 480, 1, 5)
    agents = [Agent("a", "A", "plain", frozenset({"voice"}))]
    assert make(agents, contracts=(plain,), campaigns=()).interval_min == 30
    tea = Contract("tea", 480, 480, 1, 5, breaks=(Break("tea", 10, 65, 100, paid=True),))
    assert grid_minutes(30, [tea]) == 5


def test_times_off_five_minutes_are_refused():
    odd = Contract("odd", 481, 481, 1, 5)
    with pytest.raises(DataError, match=r"'odd'.*raster of 5 minutes"):
        grid_minutes(30, [odd])


def test_requirement_is_spread_over_the_grid_and_closed_hours_need_nobody(make):
    problem = make(heads={"voice": 3})
    assert problem.required.shape == (1, 2 * 96)
    assert problem.required[0, :32].sum() == 0
    assert (problem.required[0, 32:80] == 3).all()
    assert problem.required.sum() == 2 * 48 * 3


def test_rows_outside_the_horizon_are_left_out(parts):
    needs = parts["requirement"](date(2027, 1, 1), 12, {"voice": 2})
    contracts = (parts["FULL"], parts["PART"])
    problem = build_problem(needs, parts["people"](3), contracts, [parts["SURVEYS"]])
    assert problem.first_day == date(2027, 1, 4)
    assert problem.days == 7
    assert problem.required.sum() == 7 * 48 * 2


def test_without_a_monday_the_horizon_begins_on_the_first_day(parts):
    needs = parts["requirement"](date(2027, 1, 6), 3, {"voice": 2})
    contracts = (parts["FULL"], parts["PART"])
    problem = build_problem(needs, parts["people"](3, skills="voice"), contracts, days=3)
    assert problem.first_day == date(2027, 1, 6)
    assert list(problem.days_of(0)) == [0, 1, 2]
    assert problem.weeks == 1


def test_weeks_run_from_monday_to_sunday(make):
    problem = make(first=date(2027, 1, 8), days=5)
    assert [problem.week_of(d) for d in range(5)] == [0, 0, 0, 1, 1]
    assert list(problem.days_of(1)) == [3, 4]


def test_clock_change_days_have_23_and_25_hours(make):
    spring = make(first=date(2026, 3, 28), days=2, time_zone="Europe/Berlin")
    assert np.diff(spring.first_interval).tolist() == [96, 92]
    autumn = make(first=date(2026, 10, 24), days=2, time_zone="Europe/Berlin")
    assert np.diff(autumn.first_interval).tolist() == [96, 100]
    starts = autumn.starts(autumn.contracts["part"].shifts[0])
    assert set(autumn.clock[starts]) == set(range(360, 961, 30))


def test_absences_and_employment_lower_the_days_a_week(make, parts):
    away = (Absence(date(2027, 1, 5), date(2027, 1, 10)),)
    agents = parts["people"](1, absences=away, end_date=date(2027, 1, 11))
    problem = make(agents, days=14)
    assert problem.limits(0, 0) == (1, 1)
    assert problem.limits(0, 1) == (1, 1)
    assert problem.absent[0] == frozenset(set(range(14)) - {0, 7})


def test_leave_is_not_made_up_for_on_the_days_left(make, parts):
    four_days_away = (Absence(date(2027, 1, 4), date(2027, 1, 7)),)
    agents = parts["people"](1, absences=four_days_away)
    contract = replace(parts["FULL"], min_days_week=5, max_days_week=5)
    prorated = make(agents, days=7, contracts=(contract,), rules=Rules())
    assert prorated.limits(0, 0) == (2, 3)
    asked_for = make(agents, days=7, contracts=(contract,), rules=Rules(prorate_days=False))
    assert asked_for.limits(0, 0) == (3, 3)
    there_all_week = make(1, days=7, contracts=(contract,), rules=Rules())
    assert there_all_week.limits(0, 0) == (5, 5)


def test_a_deadline_and_hours_make_the_mask(make):
    campaign = Campaign(
        "calls", "surveys", Opening.parse("Mon-Fri 10:00-11:00"), 1, deadline=date(2027, 1, 5)
    )
    problem = make(days=4, campaigns=(campaign,))
    allowed = np.flatnonzero(problem.permitted[0])
    assert allowed.tolist() == [*range(40, 44), *range(136, 140)]
    assert problem.targets.tolist() == [4]


def test_costs_scale_with_the_grid(make):
    assert make().scale == 1
    plain = Contract("plain", 480, 480, 1, 5)
    agents = [Agent("a", "A", "plain", frozenset({"voice"}))]
    coarse = make(agents, contracts=(plain,), campaigns=(), minutes=60)
    assert coarse.interval_min == 30
    assert coarse.scale == 2


def test_minimum_labour_is_the_fewest_paid_days(make):
    problem = make(3)
    assert problem.min_labour == 2 * (450 + 450 + 240) / 15


def test_queues_can_ask_for_another_skill(make, parts):
    agents = parts["people"](2, skills="talk|surveys")
    problem = make(agents, skills={"voice": "talk"})
    assert problem.queues_of(0) == (0,)
    assert problem.campaigns_of(0) == (0,)


@pytest.mark.parametrize("wrong", [{"rest_min": -1}, {"band_min": -5}, {"band_raster_min": 0}])
def test_impossible_rules_are_refused(wrong):
    with pytest.raises(DataError, match="rules"):
        Rules(**wrong)


def test_weights_must_rise():
    with pytest.raises(DataError, match="weights"):
        Weights(under=(10, 5, 60))


def test_the_requirement_comes_back_unchanged(parts):
    needs = parts["requirement"](date(2027, 1, 4), 7, {"voice": 2})
    before = needs.frame.copy()
    build_problem(needs, parts["people"](3, skills="voice"), (parts["FULL"], parts["PART"]))
    assert needs.frame.equals(before)
    assert needs.interval == timedelta(minutes=30)


@pytest.mark.parametrize("name", ["over", "labour", "preference", "switching", "change", "limit"])
def test_a_bound_is_rounded_up_only_where_every_price_is_whole(name):
    assert Weights().whole
    assert not Weights(**{name: 4.5}).whole
