import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core import columns
from wfm.core.errors import DataError

ZONE = "Europe/Istanbul"


def one_day(**changes: object) -> pd.DataFrame:
    start = pd.date_range("2026-11-23 09:00", periods=3, freq="30min", tz=ZONE)
    frame = pd.DataFrame(
        {
            "start": start,
            "queue": "support",
            "offered": [3.0, 0.0, np.nan],
            "answered": [3.0, 0.0, np.nan],
            "abandoned": [0.0, 0.0, np.nan],
            "aht_s": [300.0, np.nan, np.nan],
        }
    )
    return frame.assign(**changes)


def test_a_good_frame_comes_back_sorted_and_its_input_stays():
    frame = one_day().iloc[::-1]
    before = frame.copy()
    checked = columns.check(frame, columns.HISTORY, name="history")
    assert checked["start"].is_monotonic_increasing
    assert list(checked.index) == [0, 1, 2]
    assert checked["start"].dtype == "datetime64[us, Europe/Istanbul]"
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (one_day().drop(columns=["offered", "aht_s"]), ["missing columns offered, aht_s", "found"]),
        (one_day().assign(start=one_day()["start"].dt.tz_localize(None)), ["no time zone"]),
        (one_day(start=["a", "b", "c"]), ["'a'", "not a zoned time"]),
        (one_day(offered=["3", "three", "4"]), ["'three'", "not a number", "support"]),
        (one_day(offered=[1.0, -2.0, 3.0]), ["holds -2", "at least 0", "2026-11-23 09:30"]),
        (one_day(offered=[1.0, np.inf, 3.0]), ["holds inf"]),
        (pd.concat([one_day(), one_day().head(1)]), ["2 doubled rows", "2026-11-23 09:00"]),
        (one_day(queue=["support", None, "support"]), ["'queue' is empty"]),
    ],
)
def test_a_bad_frame_is_refused_in_one_sentence_that_names_the_place(frame, words):
    with pytest.raises(DataError) as caught:
        columns.check(frame, columns.HISTORY, name="history")
    message = str(caught.value)
    assert message.startswith("history: ")
    for word in words:
        assert word in message


def test_the_offending_rows_are_handed_over():
    with pytest.raises(DataError) as caught:
        columns.check(one_day(offered=[1.0, -2.0, -3.0]), columns.HISTORY, name="history")
    assert list(caught.value.rows["offered"]) == [-2.0, -3.0]


def test_an_unknown_value_is_refused_where_a_forecast_must_be_known():
    start = pd.date_range("2026-11-23", periods=2, freq="30min", tz=ZONE)
    frame = pd.DataFrame(
        {
            "start": start,
            "queue": "a",
            "volume": [1.0, np.nan],
            "volume_q10": 0.0,
            "volume_q90": 2.0,
            "aht_s": np.nan,
        }
    )
    with pytest.raises(DataError, match="'volume' has no value"):
        columns.check(frame, columns.FORECAST, name="forecast")


def test_heads_are_whole():
    start = pd.date_range("2026-11-23", periods=1, freq="30min", tz=ZONE)
    frame = pd.DataFrame({"start": start, "queue": "a", "agents": 2.5, "scheduled": 3})
    with pytest.raises(DataError, match=r"2\.5.*whole number"):
        columns.check(frame, columns.REQUIREMENT, name="requirement")


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(order):
    frame = pd.concat([one_day(), one_day(queue="orders")], ignore_index=True)
    straight = columns.check(frame, columns.HISTORY, name="history")
    mixed = columns.check(frame.iloc[list(order)], columns.HISTORY, name="history")
    pd.testing.assert_frame_equal(straight, mixed)
