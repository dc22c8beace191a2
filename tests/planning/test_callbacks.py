"""Promised callbacks: a queue of their own, at their time, by the people of the queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs
from tests.planning.test_outbound import people
from wfm.core import tables
from wfm.planning.callbacks import callback_skills

ZONE = "Europe/Istanbul"
PROMISED = [
    wfm.Callback("voice", MONDAY, 10 * 60 + 5, 20.0),
    wfm.Callback("voice", MONDAY, 10 * 60 + 20, 25.0),
    wfm.Callback("voice", MONDAY + timedelta(days=1), 9 * 60, 10.0),
]


def staffed(volume: float = 20.0, shrinkage: float = 0.2) -> wfm.Requirement:
    grid = needs().frame["start"]
    frame = pd.DataFrame({"start": grid, "queue": "voice", "volume": volume, "aht_s": 300.0})
    forecast = wfm.Forecast(frame.assign(volume_q10=0.0, volume_q90=99.0), timedelta(minutes=30))
    return wfm.staff(forecast, wfm.ServiceTarget(0.8, within_s=20), shrinkage=shrinkage)


def test_minutes_of_an_interval_are_added_and_rounded_up_to_agents() -> None:
    more = wfm.add_callbacks(needs(3), PROMISED).frame
    own = more[more["queue"] == "voice callbacks"].set_index("start")["scheduled"]
    assert own.sum() == 3
    assert own[pd.Timestamp("2027-01-04 10:00", tz=ZONE)] == 2
    assert own[pd.Timestamp("2027-01-05 09:00", tz=ZONE)] == 1
    assert more[more["queue"] == "voice"]["scheduled"].eq(3).all()


def test_a_staffed_requirement_gets_them_with_shrinkage_and_steps_that_add_up() -> None:
    need = staffed()
    more = wfm.add_callbacks(need, PROMISED).frame
    own = more[more["queue"] == "voice callbacks"].set_index("start")
    row = own.loc[pd.Timestamp("2027-01-04 10:00", tz=ZONE)]
    assert row["load"] == pytest.approx(45 / 30)
    assert (row["agents"], row["scheduled"]) == (2, 3)  # 2 / 0.8 is 2.5
    assert row["occupancy"] == pytest.approx(0.75)
    assert row["sl_minus_1"] == pytest.approx(1 / 1.5)
    steps = own[[c for c in own if c.startswith("step_")]]
    assert np.allclose(steps.sum(axis=1), own["scheduled"])
    calls = more[more["queue"] == "voice"].reset_index(drop=True)
    pd.testing.assert_frame_equal(calls[need.frame.columns.tolist()], need.frame)


def test_the_people_of_the_queue_cover_them_and_the_service_is_predicted() -> None:
    need = wfm.add_callbacks(staffed(volume=5.0), PROMISED)
    callers = [replace(a, skills=frozenset({"calls"})) for a in people(20)]
    made = wfm.make_schedule(
        need, callers, [CONTRACT], first_day=MONDAY, skills={"voice": "calls"}, moves=2
    )
    cover = made.coverage[made.coverage["queue"] == "voice callbacks"]
    assert cover["required"].sum() > 0
    assert cover["under"].sum() == 0
    days = wfm.predict_service(made, need, by="day")
    own = days[days["queue"] == "voice callbacks"]
    assert own["volume"].sum() == 3
    assert own["service_level"].eq(1).all()


def test_nobody_can_be_promised_a_call_while_the_queue_is_closed_or_unknown() -> None:
    late = wfm.Callback("voice", MONDAY, 23 * 60, 10.0)
    with pytest.raises(wfm.DataError, match="'voice' is closed at Mon 04 Jan 23:00"):
        wfm.add_callbacks(needs(3), [late])
    with pytest.raises(wfm.DataError, match=r"'sales' is closed .* or is not known"):
        wfm.add_callbacks(needs(3), [replace(late, queue="sales", at_min=600)])
    with pytest.raises(wfm.DataError, match="takes -1 minutes"):
        wfm.Callback("voice", MONDAY, 600, -1.0)


def test_an_hour_that_the_clock_skips_is_closed_and_of_a_doubled_one_the_first_counts() -> None:
    grid = pd.date_range("2026-10-24 22:00", periods=12, freq="30min", tz="UTC")
    frame = pd.DataFrame({"start": grid.tz_convert("Europe/Berlin"), "queue": "a"})
    need = wfm.Requirement(frame.assign(agents=1, scheduled=1), timedelta(minutes=30))
    more = wfm.add_callbacks(need, [wfm.Callback("a", date(2026, 10, 25), 150, 5.0)]).frame
    own = more[(more["queue"] == "a callbacks") & (more["scheduled"] > 0)]
    assert [str(s) for s in own["start"]] == ["2026-10-25 02:30:00+02:00"]
    spring = grid - pd.Timedelta(days=210)
    frame = pd.DataFrame({"start": spring.tz_convert("Europe/Berlin"), "queue": "a"})
    need = wfm.Requirement(frame.assign(agents=1, scheduled=1), timedelta(minutes=30))
    with pytest.raises(wfm.DataError, match="closed at Sun 29 Mar 02:30"):
        wfm.add_callbacks(need, [wfm.Callback("a", date(2026, 3, 29), 150, 5.0)])


def test_without_any_the_requirement_is_what_it_was() -> None:
    need = needs(3)
    assert wfm.add_callbacks(need, []) is need


def test_the_table_of_callbacks_comes_back_and_a_wrong_cell_is_named() -> None:
    table = tables.callbacks_table(PROMISED)
    assert tables.callbacks_from(table) == tuple(PROMISED)
    assert wfm.read_callbacks(table) == tuple(PROMISED)
    with pytest.raises(wfm.DataError, match=r"callbacks: row \d, column 'time'"):
        tables.callbacks_from(table.assign(time="25:70"))


def test_skills_of_callbacks_are_those_of_the_queue_unless_they_have_their_own() -> None:
    queues = ["a", "a callbacks", "b callbacks"]
    assert callback_skills(queues, {"a": "x", "b callbacks": "y"}) == {
        "a": "x",
        "a callbacks": "x",
        "b callbacks": "y",
    }


def calls(*promised: tuple[int, int, float]) -> list[wfm.Callback]:
    return [wfm.Callback("voice", MONDAY, 60 * hour + minute, m) for hour, minute, m in promised]


# The queue is open from 8:00 to 19:00, in half hours.
BY_HAND: dict[str, tuple[list[wfm.Callback], dict[str, int]]] = {
    "one long call keeps one agent": (
        calls((10, 5, 90.0)),
        {"10:00": 1, "10:30": 1, "11:00": 1},
    ),
    "a call as long as an interval": (calls((10, 25, 30.0)), {"10:00": 1}),
    "a call that runs into the next interval": (calls((10, 20, 40.0)), {"10:00": 1, "10:30": 1}),
    "two short calls at once": (calls((10, 0, 10.0), (10, 0, 10.0)), {"10:00": 2}),
    "two short calls one after the other": (calls((10, 0, 10.0), (10, 10, 20.0)), {"10:00": 1}),
    "two calls that overlap": (calls((10, 0, 10.0), (10, 5, 10.0)), {"10:00": 2}),
    "a call after a long one": (
        calls((10, 0, 40.0), (10, 40, 40.0)),
        {"10:00": 1, "10:30": 1, "11:00": 1},
    ),
    "a call within a long one": (
        calls((10, 0, 60.0), (10, 40, 10.0)),
        {"10:00": 1, "10:30": 2},
    ),
    "three long calls at once": (
        calls(*[(10, 5, 90.0)] * 3),
        {"10:00": 3, "10:30": 3, "11:00": 3},
    ),
    "just before closing": (calls((18, 55, 20.0)), {"18:30": 1}),
    "beyond closing": (calls((18, 5, 90.0)), {"18:00": 1, "18:30": 1}),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_call_has_one_agent_from_begin_to_end(name: str) -> None:
    promised, heads = BY_HAND[name]
    own = wfm.add_callbacks(needs(3), promised).frame.query("queue == 'voice callbacks'")
    own = own[own["scheduled"] > 0]
    found = dict(zip(own["start"].dt.strftime("%H:%M"), own["scheduled"], strict=True))
    assert found == heads
    assert (own["start"].dt.date == MONDAY).all()


def test_minutes_and_handle_times_of_long_calls_are_kept() -> None:
    promised = calls((10, 5, 80.0), (10, 10, 20.0))
    more = wfm.add_callbacks(staffed(shrinkage=0.0), promised).frame
    own = more[(more["queue"] == "voice callbacks") & (more["load"] > 0)]
    assert (own["load"] * 30).tolist() == pytest.approx([25 + 20, 30, 25])
    assert own["volume"].tolist() == [2, 0, 0]
    assert own["aht_s"].tolist() == [3000, 0, 0]
    assert own["agents"].tolist() == [2, 1, 1]
    steps = own[[c for c in own if c.startswith("step_")]]
    assert np.allclose(steps.sum(axis=1), own["scheduled"])


def test_the_service_of_long_calls_is_kept_by_a_schedule_that_covers_them() -> None:
    need = wfm.add_callbacks(staffed(volume=5.0), calls((10, 5, 90.0), (10, 5, 90.0)))
    crew = [replace(a, skills=frozenset({"voice"})) for a in people(20)]
    made = wfm.make_schedule(need, crew, [CONTRACT], first_day=MONDAY, moves=2)
    cover = made.coverage[made.coverage["queue"] == "voice callbacks"]
    assert cover["under"].sum() == 0
    days = wfm.predict_service(made, need, by="day")
    assert days.loc[days["queue"] == "voice callbacks", "service_level"].eq(1).all()


def test_callbacks_are_added_once() -> None:
    more = wfm.add_callbacks(needs(3), PROMISED)
    told = (
        r"^callbacks: the requirement has a queue 'voice callbacks' already. Add all callbacks at "
        r"once, to the requirement without them.$"
    )
    with pytest.raises(wfm.DataError, match=told):
        wfm.add_callbacks(more, PROMISED[:1])
    assert wfm.add_callbacks(more, []) is more


def test_a_time_before_midnight_is_refused() -> None:
    told = r"^callback of 'voice': at_min is -30. Write 0 to 1440.$"
    with pytest.raises(wfm.DataError, match=told):
        wfm.Callback("voice", MONDAY, -30, 10.0)
