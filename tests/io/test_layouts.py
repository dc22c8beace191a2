"""Every layout of the table, on a golden file of the same two queues."""

from __future__ import annotations

import importlib
import io
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.io import LAYOUTS, read_history

GOLDEN = Path(__file__).parent / "golden"
ZONE = "Europe/Istanbul"
KNOWN = {
    "genesys_cloud": ["offered", "answered"],
    "amazon_connect": ["offered", "answered"],
    "calabrio": ["offered", "answered", "abandoned", "answered_within", "abandoned_within",
                 "short_abandoned", "wait_answered_s", "wait_abandoned_s"],
    "avaya_cms": ["offered", "answered", "abandoned", "wait_answered_s", "wait_abandoned_s"],
    "nice_iex": ["offered", "answered"],
    "eleveo": ["offered"],
    "contact_records": ["offered", "answered", "abandoned", "wait_answered_s", "wait_abandoned_s"],
}  # fmt: skip


def golden(name: str) -> Path:
    return next(GOLDEN.glob(f"{name}.*"))


def expected() -> pd.DataFrame:
    frame = pd.read_csv(GOLDEN / "expected.csv")
    frame["start"] = pd.to_datetime(frame["start"]).dt.tz_localize(ZONE).dt.as_unit("us")
    return frame


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_golden_file_is_detected_and_read_as_expected(name: str) -> None:
    history = read_history(golden(name), time_zone=ZONE)
    wanted = expected()
    if name == "contact_records":
        wanted = wanted[wanted["queue"] == "orders"].reset_index(drop=True)
    assert history.frame["start"].tolist() == wanted["start"].tolist()
    assert history.frame["queue"].tolist() == wanted["queue"].tolist()
    for column in KNOWN[name]:
        assert history.frame[column].tolist() == wanted[column].tolist(), column
    weight = wanted["offered" if name == "eleveo" else "answered"]
    if name != "eleveo":
        found = history.frame["aht_s"] * weight
        assert found.to_numpy() == pytest.approx(wanted["handle_s"].to_numpy(), rel=1e-6)
    if name != "contact_records":
        assert LAYOUTS[name].title in str(history.report)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_by_name_an_open_file_and_auto_agree(name: str) -> None:
    found = read_history(golden(name), time_zone=ZONE)
    named = read_history(golden(name), time_zone=ZONE, layout=name)
    opened = read_history(io.BytesIO(golden(name).read_bytes()), time_zone=ZONE)
    assert found.equals(named)
    assert opened.frame["offered"].tolist() == found.frame["offered"].tolist()


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_has_a_module_of_its_name_and_refuses_another_file(name: str) -> None:
    module = importlib.import_module(f"wfm.io.read.layouts.{name}")
    assert module.LAYOUT is LAYOUTS[name]
    other = pd.DataFrame({"start": ["2026-03-02 08:00"], "offered": [1]})
    with pytest.raises(DataError, match=f"not of the layout {name}"):
        read_history(other, time_zone=ZONE, layout=name)
    with pytest.raises(DataError, match=r"layout: 'five9' is not known. Use one of auto, "):
        read_history(other, time_zone=ZONE, layout="five9")


def test_rows_split_by_media_and_skill_are_added_up_once() -> None:
    history = read_history(golden("genesys_cloud"), time_zone=ZONE)
    assert "Rows of a queue that differ in Media Type, Skill Set, Language are added up." in str(
        history.report
    )
    lines = golden("genesys_cloud").read_text().splitlines()
    doubled = io.BytesIO("\n".join([*lines, lines[3]]).encode())
    with pytest.raises(DataError, match=r"line 34: doubled row, same .* as line 4"):
        read_history(doubled, time_zone=ZONE)


def test_a_first_row_without_headings_is_not_lost() -> None:
    text = golden("calabrio").read_text()
    assert read_history(golden("calabrio"), time_zone=ZONE).report.rows == len(text.splitlines())
    commas = text.replace(",", ".").replace(";", ",")
    again = read_history(io.BytesIO(commas.encode()), time_zone=ZONE)
    assert again.frame["offered"].tolist() == expected()["offered"].tolist()


def test_daily_rows_are_refused_in_a_sentence() -> None:
    text = golden("amazon_connect").read_text().replace("15mins", "daily")
    with pytest.raises(DataError, match=r"'IntervalDuration' says daily; .* Export the file by"):
        read_history(io.BytesIO(text.encode()), time_zone=ZONE)
    days = pd.DataFrame({"start": ["2026-03-02", "2026-03-03"], "offered": [100, 90]})
    with pytest.raises(DataError, match="1440 min apart"):
        read_history(days, time_zone=ZONE)


def test_the_zone_of_an_iex_file_is_its_own() -> None:
    text = golden("nice_iex").read_text()
    moved = text.replace("Europe/Istanbul", "Europe/Berlin")
    history = read_history(io.BytesIO(moved.encode()), time_zone=ZONE)
    assert history.frame["start"].iloc[0].strftime("%H:%M") == "10:00"
    two = text.replace("Europe/Istanbul", "Europe/Berlin", 1)
    with pytest.raises(DataError, match=r"names Europe/Berlin, Europe/Istanbul\. Say in"):
        read_history(io.BytesIO(two.encode()), time_zone=ZONE)
    with pytest.raises(DataError, match="'TRT', which is no IANA zone"):
        read_history(io.BytesIO(text.replace("Europe/Istanbul", "TRT").encode()), time_zone=ZONE)
    named = read_history(
        io.BytesIO(text.replace("Europe/Istanbul", "TRT").encode()),
        source_zone=ZONE,
        time_zone=ZONE,
    )
    assert named.frame["start"].tolist() == expected()["start"].tolist()
    plain = text.replace("#fields|", "")
    assert np.array_equal(
        read_history(io.BytesIO(plain.encode()), time_zone=ZONE).frame["offered"],
        expected()["offered"],
    )


def test_what_the_planner_names_goes_before_the_layout() -> None:
    history = read_history(
        golden("avaya_cms"), time_zone=ZONE, columns={"offered": "acdcalls", "answered": "acdcalls"}
    )
    assert history.frame["offered"].tolist() == expected()["answered"].tolist()


def workbook(rows: list[list[object]]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    held.seek(0)
    return held


def typed(cell: str) -> object:
    """A cell as a spreadsheet that opens a text takes it."""
    with suppress(ValueError):
        return float(cell.replace(",", "."))
    with suppress(ValueError):
        return datetime.strptime(cell, "%Y-%m-%d")  # noqa: DTZ007
    with suppress(ValueError):
        return datetime.strptime(cell, "%H:%M").time()  # noqa: DTZ007
    return cell


@pytest.mark.parametrize("name", [n for n in LAYOUTS if n != "contact_records"])
def test_a_file_that_went_through_a_spreadsheet_is_the_same(name: str) -> None:
    text = golden(name).read_text()
    mark = next(m for m in "|;," if m in text)
    rows = [line.split(mark) for line in text.splitlines()]
    want = read_history(golden(name), time_zone=ZONE)
    again = {
        "workbook": workbook([[typed(c) for c in row] for row in rows]),
        "workbook of texts": workbook(rows),
        "empty cells behind and below": "\n".join(
            [mark.join([*row, "", ""]) for row in rows] + [mark * 3, mark * len(rows[0])]
        ),
        "lines in quotes": "\n".join(f'"{mark.join(row)}"' for row in rows),
        "sep=": f"sep={mark}\n{text}",
        "Unicode text": text.replace(mark, "\t").encode("utf-16"),
        "returns": text.replace("\n", "\r\n").encode("utf-8-sig"),
    }
    for how, held in again.items():
        data = held.encode() if isinstance(held, str) else held
        source = io.BytesIO(data) if isinstance(data, bytes) else data
        found = read_history(source, time_zone=ZONE)
        pd.testing.assert_frame_equal(found.frame, want.frame, obj=how)


@pytest.mark.parametrize("clock", ["{:%H:%M:%S}", "{:%I:%M %p}", "{:%I:%M:%S %p}", "{:%H%M}"])
def test_times_of_a_file_without_headings_are_known_however_written(clock: str) -> None:
    rows = [line.split(";") for line in golden("calabrio").read_text().splitlines()]
    for row in rows:
        row[2] = clock.format(typed(row[2]))
    found = read_history(io.BytesIO("\n".join(map(";".join, rows)).encode()), time_zone=ZONE)
    assert found.frame["offered"].tolist() == expected()["offered"].tolist()
