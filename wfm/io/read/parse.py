"""The columns of a text, parsed by Arrow block by block: different cells, and codes for the rows.

What a block needs goes before the next one comes, so that a file is never held as cells. Stamps
of ISO 8601, which hardly repeat within a block, are kept as numbers and told apart at the end.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wfm.io.read.blocks import BLOCK, Block, NotPlainError, count_lines, memory_blocks
from wfm.io.read.cells import Cells
from wfm.io.read.stamps import instants_of, plain_form, texts_of

HEAD = 2**17
_SAMPLE = 1000
_FEW = 2**15 - 1  # words whose codes take two bytes
_FAR_S = 2**31 - 1
_AT_ONCE = 2**18  # rows, so that what they need is taken once
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
    blocks = memory_blocks(body, whole=quoted)
    return parse_blocks(blocks, bytes(body[:HEAD]), width, separator, rows=rows, quoted=quoted)


def parse_blocks(
    blocks: Sequence[Block], head: bytes, width: int, separator: str, *, rows: int, quoted: bool
) -> tuple[tuple[Cells, ...], list[tuple[int, str]]]:
    """The same of a text in blocks.

    Parameters
    ----------
    blocks
        Each gives its lines when it is called, in a thread of its own.
    head
        The first `HEAD` bytes of the text.
    rows
        About how many rows it has.
    """
    kinds = _kinds(head, width, separator)
    try:
        return _parsed(blocks, separator, rows, kinds, quoted=quoted)
    except _OtherFormError:
        kinds = [_Kind(_TEXTS) if kind.name == _STAMPS else kind for kind in kinds]
        return _parsed(blocks, separator, rows, kinds, quoted=quoted)


def _kinds(head: bytes, width: int, separator: str) -> list[_Kind]:
    """How each column is taken, by its first cells."""
    lines = head.decode("utf-8", "ignore").split("\n")[:_SAMPLE]
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
    blocks: Sequence[Block], separator: str, about: int, kinds: list[_Kind], *, quoted: bool
) -> tuple[tuple[Cells, ...], list[tuple[int, str]]]:
    def parse(block: Block) -> tuple[list[Any], list[tuple[int, str]], int]:
        lines = block()
        if not len(lines):
            return [], [], 0
        table, ragged = _table(lines, separator, kinds, quoted=quoted)
        if not quoted and table.num_rows + len(ragged) != count_lines(lines):
            raise NotPlainError  # blank lines, which are not told
        if any(not text.strip() for _, text in ragged):
            raise NotPlainError
        parts = [_part(c, k) for c, k in zip(table.itercolumns(), kinds, strict=True)]
        return parts, ragged, table.num_rows

    columns = [_COLUMNS[kind.name](about, kind.form) for kind in kinds]
    ragged: list[tuple[int, str]] = []
    rows = 0
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        try:
            for parts, odd, count in pool.map(parse, blocks):
                if not count and not odd:
                    continue
                ragged += [(rows + len(ragged) + number, text) for number, text in odd]
                for column, part in zip(columns, parts, strict=True):
                    column.take(part, slice(rows, rows + count))
                rows += count
        except (_OtherFormError, NotPlainError):
            pool.shutdown(cancel_futures=True)
            raise
        return tuple(pool.map(lambda column: column.cells(rows), columns)), ragged


def _room(values: np.ndarray, rows: int) -> np.ndarray:
    """An array with room for so many rows; more are taken at once where there is none."""
    if rows <= len(values):
        return values
    bigger = np.empty(rows + rows // 4, dtype=values.dtype)
    bigger[: len(values)] = values
    return bigger


class _Words:
    """Cells that repeat: codes, and the words they stand for."""

    def __init__(self, rows: int, _: str) -> None:
        self.codes = np.empty(rows, dtype=np.int16)
        self.code_of: dict[str, int] = {}

    def take(self, part: tuple[np.ndarray, list[str]], rows: slice) -> None:
        codes, words = part
        self.codes = _room(self.codes, rows.stop)
        here = [self.code_of.setdefault(word, len(self.code_of)) for word in words]
        if len(self.code_of) > _FEW and self.codes.dtype == np.int16:
            self.codes = self.codes.astype(np.int32)
        if here == list(range(len(words))):
            self.codes[rows] = codes
        else:
            again = np.array(
                [*here, -1], dtype=self.codes.dtype
            )  # the last one is that of empty cells
            np.take(again, codes, out=self.codes[rows], mode="wrap")

    def cells(self, rows: int) -> Cells:
        words = pd.Series(list(self.code_of), dtype=object)
        return Cells(self.codes[:rows], words).without_blanks()


class _Stamps:
    """Stamps of one form, as seconds from the first one on until all are there."""

    def __init__(self, rows: int, form: str) -> None:
        self.seconds = np.empty(rows, dtype=np.int32)
        self.form = form
        self.first: int | None = None

    def take(self, part: np.ndarray, rows: slice) -> None:
        if self.first is None:
            self.first = int(part[0])
        if max(part.max() - self.first, self.first - part.min()) >= _FAR_S:
            raise _OtherFormError
        self.seconds = _room(self.seconds, rows.stop)
        np.subtract(part, self.first, out=self.seconds[rows], casting="unsafe")

    def cells(self, rows: int) -> Cells:
        codes, seconds = _told_apart(self.seconds[:rows])
        texts = texts_of(seconds + (self.first or 0), self.form)
        return Cells(codes, pd.Series(texts, dtype=object))


def _told_apart(seconds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes and different instants; whole minutes need no table, and no room but their own."""
    first, last = (int(seconds.min()), int(seconds.max())) if len(seconds) else (0, 0)
    parts = [seconds[begin : begin + _AT_ONCE] for begin in range(0, len(seconds), _AT_ONCE)]
    if any(((part - first) % 60).any() for part in parts):
        return pd.factorize(seconds)
    held = np.zeros((last - first) // 60 + 1, dtype=bool)
    for part in parts:
        part -= first
        part //= 60
        held[part] = True
    code_of = np.cumsum(held, dtype=np.int32) - 1
    for part in parts:
        part[:] = code_of[part]
    return seconds, np.flatnonzero(held) * 60 + first


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


def _table(
    block: memoryview | bytes, separator: str, kinds: list[_Kind], *, quoted: bool
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
            column_names=names, use_threads=False, block_size=2 * BLOCK
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
