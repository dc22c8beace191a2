"""Bring the tables of a database to this program's state, with a backup before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from wfm.core.errors import WfmError
from wfm.core.foreign import reason
from wfm.store.backup import copy_file, is_sound, new_name
from wfm.store.copies import server_to_file
from wfm.store.place import beside
from wfm.store.revisions import apply, revision_of, script_directory

ONE_AT_A_TIME = 7_238_914  # any number, as long as every wfm takes the same


def upgrade(engine: Engine, place: str, revision: str = "head") -> Path | None:
    """Apply the revisions that a database lacks, all or none.

    A database that holds something is copied into the folder `backups` first: beside the file, or
    in the user's data folder for one on a server. When an upgrade fails, what was there stays; a
    file that is not as it was is put back from that copy.

    Parameters
    ----------
    engine
        Of the database; one that holds nothing yet gets every table.
    place
        What messages call it.
    revision
        Where to stop.

    Returns
    -------
    Path or None
        The backup, None when there was nothing to upgrade or nothing to lose.

    Raises
    ------
    WfmError
        If a newer program made it, if it belongs to another program, or if the backup or the
        upgrade fails.
    """
    with engine.connect() as connection:
        if _lacking(connection, place) == 0:
            return None
    backup = None
    try:
        with engine.execution_options(write=True).begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
            if _lacking(connection, place) == 0:  # another process was quicker
                return None
            before = revision_of(connection)
            if before:
                backup = _back_up(engine, place, f"before-{_next(before)}")
            apply(connection, revision)
    except BaseException as error:
        if backup is None:
            raise
        told = _put_back(engine, backup)
        kind = type(error).__name__
        message = (
            f"database {place}: it could not be brought up to date ({kind}); {told} "
            f"A backup is {backup}. Use the wfm that made it, and report this."
        )
        if isinstance(error, DBAPIError):
            raise WfmError(message) from error
        error.add_note(message)
        raise
    return backup


def _back_up(engine: Engine, place: str, why: str) -> Path:
    target = new_name(beside(engine.url), why)
    try:
        if engine.dialect.name == "sqlite":
            return copy_file(beside(engine.url), target)
        return server_to_file(engine, target)
    except (OSError, sqlite3.Error) as error:
        message = (
            f"database {place}: the backup {target} before its upgrade could not be written "
            f"({reason(error)}); nothing was changed. Free some space and open it again."
        )
        raise WfmError(message) from error


def _put_back(engine: Engine, backup: Path) -> str:
    """Make sure that a failed upgrade left what was there; says what was done."""
    if engine.dialect.name != "sqlite":
        return "nothing was changed."
    file = beside(engine.url)
    if is_sound(file) and _shape(file) == _shape(backup):
        return "nothing was changed."
    with closing(sqlite3.connect(backup)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)
    return "it was put back from the backup."


def _shape(file: Path) -> list[tuple[str, ...]]:
    """Tables, columns, indices and revision of a file."""
    with closing(sqlite3.connect(file)) as opened:
        rows = opened.execute("SELECT name, coalesce(sql, '') FROM sqlite_master ORDER BY name")
        return [*rows, *opened.execute("SELECT version_num FROM alembic_version")]


def _next(revision: str) -> str:
    """The revision that comes after one."""
    scripts = script_directory()[1]
    later = [script for script in scripts.walk_revisions() if script.down_revision == revision]
    return later[0].revision if later else revision


def _lacking(connection: Connection, place: str) -> int:
    """How many revisions the database lacks."""
    scripts = script_directory()[1]
    found = set(filter(None, revision_of(connection).split(",")))
    known = {script.revision for script in scripts.walk_revisions()}
    if found - known:
        message = (
            f"database {place}: a newer wfm made it (revision {min(found - known)}). "
            "Update wfm, or name another file with WFM_DATABASE."
        )
        raise WfmError(message)
    if not found and set(inspect(connection).get_table_names()) - {"alembic_version"}:
        message = (
            f"database {place}: it holds tables of another program. "
            "Name another file with WFM_DATABASE."
        )
        raise WfmError(message)
    done = {s.revision for head in found for s in scripts.iterate_revisions(head, "base")}
    return len(known - done)
