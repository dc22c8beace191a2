"""Patience from counts: by hand, from Erlang A's own losses, and what does not tell it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.erlang import evaluate
from wfm.erlang.patience_counts import patience_from_counts, patience_from_history

COUNTS = pd.DataFrame(
    {
        "offered": [100.0, 200.0, np.nan, 50.0],
        "answered": [90.0, np.nan, 40.0, 50.0],
        "abandoned": [10.0, 30.0, np.nan, np.nan],
        "wait_answered_s": [1800.0, 5100.0, 400.0, 250.0],
        "wait_abandoned_s": [300.0, 800.0, np.nan, 0.0],
    }
)


def test_totals_of_intervals_by_hand_and_unknown_rows_left_out() -> None:
    found = patience_from_counts(COUNTS)
    assert found.mean_s == pytest.approx((1800 + 5100 + 250 + 300 + 800) / 40)
    assert (found.abandonments, found.contacts) == (40.0, 350.0)
    assert found.method == "interval waits"
    assert found.note.endswith("1 of 4 intervals with unknown values left out.")


def test_means_and_totals_say_the_same() -> None:
    totals = COUNTS.iloc[[0, 1]]
    means = pd.DataFrame(
        {
            "offered": [100.0, 200.0],
            "abandoned": [10.0, 30.0],
            "asa_s": [20.0, 30.0],
            "mean_wait_abandoned_s": [30.0, 800.0 / 30.0],
        }
    )
    assert patience_from_counts(totals) == patience_from_counts(means)


def staffed(patience: float, seed: int | None = None) -> pd.DataFrame:
    """A day of intervals with Erlang A's abandonment, or with a binomial draw of it."""
    load = np.array([20.0, 35.0, 50.0, 44.0, 30.0, 12.0] * 8)
    agents = np.array([20.0, 34.0, 50.0, 45.0, 33.0, 12.0] * 8)
    share = evaluate("erlang_a", load=load, agents=agents, aht_s=240.0, patience_s=patience)
    offered = load * 1800.0 / 240.0
    lost = offered * share["p_abandon"].to_numpy()
    if seed is not None:
        offered = np.round(offered)
        lost = np.random.default_rng(seed).binomial(offered.astype(int), share["p_abandon"])
    return pd.DataFrame({"offered": offered, "abandoned": lost, "agents": agents, "aht_s": 240.0})


@pytest.mark.parametrize("patience", [15.0, 120.0, 900.0])
def test_the_staffing_tells_the_patience_back(patience: float) -> None:
    found = patience_from_counts(staffed(patience), interval_s=1800.0)
    assert found.mean_s == pytest.approx(patience, rel=1e-8)
    assert found.method == "erlang_a"
    assert found.low_s < patience < found.high_s


def test_counts_with_chance_give_an_interval_around_the_truth() -> None:
    inside = [
        (found := patience_from_counts(staffed(150.0, seed), interval_s=1800.0)).low_s
        <= 150.0
        <= found.high_s
        for seed in range(20)
    ]
    assert sum(inside) >= 16


def test_a_centre_that_lost_nobody_has_a_lower_bound_by_its_staffing() -> None:
    rows = staffed(150.0).assign(abandoned=0.0)
    with pytest.raises(DataError, match=r"0 of .* abandoned, but with these agents Erlang A loses"):
        patience_from_counts(rows, interval_s=1800.0)  # two agents fewer than erlangs lose some
    rows["agents"] += 6.0
    found = patience_from_counts(rows, interval_s=1800.0)
    assert np.isnan(found.mean_s)
    share = evaluate(
        "erlang_a", load=rows["offered"] * 240 / 1800, agents=rows["agents"], aht_s=240.0,
        patience_s=found.low_s,
    )["p_abandon"]  # fmt: skip
    assert (share * rows["offered"]).sum() == pytest.approx(-np.log(0.05), rel=1e-6)


def history() -> pd.DataFrame:
    rows = staffed(90.0).drop(columns="agents")
    start = pd.date_range("2026-03-02 08:00", periods=len(rows), freq="30min", tz="Asia/Baku")
    rows = rows.assign(start=start, answered=rows["offered"] - rows["abandoned"])
    return pd.concat([rows.assign(queue="orders"), rows.assign(queue="billing")])


def test_a_history_is_told_queue_by_queue() -> None:
    rows = history()
    before = rows.copy()
    agents = np.tile(staffed(90.0)["agents"], 2)
    found = patience_from_history(rows, agents=agents)
    assert list(found) == ["billing", "orders"]
    assert found["orders"].mean_s == pytest.approx(90.0, rel=1e-8)
    doubled = patience_from_history(rows, aht_s=480.0, agents=2.0 * agents)
    assert doubled["orders"].mean_s != pytest.approx(90.0, rel=0.05)
    pd.testing.assert_frame_equal(rows, before)


def test_counts_alone_do_not_tell_patience_and_say_what_would() -> None:
    with pytest.raises(
        DataError, match=r"queue billing: patience: counts alone do not tell it.*Add"
    ):
        patience_from_history(history())
    with pytest.raises(DataError, match="needs aht_s and interval_s too"):
        patience_from_counts(staffed(90.0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"abandoned": -1.0}, "abandoned is -1.0 in row 0. Write a number, 0 or more"),
        ({"offered": "many"}, "offered is many in row 0"),
        ({"abandoned": 1e6}, "in row 0 more contacts were answered or abandoned than offered"),
        ({"offered": np.nan}, "all 48 intervals hold unknown values"),
        ({"agents": 500.0}, r"with these agents Erlang A loses 0 to \d+, whatever the patience"),
    ],
)
def test_counts_that_cannot_be_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        patience_from_counts(staffed(90.0).assign(**change), interval_s=1800.0)


def test_one_kind_of_count_is_not_enough() -> None:
    with pytest.raises(DataError, match=r"offered found\. Give two of offered"):
        patience_from_counts(pd.DataFrame({"offered": [4.0]}))
