"""Copy all rows from one database into another of the same revision, whatever their kinds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, inspect, select, text
from sqlalchemy.pool import NullPool

from wfm.core.errors import DataError
from wfm.store.backup import is_sound
from wfm.store.revisions import apply, revision_of

ROWS = 50


def server_to_file(engine: Engine, target: Path) -> Path:
    """Copy a database on a server into a SQLite file, as it is at one moment.

    The file is a wfm database of its own: it can be opened, or brought back by `file_to_server`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{uuid4().hex[:8]}.part")
    file = create_engine(URL.create("sqlite", database=str(part)), poolclass=NullPool)
    try:
        steady = engine.execution_options(isolation_level="REPEATABLE READ")
        with steady.connect() as source, file.begin() as copy:
            apply(copy, revision_of(source))
            copy_rows(source, copy)
        return part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def file_to_server(backup: Path, engine: Engine) -> None:
    """Fill an empty database on a server from a backup, all or nothing.

    Raises
    ------
    DataError
        If the backup is missing or damaged, or if the database holds tables already.
    """
    if not backup.is_file() or not is_sound(backup):
        message = f"backup {backup}: missing or damaged; nothing was changed. Choose another one."
        raise DataError(message)
    file = create_engine(URL.create("sqlite", database=str(backup)), poolclass=NullPool)
    with file.connect() as source, engine.begin() as copy:
        if inspect(copy).get_table_names():
            message = (
                f"database {engine.url.render_as_string()}: it is not empty; nothing was changed. "
                "Make an empty database and restore into that."
            )
            raise DataError(message)
        apply(copy, revision_of(source))
        copy_rows(source, copy)


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy the rows of every table, those that others point at first."""
    tables, copies = MetaData(), MetaData()
    tables.reflect(source)
    copies.reflect(target)
    for table in tables.sorted_tables:
        copy = copies.tables[table.name]
        if table.name == "alembic_version":
            continue
        query = select(table).order_by(*table.primary_key.columns)
        result = source.execution_options(yield_per=ROWS).execute(query)
        for rows in result.mappings().partitions():
            target.execute(copy.insert(), [_utc(dict(row)) for row in rows])
        if target.dialect.name == "postgresql" and "id" in table.columns:
            highest = f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name})"
            counter = f"pg_get_serial_sequence('{table.name}', 'id')"
            target.execute(text(f"SELECT setval({counter}, {highest}, false)"))


def _utc(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its stamps in UTC: SQLite forgets their zone, a server would take its own."""
    return {
        name: _stamp(value) if isinstance(value, datetime) else value for name, value in row.items()
    }


def _stamp(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
