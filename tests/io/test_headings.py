"""Files as systems write them: titles above headings, times in a column interval, sums."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.io import read_headings, read_history, read_records
from wfm.io.read.layout import heading_row

GERMAN = """Bericht: Intervalle;;;;;;
Zeitraum: 02.03.2026;;;;;;

Datum;von;bis;Warteschlange;Angebotene Anrufe;Angenommene Anrufe;Ø Bearbeitungszeit (s)
02.03.2026;08:00;08:30;Hotline;5;4;215,5
02.03.2026;08:30;09:00;Hotline;7;7;180
Summe;;;;12;11;193
"""


def file(text: str, encoding: str = "utf-8") -> io.BytesIO:
    opened = io.BytesIO(text.encode(encoding))
    opened.name = "calls.csv"
    return opened


def read(opened, **options):
    return read_history(opened, time_zone="Europe/Berlin", bad_rows="report", **options)


def test_titles_with_separators_above_the_headings_are_passed_over() -> None:
    history = read(file(GERMAN, "utf-8-sig"))
    assert history.frame["offered"].tolist() == [5, 7]
    assert history.frame["aht_s"].tolist() == [215.5, 180]
    assert history.report.notes["row"].unique().tolist() == [7]
    assert read_headings(file(GERMAN))[:2] == ("Datum", "von")


def test_titles_of_a_sheet_and_its_daily_sums_are_no_intervals() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    eight = pd.Timestamp("2026-03-02 08:00").to_pydatetime()
    for row in (
        ["Queue Report"],
        ["Generated 2026-05-01"],
        [],
        ["Queue", "Start Time", "Offered", "AHT (sec)"],
        ["Support", eight, 5, 200],
        ["Support", eight + timedelta(minutes=30), 6, 220],
        ["Total", None, 11, None],
    ):
        sheet.append(row)
    opened = io.BytesIO()
    book.save(opened)
    opened.seek(0)
    history = read(opened)
    assert history.report.queues == ("Support",)
    assert history.frame["offered"].tolist() == [5, 6]
    assert history.report.notes["row"].tolist() == [7]


@pytest.mark.parametrize("cells", [("9:00 AM", "9:30 AM"), ("09:00-09:30", "09:30-10:00")])
def test_a_column_interval_is_the_time_of_day_where_it_holds_one(cells: tuple[str, str]) -> None:
    rows = (
        f"Date,Interval,Skill,Calls Offered\n3/20/2026,{cells[0]},a,4\n3/20/2026,{cells[1]},a,6\n"
    )
    history = read(file(rows))
    assert history.frame["start"].dt.strftime("%H:%M").tolist() == ["09:00", "09:30"]


def test_a_column_interval_is_the_stamp_or_nothing_as_its_cells_show() -> None:
    history = read(file("Interval,Offered\n2026-03-20 09:00,4\n2026-03-20 09:30,6\n"))
    assert history.frame["offered"].tolist() == [4, 6]
    rows = "Start,Interval,Offered\n2026-03-20 09:00,30,4\n2026-03-20 09:30,30,6\n"
    assert read(file(rows)).frame["offered"].tolist() == [4, 6]


def test_dates_beside_an_unknown_column_of_times_are_asked_about() -> None:
    rows = "Date,Halbe Stunde,Offered\n20.03.2026,09:00,4\n20.03.2026,09:30,6\n"
    with pytest.raises(DataError, match=r"columns=\{'time': 'Halbe Stunde'\} if that is it"):
        read(file(rows))
    history = read(file(rows), columns={"time": "Halbe Stunde"})
    assert len(history.frame) == 2


def test_the_first_line_stays_the_headings_where_no_other_knows_more() -> None:
    assert heading_row([["x", "y2"], ["a", "b"]]) == 0
    assert heading_row([["Start", "Calls"], ["date", "time", "queue"]]) == 0
    assert heading_row([["Calls", "of March"], ["Date", "Time", "Calls"], ["1", "2", "3"]]) == 1
    frame = pd.DataFrame({"ds": ["2026-03-20 09:00"], "y": [4]})
    assert len(read(frame).frame) == 1


def test_milliseconds_taken_for_seconds_are_said() -> None:
    rows = "start,offered,Handle\n2026-03-20 09:00,4,800000\n2026-03-20 09:30,6,1200000\n"
    assert "200,000 s. If the file has milliseconds" in str(read(file(rows)).report)


BARE = "".join(
    f"Hotline;{day:02d}.03.2026;{half // 2:02d}:{half % 2 * 30:02d};{half};{200 + half}\n"
    for day in (30, 31)
    for half in range(16, 24)
)
BY_HAND = {
    "queue": "column 1",
    "date": "column 2",
    "time": "column 3",
    "offered": "column 4",
    "aht": "column 5",
}


def test_the_first_row_of_a_file_without_headings_is_not_lost() -> None:
    with pytest.raises(DataError, match="found column 1, column 2, column 3, column 4, column 5"):
        read(file(BARE))
    assert read_headings(file(BARE)) == tuple(BY_HAND.values())
    history = read(file(BARE), columns=BY_HAND)
    assert history.frame["offered"].tolist() == [*range(16, 24)] * 2
    book = openpyxl.Workbook()
    for line in BARE.splitlines():
        queue, day, at, *numbers = line.split(";")
        book.active.append([queue, day, at, *map(int, numbers)])
    opened = io.BytesIO()
    book.save(opened)
    opened.seek(0)
    assert read(opened, columns=BY_HAND).frame.equals(history.frame)


def test_the_first_call_of_records_without_headings_is_counted() -> None:
    calls = "".join(f"c{i};a;2026-03-02 08:{i:02d}:00;{i};60\n" for i in range(30))
    names = {"id": "column 1", "queue": "column 2", "start": "column 3", "wait": "column 4",
             "talk": "column 5"}  # fmt: skip
    history = read_records(file(calls), time_zone="Europe/Berlin", columns=names)
    assert history.frame["offered"].tolist() == [30]


def test_days_across_the_headings_are_no_row() -> None:
    wide = "Uhr;02.03.2026;03.03.2026\n08:00;5;6\n08:30;5;6\n"
    assert read_headings(file(wide)) == ("Uhr", "02.03.2026", "03.03.2026")
