"""What spreadsheets do to files: lost forms, durations as times, covers, breaks in headings."""

from __future__ import annotations

import io
from datetime import datetime, time, timedelta

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfm.core.errors import DataError
from wfm.core.types import History
from wfm.io import read_frame, read_history, read_records
from wfm.io.read.months import with_number
from wfm.io.read.stamps import parse_stamps

STARTS = [datetime(2026, 3, 16 + d, h, m) for d in (0, 1) for h in range(8, 12) for m in (0, 30)]  # noqa: DTZ001
ROWS = [(start, 5 + i, 180 + i) for i, start in enumerate(STARTS)]
BEGIN = datetime(1899, 12, 30)  # noqa: DTZ001


def days(start: datetime) -> float:
    return (start - BEGIN) / timedelta(days=1)


def book(*sheets: list[tuple[object, ...]]) -> io.BytesIO:
    held = openpyxl.Workbook()
    held.remove(held.active)
    for rows in sheets:
        sheet = held.create_sheet()
        for row in rows:
            sheet.append(row)
    opened = io.BytesIO()
    held.save(opened)
    opened.seek(0)
    return opened


def text(heading: str, rows: list[tuple[object, ...]]) -> io.BytesIO:
    lines = [heading, *(";".join(map(str, row)) for row in rows)]
    return io.BytesIO("\n".join(lines).encode())


def check(source: io.BytesIO, **options: str) -> History:
    found = read_history(source, time_zone="Europe/Istanbul", **options)
    assert found.frame["start"].dt.tz_localize(None).tolist() == STARTS
    assert found.frame["offered"].tolist() == [row[1] for row in ROWS]
    assert found.frame["aht_s"].tolist() == pytest.approx([row[2] for row in ROWS])
    return found


def test_days_whose_form_was_lost_are_counted_from_1899() -> None:
    check(book([("start", "offered", "aht"), *((days(s), v, a) for s, v, a in ROWS)]))
    head = ("Date", "Time", "Calls", "AHT")
    check(book([head, *((int(days(s)), days(s) % 1, v, a) for s, v, a in ROWS)]))
    check(book([head, *((s.date(), round(days(s) % 1, 6), v, a) for s, v, a in ROWS)]))
    comma = [(f"{days(s):.5f}".replace(".", ","), v, a) for s, v, a in ROWS]
    check(text("start;offered;aht", comma))
    check(text("Date;Time;Calls;AHT", [(int(days(s)), f"{s:%H:%M}", v, a) for s, v, a in ROWS]))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001
def test_any_second_comes_back_from_the_days_of_a_spreadsheet(at: datetime) -> None:
    at = at.replace(microsecond=0)
    found = parse_stamps(pd.Series([days(at)]), "calls.csv").naive[0]
    assert pd.Timestamp(found) == at


@pytest.mark.parametrize("clock", ["{:%H.%M}", "{:%Hh%M}", "{:%H:%M}-12:00"])
def test_times_of_day_with_another_mark(clock: str) -> None:
    rows = [(f"{s:%d.%m.%Y}", clock.format(s), v, a) for s, v, a in ROWS]
    check(text("Date;Time;Calls;AHT", rows))


@pytest.mark.parametrize(
    "day", ["{:%d-%b-%y}", "{:%d %B %Y}", "{:%d}. März {:%Y}", "{:%d} Mart {:%Y}"]
)
def test_months_by_name(day: str) -> None:
    check(text("start;offered;aht", [(f"{day.format(s, s)} {s:%H:%M}", v, a) for s, v, a in ROWS]))


def test_each_month_has_a_number_in_each_language() -> None:
    for names in (
        "January February March April May June July August September October November December",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    ):
        found = [with_number(f"7 {name} 2026") for name in names.split()]
        assert found == [f"7.{month:02d}.2026" for month in range(1, 13)], names


def test_a_handle_time_shown_as_a_time_keeps_its_length_whatever_the_unit() -> None:
    clock = [(s, v, time(0, a // 60, a % 60)) for s, v, a in ROWS]
    spans = [(s, v, timedelta(seconds=a)) for s, v, a in ROWS]
    texts = [(s, v, f"0:0{a // 60}:{a % 60:02d}") for s, v, a in ROWS]
    for rows in (clock, spans, texts):
        for heading in ("aht", "AHT (min)", "AHT (sec)"):
            check(book([("start", "offered", heading), *rows]))
            check(book([("start", "offered", heading), *rows]), handle_unit="min")
        check(text("start;offered;aht", rows if rows is texts else texts), handle_unit="ms")


def test_mean_handle_times_of_minutes_and_seconds_are_read_and_told() -> None:
    short = [(s, v, f"{a // 60}:{a % 60:02d}") for s, v, a in ROWS]
    for heading in ("AHT", "Avg Handle Time", "AHT (min)"):
        check(text(f"start;offered;{heading}", short))
        found = read_history(text(f"start;offered;{heading}", short), time_zone="Europe/Istanbul")
        assert f"{heading} is read as minutes and seconds, such as 3:00." in str(found.report)


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("AHT", "0:03:13"),  # another cell has hours, so these may have them too
        ("AHT", "193"),
        ("Talk time", "3:13"),  # of all contacts together, which may be hours
    ],
)
def test_what_may_be_hours_and_minutes_is_refused(heading: str, cell: str) -> None:
    rows = [(s, v, "3:10") for s, v, _ in ROWS[:-1]] + [(STARTS[-1], 9, cell)]
    with pytest.raises(DataError, match="'3:10' is not a number"):
        read_history(text(f"start;offered;{heading}", rows), time_zone="Europe/Istanbul")


def test_short_times_that_could_be_hours_are_refused() -> None:
    rows = [(s, v, "0:40") for s, v, _ in ROWS]  # 40 s, or 40 min
    with pytest.raises(DataError, match="'0:40' is not a number"):
        read_history(text("start;offered;AHT", rows), time_zone="Europe/Istanbul")


def test_a_time_is_no_number_of_contacts() -> None:
    for cell in ("0:03:13", time(0, 3, 13)):
        rows = [("start", "offered", "aht"), *ROWS[:-1], (STARTS[-1], cell, 180)]
        with pytest.raises(DataError, match=r"line 17, column 'offered': .* is not a number"):
            read_history(book(rows), time_zone="Europe/Istanbul")


@pytest.mark.parametrize("nothing", ["-", "--", "#DIV/0!", "n/a"])
def test_the_mean_of_no_contacts_is_unknown_and_a_volume_like_it_is_told(nothing: str) -> None:
    rows = [*ROWS[:-1], (STARTS[-1], 0, nothing)]
    found = read_history(text("start;offered;aht", rows), time_zone="Europe/Istanbul")
    assert found.frame["aht_s"].isna().tolist() == [False] * 15 + [True]
    if nothing != "n/a":
        rows = [*ROWS[:-1], (STARTS[-1], nothing, 180)]
        with pytest.raises(DataError, match=r"line 17, column 'offered'"):
            read_history(text("start;offered;aht", rows), time_zone="Europe/Istanbul")


def test_a_cover_before_the_table_is_turned_over() -> None:
    table = [("start", "offered", "aht"), *ROWS]
    assert check(book([("Report",), ("made in March",)], table)).report.sheet == "Sheet1"
    assert check(book(table, [("start", "offered"), (STARTS[0], 1)])).report.sheet == "Sheet"
    by_hand = [("Beginn der Messung", "Eingang", "Dauer"), *ROWS]
    lookup = [("Queue", "Time zone"), ("a", "Europe/Istanbul")]
    columns = {"start": "Beginn der Messung", "offered": "Eingang", "aht": "Dauer"}
    check(book(by_hand, lookup), columns=columns)
    agents = [("agent", "name"), ("1", "Ada")]
    assert read_frame(book(agents, table))["agent"].tolist() == ["1"]


def test_a_heading_with_a_line_break_does_not_shift_the_lines() -> None:
    rows = ROWS[:-1]
    source = text('start;"Contacts\noffered";"AHT\n(sec)"', [*rows, (STARTS[-1], "many", 1)])
    with pytest.raises(DataError, match=r"line 19, column 'Contacts offered': 'many'"):
        read_history(source, time_zone="Europe/Istanbul")
    check(text('start;"Contacts\noffered";"AHT\n(sec)"', ROWS))


def test_lines_in_quotes_are_unwrapped_and_a_quoted_comma_stays() -> None:
    lines = ['"start,queue,offered,aht"', *(f'"{s},""A, B"",{v},{a}"' for s, v, a in ROWS)]
    found = check(io.BytesIO("\n".join(lines).encode()))
    assert found.queues == ["A, B"]


def test_calls_with_stamps_in_a_form_that_is_not_known_are_refused_at_once() -> None:
    calls = pd.DataFrame({"queue": "a", "arrived": ["16-Mar-26 08:00", "x"], "wait": 1, "talk": 2})
    with pytest.raises(DataError, match=r"'16-Mar-26 08:00', which is not a date and time"):
        read_records(calls, time_zone="Europe/Istanbul")
