"""Hours of a campaign, by hand and by a simulated list."""

from __future__ import annotations

import numpy as np
import pytest

from wfm.core.errors import DataError
from wfm.erlang.outbound import campaign_hours

TIMES = {"set_up_s": 20.0, "talk_s": 200.0, "wrap_s": 40.0, "wrong_party_s": 30.0}


def test_a_simulated_list_takes_the_same() -> None:
    connect, right, mix = np.array([0.2, 0.5]), np.array([0.6, 0.4]), np.array([0.7, 0.3])
    rng = np.random.default_rng(4)
    active = np.ones(200_000, dtype=bool)
    totals = np.zeros(4)
    for _ in range(3):
        hour = (rng.uniform(size=active.size) > mix[0]).astype(int)
        answered = active & (rng.uniform(size=active.size) < connect[hour])
        reached = answered & (rng.uniform(size=active.size) < right[hour])
        seconds = 20 * active.sum() + 240 * reached.sum() + 30 * (answered & ~reached).sum()
        totals += [active.sum(), answered.sum(), reached.sum(), seconds / 3600]
        active &= ~reached
    plan = campaign_hours(
        200_000, 3, connect_rate=connect, right_party_rate=right, mix=mix, **TIMES
    )
    np.testing.assert_allclose(plan.sum(), totals, rtol=0.01)


def test_hours_of_the_day_share_the_tries_as_the_mix_says() -> None:
    plan = campaign_hours(50, 1, connect_rate=[0.1, 0.4], mix=[0.25, 0.75], **TIMES)
    assert plan["attempts"].tolist() == [12.5, 37.5]
    assert plan["connects"].tolist() == [1.25, 15.0]
    even = campaign_hours(50, 1, connect_rate=[0.1, 0.4], **TIMES)
    assert even["attempts"].tolist() == [25.0, 25.0]


def test_nobody_ever_answers_takes_every_try() -> None:
    plan = campaign_hours(90, 4, connect_rate=0.0, **TIMES)
    assert plan.iloc[0].tolist() == [360.0, 0.0, 0.0, 2.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"connect_rate": 30}, "connect_rate is 30. Write a share, 0 to 1"),
        ({"right_party_rate": -0.1}, "right_party_rate is -0.1"),
        ({"mix": [0.5, 0.4]}, "the mix adds up to 0.9"),
        ({"attempts": 0}, "attempts is 0"),
        ({"talk_s": -1}, "talk_s is -1"),
        ({"records": np.nan}, "records is nan"),
        ({"connect_rate": [0.1, 0.2], "mix": [0.2, 0.3, 0.5]}, "do not fit together"),
    ],
)
def test_numbers_that_cannot_be_are_refused(change: dict[str, object], message: str) -> None:
    question = {"records": 10, "attempts": 2, "connect_rate": 0.3, **TIMES} | change
    with pytest.raises(DataError, match=message):
        campaign_hours(**question)  # type: ignore[arg-type]
