"""What a workbook really unpacks to, found before anything reads it: its headers may lie."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from wfm.core.errors import DataError

MOST_BYTES = 300 * 2**20
MOST_RATIO = 250
MOST_ENTRIES = 2000
MOST_CELLS = 30_000_000
_SMALL = 20 * 2**20
_CHUNK, _FED = 2**20, 2**15
_OVERLAP = 64  # letters of a piece that the next begins with: no mark of a cell is longer
_COLUMN = re.compile(rb'\sr="([A-Z]{1,3})\d{1,7}"')
_ROW = re.compile(rb'\sr="[A-Z]{0,3}(\d{1,7})"')


def check_unpacked(data: bytes, entries: list[zipfile.ZipInfo], source: str) -> None:
    """Unpack every part piece by piece, and refuse what no machine could hold.

    Raises
    ------
    DataError
        The parts, all bytes together, or the cells between the corners of a sheet are too many.
    """
    if len(entries) > MOST_ENTRIES:
        message = f"{source}: the workbook has {len(entries):,} parts. Save the sheet as csv."
        raise DataError(message)
    _bytes_fit(sum(entry.file_size for entry in entries), data, source)
    total = 0
    for entry in entries:
        columns: set[bytes] = set()
        last, held = 0, b""
        for piece in _pieces(data, entry, source):
            total += len(piece)
            _bytes_fit(total, data, source)
            held = held[-_OVERLAP:] + piece
            columns.update(_COLUMN.findall(held))
            last = max(last, max(map(int, set(_ROW.findall(held))), default=0))
        width = max(map(_number, columns), default=0)
        if last * width > MOST_CELLS:
            message = (
                f"{source}: its sheet reaches to row {last:,} and column {width:,}, more than "
                f"{MOST_CELLS // 10**6} million cells. Delete the empty rows and columns, or save "
                "the sheet as csv."
            )
            raise DataError(message)


def _bytes_fit(unpacked: int, data: bytes, source: str) -> None:
    ratio = unpacked / max(len(data), 1)
    if unpacked > MOST_BYTES or (ratio > MOST_RATIO and unpacked > _SMALL):
        message = (
            f"{source}: the workbook unpacks to {unpacked / 2**20:,.0f} MB or more "
            f"({ratio:,.0f} times its size); {MOST_BYTES // 2**20} MB and {MOST_RATIO} times are "
            "allowed. Save the sheet as csv."
        )
        raise DataError(message)


def _pieces(data: bytes, entry: zipfile.ZipInfo, source: str) -> Iterator[bytes]:
    """What a part unpacks to, whatever size its headers tell."""
    at = entry.header_offset
    try:
        name, extra = struct.unpack("<HH", data[at + 26 : at + 30])
        packed = memoryview(data)[at + 30 + name + extra :]
        if entry.compress_type == zipfile.ZIP_STORED:
            yield bytes(packed[: entry.compress_size])
            return
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            raise zlib.error
        stream = zlib.decompressobj(-15)
        for begin in range(0, len(packed), _FED):
            rest: bytes | memoryview = packed[begin : begin + _FED]
            while rest and not stream.eof:
                yield stream.decompress(rest, _CHUNK)
                rest = stream.unconsumed_tail
            if stream.eof:
                break
    except (struct.error, zlib.error) as error:
        message = f"{source}: the workbook is broken. Save it again as xlsx, or as csv."
        raise DataError(message) from error


def _number(letters: bytes) -> int:
    """Number of a column, 1 for A."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
