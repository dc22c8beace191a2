"""Work beside breaks: kept by the solver, found when broken, refused when it cannot be."""

from dataclasses import replace

import pandas as pd
import pytest

from wfm.core.errors import ClashError, DataError
from wfm.core.people import Break
from wfm.scheduling.check import check
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import make_matrix, solve

WIDE = (
    Break("tea", 15, 30, 240, paid=True),
    Break("lunch", 30, 60, 360, paid=False),
    Break("late tea", 15, 120, 450, paid=True),
)


@pytest.fixture(scope="module")
def wide(make, parts):
    """Breaks whose windows overlap, with 75 to 150 min of work beside them."""
    terms = replace(parts["FULL"], breaks=WIDE)
    people = [replace(a, contract="full") for a in parts["people"](12)]

    def build(**changed):
        rules = Rules(prorate_days=False, **changed)
        return make(people, days=3, heads={"voice": 5}, contracts=(terms,), rules=rules)

    return build


@pytest.mark.parametrize(
    "gaps",
    [
        {"break_gap_min": 75, "break_gap_max": 150},
        {"break_gap_min": 90},
        {"break_gap_max": 120},
    ],
)
def test_solver_counts_and_checker_agree_on_spacing(wide, gaps):
    problem = wide(**gaps)
    matrix = make_matrix(problem)
    crew = first_crew(problem)
    assert check(problem, crew.frame()) == []
    assert not len(broken_rows(matrix, count_crew(matrix, crew)))
    made = solve(problem, seconds=4)
    assert not made.violations
    assert made.bound <= made.objective
    free = wide()
    broken = {v.rule for v in check(problem, solve(free, seconds=2).frame)}
    assert broken <= {"break_spacing"}


def test_spacing_never_lowers_the_cost(wide):
    tight = solve(wide(break_gap_min=90, break_gap_max=120), seconds=5)
    assert tight.objective >= solve(wide(), seconds=5).bound


def test_a_stretch_too_short_and_one_too_long_are_told(make, parts):
    problem = make(parts["people"](1), days=1, rules=Rules(break_gap_min=60, break_gap_max=240))
    start = pd.Timestamp("2027-01-04 08:00", tz="Europe/Istanbul")
    cuts = (0, 120, 135, 180, 210, 480)
    doing = ("inbound", "break", "inbound", "lunch", "inbound")
    frame = pd.DataFrame(
        {
            "agent": "a1",
            "start": [start + pd.Timedelta(minutes=m) for m in cuts[:-1]],
            "end": [start + pd.Timedelta(minutes=m) for m in cuts[1:]],
            "activity": doing,
            "queue": ["voice", "", "voice", "", "voice"],
        }
    )
    told = [str(v) for v in check(problem, frame) if v.rule == "break_spacing"]
    assert told == [
        "break_spacing: a1 Mon 2027-01-04 10:15: 45 min of work beside a break, at least 60 are "
        "needed.",
        "break_spacing: a1 Mon 2027-01-04 11:30: 270 min of work without a break, at most 240 are "
        "allowed.",
    ]


def test_what_cannot_be_is_refused(make):
    with pytest.raises(ClashError, match="'full': no places of its breaks leave 200 to 210 min"):
        make(2, rules=Rules(break_gap_min=200, break_gap_max=210))
    with pytest.raises(DataError, match="Write the least first"):
        Rules(break_gap_min=200, break_gap_max=100)
