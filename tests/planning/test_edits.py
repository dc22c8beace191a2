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


def volumes(change: str, last: str = "2026-11-23", **more: object) -> list[float]:
    made = apply_edits(two_queues(), [Edit("2026-11-23", last, change, "orders", **more)])  # type: ignore[arg-type]
    return made.frame["volume"].tolist()[:8]


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ("min 5", [5, 10, 20, 10]),
        ("max 15", [0, 10, 15, 10]),
        ("min 50 a day", [0, 12.5, 25, 12.5]),
        ("max 20 a day", [0, 5, 10, 5]),
        ("+8 flat", [2, 12, 22, 12]),
        ("-18 flat", [0, 4, 14, 4]),
        ("=40 flat", [10, 10, 10, 10]),
        ("=7 an interval", [7, 7, 7, 7]),
        ("smooth 4", [10, 10, 10, 10]),
    ],
)
def test_bounds_shares_and_smoothing_by_hand(change, after):
    assert volumes(change) == pytest.approx([*after, 0, 10, 20, 10])


def test_an_amount_a_day_is_meant_for_each_day_and_a_week_for_each_week():
    assert volumes("=80 a day", "2026-11-24") == pytest.approx([0, 20, 40, 20] * 2)
    assert volumes("=160 a week", "2026-11-24") == pytest.approx([0, 20, 40, 20] * 2)


def test_a_week_is_the_week_that_the_centre_counts():
    """Saturday and Sunday are one week from Monday, and two from Sunday."""
    made = two_queues()
    late = made.frame.assign(start=made.frame["start"] + pd.Timedelta(days=5))
    weekend = Forecast(late, made.interval)
    edit = Edit("2026-11-28", "2026-11-29", "=160 a week", "orders")

    def days(week_start: str) -> list[float]:
        edited = apply_edits(weekend, [edit], week_start)
        frame = edited.frame[edited.frame["queue"] == "orders"]
        return frame.groupby(frame["start"].dt.day)["volume"].sum().tolist()

    assert days("Mon") == pytest.approx([80.0, 80.0])
    assert days("Sun") == pytest.approx([160.0, 160.0])


def test_contacts_moved_to_another_day_are_neither_lost_nor_made():
    assert volumes("move 25% to 2026-11-24") == pytest.approx([0, 7.5, 15, 7.5, 0, 12.5, 25, 12.5])
    assert sum(volumes("move 30 to 2026-11-24")) == pytest.approx(80)
    assert volumes("move 25% to 2026-12-24") == volumes("+0%")


def test_an_edit_that_is_off_stays_in_the_list_and_changes_nothing():
    assert volumes("+50%", on=False) == volumes("+0%")
    listed = [Edit("2026-11-23", "2026-11-23", "+5%", made="2026-11-20 10:00", on=False)]
    assert edits_from(edits_table(listed)) == listed


@pytest.mark.parametrize(
    "change",
    [
        *("min 5%", "smooth 1", "smooth 2.5", "move 5", "+5% flat", "=5 to 2026-11-24"),
        *("=1,500", "+1,000 a day"),  # one and a half, or fifteen hundred: nobody knows
    ],
)
def test_words_that_say_no_change_are_refused(change):
    with pytest.raises(DataError, match=r"edit 1: change .* is not known"):
        volumes(change)


def test_a_move_takes_no_more_than_there_is():
    with pytest.raises(DataError, match=r"edit 1: a move of 50 .* 40\.0 contacts"):
        volumes("move 50 to 2026-11-24")


CHANGES = ["min 8", "max 9 an interval", "smooth 2", "move 30% to 2026-11-24", "-7 flat", "+9 flat"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=5))
def test_no_edit_makes_a_volume_below_zero_and_moving_and_smoothing_keep_the_total(changes):
    plain = two_queues()
    for change in changes:
        edit = Edit("2026-11-23", "2026-11-23", change, "orders")
        try:
            made = apply_edits(plain, [edit])
        except DataError:
            assert change.startswith("-")
            continue
        assert (made.frame["volume"] >= 0).all()
        if change.startswith(("move", "smooth")):
            assert made.frame["volume"].sum() == pytest.approx(plain.frame["volume"].sum())
        plain = made
