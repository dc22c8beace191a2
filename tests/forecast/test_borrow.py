"""New queues: level of their own, shape of another's."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from wfm.core.errors import DataError, ForecastError
from wfm.core.intervals import day_grid
from wfm.core.types import History
from wfm.forecast import make

HOUR = timedelta(hours=1)
WEEK = np.array([1.2, 1.0, 1.0, 1.0, 0.9, 0.5, 0.3])
END = date(2026, 3, 1)


def queue_of(name: str, days: int, size: float, seed: int = 0, aht_s: float = 240) -> pd.DataFrame:
    index = day_grid(END - timedelta(days=days), days, HOUR, "UTC")
    shape = 0.1 + np.sin(np.pi * np.arange(24) / 24) ** 4
    mean = size * WEEK[index.day_of_week] * (shape / shape.sum())[index.hour]
    offered = np.random.default_rng(seed).poisson(mean).astype(float)
    frame = pd.DataFrame({"start": index, "queue": name, "offered": offered})
    return frame.assign(answered=offered, abandoned=0.0, aht_s=aht_s)


def both(days: int, size: float = 60.0) -> History:
    old = queue_of("old", 300, 1000)
    if not days:
        return History(old, HOUR)
    return History(pd.concat([old, queue_of("new", days, size, 1, 400)]), HOUR)


def new_of(made) -> pd.DataFrame:
    return made.frame[made.frame["queue"] == "new"].reset_index(drop=True)


@pytest.mark.parametrize("days", [1, 3, 7, 14, 27])
def test_a_few_days_give_the_level_and_the_donor_the_shape(days):
    made = make(both(days), horizon="14D", borrow={"new": "old"})
    mine = new_of(made)
    week = mine.groupby(mine["start"].dt.day_of_week)["volume"].mean() * 24
    assert mine["volume"].sum() / 14 == pytest.approx(
        60 * WEEK.mean(), rel=0.35 if days < 3 else 0.2
    )
    assert 2.2 < week[0] / week[6] < 5.0
    assert made.model["new"] == "auto, shape borrowed from queue 'old'"
    assert made.model["old"] == "auto"
    assert mine["aht_s"].mean() == pytest.approx(400, rel=0.05)


def test_it_is_closer_to_the_truth_than_the_new_queue_alone():
    truth = WEEK[np.arange(14) % 7]
    errors = []
    for borrow in ({"new": "old"}, None):
        wrong = 0.0
        for seed in range(3):
            new = queue_of("new", 9, 40, seed + 5)
            history = History(pd.concat([queue_of("old", 300, 1000), new]), HOUR)
            mine = new_of(make(history, horizon="14D", borrow=borrow))
            day = mine.groupby(mine["start"].dt.date)["volume"].sum().to_numpy()
            weekday = np.array([d.weekday() for d in mine["start"].dt.date.unique()])
            wrong += np.abs(day - 40 * WEEK[weekday]).sum()
        errors.append(wrong)
    assert len(truth) == 14
    assert errors[0] < 0.8 * errors[1]


def test_a_queue_without_any_day_needs_a_share():
    with pytest.raises(ForecastError, match=r"its level is unknown.*0\.2"):
        make(both(0), horizon="7D", borrow={"new": "old"})
    mine = new_of(make(both(0), horizon="7D", borrow={"new": ("old", 0.1)}))
    assert mine["volume"].sum() / 7 == pytest.approx(100 * WEEK.mean(), rel=0.05)
    assert mine["aht_s"].mean() == pytest.approx(240)


def test_the_pool_is_all_other_queues():
    three = History(pd.concat([both(5).frame, queue_of("third", 200, 500, 3)]), HOUR)
    made = make(three, horizon="7D", borrow={"new": "pool"})
    assert made.model["new"] == "auto, shape borrowed from all queues"
    assert new_of(made)["volume"].sum() / 7 == pytest.approx(60 * WEEK.mean(), rel=0.25)


def test_a_short_level_makes_a_wide_band():
    def width(days: int) -> float:
        made = make(both(days), horizon="7D", borrow={"new": "old"})
        day = made.days().query("queue == 'new'")
        return float((day[0.9] - day[0.1]).sum() / day["volume"].sum())

    assert width(1) > 1.15 * width(20)


def test_four_weeks_stand_alone():
    made = make(both(30), horizon="7D", borrow={"new": "old"})
    assert made.model["new"] == "auto"
    assert made.equals(make(both(30), horizon="7D"))


def test_bad_donors_are_refused_in_one_sentence():
    with pytest.raises(DataError, match="'older', which is not in the history"):
        make(both(3), borrow={"new": "older"})
    with pytest.raises(DataError, match="cannot be"):
        make(both(3), borrow={"new": ("old", -0.1)})
    with pytest.raises(ForecastError, match="holds 1 recorded day"):
        make(both(1))
    alone = History(queue_of("new", 3, 60), HOUR)
    with pytest.raises(DataError, match="no other queue to borrow from"):
        make(alone, borrow={"new": "pool"})
