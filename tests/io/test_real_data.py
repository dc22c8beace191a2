"""Real call data, where the shared folder is there."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from wfm.io import read_history

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir() and os.environ.get("WFM_REQUIRE_ALL") != "1",
    reason="the shared folder of real data is not beside the project",
)


def test_five_minute_calls_become_half_hours() -> None:
    path = DATA / "bank_calls_5min.parquet"
    history = read_history(path, time_zone="America/New_York", opening="07:00-21:00")
    raw = pd.read_parquet(path)
    late = raw["ds"].dt.hour == 21
    notes = history.report.notes
    assert history.report.contacts == raw.loc[~late, "y"].sum()
    assert notes["value"].astype(float).sum() == raw.loc[late, "y"].sum()
    days = history.frame["start"].dt.normalize()
    assert (history.frame.groupby(days).size() == 28).all()
    known = history.frame["offered"].notna()
    assert days[known].nunique() == 164


def test_ten_queues_keep_their_contacts_and_their_missing_weeks() -> None:
    path = DATA / "assist_halfhour.parquet"
    history = read_history(path, time_zone="Europe/Paris")
    raw = pd.read_parquet(path)
    lost = history.report.notes["row"].to_numpy() - 1
    assert history.report.contacts + raw["y"].iloc[lost].sum() == raw["y"].sum()
    assert history.queues == sorted(raw["unique_id"].unique())
    frame = history.frame[history.frame["queue"] == "medical"]
    gone = frame[frame["start"].dt.strftime("%Y-%m-%d") == "2012-12-30"]
    assert len(gone) == 48
    assert gone["offered"].isna().all()
