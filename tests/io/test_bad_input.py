"""Bad input: one clear sentence that names the place and the cure."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.io import read_history

ZONE = "Europe/Istanbul"
GOOD = "start,queue,offered\n2026-03-02 08:00,a,5\n2026-03-02 08:30,a,6\n"

BAD = {
    "missing columns": ("queue,begin\na,2026\n", r"missing columns offered; found queue, begin"),
    "nothing known": ("a,b\n1,2\n", r"missing columns start, offered; found a, b\. Rename them"),
    "text in a number": (GOOD + "2026-03-02 09:00,a,many\n",
                         r"line 4, column 'offered': 'many' is not a number\. Write a number"),
    "negative": (GOOD + "2026-03-02 09:00,a,-3\n", r"line 4, column 'offered': '-3' is negative"),
    "infinite": (GOOD + "2026-03-02 09:00,a,inf\n", r"line 4, .*'inf' is not a number"),
    "no date": (GOOD + "2026-02-30 09:00,a,3\n", r"line 4, .*'2026-02-30 09:00' is not a date"),
    "no queue": (GOOD + "2026-03-02 09:00,,3\n", r"line 4, column 'queue': no queue.*Fill in"),
    "ragged": (GOOD + "2026-03-02 09:00,a,3,4\n", r"line 4: .*too many or too few cells"),
    "doubled": (GOOD + "2026-03-02 08:00,a,5\n",
                r"line 4: doubled row, same interval and queue as line 2\. Keep one row"),
    "contradicted": (GOOD + "2026-03-02 08:00,a,9\n",
                     r"line 4: doubled row with other numbers, same .* as line 2"),
    "off the grid": ("start,offered\n" + "".join(
        f"2026-03-02 {h:02d}:{m:02d},1\n" for h in range(8, 12) for m in (0, 30)
    ) + "2026-03-02 12:07,1\n", r"line 10 .*30-min grid .*Correct its time"),
    "daily": ("ds,y\n2026-03-02,100\n2026-03-03,90\n",
              r"1440 min apart; intervals of 5 to 60 min are needed"),
    "coarser": ("ds,y\n2026-03-02 08:00,1\n2026-03-02 09:00,2\n",
                r"60 min long, coarser than the 30 min asked for\. Use interval='60min'"),
    "two readings of a date": ("ds,y\n02/03/2026 08:00,1\n", r"02/03/2026 can be .* dates='DMY'"),
    "two readings of a number": ("ds,y\n2026-03-02 08:00,1.234\n2026-03-02 08:30,7\n",
                                 r"1\.234 can be read two ways\. Say decimal="),
    "offsets and none": ("ds,y\n2026-03-02T08:00Z,1\n2026-03-02 08:30,1\n",
                         r"with and without an offset"),
    "headings only": ("start,queue,offered\n", r"headings and no rows"),
    "only a ragged row": ("ds,y,queue\n2026-03-02 08:00,4\n", r"line 2: .*too few cells"),
    "an open quote": (GOOD + '2026-03-02 09:00,"a,3\n2026-03-02 09:30,a"b,4\n',
                      r"a quote opened near line 4 is not closed"),
    "a heading twice": ("ds,y,y\n2026-03-02 08:00,1,2\n", r"there are two columns 'y'"),
    "no time beside a date": ("ds,time,y\n2026-03-02,,4\n2026-03-02,08:00,4\n",
                              r"line 2, column 'ds': '2026-03-02' is not a date and time"),
    "a year mistyped": (GOOD + "2062-03-02 08:00,a,1\n",
                        r"line 4 is on 2062-03-02, 36 years from the rows next to it\. Correct"),
    "two for one meaning": ("timestamp,start time,offered\n2026-03-02 08:00,2026-03-02 08:00,1\n",
                            r"'timestamp' and 'start time' could both be start\. Say which"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_in_one_sentence(tmp_path: Path, case: str) -> None:
    text, pattern = BAD[case]
    (tmp_path / "calls.csv").write_text(text)
    with pytest.raises(DataError, match=pattern) as refused:
        read_history(tmp_path / "calls.csv", time_zone=ZONE)
    assert str(refused.value).startswith("calls.csv: ")
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def mixed(first: str, then: str) -> pd.DataFrame:
    stamps = [
        *pd.date_range("2026-03-02 08:00", periods=10, freq=first),
        *pd.date_range("2026-03-03 08:00", periods=10, freq=then),
    ]
    return pd.DataFrame({"start": stamps, "offered": 1})


@pytest.mark.parametrize("lengths", [("15min", "30min"), ("30min", "15min"), ("5min", "30min")])
def test_mixed_intervals_are_refused(lengths: tuple[str, str]) -> None:
    with pytest.raises(DataError, match=r"from line .* on. Export it with one interval"):
        read_history(mixed(*lengths), time_zone=ZONE)


def test_mixed_intervals_can_be_explained() -> None:
    history = read_history(mixed("15min", "30min"), time_zone=ZONE, source_interval="15min")
    assert history.frame["offered"].sum() == 20


def test_intervals_named_in_the_file_must_be_one() -> None:
    frame = pd.DataFrame(
        {
            "TimeStamp": ["2026-03-02T08:00:00Z", "2026-03-03T00:00:00Z"],
            "IntervalDuration": ["30mins", "daily"],
            "IncomingContactVolume": [4, 90],
        }
    )
    with pytest.raises(DataError, match="30mins, daily"):
        read_history(frame)


def test_no_time_zone(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(GOOD)
    with pytest.raises(
        DataError, match=r"'start' has no time zone. Name it, for example time_zone"
    ):
        read_history(tmp_path / "calls.csv")
    with pytest.raises(DataError, match="time zone: 'Istanbul' is not known"):
        read_history(tmp_path / "calls.csv", time_zone="Istanbul")
    offsets = pd.DataFrame({"ds": ["2026-03-02T08:00:00+03:00"], "y": [1]})
    with pytest.raises(DataError, match="offsets from UTC but not the zone"):
        read_history(offsets)


def zip_bytes(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in files.items():
            pack.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "pattern"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"\x00\x01\x02\x03\xff", "bytes that are not text"),
        (bytes(range(256)) * 40, "bytes that are not text"),
        (b"%PDF-1.4 ...", "it is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel file"),
        (b"\x89PNG\r\n", "a picture"),
        (b"PK\x03\x04 broken", "broken"),
        (zip_bytes(readme=b"hello"), "a zip file, not a workbook"),
        (zip_bytes(**{"xl/workbook.xml": b"<a/>"}), "cannot be opened"),
        (zip_bytes(**{"xl/workbook.xml": b" " * (310 << 20)}), "unpacks to 310 MB"),
        (b"PAR1 broken PAR1", "parquet file is broken"),
    ],
)  # fmt: skip
def test_files_that_are_no_tables(tmp_path: Path, data: bytes, pattern: str) -> None:
    (tmp_path / "calls.csv").write_bytes(data)
    with pytest.raises(DataError, match=pattern) as refused:
        read_history(tmp_path / "calls.csv", time_zone=ZONE)
    assert str(refused.value).startswith("calls.csv: ")


def test_a_missing_file_a_folder_and_a_missing_sheet(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_history(tmp_path / "none.csv", time_zone=ZONE)
    with pytest.raises(DataError, match="cannot be opened"):
        read_history(tmp_path, time_zone=ZONE)
    pd.DataFrame({"ds": ["2026-03-02 08:00"], "y": [1]}).to_excel(tmp_path / "x.xlsx", index=False)
    with pytest.raises(DataError, match="no sheet 'Calls'; it has Sheet1"):
        read_history(tmp_path / "x.xlsx", time_zone=ZONE, sheet="Calls")


def test_bad_rows_can_be_reported_instead(tmp_path: Path) -> None:
    rows = [
        "2026-03-02 09:00,a,many",
        "2026-03-02 09:30,a,-3",
        "soon,a,4",
        "2026-03-02 08:00,a,5",
        "2026-03-02 08:30,a,9",
        "2026-03-02 10:00,a,7,8",
        "2026-03-02 10:30,a,7",
    ]
    (tmp_path / "calls.csv").write_text(GOOD + "\n".join(rows))
    history = read_history(tmp_path / "calls.csv", time_zone=ZONE, bad_rows="report")
    assert history.frame["offered"].fillna(-1).tolist() == [5, -1, -1, -1, 7]
    notes = history.report.notes
    assert notes["row"].tolist() == [4, 5, 6, 7, 8, 9]
    assert notes.loc[notes["row"] == 8, "effect"].item() == "volume unknown"
    assert "1 x not a number, first line 4: volume unknown." in str(history.report)
    assert history.report.rows == 9


def test_only_bad_rows_are_refused_even_then(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("ds,y\nsoon,1\nlater,2\n")
    with pytest.raises(DataError, match="'soon' is not a date and time"):
        read_history(tmp_path / "calls.csv", time_zone=ZONE, bad_rows="report")


@pytest.mark.parametrize(
    ("option", "value"),
    [("layout", "x"), ("stamps", "middle"), ("bad_rows", "drop"), ("interval", "7min"),
     ("decimal", ";"), ("dates", "YDM"), ("source_interval", "x"), ("opening", "always"),
     ("columns", {"calls": "y"}), ("columns", {"offered": "z"})],
)  # fmt: skip
def test_options_are_checked(option: str, value: object) -> None:
    frame = pd.DataFrame({"ds": ["2026-03-02 08:00"], "y": [1]})
    with pytest.raises(DataError):
        read_history(frame, **({"time_zone": ZONE} | {option: value}))
