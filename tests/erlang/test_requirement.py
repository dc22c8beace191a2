"""Forecast to requirement."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.core.types import Forecast, ServiceTarget
from wfm.erlang import evaluate, required_agents
from wfm.erlang.promise import metric_of
from wfm.erlang.requirement import requirement

HALF_HOUR = timedelta(minutes=30)
EIGHTY = ServiceTarget(0.80, within_s=20)


def forecast(volumes: dict[str, list[float]], aht_s: float | list[float] = 300.0) -> Forecast:
    parts = []
    for queue, volume in volumes.items():
        start = pd.date_range("2026-03-02 08:00", periods=len(volume), freq="30min", tz="Asia/Baku")
        parts.append(
            pd.DataFrame({"start": start, "queue": queue, "volume": volume, "aht_s": aht_s})
        )
    frame = pd.concat(parts)
    frame["volume_q10"], frame["volume_q90"] = frame["volume"] * 0.8, frame["volume"] * 1.2
    return Forecast(frame, HALF_HOUR)


def test_columns_say_what_is_needed_and_why() -> None:
    need = requirement(forecast({"a": [0.0, 3.0, 90.0]}), EIGHTY)
    frame = need.frame
    assert need.model == "erlang_a"
    assert need.targets == {"a": EIGHTY}
    assert frame["load"].tolist() == [0.0, 0.5, 15.0]
    rest = {"aht_s": 300, "patience_s": 120, "threshold_s": 20}
    least = required_agents("erlang_a", metric="sl_offered", target=0.8, load=frame["load"], **rest)
    assert frame["agents"].tolist() == least.tolist() == [0, 2, 17]
    assert frame["scheduled"].tolist() == [0, 3, 19]
    assert (frame["agents"] == np.ceil(frame["agents_exact"])).all()
    for column, more in (("service_level", 0), ("sl_minus_1", -1), ("sl_plus_1", 1)):
        agents = np.maximum(frame["agents"] + more, 0)
        level = evaluate("erlang_a", load=frame["load"], agents=agents, **rest)["sl_offered"]
        assert frame[column].tolist() == level.tolist()
    here = evaluate("erlang_a", load=frame["load"], agents=frame["agents"], **rest)
    assert frame["abandoned"].tolist() == here["p_abandon"].tolist()
    assert frame["occupancy"].tolist() == here["occupancy"].tolist()
    assert frame["asa_s"].tolist() == here["asa_served_s"].tolist()
    assert frame.loc[0, ["service_level", "occupancy", "asa_s"]].tolist() == [1.0, 0.0, 0.0]
    assert (frame["assumed"] == "patience_s").all()


def test_each_queue_has_its_own_settings() -> None:
    made = forecast({"a": [60.0], "b": [60.0]})
    need = requirement(
        made,
        {"a": EIGHTY, "b": ServiceTarget(asa_s=60)},
        patience_s={"a": 300},
        shrinkage={"a": 0.0, "b": 0.5},
        min_agents={"a": 0, "b": 20},
        max_occupancy={"a": 0.5},
    ).frame.set_index("queue")
    assert need.loc["a", "assumed"] == ""
    assert need.loc["b", "assumed"] == "patience_s"
    assert need.loc["a", "patience_s"] == 300
    assert need.loc["a", "occupancy"] <= 0.5
    assert need.loc["a", "agents"] == need.loc["a", "scheduled"] == 20
    assert need.loc["b", "agents"] == need.loc["b", "agents_exact"] == 20
    assert need.loc["b", "scheduled"] == 40


@pytest.mark.parametrize(
    ("target", "column"),
    [
        (ServiceTarget(0.9, within_s=10, variant="sl_handled"), "service_level"),
        (ServiceTarget(0.9, within_s=10, variant="sl_abandon_counts"), "service_level"),
        (ServiceTarget(0.9, within_s=10, variant="sl_excl_short_abandon"), "service_level"),
        (ServiceTarget(0.9, variant="sl_short_counts", short_s=5), "service_level"),
        (ServiceTarget(0.9, variant="sl_excl_short", short_s=5), "service_level"),
        (ServiceTarget(asa_s=15), "asa_s"),
        (ServiceTarget(abandoned=0.02), "abandoned"),
        (ServiceTarget(occupancy=0.75), "occupancy"),
    ],
)
def test_every_kind_of_target_is_met(target: ServiceTarget, column: str) -> None:
    frame = requirement(forecast({"a": [1.0, 40.0, 400.0]}), target).frame
    value = next(
        v for v in (target.service_level, target.asa_s, target.abandoned, target.occupancy) if v
    )
    met = frame[column] >= value if column == "service_level" else frame[column] <= value
    assert met.all()
    if column == "service_level":
        assert (frame["sl_minus_1"][frame["agents"] > 1] < value).all()


def test_erlang_c_needs_more_than_erlang_a() -> None:
    made = forecast({"a": [5.0, 40.0, 400.0]})
    waiting = requirement(made, EIGHTY, model="erlang_c").frame
    leaving = requirement(made, EIGHTY).frame
    assert (waiting["agents"] >= leaving["agents"]).all()
    assert (waiting["abandoned"] == 0).all()
    assert (waiting["assumed"] == "").all()
    assert "patience_s" not in waiting


def test_unknown_handle_times_are_refused_unless_given_and_then_marked() -> None:
    unknown = forecast({"a": [10.0, 20.0]}, aht_s=float("nan"))
    with pytest.raises(DataError, match=r"AHT of queue a is not known in 2 intervals.*Give aht_s"):
        requirement(unknown, EIGHTY)
    frame = requirement(unknown, EIGHTY, aht_s=300, patience_s=200).frame
    assert frame["load"].round(9).tolist() == [round(10 / 6, 9), round(20 / 6, 9)]
    assert (frame["assumed"] == "aht_s").all()


def test_a_given_handle_time_fills_only_what_is_unknown() -> None:
    partly = forecast({"a": [10.0, 20.0]}, aht_s=[240.0, float("nan")])
    frame = requirement(partly, EIGHTY, aht_s={"a": 300}).frame
    assert frame["aht_s"].tolist() == [240.0, 300.0]
    assert frame["assumed"].tolist() == ["patience_s", "aht_s|patience_s"]


def test_an_interval_without_contacts_needs_no_handle_time() -> None:
    quiet = forecast({"a": [0.0, 20.0], "b": [0.0, 0.0]}, aht_s=[float("nan"), 200.0])
    quiet.frame.loc[quiet.frame["queue"] == "b", "aht_s"] = np.nan
    frame = requirement(Forecast(quiet.frame, HALF_HOUR), EIGHTY).frame
    assert frame["aht_s"].tolist() == [200.0, 200.0, 0.0, 0.0]
    assert frame["agents"].tolist()[2:] == [0, 0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target": {"b": EIGHTY}}, "no target for queue a. Add it; found b"),
        ({"model": "erlang_b"}, "erlang_b has no queue"),
        ({"model": "magic"}, "'magic' is not known. Use one of"),
        ({"model": "erlang_c", "target": ServiceTarget(abandoned=0.05)}, "Use erlang_a"),
        ({"shrinkage": 1.0}, "shrinkage is 1"),
        ({"shrinkage": {"b": 0.1}}, "no shrinkage for queue a"),
        ({"patience_s": 0}, "patience_s is 0"),
        ({"min_agents": -1}, "min_agents is -1"),
        ({"max_occupancy": 1.5}, "target 1.5 for occupancy"),
    ],
)
def test_settings_that_cannot_be_are_refused(change: dict[str, object], message: str) -> None:
    settings = {"target": EIGHTY} | change
    target = settings.pop("target")
    with pytest.raises(DataError, match=message):
        requirement(forecast({"a": [10.0]}), target, **settings)  # type: ignore[arg-type]


def test_handle_time_of_zero_with_contacts_is_refused() -> None:
    with pytest.raises(DataError, match="AHT of queue a is 0 in 1 intervals with contacts"):
        requirement(forecast({"a": [10.0]}, aht_s=0.0), EIGHTY, aht_s=300)
    with pytest.raises(DataError, match="aht_s is -1 for queue a"):
        requirement(forecast({"a": [10.0]}), EIGHTY, aht_s=-1)


def test_an_empty_forecast_is_refused() -> None:
    empty = forecast({"a": [1.0]})
    with pytest.raises(DataError, match="the forecast has no intervals"):
        requirement(Forecast(empty.frame.iloc[:0], HALF_HOUR), EIGHTY)


def test_the_forecast_is_left_unchanged() -> None:
    made = forecast({"a": [10.0, 30.0]})
    before = made.frame.copy()
    requirement(made, EIGHTY)
    pd.testing.assert_frame_equal(made.frame, before)


def test_metric_of_each_target() -> None:
    assert metric_of(ServiceTarget(asa_s=9), "erlang_c") == ("asa_served_s", 9)
    assert metric_of(ServiceTarget(occupancy=0.8), "erlang_a") == ("occupancy", 0.8)
    assert metric_of(ServiceTarget(abandoned=0.1), "erlang_a") == ("p_abandon", 0.1)


@pytest.mark.parametrize("model", ["mmnk", "erlang_a_k", "erlang_x"])
def test_lines_and_redials_are_for_single_questions(model: str) -> None:
    with pytest.raises(DataError, match=f"{model}: a requirement knows neither lines nor callers"):
        requirement(forecast({"a": [10.0]}), EIGHTY, model=model)
