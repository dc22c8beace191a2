"""Clashes are mended by the smallest fix, proven by a schedule; rules and locks have a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wfm
from tests.planning.test_changes import CONTRACT, MONDAY, needs, people
from wfm.core.calendars import Opening
from wfm.scheduling.people.alone import Alone

TERMS = [CONTRACT, replace(CONTRACT, contract="other")]
DAYS = [MONDAY + timedelta(days=i) for i in range(7)]
AWAY = wfm.Absence(DAYS[0], DAYS[2])


def crowd(**changed: object) -> list[wfm.Agent]:
    return [replace(a, **changed) if a.agent == "a3" else a for a in people()]  # type: ignore[arg-type]


def lock(day: int, start: int | None = None) -> wfm.Lock:
    return wfm.Lock("a3", DAYS[day], start)


CLASHES = {
    "locks": {"locks": [lock(d) for d in range(4)]},
    "a lock that is no start": {"locks": [lock(1, 400)]},
    "own hours": {"agents": crowd(hours=Opening.parse("Mon-Wed 08:00-18:00"))},
    "locked starts too far apart": {"locks": [lock(1, 420), lock(2, 720)]},
    "a lock in an absence": {
        "agents": crowd(absences=(wfm.Absence(DAYS[1], DAYS[1]),)),
        "locks": [lock(1, 480)],
    },
    "days in a row": {
        "rules": wfm.schedule_rules(max_days_in_row=1),
        "locks": [lock(d, 480) for d in (0, 1)],
    },
}


@pytest.mark.parametrize("case", CLASHES)
def test_the_smallest_fix_of_a_clash_is_found_and_proven(case: str) -> None:
    asked = {"agents": people(), "contracts": TERMS, "first_day": MONDAY, **CLASHES[case]}
    with pytest.raises(wfm.InfeasibleError) as refused:
        wfm.make_schedule(needs(3), **asked, moves=1)
    assert refused.value.violations
    before_the_search = isinstance(refused.value, wfm.DataError)
    assert (refused.value.nearest is None) == before_the_search
    found = wfm.smallest_fix(needs(3), **asked, seconds=2, moves=1)
    assert "a3" in set(found.frame["agent"])
    assert found.frame["proven"].all()
    assert not found.schedule.violations
    if "locks" in CLASHES[case] and case != "locks":
        assert set(found.frame["rule"]) == {"locks"}
    if case == "own hours":
        assert found.frame["rule"].tolist() == ["hours"]
        assert "a3 works outside its own hours" in found.frame["fix"].iloc[0]
        assert "ask 3 instead of 4 days a week of a3" in found.frame["other"].iloc[0]


def test_nothing_to_mend_is_said() -> None:
    with pytest.raises(wfm.DataError, match="nothing clashes"):
        wfm.smallest_fix(needs(3), people(), TERMS, first_day=MONDAY)


def test_rules_and_locks_have_prices_and_a_bad_lock_is_dear() -> None:
    asked = {"contracts": TERMS, "first_day": MONDAY}
    off = [wfm.Lock(f"a{i}", DAYS[2], None) for i in range(9)]
    table = wfm.price_rules(needs(4), people(), **asked, locks=off)
    assert (table["saves"] >= 0).all()
    assert table["saves"].is_monotonic_decreasing
    every = table[(table["rule"] == "locks") & (table["agent"] == "")]["saves"].iloc[0]
    single = table[(table["rule"] == "locks") & (table["agent"] != "")]
    assert len(single) == 9
    assert every >= single["saves"].max() - 1e-6
    assert every > 100
    assert {"rest", "band", "days_per_week", "starts", "locks"} <= set(table["rule"])


def test_every_rule_that_is_switched_on_has_a_price() -> None:
    """One only works from 11:00, and two are asked for though one would do."""
    late = Opening.parse("Mon-Sun 11:00-23:00")
    crew = [replace(a, skills=a.skills | {"out"}) for a in people()]
    crew[0] = replace(crew[0], hours=late)
    table = wfm.price_rules(
        needs(1),
        crew,
        contracts=[replace(TERMS[0], min_days_week=0), *TERMS[1:]],
        rules=wfm.schedule_rules(break_gap_min=60, outbound_block_min=60, break_heads_max=1),
        campaigns=[wfm.Campaign("calls", "out", late, target_h=2)],
        limits=[wfm.StaffLimit("enough", least=4), wfm.StaffLimit("seats", most=99)],
        first_day=MONDAY,
    ).set_index("rule")
    for rule, now in (
        ("break_spacing", "at least 60 min"),
        ("outbound_block", "60 min"),
        ("break_bunching", "1 heads"),
    ):
        assert table.loc[rule, ["now", "without"]].tolist() == [now, "none"]
    assert table.loc["hours", ["agent", "now"]].tolist() == [crew[0].agent, "of 1 agents"]
    limits = table.loc["staff_limits"].set_index("now")["saves"]
    assert set(limits.index) == {"enough", "seats"}
    assert limits["enough"] > limits["seats"]
    assert limits["seats"] == pytest.approx(0, abs=2)
    assert table["saves"].notna().all()


def test_days_between_two_tries_have_a_price() -> None:
    """Thirty calls of ten minutes are five hours of the eighteen wanted.

    Each quarter of the other thirteen costs 3 undone, and 1 for who has nothing else to do.
    """
    crew = [replace(a, skills=a.skills | {"out"}) for a in people()]
    calls = wfm.Campaign("calls", "out", Opening.parse("Mon-Sun 09:00-21:00"), 18)
    calls = replace(calls, records=30, talk_s=600, attempts=5, gap_days=7)
    prices = wfm.price_rules(
        needs(1), crew, contracts=TERMS, campaigns=[calls], first_day=MONDAY
    ).set_index("rule")["saves"]
    assert prices["outbound_tries"] == pytest.approx(13 * 4 * (3 + 1), rel=0.01)


def test_hours_that_keep_people_away_have_a_price() -> None:
    """All may only come after noon, when half of the day is over."""
    late = Opening.parse("Mon-Sun 12:00-24:00")
    crew = [replace(a, hours=late) for a in people()]
    asked = {"contracts": [replace(c, min_days_week=0) for c in TERMS], "first_day": MONDAY}
    table = wfm.price_rules(needs(3), crew, **asked)
    hours = table[table["rule"] == "hours"].iloc[0]
    assert (hours["agent"], hours["now"]) == ("", f"of {len(crew)} agents")
    assert hours["saves"] > 100


def test_a_lock_that_fits_costs_nothing() -> None:
    asked = {"contracts": TERMS, "first_day": MONDAY}
    free = wfm.price_rules(needs(1), people(), **asked, locks=[wfm.Lock("a1", DAYS[6], None)])
    assert free[free["rule"] == "locks"]["saves"].max() == pytest.approx(0, abs=2)


def fixed(**asked: object) -> wfm.Fixed:
    return wfm.smallest_fix(
        **{
            "requirement": needs(2),
            "contracts": TERMS,
            "first_day": MONDAY,
            "seconds": 2,
            "moves": 1,
            **asked,
        }
    )  # type: ignore[arg-type]


def test_a_lock_at_midnight_is_no_day_off() -> None:
    nights = replace(CONTRACT, start_from_min=0, start_to_min=0)
    locks = [wfm.Lock("a1", day, 0) for day in DAYS[:4]]
    locks += [wfm.Lock("a3", day, None) for day in DAYS[:4]]
    crowd = [replace(a, contract="full") for a in people(5)]
    found = fixed(agents=crowd, contracts=[nights], locks=locks)
    assert found.frame["agent"].tolist() == ["a3"]
    assert not found.schedule.violations


def test_a_locked_kind_of_shift_and_a_time_zone_tell_people_apart() -> None:
    long = wfm.ShiftKind("long", 720, 720, 480, 480)
    mixed = replace(
        CONTRACT, min_days_week=4, max_days_week=4, more_shifts=(long,), max_hours_week=32
    )
    crowd = [replace(a, contract="full") for a in people(5)]
    locks = [wfm.Lock("a1", DAYS[0], 480, "full"), wfm.Lock("a3", DAYS[0], 480, "long")]
    found = fixed(agents=crowd, contracts=[mixed], locks=locks)
    assert found.frame["agent"].tolist() == ["a3"]

    away = [replace(a, time_zone="America/New_York") if a.agent == "a3" else a for a in crowd]
    locks = [wfm.Lock(name, DAYS[0], 480) for name in ("a1", "a3")]
    found = fixed(agents=away, contracts=[CONTRACT], locks=locks)
    assert found.frame["agent"].tolist() == ["a3"]


@pytest.mark.parametrize("name", ["Tom's coaching", "it's Ann's", "plain"])
def test_a_meeting_of_any_name_is_held_with_those_who_can_be_there(name: str) -> None:
    away = (wfm.Absence(MONDAY, MONDAY),)
    crowd = [
        replace(a, contract="full", absences=away if a.agent == "a3" else ()) for a in people()
    ]
    others = wfm.Meeting("Ann", ("a2", "a4"), 30)
    monday = wfm.Meeting(name, ("a1", "a3"), 30, first=MONDAY, last=MONDAY)
    here = [wfm.Lock("a1", MONDAY, 480)]
    found = fixed(agents=crowd, meetings=[monday, others], locks=here)
    assert found.frame["fix"].tolist() == [f"hold {name} with 1 instead of 2 agents"]
    assert not found.schedule.violations
    assert [m.needed for m in found.settings["meetings"]] == [1, 2]
    assert found.frame["proven"].tolist() == [True]

    off = [wfm.Lock("a1", MONDAY, None)]
    found = fixed(agents=crowd, meetings=[monday, others], locks=off)
    assert found.frame["fix"].tolist() == [f"leave out {name}, or give it other days and hours"]
    assert not found.schedule.violations
    assert found.settings["meetings"] == [others]
    assert found.frame["proven"].tolist() == [True]


def test_a_meeting_that_no_two_can_attend_at_once_is_named_and_held_with_one() -> None:
    """One works from seven to three, the other from noon to eight; they would meet at nine."""
    hours = {"a1": "Mon-Sun 07:00-15:00", "a3": "Mon-Sun 12:00-20:00"}
    crowd = [
        replace(
            a, contract="full", hours=Opening.parse(hours[a.agent]) if a.agent in hours else None
        )
        for a in people()
    ]
    morning = Opening.parse("Mon-Fri 09:00-11:00")
    talk = wfm.Meeting("talk", ("a1", "a3"), 30, hours=morning)
    asked = {"agents": crowd, "contracts": TERMS, "meetings": [talk], "first_day": MONDAY}
    named = wfm.find_clashes(needs(2), **asked)
    assert [(v.rule, v.agent) for v in named] == [("meetings", "a3")]
    assert "needs 2 agents, but this one cannot be there" in named[0].text
    found = fixed(**asked)
    assert found.frame["fix"].tolist() == ["hold talk with 1 instead of 2 agents"]
    assert found.frame["proven"].tolist() == [True]
    assert not found.schedule.violations
    noon = replace(talk, hours=Opening.parse("Mon-Fri 12:00-15:00"))
    assert wfm.find_clashes(needs(2), **{**asked, "meetings": [noon]}) == []


@pytest.mark.parametrize("leads", [2, 6])
def test_a_limit_is_eased_by_the_least_for_which_there_is_a_schedule(leads: int) -> None:
    """Eight hours of work with a lunch inside: one of the leads is always out at lunch."""
    contract = replace(CONTRACT, min_days_week=3)
    crowd = [
        replace(a, contract="full", skills=a.skills | ({"lead"} if i < leads else set()))
        for i, a in enumerate(people(2 * leads))
    ]
    hours = Opening.parse("Mon-Fri 09:00-17:00")
    limits = [wfm.StaffLimit("lead", least=leads, skill="lead", hours=hours)]
    found = fixed(agents=crowd, contracts=[contract], limits=limits)
    said = f"at least {leads - 1} instead of {leads} at work: lead"
    assert found.frame["fix"].tolist() == [said]
    assert [limit.least for limit in found.settings["limits"]] == [leads - 1]
    assert not found.schedule.violations
    assert found.schedule.status != "nearest"
    assert found.schedule.bound <= found.schedule.objective
    assert found.frame["proven"].tolist() == [True]


def test_a_limit_of_which_only_a_search_says_no_is_not_called_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crowd = [replace(a, contract="full", skills=a.skills | {"lead"}) for a in people(2)]
    hours = Opening.parse("Mon-Fri 09:00-17:00")
    limits = [wfm.StaffLimit("lead", least=2, skill="lead", hours=hours)]
    asked = {
        "agents": crowd,
        "contracts": [replace(CONTRACT, min_days_week=3)],
        "limits": limits,
    }
    assert fixed(**asked).frame["proven"].tolist() == [True]
    monkeypatch.setattr("wfm.scheduling.finished.proofs.no_schedule_keeps_limits", lambda *_: False)
    monkeypatch.setattr("wfm.scheduling.refused.clash.unkept_limits", lambda _: [])
    assert fixed(**asked).frame["proven"].tolist() == [False]


def test_limits_that_can_be_kept_are_never_proven_out_of_reach() -> None:
    """Two of four at work from nine to five: with one fewer than all there is always a way."""
    from wfm.planning.steps import schedule_problem
    from wfm.scheduling.finished.proofs import no_schedule_keeps_limits

    crowd = [replace(a, contract="full", skills=a.skills | {"lead"}) for a in people(4)]
    terms = [replace(CONTRACT, min_days_week=3)]
    proofs = {}
    for least in range(5):
        limit = wfm.StaffLimit(
            "lead", least=least, skill="lead", hours=Opening.parse("Mon-Fri 09:00-17:00")
        )
        problem = schedule_problem(
            needs(2), agents=crowd, contracts=terms, limits=[limit], first_day=MONDAY, days=7
        )
        proofs[least] = no_schedule_keeps_limits(problem, 10)
        made = wfm.make_schedule(
            needs(2), crowd, terms, limits=[limit], first_day=MONDAY, seconds=2
        )
        assert not (proofs[least] and made.status != "nearest")
    assert not proofs[0]
    assert proofs[4]


WEEKS = [MONDAY + timedelta(days=i) for i in range(28)]


def at(day: int, start: int | None = None) -> wfm.Lock:
    return wfm.Lock("a3", WEEKS[day], start)


SEVERAL_WEEKS = {
    "refused by itself": ({"max_days_in_row": 3}, [at(d, 480) for d in (5, 6, 7, 8)], "locks"),
    "free weekends": ({"weekends_off_in": 2}, [at(5, 480), at(7), at(8)], "locks"),
    "rest": ({"rest_min": 1080, "band_min": None}, [at(7), at(8), at(9)], "locks"),
    "days in a row": ({"max_days_in_row": 4}, [at(d) for d in (0, 1, 2, 10, 11, 12)], "locks"),
    "one lock is not enough": (
        {"max_days_in_row": 4},
        [at(d) for d in (0, 1, 2, 10, 11, 12, 13)],
        "days_per_week",
    ),
}


@pytest.mark.parametrize("case", SEVERAL_WEEKS)
def test_the_smallest_fix_of_several_weeks_is_proven(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits, locks, rule = SEVERAL_WEEKS[case]
    asked = {
        "requirement": needs(3, 28),
        "agents": people(),
        "days": 28,
        "rules": wfm.schedule_rules(**limits),
        "locks": locks,
    }
    found = fixed(**asked)
    assert found.frame["agent"].tolist() == ["a3"]
    assert found.frame["rule"].tolist() == [rule]
    assert found.frame["proven"].tolist() == [True]
    assert not found.schedule.violations
    nothing = Alone(None, proven=False)
    monkeypatch.setattr("wfm.scheduling.people.construct.work_alone", lambda *_: nothing)
    unproven = fixed(**asked).frame["proven"].tolist()
    assert unproven == [case == "refused by itself"]


ROUND = replace(CONTRACT, paid_min=480, breaks=(), start_from_min=360, start_to_min=1320)
"""Shifts from 06:00 to 22:00: the last ones are nights."""
JOINING = {
    "nights in a row": (
        {"max_nights_in_row": 3, "rest_after_nights_min": 2880, "band_min": None},
        [at(4, 1320), at(6, 1320), at(8, 1320)],
    ),
    "weekly rest": (
        {"weekly_rest_min": 2880},
        [at(7, 360), at(9, 360), at(11, 360), at(13, 360), at(14, 360)],
    ),
}


@pytest.mark.parametrize("case", JOINING)
def test_the_smallest_fix_of_nights_and_rests_over_weeks_is_proven(case: str) -> None:
    """Nights on Friday, Sunday and Tuesday; a week whose gaps between locks are 40 hours."""
    limits, locks = JOINING[case]
    crew = [replace(a, contract="full") for a in people()]
    found = fixed(
        requirement=needs(3, 21),
        agents=crew,
        contracts=[ROUND],
        days=21,
        rules=wfm.schedule_rules(**limits),
        locks=locks,
    )
    assert found.frame["agent"].tolist() == ["a3"]
    assert found.frame["rule"].tolist() == ["locks"]
    assert found.frame["proven"].tolist() == [True]
    assert not found.schedule.violations


@given(
    days=st.lists(st.tuples(st.integers(0, 20), st.sampled_from([None, 420, 570, 720]))),
    row=st.sampled_from([None, 2, 3, 4]),
    weekends=st.sampled_from([None, 2, 3]),
    rest=st.sampled_from([660, 900]),
    band=st.sampled_from([None, 120]),
)
@settings(deadline=None, max_examples=40)
def test_weeks_that_somebody_can_work_are_never_proven_away(
    days: list[tuple[int, int | None]],
    row: int | None,
    weekends: int | None,
    rest: int,
    band: int | None,
) -> None:
    """Searched exactly and planned week by week; where the latter finds a way so does the first."""
    from wfm.planning.steps import schedule_problem
    from wfm.scheduling.check import check
    from wfm.scheduling.people.alone import work_alone
    from wfm.scheduling.people.construct import NoWeekError, planned_crew
    from wfm.scheduling.people.weekends import plan_weekends

    rules = wfm.schedule_rules(
        max_days_in_row=row, weekends_off_in=weekends, rest_min=rest, band_min=band
    )
    locks = [wfm.Lock("a3", WEEKS[day], start) for day, start in dict(days).items()]
    try:
        problem = schedule_problem(
            needs(3, 21),
            agents=[a for a in people() if a.agent == "a3"],
            contracts=TERMS,
            rules=rules,
            locks=locks,
            first_day=MONDAY,
            days=21,
        )
    except wfm.DataError:
        return  # refused before
    refused = None
    try:
        planned, crew = planned_crew(plan_weekends(problem))
    except NoWeekError as error:
        refused = error
    if refused is not None:
        assert refused.proven
        return
    assert not check(problem, crew.frame())
    assert work_alone(planned, 0).begins is not None
