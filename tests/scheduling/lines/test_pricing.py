"""The cheapest lines: each person at prices of their own, and limits by type with and without."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scheduling.lines.conftest import make_problem
from wfm.scheduling.lines.parts import counts_of, whole_part
from wfm.scheduling.lines.pricing import Pricing


def test_prices_of_ones_own_give_what_everybody_gets_asked_alone() -> None:
    problem = make_problem(6)
    prices = np.random.default_rng(0).uniform(0, 8, (6, *problem.under.shape))
    pricing = Pricing(problem, whole_part(problem))
    _, cost, lines = pricing.cheapest(np.arange(6), prices)
    pricing.close()
    for person in range(6):
        fresh = Pricing(problem, whole_part(problem), workers=1)
        _, alone, line = fresh.cheapest(np.array([person]), prices[person])
        fresh.close()
        assert cost[person] == pytest.approx(alone[0])
        assert np.array_equal(lines[person], line[0])


def test_lines_that_are_not_mended_are_kept_by_fees_within_some_calls() -> None:
    problem = make_problem(6)
    most = problem.most_of_type
    scarce = int(np.argmin(most[0]))
    prices = np.zeros_like(problem.under)
    prices[:, scarce] = 20.0
    pricing = Pricing(problem, whole_part(problem))
    everybody, offers = np.arange(6), []
    for _ in range(60):
        least, cost, lines = pricing.cheapest(everybody, prices, mend=False)
        kept = (counts_of(problem, lines) <= most).all(axis=1)
        assert np.array_equal(np.isfinite(cost), kept)
        assert (least <= cost + 1e-4).all()
        offers.append(kept)
    pricing.close()
    assert not offers[0].any()
    assert np.any(offers, axis=0).all()
