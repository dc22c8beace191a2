"""Breaks that are alike share a stock, and a stock loses nothing against one for each break."""

from dataclasses import replace

import numpy as np
import pytest

from wfm.core.people import Break
from wfm.scheduling.check import check
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.linear import Running, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.names import name_counts
from wfm.scheduling.rules import breaks as rule
from wfm.scheduling.settings import Rules

AFTERNOON = Break("tea", 15, 345, 405, paid=True)


def contracts(parts):
    """Two with breaks of 15 min in windows of an hour, twice and once a shift; one with others."""
    full = replace(parts["FULL"], breaks=(*parts["FULL"].breaks, AFTERNOON))
    late = replace(full, contract="late", start_from_min=600, breaks=parts["FULL"].breaks)
    return full, late, parts["PART"]


def centre(make, parts, **more):
    who = parts["people"](9, "voice|surveys")
    who = [replace(a, contract="late") if i in (1, 4) else a for i, a in enumerate(who)]
    return make(who, days=3, heads={"voice": 4}, contracts=contracts(parts), **more)


def optimum(problem):
    matrix = make_matrix(problem)
    part = take_slice(matrix, np.ones(len(matrix.cost), bool), np.zeros(len(matrix.cost)))
    return relax(part, 1e-9, 60, Running(), small=len(matrix.cost)).objective


def alone(problem, layout):
    """A stock for each break of each group."""
    for number, group in enumerate(layout.groups):
        for i, (length, _, _) in enumerate(group.pauses):
            yield group.skill_set, length, ((number, i),)


def test_breaks_as_long_in_windows_as_wide_share_a_stock(make, parts):
    matrix = make_matrix(centre(make, parts))
    layout, stocks = matrix.layout, matrix.columns.stocks
    named = [
        {(layout.groups[number].contract, i) for number, i in stock.breaks} for stock in stocks
    ]
    assert sorted(map(sorted, named)) == [
        [("full", 0), ("full", 2), ("late", 0)],
        [("full", 1), ("late", 1)],
        [("part", 0)],
    ]
    for stock in stocks:
        for number, i in stock.breaks:
            assert matrix.columns.k[number][i] is stock.k


@pytest.mark.parametrize(
    "rules",
    [
        Rules(prorate_days=False, break_gap_min=60),
        Rules(prorate_days=False, break_share_max=0.5),
    ],
    ids=["an order of its own", "heads that are counted"],
)
def test_breaks_that_other_rules_tell_apart_share_none(make, parts, rules):
    matrix = make_matrix(centre(make, parts, rules=rules))
    assert all(len(stock.breaks) == 1 for stock in matrix.columns.stocks)


def test_windows_that_overlap_in_a_shift_share_none(make, parts):
    early = Break("break", 15, 60, 180, paid=True)
    full = replace(parts["FULL"], breaks=(early, Break("lunch", 30, 180, 300, paid=False)))
    late = replace(full, contract="late", start_from_min=600)
    who = [
        replace(a, contract=c) for a, c in zip(parts["people"](2), ("full", "late"), strict=True)
    ]
    matrix = make_matrix(make(who, contracts=(full, late)))
    assert [len(stock.breaks) for stock in matrix.columns.stocks] == [1, 1, 1, 1]


def test_a_stock_costs_and_saves_nothing_in_the_linear_programme(make, parts, monkeypatch):
    problem = centre(make, parts)
    shared, columns = optimum(problem), len(make_matrix(problem).cost)
    monkeypatch.setattr(rule, "_alike", alone)
    assert len(make_matrix(problem).cost) > columns
    assert shared == pytest.approx(optimum(problem), abs=1e-6)
    assert shared > 0


@pytest.mark.parametrize("seed", range(5))
def test_every_window_gets_a_break_of_its_stock(make, parts, seed):
    """Breaks moved at random as the rows allow come back as legal shifts."""
    problem = centre(make, parts)
    matrix = make_matrix(problem)
    crew = first_crew(problem)
    values = count_crew(matrix, crew)
    assert not len(broken_rows(matrix, values))
    random, moved = np.random.default_rng(seed), 0
    for _ in range(200):
        stock = matrix.columns.stocks[int(random.integers(len(matrix.columns.stocks)))]
        used = np.flatnonzero((stock.k >= 0) & (np.where(stock.k >= 0, values[stock.k], 0) > 0))
        at = int(random.choice(used))
        to = at + int(random.integers(-3, 4))
        if not 0 <= to < len(stock.k) or stock.k[to] < 0:
            continue
        tried = values.copy()
        tried[stock.k[at]] -= 1
        tried[stock.k[to]] += 1
        matrix.count_due(tried)
        rows = np.isin(matrix.row_rule[broken_rows(matrix, tried)], ["breaks"])
        outside = (tried < matrix.low) | (tried > matrix.high)
        if not rows.any() and not outside[matrix.of_kind("k", "w")].any():
            values, moved = tried, moved + (at != to)
    assert moved > 20
    named = name_counts(matrix, values, crew, kept=False, seconds=5, late=lambda: False)
    assert [v for v in check(problem, named.frame()) if v.rule == "breaks"] == []
