"""No contact is lost or doubled between file and history, in any zone."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wfm.io import read_history

ZONES = (
    "Europe/Istanbul",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Beirut",
    "Pacific/Auckland",
    "UTC",
)
FIRST_DAYS = ("2024-03-28", "2024-04-05", "2024-10-24", "2018-11-02", "2018-02-16", "2024-04-25")


@st.composite
def files(draw: st.DrawFn) -> tuple[str, int, int, pd.DataFrame]:
    """A zone, a wanted interval, and rows at a finer or the same interval over a few days."""
    zone = draw(st.sampled_from(ZONES))
    wanted = draw(st.sampled_from((15, 30)))
    step = draw(st.sampled_from([s for s in (5, 15, 30) if wanted % s == 0]))
    first = pd.Timestamp(draw(st.sampled_from(FIRST_DAYS)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    grid = pd.date_range(first, periods=6 * 24 * 60 // step, freq=f"{step}min", tz="UTC")
    assume(not (zone == "Asia/Kathmandu" and step == 30))
    kept = grid[random.random(len(grid)) < draw(st.sampled_from((0.1, 0.7, 1.0)))]
    kept = kept if len(kept) else grid[:1]
    frame = pd.DataFrame({"ds": kept, "y": random.integers(0, 50, len(kept))})
    frame["queue"] = random.choice(["a", "b"], len(frame))
    return zone, wanted, step, frame


@settings(max_examples=60, deadline=None)
@given(files(), st.integers(0, 2**32 - 1))
def test_rows_in_utc_are_all_there_at_their_instant(
    file: tuple[str, int, int, pd.DataFrame], seed: int
) -> None:
    zone, wanted, step, frame = file
    shuffled = frame.sample(frac=1, random_state=seed)
    history = read_history(shuffled, time_zone=zone, interval=f"{wanted}min", source_interval=step)
    shift = pd.Timedelta(minutes=45 if zone == "Asia/Kathmandu" else 0)
    floored = (frame["ds"] + shift).dt.floor(f"{wanted}min") - shift
    expected = frame.groupby([frame["queue"], floored])["y"].sum()
    found = history.frame[history.frame["offered"] > 0]
    keyed = found.set_index(["queue", found["start"].dt.tz_convert("UTC")])["offered"]
    positive = expected[expected > 0]
    assert len(keyed) == len(positive)
    assert (keyed.to_numpy() == positive.sort_index().to_numpy()).all()
    assert history.report.contacts == frame["y"].sum()
    assert history.report.notes.empty


@settings(max_examples=60, deadline=None)
@given(files(), st.sampled_from(("start", "end")), st.booleans())
def test_wall_clock_rows_are_taken_or_reported(
    file: tuple[str, int, int, pd.DataFrame], stamps: str, once: bool
) -> None:
    zone, wanted, step, frame = file
    wall = frame["ds"].dt.tz_localize(None) if once else frame["ds"].dt.tz_convert(zone)
    local = frame.assign(ds=wall.dt.tz_localize(None) if not once else wall)
    history = read_history(
        local, time_zone=zone, interval=f"{wanted}min", stamps=stamps, source_interval=step
    )
    lost = history.report.notes["row"].to_numpy() - 1
    assert history.report.contacts + local["y"].iloc[lost].sum() == frame["y"].sum()
    if not once and stamps == "start":
        assert len(lost) == 0, "a zone's own clock never shows a lost hour"
