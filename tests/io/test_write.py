"""What is handed out: workbook, csv, JSON, calendars; whole or not at all."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import tempfile
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl.utils import column_index_from_string

from wfm.core.calendars import Opening
from wfm.core.columns import STEPS
from wfm.core.errors import DataError
from wfm.core.types import Requirement, Schedule, ServiceTarget, Violation
from wfm.core.work import Campaign
from wfm.io import (
    WRITERS,
    read_blocks,
    read_schedule,
    schedule_bytes,
    write_bytes,
    write_calendars,
    write_folder,
    write_schedule,
    write_table,
)
from wfm.io.formula import guard, unguard
from wfm.io.write.calendars import file_names
from wfm.io.write.workbook import STEPS as WHY_TITLES

ZONE = "Europe/Istanbul"
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "http://x.y", "'=1", 'a,"b')
HALF_HOUR = timedelta(minutes=30)


def at(text: str, zone: str = ZONE) -> pd.Timestamp:
    return pd.Timestamp(text, tz=zone)


def make(agents: tuple[str, ...] = ("a1", "a2", *HOSTILE)) -> Schedule:
    """Every agent works on Monday; the first one also on Tuesday evening, past midnight."""
    rows: list[tuple[Any, ...]] = []
    for agent in agents:
        rows += [
            (agent, at("2026-03-02 08:00"), at("2026-03-02 10:00"), "inbound", "support"),
            (agent, at("2026-03-02 10:00"), at("2026-03-02 10:30"), "break", ""),
            (agent, at("2026-03-02 10:30"), at("2026-03-02 12:00"), "outbound", "=survey"),
        ]
    rows.append((agents[0], at("2026-03-03 20:00"), at("2026-03-04 02:00"), "inbound", "support"))
    frame = pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue"])
    starts = pd.date_range("2026-03-02 08:00", periods=8, freq="30min", tz=ZONE).as_unit("us")
    coverage = pd.DataFrame({"start": starts, "queue": "support", "required": 3})
    coverage["scheduled"] = [len(agents)] * 4 + [0] * 4
    coverage["under"] = (3 - coverage["scheduled"]).clip(lower=0)
    coverage["over"] = (coverage["scheduled"] - 3).clip(lower=0)
    totals = pd.DataFrame({"agent": agents, "name": agents, "team": "", "contract": "full"})
    totals = totals.assign(days=1, paid_h=4.0, outbound_h=1.5, cost=-80.25)
    outbound = pd.DataFrame({"campaign": ["=survey"], "target_h": [20.0], "placed_h": [15.0]})
    return Schedule(
        frame=frame,
        interval=HALF_HOUR,
        first_day=date(2026, 3, 2),
        days=3,
        status="nearest",
        stopped_by="time",
        objective=100.0,
        bound=95.0,
        min_labour=60.0,
        terms={"labour": 80.0, "under": 20.0},
        coverage=coverage,
        outbound=outbound.assign(blocks=3, connects=np.nan),
        totals=totals,
        seconds=12.5,
        seed=7,
        violations=(Violation("rest", "8 h of 11 h", "a1", "Tue"),),
    )


def service(schedule: Schedule) -> pd.DataFrame:
    frame = schedule.coverage[["start", "queue"]].copy()
    frame["service_level"] = [0.9] * 4 + [0.5] * 4
    frame["abandoned"], frame["occupancy"], frame["asa_s"] = 0.1, 0.6, 12.0
    frame["volume"] = [30.0] * 4 + [10.0] * 4
    return frame


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    schedule = make()
    frame = schedule.coverage[["start", "queue"]].assign(agents=2, scheduled=3, shrinkage=0.1)
    steps = dict.fromkeys((f"step_{name}" for name in STEPS), 0.0)
    steps |= {"step_load": 1.5, "step_randomness": 0.4, "step_rounding": 1.1}
    frame = frame.assign(**steps, patience_s=120.0, assumed="patience_s")
    requirement = Requirement(frame, HALF_HOUR, targets={"=desk": ServiceTarget(0.8)})
    campaign = Campaign("=survey", "survey", Opening.parse("24/7"), 20.0, deadline=date(2026, 3, 6))
    data = schedule_bytes(
        schedule,
        ".xlsx",
        requirement=requirement,
        service=service(schedule),
        curve=frame[["start", "queue", "agents"]].assign(
            **{"service_level-1": 0.7, "service_level+0": 0.8, "service_level+1": 0.9,
               "asa_s-1": np.nan, "asa_s+0": 20.0, "asa_s+1": 9.0}
        ),
        campaigns=[campaign],
        project="=Demo",
        assumed="cost per hour of 2 people made to fit (9 to 9.5)",
    )  # fmt: skip
    return openpyxl.load_workbook(io.BytesIO(data))


WHY = tuple(WHY_TITLES.values())
REQUIREMENT_SHEETS = ("Requirement", "Why by day", "Why by interval", "More or fewer")


def column(sheet: Any, heading: str, row: int = 1) -> list[Any]:
    place = [c.value for c in sheet[row]].index(heading) + 1
    return [sheet.cell(r, place).value for r in range(row + 1, sheet.max_row + 1)]


def test_the_workbook_has_its_sheets(book: openpyxl.Workbook) -> None:
    days = ["Mon 2026-03-02", "Tue 2026-03-03", "Wed 2026-03-04"]
    assert book.sheetnames == [
        "Summary",
        "Charts",
        "By agent",
        *days,
        "Coverage",
        "Agents",
        *REQUIREMENT_SHEETS,
    ]


def test_no_cell_is_a_formula_or_a_link(book: openpyxl.Workbook) -> None:
    texts = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{sheet.title} {cell.coordinate}"
                assert cell.hyperlink is None
                texts.add(cell.value)
    assert set(HOSTILE) <= texts


def test_the_summary_says_how_good_it_is(book: openpyxl.Workbook) -> None:
    sheet = book["Summary"]
    found = {sheet.cell(r, 1).value: sheet.cell(r, 2) for r in range(1, sheet.max_row + 1)}
    assert found["Gap to the proven bound"].value == pytest.approx(0.05)
    assert found["Gap on what planning can change"].value == pytest.approx(5 / 40)
    assert found["Gap to the proven bound"].number_format == "0.0%"
    assert found["Required hours covered"].value == pytest.approx(1 - 12 / 24)
    assert found["Service level, predicted"].value == pytest.approx((120 * 0.9 + 40 * 0.5) / 160)
    assert found["Paid hours"].value == pytest.approx(4.0 * (2 + len(HOSTILE)))
    assert found["Seed"].value == 7
    assert found["=desk"].value == "80 % in 20 s"
    queues = ", ".join(sorted(set(column(book["Requirement"], "Queue"))))
    assert found["Assumed, not measured"].value == (
        f"patience of 120 s ({queues}); cost per hour of 2 people made to fit (9 to 9.5)"
    )
    assert str(found["Status"].value).startswith("nearest")
    assert "rest: a1 Tue: 8 h of 11 h" in found
    head = next(r for r in range(1, 60) if sheet.cell(r, 1).value == "Day")
    day = {sheet.cell(head, c).value: sheet.cell(head + 1, c).value for c in range(1, 11)}
    assert day["Service level"] == pytest.approx((4 * 30 * 0.9 + 4 * 10 * 0.5) / 160)
    assert day["Required [h]"] == 12.0
    assert day["People"] == 2 + len(HOSTILE)


def test_the_day_sheet_is_a_wall_chart(book: openpyxl.Workbook) -> None:
    sheet = book["Mon 2026-03-02"]
    top = next(r for r in range(1, 9) if sheet.cell(r, 1).value == "Name")
    assert sheet.freeze_panes == f"B{top + 1}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${top}:${top}"
    last = sheet.print_area.split("$")[-2]
    legend = {c.coordinate for r in range(3, top) for c in sheet[r] if c.value}
    assert len(legend) == 3, "the colours are explained above the grid"
    assert all(merged.max_col <= column_index_from_string(last) for merged in sheet.merged_cells)
    heads = [c.value for c in sheet[top] if c.value]
    assert heads[:5] == ["Name", "Team", "Shift", "Breaks", "Outbound"]
    assert heads[5:] == ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    rows = {sheet.cell(r, 1).value: r for r in range(top + 1, sheet.max_row + 1)}
    line = [c.value for c in sheet[rows["a2"]]][: len(heads)]
    assert line[2:5] == ["08:00-12:00", "10:00 break", "10:30-12:00"]
    assert line[5:] == [None, None, None, None, "B", "O", "O", "O"]
    assert sheet.column_dimensions["D"].width > 20
    assert sheet.column_dimensions["F"].width < 4
    fills = [c.fill.fgColor.rgb for c in sheet[rows["a2"]]][5 : len(heads)]
    assert len(set(fills)) == 3, "inbound, break and outbound have their colours"
    assert [c.value for c in sheet[rows["Needed"]]][5:13] == [3] * 8
    assert [c.value for c in sheet[rows["Short"]]][5:13] == [None] * 4 + [3] * 4
    late = book["Tue 2026-03-03"]
    assert late.cell(5, 3).value == "20:00-02:00 (+1)"
    assert book["Wed 2026-03-04"].cell(2, 1).value == "Nobody works on this day."


def test_coverage_and_totals_are_numbers_with_formats(book: openpyxl.Workbook) -> None:
    sheet = book["Coverage"]
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == "A1:K9"
    assert column(sheet, "Under [heads]") == [0] * 4 + [3] * 4
    assert column(sheet, "UTC offset") == ["+03:00"] * 8
    assert sheet["H2"].number_format == "0.0%"
    assert sheet["A2"].value == at("2026-03-02 08:00").replace(tzinfo=None)
    assert "hh:mm" in sheet["A2"].number_format
    assert sheet.column_dimensions["A"].width > 15
    assert column(book["Agents"], "Cost") == [-80.25] * (2 + len(HOSTILE))
    assert column(book["Requirement"], "To roster [heads]") == [3] * 8


def test_costs_name_their_currency() -> None:
    costs = pd.DataFrame({"cost": [80.25], "cost_per_contact": [2.5]})
    data = schedule_bytes(make(), ".xlsx", currency="GEL", sheets={"Costs": costs})
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert column(book["Agents"], "Cost [GEL]") == [-80.25] * (2 + len(HOSTILE))
    assert "Cost [GEL]" in [cell.value for cell in book["Summary"]["A"]]
    assert [cell.value for cell in book["Costs"][1]] == [
        "Cost [GEL]",
        "Cost per contact [GEL]",
    ]


def test_the_workbook_says_why_and_its_steps_add_up(book: openpyxl.Workbook) -> None:
    for name, total in (
        ("Why by interval", "To roster [heads]"),
        ("Why by day", "To roster [agent hours]"),
    ):
        sheet = book[name]
        steps = [column(sheet, heading) for heading in WHY]
        added = [sum(row) for row in zip(*steps, strict=True)]
        assert added == pytest.approx(column(sheet, total))
    assert sum(column(book["Why by day"], "Contacts x AHT")) == pytest.approx(8 * 1.5 / 2)


def test_the_workbook_says_what_more_or_fewer_agents_would_bring(book: openpyxl.Workbook) -> None:
    sheet = book["More or fewer"]
    assert [c.value for c in sheet[1]] == [
        "Interval", "UTC offset", "Queue", "Agents [heads]", "Service level -1", "Service level +0",
        "Service level +1", "ASA -1 [s]", "ASA +0 [s]", "ASA +1 [s]",
    ]  # fmt: skip
    assert column(sheet, "Service level +1") == [0.9] * 8
    assert column(sheet, "ASA -1 [s]") == [None] * 8
    assert sheet["E2"].number_format == "0.0%"
    assert sheet.freeze_panes == "E2"


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_every_writer_gives_the_same_bytes_again(suffix: str) -> None:
    assert schedule_bytes(make(), suffix) == schedule_bytes(make(), suffix)


def test_csv_has_no_formulas_and_reads_back(tmp_path: Path) -> None:
    schedule = make()
    write_schedule(schedule, tmp_path / "week.csv")
    with (tmp_path / "week.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    pd.testing.assert_frame_equal(read_blocks(tmp_path / "week.csv"), schedule.frame)


def test_negative_numbers_stay_numbers_in_csv(tmp_path: Path) -> None:
    write_table(make().totals, tmp_path / "totals.csv")
    assert pd.read_csv(tmp_path / "totals.csv")["cost"].tolist() == [-80.25] * 10


@given(st.text(max_size=6) | st.sampled_from(HOSTILE))
def test_a_guarded_text_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))


def test_json_reads_back_the_same(tmp_path: Path) -> None:
    schedule = make()
    write_schedule(schedule, tmp_path / "week.json")
    again = read_schedule(tmp_path / "week.json")
    assert again.equals(schedule)
    assert again.seconds == schedule.seconds
    assert again.violations == schedule.violations
    content = json.loads((tmp_path / "week.json").read_text(encoding="utf-8"))
    assert content["gap"] == pytest.approx(0.05)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "wfm schedule 1"}', "PK"])
def test_a_file_that_is_no_schedule_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(DataError, match=r"^x.json: .*\. (Name|Write)"):
        read_schedule(tmp_path / "x.json")


def test_calendars_tell_the_shifts_in_their_zone(tmp_path: Path) -> None:
    paths = write_calendars(make(("a1",)), tmp_path / "ics", project="Demo")
    assert [p.name for p in paths] == ["a1.ics"]
    calendar = Calendar.from_ical(paths[0].read_bytes())
    assert [z["TZID"] for z in calendar.walk("VTIMEZONE")] == [ZONE]
    events = calendar.walk("VEVENT")
    assert len(events) == 2
    assert events[0].start == at("2026-03-02 08:00")
    assert events[0]["DTSTART"].params["TZID"] == ZONE
    assert events[1].end == at("2026-03-04 02:00")
    assert "10:00-10:30 break" in str(events[0]["DESCRIPTION"])
    assert "10:30-12:00 outbound =survey" in str(events[0]["DESCRIPTION"])


def test_an_event_keeps_its_identity_when_the_shift_moves() -> None:
    def identities(schedule: Schedule, project: str) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(schedule_bytes(schedule, ".zip", project=project))) as pack:
            data = [pack.read(name) for name in pack.namelist()]
        return [str(e["UID"]) for d in data for e in Calendar.from_ical(d).walk("VEVENT")]

    first = make(("a1",))
    moved = make(("a1",))
    moved.frame["start"] += pd.Timedelta(minutes=30)
    moved.frame["end"] += pd.Timedelta(minutes=30)
    assert identities(first, "Demo") == identities(moved, "Demo")
    assert not set(identities(first, "Demo")) & set(identities(first, "Other"))
    everybody = identities(make(), "Demo")
    assert len(set(everybody)) == len(everybody)


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
def test_a_night_shift_over_a_clock_change_keeps_its_instants(tmp_path: Path, day: str) -> None:
    start = at(f"{day} 22:00", "Europe/Berlin")
    end = (start + pd.Timedelta(hours=4.5)).as_unit("us")
    frame = pd.DataFrame(
        {"agent": ["a"], "start": [start], "end": [end], "activity": "inbound", "queue": "q"}
    )
    schedule = make(("a",))
    object.__setattr__(schedule, "frame", frame)
    object.__setattr__(schedule, "first_day", start.date())
    object.__setattr__(schedule, "days", 1)
    path = write_calendars(schedule, tmp_path)[0]
    event = Calendar.from_ical(path.read_bytes()).walk("VEVENT")[0]
    assert pd.Timestamp(event.end).tz_convert("UTC") == end.tz_convert("UTC")
    sheet = openpyxl.load_workbook(io.BytesIO(schedule_bytes(schedule, ".xlsx"))).worksheets[3]
    assert len([c for c in sheet[4] if c.value]) - 5 == 9


def test_file_names_are_safe_and_never_collide() -> None:
    agents = [
        "Ada",
        "ada",
        "../../etc/passwd",
        "a/b",
        "a\\b",
        "CON",
        "",
        ".",
        "x" * 300,
        "Ö z",
        "=1",
    ]
    names = file_names(agents)
    assert len({n.casefold() for n in names.values()}) == len(agents)
    for name in names.values():
        assert "/" not in name
        assert "\\" not in name
        assert not name.startswith(".")
        assert len(name.encode()) < 200
        assert name.endswith(".ics")


def test_the_suffix_says_what_is_written(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\.docx cannot be written\. Use \.xlsx"):
        write_schedule(make(), tmp_path / "week.docx")
    assert write_schedule(make(), tmp_path / "calendars").is_dir()
    assert len(list((tmp_path / "calendars").iterdir())) == 10


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("name", ["week.xlsx", "week.csv", "week.json", "week.zip"])
def test_a_full_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(DataError, match=r"the disk is full\. Free some space and save again"):
        write_schedule(make(), tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_is_really_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def on_full(*_: object, **__: object) -> tuple[int, str]:
        return os.open("/dev/full", os.O_WRONLY), str(tmp_path / ".part")

    (tmp_path / "a.csv").write_bytes(b"old")
    monkeypatch.setattr(tempfile, "mkstemp", on_full)
    with pytest.raises(DataError, match=r"a\.csv was not saved: the disk is full"):
        write_bytes(tmp_path / "a.csv", b"new")
    assert (tmp_path / "a.csv").read_bytes() == b"old"


def test_a_folder_gets_all_files_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ics"
    write_folder(folder, {"a.ics": b"old"})
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(DataError, match="disk is full"):
        write_folder(folder, {"a.ics": b"new", "b.ics": b"new"})
    assert [(p.name, p.read_bytes()) for p in folder.iterdir()] == [("a.ics", b"old")]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"its folder does not exist\. Make the folder"):
        write_bytes(tmp_path / "none" / "a.csv", b"")
    with pytest.raises(DataError, match="it is a folder"):
        write_bytes(tmp_path, b"")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4, unique=True))
def test_any_name_goes_through_every_writer(names: list[str]) -> None:
    schedule = make(tuple(names))
    for suffix in WRITERS:
        data = schedule_bytes(schedule, suffix)
        assert data
    book = openpyxl.load_workbook(io.BytesIO(schedule_bytes(schedule, ".xlsx")))
    assert all(c.data_type != "f" for row in book["Agents"].iter_rows() for c in row)


def test_the_second_pass_of_a_doubled_hour_is_told_in_utc(tmp_path: Path) -> None:
    start = pd.Timestamp("2026-10-25 01:30", tz="UTC").tz_convert("Europe/Berlin").as_unit("us")
    end = (start + pd.Timedelta(hours=2)).as_unit("us")
    frame = pd.DataFrame(
        {"agent": ["a"], "start": [start], "end": [end], "activity": "inbound", "queue": "q"}
    )
    schedule = make(("a",))
    object.__setattr__(schedule, "frame", frame)
    event = Calendar.from_ical(write_calendars(schedule, tmp_path)[0].read_bytes()).walk("VEVENT")[
        0
    ]
    assert pd.Timestamp(event.start).tz_convert("UTC") == start.tz_convert("UTC")
