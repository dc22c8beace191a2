from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from wfm.core.errors import DataError
from wfm.scheduling.lines.heads import heads_by_type


def staff(heads: np.ndarray, covers: np.ndarray) -> np.ndarray:
    return heads @ covers


@pytest.mark.parametrize("seed", range(12))
def test_no_other_heads_are_better(seed: int) -> None:
    random = np.random.default_rng(seed)
    covers = (random.random((3, 6)) < 0.5).astype(int)  # broken shifts too
    covers[0] = 1
    required = random.integers(0, 5, (2, 6))
    choices = np.array(list(product(range(6), repeat=3)))
    near = heads_by_type(required, covers, most_of_type=5)
    prices = random.integers(1, 4, 3)
    cheap = heads_by_type(required, covers, prices=prices, most_of_type=5)
    for day, row in enumerate(required):
        apart = np.abs(staff(choices, covers) - row).sum(axis=1)
        assert np.abs(staff(near[day], covers) - row).sum() == apart.min()
        enough = (staff(choices, covers) >= row).all(axis=1)
        assert (staff(cheap[day], covers) >= row).all()
        assert cheap[day] @ prices == (choices[enough] @ prices).min()


def test_a_day_beyond_the_limits_is_refused() -> None:
    covers = np.array([[1, 1, 0]])
    with pytest.raises(DataError, match="day 0 cannot be covered"):
        heads_by_type(np.array([[1, 1, 1]]), covers, prices=np.array([1]))
    with pytest.raises(DataError, match="day 0 cannot be covered"):
        heads_by_type(np.array([[4, 4, 0]]), covers, prices=np.array([1]), most_at_once=3)
