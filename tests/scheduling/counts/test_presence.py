"""Bands with which the presence of a guide can be met best."""

import dataclasses
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from tests.scheduling.counts.around import cost_around
from wfm.core.people import CarryIn
from wfm.scheduling.clock import Clock
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.fit import fit_bands
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.counts.presence import meet_presence
from wfm.scheduling.kinds import exact_layout
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.problem import Begin
from wfm.scheduling.settings import Rules

MONDAY = datetime(2027, 1, 4, tzinfo=ZoneInfo("Europe/Istanbul"))
RULES = Rules(prorate_days=False, max_days_in_row=4)


def test_the_linear_programme_around_the_bands_is_cheaper_than_around_fitted_ones(fitted):
    before, after = 0.0, 0.0
    for seed in (1, 2, 3, 4):
        matrix, rough, target, first = fitted(seed, 14)
        guide = first.copy()
        meet_presence(matrix, rough, target, guide, Clock(120))
        bands = matrix.of_kind("n")
        assert (guide[~bands] == first[~bands]).all()
        assert (guide[bands] == np.round(guide[bands])).all()
        assert (guide[bands] <= matrix.high[bands]).all()
        for one, n in zip(matrix.layout.classes, matrix.columns.n, strict=True):
            assert guide[n].sum() == one.size
        before += cost_around(matrix, first, "n")
        after += cost_around(matrix, guide, "n")
    assert after < 0.99 * before


def test_people_on_each_others_bands_change_them(make, parts):
    """One works early and one late; who is not rested for the early one was put there."""
    problem = make(parts["people"](2), days=7, rules=RULES, hours=(0, 24))
    crew = first_crew(problem)
    for agent, hour in ((0, 6), (1, 15)):
        for day in list(crew.starts[agent]):
            crew.drop(agent, day)
        group = crew.layout.groups[crew.group_of[agent]]
        for day in (0, 2, 4):
            begin = int(problem.first_interval[day] + hour * 60 // problem.interval_min)
            codes = np.full(group.lengths[0], 100, dtype=np.int16)
            for i, (length, first, _) in enumerate(group.pauses):
                codes[first : first + length] = i
            crew.put(agent, Begin(begin), codes)
    target = count_crew(make_matrix(problem), crew)
    late = {problem.agents[0].agent: CarryIn(MONDAY + timedelta(hours=2), 1)}
    problem = dataclasses.replace(problem, carried=late)
    rough = make_matrix(problem)
    matrix = make_matrix(problem, exact_layout(rough.layout))
    target = target[: len(rough.cost)]
    guide = fit_bands(matrix, rough, target)
    ways = {
        int(one.agents[0]): n
        for one, n in zip(matrix.layout.classes, matrix.columns.n, strict=True)
    }
    right = [int(np.flatnonzero(guide[ways[agent]])[0]) for agent in (0, 1)]
    for agent, band in zip((0, 1), reversed(right), strict=True):
        guide[ways[agent]] = 0.0
        guide[ways[agent][band]] = 1.0
    meet_presence(matrix, rough, target, guide, Clock(60))
    group = matrix.layout.groups[0]
    hours = [
        problem.clock[group.starts[group.in_band[int(np.flatnonzero(guide[ways[agent]])[0])]]]
        for agent in (0, 1)
    ]
    assert 15 * 60 in hours[0]
    assert 6 * 60 in hours[1]
