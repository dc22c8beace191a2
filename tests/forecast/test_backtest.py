"""The board: origins, scores worked out again, short histories."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.calendars import Calendar, Event
from wfm.core.errors import ForecastError
from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.forecast.backtest import backtest, origins_of

HOUR = timedelta(hours=1)


def history_of(days: int = 182, queue: str = "a", seed: int = 3) -> History:
    index = day_grid(date(2025, 1, 6), days, HOUR, "UTC")
    mean = 20 * np.array([1.2, 1, 1, 1, 1, 0.5, 0.4])[index.day_of_week]
    offered = np.random.default_rng(seed).poisson(mean).astype(float)
    frame = pd.DataFrame({"start": index, "queue": queue, "offered": offered})
    return History(frame.assign(answered=offered, abandoned=0.0, aht_s=np.nan), HOUR)


def test_origins_are_evenly_spaced_and_the_last_ends_with_the_history():
    assert origins_of(727, 8, 120, 28)[0] == 120
    assert origins_of(727, 8, 120, 28)[-1] == 727 - 28
    assert origins_of(40, 8, 20, 20) == [20]


def test_scores_are_those_of_the_errors_beside_them():
    history = history_of()
    board = backtest(history, horizon="14D", origins=3, models=("auto", "seasonal_mean"))
    assert list(board.frame["model"]) == ["auto", "seasonal_mean"]
    for row in board.frame.itertuples():
        mine = board.errors[board.errors["model"] == row.model]
        assert len(mine) == 3 * 14
        error = (mine["forecast"] - mine["actual"]).abs().sum() / mine["actual"].sum()
        assert row.day_wape == pytest.approx(error)
        inside = (mine["actual"] >= np.floor(mine["low"])) & (
            mine["actual"] <= np.ceil(mine["high"])
        )
        assert row.day_coverage80 == pytest.approx(inside.mean())
        assert row.n == 3 * 14 * 24
        assert 0.6 < row.coverage80 < 0.95
        assert abs(row.bias) < 0.05
    real = history.frame.groupby(history.frame["start"].dt.tz_localize(None).dt.normalize())
    last = board.errors.iloc[-1]
    assert last["actual"] == real["offered"].sum()[last["day"]]


def test_the_seasonal_mean_is_scored_as_by_hand():
    history = history_of(84)
    board = backtest(history, horizon="7D", origins=1, models=("seasonal_mean",), min_days=77)
    volume = history.frame["offered"].to_numpy().reshape(84, 24)
    expected = np.stack([volume[d:77:7][-8:].mean(axis=0) for d in range(7)])
    error = np.abs(volume[77:] - expected).sum() / volume[77:].sum()
    assert board.frame["wape"].iloc[0] == pytest.approx(error)


def test_each_queue_has_its_rows_in_one_process_or_two():
    both = History(
        pd.concat([history_of(70).frame, history_of(70, "b", 4).frame], ignore_index=True), HOUR
    )
    seen = []
    board = backtest(both, horizon="7D", origins=2, progress=lambda d, n: seen.append((d, n)))
    again = backtest(both, horizon="7D", origins=2, n_jobs=2)
    pd.testing.assert_frame_equal(
        board.frame.drop(columns="seconds"), again.frame.drop(columns="seconds")
    )
    pd.testing.assert_frame_equal(board.errors, again.errors)
    assert seen[0] == (0, 12)
    assert seen[-1] == (12, 12)
    assert seen == sorted(seen)
    assert board.best("b") in board.frame["model"].tolist()


def test_days_kept_out_are_not_scored():
    event = Event("strike", date(2025, 6, 30), date(2025, 7, 1), "exclude")
    plain = backtest(history_of(), origins=1, models=("seasonal_mean",))
    told = backtest(
        history_of(), origins=1, models=("seasonal_mean",), calendar=Calendar(events=(event,))
    )
    assert plain.frame["n"].iloc[0] - told.frame["n"].iloc[0] == 48


def test_a_short_history_is_tested_on_what_it_has_and_a_shorter_one_refused():
    assert backtest(history_of(42), horizon="14D", origins=4).frame["n"].iloc[0] > 0
    with pytest.raises(ForecastError, match="too few to test a horizon of 28 days"):
        backtest(history_of(30))
    with pytest.raises(ForecastError, match="not known"):
        backtest(history_of(60), models=("nothing",))
