"""The quality report, repairs as a layer, and joining newer days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.types import History
from wfm.io import Repair, append, quality, read_history, repair

HALF = timedelta(minutes=30)


def centre(weeks: int = 12, zone: str = "Europe/Berlin", first: str = "2026-02-02") -> History:
    """A 24-hour queue with a plain shape of the day and Poisson noise; seed fixed."""
    start = pd.date_range(first, periods=weeks * 7 * 48, freq="30min", tz=zone).as_unit("us")
    hour = start.hour.to_numpy() + start.minute.to_numpy() / 60
    mean = 4 + 60 * np.exp(-((hour - 12) ** 2) / 14)
    offered = np.random.default_rng(3).poisson(mean).astype(float)
    frame = pd.DataFrame({"start": start, "queue": "support", "offered": offered})
    frame["abandoned"] = np.minimum(offered, 1.0)
    frame["answered"] = frame["offered"] - frame["abandoned"]
    return History(frame.assign(aht_s=240.0), HALF)


def changed(history: History, rows: slice, **values: float) -> History:
    frame = history.frame.copy()
    for name, value in values.items():
        frame.loc[frame.index[rows], name] = value
    return replace(history, frame=frame)


CASES = {
    "gap": (slice(480, 528), {"offered": np.nan}, "typical"),
    "zero run": (slice(500, 510), {"offered": 0.0, "answered": 0.0, "abandoned": 0.0}, "unknown"),
    "outlier": (slice(960, 1008), {"offered": 300.0}, "unknown"),
    "AHT 0 with calls": (slice(500, 503), {"aht_s": 0.0}, "aht_unknown"),
    "handled above offered": (slice(480, 528), {"answered": 400.0}, "sum"),
}


def test_a_clean_history_has_nothing_to_report() -> None:
    assert quality(centre()).findings == ()
    assert str(quality(centre())) == "Nothing unusual found."


@pytest.mark.parametrize("check", CASES)
def test_each_check_finds_its_rows_and_proposes_a_repair_that_mends_it(check: str) -> None:
    rows, values, action = CASES[check]
    history = changed(centre(), rows, **values)
    found = quality(history).of(check)
    assert len(found) == 1
    planted = set(history.frame["start"].iloc[rows])
    assert set(found[0].rows["start"]) <= planted
    assert len(found[0].rows) >= 0.9 * len(planted)
    assert found[0].effect.endswith(".")
    mend = found[0].repair
    assert mend is not None
    assert mend.action == action
    done = repair(history, [mend])
    assert quality(done.history).of(check) == ()
    assert len(done.changes) > 0


def test_doubled_rows_and_days_are_found() -> None:
    rows = [("2026-03-02 08:00", 5), ("2026-03-02 08:30", 6), ("2026-03-02 08:30", 6)]
    file = pd.DataFrame(rows, columns=["start", "offered"])
    history = read_history(file, time_zone="Europe/Istanbul", bad_rows="report")
    assert len(quality(history).of("doubled rows")[0].rows) == 1
    twice = centre()
    frame = twice.frame.copy()
    frame.loc[480:527, "offered"] = frame.loc[432:479, "offered"].to_numpy()
    found = quality(replace(twice, frame=frame)).of("doubled rows")
    assert [f.first.strftime("%Y-%m-%d") for f in found] == ["2026-02-12"]


def test_clock_change_hours_are_found() -> None:
    wall = pd.date_range("2026-10-24", "2026-10-26", freq="30min")
    file = pd.DataFrame({"start": wall, "offered": 5})
    found = quality(read_history(file, time_zone="Europe/Berlin")).of("clock change")
    assert len(found[0].rows) == 4
    spring = pd.DataFrame({"start": pd.date_range("2026-03-28", "2026-03-30", freq="30min")})
    found = quality(read_history(spring.assign(offered=5), time_zone="Europe/Berlin")).of(
        "clock change"
    )
    assert "2 lines lie in an hour that the clock skipped" in found[0].effect


def test_stamps_off_the_grid_are_found_and_shifted() -> None:
    history = centre(2)
    late = replace(history, frame=history.frame.assign(
        start=history.frame["start"] + pd.Timedelta(minutes=7)))  # fmt: skip
    found = quality(late).of("drift")[0]
    assert found.repair is not None
    assert found.repair.minutes == -7
    assert repair(late, [found.repair]).history.equals(history)


def test_a_summer_in_utc_is_suspected_and_shifted_back() -> None:
    truth = centre(17, first="2026-01-05")
    summer = truth.frame["start"] >= pd.Timestamp("2026-03-30", tz="Europe/Berlin")
    slipped = truth.frame.copy()
    slipped.loc[summer, "start"] -= pd.Timedelta(hours=1)
    slipped = slipped.drop_duplicates(["queue", "start"], keep="last")
    found = quality(History(slipped, HALF)).of("suspected zone slip")
    assert len(found) == 1
    assert found[0].first == pd.Timestamp("2026-03-30", tz="Europe/Berlin")
    assert "60 min earlier than the others, as times do that were not moved" in found[0].effect
    assert found[0].repair is not None
    assert found[0].repair.minutes == 60
    done = repair(History(slipped, HALF), [found[0].repair])
    assert quality(done.history).of("suspected zone slip") == ()


def test_a_day_in_the_night_is_suspected() -> None:
    history = centre(4)
    night = replace(history, frame=history.frame.assign(
        start=history.frame["start"] + pd.Timedelta(hours=11)))  # fmt: skip
    found = quality(night).of("suspected zone slip")
    assert len(found) == 1
    assert "a night line, or times of a zone" in found[0].effect
    assert found[0].repair is not None
    done = repair(night, [replace(found[0].repair, minutes=-11 * 60)])
    known = done.history.frame["offered"].dropna()
    assert known.tolist() == history.frame["offered"].tolist()
    assert quality(done.history).of("suspected zone slip") == ()
    assert done.without(0).history.equals(night)


def test_repairs_are_a_layer_that_can_be_taken_back() -> None:
    history = changed(centre(4), slice(100, 110), offered=500.0)
    before = history.frame.copy()
    starts = tuple(history.frame["start"].iloc[100:110])
    first = Repair("typical", "support", starts, reason="test calls", author="Ada")
    second = Repair("aht_unknown", "support", starts[:2])
    done = repair(history, [first, second])
    pd.testing.assert_frame_equal(history.frame, before)
    assert done.changes["repair"].value_counts().to_dict() == {0: 10, 1: 2}
    assert (done.changes.loc[done.changes["repair"] == 0, "before"] == 500).all()
    assert done.without(0).history.frame["offered"].tolist() == before["offered"].tolist()
    assert done.without(1).without(0).history.equals(history)
    assert done.history.frame["offered"].sum() < before["offered"].sum() - 4000
    with pytest.raises(DataError, match=r"repair 0: queue 'sales' has no interval at 2026"):
        repair(history, [replace(first, queue="sales")])
    with pytest.raises(DataError, match=r"repair 0: 'drop' is not known"):
        repair(history, [replace(first, action="drop")])  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(("unknown", "typical", "sum", "aht_unknown", "shift")), st.data())
def test_any_repair_lists_every_value_it_changes(action: str, data: st.DataObject) -> None:
    history = centre(3)
    at = data.draw(st.lists(st.integers(0, len(history.frame) - 1), min_size=1, max_size=20))
    starts = tuple(history.frame["start"].iloc[sorted(set(at))])
    done = repair(history, [Repair(action, "support", starts, minutes=60)])  # type: ignore[arg-type]
    key = ["queue", "start"]
    names = ["offered", "answered", "abandoned", "aht_s"]
    old = history.frame.set_index(key)[names]
    new = done.history.frame.set_index(key)[names]
    every = old.index.union(new.index)
    a, b = old.reindex(every), new.reindex(every)
    differ = ~((a == b) | (a.isna() & b.isna()))
    assert len(done.changes) == int(differ.to_numpy().sum())
    assert done.without(0).history.equals(history)


def test_newer_days_are_added_once_and_corrections_replace() -> None:
    whole = centre(3)
    days = whole.frame["start"].dt.day
    early = replace(whole, frame=whole.frame[whole.frame.index < 700])
    late = replace(whole, frame=whole.frame[whole.frame.index >= 600])
    joined = append(early, late)
    assert joined.history.equals(whole)
    assert joined.same == 100
    assert append(joined.history, late).changes.empty
    corrected = changed(late, slice(0, 5), offered=99.0)
    again = append(joined.history, corrected)
    assert again.changes["what"].tolist() == ["replaced"] * 5
    assert (again.history.frame["offered"].iloc[600:605] == 99).all()
    kept = append(joined.history, corrected, on_conflict="keep")
    assert kept.history.equals(whole)
    assert str(kept).startswith("0 added, 0 replaced, 5 kept, ")
    assert days.nunique() > 20


def test_neither_unknowns_nor_a_day_that_was_not_over_wipe_out_numbers() -> None:
    whole = centre(2)
    unknown = append(whole, changed(whole, slice(0, 48), offered=np.nan))
    assert unknown.history.equals(whole)
    noon = changed(whole, slice(len(whole.frame) - 24, None), offered=0.0)
    assert append(whole, noon).history.equals(whole)
    gap = changed(whole, slice(0, 48), offered=np.nan, answered=np.nan)
    assert append(gap, whole, on_conflict="keep").history.equals(whole)


def test_histories_that_do_not_fit_are_refused() -> None:
    history = centre(1)
    hours = History(history.frame.iloc[::2], timedelta(hours=1))
    with pytest.raises(DataError, match="intervals of 0:30:00, the newer rows of 1:00:00"):
        append(history, hours)
    with pytest.raises(DataError, match="on_conflict: 'add'"):
        append(history, history, on_conflict="add")  # type: ignore[arg-type]
    zoned = replace(history, frame=history.frame.assign(
        start=history.frame["start"].dt.tz_convert("UTC")))  # fmt: skip
    assert append(history, zoned).history.equals(history)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 335), st.integers(1, 335)), min_size=1, max_size=5),
       st.sampled_from(("replace", "keep")))  # fmt: skip
def test_parts_in_any_order_never_add_up_twice(parts: list[tuple[int, int]], how: str) -> None:
    whole = centre(1)
    pieces = [whole.frame.iloc[a : a + n] for a, n in parts]
    joined = History(pieces[0], HALF)
    for piece in pieces[1:]:
        joined = append(joined, History(piece, HALF), on_conflict=how).history  # type: ignore[arg-type]
    held = sorted({i for p in pieces for i in p.index})
    assert joined.equals(History(whole.frame.loc[held], HALF))


def test_a_typical_value_is_the_median_of_the_nearest_weeks_looked_up_one_by_one():
    random = np.random.default_rng(7)
    start = pd.date_range("2026-02-02", periods=13 * 7 * 24, freq="h", tz="Europe/Berlin")
    frame = pd.DataFrame({"start": start, "queue": "a", "answered": 1.0, "abandoned": 0.0})
    frame["offered"] = random.poisson(20, len(frame)).astype(float)
    frame.loc[random.random(len(frame)) < 0.1, "offered"] = np.nan
    frame["aht_s"] = 60.0
    wrong = np.sort(random.choice(len(frame), 300, replace=False))
    done = repair(
        History(frame, pd.Timedelta("1h").to_pytimedelta()),
        [Repair("typical", "a", tuple(start[wrong]))],
    )
    left = frame.drop(wrong).dropna(subset="offered")
    for row in wrong:
        at = start[row]
        clock = left["start"].dt.strftime("%a %H:%M") == at.strftime("%a %H:%M")
        same = left[clock].assign(away=lambda f, at=at: (f["start"] - at).abs())
        near = same.sort_values("away", kind="stable").head(8)
        assert done.history.frame["offered"][row] == near["offered"].median()


def three_queues() -> History:
    one = centre(2).frame
    other = one.assign(queue="orders", offered=one["offered"] + 1)
    both = one.assign(queue="Total", offered=one["offered"] + other["offered"])
    return History(pd.concat([one, other, both]), HALF)


def test_a_queue_that_is_the_sum_of_the_others_is_found_and_left_out() -> None:
    history = three_queues()
    found = quality(history).of("sum of the others")
    assert [(f.queue, len(f.rows)) for f in found] == [("Total", 2 * 7 * 48)]
    assert found[0].repair is not None
    done = repair(history, [found[0].repair])
    assert done.history.queues == ["orders", "support"]
    assert done.without(0).history.equals(history)
    assert quality(done.history).of("sum of the others") == ()
    frame = history.frame.copy()
    frame.loc[frame.index[-1], "offered"] += 1
    frame.loc[frame.index[-2], "offered"] -= 1
    assert quality(replace(history, frame=frame)).of("sum of the others") == ()


@pytest.mark.parametrize(("aht_s", "said"), [(240_000.0, "'ms'"), (4.0, "'min'"), (240.0, "")])
def test_a_handle_time_that_no_contact_has_is_asked_about(aht_s: float, said: str) -> None:
    history = centre(2)
    odd = replace(history, frame=history.frame.assign(aht_s=aht_s))
    found = quality(odd).of("odd handle time")
    assert len(found) == (1 if said else 0)
    assert all(f"handle_unit={said}" in f.effect for f in found)
