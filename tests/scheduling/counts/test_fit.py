"""Bands of people who differ, fitted to the staff of a guide."""

import dataclasses
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from wfm.core.people import CarryIn
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.fit import fit_bands, open_bands
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.kinds import exact_layout
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.problem import Begin
from wfm.scheduling.settings import Rules

MONDAY = datetime(2027, 1, 4, tzinfo=ZoneInfo("Europe/Istanbul"))
RULES = Rules(prorate_days=False, max_days_in_row=4)


@pytest.mark.parametrize("seed", [1, 2])
def test_everybody_gets_one_band_and_days_that_keep_every_rule_of_a_week(fitted, seed):
    matrix, rough, target, values = fitted(seed, 12)
    assert (values == fit_bands(matrix, rough, target)).all()
    own = matrix.of_kind("n", "m")
    assert (values[own] == np.round(values[own])).all()
    assert (values[own] <= matrix.high[own]).all()
    for one, n in zip(matrix.layout.classes, matrix.columns.n, strict=True):
        assert values[n].sum() == one.size
    others = matrix.rows[:, np.flatnonzero(~own)].tocsr()
    alone = np.diff(others.indptr) == 0
    done = matrix.rows @ values
    assert (done[alone] >= matrix.row_low[alone] - 1e-9).all()
    assert (done[alone] <= matrix.row_high[alone] + 1e-9).all()


@pytest.mark.parametrize("may_work", [True, False])
def test_a_band_that_a_better_guide_uses_is_open_to_its_group_again(fitted, may_work):
    matrix, *_ = fitted(1, 12)
    layout, high = matrix.layout, matrix.high.copy()
    whole = make_matrix(layout.problem, layout)
    one, other, barred, *_ = group = layout.classes_of(0, 0)
    columns = np.array([matrix.columns.n[h] for h in group])
    band, little = np.flatnonzero((high[columns] == 0).all(axis=0))[:2]
    may = np.ones((columns.shape[1], 7), dtype=bool)
    may[band] = may_work
    classes = list(layout.classes)
    classes[barred] = dataclasses.replace(classes[barred], may=may)
    layout = dataclasses.replace(layout, classes=tuple(classes))
    guide = np.zeros(len(whole.cost))
    guide[[matrix.columns.n[h][band] for h in (one, other)]] = 0.01
    guide[matrix.columns.n[one][little]] = 0.01
    opened = dataclasses.replace(matrix, layout=layout, high=high.copy())
    open_bands(opened, whole, guide)
    here = [h for h in group if may_work or h != barred]
    high[[matrix.columns.n[h][band] for h in here]] = 1
    assert (opened.high == high).all()


@pytest.mark.parametrize(("early", "late"), [(6, 0), (12, 0), (12, 1)])
def test_who_can_come_early_does_so_where_the_guide_has_an_early_shift(make, parts, early, late):
    problem = make(parts["people"](2), days=7, rules=RULES, hours=(0, 24))
    carried = {problem.agents[late].agent: CarryIn(MONDAY + timedelta(hours=2), 1)}
    problem = dataclasses.replace(problem, carried=carried)
    crew = first_crew(dataclasses.replace(problem, carried={}))
    for agent, hour in ((0, early), (1, 15)):
        for day in list(crew.starts[agent]):
            crew.drop(agent, day)
        group = crew.layout.groups[crew.group_of[agent]]
        for day in (0, 2, 4):
            begin = problem.first_interval[day] + hour * 60 // problem.interval_min
            assert begin in group.starts
            codes = np.full(group.lengths[0], 100, dtype=np.int16)
            for i, (length, first, _) in enumerate(group.pauses):
                codes[first : first + length] = i
            crew.put(agent, Begin(int(begin)), codes)
    rough = make_matrix(dataclasses.replace(problem, carried={}))
    guide = count_crew(rough, crew)
    rough = make_matrix(problem)
    matrix = make_matrix(problem, exact_layout(rough.layout))
    values = fit_bands(matrix, rough, guide[: len(rough.cost)])
    worked = {}
    for one, n, m in zip(matrix.layout.classes, matrix.columns.n, matrix.columns.m, strict=True):
        group = matrix.layout.groups[one.group]
        band = int(np.flatnonzero(values[n])[0])
        first = int(problem.clock[group.starts[group.in_band[band]]].min())
        worked[int(one.agents[0])] = first // 60, np.flatnonzero(values[m[band]]).tolist()
    assert worked[1 - late][0] <= early < 13 <= worked[late][0], (
        "who is free at 13 cannot come at 12"
    )
    assert worked[0][1] == worked[1][1] == [0, 2, 4]
