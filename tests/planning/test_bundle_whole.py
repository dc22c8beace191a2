"""Nothing of a project stays behind: every setting and every table is in its zip and comes back."""

from __future__ import annotations

import io as streams
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from wfm.core.tables import COLUMNS
from wfm.core.types import SL_VARIANTS
from wfm.planning.bundle import project_zip
from wfm.planning.bundle_folder import FILES
from wfm.planning.bundle_in import import_project
from wfm.planning.mappings import TABLE as MAPPINGS
from wfm.planning.settings import Settings
from wfm.planning.taken import NOTES
from wfm.store import Store, open_store

TABLES = sorted({*COLUMNS, *FILES, MAPPINGS, NOTES})
OTHER: list[Any] = [
    *SL_VARIANTS,
    True, 3, 17, 0.25, 12.5, 900.0, "Asia/Tbilisi", "15min", "TR", "ASA 30", "end",
    "call", "report", ",", "DMY", "min", "cp1254", "14D", "erlang_c", "day", "carried", "auto",
    "Mon-Fri 08:00-18:00", "steady", date(2026, 3, 2), "GEL", ["calls, new", "mail"],
    {"offered": "Sayı = \"x\""}, "Ölçü 'a'", "Sat", "no_short", 0.75, "22:30",
]  # fmt: skip
NAMED = {"previous", "fit", *(key for _, key in FILES.values())}  # files of the zip itself


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "plans.db")


def all_other() -> Settings:
    """Settings of which each has another value than a new project's."""
    found = Settings()
    for section in Settings.model_fields:
        part = getattr(found, section)
        for name in type(part).model_fields:
            if name in NAMED or name == "file":
                continue
            usual = getattr(part, name)
            for value in OTHER:
                try:
                    setattr(part, name, value)
                except ValueError:
                    continue
                if getattr(part, name) != usual:
                    break
            assert getattr(part, name) != usual, f"{section}.{name}: add another value to OTHER"
    return found


def again(store: Store, project: int) -> int:
    return import_project(store, streams.BytesIO(project_zip(store, project))).id


def test_every_setting_comes_back(store: Store) -> None:
    chosen = all_other().model_dump(mode="json")
    one = store.create_project("one", chosen).id
    assert store.settings(again(store, one)) == chosen


CELLS = {
    "text": some.text(
        some.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")),
        max_size=8,
    ),
    "maybe": some.one_of(some.none(), some.sampled_from(["=1+1", "007", "2026-03-02", "1e5", "-"])),
    "number": some.one_of(
        some.just(float("nan")), some.floats(-1e9, 1e9, allow_subnormal=False).map(float)
    ),
    "whole": some.integers(-(10**6), 10**6),
    "yes": some.booleans(),
}


@settings(max_examples=30, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=some.data(), table=some.sampled_from(TABLES))
def test_every_table_comes_back_whatever_its_cells_are(store: Store, data: Any, table: str) -> None:
    columns = [*(c for part in COLUMNS.get(table, ((), ())) for c in part)] or ["a", "b c", "d"]
    rows = data.draw(some.integers(1, 4))
    frame = pd.DataFrame(
        {
            name: data.draw(some.lists(CELLS[kind], min_size=rows, max_size=rows))
            for name in columns
            for kind in [data.draw(some.sampled_from(sorted(CELLS)))]
        }
    )
    one = store.create_project(f"p{len(store.projects())}", Settings().model_dump(mode="json")).id
    store.save_table(one, table, frame)
    other = again(store, one)
    assert store.tables(other) == [table]
    kept = store.table(one, table)
    pd.testing.assert_frame_equal(store.table(other, table), kept, check_exact=True)
