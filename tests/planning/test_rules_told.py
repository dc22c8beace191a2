"""The sheet of rules: what is switched on, as it was asked for, and nothing else."""

from __future__ import annotations

import pytest

from wfm.core.limits import StaffLimit
from wfm.core.people import Agent, Break, Contract, ShiftKind
from wfm.core.working_time import working_time_rules
from wfm.planning.rules_told import rules_table
from wfm.planning.steps import schedule_rules
from wfm.scheduling.rules import RULES

GAP = Break("gap", 180, 150, 150, False)
PART = Contract(
    *("part", 300, 300, 3, 5, 480, 960, 30),
    more_shifts=(ShiftKind("split", 480, 300, 480, 600, 30, (GAP,)),),
    max_hours_week=25,
)
FULL = Contract("full", 480, 480, 5, 5)


def told(table, rule):
    found = table.loc[table["rule"] == rule, ["holds_for", "value", "unit"]]
    return [tuple(row) for row in found.itertuples(index=False)]


def test_rules_that_are_off_are_not_told():
    table = rules_table(schedule_rules(band_min=None, rest_min=0), [])
    assert table["rule"].tolist() == ["Shortest block on one campaign"]


def test_a_preset_is_named_beside_its_values_only():
    table = rules_table(schedule_rules(**working_time_rules("Türkiye"), rest_min=600), [])
    like = table.set_index("rule")["as_in_preset"]
    assert like["Unbroken free time in each week, at least"] == "Türkiye"
    assert like["Most paid hours a week, average"] == "Türkiye"
    assert like["Most days worked in a row"] == "EU, Türkiye"
    assert like["Rest between shifts, at least"] == ""


def test_contracts_in_use_are_told_with_each_kind_of_shift():
    agents = [Agent("a", "A", "part", frozenset())]
    table = rules_table(None, [PART, FULL], agents, [StaffLimit("seats", most=20)])
    assert "full" not in set(table["holds_for"])
    assert told(table, "Days worked in a week") == [("part", "3-5", "days")]
    assert told(table, "Paid hours in a week, at most") == [("part", "25", "h")]
    assert told(table, "Length of a shift, breaks included") == [
        ("part", "5", "h"),
        ("part, split", "8", "h"),
    ]
    assert told(table, "A shift starts at")[1] == ("part, split", "08:00-10:00", "h:min")
    assert told(table, "Breaks of a shift") == [("part, split", "gap 180", "min")]
    assert told(table, "Heads at work, at most") == [("seats", "20", "heads")]


@pytest.mark.parametrize(
    ("asked", "rule", "value", "unit"),
    [
        ({"max_nights_week": 3}, "A night lies between", "23:00-06:00", "h:min"),
        ({"late_end": "22:00", "start_after_late": "10:00"}, "no start before", "10:00", "h:min"),
        ({"break_share_max": 0.2}, "Most on a break at once", "20%", "of those there"),
        ({"break_heads_max": 4}, "Most on a break at once", "4", "heads"),
        ({"break_gap_max": 300}, "Work without a break, at most", "5", "h"),
        ({"weekends_off_in": 2}, "One weekend is free in", "2", "weekends"),
        ({"band_min": 90}, "Starts of a week lie within", "90", "min"),
    ],
)
def test_a_rule_that_is_on_is_told_with_its_value(asked, rule, value, unit):
    row = rules_table(schedule_rules(**asked), []).set_index("rule").loc[rule]
    assert (row["value"], row["unit"]) == (value, unit)
    assert row["comes_from"] in {one.source for one in RULES}
