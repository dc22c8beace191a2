"""Whole lines from the programme: legal, for everybody, and never dearer than what was at hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from tests.scheduling.lines.conftest import make_problem
from tests.scheduling.lines.test_programme import crowd
from wfm.scheduling.line_terms import LineTerms
from wfm.scheduling.lines.dive import choose, dive, sweep, whole_share
from wfm.scheduling.lines.guide import guide_of, no_guide
from wfm.scheduling.lines.parts import whole_part
from wfm.scheduling.lines.pricing import first_lines
from wfm.scheduling.lines.programme import Programme, generate
from wfm.scheduling.rules import broken_lines


def solved(problem: LineTerms) -> tuple[Programme, float]:
    part = whole_part(problem)
    programme = Programme(problem, part)
    programme.add_all(first_lines(problem, part, np.arange(len(part.people))))
    programme.solve()
    return programme, generate(programme, np.arange(len(programme.count)), lambda: True)


@pytest.mark.parametrize("left", [100.0, 0.0])
@pytest.mark.parametrize("problem", [make_problem(8), crowd(8)], ids=["different", "alike"])
def test_everybody_gets_a_legal_line_with_time_and_without(problem: LineTerms, left: float) -> None:
    programme, value = solved(problem)
    lines = dive(programme, lambda: left, rounds=2)
    assert broken_lines(problem, lines) == []
    assert programme.cost(lines) >= value - 1e-6
    assert programme.cost(lines) + problem.wish_base == pytest.approx(problem.cost(lines))
    better = sweep(programme, lines, lambda: True)
    assert broken_lines(problem, better) == []
    assert programme.cost(better) <= programme.cost(lines)
    programme.close()


def test_the_share_of_whole_lines_counts_people() -> None:
    programme, _ = solved(crowd(8))
    programme.close()
    values = [column.open for columns in programme.columns for column in columns]
    assert sum(values) == pytest.approx(8)
    whole = sum(int(value + 1e-6) for value in values)
    assert whole_share(programme) == pytest.approx(whole / 8)
    for kind, columns in enumerate(programme.columns):
        programme.settle(columns[0], int(programme.count[kind]))
    programme.solve(settled=True)
    for columns in programme.columns:
        columns[0].settled = 0
    assert whole_share(programme) == 1.0


def test_the_best_choice_is_the_least_of_all_choices() -> None:
    problem = crowd(3, 7)
    programme, _ = solved(problem)
    programme.close()
    first = np.array([programme.columns[kind][0].line for kind in programme.kind_of])
    found = choose(programme, first, 5, 0)
    choices = [[c.line for c in programme.columns[kind]] for kind in programme.kind_of]
    least = min(programme.cost(np.array(lines)) for lines in product(*choices))
    assert programme.cost(found) == pytest.approx(least)


def test_where_a_rota_falls_short_adds_up_to_what_it_costs_above_the_programme() -> None:
    problem = make_problem(8)
    programme, value = solved(problem)
    guide = guide_of(programme)
    lines = first_lines(problem, whole_part(problem), np.arange(8)).astype(int)
    cover, people = guide.losses(problem, lines)
    assert min(cover.min(), people.min()) >= 0
    assert cover.sum() + people.sum() == pytest.approx(programme.cost(lines) - value, abs=0.1)
    cover, people = no_guide(problem).losses(problem, lines)
    parts = problem.parts(lines)
    assert cover.sum() == pytest.approx(parts["cover_under"] + parts["cover_over"])
    assert not people.any()
    programme.close()
