"""A forecast scored against what came."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.forecast.test_run import history_of
from wfm.core.types import History
from wfm.planning.steps import make_forecast, score_forecast


def test_a_version_is_scored_on_the_days_that_have_come_in_by_week():
    whole = history_of(days=134)
    cut = whole.frame["start"].min() + (whole.frame["start"].max() - whole.frame["start"].min()) * (
        120 / 134
    )
    known = whole.frame[whole.frame["start"].dt.normalize() < cut.normalize()]
    made = make_forecast(History(known, whole.interval), horizon="28D")
    assert score_forecast(made, History(known, whole.interval)).empty
    scores = score_forecast(made, whole).set_index("lead")
    assert list(scores.index) == ["all", "week 1", "week 2", "week 3"][: len(scores)]
    assert scores.loc["all", "days"] == scores["days"].iloc[1:].sum()
    assert scores.loc["all", "n"] == 48 * scores.loc["all", "days"]
    assert 0.05 < scores.loc["all", "wape"] < 0.4
    assert 0.6 < scores.loc["all", "coverage80"] <= 1
    twice = replace(made, frame=made.frame.assign(volume=2 * made.frame["volume"]))
    assert score_forecast(twice, whole)["bias"][0] == pytest.approx(
        1 + 2 * scores.loc["all", "bias"], abs=1e-9
    )
