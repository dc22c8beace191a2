"""Every model against the reference tables, its limits, its properties and a simulation."""

from __future__ import annotations

import heapq
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.erlang import STAFFING, evaluate, required_agents, solve

REFERENCE = Path(__file__).parents[1] / "reference"
ARGUMENTS = {
    "load_erlangs": "load",
    "aht_s": "aht_s",
    "patience_s": "patience_s",
    "threshold_s": "threshold_s",
    "lines": "lines",
    "redial_abandon_frac": "redial",
    "reconnect_handled_frac": "reconnect",
}
OUTPUTS_FROM, OUTPUTS_TO = "p_block", "total_load_erlangs"
WAITING = ("erlang_c", "erlang_a")
loads = st.floats(0.05, 400.0)
times = st.floats(1.0, 2000.0)


def arguments(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    given_ = {a: rows[c].to_numpy(dtype=float) for c, a in ARGUMENTS.items() if c in rows}
    return {a: v for a, v in given_.items() if not np.isnan(v).any()}


def rest(model: str) -> dict[str, float]:
    """Arguments that any waiting model takes, at everyday values."""
    everyday = {"aht_s": 300.0, "patience_s": 120.0, "threshold_s": 20.0}
    if "patience_s" not in STAFFING[model].needs:
        del everyday["patience_s"]
    return everyday | ({"lines": 800.0} if "lines" in STAFFING[model].needs else {})


@pytest.mark.parametrize("model", STAFFING)
def test_every_reference_row_and_column_is_within_tolerance(model: str) -> None:
    table = pd.read_csv(REFERENCE / "erlang_reference.csv")
    rows = table[table["model"] == model].reset_index(drop=True)
    result = evaluate(model, agents=rows["agents"].to_numpy(dtype=float), **arguments(rows))
    defined = rows.loc[:, OUTPUTS_FROM:OUTPUTS_TO].dropna(axis="columns", how="all")
    assert len(rows) >= 40
    assert set(result.columns) == set(defined.columns)
    value = result[defined.columns].to_numpy()
    reference = defined.to_numpy()
    tolerance = np.maximum(1e-12, 1e-15 * rows[["condition_number"]].to_numpy())
    assert np.isfinite(value).all()
    zero = reference == 0.0
    assert (np.abs(value[zero]) < 1e-300).all()
    error = np.abs(value / np.where(zero, 1.0, reference) - 1.0)
    bad = (error > tolerance) & ~zero
    assert not bad.any(), rows["case_id"][bad.any(axis=1)].tolist()


@pytest.mark.parametrize("model", STAFFING)
def test_least_agents_of_the_inverse_table_are_exact(model: str) -> None:
    table = pd.read_csv(REFERENCE / "erlang_inverse_reference.csv")
    for metric, rows in table[table["model"] == model].groupby("target_metric"):
        target = rows["target_value"].to_numpy()
        least = required_agents(model, metric=str(metric), target=target, **arguments(rows))
        assert least.tolist() == rows["min_agents"].tolist(), metric
        assert set(rows["target_sense"]) == {STAFFING[model].senses[str(metric)]}


def test_two_agents_and_one_erlang_by_hand() -> None:
    assert evaluate("erlang_b", load=1, agents=2)["p_block"][0] == pytest.approx(0.2, rel=1e-14)
    waiting = evaluate("erlang_c", load=1, agents=2, aht_s=300, threshold_s=300)
    assert waiting["p_wait"][0] == pytest.approx(1 / 3, rel=1e-14)
    assert waiting["asa_served_s"][0] == pytest.approx(100.0, rel=1e-14)
    assert waiting["sl_offered"][0] == pytest.approx(1 - np.exp(-1) / 3, rel=1e-14)


def test_patience_equal_to_handle_time_makes_the_number_in_system_poisson() -> None:
    result = evaluate("erlang_a", load=3, agents=4, aht_s=60, patience_s=60)
    pmf = np.exp(-3.0) * np.cumprod([1.0, 3.0, 3 / 2, 1.0, 3 / 4])
    assert result["p_immediate"][0] == pytest.approx(pmf[:4].sum(), rel=1e-13)
    busy = pmf @ np.arange(5) + 4 * (1 - pmf.sum())
    assert result["occupancy"][0] == pytest.approx(busy / 4, rel=1e-13)
    assert result["mean_queue"][0] == pytest.approx(3 - busy, rel=1e-12)


@given(load=loads, agents=st.integers(1, 500), aht=times, patience=times, threshold=times)
@settings(max_examples=80, deadline=None)
def test_shares_of_erlang_a_add_up_and_stay_between_0_and_1(
    load: float, agents: int, aht: float, patience: float, threshold: float
) -> None:
    row = evaluate(
        "erlang_a", load=load, agents=agents, aht_s=aht, patience_s=patience, threshold_s=threshold
    ).iloc[0]
    assert np.isfinite(row.to_numpy()).all()
    shares = [c for c in row.index if c.startswith(("p_", "sl_")) or c == "occupancy"]
    assert row[shares].between(0.0, 1.0).all()
    assert row["p_abandon"] + row["p_served"] == pytest.approx(1.0, abs=1e-13)
    assert row["p_wait"] + row["p_immediate"] == pytest.approx(1.0, abs=1e-13)
    assert row["sl_virtual"] + row["p_virtual_wait_gt_T"] == pytest.approx(1.0, abs=1e-13)
    assert row["p_abandon_within_T"] <= row["p_abandon"] * (1 + 1e-12)
    assert row["sl_offered"] <= row["sl_handled"] * (1 + 1e-12)
    # Whoever abandons does so at rate 1/patience while in the queue.
    expected = row["mean_wait_all_s"] / patience
    assert row["p_abandon"] == pytest.approx(expected, rel=1e-10, abs=1e-300)


@given(load=loads, agents=st.floats(0.5, 500.0), more=st.floats(0.01, 3.0), patience=times)
@settings(max_examples=60, deadline=None)
def test_more_agents_never_hurt(load: float, agents: float, more: float, patience: float) -> None:
    for model in STAFFING:
        if STAFFING[model].above_load:
            agents = agents + load + 0.01
        elif "lines" in STAFFING[model].needs:
            agents = min(agents, 500.0)
        fixed = {"aht_s": 240.0, "patience_s": patience, "threshold_s": 15.0, "redial": 0.3}
        fixed |= {"reconnect": 0.1, "lines": 520.0, "short_s": 5.0}
        wanted = (*STAFFING[model].needs, *STAFFING[model].takes, "threshold_s", "short_s")
        needs = {k: v for k, v in fixed.items() if k in wanted}
        if model == "erlang_b":
            needs = {}
        result = evaluate(model, load=load, agents=[agents, agents + more], **needs)
        for metric, sense in STAFFING[model].senses.items():
            less, many = result[metric]
            slack = 1e-11 * max(abs(less), abs(many), 1e-280)
            assert many >= less - slack if sense == "min" else many <= less + slack, (model, metric)


@given(load=loads, spare=st.floats(0.5, 30.0), threshold=times)
@settings(max_examples=40, deadline=None)
def test_endless_patience_gives_erlang_c(load: float, spare: float, threshold: float) -> None:
    fixed = {"load": load, "agents": load + spare, "aht_s": 300.0, "threshold_s": threshold}
    patient = evaluate("erlang_a", patience_s=1e15, **fixed).iloc[0]
    endless = evaluate("erlang_c", **fixed).iloc[0]
    for column in ("p_wait", "sl_offered", "p_virtual_wait_gt_T", "asa_served_s", "mean_queue"):
        assert patient[column] == pytest.approx(endless[column], rel=1e-6, abs=1e-280), column


@given(load=loads, agents=st.integers(1, 500), patience=times, threshold=times, unit=times)
@settings(max_examples=40, deadline=None)
def test_another_unit_of_time_changes_no_share(
    load: float, agents: int, patience: float, threshold: float, unit: float
) -> None:
    seconds = {"aht_s": 300.0, "patience_s": patience, "threshold_s": threshold}
    other = {name: value / unit for name, value in seconds.items()}
    first = evaluate("erlang_a", load=load, agents=agents, **seconds).iloc[0]
    second = evaluate("erlang_a", load=load, agents=agents, **other).iloc[0]
    for column in first.index:
        scale = unit if column.endswith("_s") else 1.0
        # A relative change of 1e-16 in T / patience is magnified in tails that are tiny.
        close = pytest.approx(first[column], rel=1e-9, abs=1e-280)
        assert second[column] * scale == close, column


@pytest.mark.parametrize("model", WAITING)
def test_least_agents_meet_the_target_and_one_less_misses(model: str) -> None:
    rng = np.random.default_rng(7)
    load = 10.0 ** rng.uniform(-2, 4, 300)
    for metric, target in (("sl_offered", 0.8), ("asa_served_s", 7.0), ("p_wait", 0.15)):
        least = required_agents(model, metric=metric, target=target, load=load, **rest(model))
        sign = 1 if STAFFING[model].senses[metric] == "min" else -1
        there = evaluate(model, load=load, agents=least, **rest(model))[metric]
        assert (sign * (there - target) >= 0).all()
        lower = (least - 1 > load) if model == "erlang_c" else (least > 1)
        below = evaluate(model, load=load[lower], agents=least[lower] - 1, **rest(model))[metric]
        assert (sign * (below - target) < 0).all()


@pytest.mark.parametrize("model", WAITING)
def test_the_fraction_lies_below_the_whole_number_and_meets_the_target(model: str) -> None:
    load = np.geomspace(0.05, 5000.0, 60)
    whole, exact = solve(model, metric="sl_offered", target=0.8, load=load, **rest(model))
    assert (whole == np.ceil(exact)).all()
    level = evaluate(model, load=load, agents=exact, **rest(model))["sl_offered"]
    np.testing.assert_allclose(level, 0.8, atol=1e-6)


def test_a_target_that_less_than_one_agent_meets_takes_one() -> None:
    whole, exact = solve(
        "erlang_a", metric="sl_abandon_counts", target=0.5, load=0.3, aht_s=300, patience_s=5,
        threshold_s=600,
    )  # fmt: skip
    assert whole.tolist() == [1]
    assert exact.tolist() == [0.0]


@pytest.mark.parametrize("model", STAFFING)
def test_without_load_nobody_waits_and_nobody_is_needed(model: str) -> None:
    fixed = rest(model) if model != "erlang_b" else {}
    fixed |= {k: 0.2 for k in ("redial", "reconnect") if k in STAFFING[model].takes}
    row = evaluate(model, load=0, agents=[0, 3], **fixed)
    assert (row["occupancy"] == 0).all()
    assert (row.filter(regex="^sl_|p_immediate|p_served") == 1).all(axis=None)
    assert (row.filter(regex="_s$|p_wait|p_abandon|p_block|queue|gt_T") == 0).all(axis=None)
    metric, target = "occupancy", 0.8
    question = {"metric": metric, "target": target, "load": [0.0, 1e-9, 0.0], **fixed}
    assert required_agents(model, **question).tolist() == [0, 1, 0]
    assert required_agents(model, min_agents=2, **question).tolist() == [2, 2, 2]


def test_most_occupancy_adds_agents_only_where_it_is_exceeded() -> None:
    load = np.array([2.0, 500.0])
    question = {"metric": "sl_offered", "target": 0.8, "load": load, **rest("erlang_a")}
    free = required_agents("erlang_a", **question)
    capped = required_agents("erlang_a", max_occupancy=0.88, **question)
    assert capped[0] == free[0]
    assert capped[1] > free[1]
    busy = evaluate("erlang_a", load=500.0, agents=[capped[1] - 1, capped[1]], **rest("erlang_a"))
    assert busy["occupancy"][0] > 0.88 >= busy["occupancy"][1]


@pytest.mark.parametrize("model", ["erlang_c", "erlang_a", "erlang_x"])
def test_the_fraction_keeps_every_condition_too(model: str) -> None:
    load = np.array([0.0, 2.0, 40.0, 500.0])
    question = {"metric": "sl_offered", "target": 0.8, "load": load, **rest(model)}
    whole, exact = solve(model, max_occupancy=0.85, min_agents=6, **question)
    assert exact[:2].tolist() == [6.0, 6.0]
    assert ((exact > whole - 1.0) & (exact <= whole)).all()
    there = evaluate(model, load=load[2:], agents=exact[2:], **rest(model))
    assert there["occupancy"].to_numpy() == pytest.approx([0.85, 0.85], abs=1e-7)


@pytest.mark.parametrize("model", ["erlang_c", "erlang_a", "erlang_x"])
@pytest.mark.parametrize("level", ["80", "95", "97.5"])
def test_so_many_wait_at_most_so_long(model: str, level: str) -> None:
    load, wait = np.array([3.0, 60.0]), 45.0
    given = rest(model)
    least = required_agents(model, metric=f"wait_p{level}_s", target=wait, load=load, **given)
    given["threshold_s"] = wait
    share = float(level) / 100.0
    assert (evaluate(model, load=load, agents=least, **given)["sl_virtual"] >= share).all()
    assert (evaluate(model, load=load, agents=least - 1, **given)["sl_virtual"] < share).all()


def test_a_wait_nobody_can_mean_is_told_by_its_first_value() -> None:
    question = {"metric": "wait_p97_s", "load": 10.0, **rest("erlang_a")}
    with pytest.raises(DataError, match=r"wait_p97_s with a target of -3\. Give a level above 0"):
        required_agents("erlang_a", target=[30.0, -3.0, 30.0], **question)


def test_without_agents_everyone_hangs_up() -> None:
    row = evaluate("erlang_a", load=4, agents=0, **rest("erlang_a")).iloc[0]
    assert row[["p_wait", "p_abandon", "occupancy"]].tolist() == [1.0, 1.0, 1.0]
    assert row[["p_served", "sl_offered", "sl_handled"]].tolist() == [0.0, 0.0, 0.0]
    assert row["p_abandon_within_T"] == pytest.approx(1 - np.exp(-20 / 120), rel=1e-14)
    assert row["mean_wait_all_s"] == row["asa_served_s"] == 120.0
    near = evaluate("erlang_a", load=4, agents=1e-6, **rest("erlang_a")).iloc[0]
    for column in ("p_abandon", "p_abandon_within_T", "mean_wait_all_s", "mean_queue"):
        assert near[column] == pytest.approx(row[column], rel=1e-5), column


def test_threshold_zero_asks_who_is_answered_at_once() -> None:
    fixed = rest("erlang_a") | {"threshold_s": 0}
    row = evaluate("erlang_a", load=[90, 120], agents=100, **fixed)
    np.testing.assert_allclose(row["sl_offered"], row["p_immediate"], rtol=1e-14)
    assert (row["p_abandon_within_T"] == 0).all()


def test_threshold_far_beyond_patience_answers_all_who_stay() -> None:
    fixed = {"aht_s": 300, "patience_s": 2, "threshold_s": 36_000}
    row = evaluate("erlang_a", load=[5, 50, 500], agents=[5, 20, 700], **fixed)
    np.testing.assert_allclose(row["sl_offered"], row["p_served"], rtol=1e-13)
    np.testing.assert_allclose(row["p_abandon_within_T"], row["p_abandon"], rtol=1e-13)
    assert (row["p_virtual_wait_gt_T"] < 1e-10).all()


def test_sixty_thousand_agents() -> None:
    load = [59_000.0, 60_500.0, 90_000.0, 1.0]
    row = evaluate("erlang_a", load=load, agents=60_000, **rest("erlang_a"))
    assert np.isfinite(row.to_numpy()).all()
    # Far in overload the agents never rest and the flow balances: served = agents / load.
    assert row["p_served"][2] == pytest.approx(60_000 / 90_000, rel=1e-12)
    least = required_agents(
        "erlang_c", metric="sl_offered", target=0.8, load=59_500.0, aht_s=300, threshold_s=20
    )
    inverse, levels = 1.0, {}  # 1 / Erlang B by its recurrence
    for n in range(1, int(least[0]) + 1):
        inverse = 1.0 + inverse * n / 59_500.0
        if n >= least[0] - 1:
            wait = 1.0 / (1.0 + (inverse - 1.0) * (n - 59_500.0) / n)
            levels[n] = 1.0 - wait * np.exp(-(n - 59_500.0) * 20 / 300)
    assert levels[int(least[0]) - 1] < 0.8 <= levels[int(least[0])]


def test_columns_that_need_a_threshold_are_absent_without_one() -> None:
    row = evaluate("erlang_a", load=1, agents=2, aht_s=300, patience_s=60)
    assert "asa_served_s" in row
    assert not [c for c in row if c.startswith("sl_") or c.endswith("_T")]


def test_arguments_broadcast_and_stay_unchanged() -> None:
    load, agents = np.array([[1.0], [2.0]]), np.array([3.0, 4.0, 5.0])
    before = load.copy(), agents.copy()
    result = evaluate("erlang_c", load=load, agents=agents, aht_s=300)
    assert len(result) == 6
    single = evaluate("erlang_c", load=2, agents=3, aht_s=300)
    assert result.iloc[3].tolist() == single.iloc[0].tolist()
    assert (load == before[0]).all()
    assert (agents == before[1]).all()
    assert len(required_agents("erlang_b", metric="p_block", target=0.01, load=[])) == 0


FORWARD = {"load": 10.0, "agents": 12.0, "aht_s": 300.0, "patience_s": 120.0, "threshold_s": 20.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"load": -1}, "erlang_a: load is -1 in row 0. Write erlangs, 0 or more"),
        ({"load": [1, np.nan, np.nan]}, "load is nan in row 1 and 1 more"),
        ({"load": np.inf}, "load is inf"),
        ({"agents": -2}, "agents is -2"),
        ({"aht_s": 0}, "aht_s is 0 in row 0. Write seconds above 0"),
        ({"patience_s": 0}, "patience_s is 0"),
        ({"patience_s": np.inf}, "patience_s is inf.*use erlang_c"),
        ({"threshold_s": -5}, "threshold_s is -5"),
        ({"aht_s": None}, "aht_s missing"),
        ({"aht_s": "abc"}, "do not fit together or are not numbers"),
        ({"load": [1, 2], "agents": [1, 2, 3]}, "do not fit together"),
    ],
)
def test_numbers_that_cannot_be_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        evaluate("erlang_a", **(FORWARD | change))  # type: ignore[arg-type]


def test_an_unknown_model_lists_the_known_ones() -> None:
    with pytest.raises(
        DataError, match=r"'erlang_z' is not known\. Use one of: erlang_b, erlang_c"
    ):
        evaluate("erlang_z", load=1, agents=1)


def test_erlang_c_names_the_rows_whose_queue_never_settles() -> None:
    with pytest.raises(DataError) as caught:
        evaluate("erlang_c", load=[5, 10, 12.5, 0], agents=[6, 10, 11, 0], aht_s=300)
    assert str(caught.value) == (
        "erlang_c: 10 agents cannot carry 10 erlangs (row 1 and 1 more): the queue never settles. "
        "Use at least 11 agents, or Erlang A if callers hang up."
    )
    assert caught.value.rows is not None
    assert caught.value.rows.index.tolist() == [1, 2]


QUESTION = {"metric": "sl_offered", "target": 0.8, "load": 10.0, "threshold_s": 20.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target": 1.0}, "target 1 for sl_offered. Write a number above 0 and below 1"),
        ({"target": 0.0}, "target 0 for sl_offered"),
        ({"target": 80}, "target 80 for sl_offered"),
        ({"target": np.nan}, "target nan"),
        ({"metric": "asa_served_s", "target": 0}, "target 0 for asa_served_s.*above 0"),
        ({"metric": "happiness"}, "'happiness' is not known. Use one of: p_wait"),
        ({"threshold_s": None}, "sl_offered needs threshold_s"),
        ({"load": -3}, "load is -3"),
        ({"min_agents": -1}, "min_agents is -1"),
        ({"max_occupancy": 1.2}, r"target 1.2 for occupancy .max_occupancy.. Write a number above"),
        ({"target": [0.8, 0.9], "load": [1, 2, 3]}, "do not fit together"),
        ({"target": "80 %"}, "do not fit together or are not numbers"),
    ],
)
def test_targets_nobody_can_mean_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        required_agents("erlang_a", aht_s=300, patience_s=120, **(QUESTION | change))  # type: ignore[arg-type]


def simulate(
    load: float, agents: int, patience: float | None, threshold: float, seed: int
) -> tuple[float, float, float]:
    """Shares answered in time and abandoned, and the mean wait of the answered; AHT 1.

    First come first served: a caller's offered wait is when the next agent comes free. Waits are
    simulated call by call with a heap of the times at which agents become free.
    """
    calls = 60_000
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1.0 / load, calls))
    services = rng.exponential(1.0, calls)
    ends = rng.exponential(patience, calls) if patience else np.full(calls, np.inf)
    free_at = [0.0] * agents
    in_time = lost = answered = 0
    waited = 0.0
    for arrival, service, end in zip(arrivals, services, ends, strict=True):
        wait = max(free_at[0] - arrival, 0.0)
        if wait > end:
            lost += 1
            continue
        heapq.heapreplace(free_at, arrival + wait + service)
        answered += 1
        waited += wait
        in_time += wait <= threshold
    return in_time / calls, lost / calls, waited / answered


@pytest.mark.parametrize(
    ("model", "load", "agents", "patience"),
    [("erlang_c", 8.0, 10, None), ("erlang_a", 8.0, 8, 0.5), ("erlang_a", 12.0, 7, 2.0)],
)
def test_simulated_calls_agree_within_their_confidence_interval(
    model: str, load: float, agents: int, patience: float | None
) -> None:
    runs = np.array([simulate(load, agents, patience, 0.1, seed) for seed in range(8)])
    mean, error = runs.mean(axis=0), runs.std(axis=0, ddof=1) / np.sqrt(len(runs))
    row = evaluate(
        model, load=load, agents=agents, aht_s=1.0, threshold_s=0.1, patience_s=patience
    ).iloc[0]
    expected = [row["sl_offered"], row.get("p_abandon", 0.0), row["asa_served_s"]]
    # 4 standard errors, and the empty start of each run.
    assert (np.abs(mean - expected) <= 4.0 * error + 2e-3 * np.abs(expected)).all()
