"""The steps from contacts to the roster: they add up, and each is what it says."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from wfm.core.columns import STEPS
from wfm.core.errors import DataError
from wfm.core.shrinkage import Shrinkage, ShrinkageComponent
from wfm.core.target import SL_VARIANTS
from wfm.core.types import Forecast, Requirement, ServiceTarget
from wfm.core.work import Queue
from wfm.erlang import (
    agents_at_confidence,
    compare_carry_over,
    evaluate,
    predict,
    predict_days,
    required_agents,
    split_risk,
)
from wfm.erlang.requirement import requirement

HALF_HOUR = timedelta(minutes=30)
LEVELS = (0.1, 0.5, 0.9)
REST = {"aht_s": 300.0, "patience_s": 120.0, "threshold_s": 20.0}


def forecast(
    volume: list[float], *, days: int = 1, aht_s: float = 300.0, spread: float = 1.2
) -> Forecast:
    """Days of one queue from 8:00 on, each with these volumes, and bands around them."""
    starts = [
        pd.date_range(f"2026-03-{2 + d:02d} 08:00", periods=len(volume), freq="30min", tz="UTC")
        for d in range(days)
    ]
    start = starts[0].append(starts[1:])
    frame = pd.DataFrame({"start": start, "queue": "a", "volume": volume * days, "aht_s": aht_s})
    frame["volume_q10"], frame["volume_q90"] = frame["volume"] / spread, frame["volume"] * spread
    factors = dict(zip(LEVELS, (1 / spread, 1.0, spread), strict=True))
    bands = pd.DataFrame({level: frame["volume"] * f for level, f in factors.items()})
    day = start.tz_localize(None).normalize().unique()
    total = float(sum(volume))
    half = spread**0.5
    day_bands = pd.DataFrame({"day": day, "queue": "a", "volume": total})
    for level, factor in zip(LEVELS, (1 / half, 1.0, half), strict=True):
        day_bands[level] = total * factor
    return Forecast(frame, HALF_HOUR, bands=bands, day_bands=day_bands)


def steps_of(need: Requirement) -> pd.DataFrame:
    return need.frame[[f"step_{name}" for name in STEPS]]


@settings(max_examples=40, deadline=None)
@given(
    volume=st.lists(st.floats(0, 300), min_size=1, max_size=6),
    aht_s=st.sampled_from([60.0, 300.0, 1500.0]),
    model=st.sampled_from(["erlang_a", "erlang_c"]),
    scope=st.sampled_from(["interval", "day"]),
    confidence=st.sampled_from([None, 0.6, 0.9]),
    shrinkage=st.sampled_from([0.0, 0.1, 0.37]),
    carry_over=st.sampled_from(["auto", "carried", "steady"]),
    max_occupancy=st.sampled_from([None, 0.7]),
    min_agents=st.sampled_from([0, 3]),
    deflection=st.sampled_from([0.0, 0.25]),
)
def test_the_steps_add_up_to_the_roster(
    volume, aht_s, model, scope, confidence, shrinkage, carry_over, max_occupancy, min_agents,
    deflection,
):  # fmt: skip
    target = ServiceTarget(0.8, scope=scope, confidence=confidence)
    need = requirement(
        forecast(volume, aht_s=aht_s),
        target,
        model=model,
        shrinkage=shrinkage,
        carry_over=carry_over,
        max_occupancy=max_occupancy,
        min_agents=min_agents,
        queues=[Queue("a", "a", deflection=deflection)],
    )
    frame, steps = need.frame, steps_of(need)
    np.testing.assert_allclose(steps.sum(axis=1), frame["scheduled"], rtol=0, atol=1e-9)
    assert (steps["step_deflection"] <= 0).all()
    assert (steps["step_rules"] >= 0).all()
    assert (steps["step_scope"].sum() <= 0) or scope == "interval"
    assert (steps["step_shrinkage"] >= 0).all()
    assert (frame["agents"] >= min_agents).all()
    assert (frame.loc[frame["load"] > 0, "agents"] >= 1).all()


def test_each_step_is_what_it_says() -> None:
    made = forecast([30.0, 90.0, 60.0])
    need = requirement(made, ServiceTarget(0.8, confidence=0.9), shrinkage=0.1, max_occupancy=0.5)
    frame, risk = need.frame, split_risk(made)
    least = required_agents("erlang_a", metric="sl_offered", target=0.8, load=frame["load"], **REST)
    safe = agents_at_confidence(
        "erlang_a", metric="sl_offered", target=0.8, load=frame["load"], confidence=0.9,
        day=risk.day, interval=risk.interval, **REST,
    )  # fmt: skip
    assert frame["step_load"].tolist() == frame["load"].tolist() == [5.0, 15.0, 10.0]
    buffered = frame["step_load"] + frame["step_randomness"]
    assert (np.ceil(buffered - 1e-6) == least).all()
    assert (np.ceil(buffered + frame["step_risk"] - 1e-6) == safe).all()
    assert (frame["step_risk"] > 0).all()
    day_load = frame["load"] * risk.day.quantile(0.9)
    assert frame["agents"].tolist() == np.maximum(safe, np.ceil(day_load / 0.5)).tolist()
    np.testing.assert_allclose(frame["step_shrinkage"], frame["agents"] / 0.9 - frame["agents"])


def test_more_confidence_never_needs_fewer() -> None:
    made = forecast([30.0, 90.0, 60.0])
    found = [
        requirement(made, ServiceTarget(0.8, confidence=c)).frame["agents"]
        for c in (0.3, 0.5, 0.7, 0.9)
    ]
    assert all((more >= less).all() for less, more in pairwise(found))
    assert (found[-1] > found[0]).any()


def test_over_the_day_saves_and_keeps_the_promise_and_the_floor() -> None:
    made = forecast([5.0, 12.0, 40.0, 90.0, 40.0, 6.0], days=2)
    each = requirement(made, ServiceTarget(0.8)).frame
    target = ServiceTarget(0.8, scope="day", floor=0.65)
    need = requirement(made, target)
    assert need.frame["agents"].sum() < each["agents"].sum()
    assert need.frame["step_scope"].sum() == need.frame["agents"].sum() - each["agents"].sum()
    assert (need.frame["service_level"] >= 0.65).all()
    days = predict_days(predict(need, need.frame["agents"]), HALF_HOUR)
    assert (days["service_level"] >= 0.8 - 1e-12).all()


def test_long_handle_times_carry_over_unless_told_not_to() -> None:
    volume = [40.0, 60.0, 30.0, 10.0]
    short = requirement(forecast(volume), ServiceTarget(0.8)).frame
    assert (short["step_carry_over"] == 0).all()
    assert (short["flags"].str.contains("carry_over") == False).all()  # noqa: E712
    made = forecast(volume, aht_s=1800.0)
    long = requirement(made, ServiceTarget(0.8), patience_s=1800).frame
    steady = requirement(made, ServiceTarget(0.8), patience_s=1800, carry_over="steady").frame
    compared = compare_carry_over(
        "erlang_a", metric="sl_offered", target=0.8, volume=volume, aht_s=1800.0,
        interval_s=1800.0, patience_s=1800.0, threshold_s=20.0,
    )  # fmt: skip
    assert long["agents"].tolist() == compared["agents"].tolist()
    assert steady["agents"].tolist() == compared["agents_steady"].tolist()
    assert compared["flagged"].any()
    for frame in (long, steady):
        assert frame["flags"].str.contains("carry_over").tolist() == compared["flagged"].tolist()
    np.testing.assert_allclose(long["step_carry_over"], compared["load"] - compared["load_steady"])


def test_shrinkage_follows_the_weekday_and_counts_once_what_is_placed() -> None:
    table = Shrinkage(
        (
            ShrinkageComponent("sickness", 0.05),
            ShrinkageComponent("coaching", 0.10, weekdays=(1,)),
            ShrinkageComponent("breaks", 0.20, placed=True),
        )
    )
    need = requirement(forecast([90.0], days=2), ServiceTarget(0.8), shrinkage=table).frame
    np.testing.assert_allclose(need["shrinkage"], [0.05, 0.15])  # a Monday, a Tuesday
    assert need["scheduled"].tolist() == [
        int(np.ceil(n / (1 - s))) for n, s in zip(need["agents"], [0.05, 0.15], strict=True)
    ]


def test_self_service_takes_contacts_and_the_easy_ones_first() -> None:
    queue = Queue("a", "a", deflection=0.25, deflected_aht_s=120.0)
    frame = requirement(forecast([90.0]), ServiceTarget(0.8), queues=[queue]).frame
    assert frame["volume"].tolist() == [67.5]
    np.testing.assert_allclose(frame["aht_s"], (300.0 - 0.25 * 120.0) / 0.75)
    np.testing.assert_allclose(frame["step_load"], 15.0)
    np.testing.assert_allclose(frame["step_deflection"], -90.0 * 0.25 * 120.0 / 1800.0)
    without = requirement(forecast([90.0]), ServiceTarget(0.8)).frame
    assert frame["agents"].iloc[0] < without["agents"].iloc[0]


def test_a_callback_offer_needs_fewer_and_says_what_it_puts_off() -> None:
    made = forecast([90.0, 200.0])
    target = ServiceTarget(abandoned=0.03)
    plain = requirement(made, target).frame
    nobody = Queue("a", "a", callback_at=3, callback_share=0.0)
    same = requirement(made, target, queues=[nobody]).frame
    assert same["agents"].tolist() == plain["agents"].tolist()
    np.testing.assert_allclose(same["agents_exact"], plain["agents_exact"], atol=1e-6)
    np.testing.assert_allclose(same["service_level"], plain["service_level"], rtol=1e-9)
    np.testing.assert_allclose(same["asa_s"], plain["asa_s"], rtol=1e-9)
    some = Queue("a", "a", callback_at=1, callback_share=0.6)
    need = requirement(made, target, queues=[some])
    assert (need.frame["agents"] < plain["agents"]).all()
    assert (need.frame["step_channel"] < 0).all()
    assert (need.frame["deferred_load"] > 0).all()
    assert (need.frame["abandoned"] <= 0.03).all()
    less = predict(need, need.frame["agents"] - 1)
    assert (less["abandoned"] > 0.03).all()


@pytest.mark.parametrize("kind", ["voice", "callback", "chat", "email"])
def test_the_predicted_service_of_its_own_heads_is_the_requirement_s(kind: str) -> None:
    queue = {
        "voice": Queue("a", "a"),
        "callback": Queue("a", "a", callback_at=2, callback_share=0.5),
        "chat": Queue("a", "a", "chat", chat_aht_s=(300.0, 340.0)),
        "email": Queue("a", "a", "email", due_h=3.0),
    }[kind]
    need = requirement(forecast([90.0, 20.0, 0.0], days=2), ServiceTarget(0.8), queues=[queue])
    found = predict(need, need.frame["agents"])
    for column in ("service_level", "abandoned", "occupancy", "asa_s"):
        np.testing.assert_allclose(found[column], need.frame[column], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"carry_over": "maybe"}, "carry_over 'maybe' is not known"),
        (
            {"queues": [Queue("a", "a", callback_at=1, callback_share=0.5)], "model": "erlang_c"},
            "needs callers who hang up",
        ),
        (
            {"queues": [Queue("a", "a", deflection=0.9, deflected_aht_s=600.0)]},
            "leave no handle time",
        ),
        (
            {"queues": [Queue("a", "a", "chat")], "target": ServiceTarget(0.8, scope="day")},
            "Leave scope out for it",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(change, message: str) -> None:
    arguments = {"target": ServiceTarget(0.8)} | change
    target = arguments.pop("target")
    with pytest.raises(DataError, match=message):
        requirement(forecast([30.0]), target, **arguments)


def test_chats_on_more_days_are_those_of_the_busier_day() -> None:
    chat = Queue("a", "a", "chat", chat_aht_s=(300.0, 340.0))
    made = forecast([90.0, 20.0, 0.0], days=2)
    plain = requirement(made, ServiceTarget(0.8), queues=[chat]).frame
    need = requirement(made, ServiceTarget(0.8, confidence=0.9), queues=[chat]).frame
    busy = split_risk(made).day.quantile(0.9)
    assert (busy > 1.0).all()
    loud = Forecast(made.frame.assign(volume=made.frame["volume"] * busy), HALF_HOUR)
    there = requirement(loud, ServiceTarget(0.8), queues=[chat]).frame
    np.testing.assert_array_equal(need["agents"], there["agents"])
    np.testing.assert_array_equal(need["step_risk"], need["agents"] - plain["agents"])
    assert need["step_risk"].iloc[0] >= 1


def test_a_forecast_without_bands_knows_no_confidence() -> None:
    made = forecast([30.0])
    bare = Forecast(made.frame, HALF_HOUR)
    with pytest.raises(DataError, match="the forecast has no bands"):
        requirement(bare, ServiceTarget(0.8, confidence=0.9))


SHORT = {"within_s": 20.0, "short_s": 5.0}
OFFER = {"callback_at": 2, "callback_share": 0.4}


@pytest.mark.parametrize("variant", SL_VARIANTS)
@pytest.mark.parametrize("promise", [{"service_level": 0.8}, {"asa_s": 25.0}, {"abandoned": 0.04}])
@pytest.mark.parametrize("queue", [Queue("a", "a", "chat"), Queue("a", "a", **OFFER)])
def test_every_channel_of_callers_counts_as_the_project_does(queue, promise, variant) -> None:
    made = requirement(
        forecast([90.0, 30.0, 0.0]), ServiceTarget(**promise, **SHORT, variant=variant),
        queues=[queue],
    )  # fmt: skip
    frame = made.frame
    heads = frame["agents"].to_numpy(dtype=float)
    now, less = predict(made, heads), predict(made, np.maximum(heads - 1.0, 0.0))
    np.testing.assert_allclose(now["service_level"], frame["service_level"], rtol=1e-12)
    np.testing.assert_allclose(less["service_level"], frame["sl_minus_1"], rtol=1e-12)
    measure, worst = {
        "service_level": ("service_level", -0.8),
        "asa_s": ("asa_s", 25.0),
        "abandoned": ("abandoned", 0.04),
    }[next(iter(promise))]
    sign = -1.0 if measure == "service_level" else 1.0
    busy = frame["volume"] > 0.0
    assert (sign * now[measure] <= worst).all()
    assert (sign * less.loc[busy, measure] > worst).all()
    # What is counted, times the level, is what was answered in time (and what counts as it).
    plain = requirement(
        forecast([90.0, 30.0, 0.0]), ServiceTarget(**promise, **SHORT), queues=[queue]
    )
    other = predict(plain, heads)
    in_time = (other["counted"] * other["service_level"])[busy]
    mine = (now["counted"] * now["service_level"])[busy]
    if variant in ("sl_abandon_counts", "sl_short_counts"):
        assert (mine >= in_time).all()
    else:
        np.testing.assert_allclose(mine, in_time, rtol=1e-9)


def test_intervals_are_flagged_from_two_agents_and_from_88_percent_on() -> None:
    volume = [60.0, 66.0, 70.0, 84.0, 90.0, 88.0, 76.0]
    frame = requirement(
        forecast(volume, aht_s=900.0), ServiceTarget(abandoned=0.10), patience_s=120.0
    ).frame
    compared = compare_carry_over(
        "erlang_a", metric="p_abandon", target=0.10, volume=volume, aht_s=900.0,
        interval_s=1800.0, patience_s=120.0,
    )  # fmt: skip
    away = (compared["agents"] - compared["agents_steady"]).abs()
    assert {1, 2} <= set(away)
    assert frame["flags"].str.contains("carry_over").tolist() == (away >= 2).tolist()
    busy = frame["occupancy"]
    assert ((busy > 0.88) & (busy < 0.93)).any()
    assert frame["flags"].str.contains("busy").tolist() == (busy > 0.88).tolist()
    assert (frame["step_carry_over"] != 0.0).all()  # half an interval is long


def test_confidence_averages_the_interval_s_part_and_insures_the_day_s() -> None:
    made = forecast([60.0, 120.0, 240.0], spread=1.5)
    need = requirement(made, ServiceTarget(0.8, confidence=0.9), max_occupancy=0.7).frame
    risk = split_risk(made)
    load = need["volume"].to_numpy() * 300.0 / 1800.0
    question = {"metric": "sl_offered", "target": 0.8, "load": load, "confidence": 0.9, **REST}
    parts = agents_at_confidence("erlang_a", day=risk.day, interval=risk.interval, **question)
    day_alone = agents_at_confidence("erlang_a", day=risk.day, **question)
    calm = agents_at_confidence(
        "erlang_a", day=risk.day, interval=risk.interval, max_occupancy=0.7, **question
    )
    assert (parts > day_alone).all()
    assert need["agents"].tolist() == calm.tolist()
    plain = requirement(made, ServiceTarget(0.8, confidence=0.9)).frame
    assert plain["agents"].tolist() == parts.tolist()
    assert calm.sum() > parts.sum()


def test_a_promise_over_the_day_is_kept_on_as_many_days_as_asked() -> None:
    """Whole days drawn from the two parts of the forecast's error, both lognormal."""
    levels = np.arange(1, 100) / 100.0
    z = ndtri(levels)
    start = pd.date_range("2026-03-02 08:00", periods=20, freq="30min", tz="UTC")
    volume = np.linspace(40.0, 200.0, 20)
    frame = pd.DataFrame({"start": start, "queue": "a", "volume": volume, "aht_s": 300.0})
    frame["volume_q10"], frame["volume_q90"] = volume * 0.7, volume * 1.4
    bands = pd.DataFrame(volume[:, None] * np.exp(np.hypot(0.10, 0.15) * z), columns=levels)
    total = volume.sum()
    days = pd.DataFrame(
        [[pd.Timestamp("2026-03-02"), "a", total, *(total * np.exp(0.10 * z))]],
        columns=["day", "queue", "volume", *levels],
    )
    made = Forecast(frame, HALF_HOUR, bands=bands, day_bands=days)
    rng = np.random.default_rng(5)
    came = volume * np.exp(rng.normal(0, 0.10, (3000, 1)) + rng.normal(0, 0.15, (3000, 20)))
    for scope, least, most in (("day", 0.88, 0.95), ("interval", 0.90, 1.0)):
        target = ServiceTarget(0.8, scope=scope, confidence=0.9)
        need = requirement(made, target, patience_s=120.0).frame
        heads = np.broadcast_to(need["agents"].to_numpy(dtype=float), came.shape)
        level = evaluate("erlang_a", load=came / 6.0, agents=heads, **REST)["sl_offered"]
        kept = (level.to_numpy().reshape(came.shape) * came).sum(1) / came.sum(1) >= 0.8
        assert least <= kept.mean() <= most, scope
