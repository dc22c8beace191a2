"""Whatever the history looks like: a finite forecast that adds up, or one sentence."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.calendars import Calendar
from wfm.core.errors import WfmError
from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.forecast import MODELS, make
from wfm.forecast.explain import WATERFALL, explain
from wfm.forecast.intraday import reforecast
from wfm.forecast.paths import sample_paths

HOUR = timedelta(hours=1)


def queue_of(days: int, size: float, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    index = day_grid(date(2025, 2, 3), days, HOUR, "Europe/Berlin")
    week = np.exp(rng.normal(0, 0.4, 7)) * (rng.random(7) > 0.15)
    mean = size / 24 * week[index.day_of_week] * (0.1 + np.sin(np.pi * index.hour / 24) ** 2)
    offered = rng.poisson(mean).astype(float)
    frame = pd.DataFrame({"start": index, "queue": "a", "offered": offered})
    return frame.assign(answered=np.nan, abandoned=np.nan, aht_s=np.nan)


@settings(max_examples=25, deadline=None)
@given(
    days=st.sampled_from([7, 9, 14, 22, 30, 45, 90]),
    size=st.floats(0.2, 5000),
    seed=st.integers(0, 10_000),
    harm=st.sampled_from(["none", "holes", "gap", "zeros", "spike", "hours"]),
    model=st.sampled_from(["auto", "auto", "auto", *MODELS]),
)
def test_a_forecast_is_finite_and_adds_up_or_is_refused_in_one_sentence(
    days, size, seed, harm, model
):
    frame = queue_of(days, size, seed)
    rng = np.random.default_rng(seed)
    first = int(rng.integers(0, len(frame)))
    last = first + int(rng.integers(1, len(frame)))
    if harm == "holes":
        frame.loc[rng.random(len(frame)) < 0.1, "offered"] = np.nan
    elif harm == "gap":
        frame.loc[first:last, "offered"] = np.nan
    elif harm == "zeros":
        frame.loc[first:last, "offered"] = 0.0
    elif harm == "spike":
        frame.loc[first, "offered"] *= 100
    elif harm == "hours":
        frame = frame[frame["start"].dt.hour.between(8, 17)]
    try:
        made = make(History(frame, HOUR), horizon="8D", model=model, calendar=Calendar("DE"))
    except WfmError as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert len(refused) < 250
        return
    assert np.isfinite(made.frame["volume"]).all()
    assert np.isfinite(made.bands.to_numpy()).all()
    assert (np.diff(made.bands.to_numpy(), axis=1) >= -1e-9).all()
    told = explain(made)
    assert np.allclose(told[WATERFALL].sum(axis=1), told["volume"])
    assert np.isfinite(sample_paths(made, 10).values).all()
    head = made.frame.iloc[: len(made.frame) // 20 + 1]
    later = reforecast(made, head[["start", "queue"]].assign(offered=head["volume"].round()))
    assert np.isfinite(later.frame["volume"]).all()


def test_days_of_which_every_one_is_partly_unknown_still_have_totals():
    """Another hour is lost every day, so no day is known whole."""
    frame = queue_of(60, 500.0, 4)
    whole = make(History(frame, HOUR), horizon="7D").frame["volume"].sum()
    lost = frame["start"].dt.hour == frame["start"].dt.day_of_year % 24
    holes = frame.assign(offered=frame["offered"].where(~lost))
    told = make(History(holes, HOUR), horizon="7D").frame["volume"].sum()
    assert told / whole == pytest.approx(1, abs=0.04)
