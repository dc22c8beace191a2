"""Backups: one SQLite file each, in the folder `backups` beside the database.

A backup is made with SQLite's own means while others go on writing, checked, and only then given
its name: a file of that name is whole. Names tell the hour (UTC) and why it was made.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from wfm.core.errors import DataError
from wfm.store.errors import DamagedError
from wfm.store.models import now

KEPT = 7
FOLDER = "backups"
DAY, MOMENT = "%Y-%m-%d", "%Y%m%dT%H%M%S%f"
SIDES = ("-wal", "-shm", "-journal")


def backups(place: Path) -> list[Path]:
    """The backups of a database file, the newest first.

    >>> backups(Path("nowhere/plans.db"))
    []
    """
    stem = re.escape(place.stem)
    named = re.compile(rf"{stem}-(\d{{4}}-\d\d-\d\d|\d{{8}}T\d+(-before-\w+)?)\.db")
    found = [file for file in (place.parent / FOLDER).glob("*.db") if named.fullmatch(file.name)]
    return sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)


def last_backup(place: Path) -> Path | None:
    """The newest backup of a database file that is sound, None when there is none."""
    return next((file for file in backups(place) if is_sound(file)), None)


def is_sound(file: Path) -> bool:
    """Whether a file is a whole SQLite database."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            return bool(opened.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError as error:
        # A file that is busy or cannot be opened is not damaged for that.
        return "locked" in str(error) or "unable to open" in str(error)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False


def new_name(place: Path, why: str = "") -> Path:
    """Where a backup made now goes, by the moment and the reason for it."""
    name = f"{place.stem}-{now():{MOMENT}}{'-' if why else ''}{why}.db"
    return place.parent / FOLDER / name


def copy_file(place: Path, target: Path) -> Path:
    """Copy a database file as it is at this moment, with what others have committed.

    Raises
    ------
    DamagedError
        If the file is damaged: such a copy is not kept.
    OSError, sqlite3.Error
        If the copy cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{uuid4().hex[:8]}.part")
    try:
        here = f"{place.absolute().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(here, uri=True)) as source,
            closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # a file of its own, no log beside it
        if not is_sound(part):
            raise DamagedError(place, last_backup(place))
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        return part.replace(target)
    finally:
        for file in (part, *(Path(f"{part}{side}") for side in SIDES)):
            file.unlink(missing_ok=True)


def daily(place: Path) -> Path | None:
    """Make today's backup unless it is there, and keep the last `KEPT` of its kind.

    Returns
    -------
    Path or None
        The backup, None when today's was there.
    """
    target = place.parent / FOLDER / f"{place.stem}-{now():{DAY}}.db"
    if target.exists():
        return None
    copy_file(place, target)
    days = re.compile(rf"{re.escape(place.stem)}-\d{{4}}-\d\d-\d\d\.db")
    kept = sorted(file for file in target.parent.glob("*.db") if days.fullmatch(file.name))
    for old in kept[:-KEPT]:
        old.unlink(missing_ok=True)
    return target


def restore_backup(backup: Path | str, place: Path | str) -> Path | None:
    """Put a backup in the place of a database file; the file that was there is set aside.

    Parameters
    ----------
    backup
        One of `backups(place)`, for example `DamagedError.backup`.
    place
        The database file. Close other programs that use it first.

    Returns
    -------
    Path or None
        Where the file that was there lies now, None when there was none.

    Raises
    ------
    DataError
        If the backup is missing or damaged; nothing is changed then.
    """
    backup, place = Path(backup), Path(place)
    if not backup.is_file() or not is_sound(backup):
        message = f"backup {backup}: missing or damaged; nothing was changed. Choose another one."
        raise DataError(message)
    part = place.with_name(f"{place.name}.{uuid4().hex[:8]}.part")
    shutil.copyfile(backup, part)
    aside = place.with_name(f"{place.name}.damaged-{now():{MOMENT}}") if place.exists() else None
    for side in ("", *SIDES):
        file = Path(f"{place}{side}")
        if file.exists():
            file.replace(f"{aside or place}{side}")
    part.replace(place)
    return aside
