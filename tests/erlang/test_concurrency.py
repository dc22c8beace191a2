"""Chat, against the reference table, Erlang A and a simulation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.target import SL_VARIANTS
from wfm.erlang import evaluate, required_agents
from wfm.erlang.concurrency import CHAT_SENSES, evaluate_chat, required_chat_agents

TABLE = pd.read_csv(Path(__file__).parents[1] / "reference" / "chat_concurrency.csv")
TWO = {"aht_s": [300.0, 350.0], "patience_s": 600.0, "threshold_s": 30.0}


@pytest.mark.parametrize("row", TABLE.to_dict("records"))
def test_the_chain_gives_the_reference_table(row: dict[str, str | float]) -> None:
    times = [float(x) for x in str(row["aht_s_at_1_2_3_chats"]).split("/")]
    found = evaluate_chat(
        arrivals_per_h=row["arrivals_per_hour"],
        agents=row["agents"],
        aht_s=times,
        patience_s=float(row["patience_s"]),
        threshold_s=float(row["threshold_s"]),
    ).iloc[0]
    assert len(times) == row["max_chats_per_agent"]
    for column in CHAT_SENSES.keys() & row.keys():
        assert found[column] == pytest.approx(row[column], rel=1e-9), column
    for column in ("p_wait", "p_abandon", "sl_offered"):
        assert found[column] == pytest.approx(row[f"sim_{column}"], abs=4e-3)


@given(st.floats(0.5, 900.0), st.integers(1, 60), st.floats(20.0, 3000.0), st.floats(0.0, 600.0))
@settings(max_examples=40, deadline=None)
def test_one_chat_at_a_time_is_erlang_a(
    rate: float, agents: int, patience: float, threshold: float
) -> None:
    times = {"patience_s": patience, "threshold_s": threshold, "short_s": threshold / 4.0}
    chat = evaluate_chat(arrivals_per_h=rate, agents=agents, aht_s=[240.0], **times).iloc[0]
    call = evaluate("erlang_a", load=rate / 15.0, agents=agents, aht_s=240.0, **times).iloc[0]
    for column in ("p_wait", "p_abandon", "mean_wait_all_s", *SL_VARIANTS):
        assert chat[column] == pytest.approx(call[column], rel=1e-8, abs=1e-14), column
    assert chat["slot_utilisation"] == pytest.approx(call["occupancy"], rel=1e-8)


def test_chats_that_cost_nothing_extra_are_more_agents() -> None:
    chat = evaluate_chat(
        arrivals_per_h=600, agents=15, aht_s=[300, 300, 300], patience_s=200, threshold_s=20
    )
    call = evaluate("erlang_a", load=50, agents=45, aht_s=300, patience_s=200, threshold_s=20)
    assert chat["sl_offered"][0] == pytest.approx(call["sl_offered"][0], rel=1e-10)


@pytest.mark.parametrize(
    ("metric", "target"),
    [("sl_offered", 0.8), ("p_wait", 0.1), ("mean_wait_all_s", 5.0), ("slot_utilisation", 0.7)],
)
def test_the_least_agents_meet_the_target_and_one_less_misses(metric: str, target: float) -> None:
    rates = [0.0, 3.0, 50.0, 777.0, 4000.0]
    least = required_chat_agents(metric=metric, target=target, arrivals_per_h=rates, **TWO)
    sign = 1 if CHAT_SENSES[metric] == "min" else -1
    assert least[0] == 0
    for rate, n in zip(rates[1:], least[1:], strict=True):
        near = evaluate_chat(arrivals_per_h=rate, agents=[max(n - 1, 1), n], **TWO)[metric]
        assert sign * (near[1] - target) >= 0
        assert n == 1 or sign * (near[0] - target) < 0


def test_one_chat_needs_what_erlang_a_needs() -> None:
    times = {"patience_s": 100.0, "threshold_s": 20.0}
    chats = required_chat_agents(metric="sl_offered", target=0.8, arrivals_per_h=[120, 1200],
                                 aht_s=[300], min_agents=20, **times)  # fmt: skip
    calls = required_agents("erlang_a", metric="sl_offered", target=0.8, load=[10, 100],
                            aht_s=300, min_agents=20, **times)  # fmt: skip
    assert chats.tolist() == calls.tolist()


def simulate(
    rate: float, agents: int, aht: list[float], patience: float, runs: int, events: int
) -> np.ndarray:
    """Share of arrivals that find every place taken and that abandon, many runs side by side."""
    rng = np.random.default_rng(11)
    limit = len(aht)
    held = np.zeros((runs, agents), dtype=int)
    queue = np.zeros(runs, dtype=int)
    counts = np.zeros((3, runs))
    pace = np.array([0.0, *(k / t for k, t in enumerate(aht, start=1))])
    rows = np.arange(runs)
    for step in range(events):
        ends = pace[held]
        total = rate + ends.sum(axis=1) + queue / patience
        at = rng.uniform(size=runs) * total
        arrives = at < rate
        leaves = ~arrives & (at < rate + queue / patience)
        finishes = ~arrives & ~leaves
        full = held.min(axis=1) == limit
        if step > events // 10:
            counts += np.stack([arrives, arrives & full, leaves])
        least = np.argmin(held, axis=1)
        held[rows, least] += arrives & ~full
        queue += arrives & full
        queue -= leaves
        place = (at - rate - queue / patience)[:, None] < np.cumsum(ends, axis=1)
        who = np.argmax(place, axis=1)
        held[rows, who] -= finishes & (queue == 0)
        queue -= finishes & (queue > 0)
    return counts[1:] / counts[0]


def test_simulated_chats_agree_within_their_confidence_interval() -> None:
    found = simulate(120 / 3600, 7, [300.0, 350.0], 600.0, runs=100, events=6000)
    mean, error = found.mean(axis=1), found.std(axis=1, ddof=1) / 10.0
    row = evaluate_chat(arrivals_per_h=120, agents=7, **TWO).iloc[0]
    # 4 standard errors, and that the chain spreads chats anew at every event.
    assert (np.abs(mean - row[["p_wait", "p_abandon"]]) < 4.0 * error + [3e-3, 3e-4]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arrivals_per_h": -1}, "arrivals_per_h is -1 in row 0. Write contacts, 0 or more"),
        ({"agents": 2.5}, "agents is 2.5 in row 0. Write whole heads"),
        ({"agents": 0}, "agents is 0"),
        ({"aht_s": [300, 0]}, "aht_s is 0 in row 1"),
        ({"patience_s": 0.0}, "patience_s is 0"),
        ({"threshold_s": np.nan}, "threshold_s is nan"),
        ({"agents": [1, 2], "arrivals_per_h": [1, 2, 3]}, "do not fit together"),
    ],
)
def test_numbers_that_cannot_be_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        evaluate_chat(**({"arrivals_per_h": 9, "agents": 2, **TWO} | change))  # type: ignore[arg-type]


def test_targets_nobody_can_mean_are_refused() -> None:
    question = {"metric": "sl_offered", "target": 0.8, "arrivals_per_h": 60, **TWO}
    for change, message in (
        ({"target": 80}, "the target of sl_offered is 80. Write a share"),
        ({"metric": "x"}, "'x' is not known"),
        ({"aht_s": [300, 700]}, "with 2 chats gets no more done than with 1. Lower the limit to 1"),
    ):
        with pytest.raises(DataError, match=message):
            required_chat_agents(**(question | change))  # type: ignore[arg-type]


def test_a_short_abandon_must_be_known_and_shorter_than_the_promise() -> None:
    ask = {"metric": "sl_short_counts", "target": 0.8, "arrivals_per_h": [0, 60]} | TWO
    assert "sl_short_counts" not in evaluate_chat(arrivals_per_h=60, agents=3, **TWO)
    with pytest.raises(DataError, match="chat: sl_short_counts needs short_s"):
        required_chat_agents(**ask)
    with pytest.raises(DataError, match="short_s is 40 and threshold_s 30 in row 1"):
        required_chat_agents(**ask, short_s=40.0)
