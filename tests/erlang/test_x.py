"""Erlang A with callers who call again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.erlang import evaluate, required_agents

REST = {"aht_s": 300.0, "patience_s": 90.0, "threshold_s": 20.0}
shares = st.floats(0.0, 0.9)


@given(st.floats(0.05, 300.0), st.integers(1, 300), shares, shares)
@settings(max_examples=50, deadline=None)
def test_calls_balance_at_the_total_load(
    load: float, agents: int, redial: float, reconnect: float
) -> None:
    again = {"redial": redial, "reconnect": reconnect}
    row = evaluate("erlang_x", load=load, agents=agents, **again, **REST).iloc[0]
    total = row["total_load_erlangs"]
    fresh = total * (1 - redial * row["p_abandon"] - reconnect * row["p_served"])
    assert fresh == pytest.approx(load, rel=1e-12)
    there = evaluate("erlang_a", load=total, agents=agents, **REST).iloc[0]
    assert row.drop("total_load_erlangs").tolist() == there.tolist()


def test_nobody_calls_again_gives_erlang_a() -> None:
    load = np.array([0.0, 3.0, 50.0])
    plain = evaluate("erlang_a", load=load, agents=[0, 4, 40], **REST)
    again = evaluate("erlang_x", load=load, agents=[0, 4, 40], **REST)
    assert again["total_load_erlangs"].tolist() == load.tolist()
    assert again.drop(columns="total_load_erlangs").equals(plain)


def test_redials_cost_agents() -> None:
    question = {"metric": "sl_offered", "target": 0.8, "load": 100.0, **REST}
    plain = required_agents("erlang_x", **question)
    redials = required_agents("erlang_x", redial=0.8, **question)
    reconnects = required_agents("erlang_x", redial=0.8, reconnect=0.1, **question)
    assert plain[0] < redials[0] < reconnects[0]


@pytest.mark.parametrize(("name", "value"), [("redial", 1.0), ("reconnect", -0.1), ("redial", 30)])
def test_shares_that_cannot_be_are_refused(name: str, value: float) -> None:
    with pytest.raises(DataError, match=rf"{name} is .* Write the share of the"):
        evaluate("erlang_x", load=1, agents=1, **REST, **{name: value})


def test_models_that_know_no_redials_say_so() -> None:
    with pytest.raises(DataError, match=r"erlang_a: it knows no redial\. Use erlang_x"):
        evaluate("erlang_a", load=1, agents=1, redial=0.1, **REST)
