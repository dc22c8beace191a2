"""Files that a page hands to a worker: kept beside the database until they are read."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path
from uuid import uuid4

from wfm import io
from wfm.store import Store

FOLDER = "uploads"
KEPT_S = 24 * 3600.0


def keep_upload(store: Store, data: bytes, name: str) -> Path:
    """Write an upload where its worker finds it, under its own name; what a crash left goes.

    Raises
    ------
    DataError
        The disk is full or may not be written to.

    Examples
    --------
    >>> import tempfile
    >>> from wfm.store import open_store
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = open_store(Path(folder) / "plans.db")
    ...     file = keep_upload(store, b"start,offered", "../calls.csv")
    ...     file.name, file.read_bytes(), drop_upload(store, file), file.exists()
    ('calls.csv', b'start,offered', None, False)
    """
    folder = _folder(store)
    for old in folder.glob("*"):
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > KEPT_S:
                shutil.rmtree(old, ignore_errors=True)
    place = folder / uuid4().hex
    with io.sentences(place):
        place.mkdir(parents=True)
    return io.write_bytes(place / (Path(name).name or "upload"), data)


def drop_upload(store: Store, file: Path) -> None:
    """Remove a file that `keep_upload` wrote; any other file stays."""
    if file.parent.parent == _folder(store):
        shutil.rmtree(file.parent, ignore_errors=True)


def _folder(store: Store) -> Path:
    return store.file.parent.absolute() / FOLDER
