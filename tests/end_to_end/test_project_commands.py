"""Projects from the command line: out, in, and long work as the same jobs as the app's."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from wfm.cli.commands import app
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
