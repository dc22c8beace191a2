"""Breaks at once: kept by the solver, counted by the checker, told when they must give way."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.people import Break
from wfm.scheduling.check import check, price
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.parts import split_problem
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.refused.clash import unkept_breaks
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

START = pd.Timestamp("2027-01-04 08:00", tz="Europe/Istanbul")


@pytest.fixture(scope="module")
def crowd(make, parts):
    """Twelve agents of two teams, who all start about the same time."""
    terms = replace(parts["FULL"], start_from_min=480, start_to_min=540)
    people = [
        replace(a, contract="full", team="North" if i < 8 else "South")
        for i, a in enumerate(parts["people"](12))
    ]

    def build(**changed):
        rules = Rules(prorate_days=False, **changed)
        return make(people, days=2, heads={"voice": 5}, contracts=(terms,), rules=rules)

    return build


def at_once(problem, frame, members=None):
    """People on a break and on duty by interval, counted from the segments alone."""
    own = frame if members is None else frame[frame["agent"].isin(members)]
    grid = problem.grid[: problem.intervals]

    def heads(rows):
        return np.array([((rows["start"] <= t) & (rows["end"] > t)).sum() for t in grid])

    return heads(own[own["activity"].isin(["break", "lunch"])]), heads(own)


@pytest.mark.parametrize(
    ("asked", "moves"),
    [
        ({"break_heads_max": 2}, None),
        ({"break_share_max": 0.25}, None),
        ({"break_heads_max": 2}, 2),
    ],
)
def test_the_schedule_spreads_its_breaks_and_the_checker_agrees(crowd, asked, moves):
    problem = crowd(**asked)
    made = solve(problem, seconds=4, moves=moves)
    assert not made.violations
    assert made.terms["limits"] == 0
    assert made.bound <= made.objective
    breaks, duty = at_once(problem, made.frame)
    most = 2 if "break_heads_max" in asked else np.ceil(duty * 0.25)
    assert (breaks <= most).all()


def test_each_team_keeps_its_own_limit(crowd):
    problem = crowd(break_heads_max=1, break_by_team=True)
    made = solve(problem, seconds=5)
    assert not made.violations
    north = {a.agent for a in problem.agents if a.team == "North"}
    for members in (north, {a.agent for a in problem.agents} - north):
        assert at_once(problem, made.frame, members)[0].max() <= 1


def test_solver_counts_crew_and_checker_say_the_same(crowd):
    for asked in ({"break_share_max": 0.1}, {"break_heads_max": 1}, {"break_by_team": True}):
        problem = crowd(**{"break_heads_max": 2, **asked})
        crew, matrix = first_crew(problem), make_matrix(problem)
        values = count_crew(matrix, crew)
        assert not len(broken_rows(matrix, values))
        cost = float(matrix.cost @ values) * problem.scale
        assert cost == pytest.approx(price(problem, crew.frame()).objective)
        assert cost == pytest.approx(crew.cost() * problem.scale)
        assert crew.copy().cost() == crew.cost()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**31), st.sampled_from([0.1, 0.2, 0.33, 0.5, None]), st.integers(1, 4))
def test_whatever_the_breaks_are_checker_and_counting_by_hand_agree(crowd, seed, share, heads):
    """Breaks of legal schedules moved at random; the rule is counted interval by interval."""
    random = np.random.default_rng(seed)
    problem = crowd(break_share_max=share, break_heads_max=heads)
    crew = first_crew(crowd())
    for agent, days in enumerate(crew.starts):
        for shift in days.values():
            codes = np.full(crew.layout.groups[0].lengths[0], 100, dtype=np.int16)
            for i, (length, first, last) in enumerate(crew.layout.groups[0].pauses):
                begin = int(random.integers(first, last + 1))
                codes[begin : begin + length] = i
            crew.recode(agent, shift.start, codes)
    frame = crew.frame()
    breaks, duty = at_once(problem, frame)
    allowed = np.full(len(duty), heads)
    if share is not None:
        allowed = np.minimum(allowed, np.ceil(np.round(share * duty, 9)))
    wrong = breaks > allowed
    told = [v for v in check(problem, frame) if v.rule == "break_bunching"]
    begins = np.flatnonzero(wrong & ~np.concatenate([[False], wrong[:-1]]))
    assert [v.when for v in told] == [problem.stamp(int(t)) for t in begins]


def test_a_limit_gives_way_where_breaks_cannot_be_spread_and_is_told(make, parts):
    """Four people whose only break is at the same time: three too many for a quarter of an hour."""
    fixed = replace(
        parts["FULL"],
        paid_min=480,
        start_from_min=480,
        start_to_min=480,
        breaks=(Break("break", 15, 120, 120, paid=True),),
    )
    people = [replace(a, contract="full") for a in parts["people"](4)]
    problem = make(
        people,
        days=1,
        contracts=(replace(fixed, max_days_week=1),),
        rules=Rules(prorate_days=False, break_heads_max=1),
    )
    made = solve(problem, seconds=2)
    assert made.status == "nearest"
    assert [str(v) for v in made.violations] == [
        "break_bunching: Mon 2027-01-04 10:00: everybody: up to 3 too many on a break at once "
        "until 10:15."
    ]
    assert made.terms["limits"] == 3 * problem.weights.limit
    assert unkept_breaks(problem) == []


def test_people_whose_breaks_are_limited_together_are_solved_together(make, parts):
    people = [
        replace(a, skills=frozenset({"voice"} if i < 2 else {"orders"}), team=f"t{i % 2}")
        for i, a in enumerate(parts["people"](4))
    ]
    build = {"heads": {"voice": 1, "orders": 1}, "campaigns": ()}
    assert len(split_problem(make(people, **build))) == 2
    bunched = Rules(prorate_days=False, break_heads_max=2)
    assert len(split_problem(make(people, **build, rules=bunched))) == 1


def test_what_cannot_be_is_refused():
    with pytest.raises(DataError, match=r"Write 0\.2 for 20 %"):
        Rules(break_share_max=20)
    with pytest.raises(DataError, match="at least 1 must be allowed on a break"):
        Rules(break_heads_max=0)
