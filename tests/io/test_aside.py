"""Rows that cannot all be counted: what reading did is listed, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.io import read_history, read_records, repair, repaired

ZONE = "Europe/Berlin"
SPRING = "2026-03-29"  # 02:00 to 03:00 is skipped


def read(rows: list[tuple], **options):
    file = pd.DataFrame(rows, columns=["start", "queue", "offered", "AHT"])
    return read_history(file, time_zone=ZONE, bad_rows="report", **options)


def offered(history) -> dict[str, float]:
    at = history.frame["start"].dt.strftime("%d %H:%M")
    return dict(zip(at, history.frame["offered"], strict=True))


def test_a_row_that_stands_twice_is_counted_once_and_both_times_when_taken_back() -> None:
    history = read([("2026-03-02 08:00", "a", 4, 100), ("2026-03-02 08:30", "a", 6, 200),
                    ("2026-03-02 08:30", "a", 6, 200)])  # fmt: skip
    assert offered(history) == {"02 08:00": 4, "02 08:30": 6}
    done = repaired(history)
    assert [(r.action, r.queue, r.reason) for r in done.repairs] == [("once", "a", "doubled rows")]
    assert done.repairs[0].starts == (pd.Timestamp("2026-03-02 08:30", tz=ZONE),)
    assert "1 lines repeat an earlier one" in done.repairs[0].effect
    assert done.history.equals(history)
    assert offered(done.without(0).history) == {"02 08:00": 4, "02 08:30": 12}
    assert done.changes[["column", "before", "after"]].to_numpy().tolist() == [["offered", 12, 6]]


def test_rows_that_contradict_each_other_are_unknown_and_added_up_when_taken_back() -> None:
    rows = [("2026-03-02 08:00", "a", 4, 100), ("2026-03-02 08:00", "a", 6, 200)]
    history = read([*rows, ("2026-03-02 08:30", "a", 1, 100)])
    assert np.isnan(offered(history)["02 08:00"])
    done = repaired(history)
    assert [r.action for r in done.repairs] == ["contradicted"]
    back = done.without(0).history.frame.iloc[0]
    assert back["offered"] == 10
    assert back["aht_s"] == pytest.approx((4 * 100 + 6 * 200) / 10)


@pytest.mark.parametrize("stamps", ["start", "end"])
def test_rows_of_a_skipped_hour_are_left_out_and_stand_an_hour_later_when_taken_back(
    stamps: str,
) -> None:
    wall = pd.date_range(f"{SPRING} 01:00", periods=6, freq="30min")
    shift = pd.Timedelta("30min") if stamps == "end" else pd.Timedelta(0)
    history = read([(str(at + shift), "a", n, 60) for n, at in enumerate(wall, start=1)],
                   stamps=stamps)  # fmt: skip
    done = repaired(history)
    (one,) = done.repairs
    assert (one.action, len(one.starts)) == ("skip", 2)
    assert "2 lines lie in an hour that the clock skipped" in one.effect
    before, after = offered(history), offered(done.without(0).history)
    assert sum(before.values()) == 1 + 2 + 5 + 6
    assert after == {**before, "29 03:00": 5 + 3, "29 03:30": 6 + 4}


def test_a_skipped_hour_without_contacts_and_closed_hours_need_no_repair() -> None:
    wall = pd.date_range(f"{SPRING} 00:00", periods=48, freq="30min")
    rows = [(str(at), "a", 0 if at.hour == 2 else 5, 60) for at in wall]
    assert repaired(read(rows)).repairs == ()
    rows = [(str(at), "a", 5, 60) for at in wall]
    assert repaired(read(rows, opening="Mon-Sun 08:00-18:00")).repairs == ()
    assert len(repaired(read(rows)).repairs) == 1


def test_a_part_of_an_interval_that_stands_twice_is_put_right_as_a_whole() -> None:
    quarters = [("2026-03-02 08:00", "a", 4, 60), ("2026-03-02 08:15", "a", 6, 120)]
    history = read([*quarters, quarters[1], ("2026-03-02 08:30", "a", 1, 60)], interval="30min")
    assert offered(history)["02 08:00"] == 10
    back = repaired(history).without(0).history.frame.iloc[0]
    assert back["offered"] == 16
    assert back["aht_s"] == pytest.approx((4 * 60 + 12 * 120) / 16)


def test_calls_of_a_skipped_hour_are_a_repair_too(tmp_path: Path) -> None:
    lines = ["queue,arrived,wait_s,talk_s"]
    lines += [f"a,{SPRING} {hour:02d}:{m:02d}:00,5,100" for hour in (1, 2, 3) for m in (5, 35)]
    path = tmp_path / "calls.csv"
    path.write_text("\n".join(lines))
    history = read_records(path, time_zone=ZONE)
    done = repaired(history)
    assert done.history.equals(history)
    assert done.repairs[0].effect.startswith("2 lines")
    assert history.frame["offered"].sum() == 4
    back = done.without(0).history.frame
    assert back["offered"].sum() == back["answered_within"].sum() == 6
    assert back["wait_answered_s"].sum() == 30


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "UTC"]),
    st.lists(st.tuples(st.integers(0, 95), st.sampled_from("ab"), st.integers(0, 3)),
             min_size=1, max_size=60),
    st.sampled_from([None, "Mon-Sun 00:00-24:00"]),
)  # fmt: skip
def test_whatever_is_set_aside_every_line_counts_when_all_is_taken_back(
    zone: str, rows: list[tuple[int, str, int]], opening: str | None
) -> None:
    first = {"Europe/Berlin": "2026-03-28", "America/Havana": "2026-03-07"}.get(zone, "2026-10-03")
    wall = pd.date_range(first, periods=96, freq="30min")
    file = pd.DataFrame(
        {"start": [str(wall[at]) for at, _, _ in rows], "queue": [q for _, q, _ in rows],
         "offered": [n for *_, n in rows]}
    )  # fmt: skip
    try:
        history = read_history(
            file, time_zone=zone, bad_rows="report", opening=opening, source_interval="30min"
        )
    except DataError:  # every row lies in a skipped hour
        assert (wall[[at for at, *_ in rows]].hour < 4).all()
        return
    done = repaired(history)
    pd.testing.assert_frame_equal(done.history.frame, history.frame)
    whole = repair(done.original, ()).history.frame
    assert whole["offered"].sum() == file["offered"].sum()
    assert not whole[whole["offered"].isna()]["start"].isin(done.changes["start"]).any()
    left = done
    for number in range(len(done.repairs)):
        left = left.without(number)
    pd.testing.assert_frame_equal(left.history.frame, done.original.frame)
