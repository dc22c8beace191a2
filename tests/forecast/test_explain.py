"""The waterfall adds up, and each part is where it belongs."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

import wfm
from wfm.core.calendars import Calendar, Event
from wfm.core.errors import DataError
from wfm.core.intervals import day_grid
from wfm.core.types import Forecast, History
from wfm.forecast import MODELS, make
from wfm.forecast.explain import WATERFALL, calendar_effects, explain

HOUR = timedelta(hours=1)
WEEK = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.5, 0.2])


def history_of(days: int = 420, first: date = date(2024, 11, 4), growth: float = 0.0) -> History:
    index = day_grid(first, days, HOUR, "Europe/Berlin")
    t = np.asarray((index.tz_localize(None).normalize() - pd.Timestamp(first)).days)
    known = Calendar(country="DE").holidays(first, first + timedelta(days=days))
    holiday = np.isin(index.date, list(known))
    mean = 40 * WEEK[index.day_of_week] * np.exp(growth * t / 365) * np.where(holiday, 0.3, 1.0)
    offered = np.random.default_rng(0).poisson(mean).astype(float)
    frame = pd.DataFrame({"start": index, "queue": "a", "offered": offered})
    return History(frame.assign(answered=offered, abandoned=0.0, aht_s=200.0), HOUR)


@pytest.mark.parametrize("model", sorted(MODELS))
def test_the_parts_add_up_to_every_day_for_every_model(model):
    calendar = Calendar(
        country="DE",
        events=(Event("fair", date(2025, 7, 8), date(2025, 7, 8), "change", change=0.5),),
    )
    made = make(history_of(240), horizon="14D", model=model, calendar=calendar)
    told = explain(made)
    assert np.allclose(told[WATERFALL].sum(axis=1), told["volume"])
    assert (told["edit"] == 0).all()
    assert (told["update"] == 0).all()
    fair = told[told["day"] == "2025-07-08"].iloc[0]
    assert fair["calendar"] == pytest.approx(fair["volume"] / 3, rel=0.15)


def test_weekday_holiday_and_growth_are_told_apart():
    made = make(history_of(400), horizon="28D", calendar=Calendar(country="DE"))  # from 9 December
    told = explain(made).set_index("day")
    level = told["level"].iloc[0]
    assert level == pytest.approx(40 * 24 * WEEK.mean(), rel=0.05)
    monday = told.loc["2025-12-15"]
    assert monday["weekday"] / level == pytest.approx(1.3 / WEEK.mean() - 1, abs=0.06)
    christmas = told.loc["2025-12-25"]
    assert christmas["calendar"] / (christmas["volume"] - christmas["calendar"]) == pytest.approx(
        -0.7, abs=0.12
    )
    assert told["calendar"].loc["2025-12-10":"2025-12-20"].abs().max() < 0.05 * level


def test_edits_and_updates_have_their_own_column():
    made = make(history_of(120), horizon="7D")
    day = str(made.frame["start"].iloc[0].date())
    edited = wfm.apply_edits(made, [wfm.Edit(day, day, "+10%", reason="letter")])
    told = wfm.explain_forecast(edited)
    assert told["edit"].iloc[0] == pytest.approx(made.days()["volume"].iloc[0] * 0.1)
    assert (told["edit"][1:] == 0).all()
    assert np.allclose(told[[*WATERFALL, "edit", "update"]].sum(axis=1), told["volume"])


def test_a_forecast_of_ones_own_has_no_parts():
    made = make(history_of(60), horizon="7D")
    with pytest.raises(DataError, match="does not hold its parts"):
        explain(Forecast(made.frame, made.interval))


def test_effects_of_the_calendar_have_a_size_and_a_standard_error():
    table = calendar_effects(history_of(700), Calendar(country="DE")).set_index("effect")
    assert set(table.columns) == {"queue", "days", "change", "standard_error"}
    holiday = table.loc["holiday"]
    assert holiday["change"] == pytest.approx(-0.7, abs=0.1)
    assert 0 < holiday["standard_error"] < 0.1
    assert abs(table.loc["before", "change"]) < 0.1
    assert (table["days"] > 0).all()
    assert wfm.calendar_effects(history_of(700), Calendar(country="DE"), "a").equals(
        table.reset_index()[["queue", "effect", "days", "change", "standard_error"]]
    )
