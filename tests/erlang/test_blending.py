"""Blending, against the reference table, Erlang C, the states one by one and a simulation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.erlang import evaluate
from wfm.erlang.blending import best_kept_free, blend

TABLE = pd.read_csv(Path(__file__).parents[1] / "reference" / "blending_threshold.csv")
TIMES = {"aht_s": 300.0, "threshold_s": 20.0}


@pytest.mark.parametrize(("load", "agents"), [(20.0, 30), (50.0, 60)])
def test_the_reference_table_is_reproduced(load: float, agents: int) -> None:
    rows = TABLE[TABLE["inbound_load_erlangs"] == load]
    found = blend(load, agents, kept_free=rows["agents_kept_free_r"], **TIMES)
    for mine, theirs in (
        ("p_wait", "p_wait_inbound"),
        ("asa_s", "asa_s"),
        ("service_level", "sl_20s"),
        ("outbound_load", "outbound_load_carried_erlangs"),
        ("occupancy", "occupancy"),
    ):
        np.testing.assert_allclose(found[mine], rows[theirs], rtol=6e-10)


@given(st.floats(0.2, 300.0), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_each_agent_kept_free_helps_callers_and_costs_outbound(load: float, spare: int) -> None:
    agents = int(load) + spare
    rows = blend(load, agents, **TIMES)
    assert (np.diff(rows["service_level"]) >= -1e-15).all()
    assert (np.diff(rows["outbound_load"]) <= 1e-9).all()
    assert rows["occupancy"].between(0, 1 + 1e-12).all()
    assert rows["outbound_load"].iloc[-1] == 0.0
    # All agents kept free: Erlang C.
    row = evaluate("erlang_c", load=load, agents=agents, **TIMES).iloc[0]
    assert rows["p_wait"].iloc[-1] == pytest.approx(row["p_wait"], rel=1e-9, abs=1e-250)
    assert rows["service_level"].iloc[-1] == pytest.approx(row["sl_offered"], rel=1e-9)


def test_two_agents_and_one_erlang_by_hand() -> None:
    rows = blend(1.0, 2, aht_s=300, threshold_s=0)
    # One kept free: 1 busy weighs 2, 2 busy 1, each more waiting half of the one before.
    assert rows["p_wait"].tolist() == pytest.approx([1.0, 0.5, 1 / 3])
    assert rows["outbound_load"].tolist() == pytest.approx([1.0, 0.5, 0.0])


def test_the_best_is_the_fewest_kept_free_that_meet() -> None:
    rows = blend(50.0, 60, **TIMES)
    best = best_kept_free(50.0, 60, 0.8, **TIMES).iloc[0]
    assert best["service_level"] >= 0.8 > rows["service_level"][best["kept_free"] - 1]
    with pytest.raises(DataError, match=r"21 agents answer .* Use more agents"):
        best_kept_free(20.0, 21, 0.9, **TIMES)
    with pytest.raises(DataError, match="target is 80"):
        best_kept_free(20.0, 30, 80, **TIMES)


def test_without_callers_everybody_calls_out() -> None:
    rows = blend(0.0, 4, **TIMES)
    assert rows["outbound_load"].tolist() == [4.0, 3.0, 2.0, 1.0, 0.0]
    assert rows["p_wait"].tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]


def test_many_agents_stay_finite() -> None:
    rows = blend(300.0, 3000, **TIMES)
    assert np.isfinite(rows.to_numpy()).all()
    # A thousand always busy, 300 of them with callers, who now and then find one free more.
    assert rows["outbound_load"][2000] == pytest.approx(1000.0 - 300.0, abs=1.0)


def simulate(load: float, agents: int, free: int, runs: int, events: int) -> np.ndarray:
    """Share of callers who wait and mean outbound calls, many runs side by side; AHT 1."""
    rng = np.random.default_rng(2)
    busy = np.full(runs, agents - free)  # of them `inbound` with a caller
    inbound, queue = np.zeros(runs), np.zeros(runs, dtype=int)
    wait, calls, outbound, spent = (np.zeros(runs) for _ in range(4))
    for step in range(events):
        total = load + busy
        time = rng.exponential(size=runs) / total
        at = rng.uniform(size=runs) * total
        counted = step > events // 10
        outbound += counted * time * (busy - inbound)
        spent += counted * time
        arrives = at < load
        ends_in = ~arrives & (at < load + inbound)
        full = busy == agents
        wait += counted & arrives & full
        calls += counted & arrives
        queue += arrives & full
        busy += arrives & ~full
        inbound += (arrives & ~full).astype(float) - ends_in
        next_one = ~arrives & (queue > 0)
        queue -= next_one
        inbound += next_one
        stops = ~arrives & ~next_one & (busy > agents - free)  # otherwise an outbound call starts
        busy -= stops
    return np.stack([wait / calls, outbound / spent])


@pytest.mark.parametrize("free", [1, 3])
def test_simulated_blending_agrees_within_its_confidence_interval(free: int) -> None:
    found = simulate(6.0, 10, free, runs=200, events=6000)
    mean, error = found.mean(axis=1), found.std(axis=1, ddof=1) / np.sqrt(200)
    row = blend(6.0, 10, kept_free=free, **TIMES).iloc[0]
    expected = row[["p_wait", "outbound_load"]].to_numpy()
    assert (np.abs(mean - expected) < 4.0 * error + 2e-3 * expected).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"agents": 20}, "20 agents for 20 erlangs.*at least 21 whole agents"),
        ({"load": -1.0}, "load is -1"),
        ({"aht_s": 0.0}, "aht_s is 0"),
        ({"threshold_s": -5.0}, "threshold_s is -5"),
        ({"kept_free": [0, 31]}, "kept_free is 31. Write whole heads, 0 to 30"),
    ],
)
def test_numbers_that_cannot_be_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        blend(**({"load": 20.0, "agents": 30, **TIMES} | change))  # type: ignore[arg-type]
