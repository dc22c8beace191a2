"""Patience from censored waits: by hand, from simulated queues, and beside statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from wfm.core.errors import DataError
from wfm.erlang.patience import kaplan_meier, patience_from_waits


def censored(mean: float, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Waits that end at an exponential patience or an answer, whichever comes first."""
    rng = np.random.default_rng(seed)
    patience, answer = rng.exponential(mean, count), rng.gamma(0.7, 60.0, count)
    return np.minimum(patience, answer), patience < answer


def test_everybodys_wait_over_the_abandonments_by_hand() -> None:
    found = patience_from_waits([0.0, 5.0, 10.0, 15.0, 30.0], [0, 0, 1, 0, 1])
    assert found.mean_s == 30.0
    assert (found.abandonments, found.contacts, found.method) == (2.0, 5.0, "waits")
    # Two-sided 95 %: 2 x 60 s over the chi-square quantiles with 2D + 2 and 2D degrees of freedom.
    assert found.low_s == pytest.approx(120.0 / stats.chi2.ppf(0.975, 6), rel=1e-12)
    assert found.high_s == pytest.approx(120.0 / stats.chi2.ppf(0.025, 4), rel=1e-12)
    assert "from 2 abandonments among 5 contacts" in found.note
    assert "Fewer than 30 abandonments" in found.note


def test_the_mean_time_to_abandon_would_be_far_too_short() -> None:
    wait, lost = censored(200.0, 5000, 1)
    found = patience_from_waits(wait, lost)
    assert wait[lost].mean() < 80.0
    assert found.low_s < 200.0 < found.high_s
    assert found.high_s / found.low_s < 1.2
    assert "Fewer" not in found.note
    assert found.fair


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    inside = []
    for seed in range(300):
        found = patience_from_waits(*censored(150.0, 120, seed), confidence=0.9)
        inside.append(found.low_s <= 150.0 <= found.high_s)
    # 90 % of 300, less three standard errors; the interval is rather too wide than too narrow.
    assert np.mean(inside) >= 0.9 - 3 * np.sqrt(0.09 / 300)


def test_another_shape_of_patience_is_told() -> None:
    rng = np.random.default_rng(3)
    patience, answer = rng.gamma(9.0, 10.0, 4000), rng.uniform(0.0, 200.0, 4000)
    found = patience_from_waits(np.minimum(patience, answer), patience < answer)
    assert found.fair is False
    assert found.gap is not None
    assert found.gap > 0.15
    assert "differ from an exponential patience by up to" in found.note


def test_short_abandonments_can_be_left_out() -> None:
    wait, lost = censored(100.0, 20_000, 5)
    rng = np.random.default_rng(6)
    wait = np.concatenate([wait, rng.uniform(0.0, 4.0, 3000)])  # wrong numbers
    lost = np.concatenate([lost, np.ones(3000, dtype=bool)])
    every, without = patience_from_waits(wait, lost), patience_from_waits(wait, lost, short_s=5.0)
    assert every.high_s < 100.0
    # Exponential patience has no memory: 5 s waited, 100 s to go.
    assert without.low_s - 5.0 < 100.0 < without.high_s - 5.0
    assert without.abandonments == (lost & (wait > 5.0)).sum()


def test_the_curve_is_that_of_statsmodels() -> None:
    duration = pytest.importorskip("statsmodels.duration.survfunc")
    wait, lost = censored(120.0, 400, 8)
    wait = np.round(wait)  # ties, also of answered and abandoned
    mine = kaplan_meier(wait, lost)
    theirs = duration.SurvfuncRight(wait, lost.astype(int))
    np.testing.assert_array_equal(mine["wait_s"], theirs.surv_times)
    np.testing.assert_array_equal(mine["at_risk"], theirs.n_risk)
    np.testing.assert_array_equal(mine["abandoned"], theirs.n_events)
    np.testing.assert_allclose(mine["staying"], theirs.surv_prob, rtol=1e-12)
    last = mine["staying"] > 0.0  # Greenwood's formula is 0 x infinity where nobody is left
    np.testing.assert_allclose(mine["error"][last], theirs.surv_prob_se[last], rtol=1e-12)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_without_censoring_in_between_the_curve_is_a_share(calls: list[tuple[int, bool]]) -> None:
    wait, lost = np.array([c[0] for c in calls], dtype=float), np.array([c[1] for c in calls])
    curve = kaplan_meier(wait, lost)
    assert curve["staying"].between(0.0, 1.0).all()
    assert curve["staying"].is_monotonic_decreasing
    assert curve["abandoned"].sum() == lost.sum()
    every = kaplan_meier(wait, np.ones(wait.size, dtype=bool))
    share = [(wait > t).mean() for t in every["wait_s"]]
    np.testing.assert_allclose(every["staying"], share, atol=1e-12)


def test_nobody_abandoned_gives_a_lower_bound_and_no_estimate() -> None:
    found = patience_from_waits([100.0, 200.0, 0.0], [False, False, False])
    assert np.isnan(found.mean_s)
    assert not found.known
    # The rule of three: with 95 % fewer than three were to be expected.
    assert found.low_s == pytest.approx(300.0 / 3.0, rel=2e-3)
    assert found.high_s == np.inf
    assert "patience cannot be estimated; it is 100 s or more" in found.note


@pytest.mark.parametrize(
    ("wait", "lost", "message"),
    [
        ([1.0, np.nan], [0, 1], r"wait_s is nan in row 1\. Write seconds, 0 or more"),
        ([-3.0, -1.0], [0, 1], "wait_s is -3 in row 0 and 1 more"),
        ([np.inf], [0], "wait_s is inf"),
        ([1.0, 2.0], [0, 2], "abandoned is 2 in row 1. Write True or False"),
        ([1.0, 2.0], [True], "2 waits and 1 marks"),
        ([], [], "no calls"),
        (["a"], [True], "are not numbers"),
        ([0.0, 0.0], [True, False], "1 abandoned, but all waits are 0 s"),
    ],
)
def test_calls_that_cannot_be_are_refused(wait: list, lost: list, message: str) -> None:
    with pytest.raises(DataError, match=message):
        patience_from_waits(wait, lost)


def test_options_that_cannot_be_are_refused() -> None:
    with pytest.raises(DataError, match="confidence is 95"):
        patience_from_waits([1.0], [True], confidence=95)
    with pytest.raises(DataError, match="short_s is -1"):
        patience_from_waits([1.0], [True], short_s=-1.0)
