"""A list is worked through once within its gap of days, by the customers' days."""

import dataclasses

import numpy as np
import pytest

from wfm.core.calendars import Opening
from wfm.core.work import Campaign
from wfm.scheduling.check import check
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows, set_slacks
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.crew import CAMPAIGN, QUEUE, Crew
from wfm.scheduling.groups import make_layout
from wfm.scheduling.people.construct import first_crew
from wfm.scheduling.people.tours import keep_passes, place_outbound
from wfm.scheduling.problem import Begin
from wfm.scheduling.solve import solve

LIST = Campaign(
    "calls",
    "voice",
    Opening.parse("09:00-19:00"),
    target_h=9,
    records=20,
    attempts=3,
    gap_days=2,
    talk_s=600,
)
"""Twenty records of ten minutes: once all of it takes three hours and twenty minutes."""


@pytest.fixture
def problem(make, parts):
    """Five days with people to spare."""

    def build(campaign=LIST, people=5, days=5):
        who = [dataclasses.replace(p, contract="full") for p in parts["people"](people, "voice")]
        full = dataclasses.replace(parts["FULL"], min_days_week=5)
        heads = {"voice": 1}
        return make(who, heads=heads, days=days, contracts=(full,), campaigns=(campaign,))

    return build


def by_day(made):
    codes = made.plan[:, : made.problem.intervals] == CAMPAIGN
    return [int(codes[:, made.problem.day[: codes.shape[1]] == d].sum()) for d in range(5)]


def test_two_days_in_a_row_take_one_try_of_each(problem):
    """200 minutes begin fourteen quarters; four rows of two days in five."""
    passes = problem().passes
    assert [(p.campaign, p.most) for p in passes] == [(0, 14)] * 4
    assert [(p.when.start, p.when.stop) for p in passes] == [
        (96 * d, 96 * d + 192) for d in range(4)
    ]


@pytest.mark.parametrize(
    "change", [{"gap_days": 0}, {"target_h": 3.0}, {"records": None}], ids=["gap", "target", "list"]
)
def test_no_limit_where_none_can_be_broken(problem, change):
    assert problem(dataclasses.replace(LIST, **change)).passes == ()


@pytest.mark.parametrize("records", range(18, 40))
def test_all_of_a_list_that_is_tried_once_has_room(problem, records):
    """The target is the list's time to the nearest quarter of an hour."""
    hours = records / 6
    once = dataclasses.replace(LIST, target_h=hours, records=records, attempts=1, gap_days=5)
    assert problem(once).passes == ()


def test_days_are_the_customers(problem):
    """Istanbul is eight hours ahead of New York: their day begins at eight in the morning."""
    there = dataclasses.replace(LIST, time_zone="America/New_York", gap_days=1)
    passes = problem(there).passes
    assert [(p.when.start, p.when.stop) for p in passes][:2] == [(0, 32), (32, 128)]


def test_a_schedule_spreads_the_tries(problem):
    made = problem()
    schedule = solve(made, seconds=5)
    assert check(made, schedule.frame) == []
    assert schedule.outbound["placed_h"].tolist() == [9.0]
    work = schedule.frame[schedule.frame["activity"] == "outbound"]
    hours = ((work["end"] - work["start"]).dt.total_seconds() / 3600).groupby(work["start"].dt.day)
    days = hours.sum().reindex(range(4, 9), fill_value=0.0).to_numpy()
    assert (days[:-1] + days[1:] <= 3.5).all()
    without = dataclasses.replace(made, campaigns=(dataclasses.replace(LIST, records=None),))
    eager = solve(without, seconds=5)
    assert not set(v.rule for v in check(made, eager.frame)) - {"outbound_tries"}


def test_too_much_is_found_and_told(problem):
    made = _crowded(problem())
    found = [v for v in check(made.problem, made.frame()) if v.rule == "outbound_tries"]
    assert [v.text for v in found] == [
        "calls: 6 h within 2 days, one try of every record takes 3.5 h."
    ]
    assert found[0].when == "Mon 2027-01-04 00:00"


def test_too_much_goes_back_on_the_queue(problem):
    made = _crowded(problem())
    keep_passes(made)
    assert by_day(made) == [12, 0, 0, 0, 0]
    assert not [v for v in check(made.problem, made.frame()) if v.rule == "outbound_tries"]


def test_nothing_is_placed_beyond_it(problem):
    """The first agent does the fourteen quarters of two days; the second finds no room."""
    made = Crew(make_layout(problem()))
    for agent in range(2):
        made.put(agent, Begin(40), np.full(32, QUEUE, dtype=np.int16))
        made.problem.required[0, 40:72] = 0
        place_outbound(made, agent, Begin(40))
    assert made.placed.tolist() == [14]
    assert made.spare(0).tolist() == [0] * 192 + [14] * 288


def test_the_matrix_counts_the_same(problem):
    """A legal crew breaks no row; a crowded one needs as much slack as it has too much."""
    legal = first_crew(problem())
    matrix = make_matrix(legal.problem)
    assert not len(broken_rows(matrix, count_crew(matrix, legal)))
    rows = np.flatnonzero(matrix.row_rule == "outbound_tries")
    values = np.zeros(len(matrix.cost))
    blocks = matrix.columns.o[0][0]
    values[blocks[0, [40, 44, 48, 52, 136, 140, 144, 148]]] = 1
    done = (matrix.rows @ values)[rows]
    assert done.tolist() == [8 * legal.problem.block, 4 * legal.problem.block, 0, 0]
    set_slacks(matrix, values)
    assert ((matrix.rows @ values)[rows] <= matrix.row_high[rows]).all()


def _crowded(problem):
    """Two agents on the campaign for three hours each on the first day."""
    made = Crew(make_layout(problem))
    for agent in range(2):
        codes = np.full(32, QUEUE, dtype=np.int16)
        codes[:12] = CAMPAIGN
        made.put(agent, Begin(40), codes)
    return made
