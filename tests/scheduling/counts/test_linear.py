"""The matrix, its LP bound and exact slices."""

import threading
import time

import numpy as np
import pytest

from wfm.scheduling.counts import pdlp
from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.derived import broken_rows
from wfm.scheduling.counts.linear import Running, holds, lower_bound, relax, take_slice, whole
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.people.construct import first_crew


@pytest.fixture(scope="module")
def centre(make):
    problem = make(5, days=3)
    return make_matrix(problem), first_crew(problem)


def whole_part(matrix):
    return take_slice(matrix, np.ones(len(matrix.cost), dtype=bool), np.zeros(len(matrix.cost)))


def test_any_duals_give_a_bound(centre):
    matrix, crew = centre
    random = np.random.default_rng(1)
    for scale in (0, 0.1, 1, 10):
        duals = random.normal(0, scale, len(matrix.row_low))
        assert lower_bound(matrix, duals) <= crew.cost()


def test_the_lp_duals_give_nearly_the_lp_value(centre):
    matrix, crew = centre
    part = whole_part(matrix)
    found = relax(part, 1e-6, 10, Running())
    duals = np.zeros(len(matrix.row_low))
    duals[part.touched] = found.duals
    bound = lower_bound(matrix, duals)
    assert bound == pytest.approx(np.ceil(found.objective - 1e-3), abs=1.01)
    assert bound <= crew.cost()
    assert bound == int(bound)


def test_a_slice_with_everything_fixed_elsewhere_keeps_its_values(centre):
    matrix, crew = centre
    values = count_crew(matrix, crew)
    free = (matrix.day == 1) | matrix.of_kind("slack")
    part = take_slice(matrix, free, values)
    assert holds(part, values[part.free])
    worse = values[part.free] + (part.high > values[part.free])
    assert not holds(part, worse)


def test_the_exact_answer_is_never_worse_than_its_hint(centre):
    matrix, crew = centre
    values = count_crew(matrix, crew)
    free = (matrix.day == 1) | matrix.of_kind("slack")
    part = take_slice(matrix, free, values)
    found = whole(part, values[part.free], 3, Running())
    assert part.cost @ found.values <= part.cost @ values[part.free]
    merged = values.copy()
    merged[part.free] = found.values
    assert not len(broken_rows(matrix, merged))


def test_impossible_rows_have_no_answer(centre):
    matrix, _ = centre
    part = whole_part(matrix)
    part.row_low[:] = part.row_high + 1
    assert whole(part, None, 1, Running()) is None


def test_a_stopped_run_solves_nothing(centre):
    running = Running()
    running.stop()
    part = whole_part(centre[0])
    assert relax(part, 1e-3, 5, running) is None
    assert whole(part, None, 5, running) is None


def test_duals_that_are_to_prove_give_a_near_bound_at_a_wide_tolerance(centre):
    matrix, _ = centre
    part = whole_part(matrix)
    best = relax(part, 1e-6, 10, Running()).objective

    def bound(proving):
        found = relax(part, 5e-3, 10, Running(), small=0, proving=proving)
        duals = np.zeros(len(matrix.row_low))
        duals[part.touched] = found.duals
        return lower_bound(matrix, duals)

    assert 0.99 * best <= bound(True) <= best + 1
    assert bound(True) > bound(False)


def test_an_answer_cut_short_proves_a_bound_too(centre):
    matrix, _ = centre
    part = whole_part(matrix)
    best = relax(part, 1e-6, 10, Running()).objective
    assert relax(part, 1e-12, 0.3, Running(), small=0) is None
    found = relax(part, 1e-12, 0.3, Running(), small=0, cut_short=True)
    duals = np.zeros(len(matrix.row_low))
    duals[part.touched] = found.duals
    assert 0.9 * best <= lower_bound(matrix, duals) <= best + 1


def test_a_start_saves_steps_and_does_not_change_the_answer(centre, monkeypatch):
    part = whole_part(centre[0])
    before = relax(part, 1e-5, 60, Running(), small=0)
    steps = []

    def counted(*asked, **more):
        result = solve_by_mathopt(*asked, **more)
        steps.append(result.solve_stats.first_order_iterations)
        return result

    solve_by_mathopt = pdlp.solver.solve
    monkeypatch.setattr(pdlp.solver, "solve", counted)
    cold = relax(part, 1e-6, 60, Running(), small=0)
    warm = relax(part, 1e-6, 60, Running(), small=0, start=(before.values, before.duals))
    assert warm.objective == pytest.approx(cold.objective, rel=1e-4)
    assert steps[1] < 0.5 * steps[0]


def test_a_solver_under_way_ends_when_asked(centre):
    running = Running()
    timer = threading.Timer(0.3, running.stop)
    timer.start()
    began = time.monotonic()
    assert relax(whole_part(centre[0]), 1e-14, 60, running, small=0, cut_short=True) is None
    assert time.monotonic() - began < 5


def test_limits_that_cross_have_no_answer(centre):
    part = whole_part(centre[0])
    part.row_low[:] = part.row_high + 1
    assert relax(part, 1e-3, 5, Running(), small=0) is None


def test_limits_that_equal_numbers_leave_apart_are_not_warned_of(centre, capfd):
    part = whole_part(centre[0])
    part.low[0], part.high[0] = 1.0, 1.0 + 2e-16
    part.high[part.cost > 0] = 200_000
    assert relax(part, 1e-3, 10, Running(), small=0) is not None
    told = capfd.readouterr()
    assert told.out + told.err == ""


def test_rows_of_one_column_are_limits_and_keep_their_prices(centre):
    matrix, crew = centre
    values = count_crew(matrix, crew)
    part = take_slice(matrix, ~matrix.of_kind("n"), values)
    assert (np.diff(part.rows.indptr) == 1).any()
    exact = relax(part, 1e-6, 10, Running())
    found = relax(part, 1e-7, 30, Running(), small=0)
    assert found.objective == pytest.approx(exact.objective, rel=1e-4)
    one = np.diff(part.rows.indptr) == 1
    done = part.rows @ found.values
    assert (done[one] <= part.row_high[one] + 1e-9).all()
    assert (done[one] >= part.row_low[one] - 1e-9).all()
    reduced = part.cost - part.rows.T @ found.duals
    sides = np.where(found.duals > 0, part.row_low, part.row_high)
    value = (np.where(found.duals == 0, 0, sides) * found.duals).sum()
    value += np.where(reduced > 0, part.low * reduced, part.high * reduced).sum()
    assert value == pytest.approx(exact.objective, rel=1e-3)
