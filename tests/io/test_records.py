"""Call records: what a call tells, clock changes, bad lines, and an independent count."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.erlang.patience import patience_from_waits
from wfm.erlang.patience_counts import patience_from_history
from wfm.io import read_records

ZONE = "Europe/Istanbul"
HEADINGS = (
    "ContactID,Channel,Queue_Name,Queue_EnqueueTimestamp,Queue_Duration,"
    "Agent_AgentInteractionDuration,Agent_CustomerHoldDuration,Agent_AfterContactWorkDuration"
)
CALLS = f"""{HEADINGS}
1,VOICE,support,2026-03-02T06:03:00Z,4,180,20,40
2,VOICE,support,2026-03-02T06:20:00Z,31,,,
3,VOICE,support,2026-03-02T06:29:59Z,25,100,0,20
4,VOICE,support,2026-03-02T06:45:00Z,3,,,
5,VOICE,orders,2026-03-02T06:10:00.500Z,0,60,0,0
6,VOICE,,,,,,
"""


def written(folder: Path, text: str, name: str = "calls.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def numbers(history: object, queue: str) -> list[list[float]]:
    frame = history.frame[history.frame["queue"] == queue]  # type: ignore[attr-defined]
    names = ["offered", "answered", "abandoned", "aht_s", "answered_within", "abandoned_within",
             "short_abandoned", "wait_answered_s", "wait_abandoned_s"]  # fmt: skip
    return frame[names].to_numpy().tolist()


def test_calls_are_counted_as_on_paper(tmp_path: Path) -> None:
    history = read_records(written(tmp_path, CALLS), time_zone=ZONE)
    first, second = numbers(history, "support")
    assert first == [3, 2, 1, 180, 1, 0, 0, 29, 31]
    assert second[:3] == [1, 0, 1]
    assert np.isnan(second[3])
    assert second[4:] == [0, 1, 1, 0, 3]
    assert history.frame["start"].iloc[-1].isoformat() == "2026-03-02T09:30:00+03:00"
    assert numbers(history, "orders") == [[1, 1, 0, 60, 1, 0, 0, 0, 0]]
    said = str(history.report)
    assert "1 calls without a queue never reached one" in said
    assert "one row a call" in said
    assert history.report.rows == 6


def test_thresholds_are_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, CALLS)
    history = read_records(path, time_zone=ZONE, threshold_s=31, short_s=2)
    assert numbers(history, "support")[0][4:7] == [2, 1, 0]
    assert numbers(history, "support")[1][6] == 0


def test_the_waits_give_the_patience_of_the_calls(tmp_path: Path) -> None:
    history = read_records(written(tmp_path, CALLS), time_zone=ZONE)
    wait, lost = history.report.calls("support")
    assert sorted(zip(wait, lost, strict=True)) == [(3, True), (4, False), (25, False), (31, True)]
    found = patience_from_waits(wait, lost)
    assert found.mean_s == (4 + 31 + 25 + 3) / 2
    by_interval = patience_from_history(history.frame)["support"]
    assert by_interval.mean_s == found.mean_s
    with pytest.raises(DataError, match="there is no queue 'sales'"):
        history.report.calls("sales")


def test_csv_parquet_frame_and_open_file_give_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, CALLS)
    expected = read_records(path, time_zone=ZONE)
    frame = pd.read_csv(path)
    zoned = frame.assign(
        Queue_EnqueueTimestamp=pd.to_datetime(frame["Queue_EnqueueTimestamp"], format="ISO8601")
    )
    zoned.to_parquet(tmp_path / "calls.parquet")
    texts = frame.astype({"Queue_Duration": "str"})
    texts.loc[texts["Queue_Duration"] == "nan", "Queue_Duration"] = None
    texts.to_parquet(tmp_path / "texts.parquet")
    path.rename(tmp_path / "calls [1].csv")
    for source in (
        tmp_path / "calls.parquet",
        tmp_path / "texts.parquet",
        tmp_path / "calls [1].csv",
        io.BytesIO(CALLS.encode()),
        frame,
        zoned,
    ):
        found = read_records(source, time_zone=ZONE)
        pd.testing.assert_frame_equal(found.frame, expected.frame)
        pd.testing.assert_frame_equal(found.report.waits, expected.report.waits, check_dtype=False)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1254"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    text = CALLS.replace("orders", "sipariş").replace(",", separator)
    history = read_records(written(tmp_path, text, encoding=encoding), time_zone=ZONE)
    assert history.queues == ["sipariş", "support"]
    assert history.frame["offered"].sum() == 5


PLAIN_LONG = "queue,arrived,wait,talk,note\n" + "".join(
    f"support,2026-03-02 09:{i // 60 % 60:02d}:{i % 60:02d},{i % 40},{i % 9 or ''},\n"
    for i in range(20_000)
)


def test_a_long_file_whose_first_other_letter_comes_late_is_turkish(tmp_path: Path) -> None:
    late = "şikâyet,2026-03-02 09:05,4,60,\n"
    for encoding in ("cp1254", "utf-8"):
        path = written(tmp_path, PLAIN_LONG + late * 2, encoding=encoding)
        history = read_records(path, time_zone=ZONE)
        assert history.queues == ["support", "şikâyet"]
        assert history.frame["offered"].sum() == 20_002
    note = late.replace("şikâyet", "support").replace(",\n", ",şimdi\n")
    path = written(tmp_path, PLAIN_LONG + note, encoding="cp1254")
    assert read_records(path, time_zone=ZONE).frame["offered"].sum() == 20_001


def test_a_broken_letter_in_a_long_utf_8_file_is_one_bad_line(tmp_path: Path) -> None:
    text = PLAIN_LONG.replace("support", "sipariş", 1).encode() + b"\xfe,2026-03-02 09:05,4,60,\n"
    (tmp_path / "calls.csv").write_bytes(text)
    with pytest.raises(DataError, match=r"line 20,?002: .*bytes that are not text"):
        read_records(tmp_path / "calls.csv", time_zone=ZONE)
    history = read_records(tmp_path / "calls.csv", time_zone=ZONE, bad_rows="report")
    assert history.queues == ["sipariş", "support"]
    assert history.frame["offered"].sum() == 20_000


def test_a_time_with_an_unknown_part_is_unknown_and_the_other_calls_are_not(tmp_path: Path) -> None:
    text = GOOD + "a,2026-03-02 09:03,,60,0\na,2026-03-02 09:04,7,,1\n"
    history = read_records(written(tmp_path, text), time_zone=ZONE)
    found = numbers(history, "a")[0]
    assert found[:3] == [3, 2, 1]
    assert np.isnan([found[4], found[7]]).all()
    assert [found[5], found[6], found[8]] == [1, 0, 7]
    assert "1 answered calls have no known wait" in str(history.report)


@pytest.mark.parametrize(
    ("stamp", "options"),
    [
        ("2026-03-02 09:03:10", {}),
        ("2026-03-02T09:03:10.250", {}),
        ("02.03.2026 9:03", {}),
        ("03/25/2026 9:03:10 AM", {}),
        ("25/03/26 09:03", {}),
        ("20260302 0903", {}),
        ("2026-03-02 06:03:10+00:00", {}),
        ("2026-03-02 07:03:10 +0100", {}),
        ("2026-03-02 06:03:10 UTC", {}),
        ("2026-03-02 06:03:10", {"source_zone": "UTC"}),
        ("1772431390", {}),
        ("1772431390000", {}),
    ],
)
def test_stamps_as_they_are_written(tmp_path: Path, stamp: str, options: dict[str, str]) -> None:
    text = f"queue;arrived;wait;abandoned\na;{stamp};3;0\n"
    if stamp.isdigit():
        source = pd.DataFrame({"queue": ["a"], "arrived": [int(stamp)], "wait": [3],
                               "abandoned": [0]})  # fmt: skip
    else:
        source = written(tmp_path, text)  # type: ignore[assignment]
    history = read_records(source, time_zone=ZONE, **options)  # type: ignore[arg-type]
    assert history.frame["start"].dt.strftime("%H:%M").tolist() == ["09:00"]


def test_dates_and_times_in_two_columns(tmp_path: Path) -> None:
    text = "queue,date,time,wait,answered\na,02.03.2026,09:03:10,3,yes\n"
    history = read_records(written(tmp_path, text), time_zone=ZONE)
    assert history.frame["start"].dt.strftime("%d %H:%M").tolist() == ["02 09:00"]


@pytest.mark.parametrize(
    ("heading", "cell", "options"),
    [("talk", "0:02:05", {}), ("talk_ms", "125000", {}), ("talk (min)", "2,08333333333", {}),
     ("talk", "125000", {"unit": "ms"})],
)  # fmt: skip
def test_durations_as_they_are_written(
    tmp_path: Path, heading: str, cell: str, options: dict[str, str]
) -> None:
    text = f"queue;start;{heading}\na;2026-03-02 09:03;{cell}\n"
    history = read_records(written(tmp_path, text), time_zone=ZONE, **options)  # type: ignore[arg-type]
    assert history.frame["aht_s"].tolist() == pytest.approx([125.0], abs=1e-3)


def test_how_a_call_ended(tmp_path: Path) -> None:
    text = ("queue,start,disposition,talk\na,2026-03-02 09:00,Answered,10\n"
            "a,2026-03-02 09:01,Abandoned in queue,\na,2026-03-02 09:02,Overflow,\n"
            "a,2026-03-02 09:03,No answer,\n")  # fmt: skip
    history = read_records(written(tmp_path, text), time_zone=ZONE)
    assert history.frame[["offered", "answered", "abandoned"]].to_numpy().tolist() == [[4, 1, 2]]
    assert "1 calls were neither answered nor abandoned ('Overflow'): offered only" in str(
        history.report
    )
    assert "wait_answered_s" not in history.frame
    stamps = (
        "queue,start,answered at,end\na,2026-03-02 09:00,2026-03-02 09:00:30,2026-03-02 09:05\n"
    )
    stamps += "a,2026-03-02 09:10,,2026-03-02 09:11\n"
    history = read_records(written(tmp_path, stamps), time_zone=ZONE)
    assert numbers(history, "a") == [[2, 1, 1, 270, 0, 0, 0, 30, 60]]


def test_a_doubled_hour_in_utc_is_two_hours_and_in_local_time_is_said() -> None:
    utc = pd.date_range("2026-10-24 22:00", "2026-10-25 23:00", freq="10min", tz="UTC")
    calls = pd.DataFrame({"queue": "a", "start": utc, "wait": 1.0, "talk": 60.0})
    history = read_records(calls, time_zone="Europe/Berlin", interval="60min")
    day = history.frame[history.frame["start"].dt.day == 25]
    assert len(day) == 25
    assert (day["offered"] == 6).all()
    local = calls.assign(start=utc.tz_convert("Europe/Berlin").tz_localize(None))
    history = read_records(local, time_zone="Europe/Berlin", interval="60min")
    twice = history.frame[history.frame["start"].dt.strftime("%d %H") == "25 02"]
    assert twice["offered"].iloc[0] == 12
    assert np.isnan(twice["offered"].iloc[1])
    assert "12 calls of an hour that the clock showed twice (2026-10-25)" in str(history.report)


def test_calls_in_a_lost_hour_are_reported_with_their_line(tmp_path: Path) -> None:
    text = "queue,start,talk\na,2026-03-29 01:10,5\na,2026-03-29 02:10,5\na,2026-03-29 03:10,5\n"
    history = read_records(written(tmp_path, text), time_zone="Europe/Berlin")
    assert history.frame["offered"].sum() == 2
    assert history.report.notes["row"].tolist() == [3]
    with pytest.raises(DataError, match=r"line 3.*inside an hour that the clock skipped"):
        read_records(written(tmp_path, text), time_zone="Europe/Berlin", lost="refuse")


GOOD = "queue,start,wait,talk,abandoned\na,2026-03-02 09:00,3,60,0\n"
BAD = {
    "not a date": (
        GOOD + "a,2026-02-30 09:00,3,60,0\n",
        r"line 3, column 'start': '2026-02-30.*not a date",
    ),
    "an offset among local times": (GOOD + "a,2026-03-02 09:00Z,3,60,0\n", r"with and without"),
    "a word for a wait": (
        GOOD + "\na,2026-03-02 09:00,soon,60,0\n",
        r"column 'wait': 'soon' is not a number",
    ),
    "a negative wait": (
        GOOD + "a,2026-03-02 09:00,-3,60,0\n",
        r"line 3, column 'wait': '-3' is negative",
    ),
    "an endless wait": (
        GOOD + "a,2026-03-02 09:00,inf,60,0\n",
        r"line 3, column 'wait': 'inf' is not a number",
    ),
    "neither yes nor no": (
        GOOD + "a,2026-03-02 09:00,3,60,maybe\n",
        r"line 3, .*'maybe' is not a yes or no",
    ),
    "too many cells": (
        GOOD + "a,2026-03-02 09:00,3,60,0,7\n",
        r"line 3: .*too many or too few cells",
    ),
    "too few cells": (GOOD + "a,2026-03-02 09:00\n", r"line 3: .*too many or too few cells"),
    "no arrival": ("queue,wait,talk\na,3,4\n", r"missing columns start; found queue, wait, talk"),
    "no ending": ("queue,start\na,2026-03-02 09:00\n", r"missing columns abandoned"),
    "headings only": ("queue,start,talk\n", r"headings and no rows"),
    "two readings of a date": ("queue,start,talk\na,02/03/2026 08:00,1\n", r"can be read two ways"),
    "no queue anywhere": ("queue,start,talk\n,2026-03-02 09:00,1\n", r"no call can be used"),
    "years apart": (GOOD + "a,2062-03-02 09:00,3,60,0\n", r"a call is on 20\d\d-03-02, 36 years"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_records_are_refused_in_one_sentence(tmp_path: Path, case: str) -> None:
    text, pattern = BAD[case]
    with pytest.raises(DataError, match=pattern) as refused:
        read_records(written(tmp_path, text), time_zone=ZONE)
    assert str(refused.value).startswith("calls.csv: ")
    assert "\n" not in str(refused.value)


def test_bad_records_can_be_reported_instead(tmp_path: Path) -> None:
    text = GOOD + "a,never,3,60,0\na,2026-03-02 09:01,3,60,0,9\na,2026-03-02 09:02,soon,60,0\n"
    history = read_records(written(tmp_path, text), time_zone=ZONE, bad_rows="report")
    assert history.frame["offered"].tolist() == [2]
    assert np.isnan(history.frame["wait_answered_s"].iloc[0])
    notes = history.report.notes
    assert notes[["row", "effect"]].to_numpy().tolist() == [
        [3, "row not taken"], [4, "row not taken"], [5, "duration unknown"],
    ]  # fmt: skip
    assert "1 answered calls have no known wait" in str(history.report)


@pytest.mark.parametrize(
    ("data", "pattern"),
    [(b"", "is empty"), (b"\x1f\x8b....", "a packed file"), (b"PK\x03\x04", "a workbook"),
     (b"PAR1 broken PAR1", "cannot be read"), (b"\x00\x01\x02", "not text")],
)  # fmt: skip
def test_files_that_hold_no_calls(tmp_path: Path, data: bytes, pattern: str) -> None:
    (tmp_path / "calls.csv").write_bytes(data)
    with pytest.raises(DataError, match=pattern) as refused:
        read_records(tmp_path / "calls.csv", time_zone=ZONE)
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_a_missing_zone(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_records(tmp_path / "none.csv", time_zone=ZONE)
    with pytest.raises(DataError, match="has no time zone"):
        read_records(written(tmp_path, GOOD))
    with pytest.raises(DataError, match="threshold_s"):
        read_records(written(tmp_path, GOOD), time_zone=ZONE, threshold_s=-1)


def test_channels_and_doubled_calls(tmp_path: Path) -> None:
    text = CALLS.replace("4,VOICE", "4,CHAT") + "1,VOICE,support,2026-03-02T06:03:00Z,4,180,20,40\n"
    path = written(tmp_path, text)
    both = read_records(path, time_zone=ZONE)
    assert both.frame["offered"].sum() == 6
    assert "1 calls of other channels than 'VOICE'" in str(both.report)
    voice = read_records(path, time_zone=ZONE, channel="voice", unique=True)
    assert voice.frame["offered"].sum() == 4
    assert "1 calls stood in the file before and are left out" in str(voice.report)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(("Europe/Istanbul", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe",
                     "America/St_Johns", "UTC")),
    st.sampled_from((5, 15, 30)),
    st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_an_independent_count_agrees_in_any_zone(zone: str, minutes: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    count = 300
    start = pd.Timestamp("2026-03-27", tz="UTC") + pd.to_timedelta(
        random.integers(0, 4 * 86_400, count), unit="s"
    )
    calls = pd.DataFrame({"queue": random.choice(["a", "b"], count), "start": start})
    calls["wait"] = random.integers(0, 60_000, count) / 1000
    calls["talk"] = np.where(random.random(count) < 0.8, random.integers(1, 600, count), np.nan)
    history = read_records(calls, time_zone=zone, interval=f"{minutes}min")
    local = calls["start"].dt.tz_convert(zone)
    past = pd.to_timedelta(local.dt.minute % minutes * 60 + local.dt.second, unit="s")
    keyed = calls.assign(at=calls["start"] - past, lost=calls["talk"].isna())
    frame = history.frame[history.frame["offered"] > 0]
    frame = frame.assign(at=frame["start"].dt.tz_convert("UTC")).set_index(["queue", "at"])
    by = keyed.groupby(["queue", "at"])
    assert frame["offered"].to_dict() == by.size().to_dict()
    assert frame["abandoned"].to_dict() == by["lost"].sum().to_dict()
    waits = keyed["wait"].where(~keyed["lost"], 0).groupby([keyed["queue"], keyed["at"]]).sum()
    assert frame["wait_answered_s"].to_numpy() == pytest.approx(waits.to_numpy())
    assert frame["aht_s"].dropna().to_numpy() == pytest.approx(
        by["talk"].mean().dropna().to_numpy()
    )
