"""Legal schedules broken in one place: the checker names the rule each time."""

import dataclasses
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.scheduling.lines.conftest import LIMITS, make_whole
from wfm.core.calendars import Opening
from wfm.core.edits import Lock
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Absence, CarryIn
from wfm.scheduling.check import check
from wfm.scheduling.clock import Clock
from wfm.scheduling.finished.explain import crew_of
from wfm.scheduling.line_terms import OFF
from wfm.scheduling.lines.solve import solve_lines
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.meet import place_meetings
from wfm.scheduling.people.weekends import plan_weekends
from wfm.scheduling.roster import frame_of_types
from wfm.scheduling.rules import RULES
from wfm.scheduling.settings import Rules

STEP = pd.Timedelta(minutes=15)
ZONE = ZoneInfo("Europe/Istanbul")


@pytest.fixture(scope="module")
def legal(make, parts):
    """Ten days of six agents with every rule switched on, and a legal schedule in shifts."""
    people = parts["people"](6)
    people[0] = dataclasses.replace(people[0], hours=Opening.parse("07:00-21:00"))
    away = (Absence(date(2027, 1, 7), date(2027, 1, 7)),)
    people[1] = dataclasses.replace(people[1], absences=away)
    people[2] = dataclasses.replace(people[2], skills=frozenset({"voice"}))
    rules = Rules(
        prorate_days=False,
        max_days_in_row=5,
        weekends_off_in=2,
        break_gap_min=75,
        weekly_rest_min=2100,
        max_nights_week=3,
        max_nights_in_row=2,
        rest_after_nights_min=2880,
        max_hours_average_week=40,
        late_end_min=1320,
        start_after_late_min=600,
    )
    full = dataclasses.replace(parts["FULL"], max_hours_week=37.5)
    contracts = (full, parts["PART"])
    heads = {"voice": 2, "orders": 0}
    problem = make(people, days=10, heads=heads, rules=rules, contracts=contracts)
    locks = (Lock("a4", date(2027, 1, 6), 600), Lock("a5", date(2027, 1, 5), None))
    carried = {"a2": CarryIn(datetime(2027, 1, 4, 1, tzinfo=ZONE), 2, (True,))}
    problem = dataclasses.replace(problem, locks=locks, carried=carried)
    frame = first_crew(plan_weekends(problem)).frame()
    assert check(problem, frame) == []
    new = frame["agent"].ne(frame["agent"].shift()) | frame["start"].ne(frame["end"].shift())
    return problem, frame.assign(shift=new.cumsum())


def moved(shift, delta):
    return shift.assign(start=shift["start"] + delta, end=shift["end"] + delta)


def full_week(frame, problem, agent, days):
    """A shift of an agent copied to some days of the horizon."""
    own = frame[frame["agent"] == agent]
    one = own[own["shift"] == own["shift"].iloc[0]]
    first = (one["start"].iloc[0].date() - problem.first_day).days
    rest = frame[frame["agent"] != agent]
    copies = [moved(one, pd.Timedelta(days=d - first)) for d in days]
    return pd.concat([rest, *copies])


def at_clocks(frame, problem, agent, clocks):
    """A shift of an agent copied to some days of the horizon, each at an hour of its own."""
    own = frame[frame["agent"] == agent]
    one = own[own["shift"] == own["shift"].iloc[0]]
    begin, midnight = one["start"].iloc[0], pd.Timestamp(problem.first_day, tz=ZONE)
    rest = frame[frame["agent"] != agent]
    copies = [
        moved(one, midnight + pd.Timedelta(days=day, hours=hour) - begin)
        for day, hour in clocks.items()
    ]
    return pd.concat([rest, *copies])


def mutate(problem, frame, rule, draw):
    """A copy that breaks a rule, at a place drawn."""
    shifts = sorted(frame["shift"].unique())
    number = draw(st.sampled_from(shifts))
    one, rest = frame[frame["shift"] == number], frame[frame["shift"] != number]
    at = draw(st.integers(0, len(one) - 1))
    changed = one.copy()
    if rule == "format":
        changed["agent"] = "nobody"
    elif rule == "overlap":
        return pd.concat([frame, one.iloc[[at]]])
    elif rule == "horizon":
        changed = moved(one, pd.Timedelta(days=draw(st.integers(10, 12))))
    elif rule == "starts":
        return pd.concat([rest, moved(one, STEP)])
    elif rule == "shift_length":
        changed.loc[changed.index[-1], "end"] += STEP * draw(st.integers(1, 4))
    elif rule == "breaks":
        pause = changed.index[~changed["activity"].isin(["inbound", "outbound"])]
        chosen = draw(st.sampled_from(list(pause)))
        changed.loc[chosen, ["activity", "queue"]] = ["inbound", "voice"]
    elif rule == "break_spacing":
        pause = changed.index[~changed["activity"].isin(["inbound", "outbound"])][0]
        early, old = changed["start"].min() + 4 * STEP, changed.loc[pause]
        after = changed.loc[[pause]].assign(
            start=early + STEP, end=old["end"], activity="inbound", queue="voice"
        )
        before = changed.loc[: pause - 1]
        before = before.assign(end=before["end"].clip(upper=early))
        own = changed.loc[[pause]].assign(start=early, end=early + STEP)
        changed = pd.concat(
            [before[before["start"] < before["end"]], own, after, changed.loc[pause + 1 :]]
        )
    elif rule == "skill":
        changed["queue"] = changed["queue"].where(changed["activity"] != "inbound", "orders")
    elif rule == "one_shift_a_day":
        midnight = one["start"].min().normalize()
        begin = midnight + STEP * draw(st.integers(0, 2))
        if begin + STEP >= one["start"].min():
            begin = midnight + pd.Timedelta(hours=23)
        second = one.iloc[[0]].assign(start=begin, end=begin + STEP)
        return pd.concat([frame, second])
    elif rule == "rest":
        return pd.concat([frame, moved(one, one["end"].max() - one["start"].min() + 2 * STEP)])
    elif rule == "days_per_week":
        agent = one["agent"].iloc[0]
        return frame[frame["agent"] != agent]
    elif rule == "absence":
        return full_week(frame, problem, "a2", [1, 3])
    elif rule == "band":
        agent = one["agent"].iloc[0]
        copied = full_week(frame, problem, agent, [0, 1])
        own = (copied["agent"] == agent) & (copied["start"].dt.date == problem.first_day)
        hours = draw(st.sampled_from([4, 5, 6]))
        copied.loc[own, ["start", "end"]] -= pd.Timedelta(hours=hours)
        return copied
    elif rule == "hours_week":
        return full_week(frame, problem, draw(st.sampled_from(["a1", "a2", "a4"])), range(6))
    elif rule == "days_in_row":
        days = draw(st.sampled_from([range(6), range(2, 8), range(7)]))
        return full_week(frame, problem, draw(st.sampled_from(["a1", "a3", "a6"])), days)
    elif rule == "next_day":
        day, end = draw(st.integers(0, 8)), draw(st.integers(15, 20))
        return at_clocks(frame, problem, "a4", {day: end, day + 1: draw(st.integers(6, 9))})
    elif rule == "rest_after_nights":
        day, more = draw(st.integers(0, 6)), draw(st.integers(1, 2))
        hour = draw(st.integers(8, 17))
        return at_clocks(frame, problem, "a4", {day: 22, day + more: hour})
    elif rule == "nights_in_row":
        day, length = draw(st.integers(0, 6)), draw(st.integers(3, 4))
        return at_clocks(frame, problem, "a4", dict.fromkeys(range(day, day + length), 22))
    elif rule == "nights_per_week":
        days = draw(st.lists(st.integers(0, 6), min_size=4, max_size=7, unique=True))
        return at_clocks(frame, problem, "a4", dict.fromkeys(sorted(days), 22))
    elif rule == "weekly_rest":
        last = draw(st.integers(7, 9))
        return at_clocks(frame, problem, "a4", dict.fromkeys(range(last), draw(st.integers(8, 12))))
    elif rule == "hours_average":
        days = draw(st.lists(st.integers(0, 9), min_size=8, max_size=10, unique=True))
        return at_clocks(frame, problem, "a4", dict.fromkeys(sorted(days), 9))
    elif rule == "free_weekends":
        return full_week(frame, problem, "a2", [1, draw(st.sampled_from([5, 6]))])
    elif rule == "locks":
        agent, day = draw(st.sampled_from([("a4", date(2027, 1, 6)), ("a5", date(2027, 1, 5))]))
        if agent == "a5":
            return full_week(frame, problem, "a5", [0, 1])
        return frame[~((frame["agent"] == "a4") & (frame["start"].dt.date == day))]
    elif rule == "hours":
        copied = full_week(frame, problem, "a1", [0, 1])
        own = copied["agent"] == "a1"
        late = pd.Timedelta(hours=23) - (
            copied.loc[own, "start"].min() - copied.loc[own, "start"].min().normalize()
        )
        copied.loc[own, ["start", "end"]] += late
        return copied
    elif rule in ("outbound_hours", "outbound_block"):
        work = changed.index[changed["activity"] == "inbound"]
        before = changed["activity"].shift().loc[work]
        long = (changed["end"] - changed["start"]).loc[work] > STEP
        work = work[(before != "outbound") & long]
        assume(len(work))
        chosen = draw(st.sampled_from(list(work)))
        changed.loc[chosen, ["activity", "queue"]] = ["outbound", "surveys"]
        if rule == "outbound_hours":
            changed["agent"] = "a1"
            early = one["start"].min().normalize() + pd.Timedelta(hours=1)
            changed = moved(changed, early - changed["start"].min())
        else:
            piece = changed.loc[[chosen]]
            changed.loc[chosen, ["activity", "queue"]] = ["inbound", "voice"]
            changed.loc[chosen, "start"] += STEP
            changed = pd.concat([changed, piece.assign(end=piece["start"] + STEP)])
    return pd.concat([rest, changed])


OTHERS = ("meetings", "staff_limits", "break_bunching", "outbound_tries")
PRICED = ("coverage", "preferences", "shift_cover")
LINES = (
    "allowed_types",
    "succession",
    "shifts_of_type",
    "least_shifts",
    "total_time",
    "least_in_row",
    "least_off_in_row",
    "most_weekends",
)
NAMES = [r.name for r in RULES if r.name not in (*PRICED, *OTHERS, *LINES)]
MUTANTS: dict[str, int] = {}
"""Tried by rule, counted where they are checked."""


def count(rule):
    MUTANTS[rule] = MUTANTS.get(rule, 0) + 1


def test_every_rule_that_can_be_broken_has_mutants():
    assert {*NAMES, *OTHERS, *LINES, *PRICED} == {rule.name for rule in RULES}


@pytest.mark.parametrize("rule", [*NAMES, "format", "overlap"])
def test_each_rule_broken_once_is_found_by_name(legal, rule):
    problem, frame = legal

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def broken(data):
        mutant = mutate(problem, frame, rule, data.draw).drop(columns="shift")
        found = {v.rule for v in check(problem, mutant.reset_index(drop=True))}
        assert rule in found
        count(rule)

    broken()


@pytest.fixture(scope="module")
def together(legal):
    """The same with a meeting of two and one agent who has to be there at some time."""
    problem, frame = legal
    days = {a: set(own["start"].dt.date) for a, own in frame.groupby("agent")}
    day = min(d for d in days["a1"] & days["a4"] if problem.first_day < d)
    meeting = Meeting("talk", ("a1", "a4"), 30, first=day, last=day)
    lead = frame[(frame["agent"] == "a6") & (frame["activity"] == "inbound")].iloc[0]
    hours = f"{lead['start']:%a} {lead['start']:%H:%M}-{lead['end']:%H:%M}"
    people = [
        dataclasses.replace(a, team="lead" if a.agent == "a6" else "") for a in problem.agents
    ]
    limit = StaffLimit("lead", least=1, team="lead", hours=Opening.parse(hours))
    problem = dataclasses.replace(
        problem,
        agents=tuple(people),
        meetings=(meeting,),
        staff_limits=(limit,),
        rules=dataclasses.replace(problem.rules, break_heads_max=2),
    )
    crew = crew_of(problem, frame.drop(columns="shift"))
    assert place_meetings(crew) == []
    placed = crew.frame()
    again = [v for v in check(problem, placed) if v.when[:3] == lead["start"].strftime("%a")]
    assert {v.rule for v in check(problem, placed)} <= {"staff_limits"}
    assert not any(v.rule == "break_bunching" for v in again)
    first = f"{lead['start']:%a %Y-%m-%d}"
    assert not any(v.when.startswith(first) for v in again)
    return problem, placed, lead, first


def outbound_of(frame, day):
    """Intervals of outbound work on a day."""
    work = frame[(frame["activity"] == "outbound") & (frame["start"].dt.date == day)]
    return int((work["end"] - work["start"]).sum() / STEP)


def with_a_list(problem, frame):
    """The campaign with a list that the busiest day, or a shortest block, works through."""
    days = set(frame["start"].dt.date)
    records = max(problem.block, *(outbound_of(frame, day) for day in days))
    surveys = dataclasses.replace(
        problem.campaigns[0],
        target_h=100,
        records=float(records),
        talk_s=STEP.total_seconds(),
        attempts=9,
    )
    return dataclasses.replace(problem, campaigns=(surveys,))


@pytest.mark.parametrize("rule", OTHERS)
def test_meetings_limits_and_breaks_broken_once_are_found(together, rule):
    problem, frame, lead, first = together
    if rule == "outbound_tries":
        problem = with_a_list(problem, frame)
        assert rule not in {v.rule for v in check(problem, frame)}

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def broken(data):
        mutant = frame.copy()
        if rule == "meetings":
            held = mutant.index[mutant["activity"] == "meeting"]
            one = data.draw(st.sampled_from(list(held)))
            how = data.draw(st.sampled_from(["drop", "name", "cut", "stranger"]))
            if how == "drop":
                mutant.loc[one, ["activity", "queue"]] = ["inbound", "voice"]
            elif how == "name":
                mutant.loc[one, "queue"] = "another"
            elif how == "cut":
                mutant.loc[one, "end"] -= STEP
            else:
                mutant.loc[one, "agent"] = data.draw(st.sampled_from(["a2", "a3", "a5", "a6"]))
        elif rule == "outbound_tries":
            day = data.draw(st.sampled_from(sorted(set(mutant["start"].dt.date))))
            here = (mutant["start"].dt.date == day) & (mutant["activity"] == "inbound")
            chosen = data.draw(st.sets(st.sampled_from(list(mutant.index[here])), min_size=1))
            mutant.loc[list(chosen), ["activity", "queue"]] = ["outbound", "surveys"]
            assume(outbound_of(mutant, day) > problem.passes[0].most)
        elif rule == "break_bunching":
            day = data.draw(st.sampled_from(sorted(set(mutant["start"].dt.date))))
            here = mutant[(mutant["start"].dt.date == day) & (mutant["activity"] == "inbound")]
            at = data.draw(st.sampled_from(sorted(here["start"])))
            while_at = (mutant["start"] <= at) & (mutant["end"] > at)
            assume(while_at.sum() > 2)
            mutant.loc[while_at, ["activity", "queue"]] = ["lunch", ""]
        else:
            mine = (mutant["agent"] == "a6") & (mutant["start"] == lead["start"])
            if data.draw(st.booleans()):
                mutant.loc[mine, ["activity", "queue"]] = ["lunch", ""]
            else:
                late = STEP * data.draw(st.integers(1, 3))
                mutant.loc[mine, "start"] += late
                mutant = mutant[mutant["start"] < mutant["end"]]
        found = check(problem, mutant.reset_index(drop=True))
        assert any(
            v.rule == rule and (rule != "staff_limits" or v.when.startswith(first)) for v in found
        )
        count(rule)

    broken()


@pytest.fixture(scope="module")
def by_type():
    """Four weeks of six people by shift type with every limit, and legal lines, shape (P, D)."""
    limits = dataclasses.replace(LIMITS, min_shifts=8, min_total_min=4800, max_total_min=9600)
    problem = make_whole(6, 28, dataclasses.replace(limits, max_weekends=3))
    problem.lines.allowed[0, 10:12, 0] = False
    types, clashes = solve_lines(problem.lines, Clock(3), 0)
    assert not clashes
    assert check(problem, frame_of_types(problem, types)) == []
    return problem, types


def lines_mutant(asked, types, rule, draw):
    """Lines of which one breaks a rule, whatever else it breaks."""
    early, late, night = range(3)
    mutant = types.copy()
    who = draw(st.integers(0, len(types) - 1))
    row, day = mutant[who], draw(st.integers(1, asked.days - 3))
    if rule == "allowed_types":
        mutant[0, draw(st.integers(10, 11))] = early
    elif rule == "succession":
        first = draw(st.sampled_from([late, night]))
        row[day : day + 2] = first, draw(st.integers(0, first - 1))
    elif rule == "shifts_of_type":
        days = draw(st.sets(st.integers(0, asked.days - 1), min_size=4, max_size=9))
        row[list(days)] = night
    elif rule == "least_shifts":
        worked = np.flatnonzero(row != OFF)
        row[worked[draw(st.integers(0, 7)) :]] = OFF
    elif rule == "total_time":
        if draw(st.booleans()):
            row[:] = draw(st.integers(0, 2))
        else:
            row[np.flatnonzero(row != OFF)[draw(st.integers(0, 7)) :]] = OFF
    elif rule == "least_in_row":
        row[day - 1 : day + 2] = OFF, draw(st.integers(0, 2)), OFF
    elif rule == "least_off_in_row":
        row[day - 1 : day + 2] = draw(st.integers(0, 2)), OFF, draw(st.integers(0, 2))
    else:
        for weekend in asked.weekends:
            row[draw(st.sampled_from(weekend))] = draw(st.integers(0, 2))
    return mutant


@pytest.mark.parametrize("rule", [*LINES, "days_in_row", "absence"])
def test_each_rule_on_lines_broken_once_is_found_by_name(by_type, rule):
    problem, types = by_type

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def broken(data):
        mutant = lines_mutant(problem.lines, types, rule, data.draw)
        if rule == "days_in_row":
            first = data.draw(st.integers(0, 22))
            mutant[2, first : first + 5] = 0
        elif rule == "absence":
            mutant[3, next(iter(problem.absent[3]))] = data.draw(st.integers(0, 2))
        found = {v.rule for v in check(problem, frame_of_types(problem, mutant))}
        assume("overlap" not in found)  # who cannot be in two places has no second shift
        assert rule in found
        assert rule != "absence" or "allowed_types" not in found
        count(rule)

    broken()


def test_a_thousand_mutants_were_tried_and_none_missed():
    """After the others of this file; a part of them run alone tries fewer."""
    if set(MUTANTS) >= {*NAMES, *OTHERS, *LINES}:
        print(f"{sum(MUTANTS.values())} mutants: {MUTANTS}")
        assert sum(MUTANTS.values()) >= 1000
