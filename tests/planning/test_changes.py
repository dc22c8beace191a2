"""Edits, swaps, sick calls and planning again, as a planner does them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

import wfm
from wfm.core.intervals import day_grid
from wfm.planning.changes import shift_days
from wfm.scheduling.settings import Rules

MONDAY = date(2027, 1, 4)
CONTRACT = wfm.Contract(
    "full", 480, 450, 4, 5, 420, 720, breaks=(wfm.Break("lunch", 30, 180, 300, paid=False),)
)
OTHER = replace(CONTRACT, contract="other")


def people(count: int = 12) -> list[wfm.Agent]:
    return [
        wfm.Agent(f"a{i}", f"Agent {i}", "other" if i == 7 else "full", frozenset({"voice"}), "T")
        for i in range(count)
    ]


def needs(heads: int = 4, days: int = 7) -> wfm.Requirement:
    grid = day_grid(MONDAY, days, timedelta(minutes=30), "Europe/Istanbul")
    grid = grid[(grid.hour >= 8) & (grid.hour < 19)]
    frame = pd.DataFrame({"start": grid, "queue": "voice", "agents": heads, "scheduled": heads})
    return wfm.Requirement(frame, timedelta(minutes=30))


@pytest.fixture(scope="module")
def published() -> wfm.Schedule:
    return wfm.make_schedule(needs(), people(), [CONTRACT, OTHER], first_day=MONDAY, moves=4)


CENTRE = {"requirement": needs(), "agents": people(), "contracts": [CONTRACT, OTHER]}


def starts(schedule: wfm.Schedule) -> dict[tuple[str, date], int]:
    table = shift_days(schedule)[["agent", "day", "start_min"]]
    return {(a, d): s for a, d, s in table.to_numpy().tolist()}


def one_shift(schedule: wfm.Schedule) -> tuple[str, date]:
    agent, day, *_ = shift_days(schedule).iloc[5]
    return agent, day


@pytest.mark.parametrize(("first", "last"), [(-3, -1), (7, None), (400, 410)])
def test_a_sick_call_outside_the_schedule_is_refused(
    published: wfm.Schedule, first: int, last: int | None
) -> None:
    days = [None if n is None else MONDAY + timedelta(days=n) for n in (first, last)]
    told = rf"^sick call of 'a1': {days[0]} to {days[1] or days[0]} lies outside the schedule, "
    with pytest.raises(wfm.DataError, match=told + "2027-01-04 to 2027-01-10. Correct the days, "):
        wfm.sick_call(published, "a1", days[0], days[1], **CENTRE)


def test_a_moved_shift_says_what_it_does_to_hours_and_cost(published: wfm.Schedule) -> None:
    agent, day = one_shift(published)
    now = wfm.edit_schedule(published, [wfm.ShiftEdit("move", agent, day, 720)], **CENTRE)
    assert starts(now.schedule)[agent, day] == 720
    effect = now.effect.set_index("what")
    assert effect.loc["All [cost units]", "change"] == pytest.approx(
        now.schedule.objective - published.objective
    )
    assert effect.loc["Paid hours", "change"] == 0
    heads = now.coverage
    assert (heads["before"] != heads["after"]).all()
    assert len(heads) > 0


def test_a_day_off_takes_the_paid_hours_away_and_names_the_rule_it_breaks(
    published: wfm.Schedule,
) -> None:
    agent, _ = one_shift(published)
    mine = [d for (a, d) in starts(published) if a == agent]
    edits = [wfm.ShiftEdit("off", agent, day) for day in mine[:2]]
    now = wfm.edit_schedule(published, edits, **CENTRE)
    assert now.effect.set_index("what").loc["Paid hours", "change"] == pytest.approx(-15.0)
    assert {(v.rule, v.agent) for v in now.broken} == {("days_per_week", agent)}
    assert now.schedule.status == "nearest"
    back = wfm.edit_schedule(
        now.schedule,
        [wfm.ShiftEdit("add", agent, day, starts(published)[agent, day]) for day in mine[:2]],
        **CENTRE,
    )
    assert {v.rule for v in back.mended} == {"days_per_week"}
    assert starts(back.schedule) == starts(published)


def test_an_activity_is_set_between_two_times_and_checked(published: wfm.Schedule) -> None:
    table = shift_days(published)
    agent, day, _, _, start = table.iloc[0]
    edit = wfm.ShiftEdit("activity", agent, day, start, start + 30, activity="lunch")
    now = wfm.edit_schedule(published, [edit], **CENTRE)
    assert "breaks" in {v.rule for v in now.broken}
    with pytest.raises(wfm.DataError, match="outside the shift"):
        wfm.edit_schedule(
            published,
            [wfm.ShiftEdit("activity", agent, day, start - 60, start, activity="lunch")],
            **CENTRE,
        )


def night(first: date, days: int, time_zone: str) -> dict[str, object]:
    """Three people on nights from 22:00 to 06:00, one needed at a time."""
    grid = day_grid(first, days, timedelta(minutes=30), time_zone)
    grid = grid[(grid.hour >= 22) | (grid.hour < 6)]
    frame = pd.DataFrame({"start": grid, "queue": "voice", "agents": 1, "scheduled": 1})
    return {
        "requirement": wfm.Requirement(frame, timedelta(minutes=30)),
        "agents": [replace(a, contract="full") for a in people(3)],
        "contracts": [wfm.Contract("full", 480, 480, 0, 5, 1320, 1320)],
    }


@pytest.mark.parametrize("first", [MONDAY, date(2027, 3, 28), date(2027, 3, 25)])
def test_an_activity_of_a_night_goes_on_after_midnight(first: date) -> None:
    """2027-03-28 has 23 hours in Berlin; the last night of the schedule ends after it."""
    centre = night(first, 4, "Europe/Berlin")
    made = wfm.make_schedule(**centre, first_day=first, days=4, moves=1)  # type: ignore[arg-type]
    for agent, day in shift_days(made)[["agent", "day"]].to_numpy().tolist():
        for clock, hours, later in (
            ((1410, 30), ("23:30", "00:30"), 0),
            ((1410, 1440), ("23:30", "00:00"), 0),
            ((240, 300), ("04:00", "05:00"), 1),
            ((0, 360), ("00:00", "06:00"), 1),
        ):
            edit = wfm.ShiftEdit("activity", agent, day, *clock, activity="doctor")
            now = wfm.edit_schedule(made, [edit], **centre).schedule.frame  # type: ignore[arg-type]
            rows = now[now["activity"] == "doctor"]
            assert len(rows) == 1
            row = rows.iloc[0]
            assert (row["agent"], f"{row['start']:%H:%M}", f"{row['end']:%H:%M}") == (agent, *hours)
            assert row["start"].date() == day + timedelta(days=later)
        for clock in ((480, 540), (1260, 1380), (300, 240)):
            edit = wfm.ShiftEdit("activity", agent, day, *clock, activity="doctor")
            with pytest.raises(wfm.DataError, match="outside the shift"):
                wfm.edit_schedule(made, [edit], **centre)  # type: ignore[arg-type]


def test_what_is_not_there_is_refused_in_one_sentence(published: wfm.Schedule) -> None:
    agent, day = one_shift(published)
    for edit, why in (
        (wfm.ShiftEdit("off", "nobody", day), "no agent"),
        (wfm.ShiftEdit("off", agent, day + timedelta(days=30)), "outside the schedule"),
        (wfm.ShiftEdit("add", agent, day, 480), "Move it instead"),
        (wfm.ShiftEdit("move", agent, day, 487), "grid"),
        (wfm.ShiftEdit("swap", agent, day, other=agent), "nothing to swap"),
    ):
        with pytest.raises(wfm.DataError, match=why):
            wfm.edit_schedule(published, [edit], **CENTRE)
    with pytest.raises(wfm.DataError, match="not known"):
        wfm.ShiftEdit("shrink", agent, day)


def test_a_legal_swap_partner_can_really_swap_and_at_the_cost_told(
    published: wfm.Schedule,
) -> None:
    agent, day = one_shift(published)
    partners = wfm.swap_partners(published, agent, day, **CENTRE)
    assert partners["legal"].any()
    assert (partners.loc[~partners["legal"], "why"] != "").all()
    for row in partners.itertuples():
        edit = wfm.ShiftEdit("swap", agent, day, other=row.agent)
        now = wfm.edit_schedule(published, [edit], **CENTRE)
        assert (not now.broken) == row.legal
        assert now.schedule.objective - published.objective == pytest.approx(row.cost)


def test_locks_keep_agents_days_and_shifts_through_a_new_plan(published: wfm.Schedule) -> None:
    more = {**CENTRE, "requirement": needs(6)}
    days = [MONDAY + timedelta(days=2)]
    locks = wfm.locks_of(published, agents=["a1", "a2"]) + [
        lock for lock in wfm.locks_of(published, days=days) if lock.agent not in ("a1", "a2")
    ]
    new = wfm.replan_schedule(published, change_cost=0, seconds=10, locks=locks, **more)
    before, after = starts(published), starts(new)
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    assert changed
    assert not {a for a, _ in changed} & {"a1", "a2"}
    assert not {d for _, d in changed} & set(days)
    assert not wfm.check_schedule(new, locks=locks, **more)


def test_dearer_changes_are_fewer_and_unchanged_days_keep_their_breaks(
    published: wfm.Schedule,
) -> None:
    more = {**CENTRE, "requirement": needs(6)}
    counts = []
    for price in (0, 15, 10_000):
        new = wfm.replan_schedule(published, change_cost=price, seconds=10, **more)
        before, after = starts(published), starts(new)
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        counts.append(len(changed))
        assert new.terms["change"] == price * len(changed)
        assert new.bound <= new.objective
    assert counts[0] >= counts[1] >= counts[2] == 0
    assert new.frame.equals(published.frame)


def test_a_sick_call_is_repaired_with_few_changes_and_nothing_before_it(
    published: wfm.Schedule,
) -> None:
    agent, day = next(k for k in starts(published) if k[1] == MONDAY + timedelta(days=2))
    new = wfm.sick_call(published, agent, day, day + timedelta(days=1), **CENTRE)
    assert new.seconds < 2
    before, after = starts(published), starts(new)
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    assert (agent, day) in changed
    assert all(d >= day for _, d in changed)
    assert len({a for a, _ in changed} - {agent}) <= 3
    absent = replace(people()[int(agent[1:])], absences=(wfm.Absence(day, day),))
    rest = [absent if a.agent == agent else a for a in people()]
    assert not wfm.check_schedule(new, **{**CENTRE, "agents": rest})


def test_a_lock_on_a_day_of_absence_names_the_rule(published: wfm.Schedule) -> None:
    agent, day = one_shift(published)
    away = [
        replace(a, absences=(wfm.Absence(day, day),)) if a.agent == agent else a for a in people()
    ]
    with pytest.raises(wfm.DataError, match="breaks the rule absence"):
        wfm.replan_schedule(
            published, **{**CENTRE, "agents": away}, locks=wfm.locks_of(published, agents=[agent])
        )


@pytest.mark.parametrize(
    ("activity", "name", "what"),
    [
        ("outbound", "spring", "on campaign 'spring'"),
        ("meeting", "weekly", "in meeting 'weekly'"),
        ("inbound", "mail", "on queue 'mail'"),
    ],
)
def test_work_that_is_missing_from_what_is_given_is_refused_in_one_sentence(
    published: wfm.Schedule, activity: str, name: str, what: str
) -> None:
    frame = published.frame.copy()
    row = frame.index[frame["activity"] == "inbound"][0]
    frame.loc[row, ["activity", "queue"]] = [activity, name]
    held = replace(published, frame=frame)
    agent, day = frame.loc[row, "agent"], frame.loc[row, "start"].date()
    later = day + timedelta(days=1)
    steps = (
        lambda: wfm.replan_schedule(held, **CENTRE, seconds=1),
        lambda: wfm.sick_call(held, "a3" if agent != "a3" else "a4", later, None, **CENTRE),
        lambda: wfm.swap_partners(held, agent, day, **CENTRE),
        lambda: wfm.explain_schedule(held, **CENTRE),
    )
    for step in steps:
        with pytest.raises(wfm.DataError, match=f"agent '{agent}' is {what} on {day:%a}") as told:
            step()
        assert "that the schedule was made" in str(told.value)


def test_a_list_that_has_shrunk_keeps_nobody_from_a_repair() -> None:
    """Half of the records are gone: what is too much goes back on the queue."""
    calls = wfm.Campaign(
        "calls",
        "voice",
        wfm.Opening.parse("09:00-18:00"),
        40.0,
        records=400,
        attempts=3,
        gap_days=2,
        talk_s=180,
    )
    published = wfm.make_schedule(
        needs(2), people(), [CONTRACT, OTHER], campaigns=[calls], first_day=MONDAY, moves=2
    )
    agent, day = one_shift(published)
    centre = {**CENTRE, "requirement": needs(2), "campaigns": [replace(calls, records=150)]}
    assert "outbound_tries" in {v.rule for v in wfm.check_schedule(published, **centre)}
    assert wfm.sick_call(published, agent, day, None, **centre).violations == ()
    assert wfm.replan_schedule(published, seconds=5, **centre).violations == ()


def supervised() -> dict[str, object]:
    """Of everybody only a1 is a supervisor, and one is to be there at ten on Wednesday."""
    crowd = [replace(a, skills=a.skills | {"lead"}) if a.agent == "a1" else a for a in people()]
    ten = wfm.Opening.parse("Wed 10:00-11:00")
    limit = wfm.StaffLimit("supervisor", least=1, skill="lead", hours=ten)
    wednesday = wfm.Lock("a1", MONDAY + timedelta(days=2), 480)
    return {**CENTRE, "agents": crowd, "limits": [limit], "locks": [wednesday]}


def test_a_sick_call_of_the_only_supervisor_is_repaired_and_says_what_gives_way() -> None:
    centre = supervised()
    made = wfm.make_schedule(**centre, first_day=MONDAY, moves=2)  # type: ignore[arg-type]
    assert made.violations == ()
    day = MONDAY + timedelta(days=2)
    new = wfm.sick_call(made, "a1", day, None, **centre)  # type: ignore[arg-type]
    assert {v.rule for v in new.violations} == {"staff_limits"}
    assert ("a1", day) not in starts(new)
    away = [
        replace(a, absences=(wfm.Absence(day, day),)) if a.agent == "a1" else a
        for a in centre["agents"]  # type: ignore[attr-defined]
    ]
    more = {**centre, "agents": away, "locks": ()}
    other = wfm.sick_call(new, "a3", day, None, **more)  # type: ignore[arg-type]
    assert {v.rule for v in other.violations} == {"staff_limits"}


@pytest.mark.parametrize("whole_week", [True, False])
def test_a_meeting_never_moves_into_the_days_that_are_over(whole_week: bool) -> None:
    thursday = MONDAY + timedelta(days=3)
    talk = wfm.Meeting("talk", ("a1", "a2", "a3"), 60, first=thursday, last=thursday, least=2)
    locks = [wfm.Lock(f"a{i}", thursday, 480) for i in (1, 2, 3)]
    made = wfm.make_schedule(**CENTRE, meetings=[talk], locks=locks, first_day=MONDAY, moves=2)
    assert made.violations == ()
    if whole_week:
        talk = replace(talk, first=None, last=None, least=3)
    sick = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
    new = wfm.sick_call(made, "a1", *sick, **CENTRE, meetings=[talk])
    held = new.frame[new.frame["activity"] == "meeting"]
    assert (held["start"].dt.date >= sick[0]).all()
    assert "a1" not in set(held.loc[held["start"].dt.date <= sick[1], "agent"])
    if not whole_week:
        assert set(held["agent"]) == {"a2", "a3"}
        assert new.violations == ()


def test_what_was_kept_against_the_rules_on_days_that_are_over_stops_no_repair(
    published: wfm.Schedule,
) -> None:
    """Somebody ended late on Monday and began early on Tuesday; on Wednesday another is sick."""
    on = starts(published)
    tuesday = MONDAY + timedelta(days=1)
    tired = next(a for a, d in on if d == MONDAY and (a, tuesday) in on)
    edits = [wfm.ShiftEdit("move", tired, MONDAY, 720), wfm.ShiftEdit("move", tired, tuesday, 420)]
    kept = wfm.edit_schedule(published, edits, **CENTRE)
    assert {"rest", "band"} & {v.rule for v in kept.broken}
    wednesday = MONDAY + timedelta(days=2)
    sick = next(a for a, d in on if d == wednesday and a != tired)
    new = wfm.sick_call(kept.schedule, sick, wednesday, None, **CENTRE)
    before, after = starts(kept.schedule), starts(new)
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    assert (sick, wednesday) in changed
    assert all(day >= wednesday for _, day in changed)
    assert {str(v) for v in new.violations} <= {str(v) for v in kept.schedule.violations}


def test_a_contract_that_has_changed_loses_no_shift(published: wfm.Schedule) -> None:
    shorter = [replace(c, shift_min=450, paid_min=420) for c in (CONTRACT, OTHER)]
    changed = {**CENTRE, "contracts": shorter}
    agent, day = one_shift(published)
    steps = (
        lambda: wfm.place_meetings(published, **changed),
        lambda: wfm.fairer_schedule(published, **changed, seconds=1),
        lambda: wfm.explain_schedule(published, **changed),
        lambda: wfm.swap_partners(published, agent, day, **changed),
    )
    for step in steps:
        with pytest.raises(wfm.DataError, match="lasts 480 min, which no shift of its contract"):
            step()
    moved = wfm.edit_schedule(published, [wfm.ShiftEdit("move", agent, day, 720)], **changed)
    assert set(starts(moved.schedule)) == set(starts(published))
    again = wfm.replan_schedule(published, **changed, seconds=5)
    assert again.violations == ()
    assert set(shift_days(again)["end"] - shift_days(again)["start"]) == {pd.Timedelta(minutes=450)}


def test_a_bound_ends_where_something_else_is_asked_for(published: wfm.Schedule) -> None:
    """Less is needed now: what was the least cost then may be far above what there can be."""
    agent, day = one_shift(published)
    edit = [wfm.ShiftEdit("move", agent, day, 720)]
    same = wfm.edit_schedule(published, edit, **CENTRE).schedule
    assert same.bound == published.bound > published.min_labour
    less = {**CENTRE, "requirement": needs(2)}
    assert wfm.edit_schedule(published, edit, **less).schedule.bound == published.min_labour
    for made in (
        wfm.place_meetings(published, **less),
        wfm.fairer_schedule(published, **less, seconds=1),
    ):
        assert made.bound == made.min_labour
        assert made.status == "feasible"
    fewer = {**CENTRE, "agents": people()[:-1]}
    rows = published.frame[published.frame["agent"] != people()[-1].agent]
    left = wfm.edit_schedule(replace(published, frame=rows), edit, **fewer).schedule
    assert left.bound == left.min_labour


def test_a_bound_ends_where_a_rule_is_loosened_and_no_lock_ends_it(
    published: wfm.Schedule,
) -> None:
    """Here nothing that is priced changes, only what would have been allowed."""
    agent, day = one_shift(published)

    def bound(made: wfm.Schedule, **changed: object) -> float:
        edit = [wfm.ShiftEdit("move", agent, day, 720)]
        return wfm.edit_schedule(made, edit, **CENTRE | changed).schedule.bound

    assert bound(published, rules=Rules(rest_min=600)) == published.min_labour
    longer = replace(CONTRACT, start_to_min=780)
    assert bound(published, contracts=[longer, OTHER]) == published.min_labour
    lock = wfm.Lock(agent, day, starts(published)[agent, day])
    assert bound(published, locks=[lock]) == published.bound
    held = wfm.replan_schedule(published, **CENTRE, locks=[lock], seconds=2)
    assert held.bound > held.min_labour
    assert bound(held, locks=[lock]) == held.bound
    assert bound(held) == held.min_labour


def test_an_edit_tells_its_own_effect_and_nothing_else(published: wfm.Schedule) -> None:
    agent, day = one_shift(published)
    sick = wfm.sick_call(published, agent, day, None, **CENTRE)
    assert sick.terms["change"] > 0
    away = [
        replace(a, absences=(wfm.Absence(day, day),)) if a.agent == agent else a for a in people()
    ]
    now = {**CENTRE, "agents": away, "requirement": needs(3)}
    other, when = next(key for key in starts(sick) if key[0] != agent)
    same = wfm.ShiftEdit("move", other, when, starts(sick)[other, when])
    effect = wfm.edit_schedule(sick, [same], **now).effect.set_index("what")["change"]
    assert not [name for name in effect.index if "published" in name]
    assert effect["Hours above the requirement"] == pytest.approx(0, abs=1)
    assert abs(effect["All [cost units]"]) < 20  # the breaks of one shift


def test_a_break_set_by_hand_stays_what_it_is(published: wfm.Schedule) -> None:
    """A second lunch and an hour of something else: whatever comes after knows them."""
    table = shift_days(published)
    agent, day, _, _, start = table.iloc[0]
    sooner = [
        wfm.ShiftEdit("activity", agent, day, start, start + 30, activity="lunch"),
        wfm.ShiftEdit("activity", agent, day, start + 60, start + 120, activity="doctor"),
    ]
    made = wfm.edit_schedule(published, sooner, **CENTRE).schedule
    names = made.frame[made.frame["agent"] == agent].groupby("activity").size()
    assert (names["doctor"], names["lunch"]) == (1, 1 + (table["agent"] == agent).sum())
    later = MONDAY + timedelta(days=6)
    other = next(a for a, d in starts(made) if d == later and a != agent)
    talk = wfm.Meeting("talk", ("a1", "a2"), 30, least=1)
    for new in (
        wfm.sick_call(made, other, later, None, **CENTRE),
        wfm.place_meetings(made, **CENTRE, meetings=[talk]),
        wfm.fairer_schedule(made, **CENTRE, seconds=1),
    ):
        got = new.frame.groupby("activity").size()
        assert got["doctor"] == 1
    wfm.explain_schedule(made, **{**CENTRE, "requirement": needs(9)})
    partners = wfm.swap_partners(made, agent, day, **CENTRE)
    assert len(partners)


def test_an_absence_takes_the_days_it_shares_with_others() -> None:
    from wfm.planning.changes import absences_with

    days = [MONDAY + timedelta(days=i) for i in range(7)]
    leave = wfm.Absence(days[3], days[4], "leave")
    joined = absences_with([leave], wfm.Absence(days[2], days[3], "sick"))
    assert {(a.first, a.last, a.reason) for a in joined} == {
        (days[2], days[3], "sick"),
        (days[4], days[4], "leave"),
    }


def test_a_meeting_is_placed_from_a_day_on_and_one_that_was_held_stays(
    published: wfm.Schedule,
) -> None:
    talk = wfm.Meeting("talk", tuple(f"a{i}" for i in range(6)), 30, least=2)
    held = wfm.place_meetings(published, **CENTRE, meetings=[talk])
    day = held.frame.loc[held.frame["activity"] == "meeting", "start"].dt.date.iloc[0]
    saturday = MONDAY + timedelta(days=5)
    more = wfm.Meeting("more", tuple(f"a{i}" for i in range(6, 12)), 30, least=1)
    later = wfm.place_meetings(held, **CENTRE, meetings=[talk, more], since=saturday)
    at = later.frame[later.frame["activity"] == "meeting"].groupby("queue")["start"].min().dt.date
    assert at["talk"] == day
    assert at["more"] >= saturday
    none = wfm.place_meetings(
        published, **CENTRE, meetings=[talk], since=MONDAY + timedelta(days=30)
    )
    assert [v.rule for v in none.violations] == ["meetings"]
