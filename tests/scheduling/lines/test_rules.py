"""Every rule: kept by the solver, found when broken, said with unit, default and source."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scheduling.lines.conftest import LIMITS, MONDAY, make_problem
from wfm.core.people import Agent
from wfm.core.rota import RotaContract, ShiftType
from wfm.scheduling.line_terms import OFF, LineTerms
from wfm.scheduling.lines.assemble import build_rota_problem
from wfm.scheduling.lines.build import LineBuild
from wfm.scheduling.lines.rota_value import lines_of
from wfm.scheduling.rules import LINE_RULES, broken_lines

E, L, N = 0, 1, 2
HARD = [rule for rule in LINE_RULES if rule.name not in ("preferences", "shift_cover")]

BROKEN = {
    "allowed_types": (RotaContract("c"), {}, "closed"),
    "succession": (RotaContract("c"), {3: L, 4: E}, "early may not follow late"),
    "shifts_of_type": (RotaContract("c", {"night": 1}), {1: N, 2: N}, "2 shifts night, limit 1"),
    "total_time": (RotaContract("c", min_total_min=960), {1: E}, "works 480 min, at least 960"),
    "least_shifts": (RotaContract("c", min_shifts=2), {3: E}, "1 shifts, at least 2 are agreed"),
    "days_in_row": (RotaContract("c", max_in_row=2), {1: E, 2: E, 3: E}, "3 days in a row"),
    "least_in_row": (RotaContract("c", min_in_row=2), {5: E}, "1 days worked in a row"),
    "least_off_in_row": (RotaContract("c", min_off_in_row=2), {4: E, 6: E}, "1 days off in a row"),
    "most_weekends": (RotaContract("c", max_weekends=1), {5: E, 13: E}, "works 2 weekends"),
}


def line(problem: LineTerms, days: dict[int, int]) -> np.ndarray:
    roster = np.full((1, problem.days), OFF)
    for day, kind in days.items():
        roster[0, day] = kind
    return roster


def alone(contract: RotaContract, **options: object) -> LineTerms:
    """One person without an absence."""
    problem = make_problem(1, 14, contract, **options)  # type: ignore[arg-type]
    return replace(problem, allowed=np.ones_like(problem.allowed))


@pytest.mark.parametrize("name", [rule.name for rule in HARD])
def test_a_broken_rule_is_found_and_named(name: str) -> None:
    contract, days, words = BROKEN[name]
    problem = alone(contract)
    if name == "allowed_types":
        problem.allowed[0, 3, E] = False
        days, words = {3: E}, "has early, which is not allowed on this day"
    found = broken_lines(problem, line(problem, days))
    assert [v.rule for v in found] == [name]
    assert words in found[0].text
    assert found[0].agent == "p0"


@pytest.mark.parametrize("name", [rule.name for rule in HARD])
def test_the_solver_keeps_each_rule_where_breaking_it_would_pay(name: str) -> None:
    contract, days, _ = BROKEN[name]
    problem = alone(contract)
    if name == "allowed_types":
        problem.allowed[0, 3, E] = False
        days = {3: E}
    wanted = line(problem, days)
    problem.wish[:] = 5.0
    for day, kind in days.items():
        problem.wish[0, day, kind] = -50.0
    free = replace(problem, under=problem.under * 0, over=problem.over * 0)
    build = LineBuild(free, line(free, {}), [0], range(free.days))
    for rule in LINE_RULES:
        if rule.name != name:
            rule.constrain_lines(build)
    without = build.solve(5, 0)
    if name != "allowed_types":
        assert without is not None
        assert (without == wanted).all(), "without the rule it would be broken"
    build = LineBuild(free, line(free, {}), [0], range(free.days))
    for rule in LINE_RULES:
        rule.constrain_lines(build)
    found = build.solve(5, 0)
    assert found is not None
    assert broken_lines(free, found) == []


@pytest.mark.parametrize("past", [("late", 2), (None, 1), ("night", 1)])
def test_days_before_the_period_count(past: tuple[str | None, int]) -> None:
    problem = alone(
        RotaContract("c", max_in_row=3, min_in_row=2, min_off_in_row=2), before={"p0": past}
    )
    wish = np.full_like(problem.wish, -10.0)
    greedy = replace(problem, wish=wish)
    build = LineBuild(greedy, line(greedy, {}), [0], range(greedy.days))
    for rule in LINE_RULES:
        rule.constrain_lines(build)
    found = build.solve(5, 0)
    assert found is not None
    assert broken_lines(greedy, found) == []
    every_day = line(problem, dict.fromkeys(range(14), N))
    names = {v.rule for v in broken_lines(problem, every_day)}
    assert "days_in_row" in names
    if past == (None, 1):
        assert "least_off_in_row" in names


def legal_roster() -> tuple[LineTerms, np.ndarray]:
    problem = make_problem(5, 14, LIMITS)
    roster = np.full((5, 14), OFF)
    build = LineBuild(problem, roster, range(5), range(14))
    for rule in LINE_RULES:
        rule.constrain_lines(build)
    found = build.solve(5, 0)
    assert found is not None
    assert broken_lines(problem, found) == []
    return problem, found


LEGAL = legal_roster()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_changed_roster_is_legal_for_the_checker_just_when_it_is_for_the_solver(
    data: st.DataObject,
) -> None:
    problem, legal = LEGAL
    roster = legal.copy()
    for _ in range(data.draw(st.integers(1, 3))):
        person = data.draw(st.integers(0, 4))
        day = data.draw(st.integers(0, 13))
        roster[person, day] = data.draw(st.integers(-1, 2))
    people = sorted({int(p) for p in np.nonzero(roster != legal)[0]})
    fixed = replace(problem, allowed=only(roster, problem))
    inside = (problem.allowed | ~fixed.allowed).all()
    build = LineBuild(fixed, roster, people, range(14))
    for rule in LINE_RULES:
        rule.constrain_lines(build)
    solved = build.solve(5, 0) is not None
    assert (broken_lines(problem, roster) == []) == (solved and inside)


def only(roster: np.ndarray, problem: LineTerms) -> np.ndarray:
    """Nothing allowed but a roster."""
    kinds = np.arange(len(problem.shifts) + 1)
    now = np.where(roster == OFF, len(problem.shifts), roster)
    return np.asarray(now[:, :, None] == kinds)


def test_a_shift_that_begins_before_the_last_one_is_over_may_not_follow() -> None:
    types = [
        ShiftType("dawn", 480, start_min=300),
        ShiftType("morning", 480, start_min=360),
        ShiftType("day", 480, start_min=420),
        ShiftType("night", 480, start_min=1320),
    ]
    people = [Agent("p", "p", "c", frozenset())]
    problem = build_rota_problem(people, [RotaContract("c")], types, [], first_day=MONDAY, days=2)
    follows = lines_of(problem).may_follow[3]
    assert follows.tolist() == [False, False, True, True]
    untimed = [replace(kind, start_min=None) for kind in types[:1]] + types[1:]
    problem = build_rota_problem(people, [RotaContract("c")], untimed, [], first_day=MONDAY, days=2)
    assert lines_of(problem).may_follow.all(), "only the names matter"
