"""Fairness is counted right, spread for nothing among alike people, and has a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs
from wfm.core.intervals import day_grid
from wfm.planning.fairness import gini, mark, window_shifts
from wfm.scheduling.settings import Rules

WIDE = replace(CONTRACT, min_days_week=3, start_to_min=900)


def people(count: int = 10) -> list[wfm.Agent]:
    wishes = {0: 540, 1: 540}
    return [
        wfm.Agent(
            f"a{i}",
            f"Agent {i}",
            "full",
            frozenset({"voice"}),
            "T",
            preferred_start_min=wishes.get(i),
        )
        for i in range(count)
    ]


CENTRE = {"requirement": needs(3), "agents": people(), "contracts": [WIDE]}


@pytest.fixture(scope="module")
def week() -> wfm.Schedule:
    return wfm.make_schedule(**CENTRE, first_day=MONDAY, moves=3)


def shifts(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["agent", "start", "end"])
    for column in ("start", "end"):
        frame[column] = pd.to_datetime(frame[column]).dt.tz_localize("Europe/Istanbul")
    frame["day"] = frame["start"].dt.date
    frame["start_min"] = frame["start"].dt.hour * 60 + frame["start"].dt.minute
    return frame


def test_weekends_nights_late_starts_and_wishes_are_counted_as_by_hand() -> None:
    table = mark(
        shifts(
            [
                ("a", "2027-01-09 09:00", "2027-01-09 17:00"),  # Saturday, as wished
                ("a", "2027-01-11 22:00", "2027-01-12 06:00"),  # seven night hours
                ("a", "2027-01-13 18:00", "2027-01-14 02:00"),  # three night hours
                ("a", "2027-01-15 17:00", "2027-01-16 01:00"),  # two night hours
                ("b", "2027-01-17 04:00", "2027-01-17 12:00"),  # Sunday, two night hours
            ]
        ),
        {"a": 600, "b": None},
    )
    assert table["weekends"].tolist() == [1, 0, 0, 0, 1]
    assert table["nights"].tolist() == [0, 1, 1, 0, 0]
    assert table["late"].tolist() == [0, 1, 1, 1, 0]
    assert table["wishes"].tolist() == [1, 0, 0, 0, 0]
    assert table["wished"].tolist() == [1, 1, 1, 1, 0]


def test_shifts_are_read_by_the_clock_of_their_agent() -> None:
    """Istanbul is eight hours ahead of New York in winter."""
    table = mark(
        shifts(
            [
                ("a", "2027-01-11 06:00", "2027-01-11 14:00"),  # Sunday 22:00 to 06:00 there
                ("a", "2027-01-12 16:00", "2027-01-13 00:00"),  # Tuesday 08:00 there, as wished
                ("b", "2027-01-12 16:00", "2027-01-13 00:00"),
            ]
        ),
        {"a": 480, "b": 480},
        zones={"a": "America/New_York"},
    )
    assert table[["weekends", "nights", "late", "wishes"]].to_numpy().tolist() == [
        [1, 1, 1, 0],
        [0, 0, 0, 1],
        [0, 0, 1, 0],
    ]


def test_wishes_that_the_solver_granted_far_away_are_granted() -> None:
    far = [replace(a, time_zone="America/New_York", preferred_start_min=60) for a in people(2)]
    contract = replace(CONTRACT, min_days_week=3, start_from_min=0, start_to_min=300)
    centre = {"requirement": needs(1), "agents": far, "contracts": [contract]}
    made = wfm.make_schedule(**centre, first_day=MONDAY, moves=3)
    table = wfm.fairness(made, far).people
    missed = (table["wished"] - table["wishes"]).sum()
    assert table["wishes"].sum() > 0
    assert missed == made.terms["preference"] / 4
    assert table["late"].sum() == 0


def test_people_far_away_share_what_is_late_for_them() -> None:
    """Each burden of the balance is that of `mark`, start by start."""
    from wfm.planning.changes import problem_of
    from wfm.planning.fairer import _marks

    far = [replace(a, time_zone="America/New_York") for a in people()]
    contract = replace(WIDE, start_from_min=0, start_to_min=1380)
    centre = {"requirement": needs(3), "agents": far, "contracts": [contract]}
    made = wfm.make_schedule(**centre, first_day=MONDAY, moves=1)
    problem = problem_of(made, needs(3), far, [contract], {})
    starts = problem.grid[: problem.intervals]
    table = pd.DataFrame({"agent": "a0", "start": starts})
    table["end"] = table["start"] + pd.Timedelta(minutes=contract.shift_min)
    told = mark(table, {}, zones={"a0": "America/New_York"})
    found = _marks(problem, "full", "America/New_York", 720)[0]
    assert (told[["weekends", "nights", "late"]].to_numpy() == found.T).all()
    fairer = wfm.fairer_schedule(made, **centre, weight=20.0, seconds=3)
    assert squared(wfm.fairness(fairer, far)) <= squared(wfm.fairness(made, far))


def test_gini_is_that_of_the_textbook() -> None:
    assert gini(np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(0.25)
    assert gini(np.zeros(4)) == 0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.floats(0.5, 4))
def test_gini_lies_between_0_and_1_and_knows_no_unit(values: list[float], factor: float) -> None:
    one = gini(np.array(values))
    assert -1e-9 <= one < 1
    assert gini(np.array(values) * factor) == pytest.approx(one, abs=1e-9)


def test_every_agent_has_a_statement_and_shares_add_up(week: wfm.Schedule) -> None:
    found = wfm.fairness(week, people())
    table = found.people
    assert len(table) == len(people())
    for name in ("weekends", "nights", "late"):
        assert table[f"{name}_fair"].sum() == pytest.approx(table[name].sum())
    first = table.iloc[0]
    assert first["statement"].startswith(f"Agent 0 had {first['shifts']:.0f} shifts:")
    assert "wishes were granted" in first["statement"]
    assert "wishes" not in table.iloc[5]["statement"]
    assert set(found.measures["measure"]) == {"weekends", "nights", "late", "wishes"}


def test_the_window_rolls_and_a_newer_schedule_of_a_day_wins(week: wfm.Schedule) -> None:
    one = wfm.fairness(week, people()).people["shifts"].sum()
    assert wfm.fairness(week, people(), [week]).people["shifts"].sum() == one
    older = replace(
        week,
        first_day=MONDAY - timedelta(days=7),
        frame=week.frame.assign(
            start=week.frame["start"] - pd.Timedelta(days=7),
            end=week.frame["end"] - pd.Timedelta(days=7),
        ),
    )
    assert wfm.fairness(week, people(), [older]).people["shifts"].sum() == 2 * one
    assert wfm.fairness(week, people(), [older], weeks=1).people["shifts"].sum() == one
    assert window_shifts([older, week], date(2027, 1, 9), date(2027, 1, 31))["day"].min() >= date(
        2027, 1, 9
    )


def squared(found: wfm.Fairness) -> float:
    names = ("weekends", "nights", "late")
    return float(sum(((found.people[n] - found.people[f"{n}_fair"]) ** 2).sum() for n in names))


def test_alike_people_share_weekends_for_nothing(week: wfm.Schedule) -> None:
    history = [
        replace(
            week,
            first_day=MONDAY - timedelta(days=7 * k),
            frame=week.frame.assign(
                start=week.frame["start"] - pd.Timedelta(days=7 * k),
                end=week.frame["end"] - pd.Timedelta(days=7 * k),
            ),
        )
        for k in (2, 1)
    ]
    fairer = wfm.fairer_schedule(week, **CENTRE, history=history)
    before = squared(wfm.fairness(week, people(), history))
    after = squared(wfm.fairness(fairer, people(), history))
    assert after < 0.8 * before
    assert fairer.coverage.equals(week.coverage)
    same = {k: v for k, v in fairer.terms.items() if k != "preference"}
    assert same == {k: v for k, v in week.terms.items() if k != "preference"}
    assert not fairer.violations


def test_more_fairness_never_costs_less_than_the_free_one_and_is_fairer(
    week: wfm.Schedule,
) -> None:
    curve = wfm.price_of_fairness(week, **CENTRE, fairness_weights=(0.0, 50.0), seconds=5)
    assert np.isnan(curve["weight"].iloc[0])
    assert curve["change"].iloc[0] == 0
    spread = curve[[c for c in curve if c.endswith("_deviation")]].pow(2).sum(axis=1)
    assert spread.iloc[1] <= spread.iloc[0]
    assert spread.iloc[2] <= spread.iloc[1]


def test_a_grid_with_a_clock_change_counts_nights_by_the_clock() -> None:
    grid = day_grid(date(2027, 3, 28), 1, timedelta(hours=1), "Europe/Berlin")
    assert len(grid) == 23
    table = pd.DataFrame(
        {"agent": ["a"], "start": [grid[0]], "end": [grid[8]], "start_min": [0]}
    ).assign(day=[date(2027, 3, 28)])
    assert mark(table, {"a": None})["nights"].tolist() == [1]


@pytest.mark.parametrize("weeks", [0, -1])
def test_a_window_without_a_week_is_refused(week: wfm.Schedule, weeks: int) -> None:
    with pytest.raises(wfm.DataError, match=rf"^fairness: weeks is {weeks}. Write 1 or more.$"):
        wfm.fairness(week, people(), weeks=weeks)


def test_a_history_by_another_clock_counts_the_same(week: wfm.Schedule) -> None:
    """The centre has moved from London to Istanbul: shifts are read where their people are."""
    past = pd.Timedelta(days=7)
    before = replace(
        week,
        first_day=MONDAY - timedelta(days=7),
        frame=week.frame.assign(start=week.frame["start"] - past, end=week.frame["end"] - past),
    )
    there = before.frame.assign(
        **{name: before.frame[name].dt.tz_convert("Europe/London") for name in ("start", "end")}
    )
    moved = replace(before, frame=there)
    found, same = (wfm.fairness(week, people(), [past]).people for past in (moved, before))
    pd.testing.assert_frame_equal(found, same)


def test_what_is_a_night_and_a_wish_granted_is_as_the_rules_say(week: wfm.Schedule) -> None:
    rules = Rules(
        preferred_within_min=120, night_from_min=0, night_to_min=5 * 60, night_least_min=60
    )
    grid = day_grid(MONDAY, 2, timedelta(minutes=30), "Europe/Berlin")
    start, end = [grid[2 * 17], grid[2 * 23]], [grid[2 * 25], grid[2 * 31]]
    table = pd.DataFrame({"agent": "a", "start": start, "end": end, "day": MONDAY})
    wish = {"a": 15 * 60 + 30}  # 90 minutes before the first of the two
    plain, asked = mark(table, wish), mark(table, wish, rules=rules)
    assert plain[["nights", "wishes"]].to_numpy().tolist() == [[0, 0], [1, 0]]
    assert asked[["nights", "wishes"]].to_numpy().tolist() == [[1, 1], [1, 0]]
    wishers = [replace(a, preferred_start_min=480) for a in people()]
    near = wfm.schedule_rules(preferred_within_min=0)
    far = wfm.schedule_rules(preferred_within_min=720)
    counts = [wfm.fairness(week, wishers, rules=r).people["wishes"].sum() for r in (near, far)]
    assert counts[0] < counts[1] == wfm.fairness(week, wishers).people["shifts"].sum()


def test_shifts_after_the_window_do_not_count(week: wfm.Schedule) -> None:
    """An older schedule that goes on for a week longer than the newest."""
    later = pd.Timedelta(days=7)
    more = week.frame.assign(start=week.frame["start"] + later, end=week.frame["end"] + later)
    longer = replace(week, frame=pd.concat([week.frame, more], ignore_index=True), days=14)
    alone = wfm.fairness(week, people()).people["shifts"].sum()
    assert wfm.fairness(week, people(), [longer]).people["shifts"].sum() == alone
