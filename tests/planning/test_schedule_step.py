"""The step from a requirement to a schedule."""

import time

from wfm.planning.steps import make_schedule


def test_its_seconds_count_from_the_call(monkeypatch):
    """What comes before the search is part of the limit, and the search never gets less than 0."""
    asked = []
    monkeypatch.setattr(
        "wfm.planning.steps.schedule.schedule_problem", lambda *_, **__: time.sleep(0.3)
    )
    monkeypatch.setattr(
        "wfm.scheduling.solve.solve", lambda _, *, seconds, **__: asked.append(seconds)
    )
    for seconds in (5.0, 0.2):
        make_schedule(None, [], [], seconds=seconds)
    assert 0 < asked[0] <= 4.7
    assert asked[1] == 0
