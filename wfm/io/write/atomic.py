"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from wfm.core.errors import DataError
from wfm.core.foreign import reason


@contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Turn what the system refuses while a file is saved into one sentence.

    Raises
    ------
    DataError
        The disk is full, the folder is missing or may not be written to.
    """
    try:
        yield
    except OSError as error:
        why = {
            errno.ENOSPC: "the disk is full. Free some space",
            errno.EDQUOT: "your share of the disk is full. Free some space",
            errno.EACCES: "it may not be written to. Close it elsewhere or choose another folder",
            errno.EPERM: "it may not be written to. Close it elsewhere or choose another folder",
            errno.EROFS: "the disk is read-only. Choose another folder",
            errno.ENOENT: "its folder does not exist. Make the folder",
            errno.EISDIR: "it is a folder. Choose a file name",
            errno.ENAMETOOLONG: "its name is too long. Choose a shorter one",
        }.get(error.errno or 0, f"{reason(error)}. Choose another place")
        message = f"{path} was not saved: {why} and save again. What was there before is unchanged."
        raise DataError(message) from error


def write_bytes(path: str | Path, data: bytes) -> Path:
    """Write a file beside its place, then put it there in one step.

    Parameters
    ----------
    path
        Where it goes; a file of that name is replaced only once the new one is complete.
    data
        Its content.

    Returns
    -------
    pathlib.Path
        Where it is.

    Raises
    ------
    DataError
        It cannot be saved, for example because the disk is full; the old file is unchanged.
    """
    target = Path(path)
    with sentences(target):
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(_mode(target))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return target


def _mode(target: Path) -> int:
    """Rights of the file that is replaced, or the usual ones for a new file."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def write_folder(folder: str | Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write several files into a folder: none of them is put there before all are complete.

    Raises
    ------
    DataError
        They cannot be saved; the folder is as it was.
    """
    target = Path(folder)
    with sentences(target):
        target.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".", suffix=".part", dir=target))
        try:
            for name, data in files.items():
                with (stage / name).open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            return [(stage / name).replace(target / name) for name in files]
        finally:
            shutil.rmtree(stage, ignore_errors=True)
