"""The columns of a text, parsed by Arrow block by block: different cells, and codes for the rows.

What a block needs goes before the next one comes, so that a file is never held as cells. Stamps
of ISO 8601, which hardly repeat within a block, are kept as numbers and told apart at the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wfm.io.read.cells import Cells
from wfm.io.read.stamps import instants_of, plain_form, texts_of

_BLOCK = 2**22
_HEAD = 2**17
_SAMPLE = 1000
_WORDS, _TEXTS, _STAMPS = "repeated", "different", "stamps"


class _OtherFormError(Exception):
    """A stamp is written otherwise than the first one of its column."""


@dataclass(frozen=True)
class _Kind:
    """How the cells of a column are taken; stamps with the form of the first one."""

    name: str
    form: str = ""


def parse_columns(
    body: memoryview | bytes, width: int, separator: str, *, rows: int, quoted: bool
) -> tuple[tuple[Cells, ...], list[tuple[int, str]]]:
    r"""Columns of a text without blank lines, and the lines with too many or too few cells.

    Parameters
    ----------
    body
        Text in UTF-8, its lines ended by line feeds, the last one perhaps not.
    width
        Columns.
    separator
        One letter.
    rows
        Most rows that it can have: its lines.
    quoted
        Whether any cell may stand in quotes.

    Returns
    -------
    tuple
        The columns; and each ragged line, left out of them, by its number from 0.

    Examples
    --------
    >>> cells, ragged = parse_columns(b"a;12\nb;7\na", 2, ";", rows=3, quoted=False)
    >>> [(c.codes.tolist(), c.values.tolist()) for c in cells], ragged
    ([([0, 1], ['a', 'b']), ([0, 1], ['12', '7'])], [(2, 'a')])
    """
    if not len(body):
        nothing = Cells(np.array([], dtype=np.int64), pd.Series([], dtype=object))
        return (nothing,) * width, []
    kinds = _kinds(body, width, separator)
    try:
        return _parsed(body, separator, rows, kinds, quoted=quoted)
    except _OtherFormError:
        kinds = [_Kind(_TEXTS) if kind.name == _STAMPS else kind for kind in kinds]
        return _parsed(body, separator, rows, kinds, quoted=quoted)


def _kinds(body: memoryview | bytes, width: int, separator: str) -> list[_Kind]:
    """How each column is taken, by its first cells."""
    lines = bytes(body[:_HEAD]).decode("utf-8", "ignore").split("\n")[:_SAMPLE]
    rows = [line.split(separator) for line in lines]
    found = []
    for i in range(width):
        cells = [row[i] for row in rows if i < len(row)]
        if len(set(cells)) <= max(len(rows), _SAMPLE) // 2:
            found.append(_Kind(_WORDS))
        else:
            form = plain_form(cells[0])
            found.append(_Kind(_STAMPS, form) if form else _Kind(_TEXTS))
    return found


def _parsed(
    body: memoryview | bytes, separator: str, most: int, kinds: list[_Kind], *, quoted: bool
) -> tuple[tuple[Cells, ...], list[tuple[int, str]]]:
    def parse(block: memoryview) -> tuple[list[Any], list[tuple[int, str]], int]:
        table, ragged = _table(block, separator, kinds, quoted=quoted)
        parts = [_part(c, k) for c, k in zip(table.itercolumns(), kinds, strict=True)]
        return parts, ragged, table.num_rows

    columns = [_COLUMNS[kind.name](most, kind.form) for kind in kinds]
    ragged: list[tuple[int, str]] = []
    rows = 0
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        try:
            for parts, odd, count in pool.map(parse, _blocks(body, whole=quoted)):
                ragged += [(rows + len(ragged) + number, text) for number, text in odd]
                for column, part in zip(columns, parts, strict=True):
                    column.take(part, slice(rows, rows + count))
                rows += count
        except _OtherFormError:
            pool.shutdown(cancel_futures=True)
            raise
        return tuple(pool.map(lambda column: column.cells(rows), columns)), ragged


class _Words:
    """Cells that repeat: codes, and the words they stand for."""

    def __init__(self, rows: int, _: str) -> None:
        self.codes = np.empty(rows, dtype=np.int32)
        self.code_of: dict[str, int] = {}

    def take(self, part: tuple[np.ndarray, list[str]], rows: slice) -> None:
        codes, words = part
        here = [self.code_of.setdefault(word, len(self.code_of)) for word in words]
        if here == list(range(len(words))):
            self.codes[rows] = codes
        else:
            again = np.array([*here, -1], dtype=np.int32)  # the last one is that of empty cells
            np.take(again, codes, out=self.codes[rows], mode="wrap")

    def cells(self, rows: int) -> Cells:
        words = pd.Series(list(self.code_of), dtype=object)
        return Cells(self.codes[:rows], words).without_blanks()


class _Stamps:
    """Stamps of one form, as seconds until all are there."""

    def __init__(self, rows: int, form: str) -> None:
        self.seconds = np.empty(rows, dtype=np.int64)
        self.form = form

    def take(self, part: np.ndarray, rows: slice) -> None:
        self.seconds[rows] = part

    def cells(self, rows: int) -> Cells:
        codes, seconds = pd.factorize(self.seconds[:rows])
        return Cells(codes, pd.Series(texts_of(seconds, self.form), dtype=object))


class _Texts:
    """Cells that hardly repeat, as texts until all are there."""

    def __init__(self, *_: object) -> None:
        self.chunks: list[Any] = []

    def take(self, part: Any, _: slice) -> None:
        self.chunks += part.chunks

    def cells(self, _: int) -> Cells:
        import pyarrow as pa

        codes, words = _coded(pa.chunked_array(self.chunks, pa.string()))
        return Cells(codes, pd.Series(words, dtype=object)).without_blanks()


_COLUMNS: dict[str, Any] = {_WORDS: _Words, _TEXTS: _Texts, _STAMPS: _Stamps}


def _blocks(body: memoryview | bytes, *, whole: bool) -> Iterator[memoryview]:
    """The text in blocks of whole lines; in one if lines may go on inside quotes."""
    view, at = memoryview(body), 0
    while at < len(view):
        end = len(view) if whole else min(at + _BLOCK, len(view))
        while end < len(view) and view[end - 1] != ord("\n"):
            end += 1
        yield view[at:end]
        at = end


def _table(
    block: memoryview, separator: str, kinds: list[_Kind], *, quoted: bool
) -> tuple[Any, list[tuple[int, str]]]:
    """A block as a table, and its ragged lines."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names = [str(i) for i in range(len(kinds))]
    repeated = pa.dictionary(pa.int32(), pa.string())
    ragged: list[tuple[int, str]] = []

    def note(row: Any) -> str:
        ragged.append((row.number - 1, row.text))
        return "skip"

    table = arrow_csv.read_csv(
        pa.BufferReader(pa.py_buffer(block)),
        read_options=arrow_csv.ReadOptions(
            column_names=names, use_threads=False, block_size=2 * _BLOCK
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=separator, newlines_in_values=quoted, invalid_row_handler=note
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={
                name: repeated if kind.name == _WORDS else pa.string()
                for name, kind in zip(names, kinds, strict=True)
            },
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
    return table, ragged


def _part(column: Any, kind: _Kind) -> Any:
    """What is kept of a block: numbers of stamps, texts, or codes and the words they stand for."""
    if kind.name == _TEXTS:
        return column
    if kind.name == _STAMPS:
        found = instants_of(column, kind.form)
        if found is None:
            raise _OtherFormError
        return found
    return _coded(column)


def _coded(column: Any) -> tuple[np.ndarray, list[str]]:
    """Codes (-1: empty) and different words of a column."""
    import pyarrow as pa

    if column.num_chunks == 0:
        return np.array([], dtype=np.int32), []
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    else:
        column = column.dictionary_encode()
    chunk = column.combine_chunks()
    chunk = chunk.chunk(0) if isinstance(chunk, pa.ChunkedArray) else chunk
    indices = chunk.indices.fill_null(-1) if chunk.indices.null_count else chunk.indices
    return indices.to_numpy(zero_copy_only=False), chunk.dictionary.to_pylist()
