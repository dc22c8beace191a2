"""The proof of a run: where people differ, what is stated for everybody proves more."""

import dataclasses
from datetime import timedelta

import numpy as np
import pytest

from tests.scheduling.counts.conftest import with_a_past
from wfm.core.edits import Lock
from wfm.scheduling.check import check, hard
from wfm.scheduling.clock import Clock
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.linear import Running, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.counts.proving import Proving
from wfm.scheduling.crew import Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.kinds import exact_layout
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.settings import Rules
from wfm.scheduling.solve import solve

RULES = (
    Rules(prorate_days=False, max_days_in_row=4),
    Rules(prorate_days=False, max_days_in_row=3, weekends_off_in=2),
    Rules(prorate_days=False, band_min=None, rest_min=720, weekly_rest_min=2160),
    Rules(prorate_days=False, max_nights_week=1, rest_after_nights_min=1200, band_min=240),
    Rules(prorate_days=False, late_end_min=1200, start_after_late_min=600, max_days_in_row=5),
)


def differing(make, parts, seed, rules, people=6):
    """A week of people with a past, weekends and locks of their own, drawn by a seed."""
    random = np.random.default_rng(seed)
    heads = {"voice": 2}
    given = make(parts["people"](people), days=7, rules=rules, hours=(0, 24), heads=heads)
    given = with_a_past(given, seed)
    carried = {
        name: dataclasses.replace(past, weekends=(bool(random.random() < 0.5),))
        for name, past in given.carried.items()
    }
    given = dataclasses.replace(given, carried=carried)
    crew = first_crew(given)
    locks = []
    for agent, days in zip(given.agents, crew.starts, strict=True):
        for day, begin in days.items():
            if random.random() < 0.15:
                at = given.first_day + timedelta(days=day)
                locks.append(Lock(agent.agent, at, int(given.clock[begin.start])))
    return dataclasses.replace(given, locks=tuple(locks))


def any_crew(given, seed):
    """A legal crew whose starts are drawn by a seed, cover or not."""
    random = np.random.default_rng(seed)
    crew = Crew(make_layout(given))
    tours = Tours(crew)
    for agent in random.permutation(len(given.agents)).tolist():
        leaning = random.normal(0, 30, len(crew.group(agent).options))
        tour = tours.best_week(agent, 0, leaning)
        assert tour is not None
        for begin, codes in tour.shifts:
            crew.put(agent, begin, codes)
    return crew


@pytest.mark.parametrize("rules", RULES, ids=range(len(RULES)))
@pytest.mark.parametrize("seed", range(4))
def test_every_legal_crew_keeps_what_is_stated_for_people_who_differ(make, parts, rules, seed):
    """So the linear programme of these rows is below every legal schedule."""
    given = differing(make, parts, seed, rules)
    whole = make_matrix(given, exact_layout(make_layout(given)))
    for draw in range(12):
        crew = any_crew(given, 100 * seed + draw)
        assert hard(check(given, crew.frame())) == []
        values = count_crew(whole, crew)
        assert not len(broken_rows(whole, values))
        assert ((whole.low <= values) & (values <= whole.high)).all()


@pytest.fixture(scope="module")
def proofs(make, parts):
    """A problem whose people are bound by last week, with both programmes answered."""
    given = differing(make, parts, 0, RULES[0], people=8)
    rough = make_matrix(given)
    whole = make_matrix(given, exact_layout(rough.layout))
    answers = []
    for matrix in (rough, whole):
        columns = np.ones(len(matrix.cost), dtype=bool)
        part = take_slice(matrix, columns, np.zeros(len(matrix.cost)))
        answers.append((matrix, part, relax(part, 1e-6, 60, Running())))
    return given, answers


def test_what_is_stated_for_everybody_proves_more_and_never_too_much(proofs):
    given, answers = proofs
    bounds = []
    for matrix, part, found in answers:
        clock = Clock(60)
        Proving(answers[0][0], clock, lambda: 0.0).take(matrix, part, found)
        bounds.append(clock.bound)
    assert bounds[0] < bounds[1]
    made = solve(given, seconds=15)
    assert bounds[0] < made.bound <= min(bounds[1] + 1, made.objective)
    for draw in range(20):
        assert made.bound <= any_crew(given, draw).cost() * given.scale


@pytest.mark.parametrize("late", [False, True], ids=["while it runs", "when it has ended"])
def test_a_proof_goes_on_from_the_nearer_programme(proofs, late):
    (rough, part, found), (whole, own, exact) = proofs[1]
    clock = Clock(60)
    proving = Proving(rough, clock, lambda: 0.0)
    proving.answered(rough, part, found)
    if late:
        proving.wait()
        assert clock.bound < whole.cost @ exact.values - 2
    rougher = relax(own, 1e-2, 60, Running(), small=0)
    proving.answered(whole, own, rougher)
    proving.wait()
    proving.end()
    assert clock.bound == pytest.approx(np.ceil(own.cost @ exact.values), abs=1)
    assert clock.left > 0
