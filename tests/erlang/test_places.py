"""The sums over waiting places, against scipy's distributions and sums in exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy import special

from wfm.erlang.places import stirling, waits, weights


def test_weights_are_the_products_of_their_ratios() -> None:
    load, agents, h, places = np.array([12.0]), np.array([5.0]), np.array([0.5]), np.array([30.0])
    top, found = weights(load, agents, h, places, 30)
    exact = [Fraction(1)]
    for j in range(1, 31):
        exact.append(exact[-1] * 12 / (5 + Fraction(j, 2)))
    best = max(exact)
    np.testing.assert_allclose(found[0], [float(x / best) for x in exact], rtol=1e-13)
    assert top[0] == pytest.approx(np.log(float(best)), rel=1e-14)


@pytest.mark.parametrize("load", [1e-250, 1e-12, 1e-5, 0.3, 0.97, 1.5])
def test_weights_keep_their_digits_far_below_the_agents(load: float) -> None:
    one = np.ones(1)
    _, found = weights(load * one, one, 0.5 * one, 3.0 * one, 3)
    exact = [Fraction(1)]
    for j in range(1, 4):
        exact.append(exact[-1] * Fraction(load) / (1 + Fraction(j, 2)))
    scaled = [float(x / max(exact)) for x in exact]
    np.testing.assert_allclose(found[0], scaled, rtol=1e-13 * max(1.0, -np.log(load)), atol=1e-300)


@pytest.mark.parametrize(
    ("agents", "h", "z"), [(9.0, 2.5, 0.2), (9.0, 2.5, 6.0), (400.0, 0.1, 0.01), (0.08, 1.0, 0.05)]
)
def test_the_law_of_the_wait_is_an_incomplete_beta_function(
    agents: float, h: float, z: float
) -> None:
    one = np.ones(1)
    law = waits(agents * one, h * one, agents * z / h * one, z * one, 40 * one, 40)
    j, c = np.arange(40.0), agents / h
    np.testing.assert_allclose(law.later[0], special.betainc(c, j + 1, np.exp(-z)), rtol=1e-11)
    np.testing.assert_allclose(law.sooner[0], special.betainc(j + 1, c, -np.expm1(-z)), rtol=1e-11)
    np.testing.assert_allclose(
        law.sooner_next[0], special.betainc(j + 2, c, -np.expm1(-z)), rtol=1e-11
    )
    np.testing.assert_allclose(
        law.stayed[0], special.betainc(j + 1, c + 1, -np.expm1(-z)), rtol=1e-11
    )


@pytest.mark.parametrize("busy", [0.0, 0.3, 12.0, 90.0])
def test_endless_patience_makes_it_poisson(busy: float) -> None:
    one = np.ones(1)
    law = waits(9.0 * one, 0.0 * one, busy * one, 0.0 * one, 30 * one, 30)
    j = np.arange(30.0)
    np.testing.assert_allclose(law.later[0], special.gammaincc(j + 1, busy), rtol=1e-12)
    np.testing.assert_allclose(law.sooner[0], special.gammainc(j + 1, busy), rtol=1e-12)
    np.testing.assert_array_equal(law.stayed, law.sooner)


def test_the_stirling_error_is_smooth_where_its_series_begins() -> None:
    x = np.array([15.999999, 16.0, 16.000001])
    np.testing.assert_allclose(stirling(x), 1 / (12 * x) - 1 / (360 * x**3), rtol=1e-5)
    assert np.diff(stirling(x)) == pytest.approx(-1e-6 / (12 * 256), rel=1e-2)


@pytest.mark.parametrize("z", [4.0, 12.0, 40.0, 60.0, 3000.0])
@pytest.mark.parametrize("c", [1e-6, 1e-3, 0.05, 0.4])
def test_a_patience_far_shorter_than_the_work_keeps_both_sides(c: float, z: float) -> None:
    one = np.ones(1)
    law = waits(one, one / c, c * z * one, z * one, 12 * one, 12)
    np.testing.assert_allclose(law.later + law.sooner, 1.0, rtol=1e-13)
    j = np.arange(12.0)
    # e^-cz at once, then times (1 + c / i), less what the threshold cuts off.
    later = np.exp(-c * z) * np.cumprod(np.concatenate([[1.0], 1.0 + c / j[1:]]))
    cut = j * np.exp(-z) * c
    np.testing.assert_allclose(law.later[0], later, rtol=1e-13 + 4 * cut.max())
    if z > 30.0:
        logs = -c * z + np.cumsum(np.log1p(c / np.concatenate([[np.inf], j[1:]])))
        np.testing.assert_allclose(law.sooner[0], -np.expm1(logs), rtol=1e-12)
    else:
        sooner = special.betainc(j + 1, c, -np.expm1(-z))
        np.testing.assert_allclose(law.sooner[0], sooner, rtol=1e-9)
