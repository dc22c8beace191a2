"""Heads on contacts to heads on the roster."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.erlang.shrinkage import heads_on_contacts, scheduled_heads


def test_shrinkage_divides_and_rounds_up_once() -> None:
    assert scheduled_heads([0, 1, 9, 10, 52], 0.10).tolist() == [0, 2, 10, 12, 58]
    assert scheduled_heads(70, 0.30).tolist() == 100  # multiplying would give 91


@given(st.integers(0, 5000), st.integers(0, 94))
def test_rounding_is_not_fooled_by_floating_point(agents: int, percent: int) -> None:
    expected = -(-agents * 100 // (100 - percent))
    assert int(scheduled_heads(agents, percent / 100)) == expected
    left = float(heads_on_contacts(expected, percent / 100))
    assert left >= agents - 1e-9


def test_no_shrinkage_changes_nothing() -> None:
    heads = np.arange(200)
    assert (scheduled_heads(heads, 0.0) == heads).all()


@pytest.mark.parametrize("share", [-0.1, 1.0, 30, float("nan")])
def test_shrinkage_outside_0_to_1_is_refused(share: float) -> None:
    with pytest.raises(DataError, match=r"shrinkage is .* Write a share of 0 or more and below 1"):
        scheduled_heads(10, share)
    with pytest.raises(DataError, match="shrinkage is"):
        heads_on_contacts(10, share)
