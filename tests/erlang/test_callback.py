"""The callback offer, against the reference table, Erlang A and finite lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.target import SL_VARIANTS
from wfm.erlang import evaluate
from wfm.erlang.callback import callback_columns, evaluate_callback
from wfm.erlang.inputs import Inputs

TABLE = pd.read_csv(Path(__file__).parents[1] / "reference" / "callback_option.csv")
CASE = {"load": 9.0, "agents": 8, "aht_s": 300.0, "patience_s": 200.0, "offer_at": 3}


def test_the_reference_table_is_reproduced() -> None:
    found = evaluate_callback(
        load=TABLE["load_erlangs"],
        agents=TABLE["agents"],
        aht_s=300.0,
        patience_s=TABLE["patience_s"],
        offer_at=TABLE["offer_at_queue_length"],
        accepted=TABLE["accept_fraction"],
    )
    for mine, theirs in (
        ("p_all_busy", "p_all_agents_busy"),
        ("mean_queue", "mean_queue"),
        ("p_abandon", "p_abandon"),
        ("p_callback", "p_callback"),
        ("callback_load", "callback_load_deferred_erlangs"),
        ("mean_wait_offered_s", "mean_queue_time_per_offered_call_s"),
    ):
        np.testing.assert_allclose(found[mine], TABLE[theirs], rtol=6e-10)


@given(st.floats(0.1, 300.0), st.integers(1, 300), st.floats(5.0, 3000.0))
@settings(max_examples=40, deadline=None)
def test_an_offer_nobody_takes_is_erlang_a(load: float, agents: int, patience: float) -> None:
    row = evaluate_callback(
        load=load, agents=agents, aht_s=240.0, patience_s=patience, offer_at=0, accepted=0.0
    ).iloc[0]
    call = evaluate("erlang_a", load=load, agents=agents, aht_s=240.0, patience_s=patience).iloc[0]
    assert row["p_all_busy"] == pytest.approx(call["p_wait"], rel=1e-9, abs=1e-14)
    assert row["p_abandon"] == pytest.approx(call["p_abandon"], rel=1e-9, abs=1e-14)
    assert row["mean_queue"] == pytest.approx(call["mean_queue"], rel=1e-9, abs=1e-12)


def test_an_offer_everybody_takes_is_a_queue_with_so_many_places() -> None:
    row = evaluate_callback(accepted=1.0, **CASE).iloc[0]
    call = evaluate("erlang_a_k", load=9.0, agents=8, aht_s=300.0, patience_s=200.0, lines=11).iloc[
        0
    ]
    assert row["p_callback"] == pytest.approx(call["p_block"], rel=1e-12)
    assert row["p_abandon"] == pytest.approx(call["p_abandon"], rel=1e-12)


def offered(load: float, agents: float, at: int, accepted: float) -> dict[str, np.ndarray]:
    """Columns behind an offer, with a threshold of 20 s and short abandons of 5 s."""
    given = {"load": load, "agents": agents, "aht_s": 300.0, "patience_s": 200.0}
    asked = Inputs(
        **{name: np.array([value]) for name, value in given.items()},
        threshold_s=np.array([20.0]),
        short_s=np.array([5.0]),
    )
    return callback_columns(asked, at, accepted)


TIMES = {"aht_s": 300.0, "patience_s": 200.0, "threshold_s": 20.0, "short_s": 5.0}


@pytest.mark.parametrize("variant", SL_VARIANTS)
def test_every_way_to_count_is_that_of_erlang_a_where_nobody_takes_the_offer(variant: str) -> None:
    for load, agents in ((9.0, 8), (9.0, 11), (0.5, 1), (140.0, 120)):
        call = evaluate("erlang_a", load=load, agents=agents, **TIMES)
        found = offered(load, agents, 3, 0.0)[variant][0]
        assert found == pytest.approx(call[variant][0], rel=1e-10)


@pytest.mark.parametrize("variant", SL_VARIANTS)
def test_who_leaves_a_number_is_not_counted(variant: str) -> None:
    """An offer that all take from the third waiting on: eleven lines, callbacks for the blocked."""
    call = evaluate("erlang_a_k", load=9.0, agents=8, lines=11, **TIMES).iloc[0]
    found = offered(9.0, 8, 3, 1.0)
    counted = 1.0 - call["p_block"]
    left = call["sl_abandon_counts"] - call["sl_offered"]
    short = call["sl_short_counts"] - call["sl_offered"]
    by_hand = {
        "sl_offered": call["sl_offered"] / counted,
        "sl_handled": call["sl_handled"],
        "sl_abandon_counts": call["sl_abandon_counts"] / counted,
        "sl_excl_short_abandon": call["sl_offered"] / (counted - left),
        "sl_short_counts": call["sl_short_counts"] / counted,
        "sl_excl_short": call["sl_offered"] / (counted - short),
    }
    assert found[variant][0] == pytest.approx(by_hand[variant], rel=1e-10)


def test_an_earlier_offer_defers_more_and_loses_less() -> None:
    row = evaluate_callback(accepted=0.5, **(CASE | {"offer_at": [1, 3, 9]}))
    assert row["callback_load"].is_monotonic_decreasing
    assert row["p_abandon"].is_monotonic_increasing
    assert (evaluate_callback(accepted=0.5, **(CASE | {"load": 0.0})) == 0.0).all(axis=None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"accepted": 40}, "accepted is 40. Write a share, 0 to 1"),
        ({"offer_at": 2.5}, "offer_at is 2.5. Write whole calls"),
        ({"agents": 0}, "agents is 0. Write whole heads"),
        ({"load": -1}, "callback: load is -1"),
        ({"patience_s": 0}, "patience_s is 0"),
        ({"load": [1, 2], "agents": [1, 2, 3]}, "do not fit together"),
    ],
)
def test_numbers_that_cannot_be_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        evaluate_callback(**({"accepted": 0.4, **CASE} | change))  # type: ignore[arg-type]
