"""Limits of a day: what is within them can be completed, and nothing that can be is left out."""

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfm.scheduling.counts.counted import count_crew
from wfm.scheduling.counts.matrix import make_matrix
from wfm.scheduling.counts.within_week import day_limits
from wfm.scheduling.groups import AbsenceClass
from wfm.scheduling.people.construct import first_crew

DAYS, IN_ROW = 5, 3


@pytest.fixture(scope="module")
def centre(make):
    problem = make(7, days=7)
    matrix = make_matrix(problem)
    return matrix, count_crew(matrix, first_crew(problem))


def test_limits_of_the_last_open_day_are_what_the_week_leaves(centre):
    matrix, values = centre
    is_open = np.zeros(7, dtype=bool)
    low, high = day_limits(matrix, 4, [4], values, values, is_open, "free")
    for one, n, m in zip(matrix.layout.classes, matrix.columns.n, matrix.columns.m, strict=True):
        others = values[m].sum(axis=1) - values[m][:, 4]
        assert (others + high[m[:, 4]] <= one.most * values[n] + 1e-9).all()
        assert (others + low[m[:, 4]] >= one.fewest * values[n] - 1e-9).all()
        assert (low[m[:, 4]] <= values[m][:, 4]).all()
        assert (values[m][:, 4] <= high[m[:, 4]]).all()


def one_class(count: int, limits: tuple[int, int], before: int, locked: list[int], shut: list[int]):
    """A matrix of one class on one band: column 0 is n, columns 1 to 5 its days."""
    one = AbsenceClass(
        0, 0, tuple(range(DAYS)), np.arange(count), *limits, before, tuple((d, 0) for d in locked)
    )
    high = np.full(DAYS + 1, float(count))
    high[1 + np.array(shut, dtype=int)] = 0.0
    problem = SimpleNamespace(
        days_of=lambda _: range(DAYS),
        week_of=lambda _: 0,
        rules=SimpleNamespace(max_days_in_row=IN_ROW),
    )
    return SimpleNamespace(
        layout=SimpleNamespace(classes=(one,), problem=problem),
        columns=SimpleNamespace(n=[np.array([0])], m=[np.arange(1, DAYS + 1)[None, :]]),
        low=np.zeros(DAYS + 1),
        high=high,
    )


def legal_days(
    count: int, limits: tuple[int, int], before: int, locked: list[int], shut: list[int]
):
    """People at work by day, everything that the rows of the class allow, by trying it all."""
    found = []
    for days in product(range(count + 1), repeat=DAYS):
        windows = [days[i : i + IN_ROW + 1] for i in range(DAYS - IN_ROW)]
        if (
            limits[0] * count <= sum(days) <= limits[1] * count
            and all(sum(w) <= IN_ROW * count for w in windows)
            and (not before or sum(days[: IN_ROW - before + 1]) <= (IN_ROW - before) * count)
            and all(days[d] == count for d in locked)
            and all(days[d] == 0 for d in shut)
        ):
            found.append(days)
    return found


@st.composite
def cases(draw):
    count = draw(st.integers(1, 2))
    fewest = draw(st.integers(0, 3))
    limits = fewest, draw(st.integers(fewest, 4))
    kinds = draw(st.lists(st.sampled_from("olc" + "o" * 4), min_size=DAYS, max_size=DAYS))
    locked = [d for d, kind in enumerate(kinds) if kind == "l"]
    shut = [d for d, kind in enumerate(kinds) if kind == "c"]
    return count, limits, draw(st.integers(0, IN_ROW)), locked, shut


@given(cases(), st.permutations(range(DAYS)), st.integers(0, 2), st.randoms())
def test_a_day_alone_may_be_exactly_what_some_legal_week_has(case, order, done, random):
    legal = legal_days(*case)
    if not legal:
        return
    matrix, known = one_class(*case), random.choice(legal)
    values = np.array([case[0], *known], dtype=float)
    is_open = np.zeros(DAYS, dtype=bool)
    is_open[order[done + 1 :]] = True
    day = order[done]
    low, high = day_limits(matrix, day, [day], values, values, is_open, "free")
    can = {w[day] for w in legal if all(w[d] == known[d] for d in order[:done])}
    assert can == set(range(int(low[1 + day]), int(high[1 + day]) + 1))


@given(cases(), st.sampled_from([(0, 2), (1, 3), (0, 4)]), st.randoms())
def test_two_days_at_once_can_be_anything_within_their_limits(case, pair, random):
    legal = legal_days(*case)
    if not legal:
        return
    matrix, known = one_class(*case), random.choice(legal)
    guide = np.array([case[0], *known]) + np.array(
        [0.0, *(random.uniform(-0.5, 0.5) for _ in known)]
    )
    values = np.array([case[0], *[0] * DAYS], dtype=float)
    is_open = np.array([d not in pair for d in range(DAYS)])
    limits = [day_limits(matrix, d, pair, values, guide, is_open, "near") for d in pair]
    spans = [
        range(int(a[1 + d]), int(b[1 + d]) + 1) for d, (a, b) in zip(pair, limits, strict=True)
    ]
    can = {tuple(w[d] for d in pair) for w in legal}
    assert spans[0]
    assert spans[1]
    assert set(product(*spans)) <= can
