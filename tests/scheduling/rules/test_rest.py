"""Rest after last week, in counts."""

import dataclasses
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from wfm.core.people import CarryIn
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.kinds import exact_layout
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.names import name_counts
from wfm.scheduling.settings import Rules

MONDAY = datetime(2027, 1, 4, tzinfo=ZoneInfo("Europe/Istanbul"))
RULES = Rules(prorate_days=False, max_days_in_row=4)


def two(make, parts, **carried):
    """Two people; the first may begin again on Monday at 10:00."""
    problem = make(parts["people"](2), days=7, rules=RULES, hours=(0, 24))
    past = {problem.agents[0].agent: CarryIn(MONDAY - timedelta(hours=1), 1)}
    past |= {problem.agents[int(i[1:])].agent: one for i, one in carried.items()}
    return dataclasses.replace(problem, carried=past)


def test_who_is_rested_late_works_on_a_band_that_begins_before(make, parts):
    problem = two(make, parts)
    late = problem.free_from(0)
    layout = exact_layout(make_matrix(problem).layout)
    (one,) = [c for c in layout.classes if 0 in c.agents]
    group = layout.groups[one.group]
    holds = group.in_band & (group.start_day == 0)
    first = np.array([group.starts[row].min(initial=late) for row in holds])
    last = np.array([group.starts[row].max(initial=0) for row in holds])
    assert (one.may[:, 0] == (last >= late)).all()
    assert (one.may[:, 0] & (first < late)).any()


def test_counts_that_keep_the_rows_of_the_first_day_let_everybody_rest(make, parts):
    problem = two(make, parts)
    crew = first_crew(problem)
    matrix = make_matrix(problem, exact_layout(crew.layout))
    values = count_crew(matrix, crew)
    assert not len(broken_rows(matrix, values))
    named = name_counts(matrix, values)
    assert all(s.start >= problem.free_from(a) for a in (0, 1) for s in named.starts[a].values())


def test_whoever_may_not_work_the_first_day_takes_no_place_among_the_rested(make, parts):
    problem = two(make, parts, a1=CarryIn(MONDAY - timedelta(hours=20), 4))
    matrix = make_matrix(problem)
    group = matrix.layout.groups[0]
    early = (group.start_day == 0) & (group.starts < problem.free_from(0))
    rows = matrix.rows.tocsr()
    limits = [
        matrix.row_high[i]
        for i in np.flatnonzero(matrix.row_rule == "rest")
        if set(rows.indices[rows.indptr[i] : rows.indptr[i + 1]]) == set(matrix.columns.y[0][early])
    ]
    assert limits == [0.0]
