"""What holds for every staffing model, whatever the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.erlang import STAFFING, evaluate, required_agents

loads = st.floats(0.05, 300.0)
times = st.floats(1.0, 2000.0)
models = st.sampled_from(sorted(STAFFING))


def arguments(model: str, **everything: float) -> dict[str, float]:
    """Those of the arguments that a model takes."""
    known = (*STAFFING[model].needs, *STAFFING[model].takes, "threshold_s", "short_s")
    return {name: value for name, value in everything.items() if name in known}


@given(models, loads, st.floats(0.0, 1.5), times, times, times, st.integers(0, 80))
@settings(max_examples=120, deadline=None)
def test_every_call_is_blocked_abandoned_or_served(
    model: str,
    load: float,
    spare: float,
    aht: float,
    patience: float,
    threshold: float,
    places: int,
) -> None:
    agents = np.ceil(load * (0.5 + spare)) + (load if model == "erlang_c" else 0.0)
    rest = arguments(
        model, aht_s=aht, patience_s=patience, threshold_s=threshold, short_s=threshold / 3.0,
        lines=agents + places, redial=0.3, reconnect=0.1,
    )  # fmt: skip
    row = evaluate(model, load=load, agents=agents, **rest).iloc[0]
    assert np.isfinite(row.to_numpy()).all()
    shares = [c for c in row.index if c.startswith(("p_", "sl_")) or c == "occupancy"]
    assert row[shares].between(0.0, 1.0).all()
    whole = row.get("p_block", 0.0) + row.get("p_abandon", 0.0)
    if "p_served" in row:
        assert whole + row["p_served"] == pytest.approx(1.0, abs=1e-12)
        carried = row.get("total_load_erlangs", load) * row["p_served"]
        assert carried == pytest.approx(row["occupancy"] * agents, rel=1e-10)
    if "p_immediate" in row and "p_wait" in row:
        joined = row.get("p_block", 0.0) + row["p_immediate"] + row["p_wait"]
        assert joined == pytest.approx(1.0, abs=1e-12)
    if "sl_abandon_counts" in row:  # counting or leaving out those who hang up never lowers it
        assert row["sl_offered"] <= row["sl_short_counts"] + 1e-14
        assert row["sl_short_counts"] <= row["sl_abandon_counts"] + 1e-12
        assert row["sl_offered"] <= row["sl_excl_short"] + 1e-14
        assert row["sl_excl_short"] <= row["sl_excl_short_abandon"] + 1e-12


@given(models, loads, st.floats(0.3, 2.0), times, times, st.floats(0.01, 100.0))
@settings(max_examples=80, deadline=None)
def test_another_unit_of_time_changes_no_share_of_any_model(
    model: str, load: float, level: float, patience: float, threshold: float, unit: float
) -> None:
    agents = np.ceil(load * level) + (np.ceil(load) if model == "erlang_c" else 0.0)
    fixed = {"lines": agents + 20.0, "redial": 0.3, "reconnect": 0.1}
    seconds = {"aht_s": 300.0, "patience_s": patience, "threshold_s": threshold, "short_s": 7.0}
    other = {name: value / unit for name, value in seconds.items()}
    first = evaluate(model, load=load, agents=agents, **arguments(model, **fixed, **seconds)).iloc[
        0
    ]
    second = evaluate(model, load=load, agents=agents, **arguments(model, **fixed, **other)).iloc[0]
    for column in first.index:
        scale = unit if column.endswith("_s") else 1.0
        close = pytest.approx(first[column], rel=1e-8, abs=1e-250)
        assert second[column] * scale == close, column


@given(st.sampled_from(["mmnk", "erlang_a_k"]), st.floats(0.1, 200.0), st.floats(0.3, 3.0), times)
@settings(max_examples=40, deadline=None)
def test_endless_lines_give_the_open_model(
    model: str, load: float, root: float, patience: float
) -> None:
    agents = np.ceil(load + root * np.sqrt(load)) + 1.0
    rest = {"aht_s": 300.0, "threshold_s": 20.0}
    rest |= {"patience_s": patience} if model == "erlang_a_k" else {}
    finite = evaluate(model, load=load, agents=agents, lines=agents + 6000.0, **rest).iloc[0]
    free = evaluate("erlang_a" if "patience_s" in rest else "erlang_c", load=load, agents=agents,
                    **rest).iloc[0]  # fmt: skip
    for column in free.index.intersection(finite.index):
        assert finite[column] == pytest.approx(free[column], rel=1e-8, abs=1e-250), column


@given(
    st.sampled_from(["erlang_b", "erlang_c", "erlang_a", "erlang_x"]), loads, st.floats(1.01, 3.0),
    times, times,
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_more_load_never_helps(
    model: str, load: float, more: float, patience: float, threshold: float
) -> None:
    agents = np.ceil(load * more) + 1.0
    rest = arguments(
        model, aht_s=240.0, patience_s=patience, threshold_s=threshold, redial=0.3,
        short_s=threshold / 2.0,
    )  # fmt: skip
    rows = evaluate(model, load=[load, load * more], agents=agents, **rest)
    for metric, sense in STAFFING[model].senses.items():
        if metric in rows:
            quiet, busy = rows[metric]
            slack = 1e-11 * max(abs(quiet), abs(busy), 1e-280)
            assert busy <= quiet + slack if sense == "min" else busy >= quiet - slack, metric


@given(st.floats(1.0, 100.0), times, times, st.floats(0.05, 0.999))
@settings(max_examples=60, deadline=None)
def test_nobody_needs_more_agents_for_less(
    load: float, patience: float, threshold: float, target: float
) -> None:
    rest = {"aht_s": 300.0, "threshold_s": threshold, "patience_s": patience}
    ask = {"metric": "sl_offered", "load": [load, load, 1.1 * load]}
    least = required_agents("erlang_a", target=[0.9 * target, target, target], **ask, **rest)
    assert least[0] <= least[1] <= least[2]
    counts = required_agents(
        "erlang_a", target=target, **(ask | {"metric": "sl_abandon_counts"}), **rest
    )
    assert counts[1] <= least[1]
