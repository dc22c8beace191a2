"""Projects from the command line: out, in, and long work as the same jobs as the app's."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from wfm.cli.app import app
from wfm.core.errors import WfmError
from wfm.planning.bundle import project_zip
from wfm.planning.settings import Settings
from wfm.store import Store, open_store

HEAD = "start,queue,offered\n"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("WFM_DATABASE", str(tmp_path / "plans.db"))
    store = open_store()
    settings = Settings()
    settings.plan.time_zone = "Europe/Istanbul"
    store.create_project("Istanbul", settings.model_dump(mode="json"))
    return store


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["project", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def calls(folder: Path, day: str, *volumes: int) -> Path:
    start = pd.date_range(f"{day} 09:00", periods=len(volumes), freq="30min")
    rows = [f"{s:%Y-%m-%d %H:%M},calls,{v}" for s, v in zip(start, volumes, strict=True)]
    file = folder / f"calls-{day}.csv"
    file.write_text(HEAD + "\n".join(rows))
    return file


def test_a_project_goes_out_and_comes_in(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "istanbul.zip"
    assert "istanbul.zip" in run("export", "Istanbul", "--out", str(file))
    assert file.read_bytes() == project_zip(store, "Istanbul")
    assert "Copy" in run("import", str(file), "--name", "Copy")
    assert store.settings("Copy") == store.settings("Istanbul")
    assert "Copy" in run("list")


def test_a_history_is_joined_by_a_job(store: Store, tmp_path: Path) -> None:
    assert "history 1 saved" in run("history", "Istanbul", str(calls(tmp_path, "2026-03-02", 4, 5)))
    run("history", "Istanbul", str(calls(tmp_path, "2026-03-03", 6, 7)))
    run("history", "Istanbul", str(calls(tmp_path, "2026-03-03", 6, 8)))
    latest = store.latest("Istanbul", "history")
    assert latest is not None
    assert store.load(latest.id).frame["offered"].sum() == 23
    assert [job.status for job in store.jobs("Istanbul", kind="import")] == ["done"] * 3
    assert "import" in run("jobs", "Istanbul")


def test_a_file_that_cannot_be_read_keeps_nothing(store: Store, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("start,queue,offered\nsoon,calls,1\n")
    with pytest.raises(WfmError, match="line 2, column 'start': 'soon' is not a date and time"):
        run("history", "Istanbul", str(bad))
    assert store.latest("Istanbul", "history") is None


def test_columns_chosen_by_hand_are_remembered_for_files_like_it(
    store: Store, tmp_path: Path
) -> None:
    file = calls(tmp_path, "2026-03-02", 4, 5)
    file.write_text(file.read_text().replace("offered", "Toplam"))
    with pytest.raises(WfmError, match="missing columns offered"):
        run("history", "Istanbul", str(file))
    with pytest.raises(WfmError, match="there is no column 'Gesamt'"):
        run("history", "Istanbul", str(file), "--column", "offered=Gesamt")
    run("history", "Istanbul", str(file), "--column", "offered=Toplam")
    run("history", "Istanbul", str(calls(tmp_path, "2026-03-03", 6)))
    file.write_text(file.read_text().replace("03-02", "03-04"))
    run("history", "Istanbul", str(file))
    latest = store.latest("Istanbul", "history")
    assert latest is not None
    assert store.load(latest.id).frame["offered"].sum() == 24
    assert len(store.table("Istanbul", "column_mappings")) == 1


def test_a_forecast_takes_columns_by_hand(tmp_path: Path) -> None:
    start = pd.date_range("2026-01-05", periods=28 * 48, freq="30min")
    rows = "".join(f"{s:%Y-%m-%d %H:%M},{20 + i % 7}\n" for i, s in enumerate(start))
    (tmp_path / "calls.csv").write_text("Gün,Toplam\n" + rows)
    words = ["forecast", str(tmp_path / "calls.csv"), "--horizon", "7D", "--model", "seasonal_mean"]
    words += ["--time-zone", "Europe/Istanbul", "--interval", "30min"]
    words += ["--column", "start=Gün", "--column", "offered=Toplam"]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    with pytest.raises(WfmError, match="write meaning=heading"):
        CliRunner().invoke(app, [*words[:-1], "Toplam"], catch_exceptions=False)


def test_the_command_line_works_under_the_name_of_the_environment(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WFM_USER", "Ayşe")
    run("history", "Istanbul", str(calls(tmp_path, "2026-03-02", 5, 7)))
    run("export", "Istanbul", "--out", str(tmp_path / "istanbul.zip"))
    run("import", str(tmp_path / "istanbul.zip"), "--name", "Copy")
    assert [job.author for job in store.jobs("Istanbul")] == ["Ayşe"]
    assert store.changes("Istanbul")["author"].iloc[0] == "Ayşe", "the worker's save"
    assert set(store.changes("Copy")["author"]) == {"Ayşe"}


def test_the_command_line_asks_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("start,queue,Q17\n2026-03-02 09:00,a,3\n")
    words = [sys.executable, "-m", "wfm.cli", "forecast", str(tmp_path / "a.csv")]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert '--column "offered=Q17"' in told.stderr
    assert "columns={" not in told.stderr


def test_a_project_keeps_how_its_files_are_written(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "start;queue;offered\n03.02.2026 08:00;a;1.234\n03.02.2026 08:30;a;1.300\n", "utf-8"
    )
    with pytest.raises(WfmError, match="can be read two ways"):
        run("history", "Istanbul", str(file))
    run("history", "Istanbul", str(file), "--reading", "decimal=,")
    assert store.settings("Istanbul")["history"]["decimal"] == ","
    latest = store.latest("Istanbul", "history")
    assert store.load(latest.id).frame["offered"].sum() == 2534
    with pytest.raises(WfmError, match="is not known"):
        run("history", "Istanbul", str(file), "--reading", "decimals=,")
