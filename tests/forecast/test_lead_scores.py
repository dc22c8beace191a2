"""Scores by lead and by week, worked out by hand and against the board."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.forecast.backtest import backtest
from wfm.forecast.distribution import LEVELS
from wfm.forecast.lead_scores import lead_scores

HOUR = timedelta(hours=1)


def test_two_weeks_of_one_slot_by_hand():
    actual = np.full((1, 14, 1), 10.0)
    mean = np.concatenate([np.full((1, 7, 1), 11.0), np.full((1, 7, 1), 14.0)], axis=1)
    bands = np.repeat(mean[..., None], len(LEVELS), axis=3)
    day, one, two = lead_scores(actual, mean, bands)
    assert [row["lead"] for row in (day, one, two)] == ["day 1", "week 1", "week 2"]
    assert [row["n"] for row in (day, one, two)] == [1, 7, 7]
    assert (one["wape"], two["wape"]) == (pytest.approx(0.1), pytest.approx(0.4))
    assert two["pinball"] == pytest.approx(0.4)  # of a point forecast: its absolute error
    assert (one["coverage80"], two["day_wape"]) == (0, pytest.approx(0.4))


def test_the_board_tells_leads_weeks_pinball_and_both_bands():
    index = day_grid(date(2025, 1, 6), 182, HOUR, "UTC")
    offered = np.random.default_rng(0).poisson(20, len(index)).astype(float)
    frame = pd.DataFrame({"start": index, "queue": "a", "offered": offered})
    history = History(frame.assign(answered=offered, abandoned=0.0, aht_s=np.nan), HOUR)
    board = backtest(history, horizon="14D", origins=3, models=("auto", "seasonal_naive"))
    row = board.frame.set_index("model")
    assert row.loc["auto", "pinball"] < row.loc["seasonal_naive", "pinball"]
    assert row.loc["auto", "rmsse"] < row.loc["seasonal_naive", "rmsse"]
    assert row.loc["auto", "coverage95"] > row.loc["auto", "coverage80"]
    assert row.loc["auto", "week_wape"] < row.loc["auto", "day_wape"]
    leads = board.by_lead[board.by_lead["model"] == "auto"]
    assert leads["lead"].tolist() == ["day 1", "week 1", "week 2"]
    assert leads["n"].tolist() == [3 * 24, 3 * 7 * 24, 3 * 7 * 24]
    weeks = leads[leads["lead"] != "day 1"]
    assert np.average(weeks["wape"]) == pytest.approx(row.loc["auto", "wape"], rel=0.02)
