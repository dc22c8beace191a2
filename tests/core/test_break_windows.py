"""A break's window counts from the start of the shift or from its end."""

import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.core.tables import contracts_from


def contract(breaks: str) -> pd.DataFrame:
    row = {"contract": "full", "shift_min": 480, "max_days_week": 5, "breaks": breaks}
    return pd.DataFrame([row])


def test_a_window_below_zero_counts_from_the_end() -> None:
    one = contracts_from(contract("tea:15:60:120:paid, tea:15:-120:-60:paid"))[0]
    assert [(b.earliest_min, b.latest_min) for b in one.breaks] == [(60, 120), (360, 420)]


def test_a_window_outside_the_shift_is_refused() -> None:
    for outside in ("tea:15:-500:-60:paid", "tea:15:400:470:paid", "tea:15:60:-10:paid"):
        with pytest.raises(DataError, match=r"outside the shift|no room"):
            contracts_from(contract(outside))
