"""A published schedule is planned again, repaired, swapped and explained from the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs, people
from wfm.cli import published
from wfm.cli.app import app
from wfm.core import tables
from wfm.core.calendars import Opening
from wfm.planning.by_settings import centre_of
from wfm.planning.changes import shift_days
from wfm.planning.hand_out import write_plan
from wfm.planning.plan import read_inputs, run_plan
from wfm.planning.settings import read_settings


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


PLAN = """
[plan]
time_zone = "Europe/Istanbul"
week_start = "Sun"
[staff]
file = "heads.csv"
[people]
agents = "agents.csv"
contracts = "contracts.csv"
queues = "queues.csv"
[outbound]
campaigns = "campaigns.csv"
[schedule]
first_day = 2027-01-04
seconds = 2
rest_min = 600
band_min = 240
max_days_in_row = 4
meetings = "meetings.csv"
"""


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan with rules, a queue's own skill, a campaign and a meeting, and what it made."""
    path = tmp_path_factory.mktemp("planned")
    crowd = [
        replace(a, skills=frozenset({"talk", "sales"})) for a in people() if a.contract == "full"
    ]
    meeting = wfm.Meeting("weekly", ("a1", "a2"), 30)
    campaign = wfm.Campaign("spring", "sales", Opening.parse("Mon-Sun 09:00-17:00"), 10)
    for name, table in {
        "agents": tables.agents_table(crowd),
        "contracts": tables.contracts_table([CONTRACT]),
        "queues": tables.queues_table([wfm.Queue("voice", "talk")]),
        "campaigns": tables.campaigns_table([campaign]),
        "meetings": tables.meetings_table([meeting]),
        "heads": needs(3).frame,
    }.items():
        wfm.write_table(table, path / f"{name}.csv")
    (path / "plan.toml").write_text(PLAN, encoding="utf-8")
    write_plan(run_plan(path / "plan.toml"), path / "out")
    return path


def ask(folder: Path, command: str, *words: str, status: int = 0) -> str:
    asked = [command, str(folder / "out" / "schedule.json"), *words]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == status, done.output + str(done.exception)
    return done.output if status == 0 else str(done.exception)


def test_a_plan_is_planned_again_swapped_and_explained_by_its_own_rules(planned: Path) -> None:
    plan, out = ("--plan", str(planned / "plan.toml")), planned / "again.json"
    before = wfm.read_schedule(planned / "out" / "schedule.json")
    assert {"meeting", "outbound"} <= set(before.frame["activity"])
    ask(planned, "replan", *plan, "--seconds", "3", "--change-cost", "1000", "--out", str(out))
    again = wfm.read_schedule(out)
    assert not again.violations
    assert shift_days(again)["start"].tolist() == shift_days(before)["start"].tolist()
    given = read_inputs(read_settings(planned / "plan.toml"), planned)
    centre = centre_of(read_settings(planned / "plan.toml"), given.people, given.queues)
    assert wfm.check_schedule(again, given.requirement, **centre) == []
    plain = {**centre, "rules": None}
    assert wfm.check_schedule(before, given.requirement, **plain), "the plan's rules do not matter"
    day = str(shift_days(before)["day"].iloc[0])
    assert "Swap partners" in ask(planned, "swap", *plan, "--agent", "a1", "--on", day)
    assert "Fairness" in ask(planned, "explain", *plan)


def test_a_file_that_is_named_goes_before_the_plans_own(planned: Path) -> None:
    away = planned / "away.csv"
    day = shift_days(wfm.read_schedule(planned / "out" / "schedule.json")).iloc[0]
    away.write_text(f"agent,from,to\n{day['agent']},{day['day']},{day['day']}\n")
    out = planned / "named.json"
    ask(
        planned, "replan", "--plan", str(planned / "plan.toml"), "--absences", str(away),
        "--seconds", "2", "--out", str(out),
    )  # fmt: skip
    now = shift_days(wfm.read_schedule(out))
    assert not ((now["agent"] == day["agent"]) & (now["day"] == day["day"])).any()


def test_what_is_missing_is_asked_for_in_one_sentence(planned: Path) -> None:
    for command, more in (
        ("replan", ()),
        ("explain", ()),
        ("swap", ("--agent", "a1", "--on", "2027-01-04")),
    ):
        assert "Name --plan" in ask(planned, command, *more, status=1)
        plan = planned / "bare.toml"
        plan.write_text(PLAN.replace('meetings = "meetings.csv"', ""), encoding="utf-8")
        told = ask(planned, command, "--plan", str(plan), *more, status=1)
        assert "is in meeting 'weekly' on" in told
        assert "Give all meetings that the schedule was made with" in told
        plan.write_text(PLAN.replace('agents = "agents.csv"', "fit = true"), encoding="utf-8")
        told = ask(planned, command, "--plan", str(plan), *more, status=1)
        assert "Name --agents and --contracts" in told


def test_a_schedule_without_a_plan_is_planned_again_by_the_rules_it_was_made_with(
    folder: Path,
) -> None:
    given = {}
    spied = published.replan_schedule

    def spy(*args: object, **settings: object) -> wfm.Schedule:
        given.update(settings)
        return spied(*args, **settings)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published, "replan_schedule", spy)
        run(
            folder, "replan", "--working-time", "EU", "--week-start", "Sun", "--seconds", "1",
            "--previous", str(folder / "week.json"), "--out", str(folder / "rules.json"),
        )  # fmt: skip
    assert given["rules"] == wfm.schedule_rules(**wfm.working_time_rules("EU"), week_start="Sun")
    assert given["carry_in"].first_day == MONDAY
