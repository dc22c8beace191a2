"""Half days, copied days, days before and after events, and what is listed of the past."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from tests.forecast.test_run import day_of, history_of, with_frame
from wfm.core.calendars import Calendar, Event
from wfm.core.errors import DataError, ForecastError
from wfm.core.tables import events_from, events_table
from wfm.forecast import make
from wfm.forecast.explain import calendar_effects
from wfm.planning.steps import treated_days

FIRST = date(2025, 3, 3)  # of the history; 120 days end on 2025-06-30
AHEAD = date(2025, 7, 2)


def totals(calendar: Calendar | None = None, **more: object) -> pd.Series:
    forecast = make(history_of(**more), horizon="7D", calendar=calendar)  # type: ignore[arg-type]
    return forecast.frame.groupby(day_of(forecast.frame))["volume"].sum()


def test_a_half_day_has_rows_and_contacts_of_its_hours_only():
    half = Calendar(events=[Event("eve", AHEAD, AHEAD, "hours", hours="08:00-13:00")])
    plain = make(history_of(), horizon="7D").frame
    made = make(history_of(), horizon="7D", calendar=half).frame
    mine = made[day_of(made) == pd.Timestamp(AHEAD)]
    assert (mine["start"].dt.hour.min(), mine["start"].dt.hour.max(), len(mine)) == (8, 12, 10)
    same = plain[plain["start"].isin(mine["start"])]
    assert mine["volume"].to_numpy() == pytest.approx(same["volume"].to_numpy())
    other = day_of(plain) != pd.Timestamp(AHEAD)
    pd.testing.assert_frame_equal(
        plain[other].reset_index(drop=True),
        made[day_of(made) != pd.Timestamp(AHEAD)].reset_index(drop=True),
    )


def test_a_day_is_copied_from_the_history_and_changed_by_as_much_as_is_said():
    history = history_of()
    like = date(2025, 5, 7)
    event = Event("as in May", AHEAD, AHEAD, "like", change=0.2, like=like)
    made = make(history, horizon="7D", calendar=Calendar(events=[event])).frame
    then = history.frame[day_of(history.frame) == pd.Timestamp(like)]["offered"].to_numpy()
    mine = made[day_of(made) == pd.Timestamp(AHEAD)]["volume"].to_numpy()
    assert mine == pytest.approx(1.2 * then)


def test_a_day_that_nobody_recorded_cannot_be_copied():
    event = Event("no such", AHEAD, AHEAD, "like", like=date(2024, 1, 1))
    with pytest.raises(ForecastError, match="nothing is recorded on 2024-01-01"):
        make(history_of(), calendar=Calendar(events=[event]))


def test_the_day_after_an_event_has_an_effect_of_its_own_that_is_learned():
    history = history_of(days=364)
    sales = [FIRST + timedelta(days=30 * i + 2) for i in range(12)]
    after = pd.to_datetime([s + timedelta(days=1) for s in sales])
    frame = history.frame.copy()
    frame.loc[day_of(frame).isin(after), "offered"] *= 1.5
    changed = with_frame(history, frame)
    coming = Event("sale", date(2026, 3, 4), date(2026, 3, 4), lag_days=1)
    calendar = Calendar(events=[*(Event("sale", s, s, lag_days=1) for s in sales), coming])
    effects = calendar_effects(changed, calendar).set_index("effect")
    row = effects.loc["sale, day 1 after"]
    assert abs(row["change"] - 0.5) < 3 * row["standard_error"] + 0.05
    told = make(changed, horizon="7D", calendar=calendar).frame
    plain = make(changed, horizon="7D", calendar=Calendar(events=calendar.events[:-1])).frame
    ratio = (
        told.groupby(day_of(told))["volume"].sum() / plain.groupby(day_of(plain))["volume"].sum()
    )
    assert ratio[pd.Timestamp("2026-03-05")] == pytest.approx(1.5, abs=0.12)
    assert ratio[pd.Timestamp("2026-03-07")] == pytest.approx(1.0, abs=0.02)


def test_half_days_of_a_country_are_learned_by_name():
    eve = pd.Timestamp("2025-10-28")
    history = history_of(first=date(2023, 1, 2), days=1060, zone="Europe/Istanbul")
    frame = history.frame.copy()
    half = day_of(frame).isin(pd.to_datetime(["2023-10-28", "2024-10-28", eve]))
    frame.loc[half, "offered"] *= 0.5
    effects = calendar_effects(with_frame(history, frame), Calendar(country="TR"))
    eve_row = effects[effects["effect"].str.startswith("Republic Day (from")].iloc[0]
    assert eve_row["days"] == 3
    assert eve_row["change"] == pytest.approx(-0.5, abs=0.1)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: Event("e", AHEAD, AHEAD, "hours"), "go together"),
        (lambda: Event("e", AHEAD, AHEAD, "learn", like=FIRST), "go together"),
        (lambda: Event("e", AHEAD, AHEAD, "like"), "go together"),
        (lambda: Event("e", AHEAD, AHEAD, lead_days=30), "Give 0 to 14"),
        (lambda: Event("e", AHEAD, FIRST), "Swap the two days"),
        (lambda: Event("e", AHEAD, AHEAD, "hours", hours="morning"), "opening hours"),
    ],
)
def test_an_event_that_cannot_be_is_refused_in_one_sentence(made, words):
    with pytest.raises(DataError, match=words):
        made()


def test_events_survive_their_table():
    events = (
        Event("eve", AHEAD, AHEAD, "hours", 0.1, ("a",), hours="08:00-13:00"),
        Event("copy", AHEAD, AHEAD, "like", like=FIRST),
        Event("sale", AHEAD, AHEAD, lead_days=1, lag_days=2),
    )
    assert events_from(events_table(events)) == events


def test_outliers_lost_days_and_steps_of_the_level_are_all_listed():
    history = history_of(days=200)
    frame = history.frame.copy()
    day = day_of(frame)
    frame.loc[day == pd.Timestamp("2025-04-09"), "offered"] *= 4
    frame.loc[day == pd.Timestamp("2025-04-22"), "offered"] = 0
    frame.loc[day >= pd.Timestamp("2025-07-01"), "offered"] *= 3
    listed = treated_days(with_frame(history, frame)).set_index("day")["what"]
    assert listed[pd.Timestamp("2025-04-09")] == "outlier"
    assert listed[pd.Timestamp("2025-04-22")] == "zero_day"
    shifts = listed[listed == "level_shift"]
    assert len(shifts) == 1
    assert abs(shifts.index[0] - pd.Timestamp("2025-07-01")) <= pd.Timedelta(days=2)


def test_a_history_without_anything_odd_lists_nothing():
    assert np.isin(treated_days(history_of())["what"], ["outlier", "level_shift"]).sum() == 0
