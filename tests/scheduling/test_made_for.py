"""What a bound was proven for is told apart from everything else."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.scheduling.conftest import FULL, PART, SURVEYS, people, requirement
from wfm.core.calendars import Opening
from wfm.core.edits import Lock
from wfm.core.people import CarryIn
from wfm.scheduling.assemble import build_problem
from wfm.scheduling.made_for import is_bound_of, mark_of
from wfm.scheduling.problem import Problem
from wfm.scheduling.settings import Rules, Weights

MONDAY = date(2027, 1, 4)
LOCK = Lock("a1", MONDAY, 540)
LATE_LUNCH = replace(FULL, breaks=(FULL.breaks[0], replace(FULL.breaks[1], latest_min=315)))
CHANGED: dict[str, dict[str, Any]] = {
    "one head more": {"requirement": requirement(MONDAY, 7, {"voice": 3})},
    "a queue more": {
        "requirement": requirement(MONDAY, 7, {"voice": 2, "mail": 1}),
        "skills": {"mail": "voice"},
    },
    "a person more": {"agents": people(5)},
    "another skill": {"agents": people(4, "voice|surveys|mail"), "known_skills": {"mail"}},
    "a later latest lunch": {"contracts": (LATE_LUNCH, PART)},
    "a target": {"campaigns": (replace(SURVEYS, target_h=4),)},
    "hours": {"campaigns": (replace(SURVEYS, permitted=Opening.parse("Mon 10:00-19:00")),)},
    "a rule": {"rules": Rules(rest_min=600)},
    "a weight": {"weights": Weights(over=0.5)},
    "fewer days": {"days": 6},
    "a past": {"carried": {"a2": CarryIn(None, 0, (True,))}},
    "a lock": {"locks": (LOCK,)},
    "a priority": {"priorities": {"voice": 1}},
}


def centre(**changed: Any) -> Problem:
    """Four people and a week."""
    asked = {
        "requirement": requirement(MONDAY, 7, {"voice": 2}),
        "agents": people(4),
        "contracts": (FULL, PART),
        "campaigns": (SURVEYS,),
    }
    return build_problem(**asked | changed)


@pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED)
def test_whatever_cost_or_rules_depend_on_changes_the_mark(changed):
    assert mark_of(centre(**changed)) == mark_of(centre(**changed)) != mark_of(centre())


def test_what_no_cost_depends_on_does_not_change_it():
    assert mark_of(centre(seed=3)) == mark_of(centre())
    assert mark_of(centre(weights=Weights(over=2))) == mark_of(centre(weights=Weights(over=2.0)))


def test_a_bound_holds_with_locks_beside_it_and_not_without_them():
    free, held = centre(), centre(locks=(LOCK,))
    assert is_bound_of(mark_of(free), held)
    assert is_bound_of(mark_of(held), held)
    assert not is_bound_of(mark_of(held), free)
    assert not is_bound_of("", free)


def test_another_process_gives_the_same_mark():
    """Sets of texts have another order in each process."""
    told = (
        "from tests.scheduling.test_made_for import centre\n"
        "from wfm.scheduling.made_for import mark_of\n"
        "print(mark_of(centre()))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", told],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == mark_of(centre())
