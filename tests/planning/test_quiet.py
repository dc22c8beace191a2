"""E-mail and post that wait for quiet periods: pieces, campaigns, and the service they get."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs
from wfm.core import tables
from wfm.core.intervals import day_grid
from wfm.planning.quiet import opening_of, quiet_campaigns, quiet_pieces, quiet_service

ZONE = "Europe/Istanbul"
MAIL = wfm.Queue("mail", "survey", "email", due_h=26.0, worked="quiet")
HALF_HOUR = timedelta(minutes=30)


def mail_forecast(
    days: int = 5,
    step: timedelta = HALF_HOUR,
    hours: tuple[int, int] = (8, 16),
    volume: float = 2.0,
) -> wfm.Forecast:
    grid = day_grid(MONDAY, days, step, ZONE)
    grid = grid[(grid.hour >= hours[0]) & (grid.hour < hours[1]) & (grid.day_of_week < 5)]
    frame = pd.DataFrame({"start": grid, "queue": "mail", "volume": volume, "aht_s": 300.0})
    return wfm.Forecast(frame.assign(volume_q10=0.0, volume_q90=9.0), step)


def staffed(queue: wfm.Queue = MAIL, **settings: object) -> wfm.Requirement:
    target = wfm.ServiceTarget.parse("80/20")
    return wfm.staff(mail_forecast(), target, queues=[queue], **settings)


def both() -> wfm.Requirement:
    """Calls for three heads all day, and mail that waits."""
    mail = staffed().frame
    calls = needs(3).frame.assign(channel="voice")
    frame = pd.concat([calls, mail], ignore_index=True)
    for name, value in {"shrinkage": 0.0, "assumed": "", "flags": "", "volume": 0.0}.items():
        frame[name] = frame[name].fillna(value)
    for name in ("aht_s", "load", "agents_exact", "abandoned", "occupancy"):
        frame[name] = frame[name].fillna(0.0)
    steps = [c for c in frame if c.startswith("step_")]
    return wfm.Requirement(frame.drop(columns=steps), HALF_HOUR)


PEOPLE = [wfm.Agent(f"a{i}", "", "full", frozenset({"voice", "survey"})) for i in range(12)]
CENTRE = {"agents": PEOPLE, "contracts": [CONTRACT], "skills": {"mail": "survey"}}


@pytest.fixture(scope="module")
def made() -> tuple[wfm.Schedule, wfm.Requirement]:
    need = both()
    return wfm.make_schedule(need, **CENTRE, first_day=MONDAY, moves=2), need


def test_a_quiet_queue_asks_for_no_heads_and_its_steps_still_add_up() -> None:
    frame = staffed(shrinkage=0.2).frame
    assert frame["scheduled"].sum() == frame["agents"].sum() == 0
    assert frame["quiet_h"].sum() == pytest.approx(5 * 16 * 2 * 300 / 3600)
    steps = frame[[c for c in frame if c.startswith("step_")]]
    assert np.allclose(steps.sum(axis=1), 0.0)
    assert frame["service_level"].isna().all(), "nobody knows it before the schedule"


def test_the_backlog_comes_in_with_the_first_interval() -> None:
    frame = staffed(replace(MAIL, backlog=24)).frame
    assert frame["quiet_h"].iloc[0] == pytest.approx((2 + 24) * 300 / 3600)
    assert frame["quiet_h"].iloc[1] == pytest.approx(2 * 300 / 3600)


def test_what_comes_in_on_a_day_is_a_piece_and_is_cut_where_little_time_is_left() -> None:
    pieces = quiet_pieces(staffed())
    # From 8:00 a contact has 16 half hours of its own day and 4 of the next; the one of 15:30 has
    # 1 and 16, so that the day's last leaves 1 + 4 of 20: less than a third, and the day is halved.
    assert [p.name for p in pieces[:2]] == [
        "mail 2027-01-04 08:00",
        "mail 2027-01-04 12:00",
    ]
    wide = quiet_pieces(staffed(replace(MAIL, due_h=48.0)))
    assert wide[0].name == "mail 2027-01-04"
    assert f"{wide[0].not_before:%a %H:%M} {wide[0].due:%a %H:%M}" == "Mon 15:30 Wed 08:00"


def test_shrinkage_adds_to_the_hours_on_the_roster() -> None:
    plain = sum(p.hours for p in quiet_pieces(staffed(shrinkage=0.0)))
    assert sum(p.hours for p in quiet_pieces(staffed(shrinkage=0.2))) == pytest.approx(plain / 0.8)


@given(
    due_h=st.sampled_from([1.0, 2.0, 5.0, 24.0, 26.0, 48.0, 100.0, 240.0]),
    step=st.sampled_from([15, 30, 60]),
    first=st.integers(0, 20),
    length=st.integers(1, 24),
)
@settings(max_examples=60, deadline=None)
def test_pieces_hold_all_work_once_and_every_contact_keeps_its_time(
    due_h: float, step: int, first: int, length: int
) -> None:
    hours = (first, min(first + length, 24))
    forecast = mail_forecast(7, timedelta(minutes=step), hours)
    need = wfm.staff(forecast, wfm.ServiceTarget(0.8), queues=[replace(MAIL, due_h=due_h)])
    pieces = quiet_pieces(need)
    rows = np.concatenate([p.rows for p in pieces])
    assert sorted(rows) == list(range(len(need.frame)))
    assert len({p.name for p in pieces}) == len(pieces)
    assert sum(p.hours for p in pieces) == pytest.approx(need.frame["quiet_h"].sum() / 0.9)
    starts = need.frame["start"]
    for piece in pieces:
        mine = starts.iloc[piece.rows]
        assert piece.due == mine.min() + pd.Timedelta(hours=due_h)
        late = mine.max() - piece.not_before
        assert late <= pd.Timedelta(0) or late < pd.Timedelta(hours=1)
    campaigns = quiet_campaigns(need, MONDAY, 7)
    grid = day_grid(MONDAY, 9, timedelta(minutes=step), ZONE)
    for one in campaigns:
        opened = one.open_at(grid, step)
        assert opened.any()
        assert set(grid[opened]) <= {*starts, *grid[7 * 24 * 60 // step :]}


def test_work_due_after_the_schedule_shares_itself_between_this_one_and_the_next() -> None:
    need = wfm.staff(mail_forecast(12), wfm.ServiceTarget(0.8), queues=[replace(MAIL, due_h=72.0)])
    whole = sum(p.hours for p in quiet_pieces(need))
    weeks = [quiet_campaigns(need, MONDAY + timedelta(days=7 * i), 7) for i in range(3)]
    hours = [sum(c.target_h for c in week) for week in weeks]
    assert all(hours)
    rounded = sum(len(week) for week in weeks) * 0.25
    assert whole <= sum(hours) <= whole + rounded


def test_the_schedule_works_each_piece_after_it_came_in_and_before_it_is_due(
    made: tuple[wfm.Schedule, wfm.Requirement],
) -> None:
    schedule, need = made
    work = schedule.frame[schedule.frame["activity"] == "outbound"]
    pieces = {p.name: p for p in quiet_pieces(need)}
    assert set(work["queue"]) <= set(pieces)
    assert len(work) > 5
    for row in work.itertuples():
        piece = pieces[row.queue]
        assert piece.not_before <= row.start < row.end <= piece.due
        assert 8 <= row.start.hour < 16
    assert not wfm.check_schedule(schedule, need, **CENTRE)
    assert schedule.outbound["connects"].sum() == pytest.approx(
        schedule.outbound["placed_h"].sum() * 12 * 0.9
    )


def test_its_service_is_the_share_that_is_placed_in_time(
    made: tuple[wfm.Schedule, wfm.Requirement],
) -> None:
    schedule, need = made
    table = quiet_service(schedule, need)
    done = schedule.outbound.set_index("campaign")
    piece = quiet_pieces(need)[0]
    wanted, placed = done.loc[piece.name, ["target_h", "placed_h"]]
    level = table["service_level"].iloc[: len(piece.rows)]
    assert (level == min(placed / wanted, 1)).all()
    assert table["heads"].sum() * 0.5 == pytest.approx(done["placed_h"].sum() * 0.9)
    nothing = replace(schedule, outbound=schedule.outbound.assign(placed_h=0.0))
    known = quiet_service(nothing, need)
    assert (known.loc[known["counted"] > 0, "service_level"] == 0).all()


def test_predicted_service_joins_callers_and_waiting_mail() -> None:
    calls = mail_forecast().frame.assign(queue="voice", volume=20.0)
    frame = pd.concat([mail_forecast().frame, calls], ignore_index=True)
    forecast = wfm.Forecast(frame, HALF_HOUR)
    need = wfm.staff(forecast, wfm.ServiceTarget(0.8, within_s=20), queues=[MAIL])
    schedule = wfm.make_schedule(need, **CENTRE, first_day=MONDAY, moves=2)
    by_interval = wfm.predict_service(schedule, need)
    assert len(by_interval) == len(need.frame)
    alone = need.frame[need.frame["queue"] == "voice"].drop(columns="quiet_h")
    voice = wfm.predict_service(schedule, replace(need, frame=alone))
    shown = by_interval[by_interval["queue"] == "voice"].reset_index(drop=True)
    pd.testing.assert_frame_equal(shown[voice.columns.tolist()], voice)
    days = wfm.predict_service(schedule, need, by="day")
    mail = days[days["queue"] == "mail"]
    assert len(mail) == 5
    assert mail["service_level"].between(0, 1).all()
    assert mail["volume"].tolist() == [32.0] * 5


def test_people_to_fit_are_enough_for_the_waiting_mail() -> None:
    from wfm.planning.people import people_to_fit

    need = staffed()
    agents, _ = people_to_fit(need, skills={"mail": "survey"})
    assert agents
    assert all("survey" in agent.skills for agent in agents)


def test_a_queue_that_cannot_wait_or_is_due_at_once_is_refused() -> None:
    with pytest.raises(wfm.DataError, match="voice cannot wait for quiet periods"):
        wfm.Queue("a", "a", worked="quiet")
    with pytest.raises(wfm.DataError, match="'later' is not known"):
        wfm.Queue("a", "a", "email", worked="later")
    with pytest.raises(wfm.DataError, match="before an open interval is over"):
        quiet_campaigns(staffed(replace(MAIL, due_h=0.25)), MONDAY, 7)


def test_the_table_of_queues_keeps_how_work_is_done() -> None:
    plain = replace(MAIL, worked="heads")
    assert tables.queues_from(tables.queues_table([MAIL, replace(plain, queue="b")])) == (
        MAIL,
        replace(plain, queue="b"),
    )


def test_opening_hours_are_read_off_the_intervals_also_around_midnight() -> None:
    grid = pd.date_range("2027-01-04 22:00", periods=8, freq="30min", tz=ZONE)
    opening = opening_of(pd.Series(grid), pd.Timedelta("30min"))
    week = pd.date_range("2027-01-04", periods=14 * 48, freq="30min", tz=ZONE)
    assert set(week[opening.open_at(week)][:8]) == set(grid)
    assert opening.open_at(week).sum() == 16


def test_what_a_schedule_leaves_at_its_edge_for_less_than_an_hour_goes_to_the_other() -> None:
    grid = day_grid(MONDAY, 14, HALF_HOUR, ZONE)
    frame = pd.DataFrame({"start": grid, "queue": "mail", "volume": 2.0, "aht_s": 300.0})
    forecast = wfm.Forecast(frame.assign(volume_q10=0.0, volume_q90=9.0), HALF_HOUR)
    need = wfm.staff(forecast, wfm.ServiceTarget(0.8), queues=[replace(MAIL, due_h=4.0)])
    weeks = [quiet_campaigns(need, MONDAY + timedelta(days=7 * i), 7) for i in range(2)]
    inside = [(c.due - c.not_before).total_seconds() / 3600 for week in weeks for c in week]
    assert min(inside) >= 1
    whole = sum(p.hours for p in quiet_pieces(need)[:-8])
    assert sum(c.target_h for week in weeks for c in week) >= whole


def test_mail_that_did_not_come_keeps_nobody_from_a_repair(
    made: tuple[wfm.Schedule, wfm.Requirement],
) -> None:
    """Tuesday's piece is gone from the requirement: who was on it goes back to the calls."""
    published, need = made
    lost = "mail 2027-01-05"
    assert published.frame["queue"].str.startswith(lost).any()
    tuesday = (need.frame["queue"] == "mail") & (need.frame["start"].dt.day == 5)
    less = replace(need, frame=need.frame.assign(quiet_h=need.frame["quiet_h"].mask(tuesday, 0.0)))
    for again in (
        wfm.replan_schedule(published, less, **CENTRE, seconds=3),
        wfm.sick_call(published, "a0", MONDAY + timedelta(days=2), None, less, **CENTRE),
    ):
        assert again.violations == ()
        assert not again.frame["queue"].str.startswith(lost).any()
