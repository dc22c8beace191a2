import pandas as pd

from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.roster import day_at, read_roster


def test_a_roster_has_the_shifts_of_its_crew(make):
    problem = make(5, days=4)
    crew = first_crew(problem)
    roster = read_roster(problem, crew.frame())
    assert roster.faults == ()
    found = {(s.agent, s.start) for s in roster.shifts}
    assert found == {(a, s.start) for a, days in enumerate(crew.starts) for s in days.values()}


def test_stamps_in_another_zone_mean_the_same(make):
    problem = make(5, days=4)
    frame = first_crew(problem).frame()
    moved = frame.assign(
        start=frame["start"].dt.tz_convert("UTC"), end=frame["end"].dt.tz_convert("UTC")
    )
    assert read_roster(problem, moved).shifts == read_roster(problem, frame).shifts


def test_no_rows_are_no_shifts(make):
    problem = make(2)
    frame = first_crew(problem).frame()[:0]
    assert read_roster(problem, frame).shifts == ()


def test_days_are_of_the_horizon(make):
    problem = make(2)
    assert [day_at(problem, t) for t in (-1, 0, 95, 96, 191, 192)] == [None, 0, 0, 1, 1, None]


def test_far_stamps_are_told_apart_by_their_time(make):
    problem = make(2)
    frame = first_crew(problem).frame()[:1]
    late = frame.assign(
        start=frame["start"] + pd.Timedelta(days=30), end=frame["end"] + pd.Timedelta(days=30)
    )
    assert len(read_roster(problem, late).shifts) == 1
