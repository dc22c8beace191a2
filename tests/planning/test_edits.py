from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.types import Forecast
from wfm.planning.edits import Edit, apply_edits, edits_from, edits_table

ZONE = "Europe/Istanbul"


def two_queues() -> Forecast:
    start = pd.date_range("2026-11-23", periods=8, freq="6h", tz=ZONE)
    parts, day_parts, bands = [], [], []
    for queue, level in (("orders", 10.0), ("support", 20.0)):
        volume = level * np.array([0.0, 1, 2, 1, 0, 1, 2, 1])
        parts.append(
            pd.DataFrame(
                {
                    "start": start,
                    "queue": queue,
                    "volume": volume,
                    "volume_q10": volume * 0.8,
                    "volume_q90": volume * 1.2,
                    "aht_s": 300.0,
                }
            )
        )
        bands.append(pd.DataFrame({0.1: volume * 0.8, 0.5: volume, 0.9: volume * 1.2}))
        total = 4 * level
        day_parts.append(
            pd.DataFrame(
                {
                    "day": start[::4].tz_localize(None).normalize(),
                    "queue": queue,
                    "volume": total,
                    0.1: total * 0.9,
                    0.5: total,
                    0.9: total * 1.1,
                }
            )
        )
    return Forecast(
        pd.concat(parts, ignore_index=True),
        timedelta(hours=1),
        pd.concat(bands, ignore_index=True),
        pd.concat(day_parts, ignore_index=True),
    )


def totals(forecast: Forecast) -> dict[tuple[str, str], float]:
    days = forecast.days()
    return {
        (q, d.strftime("%d")): v
        for q, d, v in zip(days["queue"], days["day"], days["volume"], strict=True)
    }


def test_a_percentage_moves_every_interval_and_its_bands():
    made = apply_edits(two_queues(), [Edit("2026-11-23", "2026-11-23", "+10%", "orders")])
    assert totals(made)["orders", "23"] == pytest.approx(44)
    assert totals(made)["orders", "24"] == 40
    assert totals(made)["support", "23"] == 80
    assert made.frame["volume_q90"][1] == pytest.approx(13.2)
    assert made.quantiles([0.9])[0.9][1] == pytest.approx(13.2)
    assert made.days([0.9])[0.9].iloc[0] == pytest.approx(48.4)


def test_an_amount_is_spread_in_proportion():
    made = apply_edits(two_queues(), [Edit("2026-11-23", "2026-11-23", "+20", "support")])
    assert made.frame.loc[made.frame["queue"] == "support", "volume"].tolist()[:4] == [
        0,
        25,
        50,
        25,
    ]


def test_a_total_is_set_for_each_queue_on_its_own():
    made = apply_edits(two_queues(), [Edit("2026-11-24", "2026-11-24", "=100")])
    assert totals(made) == pytest.approx(
        {("orders", "23"): 40, ("orders", "24"): 100, ("support", "23"): 80, ("support", "24"): 100}
    )


def test_a_time_at_the_end_is_exclusive():
    made = apply_edits(
        two_queues(), [Edit("2026-11-23 06:00", "2026-11-23 12:00", "-50%", "orders")]
    )
    assert made.frame["volume"].tolist()[:4] == [0, 5, 20, 10]


def test_edits_build_on_each_other_and_are_logged():
    edits = [
        Edit("2026-11-23", "2026-11-23", "=0", "orders", "Ada", "closed for stocktaking"),
        Edit("2026-11-23", "2026-11-23", "+12", "orders", "Ada", "callbacks"),
    ]
    made = apply_edits(two_queues(), edits)
    assert made.frame["volume"].tolist()[:4] == [3, 3, 3, 3]
    assert made.edits is not None
    assert set(made.edits["edit"]) == {"callbacks"}


def test_an_edit_outside_the_forecast_changes_nothing():
    plain = two_queues()
    assert apply_edits(plain, [Edit("2027-01-01", "2027-01-02", "+10%")]).equals(plain)
    assert apply_edits(plain, []).equals(plain)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit("2026-11-23", "2026-11-23", "much more"), ["edit 1", "'much more'", "+10%"]),
        (Edit("2026-11-23", "2026-11-23", "=5%"), ["'=5%'"]),
        (Edit("23rd", "2026-11-23", "+1%"), ["'23rd'", "local time"]),
        (Edit("2026-11-24", "2026-11-22", "+1%"), ["Swap"]),
        (Edit("2026-11-23", "2026-11-23", "+1%", "sales"), ["'sales'", "orders, support"]),
        (Edit("2026-11-23", "2026-11-23", "-50", "orders"), ["40.0 contacts", "-40"]),
        (Edit("2026-11-23", "2026-11-23", "-120%"), ["-100%"]),
    ],
)
def test_a_wrong_edit_is_refused_by_its_number(edit, words):
    with pytest.raises(DataError) as caught:
        apply_edits(two_queues(), [edit])
    for word in words:
        assert word in str(caught.value)


def test_the_table_and_back():
    edits = [Edit("2026-11-23", "2026-11-24", "+5%", "orders", "Ada", "sale")]
    assert edits_from(edits_table(edits)) == edits
    with pytest.raises(DataError, match="missing columns change"):
        edits_from(pd.DataFrame({"from": [], "to": []}))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-90, 200), min_size=1, max_size=4))
def test_percentages_multiply_and_nothing_else_moves(percents):
    edits = [Edit("2026-11-23", "2026-11-23", f"{p:+d}%", "orders") for p in percents]
    made = apply_edits(two_queues(), edits)
    factor = np.prod([1 + p / 100 for p in percents])
    assert totals(made)["orders", "23"] == pytest.approx(40 * factor)
    assert totals(made)["support", "24"] == 80
    assert (made.frame["volume_q10"] <= made.frame["volume_q90"]).all()
