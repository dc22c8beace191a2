from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wfm.core.errors import DataError
from wfm.core.opening import Opening
from wfm.core.types import Requirement
from wfm.core.work import CHANNELS, Campaign
from wfm.planning.demo import CALLS, DAYS, INTERVAL, QUEUES, demo_centre, demo_history
from wfm.planning.people import (
    CONTRACTS,
    assumed_costs,
    make_people,
    net_hours,
    people_to_fit,
)


@pytest.fixture(scope="module")
def history():
    return demo_history(60)


def test_the_same_seed_makes_the_same_centre(history):
    assert demo_history(60).equals(history)
    assert not demo_history(60, seed=1).equals(history)


def test_twice_the_people_carry_about_twice_the_contacts(history):
    twice = demo_history(120).frame["offered"].sum()
    assert twice / history.frame["offered"].sum() == pytest.approx(2, rel=0.02)


def test_contacts_lie_inside_opening_hours_and_add_up(history):
    frame = history.frame
    for spec in CALLS:
        own = frame[frame["queue"] == spec.queue.queue]
        assert spec.queue.opening.open_at(pd.DatetimeIndex(own["start"])).all()
        assert own["start"].dt.date.nunique() <= DAYS
        worked = np.average(own["aht_s"].fillna(0), weights=own["answered"])
        assert worked == pytest.approx(spec.aht_s, rel=0.06)
    assert (frame["answered"] + frame["abandoned"] == frame["offered"]).all()
    share = frame["abandoned"].sum() / frame["offered"].sum()
    assert 0.01 < share < 0.10


def test_the_centre_has_every_kind_of_work_and_people_for_each():
    centre = demo_centre(12)
    assert {CHANNELS[q.channel] for q in centre.queues} == set(CHANNELS.values())
    assert {q.queue for q in centre.queues} == set(centre.history.queues)
    assert len(centre.campaigns) == 5
    known = set().union(*(agent.skills for agent in centre.agents))
    assert known == {q.skill for q in centre.queues} | {c.skill for c in centre.campaigns}


def test_nobody_hangs_up_on_a_letter_and_every_queue_keeps_its_handle_time():
    history = demo_history(60, queues=QUEUES)
    for spec in QUEUES:
        own = history.frame[history.frame["queue"] == spec.queue.queue]
        assert spec.queue.opening.open_at(pd.DatetimeIndex(own["start"])).all()
        assert (own["abandoned"].sum() == 0) == (spec.queue.kind == "deferred")
        worked = np.average(own["aht_s"].fillna(0), weights=own["answered"])
        assert worked == pytest.approx(spec.aht_s, rel=0.06)


def test_people_have_known_contracts_and_a_queue_each():
    people = make_people(60, queues={"a": 2.0, "b": 1.0}, seed=3)
    assert len({p.agent for p in people}) == 60
    assert {p.contract for p in people} <= {c.contract for c in CONTRACTS}
    assert all(p.skills & {"a", "b"} for p in people)
    assert sum("a" in p.skills for p in people) > sum("b" in p.skills for p in people)


def test_people_made_to_fit_have_more_hours_than_the_week_needs():
    start = pd.date_range("2026-11-23 08:00", periods=20, freq="30min", tz="Europe/Istanbul")
    frame = pd.DataFrame({"start": start, "queue": "a", "agents": 9, "scheduled": 10})
    people, contracts = people_to_fit(Requirement(frame, INTERVAL))
    hours = {c.contract: net_hours(c) for c in contracts}
    assert 100 < sum(hours[p.contract] for p in people) < 250


def _need(first: str, hours: int) -> Requirement:
    """Two heads for so many hours of each of seven days."""
    day = pd.date_range(
        f"2026-11-23 {first}", periods=2 * hours, freq="30min", tz="Europe/Istanbul"
    )
    start = [stamp + pd.Timedelta(days=k) for k in range(7) for stamp in day]
    frame = pd.DataFrame({"start": start, "queue": "a", "agents": 2, "scheduled": 2})
    return Requirement(frame, INTERVAL)


def test_costs_of_people_made_to_fit_are_told_until_they_are_typed():
    people, _ = people_to_fit(_need("08:00", 12))
    assert assumed_costs(people).startswith(f"cost per hour of {len(people)} people")
    typed = [replace(people[0], cost_per_h=31.0), *people[1:]]
    assert f" {len(people) - 1} people" in assumed_costs(typed)
    assert assumed_costs([replace(p, cost_per_h=31.0) for p in people]) == ""
    assert assumed_costs([replace(p, contract="own") for p in people]) == ""


def test_people_made_to_fit_work_while_the_centre_is_open():
    _, contracts = people_to_fit(_need("08:00", 12))
    assert [c.start_from_min for c in contracts] == [8 * 60] * len(contracts)
    assert all(c.start_to_min + c.shift_min == 20 * 60 for c in contracts)


def test_a_campaign_in_the_evening_lets_people_made_to_fit_stay_later():
    hours = Opening.parse("Mon-Fri 10:00-22:00")
    work = [Campaign("survey", "survey", hours, target_h=5)]
    _, contracts = people_to_fit(_need("08:00", 12), campaigns=work)
    assert all(c.start_to_min + c.shift_min == 22 * 60 for c in contracts)


def test_a_shift_longer_than_the_day_reaches_over_the_hours_not_into_the_night():
    _, contracts = people_to_fit(_need("09:00", 8))
    longest = max(contracts, key=lambda c: c.shift_min)
    assert (longest.start_from_min, longest.start_to_min) == (6 * 60 + 30, 9 * 60)


def test_people_made_to_fit_start_at_any_time_where_the_centre_never_sleeps():
    _, contracts = people_to_fit(_need("00:00", 24))
    assert {(c.start_from_min, c.start_to_min) for c in contracts} == {(0, 23 * 60 + 30)}


def test_nobody_fits_a_requirement_of_nobody():
    start = pd.date_range("2026-11-23 08:00", periods=2, freq="30min", tz="Europe/Istanbul")
    frame = pd.DataFrame({"start": start, "queue": "a", "agents": 0, "scheduled": 0})
    with pytest.raises(DataError, match="needs nobody"):
        people_to_fit(Requirement(frame, INTERVAL))


def test_a_week_that_begins_on_a_thursday_has_as_many_people_as_one_on_monday() -> None:
    """Both of its parts are one week's work: neither alone says how many people it needs."""

    def count(first: str) -> int:
        grid = pd.date_range(first, periods=7 * 48, freq="30min", tz="Europe/Paris")
        frame = pd.DataFrame({"start": grid, "queue": "calls", "agents": 8, "scheduled": 10})
        return len(people_to_fit(Requirement(frame, INTERVAL))[0])

    monday = count("2026-11-30")
    assert monday > 45
    assert count("2026-12-03") == count("2026-12-06") == monday
