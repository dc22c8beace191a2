"""What the documents promise is there."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import wfm
from wfm.core import columns
from wfm.planning.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TABLES = [columns.HISTORY, columns.FORECAST, columns.REQUIREMENT, columns.SCHEDULE]


@pytest.mark.parametrize("name", wfm.__all__)
def test_every_public_name_is_there_and_documented(name):
    thing = getattr(wfm, name)
    assert inspect.getdoc(thing)
    if inspect.isfunction(thing):
        told = inspect.getdoc(thing)
        for parameter in inspect.signature(thing).parameters.values():
            if (
                len(inspect.signature(thing).parameters) > 2
                and parameter.kind != parameter.VAR_KEYWORD
            ):
                assert parameter.name in told, f"{name}: {parameter.name} is not documented"


def test_import_loads_no_solver_and_no_statistics_package():
    heavy = ("statsmodels", "scipy.stats", "ortools", "streamlit", "sqlalchemy")
    code = f"import sys, wfm; print([m for m in {heavy!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("column", sorted({c.name for t in TABLES for c in t.columns}))
def test_every_column_is_in_the_column_guide(column):
    assert f"`{column}`" in (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("section", sorted(Settings.model_fields))
def test_every_setting_is_in_the_column_guide(section):
    text = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    assert f"[{section}]" in text
    for key in Settings.model_fields[section].annotation.model_fields:
        assert f"`{key}`" in text, f"[{section}] {key} has no place in docs/columns.md"


def test_links_between_documents_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "data" / "README.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "docs/quickstart.md"])
def test_the_scripts_of_the_documents_run(page, tmp_path, monkeypatch):
    text = (ROOT / page).read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[-1]
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "demo").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    assert (tmp_path / "schedule.xlsx").stat().st_size > 10_000
