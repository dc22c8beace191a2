"""Rows of days worked, as schedules and rotas judge them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wfm.scheduling.rules.days_in_row import too_long_rows


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(0, 4), st.integers(1, 4))
def test_a_row_is_too_long_where_a_window_of_one_day_more_is_all_worked(
    worked: list[bool], before: int, most: int
) -> None:
    text = "." + "x" * before + "".join("x" if day else "." for day in worked) + "."
    first = 1 + before
    rows = [r for r in text.replace(".", " ").split() if len(r) > most]
    found = dict(too_long_rows(worked, before, most))
    ends_before = before > most and not worked[0]
    assert len(found) == len(rows) - ends_before
    for day, said in found.items():
        assert worked[day]
        start = text.rindex(".", 0, first + day) + 1
        stop = text.index(".", first + day)
        assert first + day == max(start + most, first)
        assert said == f"works {stop - start} days in a row, at most {most} are allowed."
