"""From counts to people."""

from datetime import date

from wfm.core.people import Absence
from wfm.scheduling.check import check
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.names import name_counts


def test_absent_agents_get_no_shift_on_that_day(make, parts):
    away = (Absence(date(2027, 1, 6), date(2027, 1, 7)),)
    agents = [*parts["people"](4), *parts["people"](6, absences=away)[4:]]
    problem = make(agents, days=7)
    matrix = make_matrix(problem)
    crew = name_counts(matrix, count_crew(matrix, first_crew(problem)))
    assert not {2, 3} & set(crew.starts[4])
    assert check(problem, crew.frame()) == []


def test_over_two_weeks_late_sundays_meet_late_mondays(make, parts):
    problem = make(parts["people"](6), days=14, hours=(0, 24))
    matrix = make_matrix(problem)
    crew = name_counts(matrix, count_crew(matrix, first_crew(problem)))
    assert check(problem, crew.frame()) == []


def test_segments_are_sorted_and_zoned(make):
    problem = make(3)
    frame = first_crew(problem).frame()
    assert list(frame.columns) == ["agent", "start", "end", "activity", "queue"]
    assert str(frame["start"].dt.tz) == "Europe/Istanbul"
    assert (frame["end"] > frame["start"]).all()
    assert frame.sort_values(["agent", "start"]).equals(frame)
