"""A schedule's own figures."""

import pytest

from wfm.core.types import Violation
from wfm.scheduling.check import price
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.report import make_schedule_value


@pytest.fixture
def centre(make):
    problem = make(5, days=4)
    return problem, first_crew(problem).frame()


def test_coverage_adds_up(centre):
    problem, frame = centre
    schedule = make_schedule_value(problem, frame, (), 10.0, "time", 1.0, 0)
    coverage = schedule.coverage
    assert (
        coverage["scheduled"] - coverage["required"] == coverage["over"] - coverage["under"]
    ).all()
    assert coverage["required"].sum() == problem.required.sum()
    assert schedule.status == "feasible"


def test_hours_come_from_the_segments(centre):
    problem, frame = centre
    schedule = make_schedule_value(problem, frame, (), None, "time", 1.0, 0)
    worked = (frame["end"] - frame["start"])[frame["activity"] != "lunch"].sum()
    assert schedule.hours == pytest.approx(worked.total_seconds() / 3600)
    outbound = (frame["end"] - frame["start"])[frame["activity"] == "outbound"].sum()
    assert schedule.outbound["placed_h"].sum() == pytest.approx(outbound.total_seconds() / 3600)
    assert schedule.bound == problem.min_labour


def test_violations_make_it_nearest_and_a_met_bound_optimal(centre):
    problem, frame = centre
    broken = (Violation("rest", "too short"),)
    assert make_schedule_value(problem, frame, broken, 0, "time", 1, 0).status == "nearest"
    cost = price(problem, frame).objective
    assert make_schedule_value(problem, frame, (), cost, "gap", 1, 0).status == "optimal"
