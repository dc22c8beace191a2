"""A large file that is read in blocks gives what the same file gives as a whole."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.io import read_history
from wfm.io.read import blocks, text
from wfm.io.read.cells import Raw
from wfm.io.read.source import read_cells

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import corpus, lines

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.*"))


def cells(raw: Raw) -> list[list[object]]:
    return [
        [None if c < 0 else column.values.iloc[c] for c in column.codes] for column in raw.cells
    ]


def outcome(data: bytes, read: Callable[..., object] = read_cells, **options: object) -> object:
    """What a file is read as, or what is said of it."""
    file = io.BytesIO(data)
    file.name = "calls.csv"  # type: ignore[misc]
    try:
        found = read(file, **options)
    except ValueError as error:
        return str(error)
    if isinstance(found, Raw):
        lines = found.lines.tolist(), found.ragged.to_dict("list"), found.separator, found.encoding
        return found.names, cells(found), *lines
    report = found.report  # type: ignore[attr-defined]
    return found.frame.to_csv(), str(report), report.notes.to_csv()  # type: ignore[attr-defined]


def both(data: bytes, block: int, read: Callable[..., object] = read_cells, **options: object):
    whole = outcome(data, read, **options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "PLAIN_FROM", 0)
        patch.setattr(blocks, "BLOCK", block)
        return whole, outcome(data, read, **options)


@pytest.mark.parametrize("block", [64, 1000, 2**22])
@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_a_file_of_each_system_is_the_same(golden: Path, block: int) -> None:
    whole, parts = both(golden.read_bytes(), block, read_history, time_zone="Europe/Istanbul")
    assert parts == whole


@pytest.mark.parametrize("block", [50, 4096])
def test_files_with_faults_are_told_alike(block: int) -> None:
    for name, data, _ in islice(corpus(), block % 7, None, 7):
        if not data.startswith((b"PK", b"PAR1")) and len(data) < 10**6:
            whole, parts = both(data, block, read_history, time_zone="Europe/Berlin",
                                bad_rows="report")  # fmt: skip
            assert parts == whole, name


ROWS = st.lists(
    st.sampled_from(["2026-03-02 08:00,a,5", "2026-03-02 08:30,çağrı,6", "x,y", "", " ",
                     ",,", "1,2,3,4",
                     '"q",1,2', "\t,1,2", "a\rb,1,2", "a,b,c\x0c", "a,\x1a,c", "a,b,ÿ"]),
    max_size=30,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(ROWS, st.sampled_from(["\n", "\r\n", "\r"]),
       st.sampled_from(["", "\n", "\n\n", "\x1a"]),
       st.sampled_from(["utf-8", "cp1254", "utf-8-sig", "utf-16"]),
       st.integers(8, 200))  # fmt: skip
def test_any_lines_are_cut_anywhere(rows, end, last, encoding, block) -> None:
    data = end.join(["start,queue,offered", *rows]).encode(encoding, "replace")
    whole, parts = both(data + last.encode(encoding.removesuffix("-sig"))[:2], block)
    assert parts == whole


def test_an_endless_line_is_told_with_its_number() -> None:
    rows = lines(40)
    rows[20] = rows[20].replace("support", "s" * (2**20 - 900))
    data = "\n".join(["start,queue,offered,answered,aht_s", *rows]).encode()
    whole, parts = both(data, 2**21)
    assert "line 22 is" in str(whole)
    assert parts == whole


def test_a_plain_file_is_never_held_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = pd.date_range("2026-01-01", periods=300_000, freq="min")
    rows = [f"{s:%Y-%m-%d %H:%M},çağrı {i % 3},{i % 50}" for i, s in enumerate(start)]
    path = tmp_path / "calls.csv"
    path.write_bytes("\r\n".join(["start,queue,offered", *rows]).encode())
    assert path.stat().st_size > text.PLAIN_FROM
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("held whole"))
    raw = read_cells(path)
    assert raw.lines[[0, -1]].tolist() == [2, 300_001]
    assert cells(raw)[1][:4] == ["çağrı 0", "çağrı 1", "çağrı 2", "çağrı 0"]
    assert [c[-1] for c in cells(raw)] == rows[-1].split(",")
