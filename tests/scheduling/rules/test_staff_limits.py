"""Staff limits: kept by the solver, found when broken, told when they must give way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs, people
from wfm.core import tables
from wfm.core.calendars import Opening

CONTRACTS = [CONTRACT, replace(CONTRACT, contract="other")]


def crowd(leads: int = 4) -> list[wfm.Agent]:
    return [
        replace(
            agent,
            skills=agent.skills | ({"lead"} if i < leads else frozenset()),
            team="North" if i % 2 else "South",
        )
        for i, agent in enumerate(people(14))
    ]


HOURS = Opening.parse("Mon-Fri 09:00-17:00")
LEAD = wfm.StaffLimit("supervisor", least=1, skill="lead", hours=HOURS)
SEATS = wfm.StaffLimit("seats North", most=5, team="North")
CENTRE = {"requirement": needs(4), "agents": crowd(), "contracts": CONTRACTS}


def heads(schedule: wfm.Schedule, names: set[str]) -> pd.Series:
    """Agents at work by half hour."""
    frame = schedule.frame[schedule.frame["agent"].isin(names)]
    frame = frame[frame["activity"].isin(["inbound", "outbound"])]
    grid = pd.DatetimeIndex(schedule.coverage["start"].unique())
    counts = [((frame["start"] <= t) & (frame["end"] > t)).sum() for t in grid]
    return pd.Series(counts, index=grid)


@pytest.mark.parametrize("limits", [[LEAD], [LEAD, SEATS]])
def test_the_schedule_keeps_its_limits_and_the_checker_agrees(
    limits: list[wfm.StaffLimit],
) -> None:
    made = wfm.make_schedule(**CENTRE, limits=limits, first_day=MONDAY, moves=3)
    assert not made.violations
    assert not wfm.check_schedule(made, **CENTRE, limits=limits)
    if LEAD in limits:
        leads = heads(made, {a.agent for a in crowd() if "lead" in a.skills})
        inside = leads[HOURS.open_at(leads.index)]
        assert inside.min() >= 1
    if SEATS in limits:
        assert heads(made, {a.agent for a in crowd() if a.team == "North"}).max() <= 5
    assert made.terms["limits"] == 0
    assert made.bound <= made.objective


def test_the_seats_of_a_site_are_kept_and_the_site_is_told() -> None:
    agents = [replace(a, site="Izmir" if i % 2 else "Baku") for i, a in enumerate(crowd(0))]
    centre = {**CENTRE, "agents": agents}
    seats = [wfm.StaffLimit("seats in Izmir", most=5, site="Izmir")]
    made = wfm.make_schedule(**centre, limits=seats, first_day=MONDAY, moves=2)
    assert heads(made, {a.agent for a in agents if a.site == "Izmir"}).max() <= 5
    assert not wfm.check_schedule(made, **centre, limits=seats)
    assert made.totals["site"].tolist() == [a.site for a in agents]
    table = tables.limits_table(seats)
    assert list(tables.limits_from(table)) == seats
    assert [a.site for a in tables.agents_from(tables.agents_table(agents))] == [
        a.site for a in agents
    ]


def test_the_search_in_seconds_keeps_them_too() -> None:
    tight = replace(SEATS, most=4)
    made = wfm.make_schedule(**CENTRE, limits=[LEAD, tight], first_day=MONDAY, seconds=5)
    assert not made.violations
    assert made.bound <= made.objective


def test_a_broken_limit_is_found_where_and_by_how_much() -> None:
    made = wfm.make_schedule(**CENTRE, limits=[LEAD], first_day=MONDAY, moves=2)
    leads = {a.agent for a in crowd() if "lead" in a.skills}
    tuesday = made.frame["start"].dt.day_of_week == 1
    frame = made.frame[~(made.frame["agent"].isin(leads) & tuesday)].reset_index(drop=True)
    broken = wfm.check_schedule(replace(made, frame=frame), **CENTRE, limits=[LEAD])
    told = [str(v) for v in broken if v.rule == "staff_limits"]
    assert told == [
        "staff_limits: Tue 2027-01-05 09:00: 'supervisor': up to 1 too few at work until 17:00."
    ]
    everywhere = wfm.StaffLimit("seats", most=0, team="North")
    broken = wfm.check_schedule(made, **CENTRE, limits=[LEAD, everywhere])
    assert any("too many at work" in v.text for v in broken)


def test_a_limit_that_people_cannot_keep_gives_way_least_and_is_told() -> None:
    one = crowd(leads=1)
    made = wfm.make_schedule(needs(4), one, CONTRACTS, limits=[LEAD], first_day=MONDAY, moves=2)
    assert made.status == "nearest"
    assert {v.rule for v in made.violations} == {"staff_limits"}
    assert made.terms["limits"] > 0
    leads = heads(made, {"a0"})
    inside = leads[HOURS.open_at(leads.index)]
    assert (inside >= 1).mean() > 0.5


def test_a_limit_that_cannot_be_is_refused() -> None:
    nobody = wfm.StaffLimit("pilot", least=1, skill="pilot")
    with pytest.raises(wfm.DataError, match="it counts 0 agents"):
        wfm.make_schedule(**CENTRE, limits=[LEAD, nobody], first_day=MONDAY, moves=1)
    with pytest.raises(wfm.DataError, match="Write the fewest first"):
        wfm.StaffLimit("odd", least=3, most=2)


def test_without_limits_nothing_changes() -> None:
    plain = [replace(a, skills=frozenset({"voice"}), team="") for a in crowd()]
    one = wfm.make_schedule(needs(4), plain, CONTRACTS, first_day=MONDAY, moves=2)
    idle = wfm.StaffLimit("idle", least=0)
    other = wfm.make_schedule(needs(4), plain, CONTRACTS, first_day=MONDAY, moves=2, limits=[idle])
    assert np.isclose(other.objective, one.objective, rtol=0.02)
    assert other.terms.pop("limits") == 0


def test_the_table_of_limits_is_read_back() -> None:
    every = [LEAD, SEATS, wfm.StaffLimit("both", 1, 3, "lead", "North")]
    assert list(tables.limits_from(tables.limits_table(every))) == every
