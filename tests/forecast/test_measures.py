"""Scores worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from wfm.forecast import measures


def test_unknown_values_are_left_out():
    assert measures.wape([10, np.nan, 30], [14, 99, 30]) == pytest.approx(0.1)
    assert measures.bias([10, np.nan, 30], [6, 99, 30]) == pytest.approx(-0.1)
    assert measures.coverage([1, np.nan], [0, 0], [2, 2]) == 1.0


def test_a_score_of_nothing_is_unknown():
    assert np.isnan(measures.wape([np.nan], [1]))
    assert np.isnan(measures.coverage([np.nan], [0], [1]))


def test_pinball_punishes_the_side_the_level_says():
    assert measures.pinball([10], [[8]], [0.9]) == pytest.approx(2 * 0.9 * 2 / 10)
    assert measures.pinball([10], [[12]], [0.9]) == pytest.approx(2 * 0.1 * 2 / 10)


def test_errors_are_scaled_by_last_weeks_value():
    history = np.arange(14, dtype=float)[:, None]  # a week later it is always 7 more
    assert measures.mase([10.0, 20.0], [17.0, 13.0], history) == pytest.approx(1.0)
    assert measures.rmsse([10.0, 20.0], [17.0, 13.0], history) == pytest.approx(1.0)
