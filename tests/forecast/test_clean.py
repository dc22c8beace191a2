"""Gaps, zeros and outliers told apart, and every change listed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from wfm.core.calendars import Calendar, Event
from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.forecast.clean import clean_history

HOUR = timedelta(hours=1)


def history_of(mean: float = 20.0, days: int = 84) -> History:
    index = day_grid(date(2026, 1, 5), days, HOUR, "UTC")
    night = (index.hour < 6).astype(float)
    offered = np.random.default_rng(5).poisson(np.where(night, 0.1, mean)).astype(float)
    frame = pd.DataFrame({"start": index, "queue": "a", "offered": offered})
    return History(frame.assign(answered=np.nan, abandoned=np.nan, aht_s=np.nan), HOUR)


def changed(history: History, mask: np.ndarray, value: float) -> History:
    return History(history.frame.assign(offered=history.frame["offered"].where(~mask, value)), HOUR)


def on(history: History, day: str, first: int = 0, last: int = 24) -> np.ndarray:
    start = history.frame["start"]
    inside = (start.dt.strftime("%Y-%m-%d") == day) & start.dt.hour.between(first, last - 1)
    return inside.to_numpy()


def test_a_clean_history_comes_back_as_it_was():
    history = history_of()
    cleaned, notes = clean_history(history)
    assert notes.empty
    assert cleaned.equals(history)


def test_a_day_of_zeros_on_a_busy_queue_becomes_unknown():
    history = history_of()
    zero = on(history, "2026-02-18")
    cleaned, notes = clean_history(changed(history, zero, 0.0))
    assert notes["what"].tolist() == ["zero_day"]
    assert cleaned.frame["offered"][zero].isna().all()
    assert cleaned.frame["offered"][~zero].notna().all()


def test_hours_of_zeros_on_a_busy_day_become_unknown_and_quiet_nights_stay_zero():
    history = history_of()
    out = on(history, "2026-02-18", 10, 13)
    cleaned, notes = clean_history(changed(history, out, 0.0))
    assert notes["what"].tolist() == ["outage", "part_known"]
    assert notes["slots"].tolist() == [3, 3]
    assert cleaned.frame["offered"][out].isna().all()
    assert cleaned.frame["offered"][~out].notna().all()
    whole = history.frame["offered"][on(history, "2026-02-18")].sum()
    assert abs(notes["after"].iloc[1] / whole - 1) < 0.1


def test_zeros_on_a_quiet_queue_stay_zeros():
    history = history_of(mean=0.4)
    cleaned, notes = clean_history(changed(history, on(history, "2026-02-18"), 0.0))
    assert notes.empty
    assert (cleaned.frame["offered"][on(history, "2026-02-18")] == 0).all()


def test_an_outlier_is_drawn_back_and_listed_but_a_holiday_is_not():
    history = history_of()
    day = on(history, "2026-02-18")
    wild = History(
        history.frame.assign(offered=history.frame["offered"] * np.where(day, 4, 1)), HOUR
    )
    cleaned, notes = clean_history(wild)
    assert notes["what"].tolist() == ["outlier"]
    assert notes["before"].iloc[0] > 2 * notes["after"].iloc[0]
    total = cleaned.frame["offered"][day].sum()
    assert abs(total - notes["after"].iloc[0]) < 1e-6
    event = Event("sale", date(2026, 2, 18), date(2026, 2, 18), "learn")
    assert clean_history(wild, Calendar(events=(event,)))[1].empty


def test_a_step_of_the_level_is_no_outlier():
    history = history_of(days=120)
    late = (history.frame["start"] >= pd.Timestamp("2026-04-01", tz="UTC")).to_numpy()
    stepped = history.frame.assign(offered=history.frame["offered"] * np.where(late, 3, 1))
    notes = clean_history(History(stepped, HOUR))[1]
    assert (notes["what"] != "outlier").all()


def test_an_event_to_exclude_is_kept_out_and_listed():
    history = history_of()
    event = Event("strike", date(2026, 2, 18), date(2026, 2, 19), "exclude")
    cleaned, notes = clean_history(history, Calendar(events=(event,)))
    assert notes["what"].tolist() == ["event", "event"]
    assert cleaned.frame["offered"][on(history, "2026-02-19")].isna().all()


def test_a_gap_is_neither_filled_nor_reported_as_zero():
    history = history_of()
    gap = on(history, "2026-02-18")
    cleaned, notes = clean_history(changed(history, gap, np.nan))
    assert notes.empty
    assert cleaned.frame["offered"][gap].isna().all()
