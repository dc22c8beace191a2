"""One connection to the database: how it is opened, and what its errors say to a planner."""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import date
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import NullPool

from wfm.core.errors import DataError, WfmError
from wfm.core.foreign import reason
from wfm.store.author import author_or_user
from wfm.store.backup import daily, last_backup
from wfm.store.errors import ChangedMeanwhile, DamagedError
from wfm.store.models import Project, today
from wfm.store.place import beside

BUSY_S = 5

DAMAGE = (
    "malformed",
    "could not decode to utf-8",
    "unsupported file format",
    "no such column",
    "no such table",
    "foreign key mismatch",
)

# What a driver says (in lower case), and what the planner reads.
SENTENCES = (
    ("disk is full", "the disk is full; nothing was saved. Free some space and save again."),
    ("no space left", "the disk is full; nothing was saved. Free some space and save again."),
    (
        "disk i/o error",
        "the disk could not be read or written; nothing was saved. "
        "Check that it has free space and works.",
    ),
    (
        "is locked",
        "another program is writing to it; nothing was saved. Wait a moment and try again.",
    ),
    (
        "not a database",
        "this is not a wfm database. Name another file with WFM_DATABASE, or restore a backup.",
    ),
    (
        "readonly",
        "it cannot be written. Check the permissions of the file and its folder, "
        "or name another file with WFM_DATABASE.",
    ),
    (
        "unable to open",
        "it cannot be opened. Check the folder and its permissions, "
        "or name another file with WFM_DATABASE.",
    ),
    (
        "connection failed",
        "the server does not answer. Check that it runs and that the URL is right.",
    ),
    (
        "connection refused",
        "the server does not answer. Check that it runs and that the URL is right.",
    ),
)


def url_of(url_or_path: str | Path) -> URL:
    """SQLAlchemy URL of a database file or URL.

    >>> url_of("plans/mine.db").database
    'plans/mine.db'
    >>> url_of("postgresql://planner@server/wfm").drivername
    'postgresql+psycopg'
    """
    if isinstance(url_or_path, Path) or "://" not in url_or_path:
        return URL.create("sqlite", database=str(url_or_path))
    try:
        url = make_url(url_or_path)
    except ArgumentError as error:
        message = "database: the URL cannot be read. Write postgresql://user@server/name or a path."
        raise DataError(message) from error
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def connect(url: URL, *, read_only: bool = False) -> Engine:
    """Engine with the settings of each kind of database; nothing is opened yet."""
    if url.get_backend_name() != "sqlite":
        try:
            return create_engine(url, pool_pre_ping=True)
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            message = (
                f"database {url}: this machine has no driver for it. "
                "Install the extra postgres: pip install 'wfm[postgres]'."
            )
            raise DataError(message) from error
    if read_only:
        file = f"{Path(url.database or '').absolute().as_uri()}?mode=ro"
        return create_engine(
            url, poolclass=NullPool, creator=lambda: sqlite3.connect(file, uri=True)
        )
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    connection.isolation_level = None  # the driver starts no transaction of its own
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """Writers queue at the start: one that reads first and writes later would fail instead."""
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _from_a_row(error: Exception) -> bool:
    """Whether a value of a row could not be read: a text that is no JSON, no stamp, no UTF-8.

    What goes in is checked before it is sent, so such a value has changed since.
    """
    *_, (frame, _line) = traceback.walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__", "")).startswith(("sqlalchemy.", "json."))


class Database:
    """Transactions on one database, with errors in words."""

    def __init__(self, engine: Engine, *, read_only: bool = False) -> None:
        self._engine = engine
        self._day: date | None = None
        self.read_only = read_only
        self.backup_problem = ""
        self.author: str | None = None

    def by(self, author: str | None) -> Self:
        """The same database for one person: changes that name nobody else are hers in the log."""
        mine = copy(self)
        mine.author = author
        return mine

    @property
    def who(self) -> str:
        """Whose name changes get that name nobody."""
        return author_or_user(self.author)

    @property
    def url(self) -> str:
        """Where the database is, as `open_store` takes it (with its password, if it has one)."""
        return self._engine.url.render_as_string(hide_password=False)

    @property
    def place(self) -> str:
        """Where the database is, to be shown: the file, or the URL without its password."""
        url = self._engine.url
        file = url.database if url.get_backend_name() == "sqlite" else None
        return file or url.render_as_string()

    @property
    def file(self) -> Path:
        """The database file; for a server, a name in the user's data folder.

        The folders `backups` and `logs` lie beside it.
        """
        return beside(self._engine.url)

    def close(self) -> None:
        """Close idle connections to a server; a SQLite file is closed after each transaction."""
        self._engine.dispose()

    @contextmanager
    def transaction(self, *, write: bool = False, what: str = "project") -> Iterator[Session]:
        """All or nothing: commit at the end, roll back on any error.

        Parameters
        ----------
        write
            Whether it will write.
        what
            What a message calls the row that someone else has changed.

        Raises
        ------
        WfmError
            Disk full, locked, damaged, not a database, no server, or a row changed meanwhile.
        """
        if write:
            self._before_writing()
        engine = self._engine.execution_options(write=write)
        with (
            self.errors_in_words(what),
            Session(engine, expire_on_commit=False, info={"author": self.author}) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def errors_in_words(self, what: str = "project") -> Iterator[None]:
        """Turn what drivers raise into errors that a planner reads."""
        try:
            yield
        except StaleDataError as error:
            raise ChangedMeanwhile(what) from error
        except DBAPIError as error:
            raise self._in_words(error) from error
        except (ValueError, TypeError) as error:
            if self._engine.dialect.name == "sqlite" and _from_a_row(error):
                raise self._damaged() from error
            raise

    def _before_writing(self) -> None:
        """Refuse where nothing may be written; make the first backup of a new day."""
        if self.read_only:
            message = (
                f"database {self.place}: it was opened to read only; nothing was saved. "
                "Restore a backup, or name another file with WFM_DATABASE."
            )
            raise WfmError(message)
        if self._day is not None and self._day != today():
            self.back_up_daily()

    def back_up_daily(self, *, now: bool = True) -> None:
        """Keep a copy of the database file, one a day and the last seven of them.

        `now` False begins with the next day: a file that is new holds nothing yet.

        A copy that fails does not keep anyone from working: `backup_problem` says why it failed.
        Databases on a server are their administrator's to back up.
        """
        self._day = today()
        if not now or self._engine.dialect.name != "sqlite" or not self.file.exists():
            return
        try:
            daily(self.file)
            self.backup_problem = ""
        except (OSError, sqlite3.Error) as error:
            self.backup_problem = (
                f"database {self.place}: today's backup could not be written ({reason(error)}). "
                "Free some space in its folder 'backups'."
            )

    def _damage(self, text: str) -> bool:
        return any(sign in text.lower() for sign in DAMAGE)

    def _damaged(self) -> DamagedError:
        return DamagedError(self.file, last_backup(self.file))

    def _in_words(self, error: DBAPIError) -> Exception:
        """The sentence for a driver's error, or the error itself when it is not known."""
        text = str(error.orig).lower()
        local = self._engine.dialect.name == "sqlite"
        if local and (self._damage(text) or ("not a database" in text and last_backup(self.file))):
            return self._damaged()
        for sign, sentence in SENTENCES:
            if sign in text:
                return WfmError(f"database {self.place}: {sentence}")
        return error

    def _project(self, session: Session, project: int | str, *, lock: bool = False) -> Project:
        """The row of a project by id or name; `lock` makes other writers of it wait."""
        by = Project.id == project if isinstance(project, int) else Project.name == project
        query = select(Project).where(by)
        row = session.scalar(query.with_for_update() if lock else query)
        if row is None:
            message = f"project {project!r} does not exist. Choose one from the list or create it."
            raise DataError(message)
        return row
