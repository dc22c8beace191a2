"""Carry-over, against the reference day, the sinus solved by hand and the forward equations."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.erlang import required_agents
from wfm.erlang.carry_over import carried_load, compare_carry_over, effective_load

REFERENCE = Path(__file__).parents[1] / "reference"
PROFILE = pd.read_csv(REFERENCE / "time_varying_profile.csv")
SUMMARY = pd.read_csv(REFERENCE / "time_varying_summary.csv")
NAMES = {"PSA": "steady", "lagged_PSA": "lagged", "MOL": "carried"}
SECONDS = np.arange(86_400)
STEP = 2.0 * np.pi / 86_400


def day(method: str, aht_min: float) -> np.ndarray:
    """Load at the middle of each half hour of the sinus day, followed second by second."""
    # Arrivals of each second, integrated exactly.
    waves = (np.cos(STEP * SECONDS) - np.cos(STEP * (SECONDS + 1))) / STEP
    volume = (100.0 + 60.0 * waves) / (60.0 * aht_min)
    load = effective_load(volume, 60.0 * aht_min, 1.0, method=NAMES[method], cyclic=True)
    middle = np.arange(900, 86_400, 1800)
    return (load[middle - 1] + load[middle]) / 2.0


def staff(method: str, aht_min: float, patience_min: float) -> np.ndarray:
    return required_agents(
        "erlang_a", metric="p_wait", target=0.3, load=day(method, aht_min), aht_s=60 * aht_min,
        patience_s=60 * patience_min,
    )  # fmt: skip


@pytest.mark.parametrize("aht_min", [6.0, 30.0, 60.0])
@pytest.mark.parametrize("method", NAMES)
def test_agent_hours_are_those_of_the_reference(method: str, aht_min: float) -> None:
    row = SUMMARY[(SUMMARY["method"] == method) & (SUMMARY["aht_min"] == aht_min)].iloc[0]
    assert staff(method, aht_min, row["patience_min"]).sum() / 2.0 == row["agent_hours"]


@pytest.mark.parametrize("method", NAMES)
def test_each_half_hour_is_that_of_the_reference(method: str) -> None:
    rows = PROFILE[PROFILE["method"] == method]
    np.testing.assert_allclose(day("MOL", 60.0), rows["offered_load_m_t"], rtol=1e-8)
    assert staff(method, 60.0, 60.0).tolist() == rows["agents"].tolist()


def test_the_forward_equations_give_the_waits_of_the_reference() -> None:
    """Kolmogorov's equations of the number in the system, for three staffings at once."""
    agents = np.stack([staff(m, 60.0, 60.0) for m in NAMES])
    step_h = 1 / 4000
    n = np.arange(261)
    p = np.zeros((3, n.size))
    p[:, 100] = 1.0
    waits = np.zeros((3, 48))
    left = np.zeros(3)  # share leaving at a moment, averaged over the day
    for k in range(12 * 4000, 48 * 4000):
        hour = k * step_h
        rate = 100.0 + 60.0 * np.sin(2 * np.pi * hour / 24)
        # AHT and patience are both an hour: everyone in the system leaves at rate 1.
        out = p * (n * step_h)
        up = p * (rate * step_h)
        up[:, -1] = 0.0
        p = p - out - up
        p[:, :-1] += out[:, 1:]
        p[:, 1:] += up[:, :-1]
        if hour >= 24:
            half = int(hour * 2) % 48
            heads = agents[:, half]
            if k % 100 == 50:
                queue = np.maximum(n - heads[:, None], 0)
                waits[:, half] += (p * (n >= heads[:, None])).sum(axis=1) / 20.0
                left += (p * queue).sum(axis=1) / rate / 960.0
    rows = SUMMARY[SUMMARY["aht_min"] == 60].set_index("method").loc[list(NAMES)]
    np.testing.assert_allclose(left, rows["mean_p_abandon"], rtol=0.02)
    for k, method in enumerate(NAMES):
        expected = PROFILE.loc[PROFILE["method"] == method, "p_wait_exact_forward_eq"]
        np.testing.assert_allclose(waits[k], expected, atol=3e-3)
    assert waits[0].max() > 0.85
    assert waits[2].max() < 0.31


@given(st.lists(st.floats(0.0, 500.0), min_size=2, max_size=30), st.floats(10.0, 9000.0))
@settings(max_examples=40, deadline=None)
def test_no_work_is_lost(volume: list[float], aht: float) -> None:
    steady = effective_load(volume, aht, 1800.0, method="steady")
    for method in ("carried", "lagged"):
        cycle = effective_load(volume, aht, 1800.0, method=method, cyclic=True)
        assert cycle.sum() == pytest.approx(steady.sum(), rel=1e-9, abs=1e-9)
        assert cycle.max() <= steady.max() * (1 + 1e-9) + 1e-9
        # Followed until everybody is done, a single day carries the same work.
        rest = np.concatenate([volume, np.zeros(int(40 * aht / 1800) + 2)])
        single = effective_load(rest, aht, 1800.0, method=method)
        assert single.sum() == pytest.approx(steady.sum(), rel=1e-9, abs=1e-9)


def test_short_handle_times_carry_nothing_over() -> None:
    volume = np.array([30.0, 80.0, 10.0])
    steady = effective_load(volume, 5.0, 1800.0, method="steady")
    np.testing.assert_allclose(effective_load(volume, 5.0, 1800.0, cyclic=True), steady, rtol=0.02)


def test_contacts_finish_while_the_centre_is_closed() -> None:
    long = effective_load([10.0, 0.0], 3600.0, 1800.0, closed_s=[0.0, 36_000.0])
    assert long[1] == pytest.approx(effective_load([10.0, 0.0], 3600.0, 1800.0)[1] * np.exp(-10))
    start = pd.DatetimeIndex(["2026-03-02 09:00", "2026-03-02 19:30"], tz="Asia/Baku")
    frame = pd.DataFrame({"start": start, "queue": "a", "volume": [10.0, 0.0], "aht_s": 3600.0})
    both = pd.concat([frame, frame.assign(queue="b", aht_s=[3600.0, np.nan])])
    found = carried_load(both.reset_index(drop=True), timedelta(minutes=30))
    np.testing.assert_allclose(found, [*long, *long], rtol=1e-12)


def test_those_in_progress_at_the_start_need_agents() -> None:
    load = effective_load([0.0], 1800.0, 1800.0, in_progress=4.0)
    assert load[0] == pytest.approx(4.0 * (1 - np.exp(-1)))


def test_what_differs_by_more_than_one_agent_is_flagged() -> None:
    rows = compare_carry_over(
        "erlang_a", metric="p_wait", target=0.3, volume=[100, 100, 100, 20], aht_s=1800,
        interval_s=1800, patience_s=600,
    )  # fmt: skip
    assert rows["flagged"].tolist() == [True, True, True, True]
    calm = compare_carry_over(
        "erlang_c", metric="sl_offered", target=0.8, volume=[100, 100], aht_s=60, interval_s=1800,
        threshold_s=20, cyclic=True,
    )  # fmt: skip
    assert not calm["flagged"].any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"volume": [1.0, -1.0]}, "volume is -1 in interval 1"),
        ({"aht_s": 0.0}, "aht_s is 0. Write seconds above 0"),
        ({"aht_s": [1.0, 2.0, 3.0]}, "2 volumes, 3 handle times"),
        ({"closed_s": [0.0, -60.0]}, "closed_s is -60 in interval 1"),
        ({"interval_s": np.nan}, "interval_s is nan"),
        ({"in_progress": -1.0}, "in_progress is -1"),
        ({"method": "isa"}, "'isa' is not known. Use one of: carried, lagged, steady"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], message: str) -> None:
    question = {"volume": [1.0, 2.0], "aht_s": 300.0, "interval_s": 1800.0}
    with pytest.raises(DataError, match=message):
        effective_load(**(question | change))  # type: ignore[arg-type]
