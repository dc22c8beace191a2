"""Erlang B."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from wfm.erlang import evaluate


@given(st.floats(0.01, 500.0), st.integers(1, 400))
@settings(max_examples=40, deadline=None)
def test_the_recurrence_over_agents_holds(load: float, agents: int) -> None:
    block = evaluate("erlang_b", load=load, agents=[agents - 1, agents])["p_block"]
    step = load * block[0] / (agents + load * block[0])
    assert block[1] == pytest.approx(step, rel=2e-12, abs=1e-290)


@pytest.mark.parametrize(("load", "agents"), [(0.2, 0.25), (3.0, 2.5), (40.0, 47.3), (40.0, 11.1)])
def test_fractional_agents_follow_the_integral(load: float, agents: float) -> None:
    inverse, _ = integrate.quad(
        lambda x: np.exp(-x + agents * np.log1p(x / load)), 0, 400, epsrel=1e-12, limit=300
    )
    block = evaluate("erlang_b", load=load, agents=agents)["p_block"][0]
    assert block == pytest.approx(1 / inverse, rel=1e-10)


def test_without_agents_every_call_is_lost() -> None:
    assert evaluate("erlang_b", load=[0.0, 5.0], agents=0)["p_block"].tolist() == [0.0, 1.0]
