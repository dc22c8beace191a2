"""A run cancelled at any second keeps a legal schedule; the same moves give the same one."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from wfm.scheduling.check import check
from wfm.scheduling.solve import solve

CANCEL_AT = (0.0, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0)
WITHIN_S = 1.5


@pytest.fixture(scope="module")
def middle(make):
    """Sixty agents, two queues and a campaign, a week."""
    return make(60, days=7, heads={"voice": 16, "orders": 0})


@pytest.mark.slow
@pytest.mark.parametrize("seconds", CANCEL_AT)
def test_a_cancelled_run_ends_soon_with_a_legal_schedule(middle, seconds):
    began = time.monotonic()
    asked: list[float] = []

    def stop():
        passed = time.monotonic() - began
        if passed >= seconds:
            asked.append(passed)
        return passed >= seconds

    schedule = solve(middle, seconds=30, stop=stop)
    late = time.monotonic() - began - asked[0] if asked else 0.0
    print(f"cancel at {seconds} s: seen at {asked[:1]}, ended {late:.2f} s later")
    assert schedule.stopped_by == "cancel"
    assert not schedule.violations
    assert check(middle, schedule.frame) == []
    assert late < WITHIN_S
    assert schedule.bound <= schedule.objective


@pytest.mark.slow
def test_fifty_agents_and_the_same_moves_give_the_same_schedule_twice(make):
    problem = make(50, days=7, heads={"voice": 14})
    one, other = (solve(problem, moves=6, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert (one.objective, one.bound, one.terms) == (other.objective, other.bound, other.terms)
    assert not one.violations
