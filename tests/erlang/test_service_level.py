"""The six service levels: as published, by their sums, and as counted in simulated calls."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.target import SL_VARIANTS
from wfm.erlang import STAFFING, evaluate, required_agents
from wfm.erlang.service_level import SERVICE_LEVELS, service_level

COUNTS = {
    "answered": 1000,
    "answered_within": 860,
    "abandoned": 60,
    "abandoned_within": 20,
    "short": 10,
}


@pytest.mark.parametrize(
    ("variant", "percent"),
    [
        ("sl_abandon_counts", 83.02),
        ("sl_handled", 86.00),
        ("sl_offered", 81.13),
        ("sl_excl_short_abandon", 82.69),
        ("sl_short_counts", 82.08),
        ("sl_excl_short", 81.90),
    ],
)
def test_the_published_counts_give_the_published_levels(variant: str, percent: float) -> None:
    assert round(100 * float(service_level(variant, **COUNTS)), 2) == percent


def test_every_way_of_a_target_can_be_counted() -> None:
    assert set(SERVICE_LEVELS) == set(SL_VARIANTS)


def test_counts_broadcast_and_what_is_unknown_stays_unknown() -> None:
    found = service_level(
        "sl_offered",
        answered=[8.0, np.nan, 0.0],
        answered_within=[4.0, 4.0, 0.0],
        abandoned=[[0], [2]],
    )
    np.testing.assert_allclose(found, [[0.5, np.nan, np.nan], [0.4, np.nan, 0.0]])


@pytest.mark.parametrize(
    ("variant", "change", "message"),
    [
        ("sl_best", {}, r"'sl_best' is not known\. Use one of: sl_abandon_counts, sl_handled"),
        ("sl_short_counts", {"short": None}, "sl_short_counts needs short. Give it"),
        ("sl_abandon_counts", {"abandoned_within": None}, "needs abandoned_within"),
        ("sl_offered", {"answered": -1}, "answered is -1 in row 0. Write contacts, 0 or more"),
        ("sl_offered", {"answered_within": [1, 2000, 3000]}, "is 2000 in row 1 and 1 more. It is"),
        ("sl_excl_short", {"short": 61}, "short is 61 in row 0. It is part of abandoned"),
        ("sl_offered", {"answered": [1e3, 2e3], "abandoned": [1, 2, 3]}, "do not fit together"),
        ("sl_offered", {"answered": "many"}, "are not numbers"),
        ("sl_offered", {"answered": np.inf}, "answered is inf"),
    ],
)
def test_counts_that_cannot_be_are_refused(
    variant: str, change: dict[str, object], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        service_level(variant, **(COUNTS | change))  # type: ignore[arg-type]


def simulate(
    load: float, agents: int, patience: float, lines: int, seed: int, limits: tuple[float, float]
) -> dict[str, float]:
    """Counts of simulated calls, first come first served; AHT 1; blocked calls are offered too."""
    calls, (threshold, short_s) = 40_000, limits
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1.0 / load, calls))
    services, ends = rng.exponential(1.0, calls), rng.exponential(patience, calls)
    free_at, inside = [0.0] * agents, list[float]()
    answered, abandoned, blocked = [], [], 0
    for arrival, service, end in zip(arrivals, services, ends, strict=True):
        while inside and inside[0] <= arrival:
            heapq.heappop(inside)
        if len(inside) >= lines:
            blocked += 1
            continue
        wait = max(free_at[0] - arrival, 0.0)
        if wait > end:
            abandoned.append(end)
            heapq.heappush(inside, arrival + end)
        else:
            heapq.heapreplace(free_at, arrival + wait + service)
            answered.append(wait)
            heapq.heappush(inside, arrival + wait + service)
    waits, lefts = np.array(answered), np.array(abandoned)
    return {
        "answered": len(waits) + 0.0,
        "answered_within": (waits <= threshold).sum(),
        "abandoned": len(lefts) + 0.0,
        "abandoned_within": (lefts <= threshold).sum(),
        "short": (lefts <= short_s).sum(),
        "blocked": blocked,
    }


@pytest.mark.parametrize("short_s", [0.03, 0.25])  # shorter and longer than the threshold
@pytest.mark.parametrize(("model", "lines"), [("erlang_a", 10**9), ("erlang_a_k", 13)])
def test_the_models_levels_are_those_of_counted_calls(
    model: str, lines: int, short_s: float
) -> None:
    limits = (0.1, short_s)
    rest = {"load": 9.0, "agents": 8, "aht_s": 1.0, "patience_s": 0.7, "threshold_s": 0.1}
    rest |= {"lines": lines} if model == "erlang_a_k" else {}
    row = evaluate(model, short_s=short_s, **rest).iloc[0]  # type: ignore[arg-type]
    counts = [simulate(9.0, 8, 0.7, lines, seed, limits) for seed in range(8)]
    for variant in SERVICE_LEVELS:
        found = []
        for count in counts:
            offered_not_left = count["blocked"] if variant != "sl_handled" else 0
            shown = {k: v for k, v in count.items() if k != "blocked"}
            level = service_level(variant, **shown)
            # Blocked calls are offered and neither answered nor abandoned.
            below = count["answered_within"] + {
                "sl_abandon_counts": count["abandoned_within"],
                "sl_short_counts": count["short"],
            }.get(variant, 0.0)
            found.append(below / (below / float(level) + offered_not_left))
        mean, error = np.mean(found), np.std(found, ddof=1) / np.sqrt(len(found))
        assert abs(mean - row[variant]) < 4.0 * error + 1e-3, variant


times = st.floats(0.5, 300.0)


@given(st.floats(0.1, 200.0), st.integers(0, 220), times, times, times)
@settings(max_examples=60, deadline=None)
def test_short_levels_follow_from_the_abandonments_within_both_limits(
    load: float, agents: int, patience: float, threshold: float, short_s: float
) -> None:
    rest = {"load": load, "agents": agents, "aht_s": 200.0, "patience_s": patience}
    for model in ("erlang_a", "erlang_x", "erlang_a_k"):
        extra = {"lines": agents + 15.0} if model == "erlang_a_k" else {}
        extra |= {"redial": 0.2} if model == "erlang_x" else {}
        row = evaluate(model, threshold_s=threshold, short_s=short_s, **rest, **extra).iloc[0]
        early = evaluate(model, threshold_s=short_s, **rest, **extra).iloc[0]
        left = early["p_abandon_within_T"]
        assert row["sl_short_counts"] == pytest.approx(row["sl_offered"] + left, abs=1e-12)
        assert row["sl_excl_short"] * (1 - left) == pytest.approx(row["sl_offered"], abs=1e-12)
        same = evaluate(model, threshold_s=threshold, short_s=threshold, **rest, **extra).iloc[0]
        assert same["sl_short_counts"] == pytest.approx(same["sl_abandon_counts"], abs=1e-12)
        assert same["sl_excl_short"] == pytest.approx(same["sl_excl_short_abandon"], abs=1e-12)


def test_where_nearly_everybody_hangs_up_at_once_the_digits_stay() -> None:
    row = evaluate(
        "erlang_a", load=1e6, agents=1, aht_s=300, patience_s=0.1, threshold_s=60, short_s=60
    ).iloc[0]
    # One in a million is answered; all who are not short are they.
    assert row["sl_excl_short"] == pytest.approx(1.0, rel=1e-12)
    assert row["sl_offered"] < 1e-4


@pytest.mark.parametrize("model", ["erlang_c", "mmnk"])
@pytest.mark.parametrize("variant", SERVICE_LEVELS)
def test_where_nobody_abandons_every_way_says_the_same(model: str, variant: str) -> None:
    question = {"load": [8.0, 90.0], "aht_s": 300.0, "threshold_s": 20.0}
    question |= {"lines": 5000.0} if model == "mmnk" else {}
    plain = required_agents(model, metric="sl_offered", target=0.8, **question)
    asked = required_agents(model, metric=variant, target=0.8, short_s=5.0, **question)
    assert asked.tolist() == plain.tolist()
    row = evaluate(model, agents=plain, short_s=5.0, **question)
    assert row["sl_short_counts"].tolist() == row["sl_offered"].tolist()
    assert row["sl_excl_short"].tolist() == row["sl_offered"].tolist()


@pytest.mark.parametrize("model", ["erlang_a", "erlang_x"])
@pytest.mark.parametrize("variant", ["sl_short_counts", "sl_excl_short"])
def test_the_least_agents_meet_a_short_level_and_one_less_misses(model: str, variant: str) -> None:
    rest = {"load": np.geomspace(0.5, 3000.0, 25), "aht_s": 300.0, "patience_s": 60.0}
    rest |= {"threshold_s": 20.0, "short_s": 5.0}
    least = required_agents(model, metric=variant, target=0.85, **rest)
    assert (evaluate(model, agents=least, **rest)[variant] >= 0.85).all()
    below = evaluate(model, agents=least - 1, **rest)[variant]
    assert (below < 0.85).all()
    plain = required_agents(model, metric="sl_offered", target=0.85, **rest)
    assert (least <= plain).all()
    assert (least < plain).any()


def test_a_short_level_needs_to_know_what_short_is() -> None:
    question = {"load": 10.0, "aht_s": 300.0, "patience_s": 60.0, "threshold_s": 20.0}
    for change, message in (
        ({}, r"erlang_a: sl_excl_short needs short_s, the wait of a short abandon\. Give it"),
        ({"short_s": 30.0}, "short_s is 30 and threshold_s 20 in row 0.*at most threshold_s"),
        ({"short_s": -1.0}, "short_s is -1 in row 0. Write seconds, 0 or more"),
        ({"short_s": np.nan}, "short_s is nan"),
        ({"short_s": 5.0, "threshold_s": None}, "sl_excl_short needs threshold_s"),
    ):
        with pytest.raises(DataError, match=message):
            required_agents("erlang_a", metric="sl_excl_short", target=0.8, **(question | change))  # type: ignore[arg-type]
    columns = {model: STAFFING[model].senses for model in ("erlang_a", "erlang_c", "erlang_x")}
    assert all("sl_excl_short" in senses for senses in columns.values())
