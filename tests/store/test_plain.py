from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.intervals import day_grid, parse_interval
from wfm.store.plain import plain, table_from_json, table_to_json


def there_and_back(frame: pd.DataFrame) -> pd.DataFrame:
    import json

    content = json.loads(json.dumps(table_to_json(frame, name="agents"), allow_nan=False))
    return table_from_json(content)


def test_a_table_as_the_planner_types_it_comes_back() -> None:
    frame = pd.DataFrame(
        {
            "agent": ["a1", "a2", None],
            "name": ["Gül Şen", "", "=1+1"],
            "start_date": [date(2026, 3, 2), None, date(2026, 10, 25)],
            "from": [time(9, 30), None, time(23, 59, 59)],
            "cost_per_h": [9.5, np.nan, 0.1 + 0.2],
            "days": [5, 4, 3],
            "active": [True, False, True],
            "mixed": [1, "two", 3.5],
            "skills": [["sales", "orders"], [], None],
        }
    )
    pd.testing.assert_frame_equal(there_and_back(frame), frame, check_exact=True)


def test_both_passes_of_the_doubled_hour_are_kept_apart() -> None:
    start = day_grid(date(2026, 10, 25), 1, parse_interval("30min"), "Europe/Berlin")
    frame = pd.DataFrame({"start": start, "day": start.tz_localize(None), "change": 0.1})
    back = there_and_back(frame)
    pd.testing.assert_frame_equal(back, frame)
    assert back["start"].is_unique


def test_a_stamp_in_a_mixed_column_keeps_its_offset() -> None:
    moment = pd.Timestamp("2026-10-25 00:30Z").tz_convert("Europe/Berlin")
    back = there_and_back(pd.DataFrame({"x": pd.Series([moment, "never"], dtype="object")}))
    assert back["x"].tolist() == [moment, "never"]


def test_an_empty_table_keeps_its_columns() -> None:
    frame = pd.DataFrame({"agent": pd.Series(dtype="str"), "cost": pd.Series(dtype="float64")})
    pd.testing.assert_frame_equal(there_and_back(frame), frame)
    assert there_and_back(pd.DataFrame()).empty


CELL = st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.times()


@given(
    floats=st.lists(st.floats(), min_size=3, max_size=3),
    texts=st.lists(st.text() | st.none(), min_size=3, max_size=3),
    cells=st.lists(CELL, min_size=3, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_any_cell_comes_back(floats: list[float], texts: list[Any], cells: list[Any]) -> None:
    frame = pd.DataFrame(
        {
            "f": floats,
            "t": pd.Series(texts, dtype="str"),
            "c": pd.Series(cells, dtype="object"),
            "i": pd.array([1, None, 3], dtype="Int64"),
        }
    )
    pd.testing.assert_frame_equal(there_and_back(frame), frame, check_exact=True)


def test_a_cell_that_cannot_be_saved_is_named() -> None:
    with pytest.raises(DataError, match=r"agents, column 'x': .* cannot be saved"):
        table_to_json(pd.DataFrame({"x": [object()]}), name="agents")


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(DataError, match="two columns"):
        table_to_json(pd.DataFrame([[1, 2]], columns=["x", "x"]), name="agents")


def test_settings_become_plain() -> None:
    told = {"a": np.int64(3), "b": (1.5, None), "c": {"d": datetime(2026, 1, 2, tzinfo=UTC)}}
    assert plain(told, name="settings") == {
        "a": 3,
        "b": [1.5, None],
        "c": {"d": "2026-01-02T00:00:00+00:00"},
    }


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"x"])
def test_a_setting_that_cannot_be_saved_is_named(value: Any) -> None:
    with pytest.raises(DataError, match=r"settings\.staff\.aht_s: .* cannot be saved"):
        plain({"staff": {"aht_s": value}}, name="settings")
