"""History to matrix and matrix to rows."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.calendars import Opening
from wfm.core.errors import ForecastError
from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.forecast.grid import day_grid_of, future_rows, spread

HOUR = timedelta(hours=1)


def history_of(index: pd.DatetimeIndex, offered: object) -> History:
    frame = pd.DataFrame({"start": index, "queue": "a", "offered": offered})
    return History(frame.assign(answered=np.nan, abandoned=np.nan, aht_s=np.nan), HOUR)


@settings(max_examples=20, deadline=None)
@given(first=st.dates(date(2024, 1, 1), date(2026, 12, 1)), days=st.integers(1, 40))
def test_no_contact_is_lost_or_counted_twice_on_the_way_in(first, days):
    index = day_grid(first, days, HOUR, "Europe/London")
    offered = np.arange(len(index), dtype=float)
    grid = day_grid_of(history_of(index, offered), "a")
    assert grid.totals().sum() == pytest.approx(offered.sum())
    assert grid.rows.sum() == len(index)
    by_day = pd.Series(offered, index).groupby(index.tz_localize(None).normalize()).sum()
    assert np.allclose(grid.totals(), by_day.to_numpy())


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999))
def test_spread_keeps_each_days_total_on_the_rows_it_has(seed):
    rng = np.random.default_rng(seed)
    opened = rng.random((3, 24)) < 0.7
    rows = np.where(opened, 1, 0)
    rows[0, 2] *= 2
    rows[1, 3] = 0
    per_slot = rng.gamma(2.0, 5.0, (3, 24))
    laid = (spread(per_slot, opened, rows) * rows).sum(axis=1)
    assert np.allclose(laid, np.where(opened, per_slot, 0).sum(axis=1))


def test_unknown_zero_and_closed_are_told_apart():
    index = day_grid(date(2026, 6, 1), 2, HOUR, "UTC")[:30]
    offered = np.where(np.arange(30) == 4, np.nan, 0.0)
    grid = day_grid_of(history_of(index, offered), "a")
    assert np.isnan(grid.volume[0, 4])
    assert grid.rows[0, 4] == 1
    assert grid.volume[0, 5] == 0
    assert np.isnan(grid.volume[1, 6])
    assert grid.rows[1, 6] == 0


def test_days_of_which_nothing_is_known_at_the_ends_are_cut():
    index = day_grid(date(2026, 6, 1), 10, HOUR, "UTC")
    offered = np.where((index.day == 1) | (index.day >= 9), np.nan, 1.0)
    grid = day_grid_of(history_of(index, offered), "a")
    assert [str(grid.days[0].date()), str(grid.days[-1].date())] == ["2026-06-02", "2026-06-08"]


def test_the_known_pass_of_a_doubled_hour_stands_for_both():
    index = day_grid(date(2026, 10, 25), 1, HOUR, "Europe/Berlin")
    offered = np.where(np.arange(25) == 3, np.nan, 4.0)
    grid = day_grid_of(history_of(index, offered), "a")
    assert grid.volume[0, 2] == 4.0
    assert grid.rows[0, 2] == 2


def test_opening_is_read_off_the_last_eight_weeks():
    index = day_grid(date(2026, 1, 5), 98, HOUR, "UTC")
    early = index < pd.Timestamp("2026-02-01", tz="UTC")
    keep = (index.hour >= 8) & (index.hour < np.where(early, 20, 18)) & (index.day_of_week < 5)
    grid = day_grid_of(history_of(index[keep], 1.0), "a")
    is_open = grid.open_slots()
    assert is_open[0].nonzero()[0].tolist() == list(range(8, 18))
    assert not is_open[5:].any()


def test_a_lost_hour_has_no_row_and_a_doubled_one_two():
    index = day_grid(date(2026, 1, 5), 14, HOUR, "Europe/Berlin")
    grid = day_grid_of(history_of(index, 1.0), "a")
    spring = future_rows(grid, date(2026, 3, 29), 1, None, np.zeros(1, dtype=bool))
    assert len(spring.start) == 23
    assert spring.rows[0, 2] == 0
    assert spring.opened[0, 2]
    autumn = future_rows(
        grid, date(2026, 10, 25), 1, Opening.parse("24/7"), np.zeros(1, dtype=bool)
    )
    assert len(autumn.start) == 25
    assert autumn.rows[0, 2] == 2


def test_a_queue_without_rows_is_refused():
    index = day_grid(date(2026, 6, 1), 1, HOUR, "UTC")
    with pytest.raises(ForecastError, match="'b': the history has no row"):
        day_grid_of(history_of(index, 1.0), "b")
