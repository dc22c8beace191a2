import time

import pytest

from wfm.scheduling.clock import Clock


def test_reports_when_the_phase_changes_and_twice_a_second():
    seen = []
    clock = Clock(10, seen.append)
    clock.tick("start")
    clock.tick("guide")
    clock.tick("guide")
    assert [p.phase for p in seen] == ["start", "guide"]


def test_together_keeps_the_order_and_reports_meanwhile():
    seen = []
    clock = Clock(10, seen.append)
    answers = clock.together([lambda: time.sleep(1.2) or 1, lambda: 2])
    assert answers == [1, 2]
    assert len(seen) >= 2


def test_an_error_of_a_task_is_raised():
    clock = Clock(10)
    with pytest.raises(ZeroDivisionError):
        clock.together([lambda: 1 / 0])


def test_stop_and_gap_end_the_run():
    clock = Clock(10, stop=lambda: True)
    clock.tick()
    assert clock.cancelled
    assert clock.over
    assert clock.running.stopped
    other = Clock(10)
    other.wanted_gap = 0.01
    other.bound = 100.0
    other.better(102.0)
    assert not other.over
    other.better(101.0)
    assert other.reached
    assert other.gap == pytest.approx(1 / 101)
