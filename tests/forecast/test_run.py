"""Properties of a forecast as a user makes it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.calendars import Calendar, Event
from wfm.core.errors import DataError, ForecastError
from wfm.core.intervals import day_grid
from wfm.core.types import Forecast, History
from wfm.forecast import make
from wfm.forecast.distribution import LEVELS

HALF_HOUR = timedelta(minutes=30)
WEEK = np.array([1.2, 1.0, 1.0, 0.95, 0.9, 0.5, 0.4])


def history_of(
    first: date = date(2025, 3, 3),
    days: int = 120,
    size: float = 800.0,
    zone: str = "Europe/Berlin",
    seed: int = 1,
    hours: tuple[int, int] = (0, 24),
    aht_s: float = 300.0,
    queue: str = "support",
) -> History:
    """Poisson counts around a daily curve and a week, all day unless `hours` say less."""
    index = day_grid(first, days, HALF_HOUR, zone)
    hour = index.hour.to_numpy() + index.minute.to_numpy() / 60
    keep = (hour >= hours[0]) & (hour < hours[1])
    index, hour = index[keep], hour[keep]
    curve = 0.1 + np.exp(-(((hour - 11) / 4) ** 2))
    mean = size * WEEK[index.day_of_week] * curve / 16.5
    offered = np.random.default_rng(seed).poisson(mean).astype(float)
    frame = pd.DataFrame(
        {
            "start": index,
            "queue": queue,
            "offered": offered,
            "answered": offered,
            "abandoned": 0.0,
            "aht_s": np.where(offered > 0, aht_s, np.nan),
        }
    )
    return History(frame, HALF_HOUR)


def with_frame(history: History, frame: pd.DataFrame) -> History:
    return History(frame, history.interval)


def day_of(frame: pd.DataFrame) -> pd.Series:
    return frame["start"].dt.tz_localize(None).dt.normalize()


def totals(forecast: Forecast) -> pd.Series:
    return forecast.frame.groupby(day_of(forecast.frame))["volume"].sum()


def test_a_forecast_follows_the_last_recorded_day_and_has_bands_around_every_row():
    forecast = make(history_of(), horizon="14D")
    frame = forecast.frame
    assert frame["start"].iloc[0] == pd.Timestamp("2025-07-01", tz="Europe/Berlin")
    assert len(frame) == 14 * 48
    assert forecast.model == {"support": "auto"}
    bands = forecast.bands.to_numpy()
    assert list(forecast.bands.columns) == list(LEVELS)
    assert (np.diff(bands, axis=1) >= 0).all()
    assert (bands >= 0).all()
    assert (frame["volume_q10"] == forecast.bands[0.1]).all()
    assert (frame["volume_q90"] == forecast.bands[0.9]).all()
    assert list(forecast.day_bands.columns) == ["day", "queue", "volume", *LEVELS]


def test_the_known_mean_is_recovered():
    forecast = make(history_of(days=200, size=2000), horizon="28D")
    daily = totals(forecast)
    truth = 2000 * WEEK[daily.index.day_of_week] * daily.mean() / (2000 * WEEK.mean())
    assert np.abs(daily / truth - 1).max() < 0.04
    hour = np.arange(48) / 2
    curve = 0.1 + np.exp(-(((hour - 11) / 4) ** 2))
    assert daily.mean() == pytest.approx(2000 * WEEK.mean() * curve.sum() / 16.5, rel=0.02)


@settings(max_examples=6, deadline=None)
@given(days=st.integers(7, 90), size=st.floats(20, 3000), seed=st.integers(0, 99))
def test_day_totals_are_the_sum_of_their_intervals(days, size, seed):
    forecast = make(history_of(days=days, size=size, seed=seed), horizon="7D")
    assert np.allclose(totals(forecast).to_numpy(), forecast.day_bands["volume"].to_numpy())
    assert np.isfinite(forecast.frame["volume"]).all()


def test_a_25_hour_day_has_50_rows_and_the_contacts_of_an_ordinary_one():
    forecast = make(history_of(date(2025, 8, 4), 80), horizon="14D")  # to 22 October
    rows = forecast.frame.groupby(day_of(forecast.frame)).size()
    sundays = totals(forecast)[["2025-10-26", "2025-11-02"]]
    assert rows["2025-10-26"] == 50
    assert rows.drop(pd.Timestamp("2025-10-26")).unique().tolist() == [48]
    assert sundays.iloc[0] == pytest.approx(sundays.iloc[1], rel=0.02)
    doubled = forecast.frame[day_of(forecast.frame) == "2025-10-26"].set_index("start")["volume"]
    at_two = doubled[(doubled.index.hour == 2) & (doubled.index.minute == 0)]
    assert len(at_two) == 2
    assert at_two.iloc[0] == at_two.iloc[1]


def test_a_23_hour_day_has_46_rows_and_the_contacts_of_an_ordinary_one():
    forecast = make(history_of(date(2025, 1, 6), 77), horizon="14D")  # to 23 March
    rows = forecast.frame.groupby(day_of(forecast.frame)).size()
    sundays = totals(forecast)[["2025-03-30", "2025-04-06"]]
    assert rows["2025-03-30"] == 46
    assert sundays.iloc[0] == pytest.approx(sundays.iloc[1], rel=0.02)
    lost = forecast.frame[day_of(forecast.frame) == "2025-03-30"]["start"]
    assert not (lost.dt.hour == 2).any()


def test_closed_intervals_have_no_row():
    history = history_of(hours=(8, 18))
    open_days = history.frame["start"].dt.day_of_week < 5
    forecast = make(with_frame(history, history.frame[open_days]), horizon="14D")
    start = forecast.frame["start"]
    assert len(start) == 10 * 20
    assert start.dt.hour.between(8, 17).all()
    assert (start.dt.day_of_week < 5).all()


def test_opening_hours_of_the_calendar_beat_those_of_the_history():
    calendar = Calendar(opening="Mon-Fri 09:00-12:00")
    forecast = make(history_of(), horizon="7D", calendar=calendar)
    assert len(forecast.frame) == 5 * 6


def test_a_weekday_never_recorded_is_closed_though_the_opening_hours_say_otherwise():
    history = history_of(hours=(7, 21))
    weekend = history.frame["start"].dt.day_of_week >= 5
    frame = history.frame.assign(offered=history.frame["offered"].where(~weekend))
    for calendar in (Calendar(opening="07:00-21:00"), Calendar()):
        made = make(with_frame(history, frame), horizon="14D", calendar=calendar)
        assert sorted(made.frame["start"].dt.day_of_week.unique()) == [0, 1, 2, 3, 4]


def test_an_event_closes_changes_or_is_kept_out():
    history = history_of()
    first = date(2025, 7, 1)
    events = (
        Event("move", first, first, "close"),
        Event("mailing", date(2025, 7, 8), date(2025, 7, 8), "change", change=0.5),
    )
    plain = totals(make(history, horizon="14D"))
    changed = totals(make(history, horizon="14D", calendar=Calendar(events=events)))
    assert len(changed) == 13
    assert changed["2025-07-08"] == pytest.approx(1.5 * plain["2025-07-08"])
    assert changed["2025-07-09"] == pytest.approx(plain["2025-07-09"])


def test_a_learned_event_shows_where_it_comes_again():
    history = history_of(days=150)
    frame = history.frame.copy()
    days = [date(2025, 4, 15), date(2025, 5, 15), date(2025, 6, 16), date(2025, 7, 15)]
    hit = frame["start"].dt.date.isin(days)
    frame.loc[hit, "offered"] *= 1.6
    events = tuple(Event("invoice", d, d, "learn") for d in [*days, date(2025, 8, 6)])
    told = totals(make(with_frame(history, frame), calendar=Calendar(events=events), horizon=14))
    ratio = told["2025-08-06"] / told["2025-08-13"]
    assert 1.35 < ratio < 1.7


def test_a_holiday_is_learned_from_other_holidays():
    history = history_of(date(2024, 1, 1), 500, zone="Europe/Paris")
    calendar = Calendar(country="FR")
    known = calendar.holidays(date(2024, 1, 1), date(2025, 6, 30))
    frame = history.frame.copy()
    hit = frame["start"].dt.date.isin(list(known))
    frame.loc[hit, "offered"] = (frame.loc[hit, "offered"] * 0.3).round()
    made = make(with_frame(history, frame), calendar=calendar, horizon="28D")  # from 15 May 2025
    told = totals(made)
    ascension, week_after = told["2025-05-29"], told["2025-06-05"]
    assert 0.2 < ascension / week_after < 0.45


def test_a_holiday_never_recorded_in_earlier_years_is_closed():
    history = history_of(date(2024, 1, 1), 540, zone="Europe/Paris", size=100)
    frame = history.frame.copy()
    frame = frame[frame["start"].dt.date != date(2024, 7, 14)]
    frame = frame[frame["start"].dt.date != date(2025, 5, 1)]
    made = make(with_frame(history, frame), calendar=Calendar(country="FR"), horizon="28D")
    assert "2025-07-14" not in totals(made).index.strftime("%Y-%m-%d")


def test_twice_the_history_is_twice_the_forecast_within_2_percent():
    history = history_of(days=180, size=1500)
    twice = history.frame.assign(offered=2 * history.frame["offered"])
    one, two = make(history), make(with_frame(history, twice))
    assert np.abs(totals(two) / totals(one) / 2 - 1).max() < 0.02
    large = one.frame["volume"] > 10
    ratio = two.frame["volume"][large] / one.frame["volume"][large]
    assert np.abs(ratio / 2 - 1).max() < 0.02


def test_the_same_input_gives_the_same_answer_and_is_left_as_it_was():
    history = history_of()
    before = history.frame.copy()
    assert make(history, seed=3).equals(make(history, seed=3))
    pd.testing.assert_frame_equal(history.frame, before)


def test_a_missing_week_stays_missing_and_is_not_taken_for_zeros():
    history = history_of(days=150)
    day = day_of(history.frame)
    gap = (day >= "2025-07-07") & (day < "2025-07-14")
    whole = totals(make(history))
    without = totals(make(with_frame(history, history.frame[~gap])))
    frame = history.frame.copy()
    frame.loc[gap, "offered"] = np.nan
    unknown = totals(make(with_frame(history, frame)))
    assert np.abs(unknown / whole - 1).max() < 0.06
    assert np.abs(without / unknown - 1).max() < 1e-9


def test_a_week_of_zeros_on_a_busy_queue_counts_as_lost_data():
    history = history_of(days=150)
    day = day_of(history.frame)
    gap = (day >= "2025-07-07") & (day < "2025-07-14")
    frame = history.frame.assign(offered=history.frame["offered"].where(~gap, 0.0))
    assert np.abs(totals(make(with_frame(history, frame))) / totals(make(history)) - 1).max() < 0.06


@pytest.mark.parametrize("back", [0, 1, 30])
@pytest.mark.parametrize("factor", [0.05, 10.0])
def test_one_wild_day_changes_no_day_of_the_forecast_by_more_than_10_percent(back, factor):
    history = history_of(days=150)
    last = day_of(history.frame).max()
    wild = day_of(history.frame) == last - pd.Timedelta(days=back)
    frame = history.frame.copy()
    frame.loc[wild, "offered"] = (frame.loc[wild, "offered"] * factor).round()
    change = totals(make(with_frame(history, frame))) / totals(make(history)) - 1
    assert np.abs(change).max() < 0.10


def test_a_step_of_the_level_is_followed():
    history = history_of(days=200)
    late = day_of(history.frame) >= day_of(history.frame).max() - pd.Timedelta(days=34)
    frame = history.frame.assign(offered=history.frame["offered"] * np.where(late, 3.0, 1.0))
    ratio = totals(make(with_frame(history, frame))) / totals(make(history))
    assert ratio.min() > 2.0
    assert ratio.max() < 3.3


@pytest.mark.parametrize("factor", [0.05, 30.0])
def test_a_queue_that_is_split_or_merged_stands_at_its_new_level_within_three_weeks(factor):
    history = history_of(days=200, size=1500)
    late = day_of(history.frame) > day_of(history.frame).max() - pd.Timedelta(days=20)
    offered = history.frame["offered"] * np.where(late, factor, 1.0)
    made = make(with_frame(history, history.frame.assign(offered=offered.round())))
    ratio = totals(made) / totals(make(history))
    assert 0.7 < ratio.mean() / factor < 1.4
    wide = made.frame["volume_q90"].sum() / made.frame["volume"].sum()
    assert wide < 4


@pytest.mark.parametrize("days", [7, 10, 14, 20, 28, 45])
def test_a_short_history_gives_a_sane_forecast(days):
    daily = totals(make(history_of(days=days), horizon="7D"))
    truth = totals(make(history_of(days=200), horizon="7D"))
    assert abs(daily.sum() / truth.sum() - 1) < 0.15


def test_queues_are_forecast_one_by_one_and_in_parallel_alike():
    one, two = history_of(days=40), history_of(days=40, seed=2, size=90, queue="billing")
    both = History(pd.concat([one.frame, two.frame]), HALF_HOUR)
    serial, parallel = make(both, horizon="7D"), make(both, horizon="7D", n_jobs=2)
    assert serial.equals(parallel)
    assert serial.queues == ["billing", "support"]
    alone = make(one, horizon="7D").frame
    mine = serial.frame[serial.frame["queue"] == "support"].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, alone)


def test_a_queue_that_ended_earlier_is_forecast_from_the_common_start():
    one, two = history_of(days=60), history_of(days=50, seed=2, queue="billing")
    both = make(History(pd.concat([one.frame, two.frame]), HALF_HOUR), horizon="7D")
    first = both.frame.groupby("queue")["start"].min()
    assert first["billing"] == first["support"]


def test_a_horizon_in_intervals_starts_where_asked():
    history = history_of(days=60)
    start = pd.Timestamp("2025-05-03 10:00", tz="Europe/Berlin")
    forecast = make(history, horizon="30x30min", start=start)
    assert len(forecast.frame) == 30
    assert forecast.frame["start"].iloc[0] == start
    assert forecast.days().shape[0] == 2
    whole = make(history, horizon="2D", start=date(2025, 5, 3)).frame
    pd.testing.assert_series_equal(
        forecast.frame["volume"], whole["volume"][20:50].reset_index(drop=True), rtol=1e-9
    )


def test_handle_time_follows_the_history_and_is_unknown_without_one():
    assert make(history_of(days=30), horizon=7).frame["aht_s"].round(6).unique().tolist() == [300]
    bare = history_of(days=30)
    bare = with_frame(bare, bare.frame.assign(aht_s=np.nan))
    assert make(bare, horizon=7).frame["aht_s"].isna().all()


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"offered": np.nan}, ForecastError, "no volume is known"),
        ({"offered": 0.0}, ForecastError, "every known volume is 0"),
    ],
)
def test_a_history_without_contacts_is_refused_in_one_sentence(change, error, says):
    history = history_of(days=30)
    with pytest.raises(error, match=says):
        make(with_frame(history, history.frame.assign(**change)))


def test_bad_requests_are_refused_in_one_sentence():
    history = history_of(days=30)
    with pytest.raises(ForecastError, match="empty"):
        make(with_frame(history, history.frame.iloc[:0]))
    with pytest.raises(ForecastError, match="holds 1 recorded day; a forecast needs at least 7"):
        make(history_of(days=1))
    with pytest.raises(ForecastError, match="Use one of auto, day_process, day_total, "):
        make(history, model="magic")
    with pytest.raises(DataError, match="horizon"):
        make(history, horizon="soon")
    with pytest.raises(DataError, match="lies within the history"):
        make(history, start="2025-03-10")
    with pytest.raises(DataError, match="is not a day"):
        make(history, start="someday")
