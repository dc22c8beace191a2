"""A target on the day, against trying every combination."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.erlang import evaluate, required_agents
from wfm.erlang.scope import agents_for_day
from wfm.erlang.spreads import Gamma

TIMES = {"aht_s": 300.0, "patience_s": 120.0, "threshold_s": 20.0}
EIGHTY = {"metric": "sl_offered", "target": 0.8, "floor": 0.5, **TIMES}


@given(st.lists(st.floats(0.3, 15.0), min_size=1, max_size=3), st.floats(0.1, 0.8))
@settings(max_examples=25, deadline=None)
def test_trying_every_combination_is_not_better_by_more_than_one_agent(
    loads: list[float], floor: float
) -> None:
    question = EIGHTY | {"floor": floor}
    load = np.array(loads)
    found = agents_for_day("erlang_a", load=load, volume=6 * load, **question)
    assert (found["value"] * load).sum() / load.sum() >= 0.8 - 1e-9
    assert (found["value"] >= floor).all()
    assert found["agents"].sum() <= found["agents_each"].sum()
    lowest = required_agents("erlang_a", metric="sl_offered", target=floor, load=load, **TIMES)
    width = int((found["agents_each"] - lowest).max()) + 4
    tables = [
        evaluate("erlang_a", load=x, agents=np.arange(n, n + width), **TIMES)[
            "sl_offered"
        ].to_numpy()
        for x, n in zip(loads, lowest, strict=True)
    ]
    best = min(
        sum(more)
        for more in itertools.product(range(width), repeat=len(loads))
        if sum(t[k] * x for t, k, x in zip(tables, more, loads, strict=True)) >= 0.8 * load.sum()
    )
    assert best <= (found["agents"] - lowest).sum() <= best + 1


@pytest.mark.parametrize(
    ("load", "floor"),
    [([50.2, 27.8, 50.6], 0.01), ([42.0, 16.0, 56.8], 0.15), ([59.7, 22.4], 0.08)],
)
def test_no_agent_of_the_day_can_be_spared(load: list[float], floor: float) -> None:
    weights = np.array(load) / sum(load)
    rows = agents_for_day("erlang_a", load=load, volume=load, **(EIGHTY | {"floor": floor}))
    agents = rows["agents"].to_numpy()
    for k in range(agents.size):
        fewer = agents - (np.arange(agents.size) == k)
        level = evaluate("erlang_a", load=load, agents=fewer, **TIMES)["sl_offered"].to_numpy()
        assert (level * weights).sum() < 0.8 or level[k] < floor


def test_a_level_that_varies_within_the_day_is_kept_on_average() -> None:
    """Half-hours that come out 25 % off, by themselves: simulated, the day is kept just so."""
    load, spread = np.array([6.0, 18.0, 30.0, 12.0]), Gamma(0.25)
    question = EIGHTY | {"load": load, "volume": 6 * load}
    sure = agents_for_day("erlang_a", **question)
    found = agents_for_day("erlang_a", interval=spread, **question)
    assert sure["agents"].sum() < found["agents"].sum() < found["agents_each"].sum()
    factors = np.random.default_rng(3).gamma(16.0, 1 / 16.0, (4000, 4))
    for agents, kept in ((found["agents"].to_numpy(), True), (sure["agents"].to_numpy(), False)):
        level = evaluate(
            "erlang_a", load=load * factors, agents=np.broadcast_to(agents, factors.shape), **TIMES
        )["sl_offered"].to_numpy()
        day = (level.reshape(factors.shape) * factors * load).sum() / (factors * load).sum()
        assert (day >= 0.8 - 0.002) == kept
    assert (found["value"] * load).sum() / load.sum() >= 0.8 - 1e-9


def test_a_day_target_saves_hours_and_a_floor_costs_some_back() -> None:
    hours = np.arange(28)
    load = 2.0 + 20.0 * np.exp(-(((hours - 9.0) / 7.0) ** 2))
    question = {"load": load, "volume": 6 * load}
    free = agents_for_day("erlang_a", **question, **(EIGHTY | {"floor": 0.01}))
    kept = agents_for_day("erlang_a", **question, **(EIGHTY | {"floor": 0.7}))
    each = kept["agents_each"].sum()
    assert free["agents"].sum() <= kept["agents"].sum() < each
    assert kept["value"].min() >= 0.7 > free["value"].min()


def test_days_are_met_one_by_one() -> None:
    load, day = np.array([4.0, 9.0, 4.0, 9.0]), ["a", "a", "b", "b"]
    both = agents_for_day("erlang_c", load=load, volume=load, day=day, metric="sl_offered",
                          target=0.8, floor=0.4, aht_s=300.0, threshold_s=20.0)  # fmt: skip
    assert both["agents"].tolist()[:2] == both["agents"].tolist()[2:]


def test_abandonment_has_a_ceiling_for_a_floor() -> None:
    load = np.array([2.0, 8.0, 30.0, 0.0])
    rows = agents_for_day("erlang_a", metric="p_abandon", target=0.03, floor=0.08, load=load,
                          volume=load, min_agents=1, **TIMES)  # fmt: skip
    assert (rows["value"] <= 0.08).all()
    assert (rows["value"] * load).sum() / load.sum() <= 0.03
    assert rows["agents"].iloc[-1] == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"floor": 0.9}, "the floor of 0.9 asks for more than the day's target of 0.8"),
        ({"metric": "sl_handled"}, "cannot average 'sl_handled' by its offered contacts"),
        ({"volume": [1.0, 2.0, 3.0]}, "3 volumes for 2 loads"),
        ({"volume": [1.0, -2.0]}, "0 or more each"),
        ({"day": ["a"]}, "1 days for 2 loads"),
        ({"target": 80, "floor": 0.5}, "target 80 for sl_offered"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], message: str) -> None:
    question = {"load": [3.0, 5.0], "volume": [18.0, 30.0], **EIGHTY} | change
    with pytest.raises(DataError, match=message):
        agents_for_day("erlang_a", **question)  # type: ignore[arg-type]
