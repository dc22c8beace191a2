"""The best week of one agent, and outbound blocks in a shift."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.scheduling.check import check, price
from wfm.scheduling.crew import CAMPAIGN, Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.tours import Tours, _best_runs, separate_windows
from wfm.scheduling.settings import Rules


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 3), max_size=9), st.integers(1, 3))
def test_best_runs_gain_as_much_as_any(gain, least):
    values = np.array(gain, dtype=float)

    def best(t):
        if t >= len(values):
            return 0.0
        runs = [values[t:e].sum() + best(e) for e in range(t + least, len(values) + 1)]
        return max([best(t + 1), *runs])

    runs = _best_runs(values, least)
    assert all(b - a >= least for a, b in runs)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(runs))
    assert sum(values[a:b].sum() for a, b in runs) == pytest.approx(best(0))


def test_separate_windows_leave_order_to_any_choice():
    windows = separate_windows(((1, 4, 16), (2, 8, 20), (1, 10, 21)))
    for (length, _, last), (_, first, _) in itertools.pairwise(windows):
        assert last + length <= first
    assert all(first <= last for _, first, last in windows)


def test_cost_and_staff_of_a_crew_are_what_the_checker_finds(make):
    problem = make(6, days=5)
    crew = first_crew(problem)
    told = price(problem, crew.frame())
    assert told.objective == pytest.approx(crew.cost())
    assert (told.staff == crew.staff).all()
    assert told.placed.tolist() == crew.placed.tolist()


def test_one_more_head_costs_what_it_adds(make):
    problem = make(6, days=2)
    crew = first_crew(problem)
    adding, removing = crew.adding(), crew.removing()
    for t in range(0, problem.intervals, 7):
        before = crew.cost()
        crew.staff[0, t] += 1
        assert crew.cost() - before == pytest.approx(adding[0, t])
        crew.staff[0, t] -= 2
        assert crew.cost() - before == pytest.approx(removing[0, t])
        crew.staff[0, t] += 1


def test_improving_never_costs_more_and_stays_legal(make):
    problem = make(6, days=7, rules=Rules(band_min=None), hours=(0, 24))
    crew = first_crew(problem)
    tours = Tours(crew)
    for agent in range(6):
        before = crew.cost()
        tours.improve(agent, 0)
        assert crew.cost() <= before
    assert check(problem, crew.frame()) == []


def test_the_best_week_of_a_single_agent_is_the_best(make, parts):
    """Without outbound, one agent of one contract: every start and day tried by hand."""
    problem = make(parts["people"](1, skills="voice"), campaigns=())
    crew = Crew(make_layout(problem))
    tours = Tours(crew)
    tour = tours.best_week(0, 0)
    price_of, _ = tours.prices(0)
    group = crew.layout.groups[0]
    costs = tours.start_costs(group, price_of)
    best = min(
        [costs[i] for i in range(len(costs))]
        + [
            costs[i] + costs[j]
            for i, j in itertools.combinations(range(len(costs)), 2)
            if group.start_day[i] != group.start_day[j]
            and (group.in_band[:, i] & group.in_band[:, j]).any()
            and group.starts[j] - group.starts[i] >= group.lengths[0] + 44
        ]
    )
    assert tour.cost == pytest.approx(best)


def test_outbound_is_taken_back_out_of_the_count(make):
    problem = make(6, days=5)
    crew = first_crew(problem)
    placed = crew.placed.sum()
    assert placed > 0
    for agent, days in enumerate(crew.starts):
        for day in list(days):
            crew.drop(agent, day)
    assert crew.placed.sum() == crew.staff.sum() == 0
    assert crew.labour == 0
    assert not (crew.plan >= CAMPAIGN).any()
