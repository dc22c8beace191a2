"""One day of the dive: its limits, its start and its answer."""

import numpy as np
import pytest

from wfm.scheduling.clock import Clock
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.crude import broken_rows
from wfm.scheduling.counts.days import (
    Chunk,
    chunks_of_day,
    day_columns,
    round_open_days,
    slice_day,
    week_prices,
)
from wfm.scheduling.counts.dive import dive
from wfm.scheduling.counts.linear import Running, forgive, holds, relax, take_slice
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.people.construct import first_crew


@pytest.fixture(scope="module")
def centre(make):
    problem = make(7, days=7)
    matrix = make_matrix(problem)
    return matrix, count_crew(matrix, first_crew(problem))


def test_a_day_and_its_neighbour_but_one_share_no_column_but_targets(centre):
    matrix, _ = centre
    both = day_columns(matrix, 1) & day_columns(matrix, 3)
    assert set(np.flatnonzero(both)) == {*matrix.columns.short, *matrix.columns.excess}


def test_the_rounded_start_of_a_day_holds(centre):
    matrix, values = centre
    is_open, no_prices = np.zeros(7, dtype=bool), np.zeros(len(matrix.cost))
    part, hint = slice_day(matrix, Chunk(2), [2], values, values, no_prices, is_open, "near")
    assert holds(part, hint)


@pytest.mark.parametrize("seed", range(3))
def test_open_days_are_rounded_to_what_the_guide_says_and_others_stay(centre, seed):
    matrix, values = centre
    is_open = np.random.default_rng(seed).random(7) < 0.5
    shifts = matrix.of_kind("m", "x", "y")
    ahead = np.append(is_open, [False, False])[matrix.day] & shifts
    start = np.where(ahead, 0.0, values)
    round_open_days(matrix, 0, start, values, is_open)
    assert values[ahead].sum() > 0
    assert (start[shifts] == values[shifts]).all()


@pytest.mark.parametrize("seed", range(3))
def test_a_rounding_of_open_days_keeps_all_but_what_joins_days(centre, seed):
    matrix, values = centre
    random = np.random.default_rng(seed)
    guide = values * random.uniform(0.7, 1.3, len(values))
    rounded = values.copy()
    round_open_days(matrix, 0, rounded, guide, random.random(7) < 0.7)
    assert (rounded == np.round(rounded)).all()
    assert matrix.joins_days[broken_rows(matrix, rounded)].all()


def test_a_dive_from_a_whole_guide_stays_whole_and_legal(centre):
    matrix, values = centre
    no_duals = np.zeros(len(matrix.row_low))
    found = dive(matrix, values, values.copy(), no_duals, Clock(4), 0, 1.0)
    assert (found == np.round(found)).all()
    assert not len(broken_rows(matrix, found))


def test_a_rounded_day_stays_where_nothing_better_is_found_in_time(centre, monkeypatch):
    matrix, values = centre
    attempts = []

    def sliced(*rest):
        attempts.append(rest[-1])
        return slice_day(*rest)

    monkeypatch.setattr("wfm.scheduling.counts.dive.slice_day", sliced)
    monkeypatch.setattr("wfm.scheduling.counts.dive.exact_slice", lambda *_, **__: None)
    dive(matrix, values, values.copy(), np.zeros(len(matrix.row_low)), Clock(4), 0, 1.0)
    assert set(attempts) == {"near"}


def test_a_guide_around_whole_days_begins_from_the_one_before(centre, monkeypatch):
    """Columns and rows that no day has changed since are those of the guide given."""
    matrix, values = centre
    part = take_slice(matrix, np.ones(len(matrix.cost), bool), np.zeros(len(matrix.cost)))
    found = relax(part, 1e-6, 60, Running(), small=len(matrix.cost))
    duals = np.zeros(len(matrix.row_low))
    duals[part.touched] = found.duals
    starts = []

    def relaxed(part, *rest, start, **more):
        starts.append((part, start))
        return relax(part, *rest, start=start, **more)

    monkeypatch.setattr("wfm.scheduling.counts.dive.relax", relaxed)
    monkeypatch.setattr("wfm.scheduling.counts.dive.AROUND", 0)
    dive(matrix, values, found.values, duals, Clock(4), 0, 1.0)
    first, (near_values, near_duals) = starts[0]
    assert near_values == pytest.approx(found.values[first.free])
    assert near_duals == pytest.approx(duals[first.touched])
    assert np.abs(near_duals).max() > 0


def test_a_day_has_an_answer_beside_a_guide_that_is_only_nearly_right(make):
    """Its nights reach into a Monday whose own work is fixed and a thousandth off."""
    matrix = make_matrix(make(7, days=14))
    everything = np.ones(len(matrix.cost), dtype=bool)
    part = take_slice(matrix, everything, np.zeros(len(matrix.cost)))
    guide = relax(part, 1e-6, 60, Running(), small=len(matrix.cost)).values
    near = guide * np.random.default_rng(0).uniform(0.999, 1.001, len(guide))
    sunday = take_slice(matrix, day_columns(matrix, 6), near)
    assert relax(sunday, 1e-6, 60, Running()) is None
    forgive(matrix, sunday, near)
    found = relax(sunday, 1e-6, 60, Running())
    assert found.objective == pytest.approx(matrix.cost[sunday.free] @ guide[sunday.free], rel=0.01)


def test_days_of_agents_who_are_short_of_them_cost_more(centre):
    matrix, _ = centre
    duals = np.zeros(len(matrix.row_low))
    full = matrix.joins_days & np.isinf(matrix.row_low)
    duals[full] = -3.0
    prices = week_prices(matrix, duals)
    assert (prices[matrix.of_kind("m")] == 3).all()
    assert (prices[~matrix.of_kind("n", "m")] == 0).all()
    duals = np.ones(len(matrix.row_low)) * ~matrix.joins_days
    assert not week_prices(matrix, duals).any()


def test_a_small_day_is_one_chunk(centre):
    assert [c.skill_sets for c in chunks_of_day(centre[0], 0)] == [None]
