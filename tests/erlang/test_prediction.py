"""What rostered heads deliver."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.core.types import Forecast, Requirement, ServiceTarget
from wfm.erlang import evaluate, heads_on_contacts, predict, predict_days
from wfm.erlang.requirement import requirement

HALF_HOUR = timedelta(minutes=30)


def need(model: str = "erlang_a", variant: str = "sl_offered") -> Requirement:
    start = pd.date_range("2026-03-02 22:30", periods=4, freq="30min", tz="Europe/Istanbul")
    frame = pd.DataFrame(
        {"start": start, "queue": "a", "volume": [0.0, 30.0, 60.0, 90.0], "aht_s": 300.0}
    )
    frame["volume_q10"] = frame["volume_q90"] = frame["volume"]
    target = ServiceTarget(0.80, within_s=20, variant=variant)
    return requirement(Forecast(frame, HALF_HOUR), target, model=model)


@pytest.mark.parametrize("model", ["erlang_a", "erlang_c"])
def test_the_required_heads_give_the_required_figures(model: str) -> None:
    made = need(model)
    got = predict(made, made.frame["agents"])
    for column in ("service_level", "abandoned", "occupancy", "asa_s"):
        assert got[column].tolist() == made.frame[column].tolist(), column
    assert not got["overloaded"].any()


def test_rostered_heads_after_shrinkage_may_be_fractional() -> None:
    made = need()
    heads = heads_on_contacts(made.frame["scheduled"], 0.10)
    got = predict(made, heads)
    assert (got["service_level"] >= made.frame["service_level"] - 1e-12).all()
    row = evaluate(
        "erlang_a", load=15, agents=heads[3], aht_s=300, patience_s=120, threshold_s=20
    ).iloc[0]
    assert got["asa_s"][3] == row["asa_served_s"]


def test_no_heads_at_all() -> None:
    leaving = predict(need(), 0)
    assert leaving["service_level"].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert leaving["abandoned"].tolist() == [0.0, 1.0, 1.0, 1.0]
    assert leaving["asa_s"].tolist() == [0.0, 120.0, 120.0, 120.0]
    assert leaving["overloaded"].tolist() == [False, True, True, True]
    waiting = predict(need("erlang_c"), 0)
    assert waiting["service_level"].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert waiting["asa_s"].tolist() == [0.0, 1800.0, 1800.0, 1800.0]
    assert waiting["abandoned"].tolist() == [0.0] * 4


def test_overloaded_erlang_c_is_flagged_and_finite_and_never_better_than_with_more_heads() -> None:
    made = need("erlang_c")
    heads = np.array([4.0, 9.0, 9.99, 10.0, 10.0001, 10.5, 12.0])
    rows = [predict(made, h).iloc[2] for h in heads]
    table = pd.DataFrame(rows)
    assert table["overloaded"].tolist() == [True] * 4 + [False] * 3
    assert np.isfinite(table[["service_level", "occupancy", "asa_s"]].to_numpy(float)).all()
    assert (table["service_level"].diff().dropna() >= 0).all()
    assert (table["asa_s"].diff().dropna() <= 0).all()
    assert (table["asa_s"] <= 1800.0).all()


@pytest.mark.parametrize(
    "variant", ["sl_offered", "sl_handled", "sl_abandon_counts", "sl_excl_short_abandon"]
)
def test_days_count_contacts_not_intervals(variant: str) -> None:
    made = need(variant=variant)
    heads = np.array([1.0, 4.0, 9.0, 16.0])
    got = predict(made, heads)
    days = predict_days(got, HALF_HOUR)
    assert days["day"].dt.day.tolist() == [2, 3]
    assert days["heads_h"].tolist() == [7.0, 8.0]
    columns = evaluate(
        "erlang_a", load=[0, 5, 10, 15], agents=heads, aht_s=300, patience_s=120, threshold_s=20
    )
    volume = np.array([0.0, 30.0, 60.0, 90.0])
    short = columns["p_abandon_within_T"]
    in_time = columns["sl_offered"] * volume
    parts = {
        "sl_offered": (in_time, volume),
        "sl_handled": (in_time, columns["p_served"] * volume),
        "sl_abandon_counts": (in_time + short * volume, volume),
        "sl_excl_short_abandon": (in_time, (1 - short) * volume),
    }
    good, counted = parts[variant]
    late = np.array([False, False, False, True])  # 00:00 of the next day
    for day, rows in enumerate((~late, late)):
        assert days["service_level"][day] == pytest.approx(good[rows].sum() / counted[rows].sum())
        lost = (columns["p_abandon"] * volume)[rows].sum() / volume[rows].sum()
        assert days["abandoned"][day] == pytest.approx(lost)
        served = (columns["p_served"] * volume)[rows]
        asa = (columns["asa_served_s"] * served).sum() / served.sum()
        assert days["asa_s"][day] == pytest.approx(asa)
        busy = (columns["occupancy"] * heads)[rows].sum() / heads[rows].sum()
        assert days["occupancy"][day] == pytest.approx(busy)


def test_a_day_without_contacts_or_heads() -> None:
    made = need()
    quiet = predict(made, 0).iloc[:1]
    day = predict_days(quiet, HALF_HOUR).iloc[0]
    assert day[["service_level", "abandoned", "occupancy", "asa_s"]].tolist() == [
        1.0,
        0.0,
        0.0,
        0.0,
    ]
    alone = predict_days(predict(made, 0), HALF_HOUR)
    assert alone["abandoned"].tolist() == [1.0, 1.0]
    assert alone["asa_s"].tolist() == [120.0, 120.0]
    assert np.isfinite(alone.select_dtypes("number").to_numpy()).all()


@pytest.mark.parametrize(
    ("heads", "message"),
    [
        ([1.0, 2.0], "heads: 2 values for 4 rows"),
        ([1.0, 2.0, -1.0, 3.0], "heads: -1 for queue a at 2026-03-02 23:30"),
        ([1.0, 2.0, 3.0, float("nan")], "heads: nan for queue a"),
    ],
)
def test_heads_that_do_not_fit_are_refused(heads: list[float], message: str) -> None:
    with pytest.raises(DataError, match=message):
        predict(need(), heads)


def test_a_requirement_of_ones_own_without_load_cannot_be_predicted() -> None:
    frame = need().frame[["start", "queue", "agents", "scheduled"]]
    with pytest.raises(DataError, match="no service level can be predicted"):
        predict(Requirement(frame, HALF_HOUR), 3)
    with pytest.raises(DataError, match="without columns load, aht_s, patience_s"):
        predict(Requirement(frame, HALF_HOUR, model="erlang_a"), 3)
    with pytest.raises(DataError, match="without erlang_a or erlang_c"):
        predict(Requirement(frame, HALF_HOUR, model="erlang_b"), 3)
    with pytest.raises(DataError, match="no intervals to predict"):
        predict(Requirement(frame.iloc[:0], HALF_HOUR, model="erlang_a"), 3)
