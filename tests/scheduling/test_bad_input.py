"""What cannot be is refused in one sentence, before any solver is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import wfm
from tests.scheduling.test_infeasible_set import DAYS, REFUSED, asked, crowd, rules
from wfm.core.calendars import Opening

TWICE = (wfm.Absence(DAYS[0], DAYS[3]), wfm.Absence(DAYS[2], DAYS[4]))
SUNDAY_NIGHT = wfm.Campaign("late", "voice", Opening.parse("Sun 02:00-03:00"), 2, deadline=DAYS[3])
NEVER = wfm.Campaign("short", "voice", Opening.parse("10:00-10:15"), 2)


def with_break(earliest: int, latest: int) -> Callable[[], dict[str, Any]]:
    def case() -> dict[str, Any]:
        tea = wfm.Break("tea", 15, earliest, latest, paid=True)
        return {"contracts": [wfm.Contract("full", 480, 480, 4, 5, breaks=(tea,))]}

    return case


CASES: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "overlapping absences": (
        lambda: {"agents": crowd(absences=TWICE)},
        r"agent 'a3': absences from 2027-01-04 and from 2027-01-06 overlap. Join them.",
    ),
    "an absence that ends before it begins": (
        lambda: {"agents": crowd(absences=(wfm.Absence(DAYS[2], DAYS[1]),))},
        r"ends on 2027-01-05, before it starts on 2027-01-06. Swap them.",
    ),
    "an unknown skill": (
        lambda: {"agents": crowd(skills=frozenset({"voice", "chess"}))},
        r"agent 'a3': skill 'chess' names no queue and no campaign. Use one of voice.",
    ),
    "an unknown contract": (
        lambda: {"agents": crowd(contract="FT9")},
        r"agent 'a3': contract 'FT9' is not known. Use one of full, other.",
    ),
    "a contract that cannot be met, by how many hours": (
        lambda: {"agents": crowd(hours=Opening.parse("Mon-Wed 08:00-18:00"))},
        r"contract 'full' asks 4 shifts, but .* leave 3 days; 7.5 paid hours are missing.",
    ),
    "a campaign whose window never opens": (
        lambda: {"campaigns": [SUNDAY_NIGHT]},
        r"campaign 'late': its permitted hours never open before its deadline",
    ),
    "a campaign shorter than a block": (
        lambda: {"campaigns": [NEVER], "requirement": quarter_hours()},
        r"campaign 'short': its permitted hours are shorter than a block of 30 min.",
    ),
    "a break window outside the shift": (
        with_break(400, 470),
        r"contract 'full': break 'tea' lies outside the shift of 480 min. Move it.",
    ),
    "a break window that closes before it opens": (
        with_break(120, 60),
        r"contract 'full': break 'tea' has no room. Check its length and window.",
    ),
    "paid minutes that do not add up": (
        lambda: {"contracts": [wfm.Contract("full", 480, 400, 4, 5)]},
        r"contract 'full': paid_min is 400, but 480 min of shift less 0 min",
    ),
    "a lock of nobody": (
        lambda: {"locks": [wfm.Lock("zz", DAYS[1], 480)]},
        r"lock of 2027-01-05: there is no agent 'zz'. Correct the name.",
    ),
    "a limit without anybody": (
        lambda: {"limits": [wfm.StaffLimit("pilot", least=1, skill="pilot")]},
        r"limit 'pilot': at least 1 at work are asked, but it counts 0 agents.",
    ),
    "rules that cannot be": (
        lambda: {"rules": rules(rest_min=-5)},
        r"rules: rest, band and outbound block must be 0 minutes or more.",
    ),
}


def quarter_hours() -> wfm.Requirement:
    whole = asked({})["requirement"]
    frame = whole.frame.copy()
    frame["start"] = frame["start"].dt.floor("15min")
    return wfm.Requirement(frame, whole.interval / 2)


@pytest.fixture(autouse=True)
def no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        pytest.fail("the solver was asked")

    monkeypatch.setattr("wfm.scheduling.solve.solve", never)


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_in_one_sentence(name: str) -> None:
    case, told = CASES[name]
    with pytest.raises(wfm.DataError) as caught:
        wfm.make_schedule(**asked(case()))
    text = str(caught.value)
    print(f"{name}: {text}")
    assert re.search(told, text), text
    assert "\n" not in text
    assert text.endswith(".")
    assert len(text) < 250


LOCKED = [name for name in REFUSED if "lock" in name]


@pytest.mark.parametrize("name", LOCKED)
def test_a_lock_that_breaks_a_rule_is_refused_by_its_name(name: str) -> None:
    case, rule, _ = REFUSED[name]
    with pytest.raises(wfm.DataError) as caught:
        wfm.make_schedule(**asked(case))
    assert rule in str(caught.value) or name == "two locks of a day"
    assert "\n" not in str(caught.value)


def test_input_without_fault_reaches_the_solver() -> None:
    with pytest.raises(pytest.fail.Exception, match="the solver was asked"):
        wfm.make_schedule(**asked({"agents": [replace(a, name="X") for a in crowd()]}))
