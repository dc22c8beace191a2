"""Days that change hands: rules are kept, every count stays."""

import dataclasses
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wfm.core.edits import Lock
from wfm.core.people import Absence
from wfm.scheduling.check import check, hard
from wfm.scheduling.crew import Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.exchange import exchange_weeks
from wfm.scheduling.people.mend import broken_weeks, mend_weeks
from wfm.scheduling.problem import Begin
from wfm.scheduling.settings import Rules


@pytest.fixture
def pair(make, parts):
    """Agents of four or five days a week, at most five in a row, who start at nine."""

    def build(days, absences=(), locks=()):
        people = [dataclasses.replace(a, contract="full") for a in parts["people"](len(days))]
        people[0] = dataclasses.replace(people[0], absences=tuple(absences))
        rules = Rules(prorate_days=False, max_days_in_row=5)
        problem = make(people, days=14, rules=rules)
        crew = Crew(make_layout(dataclasses.replace(problem, locks=tuple(locks))))
        for agent, worked in enumerate(days):
            crew.starts[agent] = {d: Begin(problem.interval_at(d, 540)) for d in worked}
        return crew

    return build


def test_a_row_too_long_is_broken_by_a_swap_of_days(pair):
    """a1 works Wednesday to Sunday and then Monday to Friday; a2 can take one of these days."""
    crew = pair([[2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [0, 1, 2, 3, 4, 9, 10, 11, 12, 13]])
    assert broken_weeks(crew, 0, 1).tolist() == [5, 0]
    mend_weeks(crew, 0, 1)
    assert broken_weeks(crew, 0, 1).sum() == 0
    assert 7 not in crew.starts[0]
    counts = Counter(d for days in crew.starts for d in days)
    assert counts == Counter([*range(2, 12), 0, 1, 2, 3, 4, 9, 10, 11, 12, 13])


def test_a_day_goes_to_who_has_room(pair):
    crew = pair([[7, 8, 9, 10, 11, 12], [7, 8, 9]])
    mend_weeks(crew, 0, 1)
    assert sorted(map(len, crew.starts)) == [4, 5]
    assert broken_weeks(crew, 0, 1).sum() == 0


def test_a_day_is_handed_on_until_somebody_can_take_it(pair):
    """a2 has a day too many that a1 is away on; a3 can take one and give another to a1."""
    away = [Absence(date(2027, 1, day), date(2027, 1, day)) for day in (12, 15)]
    crew = pair([[7, 9, 12, 13], [7, 8, 9, 11, 12, 13], [8, 9, 10, 12, 13]], away)
    assert broken_weeks(crew, 0, 1).tolist() == [0, 1, 0]
    mend_weeks(crew, 0, 1)
    assert broken_weeks(crew, 0, 1).tolist() == [0, 0, 0]
    assert {frozenset(days) for days in crew.starts} == {
        frozenset({7, 9, 10, 12, 13}),
        frozenset({8, 9, 11, 12, 13}),
        frozenset({7, 8, 9, 12, 13}),
    }


def test_a_week_changes_hands_for_what_comes_after_it(pair):
    """a1 would work from Wednesday to Friday of the next week; a2 has a weekend between."""
    crew = pair([[2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [0, 1, 2, 3, 4, 9, 10, 11, 12, 13]])
    exchange_weeks(crew, 0, 0)
    assert sorted(crew.starts[0]) == [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]
    assert sorted(crew.starts[1]) == [2, 3, 4, 5, 6, 9, 10, 11, 12, 13]


def test_a_week_that_leaves_too_little_rest_before_the_next_changes_hands(pair):
    crew = pair([[2, 3, 4, 5, 6, 7], [2, 3, 4, 5, 9]])
    late = Begin(crew.problem.interval_at(6, 1380))
    crew.starts[0][6] = late
    exchange_weeks(crew, 0, 0)
    assert crew.starts[1][6] == late
    assert sorted(crew.starts[0]) == [2, 3, 4, 5, 7]


def test_absences_and_locks_are_kept(pair):
    away = [Absence(date(2027, 1, 11), date(2027, 1, 11))]
    crew = pair([[7, 8, 9], [9, 10, 11]], away)
    mend_weeks(crew, 0, 1)
    assert 7 not in crew.starts[0]
    lock = Lock("a2", date(2027, 1, 11), 540)
    crew = pair([[7, 8, 9], [9, 10, 11]], locks=[lock])
    mend_weeks(crew, 0, 1)
    assert 7 in crew.starts[1]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_counts_stay_and_fewer_rules_are_broken(make, parts, random):
    people = [dataclasses.replace(a, contract="full") for a in parts["people"](6)]
    rules = Rules(prorate_days=False, max_days_in_row=4)
    problem = make(people, days=14, rules=rules)
    crew = first_crew(problem)
    for day in range(7, 14):
        having = [a for a in range(6) if day in crew.starts[a]]
        starts = [crew.starts[a].pop(day) for a in having]
        for agent, start in zip(random.sample(range(6), len(starts)), starts, strict=True):
            crew.starts[agent][day] = start

    def counts():
        return Counter(item for days in crew.starts for item in days.items())

    before, broken = counts(), broken_weeks(crew, 0, 1).sum()
    mend_weeks(crew, 0, 1)
    assert counts() == before
    assert broken_weeks(crew, 0, 1).sum() <= broken


def test_what_is_counted_is_what_the_checker_finds(make, parts):
    people = [dataclasses.replace(a, contract="full") for a in parts["people"](4)]
    problem = make(people, days=14, rules=Rules(prorate_days=False, max_days_in_row=4))
    crew = first_crew(problem)
    assert not hard(check(problem, crew.frame()))
    assert [broken_weeks(crew, 0, week).sum() for week in (0, 1)] == [0, 0]


def test_nothing_changes_hands_once_it_is_late(pair):
    crew = pair([[7, 8, 9, 10, 11, 12], [7, 8, 9]])
    mend_weeks(crew, 0, 1, late=lambda: True)
    assert sorted(map(len, crew.starts)) == [3, 6]
    assert broken_weeks(crew, 0, 1).sum() > 0
