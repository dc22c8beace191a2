"""Windows of breaks against every placing, one by one."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from wfm.scheduling.windows import apart, fitting

SIZES = st.lists(st.integers(1, 3), min_size=1, max_size=3)


@st.composite
def shifts(draw):
    sizes = draw(SIZES)
    length = draw(st.integers(sum(sizes), 22))
    windows = []
    for size in sizes:
        first = draw(st.integers(0, length - size))
        windows.append((size, first, draw(st.integers(first, length - size))))
    least = draw(st.integers(0, 5))
    most = draw(st.one_of(st.none(), st.integers(least, 12)))
    return windows, length, least, most


def legal(windows, begins, length, least, most):
    edges = [0]
    for (size, _, _), begin in zip(windows, begins, strict=True):
        edges += [begin, begin + size]
    edges.append(length)
    gaps = [b - a for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return all(least <= g and (most is None or g <= most) for g in gaps)


def placings(windows):
    return product(*(range(a, b + 1) for _, a, b in windows))


@given(shifts())
def test_fitting_windows_hold_every_legal_begin_and_no_other(shift):
    windows, length, least, most = shift
    if not least and most is None:
        return
    good = [p for p in placings(windows) if legal(windows, p, length, least, most)]
    narrowed = fitting(windows, length, least, most)
    if not good:
        assert any(last < first for _, first, last in narrowed)
        return
    for i, (_, first, last) in enumerate(narrowed):
        assert sorted({p[i] for p in good}) == list(range(first, last + 1))


@given(shifts())
def test_any_choice_from_windows_that_are_apart_is_legal(shift):
    windows, length, least, most = shift
    narrowed = fitting(windows, length, least, most)
    if any(last < first for _, first, last in narrowed) or (not least and most is None):
        return
    free = apart(narrowed, least, most)
    assert all(first <= last for _, first, last in free)
    for begins in placings(free):
        assert legal(windows, begins, length, least, most)
