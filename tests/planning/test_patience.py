"""Patience from a planner's table."""

from __future__ import annotations

import pandas as pd
import pytest

import wfm


def test_a_table_of_calls_gives_the_mean_and_what_it_rests_on(tmp_path) -> None:
    file = tmp_path / "calls.csv"
    lines = ["Wait s;Abandoned"] + ["30;no"] * 8 + ["60;yes"] * 2
    file.write_text("\n".join(lines), encoding="utf-8")
    found = wfm.estimate_patience(file)
    assert found.mean_s == pytest.approx((8 * 30 + 2 * 60) / 2)
    assert (found.abandonments, found.contacts) == (2, 10)
    assert found.low_s < found.mean_s < found.high_s
    assert "2 abandon" in found.note


def test_interval_counts_with_waits_give_the_same_as_their_calls() -> None:
    counts = pd.DataFrame(
        {"answered": [8, 0], "abandoned": [0, 2], "asa_s": [30.0, 0.0],
         "mean_wait_abandoned_s": [0.0, 60.0]}
    )  # fmt: skip
    assert wfm.estimate_patience(counts).mean_s == pytest.approx(180.0)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"wait_s": [3.0]}, "needs wait_s and abandoned"),
        ({"wait_s": [3.0], "abandoned": ["perhaps"]}, "abandoned in row 0: .* neither yes nor no"),
        ({"wait_s": [-3.0], "abandoned": ["no"]}, "patience: wait_s"),
        ({"answered": [8.0], "abandoned": [2.0]}, "patience"),
    ],
)
def test_what_cannot_tell_patience_is_refused(table, message: str) -> None:
    with pytest.raises(wfm.DataError, match=message):
        wfm.estimate_patience(pd.DataFrame(table))
