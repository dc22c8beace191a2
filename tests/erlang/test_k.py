"""Finite lines, against their limits, the states one by one and a simulation."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.erlang import STAFFING, evaluate, required_agents

REST = {"aht_s": 300.0, "threshold_s": 20.0}
loads = st.floats(0.05, 200.0)
times = st.floats(-2.0, 6.0).map(lambda x: 10.0**x)  # far shorter and far longer than the AHT


@given(loads, st.integers(1, 200), st.integers(0, 60), times, times)
@settings(max_examples=60, deadline=None)
def test_shares_add_up_and_stay_between_0_and_1(
    load: float, agents: int, places: int, patience: float, threshold: float
) -> None:
    row = evaluate(
        "erlang_a_k",
        load=load,
        agents=agents,
        lines=agents + places,
        aht_s=300.0,
        patience_s=patience,
        threshold_s=threshold,
    ).iloc[0]
    assert np.isfinite(row.to_numpy()).all()
    shares = [c for c in row.index if c.startswith(("p_", "sl_")) or c == "occupancy"]
    assert row[shares].between(0.0, 1.0).all()
    assert row[["p_block", "p_abandon", "p_served"]].sum() == pytest.approx(1.0, abs=1e-13)
    assert row[["p_block", "p_wait", "p_immediate"]].sum() == pytest.approx(1.0, abs=1e-13)
    assert row["sl_virtual"] + row["p_virtual_wait_gt_T"] == pytest.approx(1.0, abs=1e-13)
    entered = 1.0 - row["p_block"]
    left = entered * row["mean_wait_all_s"] / patience
    assert row["p_abandon"] == pytest.approx(left, rel=1e-10, abs=1e-290)
    little = load * row["mean_wait_all_s"] * entered / 300.0
    assert row["mean_queue"] == pytest.approx(little, rel=1e-10, abs=1e-290)


@pytest.mark.parametrize("load", [0.3, 7.0, 60.0, 900.0])
def test_many_lines_give_the_open_models(load: float) -> None:
    agents = np.ceil(load + np.array([0.3, 1.0, 3.0]) * np.sqrt(load)) + 1.0
    lines = agents + 4000.0
    for limited, open_, rest in (
        ("erlang_a_k", "erlang_a", REST | {"patience_s": 90.0}),
        ("mmnk", "erlang_c", REST),
    ):
        finite = evaluate(limited, load=load, agents=agents, lines=lines, **rest)
        free = evaluate(open_, load=load, agents=agents, **rest)
        for column in free.columns.intersection(finite.columns):
            np.testing.assert_allclose(finite[column], free[column], rtol=2e-11, atol=1e-280)


def test_no_places_to_wait_give_erlang_b() -> None:
    load, agents = np.array([0.5, 9.0, 120.0]), np.array([1.0, 10.0, 110.0])
    lost = evaluate("erlang_b", load=load, agents=agents)
    for model, rest in (("mmnk", REST), ("erlang_a_k", REST | {"patience_s": 60.0})):
        row = evaluate(model, load=load, agents=agents, lines=agents, **rest)
        np.testing.assert_allclose(row["p_block"], lost["p_block"], rtol=1e-13)
        np.testing.assert_allclose(row["occupancy"], lost["occupancy"], rtol=1e-13)
        assert (row["p_wait"] == 0.0).all()


def test_endless_patience_gives_endless_patience() -> None:
    fixed = {"load": [5.0, 12.0, 30.0], "agents": [6.0, 10.0, 12.0], "lines": 25.0, **REST}
    patient = evaluate("erlang_a_k", patience_s=1e14, **fixed)
    endless = evaluate("mmnk", **fixed)
    for column in ("p_block", "p_wait", "sl_offered", "asa_served_s", "p_virtual_wait_gt_T"):
        np.testing.assert_allclose(patient[column], endless[column], rtol=1e-9)


def test_fractions_are_linear_between_whole_heads() -> None:
    rest = REST | {"patience_s": 60.0, "load": 9.0, "lines": 14.0}
    rows = evaluate("erlang_a_k", agents=[10.0, 10.25, 11.0], **rest)
    mixed = 0.75 * rows.iloc[0] + 0.25 * rows.iloc[2]
    np.testing.assert_allclose(rows.iloc[1], mixed, rtol=1e-13)


def test_without_agents_calls_take_every_line() -> None:
    row = evaluate("mmnk", load=3.0, agents=0.0, lines=4.0, **REST).iloc[0]
    assert row[["p_block", "sl_offered", "p_served", "mean_queue"]].tolist() == [1.0, 0.0, 0.0, 4.0]
    row = evaluate("erlang_a_k", load=3.0, agents=0.0, lines=2.0, patience_s=300.0, **REST).iloc[0]
    # Number waiting: 1, 3, 9/2 of 17/2.
    assert row["p_block"] == pytest.approx(4.5 / 8.5, rel=1e-14)
    assert row["p_abandon"] == pytest.approx(4.0 / 8.5, rel=1e-14)
    assert row["mean_wait_all_s"] == 300.0


def test_rows_of_any_size_together_give_what_they_give_alone() -> None:
    rng = np.random.default_rng(3)
    load = 10.0 ** rng.uniform(-1, 3, 60)
    agents = np.ceil(load * rng.uniform(0.6, 1.3, 60))
    lines = agents + np.floor(10.0 ** rng.uniform(0, 3.7, 60))
    rest = REST | {"patience_s": 100.0}
    together = evaluate("erlang_a_k", load=load, agents=agents, lines=lines, **rest)
    for k in range(0, 60, 7):
        alone = evaluate("erlang_a_k", load=load[k], agents=agents[k], lines=lines[k], **rest)
        np.testing.assert_allclose(together.iloc[k], alone.iloc[0], rtol=1e-12, atol=1e-300)


def test_a_quantile_of_the_wait_is_a_target_for_every_queue() -> None:
    question = {"load": [5.0, 80.0], "aht_s": 300.0}
    for model in ("erlang_a", "erlang_a_k", "mmnk", "erlang_c"):
        rest = {"patience_s": 90.0} if "patience_s" in STAFFING[model].needs else {}
        rest |= {"lines": 130.0} if "lines" in STAFFING[model].needs else {}
        for level, metric in ((0.95, "wait_p95_s"), (0.975, "wait_p97.5_s")):
            least = required_agents(model, metric=metric, target=120.0, **question, **rest)
            same = required_agents(
                model, metric="sl_virtual", target=level, threshold_s=120.0, **question, **rest
            )
            assert least.tolist() == same.tolist()
    with pytest.raises(DataError, match="Give a level above 0 and seconds above 0"):
        required_agents("mmnk", metric="wait_p95_s", target=0.0, lines=9.0, **question)


def test_least_agents_keep_the_other_conditions_too() -> None:
    question = {"metric": "sl_offered", "target": 0.8, "load": 40.0, "lines": 60.0, **REST}
    least = required_agents("mmnk", **question)[0]
    assert required_agents("mmnk", min_agents=55, **question)[0] == 55
    capped = required_agents("mmnk", max_occupancy=0.8, **question)[0]
    assert capped > least
    busy = evaluate("mmnk", load=40.0, agents=[capped - 1, capped], lines=60.0, **REST)
    assert busy["occupancy"][0] > 0.8 >= busy["occupancy"][1]


FORWARD = {"load": 10.0, "agents": 12.0, "lines": 15.0, **REST}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lines": None}, r"mmnk: lines missing\. Give load, agents, aht_s, lines"),
        ({"lines": 0}, "lines is 0 in row 0. Write whole lines"),
        ({"lines": 12.5}, "lines is 12.5"),
        ({"lines": np.inf}, "without a limit use erlang_a"),
        ({"lines": 11}, "12 agents on 11 lines in row 0. Lines count calls in progress"),
        ({"redial": 0.1}, "it knows no redial. Use erlang_x"),
    ],
)
def test_lines_that_cannot_be_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        evaluate("mmnk", **(FORWARD | change))  # type: ignore[arg-type]


def test_models_without_lines_say_so() -> None:
    with pytest.raises(DataError, match=r"erlang_c: it knows no lines\. Use mmnk or erlang_a_k"):
        evaluate("erlang_c", load=1, agents=2, aht_s=300, lines=5)


def test_lines_that_block_too_much_are_told_apart_from_too_few_agents() -> None:
    with pytest.raises(DataError, match=r"5 lines block too many of 20 erlangs.*Give more lines"):
        required_agents("mmnk", metric="sl_offered", target=0.8, load=20.0, lines=5.0, **REST)
    with pytest.raises(DataError, match="'p_wait' is not known"):
        required_agents("mmnk", metric="p_wait", target=0.2, load=2.0, lines=5.0, **REST)


def simulate(load: float, agents: int, lines: int, patience: float, seed: int) -> list[float]:
    """Shares blocked, abandoned and answered within 0.1, call by call; AHT 1."""
    calls = 40_000
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1.0 / load, calls))
    services = rng.exponential(1.0, calls)
    ends = rng.exponential(patience, calls)
    free_at = [0.0] * agents
    inside: list[float] = []  # times at which those in the system leave it
    blocked = lost = in_time = 0
    for arrival, service, end in zip(arrivals, services, ends, strict=True):
        while inside and inside[0] <= arrival:
            heapq.heappop(inside)
        if len(inside) >= lines:
            blocked += 1
            continue
        wait = max(free_at[0] - arrival, 0.0)
        if wait > end:
            lost += 1
            heapq.heappush(inside, arrival + end)
            continue
        heapq.heapreplace(free_at, arrival + wait + service)
        heapq.heappush(inside, arrival + wait + service)
        in_time += wait <= 0.1
    return [blocked / calls, lost / calls, in_time / calls]


@pytest.mark.parametrize(
    ("load", "agents", "lines", "patience"), [(8.0, 8, 11, 1.0), (12.0, 8, 14, 0.6)]
)
def test_simulated_calls_agree_within_their_confidence_interval(
    load: float, agents: int, lines: int, patience: float
) -> None:
    runs = np.array([simulate(load, agents, lines, patience, seed) for seed in range(8)])
    mean, error = runs.mean(axis=0), runs.std(axis=0, ddof=1) / np.sqrt(len(runs))
    row = evaluate(
        "erlang_a_k", load=load, agents=agents, lines=lines, aht_s=1.0, patience_s=patience,
        threshold_s=0.1,
    ).iloc[0]  # fmt: skip
    expected = row[["p_block", "p_abandon", "sl_offered"]].to_numpy()
    assert (np.abs(mean - expected) <= 4.0 * error + 2e-3 * np.abs(expected)).all()


def test_a_most_occupancy_may_take_agents_beyond_the_lines() -> None:
    """Five lines carry at most five erlangs: by Erlang B, shared by as many as keep them calm."""
    question = {"load": 50.0, "aht_s": 300.0, "lines": 5}
    carried = 50.0 * (1.0 - evaluate("erlang_b", load=50.0, agents=5)["p_block"][0])
    least = required_agents("mmnk", metric="occupancy", target=0.3, **question)
    assert least.tolist() == [int(np.ceil(carried / 0.3))]


@pytest.mark.parametrize(("metric", "target"), [("p_abandon", 0.05), ("sl_handled", 0.8)])
def test_more_load_behind_the_same_lines_may_need_fewer_agents(metric: str, target: float) -> None:
    """The blocked neither wait nor hang up: rows of one call are answered one by one."""
    load = np.linspace(0.5, 300.0, 600)
    question = {"metric": metric, "target": target, "aht_s": 300.0, "patience_s": 60.0}
    question |= {"threshold_s": 20.0, "lines": 12}
    least = required_agents("erlang_a_k", load=load, **question)
    assert (np.diff(least) < 0).any() == (metric == "p_abandon")
    for k in range(0, 600, 37):
        assert required_agents("erlang_a_k", load=load[k], **question)[0] == least[k]
