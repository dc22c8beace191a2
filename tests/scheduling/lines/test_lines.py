"""The shortest path against every line there is, judged by the checker."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tests.scheduling.lines.conftest import LIMITS, make_problem
from wfm.core.rota import RotaContract
from wfm.scheduling.clock import Clock
from wfm.scheduling.line_terms import OFF, LineTerms
from wfm.scheduling.lines.lines import Lines, whole
from wfm.scheduling.lines.parts import part_of, whole_part
from wfm.scheduling.lines.pricing import Part, Pricing
from wfm.scheduling.lines.solve import solve_lines
from wfm.scheduling.rules import broken_lines

CONTRACTS = (
    RotaContract("c"),
    RotaContract("c", max_in_row=2),
    RotaContract("c", min_in_row=2, min_off_in_row=2, max_in_row=3),
    RotaContract("c", min_total_min=1500, max_total_min=2040, max_in_row=5),
    RotaContract("c", max_weekends=0, min_off_in_row=3),
    RotaContract("c", min_in_row=3, max_in_row=3, max_weekends=1, min_total_min=960),
    RotaContract("c", min_shifts=4, min_off_in_row=2),
    RotaContract("c", min_shifts=3, max_total_min=2100, max_in_row=3, max_weekends=0),
    RotaContract("c", {"night": 1, "late": 1}, min_total_min=1440),
)
PASTS = (None, ("late", 1), (None, 1), ("night", 3), (None, 5))


def every_line(problem: LineTerms) -> np.ndarray:
    """All legal lines of a problem of one person: each is somebody's in a crowd of the same."""
    kinds = range(OFF, len(problem.shifts))
    lines = np.array(list(product(kinds, repeat=problem.days)))
    names = tuple(str(i) for i in range(len(lines)))
    per_person = (
        "allowed",
        "most_of_type",
        "min_shifts",
        "min_minutes",
        "max_minutes",
        "max_in_row",
    )
    per_person += ("min_in_row", "min_off_in_row", "max_weekends", "wish")
    per_person += ("before_shift", "before_days")
    crowd = replace(
        problem,
        people=names,
        contracts=problem.contracts * len(lines),
        **{name: np.repeat(getattr(problem, name), len(lines), axis=0) for name in per_person},
    )
    broken = {int(v.agent) for v in broken_lines(crowd, lines)}
    return lines[[i for i in range(len(lines)) if i not in broken]]


@pytest.mark.parametrize("past", PASTS)
@pytest.mark.parametrize("contract", CONTRACTS, ids=range(len(CONTRACTS)))
def test_no_legal_line_is_cheaper_than_the_shortest_path(
    contract: RotaContract, past: tuple[str | None, int] | None
) -> None:
    before = None if past is None else {"p0": past}
    problem = make_problem(1, 7, contract, before=before)
    legal = every_line(problem)
    free = Lines(problem, whole(problem))
    caps = problem.most_of_type.min() >= problem.days
    random = np.random.default_rng(1)
    for _ in range(5):
        cost = random.normal(0, 10, (1, problem.days, len(problem.shifts) + 1))
        cost[~problem.allowed] = np.inf
        values, lines = free.best(np.array([0]), cost)
        if not len(legal):
            assert np.isinf(values[0])
            continue
        least = min(float(cost[0, np.arange(problem.days), row].sum()) for row in legal)
        if caps:
            assert values[0] == pytest.approx(least, abs=1e-3)
            assert not broken_lines(problem, lines)
        else:
            assert values[0] <= least + 1e-3


def test_lines_of_many_people_are_those_of_each_alone() -> None:
    problem = make_problem(12, 14)
    random = np.random.default_rng(2)
    cost = random.normal(0, 10, (12, 14, 4))
    cost[~problem.allowed] = np.inf
    lines = Lines(problem, whole(problem))
    together, _ = lines.best(np.arange(12), cost)
    alone = [lines.best(np.array([i]), cost[[i]])[0][0] for i in range(12)]
    assert together == pytest.approx(alone)


def test_limits_by_type_are_kept_and_the_bound_stays_below() -> None:
    contract = RotaContract("c", {"night": 1, "late": 1}, min_total_min=1440)
    problem = make_problem(1, 7, contract)
    legal = every_line(problem)
    pricing = Pricing(problem, whole_part(problem))
    random = np.random.default_rng(3)
    for _ in range(20):
        prices = random.uniform(-1, 20, pricing.under.shape)
        least, cost, lines = pricing.cheapest(np.array([0]), prices)
        charged = pricing.wish[0] - prices
        paid = [float(charged[np.flatnonzero(r != OFF), r[r != OFF]].sum()) for r in legal]
        assert not broken_lines(problem, lines)
        assert least[0] - 1e-3 <= min(paid) <= cost[0] + 1e-3
    pricing.close()


def test_a_part_of_a_legal_rota_keeps_it_legal() -> None:
    problem = make_problem(
        6, 28, replace(LIMITS, min_total_min=6000, max_total_min=9600, max_weekends=3)
    )
    roster, clashes = solve_lines(problem, Clock(2), 0)
    assert not clashes
    assert broken_lines(problem, roster) == []
    random = np.random.default_rng(4)
    for first, last in ((0, 9), (7, 14), (14, 28)):
        part: Part = part_of(problem, roster, np.arange(6), first, last)
        pricing = Pricing(problem, part)
        for _ in range(5):
            prices = random.uniform(-1, 20, pricing.under.shape)
            _, cost, lines = pricing.cheapest(np.arange(6), prices)
            assert np.isfinite(cost).mean() > 0.5
            changed = roster.copy()
            found = np.isfinite(cost)
            changed[found, first : part.stretch.last] = lines[found]
            assert broken_lines(problem, changed) == []
        pricing.close()
