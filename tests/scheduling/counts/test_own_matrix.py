"""Everybody a class: days change hands, bands stay, and names keep whatever is found."""

import numpy as np
import pytest
from ortools.sat.python import cp_model

from wfm.scheduling.check import check, hard
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.matrix import make_matrix, own_matrix
from wfm.scheduling.crew import Crew
from wfm.scheduling.kinds import exact_layout
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.names import name_counts
from wfm.scheduling.people.tours import Tours
from wfm.scheduling.settings import Rules


@pytest.fixture(scope="module", params=[4, 5])
def own(make, parts, request):
    """Three weeks of five people who work so many days in a row at most."""
    rules = Rules(prorate_days=False, max_days_in_row=request.param)
    problem = make(parts["people"](5), days=21, rules=rules, hours=(0, 24), heads={"voice": 2})
    crew = first_crew(problem)
    assert check(problem, crew.frame()) == []
    return problem, crew, own_matrix(make_matrix(problem, exact_layout(crew.layout)), crew)


def test_a_crew_keeps_every_row_of_its_own_matrix(own):
    _, crew, matrix = own
    values = count_crew(matrix, crew)
    assert not len(broken_rows(matrix, values))
    assert ((matrix.low <= values) & (values <= matrix.high)).all()
    assert all(one.size == 1 for one in matrix.layout.classes)


def other_days(matrix, values, seed):
    """Days of work at random that keep the rows on bands and days."""
    who = np.flatnonzero(matrix.of_kind("n", "m"))
    others = np.diff(matrix.rows[:, ~matrix.of_kind("n", "m")].tocsr().indptr)
    own = matrix.rows[:, who].tocsr()
    model = cp_model.CpModel()
    low, high = matrix.low[who].astype(int), matrix.high[who].astype(int)
    days = [model.new_int_var(int(a), int(b), "") for a, b in zip(low, high, strict=True)]
    for row in np.flatnonzero((others == 0) & (np.diff(own.indptr) > 0)):
        at = slice(own.indptr[row], own.indptr[row + 1])
        terms = zip(own.indices[at], own.data[at], strict=True)
        total = sum(int(factor) * days[column] for column, factor in terms)
        if np.isfinite(matrix.row_high[row]):
            model.add(total <= int(matrix.row_high[row]))
        if np.isfinite(matrix.row_low[row]):
            model.add(total >= int(matrix.row_low[row]))
    wanted = np.random.default_rng(seed).integers(-9, 10, len(days))
    model.maximize(sum(int(w) * day for w, day in zip(wanted, days, strict=True)))
    solver = cp_model.CpSolver()
    assert solver.solve(model) == cp_model.OPTIMAL
    found = values.copy()
    found[who] = [solver.value(day) for day in days]
    return found


@pytest.mark.parametrize("seed", range(4))
def test_days_that_keep_the_rows_keep_every_rule_and_names_keep_the_days(own, seed):
    problem, crew, matrix = own
    values = count_crew(matrix, crew)
    found = other_days(matrix, values, seed)
    moved, tours = Crew(matrix.layout), Tours(Crew(matrix.layout))
    for one, n, m in zip(matrix.layout.classes, matrix.columns.n, matrix.columns.m, strict=True):
        agent, group = int(one.agents[0]), matrix.layout.groups[one.group]
        band = int(np.argmax(values[n]))
        for i in np.flatnonzero(found[m[band]]):
            today = group.start_day == problem.days_of(one.week)[i]
            options = np.flatnonzero(group.in_band[band] & today)
            begin = group.options[options[-1]]
            moved.put(agent, begin, tours.codes(agent, begin, *tours.prices(agent)))
    assert (found != values).sum() > 10
    assert hard(check(problem, moved.frame())) == []
    counts = count_crew(matrix, moved)
    assert not len(broken_rows(matrix, counts))
    named = name_counts(matrix, counts, crew)
    assert hard(check(problem, named.frame())) == []
    assert [set(days) for days in named.starts] == [set(days) for days in moved.starts]
