"""The store: one object for everything that is saved, and how it is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import URL

from wfm.core.errors import WfmError
from wfm.core.foreign import reason
from wfm.store.backup import backups, copy_file, is_sound, last_backup, new_name
from wfm.store.copies import server_to_file
from wfm.store.database import connect, url_of
from wfm.store.errors import DamagedError
from wfm.store.jobs import Jobs
from wfm.store.kept import Facts
from wfm.store.migrate import upgrade
from wfm.store.place import default_url
from wfm.store.revisions import revision_of, script_directory
from wfm.store.undo import Undo
from wfm.store.versions import Versions

SQLITE = b"SQLite format 3\x00"


class Store(Undo, Versions, Jobs, Facts):
    """Projects, tables, versions, change log, backups and jobs of one database.

    Each method is one transaction, so one store may serve many threads. Get one from `open_store`.
    """

    def backup(self, target: str | Path | None = None) -> Path:
        """Copy the whole database as it is at this moment into one SQLite file.

        Parameters
        ----------
        target
            Where to; None takes the folder `backups` and the hour.

        Returns
        -------
        Path
            The copy: `open_store` opens it, `restore_backup` brings it back; into a server,
            `wfm.store.copies.file_to_server`.

        Raises
        ------
        DamagedError
            If the database is damaged; the copy is not kept then.
        WfmError
            If the copy cannot be written.
        """
        file = new_name(self.file) if target is None else Path(target)
        try:
            with self.errors_in_words():
                if self._engine.dialect.name == "sqlite":
                    return copy_file(self.file, file)
                return server_to_file(self._engine, file)
        except (OSError, sqlite3.Error) as error:
            message = (
                f"backup {file}: it could not be written ({reason(error)}). Choose another place."
            )
            raise WfmError(message) from error

    def backups(self) -> list[Path]:
        """The backups of this database in its folder `backups`, the newest first."""
        return backups(self.file)


def open_store(url_or_path: str | Path | None = None, *, read_only: bool = False) -> Store:
    """Open the database, make it if it is new, and bring its tables up to date.

    A file is checked whole, and copied into the folder `backups` beside it at its first opening of
    the day; a copy is also made before its tables are changed.

    Parameters
    ----------
    url_or_path
        A file for SQLite, or a URL such as ``postgresql://user@server/wfm``. None takes
        `default_url`.
    read_only
        Open it as it is, damaged or not, and write nothing.

    Returns
    -------
    Store
        Ready to use.

    Raises
    ------
    DamagedError
        If the file is damaged; it carries the last sound backup, for `restore_backup`.
    WfmError
        If it cannot be opened, is not a wfm database, or was made by a newer program.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = open_store(Path(folder) / "plans.db")
    ...     project = store.create_project("Istanbul", {"interval": "30min"})
    ...     store.settings("Istanbul")
    {'interval': '30min'}
    """
    url = url_of(default_url() if url_or_path is None else url_or_path)
    store = Store(connect(url, read_only=read_only), read_only=read_only)
    if url.get_backend_name() == "sqlite" and url.database and not read_only:
        _prepare(url)
    known = store.file.is_file()
    try:
        if read_only:
            _same_revision(store)
            return store
        with store.errors_in_words():
            upgrade(store._engine, store.place)
    except BaseException:
        store.close()
        raise
    store.back_up_daily(now=known)
    return store


def _same_revision(store: Store) -> None:
    """Refuse to read a database whose tables this program does not know."""
    with store.errors_in_words(), store._engine.connect() as connection:
        found = revision_of(connection)
    known = script_directory()[1].get_current_head()
    if found != known:
        message = (
            f"database {store.place}: its tables are of revision {found or 'none'}, this wfm reads "
            f"{known}. Open it to write once, which brings it up to date, or with the wfm that "
            "made it."
        )
        raise WfmError(message)


def _prepare(url: URL) -> None:
    """Make the folder of a file; refuse one that is damaged."""
    file = Path(url.database or "").absolute()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = (
            f"database {url.database}: the folder {file.parent} cannot be made "
            f"({reason(error)}). Name another file with WFM_DATABASE."
        )
        raise WfmError(message) from error
    if not file.is_file() or file.stat().st_size == 0 or is_sound(file):
        return
    backup = last_backup(file)
    with file.open("rb") as opened:
        ours = opened.read(len(SQLITE)) == SQLITE
    if ours or backup is not None:
        raise DamagedError(file, backup)
