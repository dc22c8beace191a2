"""Files to hand out, made when they are asked for."""

from __future__ import annotations

import io as streams
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from wfm import io


def bytes_of(write: Callable[[Path], object], name: str) -> bytes:
    """What a writer puts into a file of this name.

    >>> bytes_of(lambda path: path.write_text("a"), "x.txt")
    b'a'
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


def zip_of(write: Callable[[Path], object], name: str) -> bytes:
    """A zip of everything a writer puts into a folder of this name."""
    buffer = streams.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / name
        root.mkdir()
        write(root)
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(root.rglob("*")):
                if file.is_file():
                    archive.write(file, f"{name}/{file.relative_to(root).as_posix()}")
    return buffer.getvalue()


def table_bytes(frame: pd.DataFrame, name: str) -> bytes:
    """A table as csv, xlsx or parquet, by the ending of its name."""
    return bytes_of(lambda path: io.write_table(frame, path), name)
