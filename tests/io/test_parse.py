"""Blocks of a text give the same cells as Python's own csv reader, however they are cut."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from wfm.io.read import blocks
from wfm.io.read.cells import Cells
from wfm.io.read.parse import parse_columns
from wfm.io.read.stamps import texts_of

STAMPS = [f"2026-03-{day:02d}T{hour:02d}:00:00Z" for day in range(1, 32) for hour in range(24)]
ODD = some.sampled_from(
    ["", " ", "007", "+5", "0x1A", "12", "7,5", "-3", "kuyruk ğ", "2026-03-02", STAMPS[3][:-1]]
)


def texts(column: Cells) -> list[str | None]:
    return [None if code < 0 else column.values.iloc[code] for code in column.codes]


def as_python_reads(text: str, width: int) -> tuple[list[list[str | None]], list[int]]:
    rows = list(csv.reader(io.StringIO(text), delimiter=";", quoting=csv.QUOTE_NONE))
    good = [row for row in rows if len(row) == width]
    ragged = [i for i, row in enumerate(rows) if len(row) != width]
    return [[row[i] if row[i].strip() else None for row in good] for i in range(width)], ragged


@given(
    some.lists(some.tuples(ODD, ODD, some.booleans()), min_size=1, max_size=60),
    some.sampled_from([32, 64, 4096]),
)
def test_every_cell_is_the_one_that_stands_there_whatever_is_odd(rows, block: int) -> None:
    lines = [
        ";".join((STAMPS[i], a, b)) + (";more" if ragged and i % 7 == 3 else "")
        for i, (a, b, ragged) in enumerate(rows)
    ]
    text = "\n".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", block)
        found, ragged = parse_columns(text.encode(), 3, ";", rows=len(lines), quoted=False)
    expected, odd = as_python_reads(text, 3)
    assert [texts(c) for c in found] == expected
    assert [number for number, _ in ragged] == odd
    assert [line for _, line in ragged] == [lines[i] for i in odd]


@pytest.mark.parametrize("at", [0, 599, 600, 1399])
@pytest.mark.parametrize(
    "odd", ["2026-03-02", "2026-03-02T08:00:00", "x" * 20, "", "1820-01-01T00:00:00Z"]
)
def test_one_stamp_written_otherwise_stays_as_it_is_written(at: int, odd: str) -> None:
    start = pd.date_range("2026-01-01", periods=1400, freq="15min")
    stamps = [f"{t:%Y-%m-%dT%H:%M:%SZ}" for t in start]
    stamps[at] = odd
    text = "\n".join(f"{s};{i % 9}" for i, s in enumerate(stamps))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", 5000)
        found, _ = parse_columns(text.encode(), 2, ";", rows=1400, quoted=False)
    assert texts(found[0]) == [s or None for s in stamps]
    assert texts(found[1]) == [str(i % 9) for i in range(1400)]


@pytest.mark.parametrize(
    "form", ["2026-03-02T08:00:00Z", "2026-03-02 08:00Z", "2026-03-02 08:00:00", "2026-03-02T08:00"]
)
def test_stamps_are_written_again_as_they_stood(form: str) -> None:
    at = pd.Timestamp(form.rstrip("Z"))
    seconds = np.array([at.timestamp()], dtype=np.int64)
    assert texts_of(seconds, form) == [form]


def test_a_quoted_cell_may_hold_line_ends() -> None:
    body = b'a;"one\ntwo"\nb;three\n'
    found, ragged = parse_columns(body, 2, ";", rows=3, quoted=True)
    assert [texts(c) for c in found] == [["a", "b"], ["one\ntwo", "three"]]
    assert not ragged
