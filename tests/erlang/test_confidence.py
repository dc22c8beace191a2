"""Forecast risk, against the reference table, simulated days and trying every number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from wfm.core.errors import DataError
from wfm.erlang import evaluate, required_agents
from wfm.erlang.confidence import (
    agents_at_confidence,
    chance_of_meeting,
    confidence_curve,
    expected_metric,
)
from wfm.erlang.spreads import Gamma, Quantiles

TABLE = pd.read_csv(Path(__file__).parents[1] / "reference" / "load_uncertainty.csv")
TIMES = {"aht_s": 300.0, "patience_s": 300.0, "threshold_s": 20.0}
EIGHTY = {"metric": "sl_offered", "target": 0.8, **TIMES}
LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95]


@pytest.mark.parametrize("row", TABLE.to_dict("records"))
def test_gamma_days_give_the_reference_table(row: dict[str, float]) -> None:
    load, day = float(row["mean_load_erlangs"]), Gamma(row["cv_of_load"])
    agents = required_agents("erlang_a", load=load, **EIGHTY)
    assert agents.tolist() == [row["agents_deterministic"]]
    met = chance_of_meeting("erlang_a", load=load, agents=agents, day=day, **EIGHTY)
    assert met[0] == pytest.approx(row["p_day_meets_sl_at_deterministic"], abs=2e-10)
    level = expected_metric(
        "erlang_a", metric="sl_offered", load=load, agents=agents, spread=day, **TIMES
    )
    # The table's own integral is good to six digits: adaptive quadrature, below, agrees with ours.
    assert level[0] == pytest.approx(row["call_weighted_sl_at_deterministic"], abs=2e-7)
    average = agents_at_confidence(
        "erlang_a", load=load, confidence=0.5, day=None, interval=day, **EIGHTY
    )
    assert average.tolist() == [row["agents_for_call_weighted_sl"]]
    for share in ("0.80", "0.90", "0.95"):
        least = agents_at_confidence(
            "erlang_a", load=load, confidence=float(share), day=day, **EIGHTY
        )
        assert least.tolist() == [row[f"agents_p_meet_{share}"]]


def test_the_average_over_contacts_is_the_integral_a_sum_of_many_days_gives() -> None:
    rng = np.random.default_rng(5)
    factor = rng.gamma(100.0, 1 / 100.0, 40_000)
    level = evaluate("erlang_a", load=100.0 * factor, agents=103.0, **TIMES)["sl_offered"]
    part = factor * level.to_numpy()
    error = 4.0 * (part - part.mean() * factor).std() / np.sqrt(factor.size)
    found = expected_metric(
        "erlang_a", metric="sl_offered", load=100.0, agents=103, spread=Gamma(0.1), **TIMES
    )
    assert abs(found[0] - part.sum() / factor.sum()) < error


def test_the_average_over_contacts_is_what_adaptive_quadrature_gives() -> None:
    def part(factor: float) -> float:
        density = np.exp(100 * np.log(100 * factor) - 100 * factor - special.gammaln(100))
        row = evaluate("erlang_a", load=100.0 * factor, agents=103.0, **TIMES)
        return float(density * row["sl_offered"][0])

    value, _ = integrate.quad(part, 0.4, 1.9, epsabs=1e-10, points=[0.8, 1.0, 1.2])
    found = expected_metric(
        "erlang_a", metric="sl_offered", load=100.0, agents=103, spread=Gamma(0.1), **TIMES
    )
    assert found[0] == pytest.approx(value, abs=1e-9)


@given(st.floats(5.0, 200.0), st.floats(0.06, 0.94), st.floats(0.02, 0.4))
@settings(max_examples=25, deadline=None)
def test_the_least_agents_meet_on_enough_days_and_one_less_on_too_few(
    load: float, share: float, cv: float
) -> None:
    days = Quantiles(LEVELS, Gamma(cv).quantile(np.array(LEVELS)))  # type: ignore[arg-type]
    for day in (Gamma(cv), days):
        least = agents_at_confidence("erlang_a", load=load, confidence=share, day=day, **EIGHTY)[0]
        met = chance_of_meeting("erlang_a", load=load, agents=[least, least - 1], day=day, **EIGHTY)
        assert met[0] >= share - 1e-9
        assert least == 1 or met[1] < share + 1e-9


def test_bands_of_a_forecast_are_loads_themselves() -> None:
    loads = np.array([[8.0, 9.0, 10.0, 11.5, 14.0], [0.0, 0.0, 0.0, 0.0, 0.0]])
    bands = Quantiles(LEVELS, loads)
    least = agents_at_confidence("erlang_a", load=1.0, confidence=0.95, day=bands, **EIGHTY)
    assert least.tolist() == required_agents("erlang_a", load=[14.0, 0.0], **EIGHTY).tolist()
    middle = agents_at_confidence("erlang_a", load=1.0, confidence=0.5, day=bands, **EIGHTY)
    assert middle.tolist() == required_agents("erlang_a", load=[10.0, 0.0], **EIGHTY).tolist()


def test_the_two_parts_of_the_error_act_differently() -> None:
    question = {"load": 100.0, "confidence": 0.9, **EIGHTY}
    certain = agents_at_confidence("erlang_a", day=None, **question)[0]
    inside = agents_at_confidence("erlang_a", day=None, interval=Gamma(0.1), **question)[0]
    across = agents_at_confidence("erlang_a", day=Gamma(0.1), **question)[0]
    both = agents_at_confidence("erlang_a", day=Gamma(0.1), interval=Gamma(0.1), **question)[0]
    assert certain < inside < across < both
    met = chance_of_meeting(
        "erlang_a", load=100.0, agents=[both, both - 1], day=Gamma(0.1), interval=Gamma(0.1),
        **EIGHTY,
    )  # fmt: skip
    assert met[0] >= 0.9 > met[1]


def test_other_conditions_hold_beside_the_confidence() -> None:
    question = {"load": [0.0, 2.0, 300.0], "confidence": 0.9, "day": Gamma(0.1), **EIGHTY}
    for interval in (None, Gamma(0.05)):
        plain = agents_at_confidence("erlang_a", interval=interval, **question)
        floor = agents_at_confidence("erlang_a", interval=interval, min_agents=5, **question)
        assert floor.tolist() == np.maximum(plain, 5).tolist()
        calm = agents_at_confidence("erlang_a", interval=interval, max_occupancy=0.8, **question)
        assert calm[2] > plain[2]
        times = {name: EIGHTY[name] for name in ("aht_s", "patience_s", "threshold_s")}
        busy = required_agents(
            "erlang_a", metric="occupancy", target=0.8,
            load=np.array([0.0, 2.0, 300.0]) * Gamma(0.1).quantile(0.9), **times,
        )  # fmt: skip
        assert calm.tolist() == np.maximum(plain, busy).tolist()
        assert plain[0] == 0


def test_more_confidence_costs_more() -> None:
    curve = confidence_curve("erlang_c", load=[20.0, 60.0], day=Gamma(0.15), metric="asa_served_s",
                             target=20.0, aht_s=300.0)  # fmt: skip
    assert curve["agents"].is_monotonic_increasing
    mean = required_agents("erlang_c", load=[20.0, 60.0], metric="asa_served_s", target=20.0,
                           aht_s=300.0).sum()  # fmt: skip
    assert (curve["agents"] - curve["more"] == mean).all()
    bands = Quantiles(LEVELS, [[8.0, 9.0, 10.0, 11.0, 12.0], [0.0] * 5])
    rows = confidence_curve("erlang_a", load=1.0, day=bands, confidences=[0.5], **EIGHTY)
    assert rows["more"].tolist() == [0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"confidence": 1.0}, "confidence is 1. Write a share of days"),
        ({"confidence": 0.99, "day": Quantiles(LEVELS, LEVELS)}, "0.99 is outside 0.05 to 0.95"),
        ({"load": -1.0}, "load is -"),
        ({"metric": "joy"}, "'joy' is not known"),
        ({"metric": "asa_served_s", "target": 9.0, "interval": Gamma(0.1)}, "is no share"),
        ({"day": Quantiles(LEVELS, [LEVELS] * 3), "load": [1.0, 2.0]}, "3 rows of quantiles for 2"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], message: str) -> None:
    question = {"load": 10.0, "confidence": 0.9, "day": Gamma(0.1), **EIGHTY}
    with pytest.raises(DataError, match=message):
        agents_at_confidence("erlang_a", **(question | change))  # type: ignore[arg-type]


def test_finite_lines_have_no_confidence() -> None:
    with pytest.raises(DataError, match="no confidence with finite lines"):
        agents_at_confidence("mmnk", load=1.0, confidence=0.9, day=Gamma(0.1), lines=5, **EIGHTY)
