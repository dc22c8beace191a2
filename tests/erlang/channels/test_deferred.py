"""Work with due times: level heads by week, earliest due first."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.core.types import Forecast, Requirement, ServiceTarget
from wfm.core.work import Queue
from wfm.erlang import Items, least_capacity, predict, serve_earliest_due
from wfm.erlang.requirement import requirement

HOUR = timedelta(hours=1)


def mail(days: dict[str, list[float]], aht_s: float = 360.0) -> Forecast:
    """E-mails of some days, hour by hour from 9:00 on."""
    parts = []
    for day, volume in days.items():
        start = pd.date_range(f"{day} 09:00", periods=len(volume), freq="60min", tz="UTC")
        parts.append(pd.DataFrame({"start": start, "queue": "mail", "volume": volume}))
    frame = pd.concat(parts).assign(aht_s=aht_s, volume_q10=np.nan, volume_q90=np.nan)
    return Forecast(frame, HOUR)


def need(made: Forecast, **settings: object) -> Requirement:
    queue = Queue("mail", "mail", "email", **settings)  # type: ignore[arg-type]
    return requirement(made, ServiceTarget(0.8), shrinkage=0.0, queues=[queue])


def test_a_day_by_hand() -> None:
    """Ten mails an hour of 6 min: 1 h of work each hour; due in 2 h it can wait an hour."""
    frame = need(mail({"2026-03-02": [10.0, 40.0, 10.0, 0.0]}), due_h=2.0).frame
    # The 4 h of work of 10:00 must be done by 12:00, beside what else is due then: 1 h of 9:00
    # comes first and 1 h of 11:00 is due at 13:00. Windows: [10, 12] holds 4 h, so 2 heads.
    assert frame["agents_exact"].tolist() == [2.0] * 4
    assert frame["agents"].tolist() == [2] * 4
    assert frame["service_level"].tolist() == [1.0] * 4
    assert (frame["sl_minus_1"] < 1.0).all()
    assert frame["asa_s"].isna().all()
    assert frame["step_load"].tolist() == [1.0, 4.0, 1.0, 0.0]
    assert frame["step_channel"].tolist() == [1.0, -2.0, 1.0, 2.0]
    assert (frame["assumed"] == "").all()
    assert frame["backlog_h"].tolist() == [0.0, 2.0, 1.0, 0.0]  # 1-2, 0+4-2, 2+1-2, 1-2


def test_the_backlog_and_the_opening_hours_count() -> None:
    made = mail({"2026-03-02": [10.0, 10.0], "2026-03-03": [0.0, 0.0]})
    # 2 h come in on Monday 9-11; 20 more hours wait from the start. All is due within 25 h, that
    # is by Tuesday 10:00 (11:00 for the second hour): 3 and 4 open hours.
    frame = need(made, due_h=25.0, backlog=200.0).frame
    assert frame["agents_exact"].round(9).tolist() == [7.0] * 4
    plain = need(made, due_h=25.0).frame
    assert plain["agents_exact"].max() < 1.0


def test_a_week_is_the_least_capacity_of_its_own_work() -> None:
    rng = np.random.default_rng(0)
    volume = rng.poisson(30.0, 8).astype(float).tolist()
    frame = need(mail({"2026-03-02": volume}), due_h=3.0).frame
    hours = np.array(volume) * 360.0 / 3600.0
    begins = np.arange(8.0)
    due_in = begins + 3.0 <= 8.0
    items = Items(begins[due_in], begins[due_in] + 3.0, hours[due_in])
    assert frame["agents_exact"].iloc[0] == pytest.approx(least_capacity(items, [[0.0, 8.0]]))


def test_what_is_due_at_the_weekend_is_done_before_it() -> None:
    """Friday's mails are due on Saturday, when nobody is there: they are done on Friday."""
    made = mail({"2026-03-06": [20.0, 20.0, 0.0, 0.0], "2026-03-09": [5.0, 5.0, 5.0, 5.0]})
    frame = need(made, due_h=24.0).frame
    assert frame["agents_exact"].iloc[0] == pytest.approx(1.0)  # 4 h of work in 4 h
    assert frame["service_level"].tolist() == [1.0] * 8


def test_heads_are_level_over_the_week_that_the_centre_counts() -> None:
    """Saturday's 40 h of work and Sunday's 4 h: one week from Monday, two from Sunday."""
    made = mail({"2026-03-07": [100.0] * 4, "2026-03-08": [10.0] * 4})

    def heads(week_start: str) -> list[float]:
        queue = Queue("mail", "mail", "email", due_h=1.0)
        asked = requirement(
            made, ServiceTarget(0.8), shrinkage=0.0, queues=[queue], week_start=week_start
        )
        assert (predict(asked, asked.frame["agents"])["service_level"] == 1.0).all()
        return [round(x, 9) for x in asked.frame["agents_exact"].tolist()]

    assert heads("Mon") == heads("Sat") == [10.0] * 8
    assert heads("Sun") == [10.0] * 4 + [1.0] * 4


def test_later_weeks_take_over_what_is_left() -> None:
    """Half of Friday's work may wait until Monday; it is not lost on the way."""
    made = mail({"2026-03-06": [0.0, 0.0, 0.0, 80.0], "2026-03-09": [0.0, 0.0, 0.0, 0.0]})
    result = need(made, due_h=72.0)
    frame = result.frame
    # 8 h of work of Friday 12:00 are due on Monday 12:00, after 1 + 3 open hours.
    assert frame["agents"].iloc[0] == 0  # nothing is due this week
    assert frame["agents_exact"].iloc[4] == pytest.approx(8.0 / 3.0)
    served = predict(result, frame["agents"])
    assert (served["service_level"] == 1.0).all()
    worked = (served["occupancy"] * frame["agents"]).sum()
    assert worked == pytest.approx(8.0)


def test_due_times_that_are_not_given_are_marked_as_assumed() -> None:
    assert (need(mail({"2026-03-02": [10.0]})).frame["assumed"] == "due_h").all()


def test_what_is_left_when_the_centre_closes_is_late_then() -> None:
    """Two hours of work due at 20:00; it closes at 11:00 with one hour of it undone."""
    late = serve_earliest_due(Items([9.0], [20.0], [2.0]), [0.5, 0.5, 1.0], [9.0, 10.0, 33.0], 1.0)
    assert late["late_h"].tolist() == [0.0, 1.0, 0.0]
    in_between = serve_earliest_due(Items([9.0], [9.5], [0.5]), [0.5], [9.0], 1.0)
    assert in_between["late_h"].tolist() == [0.25]  # half an hour of half a head by 9:30


@settings(max_examples=30, deadline=None)
@given(
    volumes=st.lists(st.integers(0, 60), min_size=8, max_size=8),
    due=st.sampled_from([1.0, 2.5, 5.0, 24.0, 30.0, 80.0]),
    backlog=st.sampled_from([0.0, 25.0]),
)
def test_the_heads_keep_every_due_time_and_one_less_does_not(volumes, due, backlog) -> None:
    days = ("2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10")
    made = mail({day: [float(v) for v in volumes[2 * k :][:2]] for k, day in enumerate(days)})
    frame = need(made, due_h=due, backlog=backlog).frame
    assert (frame["service_level"] == 1.0).all()
    first = frame.iloc[:4]  # the first week starts with nothing left over
    needed = first["agents_exact"].iloc[0] > 1e-9
    assert (first["sl_minus_1"].iloc[0] < 1.0) == needed


@pytest.mark.parametrize("first", [0, 1, 3])
def test_predicted_heads_begin_with_the_work_that_waits(first: int) -> None:
    made = need(mail({"2026-03-02": [10.0, 40.0, 10.0, 0.0, 30.0]}), due_h=2.0, backlog=30.0)
    frame = made.frame.iloc[first:].reset_index(drop=True)
    rest = Requirement(frame, HOUR, targets=made.targets, model=made.model)
    for change, column in ((0, "service_level"), (-1, "sl_minus_1"), (1, "sl_plus_1")):
        found = predict(rest, frame["agents"] + change)
        if not first:
            assert found["service_level"].tolist() == made.frame[column].tolist()
    found = predict(rest, frame["agents"])
    np.testing.assert_allclose(found["occupancy"], frame["occupancy"], atol=1e-9)
    assert not found["overloaded"].any()
