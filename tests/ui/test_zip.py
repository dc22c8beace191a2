"""The app, a project's zip and ``wfm plan`` make the same numbers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd

from wfm.planning.bundle import project_zip
from wfm.planning.bundle_in import import_project
from wfm.planning.plan import run_plan


def test_wfm_plan_makes_of_the_zip_what_the_app_made(open_page, store, tmp_path: Path) -> None:
    page = open_page("requirement", "Tiny")
    page.field("number_input", "Shrinkage %").set_value(17.0)
    page.run()
    open_page("forecast", "Tiny").press("Run forecast")
    open_page("requirement", "Tiny")
    data = project_zip(store, "Tiny")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path / "out")
    (file,) = (tmp_path / "out").glob("*/plan.toml")
    made = run_plan(file)
    forecast, requirement = (
        store.load(store.latest("Tiny", kind).id) for kind in ("forecast", "requirement")
    )
    assert made.forecast is not None
    pd.testing.assert_frame_equal(made.forecast.frame, forecast.frame, check_exact=True)
    pd.testing.assert_frame_equal(made.requirement.frame, requirement.frame, check_exact=True)
    assert made.requirement.frame["shrinkage"].eq(0.17).all()
    again = import_project(store, io.BytesIO(data)).name
    open_page("forecast", again).press("Run forecast")
    other = store.load(store.latest(again, "forecast").id)
    pd.testing.assert_frame_equal(other.frame, forecast.frame, check_exact=True)
