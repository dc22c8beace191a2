"""Encodings of text files: UTF-8, UTF-16, Turkish Windows, found from the bytes."""

from __future__ import annotations

import codecs

import numpy as np

from wfm.core.errors import DataError
from wfm.io.read.blocks import CONTROL

_PIECE = 2**20
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TURKISH = frozenset(b"\xd0\xdd\xde\xf0\xfd\xfe")
_BEYOND_LATIN = frozenset(range(0x80, 0xA0))
_BLOCK = 8 * 2**20


def decode(data: bytes, source: str, encoding: str = "auto") -> tuple[bytes, str]:
    """The same text in UTF-8 without a mark, and the encoding it had.

    UTF-8 and UTF-16 are recognised with and without a mark. Anything else is read as Turkish
    Windows (cp1254), which differs from latin-1 in six letters and in 0x80-0x9f only.

    Raises
    ------
    DataError
        The bytes are not text, or not in the encoding asked for.

    Examples
    --------
    >>> decode("çağrı".encode("cp1254"), "calls.csv")[1]
    'cp1254'
    """
    for mark, name in BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            return _recoded(body, name, source), name
    if encoding != "auto":
        return _recoded(data, encoding, source), encoding
    wide = _wide(data[:4096])
    if wide:
        return _recoded(data, wide, source), wide
    if has_control(data):
        raise _not_text(data, source)
    if data.isascii():
        return data, "utf-8"
    try:
        reader = codecs.getincrementaldecoder("utf-8")()
        for begin in range(0, len(data), _BLOCK):
            reader.decode(data[begin : begin + _BLOCK], final=begin + _BLOCK >= len(data))
    except UnicodeDecodeError:
        found = set(data)
        name = "cp1254" if found & (_TURKISH | _BEYOND_LATIN) else "latin-1"
        try:
            return data.decode(name).encode("utf-8"), name
        except UnicodeDecodeError:
            return data.decode("latin-1").encode("utf-8"), "latin-1"
    return data, "utf-8"


def has_control(data: bytes) -> bool:
    """Whether there is a byte that no text has; piece by piece, as most have line ends alone."""
    held = np.frombuffer(data, dtype=np.uint8)
    for begin in range(0, len(held), _PIECE):
        piece = held[begin : begin + _PIECE]
        low = np.count_nonzero(piece < ord(" "))
        if low != np.count_nonzero(piece == ord("\n")) and not set(np.unique(piece)).isdisjoint(
            CONTROL
        ):
            return True
    return False


def _wide(head: bytes) -> str:
    """UTF-16 without a mark shows as a NUL in every other byte."""
    nuls = np.frombuffer(head, dtype=np.uint8) == 0
    even, odd = nuls[::2].mean() if len(head) else 0, nuls[1::2].mean() if len(head) > 1 else 0
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.1 else ""


def _recoded(data: bytes, encoding: str, source: str) -> bytes:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        message = (
            f"{source}: it cannot be read as {encoding}. Save it as UTF-8, "
            "or name its encoding, for example encoding='cp1254'."
        )
        raise DataError(message) from error
    found = text.encode("utf-8")
    if b"\0" in found:
        raise _not_text(found, source)
    return found


def _not_text(data: bytes, source: str) -> DataError:
    """Where the first byte stands that no text has."""
    at = next(i for i, byte in enumerate(data) if byte in CONTROL)
    line = data.count(b"\n", 0, at) + 1
    message = (
        f"{source}: line {line} holds bytes that are not text (0x{data[at]:02X}). "
        "Remove them, or save the file as csv, xlsx or parquet and read that."
    )
    return DataError(message)
