"""Some hundred bad files: no traceback, nothing half taken, each message names its place."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wfm.core.errors import WfmError
from wfm.io import read_history

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import changed, corpus, good, lines

ZONE = "Europe/Berlin"


def told(data: bytes) -> str:
    """The message that a file is refused with; empty when it is taken."""
    try:
        history = read_history(named(data), time_zone=ZONE)
    except WfmError as error:
        return str(error)
    offered = history.frame["offered"].to_numpy()
    assert ((offered >= 0) | (offered != offered)).all()
    return ""


def named(data: bytes) -> io.BytesIO:
    opened = io.BytesIO(data)
    opened.name = "calls.csv"
    return opened


def check(name: str, data: bytes, *, row: bool) -> str:
    message = told(data)
    if row:
        assert re.search(r"\b(line|row) \d+", message) or "not closed" in message, (name, message)
    if message:
        assert message.startswith("calls.csv: "), (name, message)
        assert message.endswith("."), (name, message)
        assert "\n" not in message, (name, message)
        assert len(message) < 600, (name, len(message))
    return message


@pytest.mark.slow
def test_five_hundred_bad_files_are_told_in_a_sentence() -> None:
    files = list(corpus())
    assert len(files) >= 500
    assert len({name for name, _, _ in files}) == len(files)
    refused = [check(name, data, row=row) for name, data, row in files]
    assert sum(message != "" for message in refused) >= 495


def test_every_tenth_bad_file_is_told_in_a_sentence() -> None:
    for number, (name, data, row) in enumerate(corpus()):
        if number % 10 == 3 and len(data) < 10**6:
            check(name, data, row=row)


def test_a_cell_in_the_farthest_corner_of_a_sheet_is_refused_before_it_is_read() -> None:
    data = next(data for name, data, _ in corpus() if name == "far corner")
    assert "reaches to row 1,048,576 and column 16,384" in told(data)


def test_headers_that_lie_about_the_size_are_found_out() -> None:
    bombs = [data for name, data, _ in corpus() if name.startswith("zip bomb that says")]
    assert len(bombs) == 3
    for data in bombs:
        assert "unpacks to" in told(data)


def test_a_stamp_without_a_time_is_taken_as_midnight_and_noted() -> None:
    history = read_history(named(changed(5, 0, "2026-03-02").encode()), time_zone=ZONE)
    assert history.report.notes[["row", "effect"]].to_numpy().tolist() == [[7, "taken as midnight"]]


def test_dates_of_two_orders_name_both_lines() -> None:
    text = b"start,offered\n13/03/2026 08:00,1\n03/14/2026 08:30,2\n"
    assert told(text) == (
        "calls.csv: line 2: 13/03/2026 has the day first, line 3: 03/14/2026 the month. "
        "Write all dates one way."
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_change_of_a_good_file_is_taken_or_told(data: st.DataObject) -> None:
    text = bytearray(good(20), "utf-8")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        until = min(len(text), at + data.draw(st.integers(0, 12)))
        text[at:until] = data.draw(st.binary(max_size=12))
    check("changed", bytes(text), row=False)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_text_in_a_cell_is_taken_or_told(data: st.DataObject) -> None:
    cell = data.draw(st.text(max_size=12).filter(lambda t: not set(t) & set('"\r\n')))
    column = data.draw(st.integers(0, 4))
    message = check("cell", changed(5, column, cell).encode("utf-8", "surrogatepass"), row=False)
    assert not message or "7" in message or "missing" in message or "quote" in message, message
    assert len(lines()) == 12


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
@example(b"#")
def test_any_bytes_are_told(data: bytes) -> None:
    assert check("bytes", data, row=False)
