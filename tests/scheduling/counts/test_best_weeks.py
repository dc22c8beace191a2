"""Bands and days of work of few people, as the best of several roundings."""

import numpy as np
import pytest

from tests.scheduling.counts.around import cost_around
from wfm.scheduling.clock import Clock
from wfm.scheduling.counts.bands import around_bands
from wfm.scheduling.counts.best_weeks import (
    _cheapest,
    best_bands,
    best_days,
    may_choose,
)


@pytest.fixture(scope="module")
def begun(fitted):
    """A matrix of people who differ, bands fitted to its guide, and no duals to begin from."""

    def begin(seed: int, people: int = 14):
        matrix, _, _, guide = fitted(seed, people)
        return matrix, guide, np.zeros(len(matrix.row_low))

    return begin


@pytest.fixture(scope="module")
def best(begun):
    """The same for two seeds, with the values chosen there."""
    cases = {seed: begun(seed) for seed in (1, 3)}
    chosen = {}
    for seed, (matrix, guide, duals) in cases.items():
        bands = best_bands(matrix, matrix, (guide, duals), Clock(60), lambda *_: None, 0)
        chosen[seed] = matrix, guide, best_days(matrix, bands, Clock(60), 0, answered=True)
    return chosen


def test_bands_and_days_are_whole_and_legal_and_the_rest_an_answer_around_them(best):
    matrix, _, values = best[1]
    for kind in ("n", "m"):
        own = values[matrix.of_kind(kind)]
        assert (own == np.round(own)).all()
    for one, n in zip(matrix.layout.classes, matrix.columns.n, strict=True):
        assert values[n].sum() == one.size
    reached = matrix.rows @ values
    assert (reached >= matrix.row_low - 1e-4).all()
    assert (reached <= matrix.row_high + 1e-4).all()
    assert matrix.cost @ values == pytest.approx(cost_around(matrix, values, "n", "m"), abs=1e-3)


def test_they_cost_less_than_fitted_bands_and_days(best):
    before, after = 0.0, 0.0
    for matrix, guide, values in best.values():
        before += cost_around(matrix, guide, "n", "m")
        after += cost_around(matrix, values, "n", "m")
    assert np.isfinite(before)
    assert after < before


@pytest.mark.parametrize(
    ("costs", "cheapest"),
    [((9.0, 2.0), 5), ((1.0, 2.0), 4), ((None, 3.0), 5), ((None, None), None)],
)
def test_the_cheapest_of_what_each_core_finds_is_taken(costs, cheapest):
    asked = []

    def ask(seed: int):
        asked.append(seed)
        cost = costs[seed - 4]
        return None if cost is None else (cost, seed)

    assert _cheapest(ask, 0.0, Clock(60), 4) == cheapest  # no time: once on each core
    assert sorted(asked) == [4, 5]


def test_days_around_given_bands_cost_what_they_cost_around_their_programme(begun, best):
    """Bands not yet answered are, before days are rounded: the way for people who are alike."""
    matrix, _, values = best[3]
    bands = np.where(matrix.of_kind("n"), values, 0.0)
    found = best_days(matrix, bands, Clock(60), 0, answered=False)
    assert (found[matrix.of_kind("m")] == np.round(found[matrix.of_kind("m")])).all()
    assert (found[matrix.of_kind("n")] == values[matrix.of_kind("n")]).all()
    assert matrix.cost @ found == pytest.approx(cost_around(matrix, found, "n", "m"), abs=1e-3)


def test_without_time_the_linear_programme_has_no_say(begun):
    matrix, guide, duals = begun(1)
    clock = Clock(60)
    clock.running.stop()
    told = []
    near = guide, duals
    assert best_bands(matrix, matrix, near, clock, lambda *one: told.append(one), 0) is None
    assert [(whole, found) for whole, _, found in told] == [(matrix, None)]
    assert best_days(matrix, guide, clock, 0, answered=False) is None


def test_a_linear_programme_that_is_too_large_has_no_say(begun, monkeypatch):
    matrix, guide, _ = begun(1)
    size = len(around_bands(matrix, guide).free)
    monkeypatch.setattr("wfm.scheduling.counts.best_weeks.MOST", size)
    assert may_choose(matrix, guide)
    monkeypatch.setattr("wfm.scheduling.counts.best_weeks.MOST", size - 1)
    assert not may_choose(matrix, guide)
