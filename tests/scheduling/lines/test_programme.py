"""The programme over lines: people who are alike stand in it once, and nothing changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.scheduling.lines.conftest import LIMITS, make_problem
from wfm.scheduling.line_terms import LineTerms
from wfm.scheduling.lines import programme as module
from wfm.scheduling.lines.parts import whole_part
from wfm.scheduling.lines.pricing import alike, first_lines
from wfm.scheduling.lines.programme import Programme, generate


def crowd(people: int = 6, days: int = 14) -> LineTerms:
    """People without wishes, absences or limits by type; only the last likes the first type."""
    problem = make_problem(people, days, replace(LIMITS, most_of_type={}))
    wish = np.zeros_like(problem.wish)
    wish[-1, :, 0] = -1.0
    return replace(problem, wish=wish, wish_base=0.0, allowed=np.ones_like(problem.allowed))


def value_of(problem: LineTerms) -> tuple[Programme, float, float]:
    """A finished programme, its value and its bound."""
    part = whole_part(problem)
    programme = Programme(problem, part)
    programme.add_all(first_lines(problem, part, np.arange(len(part.people))))
    programme.solve()
    bounds: list[float] = []
    kinds = np.arange(len(programme.count))
    value = generate(programme, kinds, lambda: True, bound=bounds.append)
    programme.close()
    return programme, value, max(bounds)


def test_people_are_alike_when_limits_absences_and_wishes_are() -> None:
    problem = crowd()
    assert alike(problem, whole_part(problem)).tolist() == [0, 0, 0, 0, 0, 1]
    tired = problem.before_days.copy()
    tired[1] = 2
    other = replace(problem, before_days=tired)
    assert alike(other, whole_part(other)).tolist() == [0, 1, 0, 0, 0, 2]


def test_one_kind_costs_what_its_people_cost_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = crowd()
    together, value, bound = value_of(problem)
    monkeypatch.setattr(module, "alike", lambda problem, part: np.arange(len(part.people)))
    alone, same, _ = value_of(problem)
    assert together.count.tolist() == [5, 1]
    assert len(alone.count) == 6
    assert value == pytest.approx(same, abs=1e-2)
    assert bound <= value + 1e-6


def test_lines_of_kinds_expand_to_a_line_for_each_person() -> None:
    problem = crowd(3, 7)
    programme = Programme(problem, whole_part(problem))
    lines = np.arange(21).reshape(3, 7) % 3
    pairs = [[(lines[0], 1), (lines[1], 1)], [(lines[2], 1)]]
    assert (programme.expand(pairs) == lines).all()
    programme.close()
