import dataclasses
from datetime import date

import pytest

from wfm.core.calendars import Opening
from wfm.core.errors import DataError
from wfm.core.limits import StaffLimit
from wfm.core.meetings import Meeting
from wfm.core.people import Agent, Contract
from wfm.core.work import Campaign
from wfm.scheduling.assemble import build_problem
from wfm.scheduling.settings import Rules


def refused(match, call, **arguments):
    with pytest.raises(DataError, match=match) as caught:
        call(**arguments)
    assert str(caught.value).count("\n") == 0


def test_an_unknown_contract_is_named(make, parts):
    agents = [dataclasses.replace(parts["people"](1)[0], contract="FT9")]
    refused("agent 'a1': contract 'FT9' is not known. Use one of full, part", make, agents=agents)


def test_a_doubled_agent_is_named(make, parts):
    agents = parts["people"](2)
    refused("'a1' stands 2 times", make, agents=[*agents, agents[0]])
    refused("'a1' stands 3 times", make, agents=[*agents, agents[0], agents[0]])


def test_two_campaigns_meetings_or_limits_of_one_name_are_refused(make, parts):
    first, days = date(2027, 1, 4), 2
    given = [parts["requirement"](first, days, {"voice": 2}), parts["people"](4)]
    given.append((parts["FULL"], parts["PART"]))
    work, talk = parts["SURVEYS"], Meeting("talk", ("a1", "a2"), 30)
    for kind, arguments in (
        ("campaign", {"campaigns": [work, dataclasses.replace(work, target_h=1)]}),
        ("meeting", {"meetings": [talk, dataclasses.replace(talk, minutes=60)]}),
        ("limit", {"limits": [StaffLimit("seats", most=9), StaffLimit("seats", least=1)]}),
    ):
        name = {"campaign": "surveys", "meeting": "talk", "limit": "seats"}[kind]
        match = f"{kind} '{name}': it stands 2 times. Give each its own name."
        with pytest.raises(DataError, match=match):
            build_problem(*given, first_day=first, days=days, **arguments)


def test_a_doubled_contract_is_refused(make, parts):
    refused("a name stands twice", make, contracts=(parts["FULL"], parts["FULL"], parts["PART"]))


def test_no_agents_are_refused(make):
    refused("there are none", make, agents=[])


def test_an_unknown_skill_is_named(make, parts):
    agents = parts["people"](1, skills="voice|chess")
    refused("agent 'a1': skill 'chess' names no queue", make, agents=agents)


def test_a_skill_known_elsewhere_passes(parts):
    needs = parts["requirement"](date(2027, 1, 4), 7, {"voice": 2})
    contracts = (parts["FULL"], parts["PART"])
    problem = build_problem(needs, parts["people"](2), contracts, known_skills=["surveys"])
    assert problem.campaigns == ()


def test_an_agent_without_a_queue_is_named(make, parts):
    agents = [*parts["people"](1), Agent("b", "B", "full", frozenset({"surveys"}))]
    refused("agent 'b': has no skill for any queue", make, agents=agents)


def test_a_skill_of_a_queue_without_requirement_is_known(make, parts):
    agents = parts["people"](1, skills="voice|surveys|bills")
    assert make(agents, skills={"billing": "bills"}).queues_of(0) == (0,)


def test_a_contract_that_cannot_rest_is_named(make):
    long = Contract("long", 900, 900, 6, 7)
    agents = [Agent("a", "A", "long", frozenset({"voice"}))]
    refused(
        "'long': 6 shifts of 900 min.*rest; 4 can",
        make,
        agents=agents,
        contracts=(long,),
        campaigns=(),
        days=7,
    )


def test_a_contract_without_a_start_in_a_band_is_named(make):
    late = Contract("late", 480, 480, 1, 5, start_from_min=1110, start_to_min=1110)
    agents = [Agent("a", "A", "late", frozenset({"voice"}))]
    refused(
        "'late': no start from 18:30 to 18:30",
        make,
        agents=agents,
        contracts=(late,),
        campaigns=(),
        rules=Rules(band_min=15),
    )


def test_a_campaign_that_never_opens_is_named(make):
    sunday = Campaign("sunday", "surveys", Opening.parse("Sun 10:00-12:00"), 2)
    refused("'sunday': its permitted hours never open", make, campaigns=(sunday,))
    passed = Campaign("old", "surveys", Opening.parse("24/7"), 2, deadline=date(2027, 1, 3))
    refused("'old': its permitted hours never open", make, campaigns=(passed,))


def test_a_campaign_with_too_short_hours_is_named(make):
    short = Campaign("short", "surveys", Opening.parse("10:00-10:15"), 2)
    refused("'short': its permitted hours are shorter than a block", make, campaigns=(short,))


def test_a_campaign_nobody_can_work_is_named(make, parts):
    agents = parts["people"](2, skills="voice")
    refused("'surveys': nobody has the skill", make, agents=agents)


@pytest.mark.parametrize("days", [0, 36])
def test_days_out_of_range_are_refused(parts, days):
    needs = parts["requirement"](date(2027, 1, 4), 7, {"voice": 2})
    refused(
        "Use 1 to 35",
        build_problem,
        requirement=needs,
        agents=parts["people"](1),
        contracts=(parts["FULL"],),
        days=days,
    )


def test_a_horizon_outside_the_requirement_is_refused(parts):
    needs = parts["requirement"](date(2027, 1, 4), 7, {"voice": 2})
    refused(
        r"2027-01-04 to 2027-01-10\) has no row in the week of 2027-02-01",
        build_problem,
        requirement=needs,
        agents=parts["people"](1),
        contracts=(parts["FULL"],),
        first_day=date(2027, 2, 1),
    )


def test_a_week_that_the_requirement_ends_within_is_refused(parts):
    needs = parts["requirement"](date(2027, 1, 1), 7, {"voice": 2})
    refused(
        r"ends on 2027-01-07, but 2027-01-08 is to be planned too.*plan 4 days",
        build_problem,
        requirement=needs,
        agents=parts["people"](1),
        contracts=(parts["FULL"],),
        first_day=date(2027, 1, 4),
    )


def test_a_day_that_is_never_open_may_follow_the_requirement(parts):
    needs = parts["requirement"](date(2027, 1, 4), 6, {"voice": 2})
    agents = parts["people"](1, "voice")
    problem = build_problem(needs, agents, (parts["FULL"],), days=7)
    assert problem.days == 7
