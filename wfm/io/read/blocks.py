"""A plain text file in blocks of whole lines, each read by the thread that parses it.

Plain is UTF-8 without quotes, control bytes and blank lines. Whatever else a block holds is no
error: the file is then read as a whole, with all the care that it needs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock, local
from typing import IO

import numpy as np

BLOCK = 2**22
MOST_LINE = 2**20 - 1024
CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))
BLANK = np.isin(np.arange(256), list(b"\n\r \t\f"))
_REFUSED = (*CONTROL, ord("\r"))
_MORE = 2**16
_LINE_END = ord("\n")


class NotPlainError(Exception):
    """The file has to be read as a whole."""


Block = Callable[[], "bytes | memoryview"]


def file_blocks(file: IO[bytes], begin: int, size: int) -> list[Block]:
    """The lines of an open file from a place on, as blocks that are read when they are called.

    What a block gives is the thread's until it calls the next one.

    Raises
    ------
    NotPlainError
        When a block is called that is not plain.
    """
    reader = _Reader(file, begin, size)
    return [partial(reader.block, at) for at in range(begin, size, BLOCK)]


def count_lines(block: bytes | memoryview) -> int:
    """Lines of a block, the last one with or without its end."""
    held = np.frombuffer(block, dtype=np.uint8)
    return int(np.count_nonzero(held == _LINE_END)) + int(held[-1] != _LINE_END)


def memory_blocks(body: memoryview | bytes, *, whole: bool) -> list[Block]:
    """A text in blocks of whole lines; in one if lines may go on inside quotes."""
    view, at = memoryview(body), 0
    found: list[Block] = []
    while at < len(view):
        end = len(view) if whole else min(at + BLOCK, len(view))
        while end < len(view) and view[end - 1] != _LINE_END:
            end += 1
        found.append(partial(_part_of, view, at, end))
        at = end
    return found


def _part_of(view: memoryview, begin: int, end: int) -> memoryview:
    return view[begin:end]


class _Reader:
    """A file from a place on, read by several threads, each into room of its own."""

    def __init__(self, file: IO[bytes], first: int, size: int) -> None:
        self.file, self.first, self.size = file, first, size
        self._lock = Lock()
        self._own = local()

    def block(self, begin: int) -> memoryview:
        """The lines that begin in the block from a place on."""
        lead = int(begin > self.first)  # a line that begins here has a line end before it
        end = min(begin + BLOCK, self.size)
        room: bytearray = vars(self._own).setdefault("room", bytearray(1 + BLOCK + 2 * MOST_LINE))
        stop = self._read(room, 0, begin - lead, end)
        start = room.find(b"\n", 0, stop) + 1 if lead else 0
        if lead and not start:
            return memoryview(b"")
        while end < self.size and room[stop - 1] != _LINE_END:
            more = min(end + _MORE, self.size)
            if stop + more - end > len(room):
                raise NotPlainError
            read = self._read(room, stop, end, more)
            stop, end = room.find(b"\n", stop, read) + 1 or read, more
            if stop < read:
                end -= read - stop
        if room.find(b"\r", start, stop) >= 0:
            text = room[start:stop].replace(b"\r\n", b"\n")
            room[: len(text)], start, stop = text, 0, len(text)
        if end >= self.size:
            stop = max(start, start + len(room[start:stop].rstrip(b"\n \x1a")))
        _check(room, start, stop)
        return memoryview(room)[start:stop]

    def _read(self, room: bytearray, at: int, begin: int, end: int) -> int:
        """Put bytes of the file into the room; where they end in it."""
        with self._lock, memoryview(room) as view:
            self.file.seek(begin)
            count: int = self.file.readinto(view[at : at + end - begin])  # type: ignore[attr-defined]
        return at + count


def _check(room: bytearray, start: int, stop: int) -> None:
    """Refuse a block that is not plain; blank lines are for who parses it to find."""
    held = np.frombuffer(room, dtype=np.uint8)
    last, ascii_only = start - 1, True  # place of the last line end
    for begin in range(start, stop, MOST_LINE):
        end = min(begin + MOST_LINE, stop)
        piece = held[begin:end]
        low, ends = np.count_nonzero(piece < ord(" ")), np.count_nonzero(piece == _LINE_END)
        if low != ends and not set(np.unique(piece)).isdisjoint(_REFUSED):
            raise NotPlainError
        first = room.find(b"\n", begin, end)
        if (first if first >= 0 else end) - last > MOST_LINE:
            raise NotPlainError
        last = max(last, room.rfind(b"\n", begin, end))
        ascii_only = ascii_only and bool(piece.max() < 128)
    if room.find(b'"', start, stop) >= 0:
        raise NotPlainError
    if not ascii_only:
        try:
            room[start:stop].decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotPlainError from error
