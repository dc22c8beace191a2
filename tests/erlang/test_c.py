"""Erlang C."""

from __future__ import annotations

import numpy as np
import pytest

from wfm.erlang import evaluate


def test_published_example_of_a_call_centre() -> None:
    # 10 erlangs on 14 agents, AHT 300 s: P(wait) from the sum over states.
    terms = np.cumprod([1.0, *(10.0 / k for k in range(1, 15))])
    tail = terms[14] * 14 / 4
    row = evaluate("erlang_c", load=10, agents=14, aht_s=300, threshold_s=20).iloc[0]
    assert row["p_wait"] == pytest.approx(tail / (terms[:14].sum() + tail), rel=1e-13)
    assert row["mean_wait_all_s"] == pytest.approx(row["p_wait"] * 300 / 4, rel=1e-14)
    assert row["mean_queue"] == pytest.approx(row["p_wait"] * 10 / 4, rel=1e-14)  # Little


def test_quantiles_of_the_wait_are_service_levels_turned_round() -> None:
    row = evaluate("erlang_c", load=95.0, agents=97.5, aht_s=240).iloc[0]
    for name, share in (("wait_p50_s", 0.5), ("wait_p90_s", 0.9), ("wait_p99_s", 0.99)):
        assert row[name] > 0
        level = evaluate("erlang_c", load=95, agents=97.5, aht_s=240, threshold_s=row[name])
        assert level["sl_offered"][0] == pytest.approx(share, rel=1e-12)
    quiet = evaluate("erlang_c", load=1.0, agents=10, aht_s=240).iloc[0]
    assert quiet["wait_p99_s"] == 0.0


def test_fractional_agents_lie_between_their_neighbours() -> None:
    row = evaluate("erlang_c", load=20, agents=[21, 21.5, 22], aht_s=60, threshold_s=10)
    assert row["sl_offered"].is_monotonic_increasing
    assert row["p_wait"].is_monotonic_decreasing
