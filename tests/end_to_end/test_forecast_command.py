"""`wfm forecast` over several queues: told, spread over processes, with borrowed shapes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from wfm.cli.app import app
from wfm.core.errors import WfmError
from wfm.core.intervals import day_grid

HOUR = timedelta(hours=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Ten weeks of `old` with 20 contacts an hour, one week of `new` with 4."""
    old = day_grid(date(2026, 1, 5), 70, HOUR, "UTC")
    rows = [pd.DataFrame({"start": old, "queue": "old", "offered": 20})]
    rows.append(pd.DataFrame({"start": old[-7 * 24 :], "queue": "new", "offered": 4}))
    frame = pd.concat(rows).assign(aht_s=240)
    frame["start"] = frame["start"].dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    path = tmp_path / "history.csv"
    frame.to_csv(path, index=False)
    return path


def run(file: Path, *more: str) -> tuple[pd.DataFrame, str]:
    out = file.with_name("forecast.csv")
    given = ["forecast", str(file), "--horizon", "7D", "--interval", "60min", "--time-zone", "UTC"]
    done = CliRunner().invoke(app, [*given, "--out", str(out), *more], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return pd.read_csv(out), done.stderr


def test_a_new_queue_borrows_its_shape_and_processes_change_nothing(file):
    one, _ = run(file, "--borrow", "new=old")
    many, _ = run(file, "--borrow", "new=old", "--jobs", "2")
    pd.testing.assert_frame_equal(one, many)
    means = one.groupby("queue")["volume"].mean()
    assert means["new"] == pytest.approx(4, rel=0.02)
    assert means["old"] == pytest.approx(20, rel=0.02)


def test_the_bar_counts_queues_where_it_is_asked_for_and_is_silent_in_a_pipe(file):
    _, silent = run(file)
    _, told = run(file, "--progress")
    assert "2/2" not in silent
    assert "2/2" in told


@pytest.mark.parametrize("text", ["new", "=old", "new=old:1.2.3"])
def test_a_loan_that_cannot_be_read_is_refused_in_one_sentence(file, text):
    with pytest.raises(WfmError, match=r"^borrow: .* Write "):
        run(file, "--borrow", text)
