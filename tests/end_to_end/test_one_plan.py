"""One file through Python, the plan folder and the command line: the same numbers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import wfm
from wfm.planning.plan import run_plan

DATA = Path(__file__).resolve().parents[2] / "data"
WFM = [sys.executable, "-m", "wfm.cli"]


def run(*arguments: object, cwd: Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*WFM, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo centre of 12 agents."""
    target = tmp_path_factory.mktemp("plan")
    file = wfm.write_demo(target, agents=12)
    text = file.read_text(encoding="utf-8")
    edits = "from,to,queue,change,author,reason\n2026-11-17,2026-11-17,orders,+20%,Ada,sale\n"
    (target / "edits.csv").write_text(edits, encoding="utf-8")
    own = '[forecast]\nedits = "edits.csv"\n\n[schedule]\nseconds = 6.0\n'
    file.write_text(f"{text}\n{own}", encoding="utf-8")
    return target


def test_sample_data_is_what_the_generator_makes(tmp_path):
    made = wfm.write_demo(tmp_path).parent
    for file in made.iterdir():
        assert file.read_bytes() == (DATA / file.name).read_bytes(), file.name


@pytest.mark.slow
def test_python_the_plan_folder_and_the_command_line_agree(folder):
    queues = wfm.read_queues(folder / "queues.csv")
    calendar = wfm.Calendar(country="TR", opening={q.queue: q.opening for q in queues})
    history = wfm.read_history(
        folder / "history.csv", time_zone="Europe/Istanbul", opening=calendar.opening
    )
    forecast = wfm.make_forecast(history, "42D", calendar=calendar)
    forecast = wfm.apply_edits(
        forecast, [wfm.Edit("2026-11-17", "2026-11-17", "+20%", "orders", "Ada", "sale")]
    )
    targets = {q.queue: wfm.ServiceTarget.parse(q.target or "80/20") for q in queues}
    requirement = wfm.staff(forecast, targets, patience_s=120, queues=queues)
    agents = wfm.read_agents(folder / "agents.csv", absences=folder / "absences.csv")
    contracts = wfm.read_contracts(folder / "contracts.csv")
    campaigns = wfm.read_campaigns(folder / "campaigns.csv")

    plan = run_plan(folder / "plan.toml")
    assert plan.forecast is not None
    assert plan.forecast.equals(forecast)
    assert plan.requirement.equals(requirement)
    broken = wfm.check_schedule(
        plan.schedule,
        requirement,
        agents,
        contracts,
        campaigns=campaigns,
        skills={q.queue: q.skill for q in queues},
    )
    assert broken == []

    run("plan", "plan.toml", cwd=folder)
    written = wfm.read_forecast(folder / "out" / "forecast.csv", time_zone="Europe/Istanbul")
    pd.testing.assert_frame_equal(written.frame, forecast.frame)
    need = wfm.read_requirement(folder / "out" / "requirement.csv", time_zone="Europe/Istanbul")
    pd.testing.assert_frame_equal(need.frame, requirement.frame)
    assert len(list((folder / "out" / "calendars").glob("*.ics"))) >= 10


@pytest.mark.slow
def test_the_demo_is_planned_again_swapped_and_explained_as_the_guide_says(folder):
    run("plan", "plan.toml", cwd=folder)
    made = folder / "out" / "schedule.json"
    first = wfm.read_schedule(made).frame.iloc[0]
    agent, day = first["agent"], first["start"].date()
    plan = ("--plan", folder / "plan.toml")
    told = run("replan", made, *plan, "--sick", f"{agent}:{day}", "--out", "new.json", cwd=folder)
    assert "Planned again: feasible" in told.stdout
    need = folder / "out" / "requirement.csv"
    told = run("swap", made, need, *plan, "--agent", agent, "--on", day, cwd=folder)
    assert "Swap partners" in told.stdout
    assert "Fairness" in run("explain", made, need, *plan, cwd=folder).stdout


@pytest.mark.slow
def test_each_command_feeds_the_next(folder, tmp_path):
    told = run(
        "forecast", folder / "history.csv", "--horizon", "7D", "--time-zone", "Europe/Istanbul",
        "--country", "TR", "--out", "forecast.csv", cwd=tmp_path,
    )  # fmt: skip
    assert "Contacts a day" in told.stdout
    run(
        "staff", "forecast.csv", "--target", "80/20", "--time-zone", "Europe/Istanbul",
        "--out", "requirement.csv", cwd=tmp_path,
    )  # fmt: skip
    run(
        "schedule", "requirement.csv", "--fit", "--seconds", "5", "--time-zone", "Europe/Istanbul",
        "--out", "week.xlsx", cwd=tmp_path,
    )  # fmt: skip
    assert (tmp_path / "week.xlsx").stat().st_size > 10_000
    run(
        "schedule", "requirement.csv", "--fit", "--seconds", "1", "--time-zone", "Europe/Istanbul",
        "--week-start", "Sun", "--out", "week.json", cwd=tmp_path,
    )  # fmt: skip
    made = json.loads((tmp_path / "week.json").read_text())  # no whole week from a Sunday in it
    requirement = pd.read_csv(tmp_path / "requirement.csv")
    assert (made["first_day"], made["days"]) == (requirement["start"].min()[:10], 7)


def test_the_erlang_command_shows_the_least_agents(tmp_path):
    told = run("erlang", "--load", "10", "--model", "erlang_c", cwd=tmp_path).stdout
    row = next(line for line in told.splitlines() if "least" in line)
    assert " 14 " in row


@pytest.mark.parametrize(
    "command",
    [
        "demo", "app", "forecast", "backtest", "staff", "schedule", "plan", "erlang",
        "replan", "swap", "explain",
    ],
)  # fmt: skip
def test_every_command_explains_itself_with_an_example(command, tmp_path):
    told = run(command, "--help", cwd=tmp_path).stdout
    assert "Example: wfm" in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan", "nowhere.toml"], ["nowhere.toml", "no such file"]),
        (["forecast", "nowhere.csv", "--time-zone", "Europe/Istanbul"], ["nowhere.csv"]),
        (["staff", "nowhere.csv"], ["nowhere.csv"]),
        (["erlang", "--load", "-1"], ["load", "-1"]),
        (["erlang", "--load", "10", "--target", "100/20"], ["above 0 and below 1"]),
        (["demo", "d", "--time-zone", "Istanbul", "--no-app"], ["'Istanbul'"]),
    ],
)
def test_bad_input_is_one_sentence_on_standard_error(arguments, words, tmp_path):
    done = run(*arguments, cwd=tmp_path, expect=1)
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == []
