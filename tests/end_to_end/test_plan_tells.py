"""What `wfm plan` says of the file it started from: nothing is left out in silence."""

from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from wfm.cli.app import app

PLAN = """
[plan]
time_zone = "Europe/Istanbul"
[history]
file = "calls.csv"
opening = "09:00-12:00"
bad_rows = "report"
[forecast]
horizon = "7D"
[staff]
aht_s = 200
[people]
fit = true
[schedule]
seconds = 1
"""


def test_rows_that_were_left_out_are_told(tmp_path: Path) -> None:
    start = pd.date_range("2026-10-05", periods=21 * 24, freq="h").to_series()
    start = start[start.dt.hour.between(8, 11)]
    calls = pd.DataFrame({"start": start.dt.strftime("%Y-%m-%d %H:%M"), "offered": "6"})
    calls.iloc[5, 1] = "six"
    calls.to_csv(tmp_path / "calls.csv", index=False)
    text = PLAN.replace("[history]", 'interval = "60min"\n[history]')
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["plan", str(tmp_path / "plan.toml")])
    assert done.exit_code == 0, done.output
    assert "1 x not a number, first line 7: volume unknown." in done.stderr
    assert "21 x outside the opening hours, first line 2: contacts not taken." in done.stderr
    assert "history      372 contacts" in done.stdout


def test_what_a_file_leaves_open_is_asked_for_as_plan_toml_has_it(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("start;offered\n2026-10-05 09:00;1.234\n", encoding="utf-8")
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    done = CliRunner().invoke(app, ["plan", str(tmp_path / "plan.toml")])
    assert done.exit_code == 1
    assert 'decimal = "," in [history]' in str(done.exception)


def test_the_span_told_is_that_of_all_queues(tmp_path: Path) -> None:
    start = pd.date_range("2026-10-05", periods=21 * 24, freq="h").to_series()
    start = start[start.dt.hour.between(9, 11)].dt.strftime("%Y-%m-%d %H:%M")
    late = pd.DataFrame({"start": start.iloc[21:], "queue": "a", "offered": 6})
    early = pd.DataFrame({"start": start, "queue": "b", "offered": 6})
    pd.concat([late, early]).to_csv(tmp_path / "calls.csv", index=False)
    text = PLAN.replace("[history]", 'interval = "60min"\n[history]')
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["plan", str(tmp_path / "plan.toml")])
    assert done.exit_code == 0, done.output
    assert "630 contacts, 05 Oct 2026 to 25 Oct 2026" in done.stdout
