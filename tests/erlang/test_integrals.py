"""The integrals behind the formulas, against scipy and by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from wfm.erlang.integrals import COARSE, EXACT, deviance, excess, free_weight, piece


def one(value: float) -> np.ndarray:
    return np.array([float(value)])


def test_rules_integrate_constants_exactly() -> None:
    for rule in (EXACT, COARSE):
        assert rule.weights.sum() == pytest.approx(1.0, abs=1e-14)
        assert ((rule.nodes > 0) & (rule.nodes < 1)).all()


def test_excess_of_small_and_large_arguments() -> None:
    u = np.array([1e-12, -1e-12, 1e-3, -0.05, 0.5, -40.0, 3.0])
    terms = [sum(x**k / special.factorial(k) for k in range(2, 12)) for x in u[:4]]
    expected = np.array([*terms, *(np.exp(u[4:]) - 1 - u[4:])])
    np.testing.assert_allclose(excess(u), expected, rtol=2e-15)


@given(st.floats(0.01, 1e5), st.floats(-0.5, 2.0))
@settings(max_examples=50, deadline=None)
def test_deviance_is_never_negative_and_zero_only_at_the_mean(x: float, shift: float) -> None:
    mean = x * (1.0 + shift)
    value = float(deviance(one(x), one(mean))[0])
    assert value >= 0.0
    assert value == pytest.approx(x * np.log(x / mean) + mean - x, rel=1e-9, abs=1e-10 * x)


@pytest.mark.parametrize(
    ("slope", "curve", "decay", "length", "sign"),
    [
        (0.0, 1.0, 1.0, np.inf, -1.0),
        (2.0, 3.0, 5.0, 0.7, -1.0),
        (0.0, 0.01, 0.01, np.inf, -1.0),  # decay far slower than e^t: needs the plain tail
        (0.0, 0.002, 0.002, 300.0, -1.0),
        (3.0, 40.0, 37.0, np.inf, 1.0),
        (0.0, 2e6, 2e6, np.inf, 1.0),
    ],
)
def test_a_piece_agrees_with_adaptive_quadrature(
    slope: float, curve: float, decay: float, length: float, sign: float
) -> None:
    def f(w: float) -> float:
        return float(np.exp(-slope * w - curve * excess(one(sign * w))[0]))

    got = piece(*(one(v) for v in (slope, curve, decay, length, sign)))
    end = min(length, 60.0 / max(decay, 1e-9) + 1.0 if sign < 0 else 8.0)
    marks = sorted({0.0, *(m for m in (1e-3, 5e-3, 0.1, 1.0, 5.0, 40.0) if m < end), end})
    spans = list(pairwise(marks))

    def total(weight: object) -> float:
        return sum(
            integrate.quad(lambda w: f(w) * weight(w), a, b, epsabs=0, epsrel=1e-12, limit=400)[0]  # type: ignore[operator]
            for a, b in spans
        )

    assert got.total[0] == pytest.approx(total(lambda w: 1.0), rel=1e-11)
    assert got.growth[0] == pytest.approx(total(lambda w: np.expm1(sign * w)), rel=1e-11)
    assert got.scaled[0] == pytest.approx(total(lambda w: np.exp(sign * w)), rel=1e-11)
    assert got.distance[0] == pytest.approx(total(lambda w: sign * w * np.exp(sign * w)), rel=1e-11)


def test_an_empty_piece_weighs_nothing() -> None:
    got = piece(one(1), one(1), one(1), one(0), one(-1))
    assert [float(v[0]) for v in (got.total, got.growth, got.scaled, got.distance)] == [0.0] * 4


@given(st.integers(1, 3000), st.floats(0.01, 4000.0))
@settings(max_examples=60, deadline=None)
def test_free_weight_agrees_with_the_recurrence_of_erlang_b(agents: int, load: float) -> None:
    inverse = 1.0  # 1/B(0)
    for k in range(1, agents):
        inverse = 1.0 + inverse * k / load
        if inverse > 1e250:
            return
    scale, value = free_weight(one(agents), one(load))
    assert float(value[0] * np.exp(scale[0])) == pytest.approx(inverse / load, rel=2e-12)
