"""The search for the least agents, against trying every number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.erlang import STAFFING, evaluate, solve
from wfm.erlang.inputs import is_share

REST = {"aht_s": 300.0, "patience_s": 90.0, "redial": 0.3, "reconnect": 0.05}
REST |= {"lines": 90.0}


@given(
    st.sampled_from([(m, c) for m in STAFFING for c in STAFFING[m].senses]),
    st.floats(0.02, 60.0),
    st.floats(0.001, 0.999),
)
@settings(max_examples=120, deadline=None)
def test_any_metric_finds_what_trying_every_number_finds(
    case: tuple[str, str], load: float, target: float
) -> None:
    name, metric = case
    model = STAFFING[name]
    target = target if is_share(metric) else 100.0 * target
    fixed = {k: v for k, v in REST.items() if k in (*model.needs, *model.takes)}
    fixed |= {"threshold_s": 20.0, "short_s": 6.0} if "aht_s" in fixed else {}
    first = int(np.floor(load)) + 1 if model.above_load else 1
    most = None
    if "lines" in fixed and metric != "occupancy":
        most = int(fixed["lines"])
        best = evaluate(name, load=load, agents=most, **fixed)[metric][0]
        if best < target if model.senses[metric] == "min" else best > target:
            with pytest.raises(DataError, match=r"whatever the agents\. Give more lines"):
                solve(name, metric=metric, target=target, load=load, **fixed)
            return
    elif "lines" in fixed:
        fixed["lines"], target = 400.0, max(target, 0.25)
    whole, exact = solve(name, metric=metric, target=target, load=load, **fixed)
    tried = np.arange(first, min(int(whole[0]) + 40, (most or 10**9) + 1))
    value = evaluate(name, load=load, agents=tried, **fixed)[metric].to_numpy()
    met = value >= target if model.senses[metric] == "min" else value <= target
    assert whole[0] == tried[met][0]
    assert met[np.argmax(met) :].all()
    assert 0.0 <= whole[0] - exact[0] <= 1.0


@pytest.mark.parametrize("load", [0.001, 0.3, 7.0, 130.0, 2500.0, 45_000.0])
def test_extreme_targets_are_found(load: float) -> None:
    rest = {"aht_s": 300.0, "patience_s": 90.0, "threshold_s": 20.0}
    for target in (1e-6, 0.5, 1 - 1e-9):
        whole, _ = solve("erlang_a", metric="sl_offered", target=target, load=load, **rest)
        near = [max(int(whole[0]) - 1, 1), int(whole[0])]
        level = evaluate("erlang_a", load=load, agents=near, **rest)["sl_offered"]
        assert level[1] >= target
        assert whole[0] == 1 or level[0] < target


def test_one_call_gives_what_many_calls_give() -> None:
    load = np.linspace(0.5, 900.0, 40)
    question = {"metric": "p_abandon", "target": 0.03, "aht_s": 200.0, "patience_s": 150.0}
    together = solve("erlang_a", load=load, **question)
    single = [solve("erlang_a", load=x, **question) for x in load]
    assert together[0].tolist() == [int(w[0]) for w, _ in single]
    assert together[1].tolist() == [float(e[0]) for _, e in single]
