"""What [staff] and the queues' table say is what is staffed."""

from __future__ import annotations

import numpy as np
import pytest

import wfm
from wfm.planning.by_settings import price_of, requirement_of
from wfm.planning.demo import demo_history
from wfm.planning.service import kept_free_table
from wfm.planning.settings import read_settings, settings_from, write_settings


@pytest.fixture(scope="module")
def forecast() -> wfm.Forecast:
    return wfm.make_forecast(demo_history(12), "7D", model="seasonal_mean")


STAFF = {
    "target": "80/20",
    "variant": "sl_short_counts",
    "short_s": 4.0,
    "scope": "day",
    "floor": 0.55,
    "confidence": 0.8,
    "carry_over": "carried",
    "patience_s": 90.0,
}


def test_every_key_reaches_the_requirement(forecast: wfm.Forecast, tmp_path) -> None:
    write_settings(settings_from({"staff": STAFF}), tmp_path / "plan.toml")
    settings = read_settings(tmp_path / "plan.toml")
    away = wfm.Shrinkage((wfm.ShrinkageComponent("sickness", 0.2, weekdays=(0,)),))
    queues = [
        wfm.Queue("billing", "written", "email", due_h=8.0),
        wfm.Queue("orders", "orders", "chat", target="70/60", chat_aht_s=(240.0, 300.0)),
    ]
    made = requirement_of(settings, forecast, queues, away)
    target = wfm.ServiceTarget(
        0.8, variant="sl_short_counts", short_s=4.0, scope="day", floor=0.55, confidence=0.8
    )
    assert made.targets == {
        "support": target,
        "orders": wfm.ServiceTarget(
            0.7, within_s=60, variant="sl_short_counts", short_s=4.0, confidence=0.8
        ),
    }
    own = wfm.staff(
        forecast, made.targets | {"billing": wfm.ServiceTarget(0.8)}, patience_s=90.0,
        shrinkage=away, carry_over="carried", queues=queues,
    )  # fmt: skip
    assert made.equals(own)
    frame = made.frame.set_index("queue")
    assert frame.loc["billing", "due_h"].unique().tolist() == [8.0]
    assert frame.loc["orders", "chat_aht_s"].unique().tolist() == ["240|300"]
    assert (frame.loc["support", "step_carry_over"] != 0).any()
    monday = made.frame["start"].dt.day_of_week == 0
    np.testing.assert_allclose(made.frame["shrinkage"], np.where(monday, 0.2, 0.0))


def test_the_price_is_counted_from_the_plan_s_own_confidence(forecast: wfm.Forecast) -> None:
    settings = settings_from({"staff": {"confidence": 0.9}})
    table = price_of(settings, forecast).set_index("confidence")
    assert table.loc[0.9, "more"] == 0
    assert table.loc[0.95, "more"] > 0 > table.loc[0.5, "more"]


def test_who_is_kept_free_keeps_the_promise() -> None:
    table, best = kept_free_table(20.0, 30, 300.0, wfm.ServiceTarget(0.8))
    kept = table.set_index("kept_free")["service_level"]
    assert best == 3
    assert kept[best] >= 0.8 > kept[best - 1]
    none = kept_free_table(20.0, 21, 300.0, wfm.ServiceTarget(0.99))[1]
    assert none is None
