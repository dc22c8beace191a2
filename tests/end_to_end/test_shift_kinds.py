"""Kinds of shift from a file to a schedule, its locks, and planning it again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs, people
from wfm.cli import published  # noqa: F401 - adds its commands
from wfm.cli.app import app
from wfm.core import tables
from wfm.planning.changes import shift_days

SHORT = wfm.ShiftKind("short", 240, 240, 7 * 60, 18 * 60, 30)
MIXED = replace(CONTRACT, more_shifts=(SHORT,), min_hours_week=8, max_hours_week=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kinds")
    crowd = [a for a in people() if a.contract == "full"]
    wfm.write_table(tables.agents_table(crowd), path / "agents.csv")
    wfm.write_table(tables.contracts_table([MIXED]), path / "contracts.csv")
    wfm.write_table(tables.shifts_table([MIXED]), path / "shifts.csv")
    wfm.write_table(needs(2).frame, path / "requirement.csv")
    return path


def run(folder: Path, *words: str) -> str:
    asked = list(words)
    for name in ("agents", "contracts", "shifts"):
        asked += [f"--{name}", str(folder / f"{name}.csv")]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output + str(done.exception)
    return done.output


def test_files_with_kinds_of_shift_become_a_schedule_that_is_locked_and_planned_again(
    folder: Path,
) -> None:
    requirement, week = folder / "requirement.csv", folder / "week.json"
    run(folder, "schedule", str(requirement), "--seconds", "3", "--out", str(week))
    made = wfm.read_schedule(week)
    assert made.totals["paid_h"].between(8, 30).all()
    long = shift_days(made)
    hours = set((long["end"] - long["start"]).dt.total_seconds() / 3600)
    assert hours <= {4.0, CONTRACT.shift_min / 60}
    asked = {"requirement": needs(2), "agents": wfm.read_agents(folder / "agents.csv")}
    asked["contracts"] = wfm.read_contracts(folder / "contracts.csv", folder / "shifts.csv")
    assert asked["contracts"] == (MIXED,)
    assert wfm.check_schedule(made, **asked) == []

    locks = wfm.locks_of(made, contracts=[MIXED])
    named = {lock.shift for lock in locks if lock.start_min is not None}
    assert named <= {"full", "short"}
    assert named
    wfm.write_table(tables.locks_table(locks), folder / "locks.csv")
    again = folder / "again.json"
    run(
        folder, "replan", str(week), str(requirement),
        "--locks", str(folder / "locks.csv"), "--out", str(again),
    )  # fmt: skip
    columns = ["agent", "start", "end"]
    assert shift_days(wfm.read_schedule(again))[columns].equals(long[columns])
    assert made.first_day == MONDAY
