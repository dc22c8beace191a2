"""Distributions of a factor on the load."""

from __future__ import annotations

import numpy as np
import pytest

from wfm.core.errors import DataError
from wfm.erlang.spreads import Gamma, Quantiles


def test_quantile_and_chance_are_inverse() -> None:
    table = Quantiles([0.1, 0.4, 0.9], [[0.5, 1.0, 2.0], [1.0, 1.0, 3.0]])
    assert table.quantile(0.25).tolist() == [0.75, 1.0]
    assert table.chance(np.array([0.75, 1.0])).round(12).tolist() == [0.25, 0.4]
    assert table.chance(np.array([9.0, 0.1])).tolist() == [0.9, 0.1]
    day = Gamma(0.2)
    assert day.chance(day.quantile(0.8)).round(12).tolist() == [0.8]


@pytest.mark.parametrize("cv", [0.01, 0.1, 0.5, 1.5])
def test_contacts_meet_a_gamma_factor_one_shape_larger(cv: float) -> None:
    nodes, weights = Gamma(cv).contacts()
    # E[G^2] / E[G] = 1 + cv^2, E[1] = 1
    assert weights.sum() == pytest.approx(1.0)
    assert (nodes * weights).sum() == pytest.approx(1.0 + cv**2, rel=1e-9 if cv < 1 else 1e-6)


def test_a_row_without_contacts_weighs_evenly() -> None:
    nodes, weights = Quantiles([0.2, 0.8], [[0.0, 0.0], [1.0, 3.0]]).contacts()
    assert weights[0].round(12).tolist() == [0.2, 0.6, 0.2]
    assert nodes[1].tolist() == [1.0, 2.0, 3.0]
    assert weights[1].round(12).tolist() == [0.1, 0.6, 0.3]


@pytest.mark.parametrize(
    ("levels", "values", "message"),
    [
        ([0.5], [1.0], "Give two or more ascending levels"),
        ([0.5, 0.4], [1.0, 2.0], "ascending"),
        ([0.1, 1.0], [1.0, 2.0], "between 0 and 1"),
        ([0.1, 0.5], [1.0, 2.0, 3.0], "a value for each"),
        ([0.1, 0.5], [2.0, 1.0], "negative, unknown or fall"),
        ([0.1, 0.5], [np.nan, 1.0], "negative, unknown or fall"),
    ],
)
def test_quantiles_that_cannot_be_are_refused(
    levels: list[float], values: list[float], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        Quantiles(levels, values)


def test_a_share_in_percent_is_refused() -> None:
    with pytest.raises(DataError, match="cv is 20"):
        Gamma(20)
