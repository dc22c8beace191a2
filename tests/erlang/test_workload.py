"""Deferred work, against the reference table and a small linear programme."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from wfm.core.errors import DataError
from wfm.erlang.workload import Items, least_capacity, serve_earliest_due

TABLE = pd.read_csv(Path(__file__).parents[1] / "reference" / "deferred_work_edf.csv")
COUNTS = [4, 3, 2, 2, 1, 1, 2, 5, 12, 18, 20, 19, 15, 14, 16, 17, 16, 14, 10, 8, 7, 6, 5, 4]


@pytest.mark.parametrize("row", TABLE.to_dict("records"))
def test_the_reference_table_is_reproduced(row: dict[str, float]) -> None:
    """The table looks at the same day again and again, through windows of at most three days."""
    hours = np.arange(24.0 * 5)
    work = np.tile(COUNTS, 5) * row["aht_min"] / 60.0
    assert work[:24].sum() == pytest.approx(row["work_hours_per_day"], rel=1e-9)
    due = hours + row["deadline_h"]
    most = 0.0
    for start in range(24):
        inside = (hours >= start) & (due <= start + 72.0)
        items = Items(hours[inside], due[inside], work[inside])
        capacity = least_capacity(items)
        most = max(most, capacity)
        served = serve_earliest_due(items, capacity, np.arange(start, start + 72.0), 1.0)
        assert served["late_h"].sum() < 1e-9
        assert served["worked_h"].sum() == pytest.approx(work[inside].sum())
        short = serve_earliest_due(items, 0.99 * capacity, np.arange(start, start + 72.0), 1.0)
        assert short["late_h"].sum() > 0.0
    assert most == pytest.approx(row["min_constant_capacity_agents"], rel=1e-9)


@pytest.mark.parametrize("deadline", [8.0, 12.0, 24.0])
def test_the_same_day_for_ever_needs_the_mean_at_least(deadline: float) -> None:
    hours = np.arange(24.0 * 60)
    capacity = least_capacity(Items(hours, hours + deadline, np.tile(COUNTS, 60) / 6.0))
    mean = sum(COUNTS) / 6.0 / 24.0
    assert 0.98 * mean <= capacity
    assert (capacity <= mean) == (deadline > 8.0)


items_of = st.lists(
    st.tuples(st.integers(0, 11), st.integers(1, 8), st.floats(0.1, 5.0)), min_size=1, max_size=8
)


@given(items_of, st.lists(st.booleans(), min_size=20, max_size=20))
@settings(max_examples=40, deadline=None)
def test_a_linear_programme_finds_the_same(
    rows: list[tuple[int, int, float]], closed: list[bool]
) -> None:
    """Hours worked on each item in each hour; the capacity bounds each hour's sum."""
    opening = [[h, h + 1] for h in range(20) if not closed[h]]
    arrives = np.array([r[0] for r in rows], dtype=float)
    due = arrives + [r[1] for r in rows]
    work = np.array([r[2] for r in rows])
    items = Items(arrives, due, work)
    usable = [
        [not closed[h] and a <= h < d for h in range(20)] for a, d in zip(arrives, due, strict=True)
    ]
    if not all(any(u) for u in usable):
        with pytest.raises(DataError, match=r"no opening hours in between|opening hours must be"):
            least_capacity(items, opening)
        return
    n = len(rows)
    cost = np.zeros(20 * n + 1)
    cost[-1] = 1.0
    done = np.zeros((n, cost.size))
    most = np.zeros((20, cost.size))
    for k in range(n):
        done[k, 20 * k : 20 * k + 20] = 1.0
        most[:, 20 * k : 20 * k + 20] = np.eye(20)
    most[:, -1] = -1.0
    bounds = [(0, None if u else 0) for line in usable for u in line] + [(0, None)]
    best = optimize.linprog(cost, most, np.zeros(20), done, work, bounds).fun
    capacity = least_capacity(items, opening)
    assert capacity == pytest.approx(best, rel=1e-7)
    heads = np.where(closed, 0.0, capacity * (1 + 1e-9))
    assert serve_earliest_due(items, heads, np.arange(20.0), 1.0)["late_h"].sum() < 1e-6


def test_a_backlog_is_worked_off_and_told() -> None:
    items = Items([-5.0, 0.5], [2.0, 3.0], [2.0, 1.0])
    rows = serve_earliest_due(items, [1.0, 1.0, 1.0, 0.0], [0.0, 1.0, 2.0, 3.0], 1.0)
    assert rows["backlog_h"].tolist() == [2.0, 1.0, 0.0, 0.0]
    assert rows["worked_h"].tolist() == [1.0, 1.0, 1.0, 0.0]
    assert rows["late_h"].sum() == 0.0
    late = serve_earliest_due(items, 0.5, [0.0, 1.0, 2.0, 3.0], 1.0)
    assert late["late_h"].tolist() == [0.0, 1.0, 1.0, 0.0]
    assert late["backlog_h"].tolist() == [2.5, 2.0, 1.5, 1.0]


def test_without_work_nobody_is_needed() -> None:
    assert least_capacity(Items([], [], [])) == 0.0
    assert least_capacity(Items(0, 1, 0.0)) == 0.0


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(DataError, match="item 0 comes in at 3 h and is due at 2 h"):
        Items(3, 2, 1.0)
    with pytest.raises(DataError, match="work_h is -1"):
        Items(0, 2, -1.0)
    with pytest.raises(DataError, match="due_h holds an unknown value"):
        Items(0, np.nan, 1.0)
    with pytest.raises(DataError, match="do not fit"):
        Items([0, 1], [2, 3, 4], 1.0)
    with pytest.raises(DataError, match=r"rows \(opens, closes\)"):
        least_capacity(Items(0, 2, 1.0), [[5, 4]])
    with pytest.raises(DataError, match="no opening hours in between"):
        least_capacity(Items(0, 2, 1.0), [[5, 9]])
    with pytest.raises(DataError, match="Write heads, 0 or more"):
        serve_earliest_due(Items(0, 2, 1.0), -1.0, [0.0], 1.0)
    with pytest.raises(DataError, match="Sort begins_h"):
        serve_earliest_due(Items(0, 2, 1.0), 1.0, [1.0, 0.0], 1.0)
