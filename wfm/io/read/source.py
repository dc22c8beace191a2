"""From a path, open file or frame to its cells, by what the bytes are and not by the suffix."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from wfm.core.errors import DataError
from wfm.core.foreign import reason
from wfm.io.read.cells import Cells, Raw, no_ragged
from wfm.io.read.text import read_plain, read_text
from wfm.io.read.text_head import no_headings
from wfm.io.read.workbook import read_workbook

Source = str | Path | IO[bytes] | pd.DataFrame

_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls)"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a packed file"),
    (b"SQLite format 3", "a database"),
)


def source_name(source: Source) -> str:
    """What a source is called in messages: the file's name, or ``table`` for a frame."""
    if isinstance(source, pd.DataFrame):
        return "table"
    name = source if isinstance(source, str | Path) else getattr(source, "name", "file")
    return Path(str(name)).name


def read_bytes(source: str | Path | IO[bytes]) -> bytes:
    """The bytes of a file.

    Raises
    ------
    DataError
        There is no such file, or it cannot be opened.
    """
    if not isinstance(source, str | Path):
        data = source.read()
        return bytes(data)
    try:
        return Path(source).read_bytes()
    except FileNotFoundError as error:
        message = f"{source}: there is no such file. Check its name and folder."
        raise DataError(message) from error
    except OSError as error:
        message = f"{source}: it cannot be opened ({reason(error)}). Check the file."
        raise DataError(message) from error


def read_head(source: str | Path | IO[bytes], size: int) -> bytes:
    """The first bytes of a file; one that is open stays where it was.

    Raises
    ------
    DataError
        There is no such file, or it cannot be opened.
    """
    if isinstance(source, str | Path):
        if not Path(source).is_file():
            return read_bytes(source)  # which says what is wrong
        with Path(source).open("rb") as opened:
            return opened.read(size)
    at = source.tell()
    head = bytes(source.read(size))
    source.seek(at)
    return head


def refuse_foreign(data: bytes, name: str) -> None:
    """Refuse an empty file and the kinds of files that hold no table.

    Raises
    ------
    DataError
        What it is, and what to save it as.
    """
    if not data[:4096].strip() and not data.strip():
        message = f"{name}: it is empty. Export it again, with one row of headings."
        raise DataError(message)
    for magic, kind in _FOREIGN:
        if data.startswith(magic):
            message = f"{name}: it is {kind}. Save it as csv, xlsx or parquet and read that."
            raise DataError(message)


def read_cells(
    source: Source,
    *,
    sheet: str | None = None,
    encoding: str = "auto",
    separator: str = "auto",
    headings_for: Callable[[list[str]], tuple[str, ...]] = no_headings,
) -> Raw:
    """Cells of a csv, tsv, xlsx or parquet file, or of a frame.

    `headings_for` gives a file without headings its own, by the cells of its first line.

    Raises
    ------
    DataError
        The file is missing, empty, broken, or of a kind that is not read.
    """
    name = source_name(source)
    if isinstance(source, pd.DataFrame):
        return frame_cells(source, name, first_line=1)
    if encoding in ("auto", "utf-8"):
        raw = _plain(source, name, separator, headings_for)
        if raw is not None:
            return raw
    data = read_bytes(source)
    refuse_foreign(data, name)
    if data.startswith(b"PK\x03\x04"):
        return read_workbook(data, name, sheet=sheet, headings_for=headings_for)
    if data.startswith(b"PAR1"):
        return frame_cells(_parquet(data, name), name, first_line=1)
    return read_text(data, name, encoding=encoding, separator=separator, headings_for=headings_for)


def _plain(
    source: str | Path | IO[bytes],
    name: str,
    separator: str,
    headings_for: Callable[[list[str]], tuple[str, ...]],
) -> Raw | None:
    """Cells of a large plain text; None for any other, and for a file that cannot be opened."""
    with ExitStack() as opened:
        if isinstance(source, str | Path):
            if not Path(source).is_file():
                return None
            try:
                file: IO[bytes] = opened.enter_context(Path(source).open("rb"))
            except OSError:
                return None
        else:
            file = source
        if not file.seekable() or file.tell():
            return None
        raw = read_plain(file, name, separator=separator, headings_for=headings_for)
        file.seek(0)
    return raw


def frame_cells(frame: pd.DataFrame, name: str, *, first_line: int) -> Raw:
    """Cells of a frame; its rows count from `first_line`."""
    names = tuple(str(c).strip() for c in frame.columns)
    cells = tuple(Cells.of(frame.iloc[:, i]) for i in range(len(names)))
    lines = np.arange(len(frame)) + first_line
    return Raw(name, names, cells, lines, no_ragged()).without_empty_rows()


def _parquet(data: bytes, name: str) -> pd.DataFrame:
    import pyarrow as pa

    try:
        return pd.read_parquet(io.BytesIO(data))
    except (pa.ArrowException, OSError) as error:
        message = f"{name}: the parquet file is broken. Write it again."
        raise DataError(message) from error
