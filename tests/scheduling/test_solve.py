"""Solved schedules are legal, bounded, stoppable, and as good as brute force where it can look."""

import dataclasses
import itertools
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfm.core.calendars import Opening
from wfm.core.errors import InfeasibleError
from wfm.core.people import Absence, Agent, Break, Contract
from wfm.core.work import Campaign
from wfm.scheduling.check import check, price
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

BREAKS = (Break("break", 15, 60, 120, paid=True), Break("lunch", 30, 135, 300, paid=False))
OVERLAPPING = (Break("break", 15, 60, 240, paid=True), Break("lunch", 30, 120, 300, paid=False))


def legal(problem, schedule):
    assert list(schedule.violations) == []
    assert check(problem, schedule.frame) == []
    assert schedule.status in ("optimal", "feasible")
    assert schedule.bound <= schedule.objective + 1e-6
    assert sum(schedule.terms.values()) == pytest.approx(schedule.objective)


def test_a_small_week_is_legal_and_told_in_full(make, parts):
    problem = make(parts["people"](6, cost_per_h=10.0, team="north"), days=7)
    schedule = solve(problem, seconds=3)
    legal(problem, schedule)
    assert set(schedule.frame["activity"]) == {"inbound", "outbound", "break", "lunch"}
    assert set(schedule.coverage.columns) == {
        "start",
        "queue",
        "required",
        "scheduled",
        "under",
        "over",
    }
    assert len(schedule.coverage) == 7 * 96
    assert schedule.outbound["campaign"].tolist() == ["surveys"]
    assert schedule.outbound["placed_h"][0] >= 2.7
    assert schedule.outbound["connects"].isna().all()
    assert schedule.totals["agent"].tolist() == [f"a{i}" for i in range(1, 7)]
    assert schedule.cost == pytest.approx(10 * schedule.hours)
    assert schedule.terms["labour"] == pytest.approx(schedule.hours * 4 * 2)
    assert schedule.time_zone == "Europe/Istanbul"
    assert schedule.objective == pytest.approx(price(problem, schedule.frame).objective)


def test_a_wide_problem_is_bounded_by_its_guide(make, monkeypatch):
    """Its linear programme gives both; a tighter bound is looked for afterwards."""
    for module in ("proving", "guide"):
        monkeypatch.setattr(f"wfm.scheduling.counts.{module}.WIDE", 0)
    monkeypatch.setattr("wfm.scheduling.counts.linear.SMALL", 0)
    monkeypatch.setattr("wfm.scheduling.counts.proving.WIDE_TOLERANCES", ())
    monkeypatch.setattr("wfm.scheduling.counts.guide.FIRST_PATIENCE", 1.5)
    problem = make(6, days=7)
    seen = []
    schedule = solve(problem, seconds=10, progress=seen.append)
    legal(problem, schedule)
    first = next(p for p in seen if p.bound is not None)
    assert first.phase in ("guide", "days")
    monkeypatch.undo()
    exact = solve(problem, seconds=5)
    assert 0.98 * exact.bound <= schedule.bound <= exact.objective


def test_a_guide_cut_short_still_guides_and_bounds(make, monkeypatch):
    """However wide a problem is, the gap of its schedule is known."""
    for module in ("proving", "guide"):
        monkeypatch.setattr(f"wfm.scheduling.counts.{module}.WIDE", 0)
    monkeypatch.setattr("wfm.scheduling.counts.linear.SMALL", 0)
    monkeypatch.setattr("wfm.scheduling.counts.proving.WIDE_TOLERANCES", ())
    monkeypatch.setattr("wfm.scheduling.counts.guide.FIRST", 1e-12)
    monkeypatch.setattr("wfm.scheduling.counts.guide.FIRST_PATIENCE", 20)
    problem = make(6, days=7)
    seen = []
    schedule = solve(problem, seconds=10, progress=seen.append)
    legal(problem, schedule)
    assert "days" in {p.phase for p in seen}
    assert schedule.bounded
    assert problem.min_labour < schedule.bound <= schedule.objective


def test_progress_comes_often_and_a_tighter_limit_is_kept(make):
    seen = []
    problem = make(6, days=7, heads={"voice": 3})
    schedule = solve(problem, seconds=2, progress=seen.append)
    assert schedule.seconds < 3
    gaps = np.diff([p.seconds for p in seen])
    assert len(seen) >= 3
    assert gaps.max() < 1.5
    known = [p.objective for p in seen if p.objective is not None]
    assert known == sorted(known, reverse=True)
    assert {p.phase for p in seen} >= {"start", "guide", "finish"}


@pytest.mark.parametrize("asked", [0, 1, 5])
def test_a_stop_keeps_a_legal_schedule(make, asked):
    problem = make(6, days=7, heads={"voice": 3})
    calls = itertools.count()
    schedule = solve(problem, seconds=20, stop=lambda: next(calls) >= asked)
    legal(problem, schedule)
    assert schedule.stopped_by == "cancel"
    assert schedule.seconds < 5


def test_a_wide_gap_ends_early(make):
    problem = make(6, days=7, heads={"voice": 3})
    schedule = solve(problem, seconds=20, gap=0.9)
    legal(problem, schedule)
    assert schedule.stopped_by == "gap"
    assert schedule.seconds < 5


def test_a_problem_of_one_agent_and_one_day_is_optimal(make, parts):
    problem = make(parts["people"](1, skills="voice"), days=1, campaigns=())
    schedule = solve(problem, seconds=5)
    legal(problem, schedule)
    assert schedule.status == "optimal"
    assert schedule.seconds < 5


@pytest.mark.parametrize("heads", [(1, 2, 3), (0, 2, 1), (3, 1, 2), (2, 0, 2)])
def test_three_agents_against_brute_force(make, heads):
    names = ("x", "y", "z")
    lengths = (4, 5, 3)
    contracts = tuple(
        Contract(
            n,
            60 * h,
            60 * (h - 1),
            0,
            1,
            480,
            720,
            60,
            breaks=(Break("pause", 60, 60, 60 * (h - 2), paid=False),),
        )
        for n, h in zip(names, lengths, strict=True)
    )
    agents = [Agent(n, n, n, frozenset({"voice"})) for n in names]
    problem = make(
        agents, days=1, contracts=contracts, campaigns=(), minutes=60, rules=Rules(band_min=None)
    )
    required = problem.required.copy()
    for i, count in enumerate(heads):
        required[0, 8 + 4 * i : 12 + 4 * i] = count
    problem = dataclasses.replace(problem, required=required)
    optimum = np.inf
    per_agent = []
    for length in lengths:
        own = [(np.zeros(24, dtype=int), 0)]
        for start in range(8, 13):
            for offset in range(1, length - 1):
                staff = np.zeros(24, dtype=int)
                staff[start : start + length] = 1
                staff[start + offset] = 0
                own.append((staff, length - 1))
        per_agent.append(own)
    need = required[0]
    step = -(-need // 10)
    for chosen in itertools.product(*per_agent):
        have = sum(staff for staff, _ in chosen)
        short = np.maximum(need - have, 0)
        first = np.minimum(short, step)
        second = np.minimum(short - first, step)
        under = 10 * first + 25 * second + 60 * (short - first - second)
        paid = sum(hours for _, hours in chosen)
        optimum = min(optimum, 4 * (under.sum() + np.maximum(have - need, 0).sum() + 2 * paid))
    schedule = solve(problem, seconds=5)
    legal(problem, schedule)
    assert schedule.bound <= optimum + 1e-6
    assert schedule.objective == pytest.approx(optimum)


@st.composite
def centres(draw):
    queues = draw(st.sampled_from([("voice",), ("voice", "mail")]))
    skills = [*queues, "surveys"]
    contracts = (
        Contract(
            "day",
            480,
            450,
            draw(st.integers(0, 2)),
            draw(st.integers(2, 6)),
            breaks=draw(st.sampled_from([BREAKS, OVERLAPPING])),
        ),
        Contract("half", 240, 240, 1, 3, 360, 1200, 60),
        Contract("night", 600, 600, 1, 4, 1200, 1410, 30),
    )
    agents = []
    for i in range(draw(st.integers(1, 6))):
        own = {draw(st.sampled_from(queues)), *draw(st.sets(st.sampled_from(skills)))}
        away = draw(st.sampled_from([(), (0,), (1, 2)]))
        absences = tuple(Absence(date(2027, 1, 4 + d), date(2027, 1, 4 + d)) for d in away)
        contract = draw(st.sampled_from(contracts)).contract
        agents.append(Agent(f"a{i}", f"A{i}", contract, frozenset(own), absences=absences))
    anybody = any("surveys" in a.skills and a.contract != "night" for a in agents)  # by day
    work = Campaign(
        "surveys", "surveys", Opening.parse("Mon-Sun 10:00-18:00"), draw(st.integers(0, 5))
    )
    rules = Rules(band_min=draw(st.sampled_from([None, 90, 0])))
    return {
        "agents": agents,
        "days": draw(st.integers(1, 9)),
        "heads": {q: draw(st.integers(0, 3)) for q in queues},
        "contracts": contracts,
        "campaigns": (work,) if anybody else (),
        "rules": rules,
        "skills": {q: q for q in skills},
    }


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(centre=centres(), seconds=st.sampled_from([0.3, 0.8]))
def test_whatever_the_centre_the_schedule_is_legal(make, centre, seconds):
    problem = make(**centre)
    schedule = solve(problem, seconds=seconds)
    legal(problem, schedule)


@pytest.mark.parametrize("first", [date(2026, 3, 26), date(2026, 10, 22)])
def test_weeks_with_a_clock_change_are_legal(make, parts, first):
    night = Contract("full", 600, 600, 2, 5, 0, 1410, 30)
    agents = parts["people"](4)
    problem = make(
        agents,
        first=first,
        days=6,
        contracts=(night, parts["PART"]),
        time_zone="Europe/Berlin",
        hours=(0, 24),
    )
    schedule = solve(problem, seconds=1.5)
    legal(problem, schedule)
    lengths = (schedule.frame["end"] - schedule.frame["start"]).sum()
    assert lengths.total_seconds() > 0


@pytest.mark.parametrize("minutes", [5, 15, 30, 60])
def test_any_grid_is_legal(make, minutes):
    contract = Contract("c", 480, 420, 1, 5, breaks=(Break("lunch", 60, 120, 300, paid=False),))
    agents = [Agent(f"a{i}", "A", "c", frozenset({"voice", "surveys"})) for i in range(4)]
    problem = make(agents, contracts=(contract,), days=3, minutes=minutes)
    assert problem.interval_min == min(minutes, 30)
    schedule = solve(problem, seconds=1.5)
    legal(problem, schedule)


def test_two_weeks_keep_the_rest_from_sunday_to_monday(make, parts):
    problem = make(6, days=14, hours=(0, 24))
    schedule = solve(problem, seconds=2)
    legal(problem, schedule)


def test_without_bands_the_rest_holds_between_days(make):
    contract = Contract("c", 600, 600, 5, 6)
    agents = [Agent(f"a{i}", "A", "c", frozenset({"voice"})) for i in range(5)]
    problem = make(
        agents,
        contracts=(contract,),
        campaigns=(),
        days=7,
        hours=(0, 24),
        rules=Rules(band_min=None),
    )
    schedule = solve(problem, seconds=2)
    legal(problem, schedule)


def test_a_week_the_rules_cannot_hold_names_the_agent(make):
    contract = Contract("c", 1380, 1380, 4, 4, 0, 0, 30)
    agents = [
        Agent(
            "ada",
            "Ada",
            "c",
            frozenset({"voice"}),
            absences=(
                Absence(date(2027, 1, 4), date(2027, 1, 4)),
                Absence(date(2027, 1, 6), date(2027, 1, 6)),
                Absence(date(2027, 1, 8), date(2027, 1, 8)),
            ),
        )
    ]
    problem = make(agents, contracts=(contract,), campaigns=(), days=7)
    with pytest.raises(InfeasibleError, match=r"'ada'.*keeps 4 shifts") as caught:
        solve(problem, seconds=2)
    nearest = caught.value.nearest
    assert nearest.status == "nearest"
    assert {(v.rule, v.agent) for v in caught.value.violations} == {("days_per_week", "ada")}
    assert "days_per_week: ada Mon 2027-01-04" in str(caught.value)
    assert 1 <= len(set(nearest.frame["start"].dt.date)) <= 3


def test_the_first_schedule_is_legal_at_once(make):
    problem = make(8, days=14)
    assert check(problem, first_crew(problem).frame()) == []


def test_same_seed_same_first_schedule(make):
    problem = make(8, days=7)
    assert first_crew(problem).frame().equals(first_crew(problem).frame())


def test_a_campaign_that_is_done_is_not_gone_on_with(make, parts):
    """Six people for one head: dozens of idle hours, and a campaign of five."""
    full = dataclasses.replace(parts["FULL"], min_days_week=4, start_from_min=480)
    people = [dataclasses.replace(p, contract="full") for p in parts["people"](6, "voice")]
    calls = Campaign("calls", "voice", Opening.parse("10:00-18:00"), target_h=5)
    problem = make(people, heads={"voice": 1}, days=7, contracts=(full,), campaigns=(calls,))
    schedule = solve(problem, seconds=4)
    assert schedule.outbound["placed_h"].tolist() == [5.0]
