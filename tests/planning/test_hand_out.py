"""What a plan hands out: nothing of an earlier run stays, and nothing it reads is overwritten."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from wfm.core.errors import DataError
from wfm.planning.hand_out import output_folder, write_demo, write_plan
from wfm.planning.plan import run_plan

OWN = """
[plan]
time_zone = "Europe/Istanbul"
[staff]
file = "heads.csv"
[people]
agents = "agents.csv"
contracts = "contracts.csv"
[schedule]
seconds = 1
"""


def plan_folder(folder: Path) -> Path:
    start = pd.date_range("2026-11-23 08:00", periods=20, freq="30min")
    heads = pd.DataFrame({"start": start, "queue": "a", "agents": 2})
    heads.to_csv(folder / "heads.csv", index=False)
    (folder / "contracts.csv").write_text("contract,shift_min,max_days_week\nc,480,5\n")
    agents(folder, "ada", "bob")
    file = folder / "plan.toml"
    file.write_text(OWN, encoding="utf-8")
    return file


def agents(folder: Path, *names: str) -> None:
    rows = "".join(f"{name},c,a\n" for name in names)
    (folder / "agents.csv").write_text(f"agent,contract,skills\n{rows}")


def test_the_workbook_says_why_and_what_more_agents_would_bring(tmp_path: Path) -> None:
    file, out = plan_folder(tmp_path), tmp_path / "out"
    text = OWN.replace('[staff]\nfile = "heads.csv"', '[forecast]\nfile = "calls.csv"')
    file.write_text(text, encoding="utf-8")
    start = pd.date_range("2026-11-23 08:00", periods=20, freq="30min")
    calls = pd.DataFrame({"start": start, "queue": "a", "volume": range(20), "aht_s": 300})
    calls.to_csv(tmp_path / "calls.csv", index=False)
    plan = run_plan(file)
    write_plan(plan, out)
    book = load_workbook(out / "schedule.xlsx")
    assert {"Cost per contact", "Fairness", "One more agent"} <= set(book.sheetnames)
    why = pd.DataFrame(list(book["Why by interval"].values)[1:], columns=None)
    np.testing.assert_allclose(
        why.iloc[:, 3:-1].astype(float).sum(axis=1), why.iloc[:, -1].astype(float), atol=1e-9
    )
    assert why.iloc[:, -1].tolist() == plan.requirement.frame["scheduled"].tolist()
    head, *rows = book["More or fewer"].values
    around = pd.DataFrame(rows, columns=head)
    assert len(around) == 20
    for change, column in ((-1, "sl_minus_1"), (0, "service_level"), (1, "sl_plus_1")):
        mine = around[f"Service level {change:+d}"].astype(float).fillna(0.0)
        np.testing.assert_allclose(mine[1:], plan.requirement.frame[column][1:])


def test_who_left_has_no_calendar_of_an_earlier_run(tmp_path: Path) -> None:
    file, out = plan_folder(tmp_path), tmp_path / "out"
    write_plan(run_plan(file), out)
    (out / "calendars" / "holidays.ics").write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:mine\r\n")
    assert (out / "calendars" / "bob.ics").exists()
    agents(tmp_path, "ada")
    write_plan(run_plan(file), out)
    assert sorted(p.name for p in (out / "calendars").iterdir()) == ["ada.ics", "holidays.ics"]


@pytest.mark.parametrize(
    ("section", "key", "name"),
    [
        ("forecast", "file", "forecast.csv"),
        ("staff", "file", "requirement.csv"),
        ("history", "file", "./requirement.csv"),
    ],
)
def test_a_plan_does_not_overwrite_what_it_reads(
    section: str, key: str, name: str, tmp_path: Path
) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(f'[{section}]\n{key} = "{name}"\n[output]\nfolder = "."\n', encoding="utf-8")
    with pytest.raises(DataError, match=rf"\[{section}\] {key}: {name} would be overwritten"):
        output_folder(file)
    assert output_folder(file, tmp_path / "elsewhere") == tmp_path / "elsewhere"


def test_people_of_ones_own_may_lie_beside_the_output(tmp_path: Path) -> None:
    file = plan_folder(tmp_path)
    file.write_text(OWN + '[output]\nfolder = "."\n', encoding="utf-8")
    assert output_folder(file) == tmp_path
    file.write_text(file.read_text().replace("[people]", "[people]\nfit = true"), encoding="utf-8")
    with pytest.raises(DataError, match=r"agents\.csv would be overwritten"):
        output_folder(file)


def test_a_file_in_place_of_the_folder_is_named_before_anything_runs(tmp_path: Path) -> None:
    file, taken = plan_folder(tmp_path), tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(DataError, match="taken: it is a file"):
        output_folder(file, taken)
    with pytest.raises(DataError, match="taken was not saved"):
        write_demo(taken)
    assert taken.read_text() == "mine"
