"""People, forecasts and requirements from files; the template."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from wfm.core import tables
from wfm.core.columns import FORECAST, HISTORY, REQUIREMENT, SCHEDULE
from wfm.core.errors import DataError
from wfm.core.people import Break
from wfm.core.types import Forecast
from wfm.io import (
    read_agents,
    read_campaigns,
    read_contracts,
    read_events,
    read_forecast,
    read_frame,
    read_queues,
    read_requirement,
    template,
    write_table,
)
from wfm.io.read.headings import SYNONYMS
from wfm.io.write.template import HELP, example_tables

ZONE = "Europe/Berlin"
READERS = {
    "agents": read_agents,
    "contracts": read_contracts,
    "campaigns": read_campaigns,
    "queues": read_queues,
    "events": read_events,
}
MAKERS = {
    "contracts": tables.contracts_from,
    "campaigns": tables.campaigns_from,
    "queues": tables.queues_from,
    "events": tables.events_from,
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("template") / "template.xlsx")


def test_the_template_can_be_read_as_it_is(filled: Path) -> None:
    examples = example_tables()
    assert read_agents(filled) == tables.agents_from(examples["agents"], examples["absences"])
    for name, make in MAKERS.items():
        more = (examples["shifts"],) if name == "contracts" else ()
        assert READERS[name](filled) == make(examples[name], *more)
    agents = read_agents(filled)
    tables.check_people(agents, read_contracts(filled), read_campaigns(filled), read_queues(filled))
    assert agents[0].absences


def test_kinds_of_shift_and_hours_a_week_come_back_from_the_template(
    filled: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(filled)
    book.save(tmp_path / "saved.xlsx")  # as a spreadsheet saves what was filled in
    full, part = read_contracts(tmp_path / "saved.xlsx")
    assert (full.min_hours_week, full.max_hours_week) == (None, None)
    assert (part.min_hours_week, part.max_hours_week) == (15, 25)
    assert [(k.shift, k.shift_min, k.paid_min) for k in part.shifts] == [
        ("part", 300, 300),
        ("short", 240, 240),
        ("split", 480, 300),
    ]
    assert part.shifts[2].breaks == (Break("gap", 180, 150, 150, False),)
    shifts = read_frame(tmp_path / "saved.xlsx", sheet="shifts")
    assert shifts["contract"].tolist() == ["part", "part"]


def test_the_template_explains_and_guides(filled: Path) -> None:
    book = openpyxl.load_workbook(filled)
    assert book.sheetnames == ["Help", *HELP]
    for name, columns in HELP.items():
        sheet = book[name]
        assert [c.value for c in sheet[1]] == list(columns)
        assert list(columns)[: len(tables.ORDER[name])] == list(tables.ORDER[name])
        assert set(columns) <= {c for held in tables.COLUMNS[name] for c in held}
        assert sheet.max_row >= 3
        assert all(c.comment is not None for c in sheet[1])
        assert sheet.freeze_panes == "B2"
    rules = {v.formula1 for v in book["agents"].data_validations.dataValidation}
    assert "contracts!$A$2:$A$2000" in rules
    explained = {(r[0].value, r[1].value) for r in book["Help"].iter_rows(min_row=6)}
    assert explained == {(s, c) for s, columns in HELP.items() for c in columns}


@pytest.mark.parametrize("name", sorted(READERS))
def test_people_come_back_from_csv(tmp_path: Path, name: str) -> None:
    frame = example_tables()[name]
    write_table(frame, tmp_path / "x.csv")
    write_table(frame, tmp_path / "x.parquet")
    expected = READERS[name](frame)
    assert READERS[name](tmp_path / "x.csv") == expected
    assert READERS[name](tmp_path / "x.parquet") == expected
    with (tmp_path / "x.csv").open("rb") as file:
        assert READERS[name](file) == expected


def test_absences_from_a_file_of_their_own(tmp_path: Path) -> None:
    examples = example_tables()
    write_table(examples["absences"], tmp_path / "away.csv")
    agents = read_agents(examples["agents"], tmp_path / "away.csv")
    assert [len(a.absences) for a in agents] == [1, 1]


def test_a_bad_cell_is_named_by_its_line(tmp_path: Path) -> None:
    text = "agent,contract,skills,cost_per_h\n\na1,full,x,10\na2,full,x,ten\n"
    (tmp_path / "agents.csv").write_text(text)
    with pytest.raises(DataError, match=r"agents: row 4, column 'cost_per_h': 'ten' cannot"):
        read_agents(tmp_path / "agents.csv")


def forecast() -> Forecast:
    start = pd.date_range("2026-10-24 22:00", periods=12, freq="30min", tz=ZONE)
    frame = pd.DataFrame({"start": start, "queue": "=q", "volume": np.arange(12) / 7})
    frame["volume_q10"], frame["volume_q90"], frame["aht_s"] = 0.0, np.pi, np.nan
    frame.loc[3, "aht_s"] = 1 / 3
    return Forecast(frame, pd.Timedelta(minutes=30).to_pytimedelta())


@pytest.mark.parametrize("name", ["f.csv", "f.parquet"])
def test_a_forecast_comes_back_to_the_last_digit(tmp_path: Path, name: str) -> None:
    write_table(forecast(), tmp_path / name)
    again = read_forecast(tmp_path / name)
    pd.testing.assert_frame_equal(again.frame, forecast().frame, check_exact=True)
    assert again.interval == forecast().interval


def test_a_forecast_of_ones_own(tmp_path: Path) -> None:
    text = "ds;y;q10\n02.03.2026 08:00;10,5;8\n02.03.2026 08:30;12,5;9\n"
    (tmp_path / "f.csv").write_text(text)
    found = read_forecast(tmp_path / "f.csv", time_zone=ZONE)
    assert found.frame["volume"].tolist() == [10.5, 12.5]
    assert found.frame["volume_q10"].tolist() == [8, 9]
    assert found.frame["aht_s"].isna().all()
    assert found.queues == ["queue"]


def test_a_doubled_hour_in_wall_clock_time_is_told_apart_by_order() -> None:
    frame = pd.DataFrame({"start": ["2026-10-25 02:00", "2026-10-25 02:30"] * 2, "volume": 1.0})
    start = read_forecast(frame, time_zone=ZONE).frame["start"]
    assert start.diff().dropna().unique() == [pd.Timedelta(minutes=30)]


def test_a_requirement_of_ones_own() -> None:
    stamps = ["2026-03-02 08:00", "2026-03-02 08:30"]
    frame = pd.DataFrame({"start": stamps, "queue": "q", "agents": [9, 10]})
    found = read_requirement(frame, time_zone=ZONE, shrinkage=0.1)
    assert found.frame["scheduled"].tolist() == [10, 12]
    assert read_requirement(frame, time_zone=ZONE).frame["scheduled"].tolist() == [9, 10]
    rostered = frame.rename(columns={"agents": "scheduled"})
    back = read_requirement(rostered, time_zone=ZONE, shrinkage=0.1)
    assert back.frame["agents"].tolist() == [8, 9]


def test_a_requirement_comes_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({"start": pd.date_range("2026-03-02", periods=3, freq="15min", tz=ZONE)})
    frame = frame.assign(queue="q", agents=[1, 2, 3], scheduled=[2, 3, 4], load=0.1, assumed="")
    first = read_requirement(frame)
    write_table(first, tmp_path / "r.csv")
    assert read_requirement(tmp_path / "r.csv").equals(first)


@pytest.mark.parametrize(
    ("frame", "pattern"),
    [
        ({"start": ["2026-03-02 08:00"]}, r"forecast: missing columns volume; found start"),
        ({"start": ["2026-03-02 08:00"], "volume": ["x"]}, r"line 1, column 'volume': 'x' is not"),
        ({"start": ["2026-03-02 08:00"], "volume": [1]}, r"one row only.*interval='30min'"),
        ({"start": ["soon", "2026-03-02 08:00"], "volume": [1, 1]}, r"line 1, .*'soon' is not a"),
        ({"start": ["2026-03-29 02:30"], "volume": [1]}, r"'2026-03-29 02:30' does not exist in"),
        ({"start": [], "volume": []}, r"headings and no rows"),
        ({"start": ["2026-03-02 08:00", "2026-03-02 08:30"], "volume": [1, -1]}, r"at least 0"),
    ],
)  # fmt: skip
def test_a_bad_forecast_is_refused(frame: dict[str, list[object]], pattern: str) -> None:
    with pytest.raises(DataError, match=pattern):
        read_forecast(pd.DataFrame(frame), time_zone=ZONE)


def test_a_bad_requirement_is_refused() -> None:
    frame = pd.DataFrame({"start": pd.date_range("2026-03-02", periods=2, freq="15min")})
    with pytest.raises(DataError, match="missing columns agents or scheduled"):
        read_requirement(frame, time_zone=ZONE)
    with pytest.raises(DataError, match="has no time zone"):
        read_requirement(frame.assign(agents=1))
    with pytest.raises(DataError, match="whole number"):
        read_requirement(frame.assign(agents=1.5, scheduled=2), time_zone=ZONE)
    with pytest.raises(DataError, match="shrinkage is 1"):
        read_requirement(frame.assign(agents=1), time_zone=ZONE, shrinkage=1.0)


def hours(queue: str, *times: str) -> list[tuple[str, str, int]]:
    return [(f"2026-11-23 {time}", queue, 10) for time in times]


@pytest.mark.parametrize(
    ("rows", "pattern"),
    [
        (
            hours("a", "08:00", "09:00", "10:00") + hours("b", "08:00", "08:30", "09:00"),
            "queue 'a' has rows 60 min apart, others are 30 min apart",
        ),
        (
            hours("a", "08:00", "08:30", "08:45", "09:00", "09:30"),
            "queue 'a' has rows 30 min apart, others are 15 min apart",
        ),
        (hours("a", "08:00", "08:30", "09:00", "09:45"), "line 5 begins at 2026-11-23 09:45"),
        (hours("a", "08:07", "08:37"), r"line 2 .* 30-min grid .* \(rows like it: 2\)"),
    ],
)
@pytest.mark.parametrize("kind", ["volume", "agents"])
def test_rows_of_several_lengths_are_not_taken_for_one(
    rows: list[tuple[str, str, int]], pattern: str, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    pd.DataFrame(rows, columns=["start", "queue", kind]).to_csv(path, index=False)
    read = read_forecast if kind == "volume" else read_requirement
    with pytest.raises(DataError, match=pattern):
        read(path, time_zone=ZONE)


def test_hours_that_are_closed_leave_the_interval_plain(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = hours("a", "08:00", "08:30", "09:00", "12:00", "12:30", "18:00", "18:30", "19:30")
    pd.DataFrame(rows, columns=["start", "queue", "volume"]).to_csv(path, index=False)
    assert read_forecast(path, time_zone=ZONE).interval == timedelta(minutes=30)


def autumn(*times: str) -> pd.DataFrame:
    return pd.DataFrame({"start": [f"2026-10-25 {time}" for time in times], "agents": 2})


def test_a_doubled_hour_that_stands_once_is_not_taken_for_closed() -> None:
    with pytest.raises(DataError, match=r"2026-10-25 02:00 comes twice .* 'queue' has it once"):
        read_requirement(autumn("01:30", "02:00", "02:30", "03:00"), time_zone=ZONE)
    both = autumn("01:30", "02:00", "02:30", "02:00", "02:30", "03:00")
    start = read_requirement(both, time_zone=ZONE).frame["start"]
    assert start.diff().dropna().eq(pd.Timedelta("30min")).all()
    cut = read_requirement(autumn("01:00", "01:30", "02:00", "02:30"), time_zone=ZONE)
    assert len(cut.frame) == 4


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"written as \.csv or \.parquet"):
        write_table(pd.DataFrame(), tmp_path / "x.xls")


def test_every_column_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "columns.md").read_text(encoding="utf-8")
    for table in (HISTORY, FORECAST, REQUIREMENT, SCHEDULE):
        for column in table.columns:
            assert f"| `{column.name}` |" in text, column.name
    for name, columns in tables.ORDER.items():
        assert f"## {name.capitalize()}" in text
        for column_name in columns:
            assert f"| `{column_name}` |" in text, column_name


def test_every_synonym_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "columns.md").read_text(encoding="utf-8")
    for names in SYNONYMS.values():
        assert f"| {', '.join(names)} |" in text
