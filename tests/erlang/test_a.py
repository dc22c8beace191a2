"""Erlang A, against two independent ways to compute it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from wfm.erlang import evaluate


def by_states(load: float, agents: int, h: float) -> tuple[float, float]:
    """P(wait) and P(abandon) from the stationary law, state by state (AHT 1, patience 1/h)."""
    leaving = np.array([*range(1, agents + 1), *(agents + h * np.arange(1, 6000))])
    logs = np.array([0.0, *np.cumsum(np.log(load / leaving))])
    states = np.exp(logs - logs.max())
    states /= states.sum()
    queue = states[agents:]
    return queue.sum(), h * (queue * np.arange(queue.size)).sum() / load


@given(st.floats(0.1, 80.0), st.integers(1, 90), st.floats(0.05, 20.0))
@settings(max_examples=50, deadline=None)
def test_the_sum_over_states_gives_the_same(load: float, agents: int, h: float) -> None:
    row = evaluate("erlang_a", load=load, agents=agents, aht_s=1.0, patience_s=1.0 / h).iloc[0]
    p_wait, p_abandon = by_states(load, agents, h)
    assert row["p_wait"] == pytest.approx(p_wait, rel=1e-11)
    assert row["p_abandon"] == pytest.approx(p_abandon, rel=1e-11)


@pytest.mark.parametrize("agents", [8.0, 9.5, 10.0, 10.7, 13.0])
def test_incomplete_gamma_functions_give_the_same_for_fractional_agents(agents: float) -> None:
    load, aht, patience, threshold = 10.0, 300.0, 120.0, 20.0
    h = aht / patience
    c, eta, y = agents / h, load / h, np.exp(-threshold / patience)
    pmf = np.exp(agents * np.log(load) - load - special.gammaln(agents + 1))
    inverse_b = special.gammaincc(agents + 1, load) / pmf
    law = np.exp(c * np.log(eta) - eta - special.gammaln(c + 1))
    big_a = special.gammainc(c, eta) / law
    p_wait = big_a / (big_a + inverse_b - 1.0)
    late = p_wait * special.gammainc(c, eta * y) / special.gammainc(c, eta)
    row = evaluate(
        "erlang_a", load=load, agents=agents, aht_s=aht, patience_s=patience, threshold_s=threshold
    ).iloc[0]
    assert row["p_wait"] == pytest.approx(p_wait, rel=1e-12)
    assert row["p_virtual_wait_gt_T"] == pytest.approx(late, rel=1e-11)


def test_short_patience_and_few_agents_use_the_plain_tail() -> None:
    # AHT 600 times the patience: the wait's density falls by e^(-n/600) in a unit of patience.
    row = evaluate("erlang_a", load=5.0, agents=1, aht_s=300.0, patience_s=0.5).iloc[0]
    p_wait, p_abandon = by_states(5.0, 1, 600.0)
    assert row["p_wait"] == pytest.approx(p_wait, rel=1e-12)
    assert row["p_abandon"] == pytest.approx(p_abandon, rel=1e-12)


def test_almost_no_agent_is_still_exact() -> None:
    row = evaluate("erlang_a", load=4.0, agents=1e-4, aht_s=300.0, patience_s=120.0).iloc[0]
    # Limit n -> 0: 1 - (1 - a R) e^-eta, with R = e^a E1(a) and eta = a patience / AHT.
    free = 4.0 * np.exp(4.0) * special.exp1(4.0)
    assert row["occupancy"] == pytest.approx(1 - (1 - free) * np.exp(-1.6), rel=1e-3)
    assert row["p_served"] == pytest.approx(row["occupancy"] * 1e-4 / 4.0, rel=1e-12)


def test_the_exact_values_beside_the_square_root_rule_are_reproduced() -> None:
    table = pd.read_csv(Path(__file__).parents[1] / "reference" / "square_root_staffing.csv")
    rows = table[table["model"] == "garnett"]
    found = evaluate(
        "erlang_a", load=rows["load_erlangs"], agents=rows["agents"], aht_s=300.0,
        patience_s=300.0 * rows["patience_over_aht"],
    )  # fmt: skip
    np.testing.assert_allclose(found["p_wait"], rows["p_wait_exact"], rtol=6e-10)
    np.testing.assert_allclose(found["p_abandon"], rows["p_abandon_exact"], rtol=6e-10)
    rows = table[table["model"] == "halfin_whitt"]
    found = evaluate("erlang_c", load=rows["load_erlangs"], agents=rows["agents"], aht_s=300.0)
    np.testing.assert_allclose(found["p_wait"], rows["p_wait_exact"], rtol=6e-10)
    # The rule itself is an approximation that large centres come close to.
    large = rows["load_erlangs"] >= 1000
    assert large.any()
    np.testing.assert_allclose(
        rows["p_wait_approx"][large], found["p_wait"][large.to_numpy()], rtol=0.1
    )
