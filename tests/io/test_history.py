"""Reading interval history: layouts, zones, clock changes and what rows mean."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.core.types import History
from wfm.io import read_headings, read_history, write_table

ZONE = "Europe/Istanbul"


def two_days() -> pd.DataFrame:
    """Two queues, two days of four half hours; names that need an encoding."""
    stamps = [
        stamp
        for day in ("2026-03-02", "2026-03-03")
        for stamp in pd.date_range(f"{day} 08:00", periods=4, freq="30min")
    ]
    rows = []
    for q, queue in enumerate(("sipariş", "şikâyet")):
        for i, stamp in enumerate(stamps):
            rows.append((queue, stamp, 10 + i + 100 * q, 9 + i, 1, 250.5 + i))
    columns = ["queue", "start", "offered", "answered", "abandoned", "aht_s"]
    return pd.DataFrame(rows, columns=columns)


def number(value: float, decimal: str) -> str:
    return str(value).replace(".", decimal)


def as_text(frame: pd.DataFrame, separator: str, decimal: str, names: dict[str, str]) -> str:
    """The frame as a text file, quoted where the decimal is the separator."""
    lines = [separator.join(names.get(c, c) for c in frame.columns)]
    for row in frame.itertuples(index=False):
        cells = [row[0], f"{row[1]:%d.%m.%Y %H:%M}", *(number(v, decimal) for v in row[2:])]
        lines.append(separator.join(f'"{c}"' if separator in c else c for c in cells))
    return "\r\n".join(lines) + "\r\n"


def same(a: History, b: History) -> None:
    pd.testing.assert_frame_equal(a.frame, b.frame)
    assert a.interval == b.interval


@pytest.fixture(scope="module")
def expected() -> History:
    return read_history(two_days(), time_zone=ZONE)


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1254"])
def test_every_encoding_separator_and_decimal_gives_the_same_history(
    tmp_path: Path, expected: History, encoding: str, separator: str, decimal: str
) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(as_text(two_days(), separator, decimal, {}).encode(encoding))
    history = read_history(path, time_zone=ZONE)
    same(history, expected)
    assert history.report.separator == separator
    assert history.report.decimal == decimal
    assert history.report.contacts == two_days()["offered"].sum()


def test_latin_1_is_read(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes("Warteschlange;Datum;Anrufe\nAufträge;02.03.2026 08:00;5\n".encode("latin-1"))
    history = read_history(path, time_zone="Europe/Berlin")
    assert history.queues == ["Aufträge"]
    assert history.report.encoding == "latin-1"


def test_a_workbook_and_parquet_give_the_same_history(tmp_path: Path, expected: History) -> None:
    two_days().to_excel(tmp_path / "calls.xlsx", index=False)
    two_days().to_parquet(tmp_path / "calls.parquet")
    same(read_history(tmp_path / "calls.xlsx", time_zone=ZONE), expected)
    same(read_history(tmp_path / "calls.parquet", time_zone=ZONE), expected)
    with (tmp_path / "calls.xlsx").open("rb") as file:
        same(read_history(file, time_zone=ZONE), expected)


def test_dates_and_times_in_two_columns(tmp_path: Path, expected: History) -> None:
    frame = two_days()
    split = frame.drop(columns="start").assign(
        Datum=frame["start"].dt.strftime("%d.%m.%Y"), Uhrzeit=frame["start"].dt.strftime("%H:%M")
    )
    split.to_csv(tmp_path / "calls.csv", index=False)
    same(read_history(tmp_path / "calls.csv", time_zone=ZONE), expected)
    native = frame.drop(columns="start").assign(
        date=frame["start"].dt.normalize(), time=frame["start"].dt.time
    )
    native.to_excel(tmp_path / "calls.xlsx", index=False)
    same(read_history(tmp_path / "calls.xlsx", time_zone=ZONE), expected)
    packed = frame.drop(columns="start").assign(
        row_date=frame["start"].dt.strftime("%m/%d/%Y"), time=frame["start"].dt.strftime("%H%M")
    )
    same(read_history(packed, time_zone=ZONE, dates="MDY"), expected)


@pytest.mark.parametrize("heading", ["interval_end", "Ende"])
def test_end_stamps(expected: History, heading: str) -> None:
    frame = two_days()
    ends = frame.assign(start=frame["start"] + pd.Timedelta(minutes=30))
    same(read_history(ends, time_zone=ZONE, stamps="end"), expected)
    same(read_history(ends.rename(columns={"start": heading}), time_zone=ZONE), expected)


def test_the_end_of_the_day_may_be_written_as_24() -> None:
    frame = pd.DataFrame(
        {"end": ["02.03.2026 23:30", "02.03.2026 24:00"], "calls": [3, 4], "queue": "q"}
    )
    history = read_history(frame, time_zone=ZONE)
    assert history.frame["start"].dt.strftime("%d %H:%M").tolist() == ["02 23:00", "02 23:30"]


def test_utc_and_offsets_and_local_stamps_agree(tmp_path: Path, expected: History) -> None:
    frame = two_days()
    zoned = frame["start"].dt.tz_localize(ZONE)
    utc = frame.assign(start=zoned.dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    utc.to_csv(tmp_path / "utc.csv", index=False)
    same(read_history(tmp_path / "utc.csv", time_zone=ZONE), expected)
    offset = frame.assign(start=zoned.map(lambda s: s.isoformat()))
    offset.to_csv(tmp_path / "offset.csv", index=False)
    same(read_history(tmp_path / "offset.csv", time_zone=ZONE), expected)
    naive = frame.assign(start=zoned.dt.tz_convert("UTC").dt.tz_localize(None))
    same(read_history(naive, time_zone=ZONE, source_zone="UTC"), expected)
    heading = naive.rename(columns={"start": "Interval Start UTC Date"})
    same(read_history(heading, time_zone=ZONE), expected)
    same(read_history(frame.assign(start=zoned), time_zone=ZONE), expected)


def test_a_history_written_as_csv_needs_nothing_to_be_read(
    tmp_path: Path, expected: History
) -> None:
    for name in ("history.csv", "history.parquet"):
        write_table(expected, tmp_path / name)
        same(read_history(tmp_path / name, time_zone=ZONE), expected)
    same(read_history(tmp_path / "history.csv"), expected)


def test_stamps_in_utc_need_no_zone() -> None:
    frame = pd.DataFrame({"ds": ["2026-03-02T08:00:00Z", "2026-03-02T08:30:00Z"], "y": [1, 2]})
    assert read_history(frame).time_zone == "UTC"


def test_columns_by_hand_go_before_synonyms() -> None:
    frame = pd.DataFrame({"Wann": ["2026-03-02 08:00"], "Eingang": [7], "calls": [9]})
    history = read_history(frame, time_zone=ZONE, columns={"start": "Wann", "offered": "Eingang"})
    assert history.frame["offered"].tolist() == [7.0]


@pytest.mark.parametrize("heading", ["ÇAĞRI SAYISI", "Çağrı_Sayısı", "cagri sayisi"])
def test_headings_do_not_stumble_over_the_turkish_i(heading: str) -> None:
    frame = pd.DataFrame({"TARİH": ["02.03.2026"], "Saat": ["08:00"], heading: [7]})
    assert read_history(frame, time_zone=ZONE).frame["offered"].tolist() == [7.0]


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        ("TimeStamp,QueueName,IncomingContactVolume,AverageHandleTime,IntervalDuration",
         "2026-03-02T08:00:00Z,a,10,300,30mins"),
        ("Interval Start UTC Date,Queue,Offered,Interactions Handled,Total Handle Time (Seconds)",
         "2026-03-02T08:00:00Z,a,10,8,2400"),
        ("date,time,split,callsoffered,acdcalls,abncalls,acdtime,holdtime,acwtime",
         "2026-03-02,08:00,a,10,8,2,2000,100,300"),
    ],
)  # fmt: skip
def test_known_systems_are_understood(tmp_path: Path, headings: str, cells: str) -> None:
    (tmp_path / "x.csv").write_text(f"{headings}\n{cells}\n")
    zone = None if "Z" in cells else "UTC"
    history = read_history(tmp_path / "x.csv", time_zone=zone)
    assert history.frame["aht_s"].tolist() == [300.0]
    assert history.frame["offered"].tolist() == [10.0]


def test_handle_time_in_minutes() -> None:
    frame = pd.DataFrame({"ds": ["2026-03-02 08:00"], "y": [4], "AHT (min)": [2.5]})
    assert read_history(frame, time_zone=ZONE).frame["aht_s"].tolist() == [150.0]
    frame = frame.rename(columns={"AHT (min)": "AHT"})
    history = read_history(frame, time_zone=ZONE, handle_unit="min")
    assert history.frame["aht_s"].tolist() == [150.0]
    assert "handle_unit='min'" in str(read_history(frame, time_zone=ZONE).report)


def test_finer_rows_add_up_and_handle_time_is_weighted_by_answered() -> None:
    frame = pd.DataFrame(
        {
            "start": pd.date_range("2026-03-02 08:00", periods=6, freq="5min"),
            "offered": [1, 2, 3, 4, 5, 6],
            "answered": [1, 1, 1, 1, 1, 5],
            "aht": [100, 100, 100, 100, 100, 200],
        }
    )
    history = read_history(frame, time_zone=ZONE)
    assert history.frame["offered"].tolist() == [21.0]
    assert history.frame["answered"].tolist() == [10.0]
    assert history.frame["aht_s"].tolist() == [150.0]
    assert history.report.source_interval == 5


def test_an_empty_volume_is_unknown_and_an_absent_slot_is_zero() -> None:
    frame = pd.DataFrame(
        {
            "ds": ["2026-03-02 08:00", "2026-03-02 08:30", "2026-03-02 09:00",
                   "2026-03-09 08:00", "2026-03-09 09:00", "2026-03-23 08:30"],
            "y": [3, None, 5, 4, 6, 7],
        }
    )  # fmt: skip
    history = read_history(frame, time_zone=ZONE)
    week = history.frame.set_index(history.frame["start"].dt.strftime("%d %H:%M"))["offered"]
    assert week["02 08:00"] == 3
    assert np.isnan(week["02 08:30"])
    assert week["09 08:30"] == 0
    assert np.isnan(week["16 08:30"])
    assert week["23 09:00"] == 0
    assert len(week) == 12, "four Mondays of three slots; other weekdays are closed"
    text = str(history.report)
    assert "unknown" in text
    assert "counted as 0" in text


def test_an_unknown_part_makes_the_whole_interval_unknown() -> None:
    stamps = pd.date_range("2026-03-02 08:00", periods=4, freq="15min")
    frame = pd.DataFrame({"ds": stamps, "y": [1, None, 3, 4]})
    offered = read_history(frame, time_zone=ZONE).frame["offered"]
    assert np.isnan(offered[0])
    assert offered[1] == 7


def test_opening_hours_decide_which_slots_there_are() -> None:
    frame = pd.DataFrame(
        {
            "ds": ["2026-03-02 07:30", "2026-03-02 08:00", "2026-03-03 08:30"],
            "y": [9, 1, 2],
        }
    )
    history = read_history(frame, time_zone=ZONE, opening="Mon-Fri 08:00-09:30")
    assert history.frame["offered"].tolist() == [1, 0, 0, 0, 2, 0]
    note = history.report.notes.iloc[0]
    assert (note["row"], note["value"], note["problem"]) == (1, "9.0", "outside the opening hours")
    by_queue = read_history(frame, time_zone=ZONE, opening={"queue": "08:00-09:00"})
    assert len(by_queue.frame) == 4


def test_a_file_without_a_queue_is_called_like_the_file(tmp_path: Path) -> None:
    (tmp_path / "support.csv").write_text("ds,y\n2026-03-02 08:00,3\n")
    history = read_history(tmp_path / "support.csv", time_zone=ZONE)
    assert history.queues == ["support"]
    assert read_history(pd.read_csv(tmp_path / "support.csv"), time_zone=ZONE).queues == ["queue"]


def hours(day: str, zone: str) -> pd.DatetimeIndex:
    start = pd.Timestamp(day, tz=zone)
    end = (pd.Timestamp(day) + pd.Timedelta(days=1)).tz_localize(zone)
    return pd.date_range(start, end, freq="30min", inclusive="left")


def test_a_doubled_hour_held_once_goes_to_the_first_pass() -> None:
    wall = pd.date_range("2026-10-25", periods=48, freq="30min")
    frame = pd.DataFrame({"ds": wall, "y": range(48)})
    history = read_history(frame, time_zone="Europe/Berlin")
    offered = history.frame["offered"]
    assert len(offered) == 50
    assert offered[4:6].tolist() == [4, 5]
    assert offered[6:8].isna().all()
    assert offered[8] == 6
    late = read_history(frame, time_zone="Europe/Berlin", doubled="second").frame["offered"]
    assert late[4:6].isna().all()
    assert late[6:8].tolist() == [4, 5]
    assert "doubled clock-change hour" in str(history.report)


def test_a_doubled_hour_held_twice_is_kept_in_its_order() -> None:
    index = hours("2026-10-25", "Europe/Berlin")
    frame = pd.DataFrame({"ds": index.tz_localize(None), "y": range(50)})
    assert read_history(frame, time_zone="Europe/Berlin").frame["offered"].tolist() == list(
        range(50)
    )


def test_a_stamp_in_a_lost_hour_is_reported() -> None:
    wall = pd.date_range("2026-03-29", periods=48, freq="30min")
    history = read_history(pd.DataFrame({"ds": wall, "y": 1}), time_zone="Europe/Berlin")
    assert len(history.frame) == 46
    notes = history.report.notes
    assert notes["value"].tolist() == ["2026-03-29 02:00:00", "2026-03-29 02:30:00"]
    assert notes["row"].tolist() == [5, 6]
    with pytest.raises(DataError, match="clock skipped"):
        read_history(pd.DataFrame({"ds": wall, "y": 1}), time_zone="Europe/Berlin", lost="refuse")


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_end_stamps_on_days_of_23_and_25_hours(day: str) -> None:
    index = hours(day, "Europe/Berlin")
    right = pd.DataFrame({"ds": index + pd.Timedelta(minutes=30), "y": range(len(index))})
    history = read_history(right, time_zone="Europe/Berlin", stamps="end")
    assert history.frame["offered"].tolist() == list(range(len(index)))
    if day == "2026-03-29":
        wall = right.assign(ds=right["ds"].dt.tz_localize(None))
        local = read_history(wall, time_zone="Europe/Berlin", stamps="end")
        assert local.frame["offered"].tolist() == list(range(46))


def test_utc_rows_know_both_passes() -> None:
    index = hours("2026-10-25", "Europe/Berlin").tz_convert("UTC")
    frame = pd.DataFrame({"ds": index, "y": range(50)}).drop(index=6)
    offered = read_history(frame, time_zone="Europe/Berlin").frame["offered"]
    assert offered[6] == 0


def test_blank_lines_and_trailing_separators_do_not_shift_line_numbers(tmp_path: Path) -> None:
    text = "ds;y;queue\n\n2026-03-02 08:00;1;a\n;;\n\n2026-03-02 08:30;-3;a\n\n"
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(DataError, match="line 6"):
        read_history(tmp_path / "x.csv", time_zone=ZONE)


def test_guarded_names_are_given_back(tmp_path: Path) -> None:
    frame = two_days().query("offered < 100").assign(queue="=1+1")
    history = read_history(frame, time_zone=ZONE)
    write_table(history, tmp_path / "h.csv")
    assert read_history(tmp_path / "h.csv").queues == ["=1+1"]


def test_the_interval_asked_for_is_made() -> None:
    stamps = pd.date_range("2026-03-02 08:00", periods=12, freq="5min")
    history = read_history(pd.DataFrame({"ds": stamps, "y": 1}), time_zone=ZONE, interval="15min")
    assert history.frame["offered"].tolist() == [3, 3, 3, 3]
    assert history.interval == timedelta(minutes=15)


def test_sparse_files_are_not_taken_for_mixed_intervals() -> None:
    random = np.random.default_rng(1)
    stamps = pd.date_range("2026-03-02", periods=48 * 200, freq="30min")
    for share in (0.02, 0.2, 0.5, 0.8):
        frame = pd.DataFrame({"ds": stamps, "y": 1})[random.random(len(stamps)) < share]
        history = read_history(frame, time_zone=ZONE)
        assert history.frame["offered"].sum() == len(frame)


def test_a_rare_queue_beside_a_busy_one_shares_its_interval() -> None:
    busy = pd.date_range("2026-03-02", periods=48, freq="30min")
    frame = pd.concat(
        [
            pd.DataFrame({"queue": "busy", "ds": busy, "y": 5}),
            pd.DataFrame({"queue": "rare", "ds": busy[[3, 30]], "y": 1}),
        ]
    )
    history = read_history(frame, time_zone=ZONE)
    assert history.frame.groupby("queue")["offered"].sum().to_dict() == {"busy": 240, "rare": 2}


def test_few_rows_far_apart_are_taken_for_what_is_wanted() -> None:
    frame = pd.DataFrame({"ds": ["2026-03-02 08:00", "2026-03-02 12:30"], "y": [1, 2]})
    assert read_history(frame, time_zone=ZONE).frame["offered"].tolist() == [1, 2]


@pytest.mark.parametrize("top", ["Calls of March\n\n", "sep=;\n", "\n\nCalls\n"])
def test_titles_above_the_headings_are_passed_over(tmp_path: Path, top: str) -> None:
    (tmp_path / "x.csv").write_text(f"{top}ds;y\n2026-03-02 08:00;3\n2026-03-02 08:30;x\n")
    with pytest.raises(DataError, match=f"line {top.count(chr(10)) + 3}, column 'y'"):
        read_history(tmp_path / "x.csv", time_zone=ZONE)


def test_line_breaks_inside_cells_count_as_lines(tmp_path: Path) -> None:
    text = 'ds,y,remark\n2026-03-02 08:00,1,"two\nlines"\n2026-03-02 08:30,x,\n'
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(DataError, match="line 4"):
        read_history(tmp_path / "x.csv", time_zone=ZONE)


def test_bytes_without_a_name_are_read() -> None:
    data = io.BytesIO(b"ds,y\n2026-03-02 08:00,3\n")
    assert read_history(data, time_zone=ZONE).queues == ["file"]


def test_headings_of_a_long_file_come_from_its_first_bytes(tmp_path):
    rows = "".join(f"2026-03-02 08:00,queue {i},1\n" for i in range(20_000))
    file = tmp_path / "long.csv"
    file.write_text("start,queue,offered\n" + rows)
    with file.open("rb") as opened:
        assert read_headings(opened) == ("start", "queue", "offered")
        assert opened.tell() == 0
    for encoding in ("utf-16", "cp1254"):
        file.write_bytes(("başlangıç;kuyruk\n" + "a;b\n" * 90_000).encode(encoding))
        assert read_headings(file) == ("başlangıç", "kuyruk")
    pd.DataFrame({"a": [1], "b": [2]}).to_parquet(tmp_path / "x.parquet")
    assert read_headings(tmp_path / "x.parquet") == ("a", "b")


def test_doubled_rows_without_a_queue_column_name_the_column_that_may_be_it() -> None:
    frame = pd.DataFrame(
        {
            "Abteilung": ["sales", "service"] * 2,
            "start": ["2026-03-02 08:00"] * 2 + ["2026-03-02 08:30"] * 2,
            "offered": [1, 2, 3, 4],
        }
    )
    with pytest.raises(DataError, match=r"say columns=\{'queue': 'Abteilung'\} if that is it"):
        read_history(frame, time_zone="Europe/Berlin")
    history = read_history(frame, time_zone="Europe/Berlin", columns={"queue": "Abteilung"})
    assert history.queues == ["sales", "service"]
    plain = read_history(frame.rename(columns={"Abteilung": "Skill"}), time_zone="Europe/Berlin")
    assert plain.queues == ["sales", "service"]


def test_doubled_rows_of_one_queue_are_told_without_a_word_of_queue_columns() -> None:
    frame = pd.DataFrame({"start": ["2026-03-02 08:00"] * 2, "offered": [1, 2]})
    with pytest.raises(DataError, match="Keep one row for each interval and queue"):
        read_history(frame, time_zone="Europe/Berlin")
