"""Lines that people exchange: legal, never dearer than those at hand, and mostly the best."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from tests.scheduling.lines.conftest import make_problem
from tests.scheduling.lines.test_dive import solved
from tests.scheduling.lines.test_programme import crowd
from wfm.scheduling.line_terms import LineTerms
from wfm.scheduling.lines import barter as module
from wfm.scheduling.lines.barter import barter
from wfm.scheduling.lines.dive import likeliest
from wfm.scheduling.lines.guide import guide_of, no_guide
from wfm.scheduling.lines.improve import exchange
from wfm.scheduling.lines.parts import whole_part
from wfm.scheduling.lines.pricing import first_lines
from wfm.scheduling.lines.programme import Programme
from wfm.scheduling.rules import broken_lines


def turns(number: int) -> Callable[[], bool]:
    left = iter(range(number))
    return lambda: next(left, None) is not None


@pytest.mark.parametrize("problem", [make_problem(8), crowd(8)], ids=["different", "alike"])
def test_lines_stay_legal_and_are_never_dearer_than_those_at_hand(problem: LineTerms) -> None:
    programme, value = solved(problem)
    prices, _ = programme.prices()
    start = likeliest(programme)
    costs = []
    for number in (0, 3, 60):
        found = barter(programme, start, prices, turns(number), np.random.default_rng(0))
        assert broken_lines(problem, found) == []
        costs.append(programme.cost(found))
    programme.close()
    assert costs[0] == programme.cost(start)
    assert value - 1e-6 <= costs[2] <= costs[1] <= costs[0]


@pytest.mark.parametrize("problem", [make_problem(8), crowd(8)], ids=["different", "alike"])
def test_the_same_seed_gives_the_same_lines(problem: LineTerms) -> None:
    found = []
    for _ in range(2):
        programme, _ = solved(problem)
        prices, _ = programme.prices()
        start = likeliest(programme)
        lines = barter(programme, start, prices, turns(30), np.random.default_rng(5))
        programme.close()
        found.append(lines)
    assert np.array_equal(*found)


def test_three_people_find_the_best_of_all_choices_from_having_nothing() -> None:
    problem = crowd(3, 7)
    programme, _ = solved(problem)
    prices, _ = programme.prices()
    choices = [[c.line for c in programme.columns[kind]] for kind in programme.kind_of]
    least = min(programme.cost(np.array(lines)) for lines in product(*choices))
    start = first_lines(problem, whole_part(problem), np.arange(3))
    found = barter(programme, start, prices, turns(200), np.random.default_rng(0))
    programme.close()
    assert programme.cost(found) <= least + 1e-6


@pytest.mark.parametrize("seed", range(5))
def test_what_a_new_line_saves_is_the_difference_of_two_rosters(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TRUST", 0.0)
    problem = make_problem(8, seed=seed)
    programme, _ = solved(problem)
    programme.close()
    random = np.random.default_rng(seed)
    lines = likeliest(programme)
    market = module._Market(programme, lines, np.zeros_like(problem.under))
    for person in random.integers(8, size=20).tolist():
        columns = programme.columns[programme.kind_of[person]]
        line = columns[random.integers(len(columns))].line
        other = market.lines.copy()
        other[person] = line
        saved = programme.cost(market.lines) - programme.cost(other)
        assert market._gain(person, line) == pytest.approx(saved)
        market._take(person, line)
        assert np.array_equal(market.lines, other)
        staff = programme.pricing.staff(other)
        assert np.array_equal(market.short, programme.part.required - staff)


def test_a_missing_head_grows_dearer_and_is_forgotten_slowly() -> None:
    problem = make_problem(8)
    programme, _ = solved(problem)
    programme.close()
    prices = np.zeros_like(problem.under)
    prices[2, 1] = 0.4 * problem.under[2, 1]
    prices[3, 1] = problem.under[3, 1]
    market = module._Market(programme, likeliest(programme), prices)
    market.short[:] = 0
    market.short[2:4, 1] = 2
    market.raise_prices()
    rise = 0.97 * 0.1 * 2 * (1 - 0.4)
    assert market.under[2, 1] == pytest.approx(problem.under[2, 1] * (1 + rise))
    assert market.under[3, 1] == problem.under[3, 1], "the programme leaves that head missing too"
    market.short[:] = 0
    market.raise_prices()
    assert market.under[2, 1] == pytest.approx(problem.under[2, 1] * (1 + 0.97 * rise))
    market.under[2, 1] = problem.under[2, 1]
    assert np.array_equal(market.under, problem.under)


def test_the_likeliest_lines_are_those_the_programme_takes_most_of() -> None:
    problem = crowd(8)
    programme: Programme
    programme, _ = solved(problem)
    programme.close()
    lines = likeliest(programme)
    for kind, columns in enumerate(programme.columns):
        own = [line.tobytes() for line in lines[programme.kind_of == kind]]
        for column in columns:
            times = own.count(column.line.astype(np.int16).tobytes())
            assert abs(times - column.open) < 1 + 1e-6


def test_a_search_exchanges_again_from_the_roster_it_has() -> None:
    problem = make_problem(8)
    programme, value = solved(problem)
    guide = guide_of(programme)
    programme.close()
    assert guide.known
    assert not no_guide(problem).known
    roster = first_lines(problem, whole_part(problem), np.arange(8)).astype(int)
    going = turns(40)
    found = exchange(problem, roster, lambda: float(going()), guide, 0)
    assert broken_lines(problem, found) == []
    assert value + problem.wish_base - 1e-6 <= problem.cost(found) < problem.cost(roster)
