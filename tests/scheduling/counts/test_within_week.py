"""Limits of a day: what is within them can be completed, and nothing near that can is left out."""

from itertools import product
from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wfm.scheduling.counts.within_week import Week
from wfm.scheduling.groups import AbsenceClass

DAYS, IN_ROW = 5, 3


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


@given(cases(), st.permutations(range(DAYS)), st.randoms())
def test_a_day_may_be_exactly_what_some_legal_week_near_the_guide_has(case, order, random):
    """Else the nearest of what any legal week has: day after day, the week can still be met."""
    legal = legal_days(*case)
    if not legal:
        return
    known = random.choice(legal)
    wish = [min(max(k + random.uniform(-0.9, 0.9), 0.0), float(case[0])) for k in known]
    guide, bands = np.array([case[0], *wish]), np.array([float(case[0]), *[0.0] * DAYS])
    week = Week(one_class(*case), 0, bands, guide)
    near = [
        w
        for w in legal
        if all(
            np.floor(a + 0.02) <= n <= np.ceil(a - 0.02)
            for a, n in zip(week.wish[0], w, strict=True)
        )
    ]
    for day in order:
        (low,), (high,) = week.range_of(day)
        span = set(range(int(low), int(high) + 1))
        if near:
            assert span == {w[day] for w in near}
        else:
            assert span
            assert span <= {w[day] for w in legal}
        found = random.choice(sorted(span))
        week.settle(day, np.array([float(found)]))
        near = [w for w in near if w[day] == found]
        legal = [w for w in legal if w[day] == found]
    assert legal


def test_settled_days_and_closed_ones_are_no_choice():
    matrix = one_class(2, (1, 4), 0, locked=[0], shut=[3])
    week = Week(matrix, 0, np.array([2.0, *[0.0] * DAYS]), np.full(DAYS + 1, 1.0))
    spans = [[int(side[0]) for side in week.range_of(day)] for day in range(DAYS)]
    assert spans == [[2, 2], [1, 1], [1, 1], [0, 0], [1, 1]]
