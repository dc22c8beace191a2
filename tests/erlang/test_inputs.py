"""Checked arrays of one length."""

from __future__ import annotations

import numpy as np
import pytest

from wfm.core.errors import DataError
from wfm.erlang.inputs import read_inputs


def test_scalars_and_arrays_become_rows_of_one_length() -> None:
    asked = read_inputs("m", ("load",), {"load": [1.0, 2.0], "aht_s": 300, "patience_s": None})
    assert asked.load.tolist() == [1.0, 2.0]
    assert asked.aht_s is not None
    assert asked.aht_s.tolist() == [300.0, 300.0]
    assert asked.patience_s is None
    assert asked.frame().columns.tolist() == ["load", "agents", "aht_s"]


def test_some_rows_keep_their_numbers() -> None:
    asked = read_inputs("m", ("load",), {"load": [1.0, 2.0, 3.0], "aht_s": [10, 20, 30]})
    part = asked.at(np.array([2, 0]), np.array([7.0, 8.0]))
    assert part.load.tolist() == [3.0, 1.0]
    assert part.agents.tolist() == [7.0, 8.0]
    assert part.aht_s is not None
    assert part.aht_s.tolist() == [30.0, 10.0]


def test_the_rows_that_cannot_be_used_come_with_the_error() -> None:
    with pytest.raises(DataError, match="m: aht_s is 0 in row 1 and 1 more") as caught:
        read_inputs("m", ("load",), {"load": 1.0, "aht_s": [5.0, 0.0, -1.0]})
    assert caught.value.rows is not None
    assert caught.value.rows["aht_s"].tolist() == [0.0, -1.0]


def test_what_is_missing_is_named() -> None:
    with pytest.raises(DataError, match=r"m: aht_s and patience_s missing\. Give load, aht_s, pat"):
        read_inputs("m", ("load", "aht_s", "patience_s"), {"load": 1.0, "aht_s": None})
