"""Text files: encoding, separator and cells of csv, tsv and their relatives."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import IO

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.io.read.blocks import BLANK, MOST_LINE, NotPlainError, file_blocks
from wfm.io.read.cells import Cells, Raw, no_ragged
from wfm.io.read.encodings import BOMS, decode, has_control
from wfm.io.read.parse import HEAD, parse_blocks, parse_columns
from wfm.io.read.text_head import SEPARATORS, name_columns, no_headings, whole_lines

HEADING = 2**16  # bytes within which the headings stand
_WRAPPED = re.compile(rb'"(?:[^"]|"")*"')
PLAIN_FROM = 2**23  # bytes from which on a file is read in blocks
_PIECE = 2**20


def read_plain(
    file: IO[bytes],
    source: str,
    *,
    separator: str = "auto",
    headings_for: Callable[[list[str]], tuple[str, ...]] = no_headings,
) -> Raw | None:
    """Cells of a large plain text file, which is never held whole; None for any other.

    Parameters
    ----------
    file
        Open, at its beginning.
    source, separator, headings_for
        As for `read_text`.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    first = file.read(HEAD)
    text = first.replace(b"\r\n", b"\n")
    if size < max(PLAIN_FROM, 1) or b"\r" in text or BLANK[first[0]] or has_control(text):
        return None
    head = text[:HEADING].decode("utf-8", "ignore").split("\n")[:50]
    if len(head) < 2 or any(first.startswith(mark) for mark, _ in BOMS):
        return None
    head = head[:-1] if size > HEADING else head
    names, top, separator = name_columns(head, 0, separator, headings_for, source)
    begin = 0
    for _ in range(top + 1):
        begin = first.find(b"\n", begin) + 1
    sample = first[begin:]
    if not sample:
        return None
    about = int((size - begin) / len(sample) * sample.count(b"\n") * 1.05)
    blocks = file_blocks(file, begin, size)
    try:
        cells, ragged_at = parse_blocks(
            blocks, sample, len(names), separator, rows=about, quoted=False
        )
    except NotPlainError:
        return None
    rows = len(cells[0].codes)
    lines = np.arange(top + 2, top + 2 + rows + len(ragged_at), dtype=np.int32)
    raw = _raw(source, names, cells, lines, ragged_at, "utf-8", separator)
    return raw.without_empty_rows()


def read_text(
    data: bytes,
    source: str,
    *,
    encoding: str = "auto",
    separator: str = "auto",
    headings_for: Callable[[list[str]], tuple[str, ...]] = no_headings,
) -> Raw:
    """Cells of a text file.

    Parameters
    ----------
    data
        The bytes of the file.
    source
        Its name, for messages.
    encoding, separator
        ``"auto"`` or by name; the headings are in the first line that has separators.
    headings_for
        Headings of a file without any, by the cells of its first line; nothing for all others.

    Raises
    ------
    DataError
        It is empty, not text or not in the encoding asked for.
    """
    body, encoding = decode(data, source, encoding)
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    body = _unwrapped(body)
    if body[:1] in (b"\n", b" "):
        lead = len(body) - len(body.lstrip(b"\n "))
        skipped, body = body[:lead].count(b"\n"), body[lead:]
    else:
        skipped = 0
    stop = _end(body)
    if not stop:
        message = f"{source}: it is empty. Export it again, with one row of headings."
        raise DataError(message)
    if stop > HEADING and body.find(b"\n", 0, HEADING) < 0:
        message = (
            f"{source}: line {skipped + 1} is longer than 65,536 letters, more than headings can "
            "be. Export it again with one row of headings."
        )
        raise DataError(message)
    text = body[: min(stop, HEADING)].decode("utf-8", "ignore")
    head = [line.rstrip("\r") for line in text.split("\n")[:50]]
    head, depth = whole_lines(head[:-1] if stop > HEADING and len(head) > 1 else head)
    names, top, separator = name_columns(head, skipped, separator, headings_for, source)
    begin, above = 0, sum(depth[: top + 1])
    for _ in range(above):
        begin = body.find(b"\n", begin, stop) + 1 or stop
    line_numbers, rows_of = _lines(memoryview(body)[begin:stop], skipped + above + 1, source)
    quoted = b'"' in body
    cells, ragged_at = parse_columns(
        rows_of, len(names), separator, rows=len(line_numbers), quoted=quoted
    )
    raw = _raw(source, names, cells, line_numbers, ragged_at, encoding, separator)
    if quoted:
        extra = _inner_lines(raw.cells, len(raw.lines), separator, source, raw.lines)
        raw = replace(raw, lines=raw.lines + extra)
    return raw.without_empty_rows()


def _raw(
    source: str,
    names: list[str],
    cells: tuple[Cells, ...],
    lines: np.ndarray,
    ragged_at: list[tuple[int, str]],
    encoding: str,
    separator: str,
) -> Raw:
    """The table, its ragged lines apart."""
    ragged = no_ragged()
    if ragged_at:
        at = np.array([n for n, _ in ragged_at], dtype=int)
        ragged = pd.DataFrame({"row": lines[at], "value": [t for _, t in ragged_at]})
        empty = ragged["value"].str.strip(f'{separator}" ').eq("")  # what a spreadsheet leaves
        ragged = ragged[~empty].reset_index(drop=True)
        lines = np.delete(lines, at)
    lines = lines[: len(cells[0].codes) if cells else 0]
    return Raw(source, tuple(names), cells, lines, ragged, encoding, separator)


def _unwrapped(body: bytes) -> bytes:
    """The text without the quotes around whole lines, which a spreadsheet may put there."""
    first = body[:HEADING].split(b"\n")[:50]
    lines = [line for line in (first[:-1] if len(body) > HEADING else first) if line.strip()]
    if not lines or not all(_WRAPPED.fullmatch(line.strip()) for line in lines):
        return body
    if not any(mark.encode() in lines[0] for mark in SEPARATORS):
        return body
    rows = (line.strip() for line in body.split(b"\n"))
    return b"\n".join(
        row[1:-1].replace(b'""', b'"') if _WRAPPED.fullmatch(row) else row for row in rows
    )


def _inner_lines(
    cells: tuple[Cells, ...], rows: int, separator: str, source: str, lines: np.ndarray
) -> np.ndarray:
    """Lines that cells with line breaks in them add before each row.

    A break inside a cell that holds as much as a row comes from a quote that was never closed.
    """
    extra = np.zeros(rows, dtype=np.int64)
    for column in cells:
        breaks = np.array([str(v).count("\n") for v in column.values], dtype=np.int64)
        if not breaks.any():
            continue
        rowlike = np.array([str(v).count(separator) >= len(cells) - 1 for v in column.values])
        torn = column.spread(rowlike & (breaks > 0), nothing=False)
        if torn.any():
            message = (
                f"{source}: a quote opened near line {lines[int(np.flatnonzero(torn)[0])]} is not "
                "closed on its line. Close or remove it."
            )
            raise DataError(message)
        extra += column.spread(breaks, 0)
    return np.cumsum(extra) - extra


def _end(body: bytes) -> int:
    """Where the text ends, without blank lines and the mark that old programs put last."""
    tail = body[-_PIECE:]
    left = len(tail.rstrip(b"\n \x1a"))
    if left or len(tail) == len(body):
        return len(body) - len(tail) + left
    return len(body.rstrip(b"\n \x1a"))


def _lines(body: memoryview, first: int, source: str) -> tuple[np.ndarray, memoryview | bytes]:
    """Line number of every line that is not blank, and the text without the blank ones.

    Raises
    ------
    DataError
        A line is longer than any row can be.
    """
    held = np.frombuffer(body, dtype=np.uint8)
    if len(held) == 0:
        return np.array([], dtype=np.int64), b""
    count, last, blank = 0, -1, bool(BLANK[held[0]])
    for begin in range(0, len(held), _PIECE):
        ends = np.flatnonzero(held[begin : begin + _PIECE] == ord("\n")) + begin
        _no_endless(np.diff(ends, prepend=last), first + count, source)
        count += len(ends)
        if len(ends):
            blank = blank or bool(BLANK[held[ends + 1]].any())
            last = int(ends[-1])
    _no_endless(np.array([len(held) - last]), first + count, source)
    if not blank:
        return np.arange(first, first + count + 1), body
    lines = bytes(body).split(b"\n")
    full = np.array([bool(line.strip()) for line in lines])
    kept = b"\n".join(line for line, keep in zip(lines, full, strict=True) if keep)
    return np.flatnonzero(full) + first, kept


def _no_endless(lengths: np.ndarray, first: int, source: str) -> None:
    """Refuse a line longer than any row can be, of those from the line `first` on."""
    longest = int(lengths.argmax()) if len(lengths) else 0
    if len(lengths) and lengths[longest] > MOST_LINE:
        message = (
            f"{source}: line {longest + first} is {lengths[longest] - 1:,} letters "
            f"long, more than the {MOST_LINE:,} that a row can have. Correct the line, or export "
            "the file again."
        )
        raise DataError(message)
