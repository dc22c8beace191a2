"""Real call data, where the shared folder is there."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pandas as pd
import pytest

from wfm.io import read_history, read_records

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


def test_two_queues_written_as_planners_have_them_are_the_same() -> None:
    raw = pd.read_parquet(DATA / "assist_halfhour.parquet")
    raw = raw[raw["unique_id"].isin(["medical", "telephonie"])]
    wanted = read_history(raw, time_zone="Europe/Paris")
    written = pd.DataFrame({
        "Datum": raw["ds"].dt.strftime("%d.%m.%Y"), "Uhrzeit": raw["ds"].dt.strftime("%H:%M"),
        "Warteschlange": raw["unique_id"], "Anrufe": raw["y"].map("{:.1f}".format),
    })  # fmt: skip
    written["Anrufe"] = written["Anrufe"].str.replace(".", ",")
    numbers = {"date": "column 1", "time": "column 2", "queue": "column 3", "offered": "column 4"}
    for encoding, heading in (("utf-16", True), ("cp1254", True), ("utf-8-sig", False)):
        text = written.to_csv(sep=";", index=False, header=heading)
        columns = None if heading else numbers
        found = read_history(
            io.BytesIO(text.encode(encoding)), time_zone="Europe/Paris", columns=columns
        )
        assert found.frame.equals(wanted.frame), (encoding, heading)
    mixed = read_history(raw.sample(frac=1, random_state=1), time_zone="Europe/Paris")
    assert mixed.frame.equals(wanted.frame)


def test_calls_one_by_one_are_the_calls_of_their_intervals() -> None:
    raw = pd.read_parquet(DATA / "bank_calls_5min.parquet").iloc[:3_000]
    each = raw.loc[raw.index.repeat(raw["y"])]
    calls = pd.DataFrame({"queue": "bank", "arrived": each["ds"], "wait": 3, "talk": 60})
    how = {"time_zone": "America/New_York", "opening": "07:00-21:00"}
    counted = read_records(calls, **how)
    wanted = read_history(raw, **how)
    assert len(calls) > 200_000
    both = wanted.frame.merge(counted.frame, on=["start", "queue"], how="outer").fillna(0)
    assert both["offered_x"].tolist() == both["offered_y"].tolist()
