"""The generator's known truth, long and short horizons, and requests that cannot be met."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

import wfm
from wfm.core.calendars import Calendar, Event
from wfm.core.errors import DataError, ForecastError
from wfm.core.types import History
from wfm.forecast import make
from wfm.planning.demo import COUNTRY, WEEKDAY, demo_history

CALENDAR = Calendar(country=COUNTRY)


@pytest.fixture(scope="module")
def history() -> History:
    return demo_history()


def day_of(frame: pd.DataFrame) -> pd.Series:
    return frame["start"].dt.tz_localize(None).dt.normalize()


def cut(history: History, last: int) -> tuple[History, pd.DataFrame]:
    """All but the last days, and these."""
    edge = day_of(history.frame).max() - pd.Timedelta(days=last - 1)
    early = day_of(history.frame) < edge
    return History(history.frame[early], history.interval), history.frame[~early]


def test_the_known_level_is_recovered_within_its_error(history):
    """Day noise of 7.5 % with a memory of 0.6: a mean of 28 days strays by 2.8 %.

    So does the level that a forecast starts from: one forecast strays by 4 %, the mean of fifteen
    (three queues, five origins) by 1 %.
    """
    ratios = []
    for back in (28, 84, 140, 224, 308):
        past, came = cut(history, back)
        made = make(past, calendar=CALENDAR)
        told = made.frame.groupby("queue")["volume"].sum()
        ahead = day_of(came) <= day_of(made.frame).max()
        ratios.append((told / came[ahead].groupby("queue")["offered"].sum()).to_numpy())
    assert np.mean(ratios) == pytest.approx(1, abs=0.03)
    assert np.abs(np.array(ratios) - 1).mean() < 0.05


def test_the_known_weekdays_and_holidays_are_recovered_within_their_error(history):
    whole = make(history, calendar=CALENDAR)
    support = whole.frame[whole.frame["queue"] == "support"]
    total = support.groupby(day_of(support))["volume"].sum()
    known = CALENDAR.holidays(date(2026, 1, 1), date(2027, 12, 31))
    plain = total[~np.isin(total.index.date, list(known))]
    by_weekday = plain.groupby(plain.index.day_of_week).mean()
    truth = pd.Series(WEEKDAY)
    assert np.abs(by_weekday / by_weekday.mean() / (truth / truth.mean()) - 1).max() < 0.05
    holiday = wfm.calendar_effects(history, CALENDAR, "support").set_index("effect").loc["holiday"]
    assert abs(holiday["change"] - (0.45 - 1)) < 3 * holiday["standard_error"] + 0.03


def test_bands_of_days_hold_what_came_about_as_often_as_they_say(history):
    inside = count = 0
    for back in (28, 84, 140):
        past, came = cut(history, back)
        days = make(past, calendar=CALENDAR).days([0.1, 0.9])
        real = came.groupby([came["queue"], day_of(came).rename("day")])["offered"].sum()
        both = days.merge(real.reset_index(), on=["queue", "day"])
        inside += int(both["offered"].between(both[0.1], both[0.9]).sum())
        count += len(both)
    assert 0.65 < inside / count < 0.95


def test_two_years_ahead_are_finite_and_less_certain_than_next_month(history):
    one = History(history.frame[history.frame["queue"] == "orders"], history.interval)
    made = make(one, horizon="104W", calendar=CALENDAR)
    days = made.days([0.1, 0.9])
    assert np.isfinite(made.frame["volume"]).all()
    year = days["volume"].rolling(364).sum().dropna()
    assert year.iloc[-1] / year.iloc[0] == pytest.approx(1, abs=0.35)
    width = (days[0.9] - days[0.1]) / days["volume"]
    assert width.iloc[-28:].mean() >= width.iloc[:28].mean()


def test_the_next_quarter_of_an_hour_comes_from_the_same_model(history):
    one = History(history.frame[history.frame["queue"] == "support"], history.interval)
    start = pd.Timestamp("2026-11-16 10:00", tz=history.time_zone)
    short = make(one, horizon="1x30min", start=start, calendar=CALENDAR).frame
    assert len(short) == 1
    assert short["start"].iloc[0] == start
    week = make(one, horizon="7D", calendar=CALENDAR).frame.set_index("start")
    assert short["volume"].iloc[0] == pytest.approx(week.loc[start, "volume"], rel=0.05)


def test_edits_survive_a_rerun(history):
    past, _ = cut(history, 7)
    edits = [wfm.Edit("2026-11-20", "2026-11-20", "+10%", "support", reason="mailing")]
    for source in (past, history):
        plain = make(source, horizon="14D", calendar=CALENDAR)
        edited = wfm.apply_edits(plain, edits)
        hit = (day_of(plain.frame) == "2026-11-20") & (plain.frame["queue"] == "support")
        assert hit.any()
        assert np.allclose(edited.frame["volume"][hit], 1.1 * plain.frame["volume"][hit])
        assert (edited.frame["volume"][~hit] == plain.frame["volume"][~hit]).all()


def test_requests_that_cannot_be_met_are_refused_in_one_sentence(history):
    one = History(history.frame[history.frame["queue"] == "orders"], history.interval)
    recent = History(
        one.frame[day_of(one.frame) >= day_of(one.frame).max() - pd.Timedelta(days=19)],
        one.interval,
    )
    late = date(2026, 11, 16) + timedelta(days=30)
    with pytest.raises(ForecastError, match=r"30 days lie between .* more than the 20 days"):
        make(recent, start=late)
    with pytest.raises(DataError, match="beyond 104 weeks"):
        make(one, horizon="105W")
    with pytest.raises(DataError, match="beyond 104 weeks"):
        make(one, horizon="40000x30min")
    with pytest.raises(DataError, match="before it starts"):
        Event("fair", date(2026, 3, 2), date(2026, 3, 1))
    with pytest.raises(DataError, match="country 'XX'"):
        Calendar(country="XX")
