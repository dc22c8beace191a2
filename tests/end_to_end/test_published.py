"""A published schedule is planned again, repaired, swapped and explained from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs, people
from wfm.cli import published  # noqa: F401 - adds its commands
from wfm.cli.app import app
from wfm.core import tables
from wfm.planning.changes import shift_days


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published")
    crowd = [a for a in people() if a.contract == "full"]
    wfm.write_table(tables.agents_table(crowd), path / "agents.csv")
    wfm.write_table(tables.contracts_table([CONTRACT]), path / "contracts.csv")
    wfm.write_table(needs(3).frame, path / "requirement.csv")
    made = wfm.make_schedule(needs(3), crowd, [CONTRACT], first_day=MONDAY, moves=2)
    wfm.write_schedule(made, path / "week.json")
    locks = wfm.locks_of(made, agents=["a1"])
    wfm.write_table(tables.locks_table(locks), path / "locks.csv")
    return path


def run(folder: Path, *words: str) -> str:
    files = {"agents": "agents.csv", "contracts": "contracts.csv"}
    command, *rest = words
    asked = [command, str(folder / "week.json"), str(folder / "requirement.csv"), *rest]
    for option, name in files.items():
        asked += [f"--{option}", str(folder / name)]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output + str(done.exception)
    return done.output


def test_a_sick_call_is_repaired(folder: Path) -> None:
    table = shift_days(wfm.read_schedule(folder / "week.json"))
    agent, day = table.iloc[0][["agent", "day"]]
    out = folder / "new.json"
    text = run(folder, "replan", "--sick", f"{agent}:{day}", "--out", str(out))
    assert "All [cost units]" in text
    now = shift_days(wfm.read_schedule(out))
    assert not ((now["agent"] == agent) & (now["day"] == day)).any()


def test_planning_again_keeps_the_locks_of_a_file(folder: Path) -> None:
    out = folder / "again.json"
    run(folder, "replan", "--locks", str(folder / "locks.csv"), "--out", str(out))
    before, after = (
        shift_days(wfm.read_schedule(folder / name)) for name in ("week.json", "again.json")
    )
    mine = [t.loc[t["agent"] == "a1", "start"].tolist() for t in (before, after)]
    assert mine[0] == mine[1]


def test_swaps_causes_fairness_and_prices_are_told(folder: Path) -> None:
    day = shift_days(wfm.read_schedule(folder / "week.json"))["day"].iloc[0]
    assert "Swap partners" in run(folder, "swap", "--agent", "a1", "--on", str(day))
    text = run(folder, "explain", "--rules")
    assert "Fairness" in text
    assert "What rules and locks cost" in text
